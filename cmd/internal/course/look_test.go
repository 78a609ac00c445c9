package course

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/examples"
)

// component is a folder with as much of a component as the checks look at.
func component(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	answers, _ := examples.Answers("verhuizing")
	all := map[string]string{
		"fieldlab.yaml": string(answers), "5-interactie/schermen.go": "oud\r\nregel\r\n", "docs/a.md": "a", "docs/b.md": "b",
		".fieldlab/manifest.json": `{"version":3,"generator":"dev","module":"x.test/x","kern":"` + strings.Repeat("0", 64) + `","files":[
			{"path":"5-interactie/schermen.go","sha256":"` + sumOf("oud\nregel\n") + `","owner":"merged"}]}`,
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// one reads a step with one check.
func one(t *testing.T, check, more string) *Step {
	t.Helper()
	step := "---\ntitle: x\ngoal: x\nchecks:\n  - {name: Iets, " + check + "}\n" + more + "---\n## Doen\nx\n## Hint\nx\n"
	c, err := Read(files("version: 1\nname: x\ntitle: x\n", "01-een.md", step))
	if err != nil {
		t.Fatal(err)
	}
	return &c.Steps[0]
}

const logLine = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"Zaak starten","attributes":[{"key":"verwerking.rol","value":{"stringValue":"inwoner"}},{"key":"verwerking.velden","value":{"arrayValue":{"values":[]}}}],"status":{"code":1}},{"name":"Adressen zoeken","attributes":[{"key":"verwerking.bron","value":{"stringValue":"Basisregistratie (BAG)"}}],"status":{"code":2}}]}]}]}` + "\n"

// TestLook: every kind that looks at files, red and green.
func TestLook(t *testing.T) {
	plant := "plant: {file: docs/a.md, from: goed, to: fout}\n"
	for name, c := range map[string]struct {
		check, more string
		files       map[string]string
		begun       bool
		answer      string
		want        string // in what is said; "" is green
	}{
		"contains":            {check: "kind: file, path: docs/a.md, contains: a"},
		"contains not":        {check: "kind: file, path: docs/a.md, contains: z", want: "In docs/a.md staat nog niet"},
		"no file":             {check: "kind: file, path: docs/c.md, contains: z", want: "docs/c.md is er niet"},
		"there":               {check: "kind: file, path: docs/a.md"},
		"lacks":               {check: "kind: file, path: docs/a.md, lacks: z"},
		"lacks not":           {check: "kind: file, path: docs/a.md, lacks: a", want: "staat nog “a”"},
		"lacks, no file":      {check: "kind: file, path: docs/c.md, lacks: a"},
		"line ends":           {check: `kind: file, path: 5-interactie/schermen.go, contains: "oud\nregel"`},
		"star":                {check: `kind: file, path: docs/*.md, contains: b`},
		"star without":        {check: `kind: file, path: docs/*.md, contains: z`, want: "In geen van de bestanden"},
		"star lacks":          {check: `kind: file, path: docs/*.md, lacks: b`, want: "In docs/b.md"},
		"star lacks it":       {check: `kind: file, path: docs/*.md, lacks: z`},
		"star of nothing":     {check: `kind: file, path: docs/*.txt, contains: z`, want: "is er niet"},
		"changed not":         {check: "kind: file, path: 5-interactie/schermen.go, changed: true", want: "nog zoals fieldlab het maakte"},
		"changed":             {check: "kind: file, path: 5-interactie/schermen.go, changed: true", files: map[string]string{"5-interactie/schermen.go": "nieuw\n"}},
		"changed, no base":    {check: "kind: file, path: 5-interactie/schermen.go, changed: true", files: map[string]string{".fieldlab/manifest.json": "{"}, want: ".fieldlab/manifest.json is weg of stuk"},
		"field":               {check: "kind: answers, entity: verhuizing, field: email, type: email"},
		"field of type":       {check: "kind: answers, entity: verhuizing, field: email, type: phone", want: "is van soort email"},
		"no field":            {check: "kind: answers, entity: verhuizing, field: fax", want: "nog geen veld fax"},
		"field of no entity":  {check: "kind: answers, entity: x, field: fax", want: "geen entiteit x"},
		"entity":              {check: "kind: answers, entity: verhuizing"},
		"step":                {check: "kind: answers, step: beoordelen, of: decide"},
		"step of kind":        {check: "kind: answers, step: beoordelen, of: form", want: "is van soort decide"},
		"no step":             {check: "kind: answers, step: x", want: "nog geen processtap x"},
		"role":                {check: "kind: answers, role: inwoner"},
		"no role":             {check: "kind: answers, role: x", want: "geen rol x"},
		"source":              {check: "kind: answers, source: bag, operation: bevraagAdressen, keeps: postcode, drops: x"},
		"operation":           {check: "kind: answers, source: bag, operation: x", want: "de vraag x nog niet"},
		"keeps":               {check: "kind: answers, source: bag, keeps: x", want: "purpose.fields staat x niet"},
		"drops":               {check: "kind: answers, source: bag, drops: postcode", want: "staat postcode nog"},
		"no source":           {check: "kind: answers, source: x", want: "nog geen bron x"},
		"activity":            {check: "kind: answers, activity: aangifte-verhuizing"},
		"no activity":         {check: "kind: answers, activity: x", want: "geen verwerkingsactiviteit x"},
		"key":                 {check: "kind: answers, key: 'process.roles[1].name', is: burgerzaken"},
		"key is":              {check: "kind: answers, key: fieldlab.team, is: x", want: "iets anders"},
		"key not":             {check: "kind: answers, key: fieldlab.team, not: Duinstad", want: "nog hetzelfde"},
		"key not, is not":     {check: "kind: answers, key: fieldlab.team, not: Elders"},
		"no key":              {check: "kind: answers, key: 'process.roles[9].name'", want: "nog niet ingevuld"},
		"strange key":         {check: "kind: answers, key: '[x]..[-1]'", want: "nog niet ingevuld"},
		"broken answers":      {check: "kind: answers, role: inwoner", files: map[string]string{"fieldlab.yaml": "version: 1\nx: 1\n"}, want: "heeft een fout, op regel"},
		"log":                 {check: "kind: log, line: Zaak starten, role: inwoner", files: map[string]string{".data/x-logboek.jsonl": logLine}},
		"log of role":         {check: "kind: log, line: Zaak starten, role: burgerzaken", files: map[string]string{".data/x-logboek.jsonl": logLine}, want: "door de rol burgerzaken"},
		"log failed":          {check: "kind: log, source: BAG, failed: true", files: map[string]string{".data/x-logboek.jsonl": logLine}},
		"log not failed":      {check: "kind: log, source: BAG", files: map[string]string{".data/x-logboek.jsonl": logLine}, want: "nog geen regel over de bron “BAG”"},
		"log twice":           {check: "kind: log, line: Zaak starten, count: 2", files: map[string]string{".data/x-logboek.jsonl": logLine}, want: "1 keer"},
		"log cut off":         {check: "kind: log, line: Zaak starten", files: map[string]string{".data/x-logboek.jsonl": logLine + logLine[:90]}},
		"log that is no log":  {check: "kind: log, line: Zaak starten", files: map[string]string{".data/x-logboek.jsonl": "\x00\n[]\n{\"resourceSpans\":1}\n"}, want: "nog geen regel"},
		"no log":              {check: "kind: log, line: Zaak starten", want: "nog geen regel"},
		"answer":              {check: "kind: answer, question: Wie?, hash: '" + Hash("Wie?", "ik") + "'", answer: "Ik."},
		"wrong answer":        {check: "kind: answer, question: Wie?, hash: '" + Hash("Wie?", "ik") + "'", answer: "jij", want: "Wie?"},
		"no answer":           {check: "kind: answer, question: Wie?, hash: '" + Hash("Wie?", "ik") + "'", want: "--answer"},
		"planted":             {check: "kind: planted", more: plant, begun: true, files: map[string]string{"docs/a.md": "een fout\n"}, want: "De fout zit er nog in"},
		"mended":              {check: "kind: planted", more: plant, begun: true, files: map[string]string{"docs/a.md": "anders\n"}},
		"not begun":           {check: "kind: planted", more: plant, files: map[string]string{"docs/a.md": "goed\n"}, want: "step een --begin"},
		"planted file gone":   {check: "kind: planted", more: "plant: {file: docs/weg.md, from: goed, to: fout}\n", begun: true, want: "is weg"},
		"not in a repository": {check: "kind: committed", want: "staat niet in Git"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := one(t, c.check, c.more)
			got := s.Look(t.Context(), Place{Dir: component(t, c.files), Answer: c.answer, Begun: c.begun})[0]
			if got.Skipped || got.OK != (c.want == "") || !strings.Contains(got.Why, c.want) {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}

// TestLookFollowsNoLink: nothing outside the component is read.
func TestLookFollowsNoLink(t *testing.T) {
	dir, elsewhere := component(t, nil), t.TempDir()
	for _, name := range []string{"geheim.md", "x-logboek.jsonl", "fieldlab.yaml"} {
		if err := os.WriteFile(filepath.Join(elsewhere, name), []byte("geheim\n"+logLine), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"docs/link.md": filepath.Join(elsewhere, "geheim.md"), "map": elsewhere, ".data": elsewhere, "docs/binnen.md": "a.md", "binnen": "docs",
	} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for _, check := range []string{
		"kind: file, path: docs/link.md, contains: geheim", "kind: file, path: map/geheim.md, contains: geheim", "kind: file, path: docs/link.md, lacks: geheim",
		"kind: file, path: docs/binnen.md, contains: a", "kind: file, path: binnen/a.md, contains: a", "kind: log, line: Zaak starten", "kind: file, path: 'map/*.md', contains: geheim",
	} {
		if got := one(t, check, "").Look(t.Context(), Place{Dir: dir})[0]; got.OK {
			t.Errorf("%s: %+v", check, got)
		}
	}
}

// TestLookSkips: what runs or asks is left out where nobody asked for it.
func TestLookSkips(t *testing.T) {
	for _, check := range []string{"kind: tests", "kind: running", "kind: page, path: /"} {
		if got := one(t, check, "").Look(t.Context(), Place{Dir: component(t, nil)})[0]; !got.Skipped || got.OK {
			t.Errorf("%s: %+v", check, got)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if got := one(t, "kind: file, path: docs/a.md", "").Look(stopped, Place{Dir: component(t, nil)})[0]; !got.Skipped {
		t.Errorf("after Ctrl-C: %+v", got)
	}
	if got := one(t, "kind: file, path: docs/a.md", "").Look(t.Context(), Place{Dir: filepath.Join(t.TempDir(), "weg")})[0]; got.OK || got.Skipped {
		t.Errorf("of no folder: %+v", got)
	}
}

// TestLive asks something that answers as a component does, and what does not.
func TestLive(t *testing.T) {
	who, target := "verhuizing interactie", ""
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz/live", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(introducing, who) })
	mux.HandleFunc("/welkom", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Goedemorgen") })
	mux.HandleFunc("/weg", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
	mux.HandleFunc("/vol", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 * maxBody / 1024 {
			_, _ = w.Write(make([]byte, 1024))
		}
		fmt.Fprint(w, "einde")
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	target = elsewhere.URL
	_, number, _ := net.SplitHostPort(server.Listener.Addr().String())
	port, _ := strconv.Atoi(number)
	at := Place{Dir: component(t, nil), Port: port, Live: true}
	try := func(check, want string) {
		t.Helper()
		if got := one(t, check, "").Look(t.Context(), at)[0]; got.OK != (want == "") || !strings.Contains(got.Why, want) {
			t.Errorf("%s: %+v, want %q", check, got, want)
		}
	}
	try("kind: running", "")
	try("kind: page, path: /welkom, contains: morgen, lacks: avond", "")
	try("kind: page, path: /welkom, contains: avond", "staat nog niet “avond”")
	try("kind: page, path: /welkom, lacks: morgen", "staat nog “morgen”")
	try("kind: page, path: /nergens", "antwoordt met 404")
	try("kind: page, path: /nergens, status: 404", "")
	try("kind: page, path: /weg, status: 302", "")
	try("kind: page, path: /weg", "antwoordt met 302")
	try("kind: page, path: /vol, contains: einde", "staat nog niet")
	if !Running(t.Context(), at) {
		t.Error("it does not run")
	}
	who = "ander-component interactie"
	try("kind: running", "ander component: ander-component")
	try("kind: page, path: /welkom", "ander component")
	who = ""
	try("kind: running", "een ander programma")
	server.Close()
	try("kind: running", "antwoordt niets")
	if Running(t.Context(), at) {
		t.Error("it runs")
	}
}

// TestTests runs the tests of something small.
func TestTests(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		missing(t, "no Go here")
	}
	files := map[string]string{"5-interactie/schermen.go": "package interactie\n", "go.mod": "module x.test/x\n\ngo 1.26\n", "x_test.go": "package x\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) { t.Log(\"niets\") }\n"}
	at := Place{Dir: component(t, files), Slow: true}
	if got := one(t, "kind: tests", "").Look(t.Context(), at)[0]; !got.OK {
		t.Errorf("green tests: %+v", got)
	}
	files["x_test.go"] = strings.ReplaceAll(files["x_test.go"], "t.Log", "t.Error")
	at.Dir = component(t, files)
	if got := one(t, "kind: tests", "").Look(t.Context(), at)[0]; got.OK || !strings.Contains(got.Why, "--- FAIL: TestX") || !strings.Contains(got.Why, "x_test.go:5: niets") {
		t.Errorf("red tests: %+v", got)
	}
}

// TestCommitted looks at a real repository.
func TestCommitted(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		missing(t, "no git here")
	}
	dir := component(t, map[string]string{".gitignore": "/.data\n", ".fieldlab/workshop/team.json": "{}"})
	git := func(args ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@x.test"}, args...)...)
		command.Dir = dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	s := one(t, "kind: committed", "")
	look := func(want string) {
		t.Helper()
		if got := s.Look(t.Context(), Place{Dir: dir})[0]; got.OK != (want == "") || !strings.Contains(got.Why, want) {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	git("init", "-q")
	look("Nog niet alles is vastgelegd")
	git("add", "-A")
	git("commit", "-qm", "x")
	look("")
	for _, name := range []string{".fieldlab/workshop/voortgang.json", "docs/nieuw.md"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look("Nog niet vastgelegd: docs/nieuw.md.")
}

// missing skips a test for which something is not on this machine, and fails where
// everything should be.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
