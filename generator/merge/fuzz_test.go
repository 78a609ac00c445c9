package merge

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
)

// names are files of each form.
var names = []string{
	"notes.txt", "1-gegevens/verhuizing.go", "2-diensten/openapi.yaml", "go.mod", "go.sum", "renovate.json",
	"4-proces/proces.bpmn", ".gitignore", "CHANGELOG.md", "README.md", "docs/architectuur.svg",
}

// FuzzFiles merges any three files as any form. Whatever they hold: no panic, what
// only one side changed is that side's, and no word of the team is lost.
func FuzzFiles(f *testing.F) {
	for i := range names {
		f.Add(uint8(i), []byte("a\nb\nc\n"), []byte("a\nx\nc\n"), []byte("a\nb\nc\nd\n"))
	}
	f.Add(uint8(1), []byte(row), []byte(strings.Replace(row, "\tBSN ", "\tNaam string\n\tBSN ", 1)), []byte(strings.Replace(row, "\tBSN ", "\tPlaats string\n\tBSN ", 1)))
	f.Add(uint8(2), []byte("a:\n  - b\n"), []byte("a:\n  - b\n  - c: [1, {d: e}]\n"), []byte("a:\n- b\n- f: |\n    g\n"))
	f.Add(uint8(3), []byte("module a\n\ngo 1.26\n\nrequire b v1.0.0\n"), []byte("module a\n\ngo 1.27\n\nrequire (\n\tb v1.1.0\n\tc v0.0.1 // indirect\n)\n"), []byte("module a\n\ngo 1.26\n\nrequire b v1.2.0\n"))
	f.Add(uint8(5), []byte(`{"a": 1, "b": [1, "c"]}`), []byte(`{"a": 2, "b": [1, "c", "d"]}`), []byte("{\"a\": 1,\n \"b\": [1, \"c\", {}], \"e\": null}"))
	if model, err := os.ReadFile("../../examples/verhuizing/component/4-proces/proces.bpmn"); err == nil {
		f.Add(uint8(6), model, bytes.Replace(model, []byte(`x="116"`), []byte(`x="16"`), 1), bytes.Replace(model, []byte(`name="Aangifte doen"`), []byte(`name="Doen"`), 1))
	}
	f.Fuzz(func(t *testing.T, which uint8, base, ours, theirs []byte) {
		name := names[int(which)%len(names)]
		if len(base)+len(ours)+len(theirs) > 1<<16 {
			return
		}
		defer time.AfterFunc(30*time.Second, func() { panic(name + " takes too long") }).Stop()
		for _, only := range [][2][]byte{{base, theirs}, {theirs, base}, {theirs, theirs}} {
			if got := Files(name, base, only[0], only[1], labels); got.Conflicts > 0 || !bytes.Equal(got.Body, theirs) && base != nil {
				t.Errorf("%s: one change, and %d clashes: %q", name, got.Conflicts, got.Body)
			}
		}
		for _, name := range []string{name, "notes.txt"} {
			got := Files(name, base, ours, theirs, labels)
			keepsWords(t, name, base, ours, got.Body)
			if got.Beside && !bytes.Equal(got.Body, ours) {
				t.Errorf("%s: laid beside, and the file of the team changed", name)
			}
			keepsWords(t, name, base, ours, Hashed(name, LinesOf(base), ours, theirs, labels).Body)
		}
		there, back := Files("notes.txt", base, ours, theirs, labels), Files("notes.txt", base, theirs, ours, labels)
		if (there.Conflicts > 0) != (back.Conflicts > 0) {
			t.Errorf("%d clashes one way, %d the other", there.Conflicts, back.Conflicts)
		}
		Words(base, map[string]string{string(ours): string(theirs), "a": "bc", "b": ""})
	})
}

// keepsWords holds that each word that only the team has is still there.
func keepsWords(t *testing.T, name string, base, ours, result []byte) {
	t.Helper()
	had, has := map[string]bool{}, map[string]bool{}
	for _, word := range wordsOf(base) {
		had[word] = true
	}
	for _, word := range wordsOf(result) {
		has[word] = true
	}
	if name == "go.mod" {
		ours = withoutVersions(ours) // the higher one wins
	}
	for _, word := range wordsOf(ours) {
		if !had[word] && !has[word] {
			t.Errorf("%s: %q of the team is gone:\n%q", name, word, result)
		}
	}
}

func withoutVersions(body []byte) []byte {
	words := bytes.Fields(body)
	var kept [][]byte
	for i, word := range words {
		if i == 0 || !bytes.ContainsAny(word[:1], "vg0123456789") {
			kept = append(kept, word)
		}
	}
	return bytes.Join(kept, []byte(" "))
}

func wordsOf(body []byte) []string {
	return strings.FieldsFunc(string(body), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
