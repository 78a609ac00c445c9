package newcmd

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

func deps(person bool) (Deps, *bytes.Buffer, *bytes.Buffer) {
	var out, err bytes.Buffer
	return Deps{
		IO:   &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &err, InTerminal: person, ErrTerminal: person},
		Text: text.Load(text.Dutch), Pack: fstest.MapFS{}, Env: func(string) string { return "" }, Now: time.Now,
		ConfigDir: func() (string, error) { return "", errors.New("none") },
	}, &out, &err
}

// TestFlags: command line → options.
func TestFlags(t *testing.T) {
	for _, c := range []struct {
		line   string
		person bool
		want   Options
	}{
		{"", true, Options{}},
		{"verhuizing", true, Options{Dir: "verhuizing"}},
		{"verhuizing --answers a.yaml", false, Options{Dir: "verhuizing", Answers: "a.yaml"}},
		{"--answers -", false, Options{Answers: "-"}},
		{"--answers - --set a=b --set c=d,e", false, Options{Answers: "-", Set: []string{"a=b", "c=d,e"}}},
		{"x --defaults --dry-run --no-git --json", false, Options{Dir: "x", Defaults: true, DryRun: true, NoGit: true, JSON: true}},
		{"x --set component.title=y", true, Options{Dir: "x", Set: []string{"component.title=y"}}},
	} {
		d, _, _ := deps(c.person)
		var got *Options
		cmd := New(d, func(o *Options) error { got = o; return nil })
		cmd.SetArgs(strings.Fields(c.line))
		if err := cmd.Execute(); err != nil || !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%q gives %+v, %v", c.line, got, err)
		}
	}
}

// TestRefusedFlags: command line → what is wrong with it.
func TestRefusedFlags(t *testing.T) {
	for _, c := range []struct {
		line, want string
		person     bool
	}{
		{"", "--answers BESTAND", false},
		{"verhuizing --set a=b", "--answers BESTAND", false},
		{"x --answers a.yaml --defaults", "niet allebei", true},
		{"x --answers=", "hoort een bestand", true},
		{"x --set register[0].title=y", "register[0].title", true},
		{"a b", "argument te veel", true},
	} {
		d, _, _ := deps(c.person)
		cmd := New(d, func(*Options) error { t.Errorf("%q ran", c.line); return nil })
		cmd.SetArgs(strings.Fields(c.line))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		var usage failure.Usage
		if err := cmd.Execute(); !errors.As(err, &usage) || !strings.Contains(usage.Text, c.want) || usage.Hint == "" {
			t.Errorf("%q: %v", c.line, err)
		}
	}
}

// TestTell: options and result → what people read.
func TestTell(t *testing.T) {
	result := generator.Result{Dir: "/werk/verhuizing", Files: make([]generator.File, 3), Elapsed: 42 * time.Millisecond, Commit: "abc"}
	for name, c := range map[string]struct {
		o      Options
		change func(*generator.Result)
		want   []string
		not    []string
	}{
		"plain":     {Options{Dir: "verhuizing"}, func(*generator.Result) {}, []string{"Gemaakt: verhuizing, 3 bestanden in 42 ms.", "cd verhuizing && go run ."}, []string{"Git", "overdracht"}},
		"here":      {Options{Dir: "."}, func(*generator.Result) {}, []string{"\n  go run .\n"}, []string{"cd "}},
		"odd name":  {Options{Dir: "'s-Hertogenbosch"}, func(*generator.Result) {}, []string{`cd ''\''s-Hertogenbosch' && go run .`}, nil},
		"enclosing": {Options{Dir: "x"}, func(r *generator.Result) { r.Enclosing = "/werk" }, []string{"repository /werk"}, nil},
		"no git":    {Options{Dir: "x", NoGit: true}, func(r *generator.Result) { r.Persons = stranger("user.name") }, []string{"zoals u vroeg"}, []string{"user.name"}},
		"stranger":  {Options{Dir: "x"}, func(r *generator.Result) { r.Persons = stranger("user.name", "user.email") }, []string{`"fieldlab <fieldlab@localhost>"`, `git config --global user.name "Uw naam"`, "git config --global user.email u@", "git -C x commit --amend --reset-author"}, nil},
		"no name":   {Options{Dir: "x"}, func(r *generator.Result) { r.Persons = stranger("user.name") }, []string{"kent uw naam nog niet", "git config --global user.name"}, []string{"user.email"}},
		"no mail":   {Options{Dir: "x"}, func(r *generator.Result) { r.Persons = stranger("user.email") }, []string{"kent uw e-mailadres nog niet", "git config --global user.email"}, []string{"user.name"}},
		"unread": {Options{Dir: "x"}, func(r *generator.Result) {
			r.Persons = repository.Persons{Author: repository.Identity{Name: "Ans", Email: "a@x.test"}, Unread: []string{"/huis/kapot"}}
		}, []string{"Niet gelezen: /huis/kapot", `"Ans <a@x.test>"`, "--reset-author"}, []string{"user.name"}},
		"open": {Options{Dir: "x"}, func(r *generator.Result) { r.OpenItems = make([]model.OpenItem, 2) }, []string{"2 punten", "overdracht.md"}, nil},
	} {
		d, out, words := deps(false)
		r := result
		c.change(&r)
		tell(d, &c.o, r)
		for _, want := range c.want {
			if !strings.Contains(words.String(), want) {
				t.Errorf("%s: %q is not in %q", name, want, words)
			}
		}
		for _, not := range c.not {
			if strings.Contains(words.String(), not) {
				t.Errorf("%s: %q is in %q", name, not, words)
			}
		}
		if out.Len() > 0 {
			t.Errorf("%s: words on standard output: %q", name, out)
		}
	}
}

func stranger(missing ...string) repository.Persons {
	return repository.Persons{Author: repository.Fallback, Missing: missing}
}

func TestTree(t *testing.T) {
	files := plan.Plan{
		{Path: ".github/workflows/ci.yml", Body: make([]byte, 10)},
		{Path: "1-gegevens/database.go", Body: make([]byte, 1500)},
		{Path: "1-gegevens/migraties/0001.sql", Body: make([]byte, 999)},
		{Path: "main.go", Body: make([]byte, 2_000_000)},
	}
	want := `proef/
├── .github/
│   └── workflows/
│       └── ci.yml  (10 B)
├── 1-gegevens/
│   ├── database.go  (1.5 kB)
│   └── migraties/
│       └── 0001.sql  (999 B)
└── main.go  (2.0 MB)
`
	if got := draw("proef/", files); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	folders, loose := overview(files, func(n int) string { return strings.Repeat("*", n) })
	if folders != "  .github/       *\n  1-gegevens/    **\n" || loose != "main.go" {
		t.Errorf("got %q and %q", folders, loose)
	}
}

func TestQuoted(t *testing.T) {
	for argument, want := range map[string]string{
		"verhuizing": "verhuizing", "../a/b-c_d.yaml": "../a/b-c_d.yaml", `C:\werk`: `C:\werk`,
		"met spatie": "'met spatie'", "": "''", "$(rm)": "'$(rm)'", "-x": "./-x", "-x y": "'./-x y'", "it's": `'it'\''s'`,
	} {
		if got := quoted(argument); got != want {
			t.Errorf("%q gives %s, want %s", argument, got, want)
		}
	}
}
