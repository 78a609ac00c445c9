package bundlecmd

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

func deps() (evolve.Deps, *bytes.Buffer) {
	var said bytes.Buffer
	return evolve.Deps{
		IO: &terminal.IO{In: strings.NewReader(""), Out: &said, Err: &said}, Text: text.Load(text.Dutch), Pack: templates.Component(),
		Version: "1.2.3", Env: os.Getenv,
	}, &said
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lacking skips a test for which this machine lacks something; in continuous
// integration that is a failure.
func lacking(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

func TestOptions(t *testing.T) {
	t.Chdir(t.TempDir())
	for line, want := range map[string]string{
		"stick":     "",
		"./verify2": "",
		"verfy":     "Bedoelde u verify",
		"stick --systems linux/amd64,Darwin/ARM64": "",
		"stick --systems plan9/386":                "plan9/386",
		"stick --systems linux":                    "geen systeem",
		"a b":                                      "",
		"":                                         "mist een argument",
	} {
		d, _ := deps()
		var got *Options
		cmd := newMake(d, func(o *Options) error { got = o; return nil })
		cmd.AddCommand(newVerify(d, nil), newUse(d, nil))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		args := strings.Fields(line)
		if line == "a b" {
			args = []string{"a b"} // a name with a space
		}
		cmd.SetArgs(args)
		err := cmd.ExecuteContext(t.Context())
		var usage failure.Usage
		switch {
		case want == "" && (err != nil || got == nil || len(got.systems) == 0):
			t.Errorf("%q: %v", line, err)
		case want != "" && (!errors.As(err, &usage) || !strings.Contains(usage.Text, want)):
			t.Errorf("%q: %v, want %s", line, err, want)
		}
	}
}

func TestUseOptions(t *testing.T) {
	for line, want := range map[string]string{"stick": "stick []", "stick -- go test ./...": "stick [go test ./...]", "stick --": "stick []", "": " []", "-- go version": " [go version]", "stick go": "", "a b -- go": ""} {
		d, _ := deps()
		got := ""
		cmd := newUse(d, func(o *UseOptions) error {
			got = o.Where + " [" + strings.Join(o.Command, " ") + "]"
			return nil
		})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(strings.Fields(line))
		err := cmd.ExecuteContext(t.Context())
		var usage failure.Usage
		if got != want || (want == "") != errors.As(err, &usage) {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
}

// TestWords: every sentence that package bundle asks for has a text that takes as
// many values as it gives.
func TestWords(t *testing.T) {
	d, _ := deps()
	for _, step := range []string{"teams", "modules", "go", "go-download", "build", "release", "write", "fetch-go", "unpack", "copy"} {
		if !d.Text.Has("bundle.step." + step) {
			t.Errorf("no words for %s", step)
		}
	}
	for _, why := range []string{"missing", "changed", "cut-off", "extra", "unreadable"} {
		if !d.Text.Has("bundle.fault." + why) {
			t.Errorf("no words for %s", why)
		}
	}
	err := failed(d, &bundle.Error{Key: "bundle.hostile", Args: []any{"x\x1b[2J", "y"}})
	var shortfall failure.Shortfall
	if !errors.As(err, &shortfall) || strings.Contains(shortfall.Text, "\x1b") {
		t.Error(err)
	}
	err = failed(d, &bundle.Error{Key: "bundle.hostile", Args: []any{"x", strings.Repeat("<html>", 100_000)}})
	if !errors.As(err, &shortfall) || len(shortfall.Text) > 1000 {
		t.Errorf("a message of %d bytes", len(shortfall.Text))
	}
}

// TestValues: a sentence shows as many values as package bundle gives it.
func TestValues(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "bundle", "*.go"))
	fatal(t, err)
	d, _ := deps()
	verb, count := regexp.MustCompile(`%\[(\d)\]`), 0
	check := func(key ast.Expr, args []ast.Expr) {
		literal, is := key.(*ast.BasicLit)
		if !is {
			return // the function that makes them all
		}
		count++
		name, shown := strings.Trim(literal.Value, `"`), 0
		for _, found := range verb.FindAllStringSubmatch(d.Text.T(name), -1) {
			shown = max(shown, int(found[1][0]-'0'))
		}
		if shown != len(args) || !d.Text.Has(name) {
			t.Errorf("%s shows %d values and gets %d", name, shown, len(args))
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		fatal(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, is := n.Fun.(*ast.Ident); is && f.Name == "refuse" && len(n.Args) > 0 {
					check(n.Args[0], n.Args[1:])
				}
			case *ast.CompositeLit:
				var key ast.Expr
				var args []ast.Expr
				for _, e := range n.Elts {
					if pair, is := e.(*ast.KeyValueExpr); is {
						switch name, _ := pair.Key.(*ast.Ident); {
						case name == nil:
						case name.Name == "Key":
							key = pair.Value
						case name.Name == "Args":
							if list, is := pair.Value.(*ast.CompositeLit); is {
								args = list.Elts
							}
						}
					}
				}
				if kind, is := n.Type.(*ast.Ident); is && kind.Name == "Error" && key != nil {
					check(key, args)
				}
			}
			return true
		})
	}
	if count < 30 {
		t.Errorf("only %d sentences found", count)
	}
}

// TestDocuments: they are there, in Dutch, with names that can be on a stick.
func TestDocuments(t *testing.T) {
	d, _ := deps()
	all, err := documents(d)
	fatal(t, err)
	names := map[string]bool{}
	for _, one := range all {
		if names[one.Name] || one.Title == "" || len(one.Body) < 50 || bytes.HasPrefix(one.Body, []byte("---\n")) {
			t.Errorf("%s: %q, %d bytes", one.Name, one.Title, len(one.Body))
		}
		names[one.Name] = true
	}
	for _, name := range []string{"uitleg-lagen", "verhuizing-readme", "verhuizing-fieldlab", "verhuizing-testgegevens", "adresonderzoek-readme"} {
		if !names[name] {
			t.Errorf("no %s", name)
		}
	}
}

// TestExitCode: the code of the command is that of use; a shell has none.
func TestExitCode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	d, said := deps()
	d.IO.In = strings.NewReader("in\n")
	command := program(bundle.Ready{Path: []string{t.TempDir()}}, []string{"sh", "-c", "cat; echo err >&2; exit 3"})
	var ended failure.Exit
	if err := wait(d, command); !errors.As(err, &ended) || ended.Code != 3 || said.String() != "in\nerr\n" {
		t.Errorf("%v, %q", err, said)
	}
	if err := wait(d, program(bundle.Ready{}, []string{"sh", "-c", "kill -9 $$"})); !errors.As(err, &ended) || ended.Code != 1 {
		t.Error(err)
	}
	var usage failure.Usage
	if err := wait(d, program(bundle.Ready{}, []string{"bestaat-niet"})); !errors.As(err, &usage) || !strings.Contains(usage.Text, "bestaat-niet") {
		t.Error(err)
	}
	dir := t.TempDir()
	fatal(t, os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\necho van de bundel\n"), 0o755))
	said.Reset()
	if err := wait(d, program(bundle.Ready{Path: []string{dir}}, []string{"go"})); err != nil || said.String() != "van de bundel\n" {
		t.Errorf("%v, %s", err, said)
	}
}

func TestWithin(t *testing.T) {
	dir := t.TempDir()
	fatal(t, os.MkdirAll(filepath.Join(dir, "stick", "go"), 0o755))
	t.Chdir(filepath.Join(dir, "stick", "go"))
	for where, want := range map[string]bool{"..": true, ".": true, filepath.Join(dir, "stick"): true, filepath.Join(dir, "st"): false, "http://x": false} {
		if within(where) != want {
			t.Errorf("%s: %v", where, !want)
		}
	}
}
