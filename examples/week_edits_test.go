package examples_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// handEdit is one thing that a team wrote by hand and that nothing may take away.
type handEdit struct {
	what string // for whoever reads that it is gone
	in   string // where it was made
	kept string // text that stands in one file of the component from then on
	// is, when the text is not enough, says whether the edit is still there.
	is func(dir string) bool
}

// write replaces a file of the component.
func (w *week) write(name string, body []byte) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, body, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *week) read(name string) string {
	w.t.Helper()
	body, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(body)
}

// put writes text before a line of a file that holds a word, or at its end when
// the word is "". It is kept from then on.
func (w *week) put(what, name, word, text string) {
	w.t.Helper()
	old := w.read(name)
	fresh := old + text
	if word != "" {
		at := strings.Index(old, word)
		if at < 0 {
			w.t.Fatalf("%s holds no %q to edit at", name, word)
		}
		at = strings.LastIndexByte(old[:at], '\n') + 1
		fresh = old[:at] + text + old[at:]
	}
	w.write(name, []byte(fresh))
	w.keep(what, name, strings.TrimSpace(text))
}

// change puts one text in the place of another, the first time that it stands there.
func (w *week) change(what, name, old, fresh string) {
	w.t.Helper()
	body := w.read(name)
	if !strings.Contains(body, old) {
		w.t.Fatalf("%s holds no %q to change", name, old)
	}
	w.write(name, []byte(strings.Replace(body, old, fresh, 1)))
	w.keep(what, name, fresh)
}

// own makes a file that is only the team's.
func (w *week) own(what, name, body string) {
	w.t.Helper()
	w.write(name, []byte(body))
	w.keep(what, name, strings.TrimSpace(body))
}

func (w *week) keep(what, name, text string) {
	w.edits = append(w.edits, handEdit{what: what, in: name, kept: text})
}

func (w *week) keepIf(what, name string, is func(dir string) bool) {
	w.edits = append(w.edits, handEdit{what: what, in: name, is: is})
}

// lost names every edit that is not there any more, or that is there twice.
func (w *week) lost(after string) {
	w.t.Helper()
	texts := map[string][]byte{}
	err := filepath.WalkDir(w.dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == ".git" || entry.Name() == ".data" || entry.Name() == ".fieldlab") {
			return skipDir(err)
		}
		if entry.Type().IsRegular() {
			texts[file], err = os.ReadFile(file)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range w.edits {
		if e.is != nil {
			if !e.is(w.dir) {
				w.t.Errorf("after %q: lost what the team did in %s: %s", after, e.in, e.what)
			}
			continue
		}
		found := 0
		for _, body := range texts {
			found += bytes.Count(body, []byte(e.kept))
		}
		if found != 1 {
			w.t.Errorf("after %q: %d times what the team wrote in %s: %s (%q)", after, found, e.in, e.what, e.kept)
		}
	}
	for file, body := range texts {
		if bytes.Contains(body, []byte("\n<<<<<<< ")) || strings.HasSuffix(file, ".nieuw") {
			w.t.Errorf("after %q: %s holds a conflict, or lies beside one", after, file)
		}
	}
}

func skipDir(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// edit does by hand what a team does in a week, in all rooms: a remark and a real
// change in every kind of file.
func (w *week) edit() {
	w.t.Helper()
	w.editData()
	w.editServices()
	w.editProcess()
	w.editPages()
	w.editAround()
	w.editAwkward()
}

func (w *week) editData() {
	w.t.Helper()
	w.put("a function", "1-gegevens/register.go", "", "\n// weekRegister is of the team.\nfunc weekRegister() string { return \"week-register\" }\n\nvar _ = weekRegister\n")
	w.put("a remark", "1-gegevens/register.go", "// New makes", "// Week: the team looked here.\n//\n")
	for _, file := range w.glob("1-gegevens/*.go") {
		if file == "1-gegevens/register.go" {
			continue
		}
		w.put("a remark in the schema", file, "\tMeta: func(row", "\t// Week: who the row belongs to.\n")
		w.put("a function", file, "", "\nvar _ = \"week-rij\"\n")
		break
	}
	for _, folder := range []string{"sqlite", "postgres"} {
		w.own("a migration", "1-gegevens/migraties/"+folder+"/0002_week.sql", "-- Week, "+folder+": a table of the team.\nCREATE TABLE week (id TEXT PRIMARY KEY, naam TEXT);\nINSERT INTO week VALUES ('1', 'week-tabel');\n")
	}
}

func (w *week) editServices() {
	w.t.Helper()
	w.change("a description", "2-diensten/openapi.yaml", "description: Het adres van deze API in productie.", "description: Het adres van deze API in productie, week-diensten.")
	w.put("a remark", "2-diensten/openapi.yaml", "paths:", "# Week: what follows is for everyone.\n")
	w.put("a remark", "2-diensten/routes.go", "// New offers", "// Week: routes.\n//\n")
	w.put("a remark", "3-integratie/fsc.yaml", "afgenomen:", "# Week: asked the network people on monday.\n")
	if answers := w.glob("3-integratie/*.json"); len(answers) > 0 {
		w.change("a text in JSON", answers[0], "\"uitleg\": \"", "\"uitleg\": \"Week-json. ")
	}
	for _, file := range w.glob("3-integratie/*.go") {
		w.put("a remark", file, "	return answer, err\n}", "\t// Week: a place for what the team does with it.\n")
		w.change("a title", file, "Title: \"Huisnummer\"", "Title: \"Huisnummer (week)\"")
		return
	}
}

func (w *week) editProcess() {
	w.t.Helper()
	w.put("a remark", "4-proces/verloop.go", "\t\tActivities: activities", "\t\t// Week: all of them, on purpose.\n")
	w.put("a function", "4-proces/verloop.go", "", "\nvar _ = \"week-verloop\"\n")
	w.put("a remark", "4-proces/rollen.go", "// roles are", "// Week: talked about with the desk.\n//\n")
	w.put("a remark", "4-proces/activiteiten.go", "import", "// Week: read by the privacy officer.\n")
	w.change("a description", "4-proces/openapi.yaml", "description: Wat er te doen is.", "description: Wat er te doen is, week-proces.")
	model := w.read("4-proces/proces.bpmn")
	shape := regexp.MustCompile(`bpmnElement="` + regexp.QuoteMeta(w.first) + `">\s*<dc:Bounds x="\d+" y="\d+"`)
	place := shape.FindString(model)
	if place == "" {
		w.t.Fatalf("proces.bpmn has no shape of step %s", w.first)
	}
	moved := regexp.MustCompile(`x="\d+" y="\d+"`).ReplaceAllString(place, `x="117" y="51"`)
	w.write("4-proces/proces.bpmn", []byte(strings.Replace(model, place, moved, 1)))
	w.keep("a shape that a person moved", "4-proces/proces.bpmn", `<dc:Bounds x="117" y="51"`)
	w.change("an explanation", "4-proces/proces.bpmn", "</bpmn:documentation>", " Week: gelezen door de deskundige.</bpmn:documentation>")
}

func (w *week) editPages() {
	w.t.Helper()
	w.change("a text", "5-interactie/schermen.go", "Summary:      \"", "Summary:      \"Week. ")
	w.put("a remark", "5-interactie/schermen.go", "\t// What each form asks", "\t// Week: the order was tried on people.\n")
	page := w.read("kern/paginas/sjablonen/uitgelogd.html")
	w.own("a page of its own", "5-interactie/sjablonen/uitgelogd.html", page+"<!-- week-sjabloon -->\n")
	w.own("a style of its own", "5-interactie/stijl.css", w.read("kern/paginas/stijl.css")+"/* week-stijl */\n")
	w.own("a Go file of its own", "5-interactie/week.go", "package interactie\n\n// Week is of the team.\nconst Week = \"week-scherm\"\n")
}

func (w *week) editAround() {
	w.t.Helper()
	w.put("a line of code", "main.go", "\tos.Exit(start.Main", "\t_ = os.Setenv(\"WEEK\", \"week-main\") // of the team\n")
	w.put("a paragraph", "README.md", "## De vijf lagen", "Week: vraag bij het team naar de sleutels.\n\n")
	w.put("a paragraph", "docs/privacy.md", "", "\n## Week\n\nBesproken met de functionaris, week-privacy.\n")
	w.own("a document of its own", "docs/week.md", "# Week\n\nWat het team leerde, week-document.\n")
	w.put("a line of the log", "CHANGELOG.md", "- Het proces", "- Week: onze eerste eigen wijziging.\n")
	w.put("a rule", ".gitignore", "", "\n# Week\n/week-geheim\n")
	w.put("a remark", "go.mod", "", "\n// Week: nothing of our own yet.\n")
	w.put("a remark", "deploy/Dockerfile", "", "\n# Week: built on tuesday.\n")
	w.own("a test of its own", "tests/week_test.go", "package tests\n\nimport \"testing\"\n\nfunc TestWeek(t *testing.T) { t.Log(\"week-test\") }\n")
}

// editAwkward is what goes wrong in other tools: moved, deleted, ignored, other
// line ends, modes, links, and an edit in kern.
func (w *week) editAwkward() {
	w.t.Helper()
	w.put("an edit in kern", "kern/value/text.go", "", "\n// Week: in kern, and merged from now on.\n")
	at := func(name string) func(string) string {
		return func(dir string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	}
	moved, old := at("docs/proefgegevens.md"), at("docs/testgegevens.md")
	if err := os.Rename(old(w.dir), moved(w.dir)); err != nil {
		w.t.Fatal(err)
	}
	w.put("a line in a file that the team moved", "docs/proefgegevens.md", "", "\nWeek: hierheen verhuisd.\n")
	w.keepIf("it has another name now", "docs/testgegevens.md", func(dir string) bool { return absent(old(dir)) && !absent(moved(dir)) })
	gone := at("GOVERNANCE.md")
	if err := os.Remove(gone(w.dir)); err != nil {
		w.t.Fatal(err)
	}
	w.keepIf("thrown away", "GOVERNANCE.md", func(dir string) bool { return absent(gone(dir)) })
	w.write("SECURITY.md", []byte(strings.ReplaceAll(w.read("SECURITY.md")+"\nWeek: bel ook.\n", "\n", "\r\n")))
	w.keepIf("line ends of Windows", "SECURITY.md", func(dir string) bool {
		body, _ := os.ReadFile(at("SECURITY.md")(dir))
		return bytes.Contains(body, []byte("Week: bel ook.\r\n")) && bytes.Count(body, []byte("\n")) == bytes.Count(body, []byte("\r\n"))
	})
	if err := os.Chmod(at("deploy/Dockerfile")(w.dir), 0o755); err != nil {
		w.t.Fatal(err)
	}
	w.keepIf("the executable bit", "deploy/Dockerfile", func(dir string) bool {
		info, err := os.Stat(at("deploy/Dockerfile")(dir))
		return err == nil && info.Mode()&0o111 != 0
	})
	w.own("a file that Git ignores", "week-geheim", "sleutel van de week\n")
	if err := os.Symlink("week.md", at("docs/week-link.md")(w.dir)); err != nil {
		w.t.Fatal(err)
	}
	w.keepIf("a symbolic link", "docs/week-link.md", func(dir string) bool {
		to, err := os.Readlink(at("docs/week-link.md")(dir))
		return err == nil && to == "week.md"
	})
}

func absent(file string) bool {
	_, err := os.Lstat(file)
	return os.IsNotExist(err)
}

// glob lists files of the component, slash-separated.
func (w *week) glob(pattern string) []string {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, filepath.FromSlash(pattern)))
	if err != nil {
		w.t.Fatal(err)
	}
	for i, file := range found {
		relative, err := filepath.Rel(w.dir, file)
		if err != nil {
			w.t.Fatal(err)
		}
		found[i] = filepath.ToSlash(relative)
	}
	return found
}
