package merge

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// sideCase is a merge with what has to come of it; "" for clashes stands for none.
type sideCase struct {
	name               string
	file               string
	base, ours, theirs string
	want               string
	clashes            int
	beside             bool
}

func runCases(t *testing.T, cases []sideCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			base := []byte(c.base)
			if c.base == "-" {
				base = nil
			}
			got := Files(c.file, base, []byte(c.ours), []byte(c.theirs), labels)
			if c.beside {
				c.want, c.clashes = c.ours, 1
			}
			if string(got.Body) != c.want || got.Conflicts != c.clashes || got.Beside != c.beside {
				t.Errorf("%d clashes, beside %v:\n%q\nwant %d:\n%q", got.Conflicts, got.Beside, got.Body, c.clashes, c.want)
			}
		})
	}
}

// conflict is how a clash is written.
func conflict(ours, theirs string) string {
	return "<<<<<<< van het team\n" + ours + "=======\n" + theirs + ">>>>>>> van fieldlab\n"
}

// TestText: the cases of text in which other tools lose an edit.
func TestText(t *testing.T) {
	t.Parallel()
	const text = "een\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n"
	dos := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	runCases(t, []sideCase{
		{"far apart", "x.txt", text, "EEN\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", "een\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\n", "EEN\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\n", 0, false},
		{"two lines apart", "x.txt", text, "een\nTWEE\ndrie\nvier\nvijf\nzes\nzeven\n", "een\ntwee\ndrie\nVIER\nvijf\nzes\nzeven\n", "een\nTWEE\ndrie\nVIER\nvijf\nzes\nzeven\n", 0, false},
		{"adjacent lines", "x.txt", "a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nC\nd\n", "a\n" + conflict("B\nc\n", "b\nC\n") + "d\n", 1, false},
		{"the same line", "x.txt", "a\nb\nc\n", "a\nB\nc\n", "a\nBB\nc\n", "a\n" + conflict("B\n", "BB\n") + "c\n", 1, false},
		{"inserted at one point", "x.txt", "a\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\n" + conflict("b\n", "B\n") + "c\n", 1, false},
		{"the same change", "x.txt", "a\nb\n", "a\nB\n", "a\nB\n", "a\nB\n", 0, false},
		{"the same change and one more", "x.txt", text, "EEN\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", "EEN\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\n", "EEN\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\n", 0, false},
		{"both deleted, and one more", "x.txt", text, "een\ndrie\nvier\nvijf\nzes\nzeven\n", "een\ndrie\nvier\nvijf\nzes\n", "een\ndrie\nvier\nvijf\nzes\n", 0, false},
		{"both added, different", "x.txt", "-", "a\nb\n", "a\nc\n", "a\n" + conflict("b\n", "c\n"), 1, false},
		{"both added the same", "x.txt", "-", "a\n", "a\n", "a\n", 0, false},
		{"emptied and changed", "x.txt", "a\nb\n", "", "a\nB\n", conflict("", "a\nB\n"), 1, false},
		{"an empty file filled by the team", "x.txt", "", "a\n", "", "a\n", 0, false},
		{"an empty file filled by both", "x.txt", "", "a\n", "b\n", conflict("a\n", "b\n"), 1, false},
		{"a heading of =======", "README.md", "Titel\n=======\n\ntekst\n\neinde\n", "Onze titel\n=======\n\ntekst\n\neinde\n", "Titel\n=======\n\ntekst\n\nslot\n", "Onze titel\n=======\n\ntekst\n\nslot\n", 0, false},
		{"CRLF of the team", "x.txt", text, dos("EEN\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n"), "een\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\nacht\n", dos("EEN\ntwee\ndrie\nvier\nvijf\nzes\nZEVEN\nacht\n"), 0, false},
		{"CRLF and nothing else", "x.txt", text, dos(text), "een\ntwee\ndrie\nvier\nvijf\nzes\n7\n", dos("een\ntwee\ndrie\nvier\nvijf\nzes\n7\n"), 0, false},
		{"CRLF of fieldlab", "x.txt", text, "EEN\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", dos("een\ntwee\ndrie\nvier\nvijf\nzes\n7\n"), "EEN\ntwee\ndrie\nvier\nvijf\nzes\n7\n", 0, false},
		{"CRLF in a clash", "x.txt", "a\r\nb\r\n", "a\r\nB\r\n", "a\nBB\n", "a\r\n" + dos(conflict("B\n", "BB\n")), 1, false},
		{"mixed ends", "x.txt", text, "EEN\r\ntwee\r\ndrie\nvier\r\nvijf\r\nzes\nzeven\r\n", "een\ntwee\ndrie\nvier\nvijf\nzes\n7\n8\n", "EEN\r\ntwee\r\ndrie\nvier\r\nvijf\r\nzes\n7\r\n8\r\n", 0, false},
		{"no end of the last line: team", "x.txt", "a\nb\nc\nd\n", "A\nb\nc\nd", "a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne", 0, false},
		{"no end of the last line: fieldlab", "x.txt", "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nd", "A\nb\nc\nd", 0, false},
		{"no end, and a clash at the end", "x.txt", "a\nb", "a\nB", "a\nC", "a\n" + conflict("B\n", "C\n"), 1, false},
		{"a BOM of the team", "x.txt", text, bom + "EEN\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", "een\ntwee\ndrie\nvier\nvijf\nzes\n7\n", bom + "EEN\ntwee\ndrie\nvier\nvijf\nzes\n7\n", 0, false},
		{"a BOM of the team and its first line of fieldlab", "x.txt", text, bom + text, "1\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", bom + "1\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", 0, false},
		{"Latin-1", "x.txt", "caf\xe9\nb\nc\nd\n", "caf\xe9\nb\nc\nD \xe8\n", "CAF\xc9\nb\nc\nd\n", "CAF\xc9\nb\nc\nD \xe8\n", 0, false},
		{"bytes of nothing", "x.txt", "\xff\xfe\xff\nb\nc\n", "\xff\xfe\xff\nb\nC\x80\n", "\xff\xfd\nb\nc\n", "\xff\xfd\nb\nC\x80\n", 0, false},
		{"a lone CR is a byte", "x.txt", "a\rb\nc\nd\n", "a\rB\nc\nd\n", "a\rb\nc\nD\n", "a\rB\nc\nD\n", 0, false},
		{"both changed a binary", "logo.bin", "a\x00b", "A\x00b", "a\x00B", "", 0, true},
		{"both changed a picture", "logo.png", "a\nb\n", "A\nb\n", "a\nB\n", "", 0, true},
		{"the team made it binary", "x.txt", "a\nb\nc\n", "a\x00\n", "a\nb\nC\n", "", 0, true},
		{"UTF-16", "x.txt", "a\x00\n\x00", "b\x00\n\x00", "c\x00\n\x00", "", 0, true},
		{"only fieldlab changed a binary", "logo.png", "a\x00b", "a\x00b", "a\x00B", "a\x00B", 0, false},
		{"what fieldlab remembers", ".fieldlab/manifest.json", "{\"a\": 1}\n", "{\"a\": 2}\n", "{\"a\": 1, \"b\": 1}\n", "", 0, true},
		{"a migration", "1-gegevens/migraties/sqlite/0002_x.sql", "a\nb\n", "a\nB\n", "a\nC\n", "", 0, true},
		{"a migration, far apart", "1-gegevens/migraties/sqlite/0002_x.sql", text, "een\ntwee\ndrie\nvier\nvijf\nzes\n7\n", "1\ntwee\ndrie\nvier\nvijf\nzes\nzeven\n", "1\ntwee\ndrie\nvier\nvijf\nzes\n7\n", 0, false},
		{"spaces and other letters in the name", "docs/été en zo.txt", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", 0, false},
	})
}

// TestLabels: a label is one line, whatever it holds.
func TestLabels(t *testing.T) {
	t.Parallel()
	got := Files("x.txt", []byte("a\n"), []byte("b\n"), []byte("c\n"), Labels{"one\ntwo", ""})
	if want := "<<<<<<< one two\nb\n=======\nc\n>>>>>>>\n"; string(got.Body) != want {
		t.Errorf("%q, want %q", got.Body, want)
	}
}

// TestLarge: files that have nothing or little in common take neither minutes nor
// memory.
func TestLarge(t *testing.T) {
	t.Parallel()
	const lines = 50_000
	made := func(line func(i int) string) []byte {
		var all strings.Builder
		for i := range lines {
			all.WriteString(line(i) + "\n")
		}
		return []byte(all.String())
	}
	base := made(func(i int) string { return fmt.Sprint("base ", i) })
	for name, sides := range map[string][2][]byte{
		"nothing in common":  {made(func(i int) string { return fmt.Sprint("ours ", i) }), made(func(i int) string { return fmt.Sprint("theirs ", i) })},
		"all in disorder":    {made(func(i int) string { return fmt.Sprint("base ", i*7919%lines) }), made(func(i int) string { return fmt.Sprint("base ", i*104729%lines) })},
		"a list, both added": {append(made(func(i int) string { return fmt.Sprint("- ours ", i) }), base...), append(made(func(i int) string { return fmt.Sprint("- theirs ", i) }), base...)},
		"the same line":      {bytes.Repeat([]byte("-\n"), 2*lines), bytes.Repeat([]byte("-\n"), lines)},
		"one line":           {[]byte(strings.Repeat("[", 1<<20)), []byte(strings.Repeat("{a: ", 1<<20))},
		"few words":          {made(func(i int) string { return fmt.Sprint(i * i % 7) }), made(func(i int) string { return fmt.Sprint(i * i % 11) })},
		"backwards":          {made(func(i int) string { return fmt.Sprint("base ", lines-1-i) }), made(func(i int) string { return fmt.Sprint("base ", i/2) })},
	} {
		files := []string{"x.txt", "x.go"}
		if name == "one line" || name == "the same line" || strings.HasPrefix(name, "a list") || strings.HasPrefix(name, "nothing") {
			files = []string{"x.yaml", "x.md", "x.json", "x.bpmn", "go.mod", ".gitignore"}
		}
		for _, file := range files {
			start := time.Now()
			got := Files(file, base, sides[0], sides[1], labels)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%s, %s: %v", name, file, took)
			}
			if got.Conflicts == 0 && (name != "a list, both added" || file != ".gitignore" && file != "x.md") {
				t.Errorf("%s, %s: no clash", name, file)
			}
		}
	}
}
