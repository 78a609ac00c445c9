package scan_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

func TestLines(t *testing.T) {
	body := "een Geheim\r\ntwee\nGEHEIM en geheim\n" + strings.Repeat("x", 5000) + "geheim" + strings.Repeat("y", 5000) + "geheim\n@\n"
	words := scan.NewWords([]string{"geheim", "twee"})
	text := scan.New([]byte(body), ".yaml", words)
	var lines []string
	text.Lines(t.Context(), []string{"geheim", "twee", "@", "niets"}, func(line scan.Line) bool {
		lines = append(lines, fmt.Sprintf("%d %s %d", line.Number, line.Word, line.At))
		if line.Lower[line.At:line.At+len(line.Word)] != line.Word || !bytes.HasPrefix([]byte(body)[line.Start:], []byte(line.Text)) {
			t.Errorf("line %d: %q is not at %d of %q", line.Number, line.Word, line.At, line.Text)
		}
		return true
	})
	// In a very long line what stands far from the first hit is a second one.
	if want := []string{"1 geheim 4", "2 twee 0", "3 geheim 0", "4 geheim 600", "4 geheim 600", "5 @ 0"}; !slices.Equal(lines, want) {
		t.Errorf("found %q", lines)
	}
}

func TestComment(t *testing.T) {
	for _, c := range []struct {
		ext, body string
		comment   bool
	}{
		{".go", `x := "WOORD"`, false},
		{".go", `// WOORD`, true},
		{".go", `x := 1 // WOORD`, true},
		{".go", `x := "https://a.nl/WOORD"`, false},
		{".go", "/*\n WOORD\n*/", true},
		{".go", "/* a */ x := WOORD", true},
		{".go", "a := b /* c */\nx := WOORD", false},
		{".ts", "accept = '*/*'\nx = WOORD\ny = '*/'", false},
		{".ts", "glob = 'src/*'\nx = WOORD // */", false},
		{".tsx", "{/* WOORD */}", true},
		{".py", "# WOORD", true},
		{".py", "x = 1 # WOORD", true},
		{".py", "x = '#WOORD'", false},
		{".py", "\"\"\"\nWOORD\n\"\"\"", true},
		{".py", "x = \"\"\"\nWOORD\n\"\"\"", false},
		{".yaml", "a: b # WOORD", true},
		{".yaml", "a: WOORD", false},
		{".yaml", "{{/* WOORD */}}", true},
		{".html", "<!--\nWOORD\n-->", true},
		{".html", "<!-- a --><p>WOORD</p>", true}, // the line begins with one
		{".html", "<p>WOORD</p><!-- a -->", false},
		{".php", "# WOORD", true},
		{".php", "'WOORD'", false},
		{".js", "/* never closed\nx = WOORD", false},
	} {
		text := scan.New([]byte(c.body), c.ext, scan.NewWords([]string{"woord"}))
		seen := false
		text.Lines(t.Context(), []string{"woord"}, func(line scan.Line) bool {
			seen = true
			if got := text.Comment(line, line.Start+line.At); got != c.comment {
				t.Errorf("%s %q: comment is %v", c.ext, c.body, got)
			}
			return false
		})
		if !seen {
			t.Errorf("%q was not found", c.body)
		}
	}
}

func TestKinds(t *testing.T) {
	for name, want := range map[string]scan.Kind{
		"src/a.ts": scan.Code, "a.php": scan.Code, "v/welcome.blade.php": scan.Page, "i.html": scan.Page, "values.yaml": scan.Config, ".env.local": scan.Config,
		"Dockerfile": scan.Config, "README.md": scan.Document, "docs/a.yaml": scan.Document, "package-lock.json": scan.Generated, "web/dist/a.js": scan.Generated,
		"a.min.js": scan.Generated, "logo.png": scan.Other,
	} {
		if got := scan.Of(name); got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
	for name, want := range map[string][3]bool{ // sham, development, aside
		"src/zaak.ts":               {false, false, false},
		"config/prod.yaml":          {false, false, false},
		"docker-compose.yml":        {false, true, true},
		"docker-compose.prod.yml":   {false, false, false},
		".env.example":              {true, false, true},
		"src/mocks-server/a.ts":     {true, false, true},
		"src/conf/dev.py":           {false, true, true},
		".github/workflows/ci.yml":  {false, false, true},
		"docker/certs/a.key":        {false, true, true},
		"helm/templates/a.yaml":     {false, false, false},
		"src/latest.ts":             {false, false, false},
		"src/localization/index.ts": {false, false, false},
	} {
		if got := [3]bool{scan.Sham(name), scan.Development(name), scan.Aside(name)}; got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// FuzzLines: the set of words finds the same lines as looking for one word at a time.
func FuzzLines(f *testing.F) {
	f.Add("een geheim\nTwee\n", "geheim", "twee")
	f.Add("aaaa\naaaaaa", "aaa", "aa")
	f.Add("\xff\xfeABC\n\n", "abc", "bc\n")
	f.Fuzz(func(t *testing.T, body, a, b string) {
		lower := strings.Map(func(c rune) rune {
			if c >= 'A' && c <= 'Z' || c > 127 {
				return 'x'
			}
			return c
		}, a+"|"+b)
		a, b, _ = strings.Cut(lower, "|")
		b = strings.ReplaceAll(b, "|", "")
		if a == "" || b == "" || strings.Contains(lower, "\n") || len(body) > 500 {
			t.Skip()
		}
		lines := func(words *scan.Words) (all []int) {
			scan.New([]byte(body), ".go", words).Lines(t.Context(), []string{a, b}, func(line scan.Line) bool {
				all = append(all, line.Number)
				return true
			})
			return all
		}
		if one, other := lines(scan.NewWords([]string{a, b})), lines(scan.NewWords()); !slices.Equal(one, other) {
			t.Errorf("%q %q in %q: %v and %v", a, b, body, one, other)
		}
	})
}
