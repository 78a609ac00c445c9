package kerncmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

func deps() (evolve.Deps, *bytes.Buffer) {
	var out bytes.Buffer
	return evolve.Deps{IO: &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &out}, Text: text.Load(text.Dutch), Pack: templates.Component(), Version: "1.2.3"}, &out
}

func write(t *testing.T, dir, name, body string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(body), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// TestStatusWithoutBase: a component from before there was a base remembers one
// sum of kern: whether it differs is known, and where is not.
func TestStatusWithoutBase(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "kern/pki/pki.go", "package pki\n")
	sum := plan.KernSum([]plan.File{{Path: "kern/pki/pki.go", Body: []byte("package pki\n"), Owner: plan.Kern}})
	write(t, dir, plan.ManifestPath, fmt.Sprintf(`{"version": 2, "generator": "1.1.0", "kern": %q, "files": []}`, sum))
	d, out := deps()
	if err := status(d, &StatusOptions{Dir: dir}); err != nil || !strings.Contains(out.String(), "fieldlab 1.1.0") {
		t.Errorf("%v\n%s", err, out)
	}
	write(t, dir, "kern/pki/pki.go", "package pki // van ons\n")
	d, out = deps()
	var shortfall failure.Shortfall
	if err := status(d, &StatusOptions{Dir: dir}); !errors.As(err, &shortfall) || !strings.Contains(out.String(), "Waar, is pas te zien na fieldlab update") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestStatusOfWhatIsNone: what is no component, and what fieldlab remembers when
// it is damaged, each have a sentence of their own.
func TestStatusOfWhatIsNone(t *testing.T) {
	for body, want := range map[string]string{"": "geen component", "{": "beschadigd", `{"version": 99}`: "nieuwere fieldlab", `{"version": 1, "generator": "0.1", "files": []}`: "kamers"} {
		dir := t.TempDir()
		if body != "" {
			write(t, dir, plan.ManifestPath, body)
		}
		d, out := deps()
		var shortfall failure.Shortfall
		if err := status(d, &StatusOptions{Dir: dir}); !errors.As(err, &shortfall) || !strings.Contains(shortfall.Text, want) || out.Len() > 0 {
			t.Errorf("%q: %v\n%s", body, err, out)
		}
	}
}

// TestNamesOfPackages: in whatever form somebody writes them.
func TestNamesOfPackages(t *testing.T) {
	for name, want := range map[string]string{"outway": "outway", "kern/outway": "outway", "./kern/outway/": "outway", "nabootsing/bron": "nabootsing/bron", `kern\nabootsing\bron`: "nabootsing/bron"} {
		d, _ := deps()
		o := &TakeOptions{Packages: []string{name, "pki", name}}
		if err := o.check(d); err != nil || !slices.Contains(o.Packages, want) || len(o.Packages) != 2 {
			t.Errorf("%q: %v, %v", name, o.Packages, err)
		}
	}
	for _, name := range []string{"", ".", "..", "../x", "kern", "/", "outway/testdata", "outway\x1b[2J"} {
		d, _ := deps()
		var usage failure.Usage
		if err := (&TakeOptions{Packages: []string{name}}).check(d); !errors.As(err, &usage) || strings.Contains(usage.Text, "\x1b") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
