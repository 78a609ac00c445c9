package update_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestRenamesOfAll: each kind of thing gets another name in a real component in which
// every file of Go and Markdown was edited, without a conflict, and with every
// edit still there.
func TestRenamesOfAll(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	start := made(t, templates.Component(), string(data))
	editThirty(t, start)
	for _, r := range []grow.Rename{
		{Kind: grow.Entity, Old: "verhuizing", New: "adreswijziging"},
		{Kind: grow.Field, Of: "verhuizing", Old: "toelichting", New: "opmerking"},
		{Kind: grow.Source, Old: "bag", New: "adressen"},
		{Kind: grow.Step, Old: "beoordelen", New: "toetsen"},
		{Kind: grow.Role, Old: "burgerzaken", New: "balie"},
		{Kind: grow.Activity, Old: "aangifte-verhuizing", New: "adres-bijhouden"},
	} {
		t.Run(string(r.Kind), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "c")
			if err := os.CopyFS(dir, os.DirFS(start)); err != nil {
				t.Fatal(err)
			}
			text := renamedAnswers(t, dir, r)
			request := update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: text, Renames: []grow.Rename{r}}
			if r.Kind == grow.Step {
				request.Steps = map[string]string{r.Old: r.New}
			}
			u := find(t, request)
			if len(u.Questions)+len(u.Guesses)+len(u.Gone) > 0 {
				t.Fatalf("asks %v %v %v", u.Questions, u.Guesses, u.Gone)
			}
			said := ""
			for _, c := range u.Changes {
				said += fmt.Sprintf("\n%s %s %s %s %d %s", c.Action, c.From, c.Path, c.Why, c.Conflicts, c.Beside)
			}
			if len(u.Conflicts()) > 0 {
				t.Errorf("conflicts:%s", said)
				for _, c := range u.Conflicts() {
					t.Logf("%s", c.After)
				}
			}
			t.Log(said, u.Notes)
			before := strings.Count(strings.Join(texts(snapshot(t, dir)), "\n"), "Van het team.")
			apply(t, u)
			if after := strings.Count(strings.Join(texts(snapshot(t, dir)), "\n"), "Van het team."); after != before || before < 20 {
				t.Errorf("of %d edits %d are left", before, after)
			}
			if again := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"}); again.Waiting() {
				t.Errorf("a second update waits: %+v", again.Changes)
			}
		})
	}
}

// TestStepThatComesBack: a step that gets its name of before again, with a line or
// without one, leaves no line behind about a step
// that is there: kern would refuse it, and the component would not start.
func TestStepThatComesBack(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := made(t, templates.Component(), string(data))
	rename := func(old, to string) {
		r := grow.Rename{Kind: grow.Step, Old: old, New: to}
		apply(t, find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: renamedAnswers(t, dir, r), Renames: []grow.Rename{r}, Steps: map[string]string{old: to}}))
	}
	lines := func() (all []string) {
		for line := range strings.Lines(read(t, dir, update.TransitionPath)) {
			if !strings.HasPrefix(line, "#") {
				all = append(all, strings.TrimSpace(line))
			}
		}
		return all
	}
	rename("beoordelen", "toetsen")
	rename("toetsen", "wegen")
	if got := strings.Join(lines(), ", "); got != "beoordelen: wegen, toetsen: wegen" {
		t.Errorf("after two renames: %s", got)
	}
	rename("wegen", "beoordelen")
	if got := strings.Join(lines(), ", "); got != "toetsen: beoordelen, wegen: beoordelen" {
		t.Errorf("after the way back: %s", got)
	}
	if again := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0"}); again.Waiting() {
		t.Errorf("a second update waits: %+v", again.Changes)
	}
	// The name of a step that was is given to a new one, without a line of its own.
	text := strings.Replace(read(t, dir, "fieldlab.yaml"), "{name: afgewezen, kind: end,", "{name: wegen, kind: end,", 1)
	text = strings.ReplaceAll(text, "afwijzen: afgewezen", "afwijzen: wegen")
	r := grow.Rename{Kind: grow.Step, Old: "afgewezen", New: "wegen"}
	apply(t, find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(text), Renames: []grow.Rename{r}}))
	if got := strings.Join(lines(), ", "); got != "toetsen: beoordelen" {
		t.Errorf("after a step that came back without a line: %s", got)
	}
}

func texts(files map[string]string) (all []string) {
	for name, text := range files {
		if !strings.HasPrefix(name, ".fieldlab") {
			all = append(all, text)
		}
	}
	return all
}

// renamedAnswers is the answers file of a component after a rename.
func renamedAnswers(t *testing.T, dir string, r grow.Rename) []byte {
	t.Helper()
	document, found := answers.Parse("fieldlab.yaml", []byte(read(t, dir, "fieldlab.yaml")))
	if len(found) > 0 {
		t.Fatal(found)
	}
	renamed, _, err := grow.Apply(document.Answers, r, "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := document.Rewrite(renamed)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// editThirty edits thirty files: those of Markdown at their first line, and kern.
func editThirty(t *testing.T, dir string) {
	t.Helper()
	count := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || count == 30 {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if ext := filepath.Ext(name); ext != ".md" && (ext != ".go" || strings.HasPrefix(name, "kern")) {
			return nil
		}
		count++
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		comment := "<!-- Van het team. -->\n\n"
		if filepath.Ext(name) == ".go" {
			comment = "// Van het team.\n\n"
		}
		return os.WriteFile(path, append([]byte(comment), body...), 0o644)
	})
	if err != nil || count < 20 {
		t.Fatal(count, err)
	}
}
