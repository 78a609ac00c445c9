package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inBase gives a damage of one file of the base: what becomes of its text.
func inBase(name, file string, change func(t *testing.T, dir, body string) string, says ...string) damage {
	return damage{name: name, says: says, do: func(t *testing.T, dir string) {
		at := filepath.Join(dir, ".fieldlab", file)
		writeFile(t, at, change(t, dir, readFile(t, at)))
	}}
}

// plain is a damage that looks at the text only.
func plain(change func(body string) string) func(*testing.T, string, string) string {
	return func(_ *testing.T, _, body string) string { return change(body) }
}

// inManifest changes the manifest as data.
func inManifest(name string, change func(m map[string]any), says ...string) damage {
	return inBase(name, "manifest.json", func(t *testing.T, _, body string) string {
		var manifest map[string]any
		if err := json.Unmarshal([]byte(body), &manifest); err != nil {
			t.Fatal(err)
		}
		change(manifest)
		changed, err := json.Marshal(manifest)
		if err != nil {
			t.Fatal(err)
		}
		return string(changed)
	}, says...)
}

// row is the first file of a manifest.
func row(m map[string]any) map[string]any { return m["files"].([]any)[0].(map[string]any) }

func firstLine(body string) string { return body[:strings.IndexByte(body, '\n')+1] }

func damagedBases() []damage {
	all := []damage{
		inBase("a manifest that is no JSON", "manifest.json", plain(func(string) string { return "{\"version\":" }), "manifest.json"),
		inBase("an empty manifest", "manifest.json", plain(func(string) string { return "" }), "manifest.json"),
		inBase("a manifest of binary", "manifest.json", plain(func(string) string { return "\x00\xff\x1f\x8b" }), "manifest.json"),
		inBase("a manifest in the middle of a merge", "manifest.json", plain(func(b string) string { return "<<<<<<< HEAD\n" + b + "=======\n>>>>>>> x\n" }), "manifest.json"),
		inBase("a manifest of nesting", "manifest.json", plain(func(string) string { return strings.Repeat("[", 1<<20) }), "manifest.json"),
		inManifest("a manifest of a later fieldlab", func(m map[string]any) { m["version"] = 99 }, "nieuwer|later"),
		inManifest("a manifest of long ago", func(m map[string]any) { m["version"] = 1 }, "overzetten|hand"),
		inManifest("a version that is no number", func(m map[string]any) { m["version"] = "drie" }, "manifest.json"),
		inManifest("a manifest of another component", func(m map[string]any) { m["module"] = "git.elders.test/ander" }, "ander"),
		inManifest("a sum that is no sum", func(m map[string]any) { row(m)["sha256"] = "ja" }, "manifest.json"),
		inManifest("an owner that is nobody", func(m map[string]any) { row(m)["owner"] = "iedereen" }, "manifest.json"),
		inManifest("taken over out of kern", func(m map[string]any) { m["taken"] = []string{"../../elders"} }, "manifest.json"),
		inManifest("a file twice", func(m map[string]any) { m["files"] = append(m["files"].([]any), row(m)) }, "manifest.json"),
	}
	for _, path := range []string{"../outside/klim", "/etc/passwd", "a/../../outside/klim", ".git/config", ".GIT/hooks/pre-commit", "C:\\x", "a\x00b", ".fieldlab/basis", "CON", "", "docs/../.git/x"} {
		all = append(all, inManifest("a path that climbs: "+path, func(m map[string]any) { row(m)["path"] = path }, "manifest.json"))
	}
	for _, file := range []string{"basis", "kern"} {
		all = append(all,
			inBase(file+" cut short", file, plain(func(b string) string { return b[:len(b)*2/3] }), ".fieldlab/"+file),
			inBase(file+" that is empty", file, plain(func(string) string { return "" }), ".fieldlab/"+file),
			inBase(file+" with a bit turned", file, plain(func(b string) string { return b[:len(b)/2] + string(b[len(b)/2]^4) + b[len(b)/2+1:] }), ".fieldlab/"+file),
			inBase(file+" with something behind it", file, plain(func(b string) string { return b + "meer" }), ".fieldlab/"+file),
			inBase(file+" of a later fieldlab", file, plain(func(b string) string {
				line := firstLine(b)
				return line[:strings.LastIndexByte(line, ' ')] + " 99\n" + b[len(line):]
			}), "nieuwer|later"),
			inBase(file+" that explodes", file, func(t *testing.T, _, b string) string { return bomb(t, firstLine(b)) }, ".fieldlab/"+file),
			inBase(file+" of another component", file, func(t *testing.T, _, _ string) string {
				return readFile(t, filepath.Join(components["adresonderzoek"], ".fieldlab", file))
			}, ".fieldlab/"+file),
			damage{name: file + " that is not there", says: []string{".fieldlab|Git"}, do: func(t *testing.T, dir string) {
				if err := os.Remove(filepath.Join(dir, ".fieldlab", file)); err != nil {
					t.Fatal(err)
				}
			}},
			damage{name: file + " that is a link", says: []string{".fieldlab/" + file}, do: func(t *testing.T, dir string) {
				at := filepath.Join(dir, ".fieldlab", file)
				writeFile(t, filepath.Join(dir, "..", "outside", file), readFile(t, at))
				link(t, "../../outside/"+file, at)
			}},
			damage{name: file + " that is a folder", says: []string{".fieldlab/" + file}, do: func(t *testing.T, dir string) {
				at := filepath.Join(dir, ".fieldlab", file)
				if err := os.Remove(at); err != nil {
					t.Fatal(err)
				}
				writeFile(t, filepath.Join(at, "x"), "x")
			}},
		)
	}
	return all
}

// hostilePlaces are links and folders where fieldlab reads and writes.
func hostilePlaces() []damage {
	moved := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			outside := filepath.Join(dir, "..", "outside", filepath.Base(name))
			if err := os.Rename(filepath.Join(dir, name), outside); err != nil {
				t.Fatal(err)
			}
			link(t, outside, filepath.Join(dir, name))
		}
	}
	return []damage{
		{name: "no .fieldlab", says: []string{"explain overzetten|Git|manifest.json"}, do: func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, ".fieldlab")); err != nil {
				t.Fatal(err)
			}
		}},
		{name: ".fieldlab that is a link", says: []string{".fieldlab"}, do: moved(".fieldlab")},
		{name: "fieldlab.yaml that is a link", says: []string{"fieldlab.yaml"}, do: moved("fieldlab.yaml")},
		{name: "a folder that is no component", says: []string{"fieldlab.yaml|component"}, do: func(t *testing.T, dir string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(dir, "README.md"), "# Iets anders\n")
		}},
	}
}

// hostileJournals are updates that nobody began: what a stranger would like the
// next command to finish, or to undo.
func hostileJournals() []damage {
	const sound = `{"version":1,"wait":%t,"back":false,"ops":[{"path":%q,"staged":%q,"new":%q}]}`
	var all []damage
	journal := func(name, folder, path, staged string, says string, more ...string) {
		all = append(all, damage{name: name + " in " + folder, says: []string{says}, do: func(t *testing.T, dir string) {
			at := filepath.Join(dir, ".fieldlab", folder)
			sum := sha256.Sum256([]byte("klim"))
			body := fmt.Sprintf(sound, folder == "terug", path, staged, hex.EncodeToString(sum[:]))
			body = strings.NewReplacer(more...).Replace(body)
			sum = sha256.Sum256([]byte(body))
			writeFile(t, filepath.Join(at, "journaal"), hex.EncodeToString(sum[:])+"\n"+body+"\n")
			writeFile(t, filepath.Join(at, "nieuw", "000000"), "klim")
			writeFile(t, filepath.Join(at, "oud", "000000"), "klim")
		}, only: []string{"update", "update --check", "update --abort", "update --continue", "add field verhuizing telefoon --type phone", "kern take outway"}})
	}
	for _, folder := range []string{"werk", "terug"} {
		for _, path := range []string{"../outside/klim", "/tmp/klim", ".git/hooks/pre-commit", ".GIT/config", "a/../../klim", ""} {
			journal("a journal to "+path, folder, path, "nieuw/000000", "journaal")
		}
		journal("a journal from elsewhere", folder, "main.go", "../../../outside/x", "journaal")
		journal("a journal of a later fieldlab", folder, "main.go", "nieuw/000000", "nieuwer|later|journaal", `"version":1`, `"version":9`)
		all = append(all, damage{name: "a torn journal in " + folder, says: []string{"journaal"}, do: func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, ".fieldlab", folder, "journaal"), strings.Repeat("0", 64)+"\n{\"version\":1,\"ops\":[")
		}}, damage{name: folder + " that is a link", says: []string{".fieldlab/" + folder + "|.fieldlab"}, do: func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, "..", "outside", "van-een-ander"), "blijft")
			link(t, "../../outside", filepath.Join(dir, ".fieldlab", folder))
		}})
	}
	return all
}

// brokenAnswers are answers in the middle of an edit: all mistakes are named, with
// their lines.
func brokenAnswers() []damage {
	inAnswers := func(name string, change func(body string) string, says ...string) damage {
		return damage{name: name, code: 2, says: says, do: func(t *testing.T, dir string) {
			at := filepath.Join(dir, "fieldlab.yaml")
			writeFile(t, at, change(readFile(t, at)))
		}}
	}
	replaced := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	return []damage{
		inAnswers("answers that are cut off", func(b string) string { return b[:strings.Index(b, "retention:")] + "retention: {period: P5Y, so" }, "fieldlab.yaml:|\"line\":"),
		inAnswers("answers that are empty", func(string) string { return "" }, "fieldlab.yaml"),
		inAnswers("answers of binary", func(string) string { return "\x00\x01\x02" }, "fieldlab.yaml"),
		inAnswers("answers in the middle of a merge", func(b string) string { return "<<<<<<< HEAD\n" + b + "=======\n>>>>>>> x\n" }, "fieldlab.yaml:|\"line\":"),
		inAnswers("mistakes of form", replaced("type: date,", "type: datum,", "kind: decide", "kind: besluit", "version: 1", "version: 1\nversie: 2"),
			"datum", "besluit", "versie", "fieldlab.yaml:8|\"line\": 8"),
		inAnswers("mistakes of meaning", replaced("role: burgerzaken", "role: iemand", "activity: aangifte-verhuizing", "activity: iets", "verwerken, aanvullen:", "nergens, aanvullen:"),
			"iemand", "\\\"iets\\\"|\"iets\"", "nergens"),
		inAnswers("aliases that explode", func(b string) string {
			return b + "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
		}, "fieldlab.yaml"),
		{name: "a name that exists", only: []string{"add field verhuizing email --type email", "add entity verhuizing --field naam:text", "add step beoordelen --kind task --after verwerken --role burgerzaken",
			"add role inwoner --audience citizen", "add source bag --activity aangifte-verhuizing", "rename step beoordelen verwerken", "rename field email bsn --of verhuizing"}, code: 2, do: func(*testing.T, string) {}},
		{name: "something that is referred to", only: []string{"remove entity verhuizing", "remove source bag", "remove activity aangifte-verhuizing", "remove role burgerzaken"}, code: 2, do: func(*testing.T, string) {}},
		{name: "something that is not there", only: []string{"remove field nergens --of verhuizing", "rename step nergens ergens", "add field nergens x --type text", "add step x --kind task --after nergens --role burgerzaken", "kern take nergens", "kern take ../x"},
			do: func(*testing.T, string) {}},
		{name: "names of commands", only: []string{"add field verhuizing x --type nergens", "remove kleur rood", "rename step", "kern take"}, code: 2, do: func(*testing.T, string) {}},
	}
}
