package verdict_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var update = flag.Bool("update", false, "write the expected output anew")

// write gives a format of results.
func write(t testing.TB, format verdict.Format, language text.Language, results ...*check.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := verdict.Write(&b, format, catalogue(language), about(), results); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// screen gives what a screen of a width shows.
func screen(t testing.TB, language text.Language, columns int, o verdict.Options, results ...*check.Result) string {
	t.Helper()
	var b bytes.Buffer
	s := &terminal.IO{Out: &b, Columns: columns, OutTerminal: true}
	if err := verdict.Text(s, catalogue(language), about(), results, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// coloured gives what a screen with colour, or a file, gets.
func coloured(t testing.TB, onScreen, colour bool) string {
	t.Helper()
	var b bytes.Buffer
	s := &terminal.IO{Out: &b, Columns: 80, OutTerminal: onScreen, Colour: colour}
	if err := verdict.Text(s, catalogue(text.Dutch), about(), results()[:1], verdict.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	all := results()
	cases := map[string]string{
		"verhuizing.html.txt": body(write(t, verdict.HTML, text.Dutch, all...)),
		"clean.md":            write(t, verdict.Proof, text.Dutch, clean()),
		"clean.txt":           screen(t, text.Dutch, 80, verdict.Options{}, clean()),
		"one.txt":             screen(t, text.Dutch, 80, verdict.Options{}, all[0]),
		"one-40.txt":          screen(t, text.Dutch, 40, verdict.Options{}, all[0]),
		"one-all.txt":         screen(t, text.English, 100, verdict.Options{All: true}, all[0]),
		"several.txt":         screen(t, text.Dutch, 100, verdict.Options{}, all...),
		"ten.txt":             screen(t, text.Dutch, 100, verdict.Options{}, teams()...),
		"ten-60.txt":          screen(t, text.Dutch, 60, verdict.Options{}, teams()...),
		"list.txt":            list(t),
		"explain.txt":         explain(t),
	}
	for _, language := range text.Languages() {
		for _, format := range verdict.Formats() {
			name := string(format) + "." + string(language)
			if format == verdict.Proof {
				name += ".md"
			}
			if format != verdict.HTML {
				cases[name] = write(t, format, language, all...)
			}
		}
	}
	for name, got := range cases {
		path := filepath.Join("testdata", "golden", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || string(want) != got {
			t.Errorf("%s is otherwise (%v); go test -update writes it anew:\n%s", name, err, got)
		}
	}
}

// body is a page without its stylesheet, which is tested where it is made.
func body(page string) string {
	_, rest, _ := strings.Cut(page, "<body")
	return "<body" + rest
}

// teams are those of a trainer.
func teams() []*check.Result {
	var all []*check.Result
	for i, name := range []string{"Almere", "Breda", "Coevorden", "Den Bosch", "Eindhoven", "Franeker", "Groningen", "Heerenveen", "IJsselstein", "Joure"} {
		r := *results()[i%2]
		r.Name = name
		all = append(all, &r)
	}
	return all
}

func list(t *testing.T) string {
	var b bytes.Buffer
	s := &terminal.IO{Out: &b, Columns: 80}
	if err := verdict.List(s, catalogue(text.Dutch), rules()); err != nil {
		t.Fatal(err)
	}
	if err := verdict.ListJSON(&b, catalogue(text.English), rules()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func explain(t *testing.T) string {
	var b bytes.Buffer
	s := &terminal.IO{Out: &b, Columns: 80}
	for _, rule := range []check.Rule{rules()[0], rules()[2], rules()[5]} {
		if err := verdict.ExplainRule(s, catalogue(text.Dutch), rule); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n-----\n\n")
	}
	return b.String()
}

// TestSameInputSameBytes: a proof that changes by itself gives differences to read.
func TestSameInputSameBytes(t *testing.T) {
	t.Parallel()
	for _, format := range verdict.Formats() {
		if first, again := write(t, format, text.Dutch, results()...), write(t, format, text.Dutch, results()...); first != again {
			t.Errorf("%s differs from time to time", format)
		}
	}
}
