package model

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

var update = flag.Bool("update", false, "write the expected problems anew")

// TestWrong reads testdata/wrong: beside each file stands what is wrong with
// it, one "line:column code key (suggestion?)" per problem.
func TestWrong(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			doc := parse(t, file)
			component, problems := New(doc.Answers, os.DirFS("testdata/wrong"), Env{})
			if component != nil || len(problems) == 0 {
				t.Fatal("nothing is wrong with it")
			}
			got := summary(t, doc, problems)
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

func summary(t *testing.T, doc *answers.Document, problems problem.List) string {
	t.Helper()
	var b strings.Builder
	for _, p := range doc.Place(problems).Sorted() {
		if p.Line == 0 {
			t.Errorf("%s at %q has no place in the file", p.Code, p.Key)
		}
		for _, lang := range []string{"nl", "en"} {
			if text := p.Text(lang); text == string(p.Code) || strings.ContainsAny(text, "\n") || regexp.MustCompile(`\{[0-9]\}`).MatchString(text) {
				t.Errorf("%s: text %q", p.Code, text)
			}
		}
		fmt.Fprintf(&b, "%d:%d %s %s", p.Line, p.Column, p.Code, p.Key)
		if p.Suggestion != "" {
			fmt.Fprintf(&b, " (%s?)", p.Suggestion)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// elsewhere are codes that another test of this package provokes.
var elsewhere = map[string]bool{
	"list-too-long": true, "source-file-too-large": true, "file-no-folder": true,
}

// TestEveryCodeIsProvoked keeps the catalogue honest: a problem that no file
// can have is no problem.
func TestEveryCodeIsProvoked(t *testing.T) {
	source, err := os.ReadFile("../problem/codes_model.go")
	if err != nil {
		t.Fatal(err)
	}
	golden := ""
	files, _ := filepath.Glob("testdata/wrong/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		golden += string(text)
	}
	for _, m := range regexp.MustCompile(`Code = "([a-z0-9-]+)"`).FindAllStringSubmatch(string(source), -1) {
		if !strings.Contains(golden, " "+m[1]+" ") && !elsewhere[m[1]] {
			t.Errorf("%s is provoked by no file in testdata/wrong", m[1])
		}
	}
}

func codes(problems problem.List) string {
	var out []string
	for _, p := range problems {
		out = append(out, string(p.Code)+" "+p.Key)
	}
	return strings.Join(out, "\n")
}

func TestFilesThatCannotBeRead(t *testing.T) {
	a := parse(t, "../../examples/testdata/proces-zonder-register.yaml").Answers
	if _, problems := New(a, nil, Env{}); codes(problems) != "file-no-folder sources[0].operations[0].example" {
		t.Errorf("without a folder: %v", problems)
	}
	large := fstest.MapFS{"bronnen/plek.json": {Data: []byte(`"` + strings.Repeat("x", maxExample) + `"`)}}
	if _, problems := New(a, large, Env{}); codes(problems) != "source-file-too-large sources[0].operations[0].example" {
		t.Errorf("too large: %v", problems)
	}
	deep := fstest.MapFS{"bronnen/plek.json": {Data: []byte(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))}}
	if _, problems := New(a, deep, Env{}); codes(problems) != "example-form sources[0].operations[0].example" {
		t.Errorf("too deep: %v", problems)
	}
	folder := fstest.MapFS{"bronnen/plek.json/x": {Data: []byte("{}")}}
	if _, problems := New(a, folder, Env{}); codes(problems) != "file-unreadable sources[0].operations[0].example" {
		t.Errorf("a folder: %v", problems)
	}
}

// TestOnlyWhatIsDeclaredIsTaken: an answer without a type of its own keeps no
// name from a source.
func TestOnlyWhatIsDeclaredIsTaken(t *testing.T) {
	doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources:
  - {name: answer, operations: [{name: lees, path: /a}], purpose: {activity: a, fields: [x]}}
  - {name: b, operations: [{name: new, path: /n}], purpose: {activity: a, fields: [x]}}
process: {title: P, roles: [{name: m, audience: employee}], steps: [{name: k, kind: task, role: m, next: e}, {name: e, kind: end}]}
privacy: {activities: [{name: a}]}
`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	if _, problems := New(doc.Answers, fstest.MapFS{}, Env{}); len(problems) > 0 {
		t.Errorf("what is wrong: %s", codes(problems))
	}
}

func TestListsHaveALimit(t *testing.T) {
	a := parse(t, "../../examples/testdata/minimaal.yaml").Answers
	for range maxItems {
		a.Register = append(a.Register, a.Register[0])
	}
	if _, problems := New(a, nil, Env{}); codes(problems) != "list-too-long register" {
		t.Error(problems)
	}
}

// huge is a file system with one specification of 50 MB, which counts how much
// of it is read.
type huge struct {
	fstest.MapFS
	read *int
	size int64 // that it says it has; 0: the true one
}

func (h huge) Lstat(name string) (fs.FileInfo, error) {
	info, err := h.Stat(name)
	if err == nil && h.size > 0 && !info.IsDir() {
		return sized{info, h.size}, nil
	}
	return info, err
}

func (h huge) ReadLink(name string) (string, error) { return "", fs.ErrInvalid }

func (h huge) Open(name string) (fs.File, error) {
	f, err := h.MapFS.Open(name)
	return counted{f, h.read}, err
}

type sized struct {
	fs.FileInfo
	size int64
}

func (s sized) Size() int64 { return s.size }

type counted struct {
	fs.File
	read *int
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	*c.read += n
	return n, err
}

// TestHugeSpecificationIsNotRead: what is too large is refused by its size, and
// when that was a lie after no more than may be read.
func TestHugeSpecificationIsNotRead(t *testing.T) {
	a := parse(t, "testdata/right/bron-met-specificatie.yaml").Answers
	a.Sources = a.Sources[:1]
	content := fstest.MapFS{"bronnen/voertuigen.yaml": {Data: bytes.Repeat([]byte("# ruis en nog eens ruis\n"), 50<<20/24)}}
	content["bronnen/druk.yaml"] = &fstest.MapFile{Data: []byte("openapi: [" + strings.Repeat("1,", 600_000) + "]")}
	a.Sources[0].OpenAPI = "bronnen/druk.yaml"
	if _, problems := New(a, content, Env{}); codes(problems) != "openapi-too-much sources[0].openapi" {
		t.Errorf("many values: %v", problems)
	}
	a.Sources[0].OpenAPI = "bronnen/voertuigen.yaml"
	for claimed, most := range map[int64]int{0: 0, 100: openapi.MaxBytes + 1} {
		read := 0
		_, problems := New(a, huge{content, &read, claimed}, Env{})
		if got := codes(problems); got != "source-file-too-large sources[0].openapi" || read > most {
			t.Errorf("a file that says it has %d bytes: %s after reading %d", claimed, got, read)
		}
	}
}
