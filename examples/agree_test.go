package examples_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// TestFourAgree holds what is kept of each source against each other: the client
// that keeps it, the log that is written of it, the page of the sources, to which
// that of privacy leads, and the letter to the provider.
func TestFourAgree(t *testing.T) {
	for _, file := range allAnswers(t) {
		agree(t, file)
	}
}

// agree holds the four of one answers file against each other.
func agree(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(file, raw)
	bodies := planned(t, file)
	if len(document.Answers.Sources) > 0 && !strings.Contains(bodies["docs/privacy.md"], "(bronnen.md)") {
		t.Errorf("%s: docs/privacy.md does not lead to docs/bronnen.md", file)
	}
	pages := strings.Split(bodies["docs/bronnen.md"], "\n## ")[1:]
	for i, s := range document.Answers.Sources {
		names, err := naming.Of(s.Name)
		if err != nil || i >= len(pages) {
			t.Fatalf("%s: %s: %v, %d pages", file, s.Name, err, len(pages))
		}
		client := kept(t, bodies["3-integratie/"+names.File+".go"])
		var clientFields, clientWarnings []string
		for _, f := range client.Fields {
			clientFields = append(clientFields, f.Name)
			if f.Title == "" {
				t.Errorf("%s: %s: nothing to read before %s", file, s.Name, f.Name)
			}
		}
		for _, w := range client.Warnings {
			if !slices.Contains(clientFields, w.Field) { // otherwise it is said once, as a field
				clientWarnings = append(clientWarnings, w.Field)
			}
		}
		letter := bodies["docs/toegang/"+names.File+".md"]
		_, table, _ := strings.Cut(letter, "\n## Bijlage: waarom elk veld nodig is\n")
		table, _, _ = strings.Cut(table, "\n## ")
		for where, got := range map[string][2][]string{
			"docs/bronnen.md": {listed(pages[i], "Velden die overblijven:", "- `"), listed(pages[i], "Wat de bron ongevraagd kan meesturen", "- `")},
			"the letter":      {listed(table, "", "| `"), listed(letter, "Uw API kan ongevraagd meesturen", "- `")},
		} {
			if !slices.Equal(got[0], clientFields) || !slices.Equal(got[1], clientWarnings) {
				t.Errorf("%s: %s: the client keeps %q and warns of %q, %s says %q and %q", file, s.Name, clientFields, clientWarnings, where, got[0], got[1])
			}
		}
		for _, w := range clientWarnings {
			if !slices.Contains(clientFields, w) {
				clientFields = append(clientFields, w)
			}
		}
		if got := logged(t, client); !slices.Equal(got, clientFields) {
			t.Errorf("%s: %s: the client keeps %q, the log says %q", file, s.Name, clientFields, got)
		}
	}
}

// listed are the code spans with which lines begin after a text, up to the first
// other line below them.
func listed(text, after, mark string) []string {
	_, text, found := strings.Cut(text, after)
	if !found {
		return nil
	}
	var names []string
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			name, _, _ := strings.Cut(rest, "`")
			names = append(names, name)
		} else if len(names) > 0 {
			break
		}
	}
	return names
}

// kept reads the fields and the warnings of a client from its code.
func kept(t *testing.T, code string) outway.Bron {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "client.go", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := outway.Bron{Name: "bron", Title: "Bron", Service: "bron", Activity: logboek.Activity{Title: "A", URI: "urn:uuid:6e388d29-1fa0-54fa-ae48-3c82bb101763"}}
	ast.Inspect(parsed, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		list, ok := pair.Value.(*ast.CompositeLit)
		if key, named := pair.Key.(*ast.Ident); ok && named && key.Name == "Fields" {
			for _, item := range list.Elts {
				b.Fields = append(b.Fields, outway.Field{Name: text(item, "Name"), Title: text(item, "Title")})
			}
		} else if ok && named && key.Name == "Warnings" {
			for _, item := range list.Elts {
				b.Warnings = append(b.Warnings, outway.Warning{Field: text(item, "Field"), Text: text(item, "Text")})
			}
		}
		return true
	})
	return b
}

// text is the text under a key of a composite literal.
func text(n ast.Expr, key string) string {
	literal, ok := n.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if value, plain := pair.Value.(*ast.BasicLit); plain && pair.Key.(*ast.Ident).Name == key {
			s, _ := strconv.Unquote(value.Value)
			return s
		}
	}
	return ""
}

// notebook remembers what is written down and lets no question through.
type notebook struct{ lines []logboek.Verwerking }

func (n *notebook) Begin(_ context.Context, lines ...logboek.Verwerking) error {
	n.lines = append(n.lines, lines...)
	return errors.New("written down")
}

func (n *notebook) End(context.Context, ...logboek.Verwerking) error { return nil }

// logged are the names that the log of data processing holds of a question.
func logged(t *testing.T, b outway.Bron) []string {
	t.Helper()
	n := &notebook{}
	o, err := outway.NewOutway("http://127.0.0.1:1", map[string]string{"bron": "hash"}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o.Logboek, o.Key = n, logboek.Key(strings.Repeat("s", 32))
	_, _ = o.Ask(t.Context(), b, b.NewQuestion("zoek", "GET", "/zoek"))
	if len(n.lines) != 1 {
		t.Fatalf("%d lines in the log", len(n.lines))
	}
	return n.lines[0].Fields
}

// TestSpecificationsAgree generates a component for each answers file in the
// folders of FIELDLAB_SPECIFICATIONS, each with specifications of others beside
// it, and holds the four of it against each other. They are not in this
// repository.
func TestSpecificationsAgree(t *testing.T) {
	folder := os.Getenv("FIELDLAB_SPECIFICATIONS")
	if folder == "" {
		t.Skip("FIELDLAB_SPECIFICATIONS is not set: a folder with folders with a fieldlab.yaml")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*", "fieldlab.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers in %s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { agree(t, file) })
	}
}
