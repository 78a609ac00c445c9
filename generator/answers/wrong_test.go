package answers

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

var update = flag.Bool("update", false, "write the expected problems anew")

// TestWrong reads testdata/wrong: beside each file stands what is wrong with
// it, one "line:column code key" per problem, with the suggestion behind it.
func TestWrong(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, problems := Parse("fieldlab.yaml", data)
			got := summary(problems)
			if got == "" {
				t.Error("nothing is wrong with it")
			}
			checkPlaces(t, data, problems)
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func summary(problems problem.List) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%d:%d %s %s", p.Line, p.Column, p.Code, p.Key)
		if p.Suggestion != "" {
			fmt.Fprintf(&b, " (%s?)", p.Suggestion)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// checkPlaces holds every problem against the file: it has a place, the place
// exists, and the text is one line without holes.
func checkPlaces(t *testing.T, data []byte, problems problem.List) {
	t.Helper()
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n"), "\n")
	for _, p := range problems {
		if p.Code == problem.FileTooLarge || p.Code == problem.MoreProblems {
			continue
		}
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len([]rune(lines[p.Line-1]))+1 {
			t.Errorf("%d:%d %s lies outside the file of %d lines", p.Line, p.Column, p.Code, len(lines))
		}
		for _, lang := range []string{"nl", "en"} {
			if text := p.Text(lang); text == string(p.Code) || strings.ContainsAny(text, "\n") || strings.Contains(text, "{1}") {
				t.Errorf("%s: text %q", p.Code, text)
			}
		}
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	_, problems := Parse("", append([]byte("version: 1\nregister:\n"), bytes.Repeat([]byte("  - x\n"), 1000)...))
	if last := problems[len(problems)-1]; len(problems) != maxShown+1 || last.Code != problem.MoreProblems || last.Args[0] != 801 {
		t.Errorf("%d problems, the last is %v", len(problems), last)
	}
}

func TestTooLarge(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want problem.Code
	}{
		"bytes":  {bytes.Repeat([]byte("# vol\n"), 200_000), problem.FileTooLarge},
		"values": {append([]byte("version: 1\nregister: ["), bytes.Repeat([]byte("a,"), 60_000)...), problem.TooMany},
	} {
		data := c.data
		if name == "values" {
			data = append(data, ']')
		}
		if _, problems := Parse("", data); len(problems) != 1 || problems[0].Code != c.want {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
