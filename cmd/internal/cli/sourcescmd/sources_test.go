package sourcescmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

func deps() (Deps, *bytes.Buffer) {
	var out bytes.Buffer
	return Deps{IO: &terminal.IO{Out: &out, Err: &bytes.Buffer{}}, Text: text.Load(text.Dutch)}, &out
}

func run(cmd *cobra.Command, args ...string) error {
	cmd.SetArgs(append([]string{}, args...))
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return cmd.Execute()
}

func TestOptions(t *testing.T) {
	d, _ := deps()
	var l ListOptions
	if err := run(newList(d, func(o *ListOptions) error { l = *o; return nil }), "--json"); err != nil || !l.JSON {
		t.Errorf("list gives %+v, %v", l, err)
	}
	var s ShowOptions
	if err := run(newShow(d, func(o *ShowOptions) error { s = *o; return nil }), "bag", "--json"); err != nil || s != (ShowOptions{Name: "bag", JSON: true}) {
		t.Errorf("show gives %+v, %v", s, err)
	}
	if err := run(newShow(d, nil)); !errors.As(err, &failure.Usage{}) {
		t.Errorf("show without a name: %v", err)
	}
}

func TestListAsJSON(t *testing.T) {
	d, out := deps()
	if err := run(New(d), "list", "--json"); err != nil {
		t.Fatal(err)
	}
	var all []line
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) != len(catalogue.Names()) || all[0].Name != "bag" || all[0].Provider != "Kadaster" {
		t.Errorf("%v: %s", err, out)
	}
}

// TestShowTellsAll: whatever an entry knows of access and questions is shown,
// and no line is wider than a terminal unless it is one word.
func TestShowTellsAll(t *testing.T) {
	for _, e := range catalogue.Entries() {
		d, out := deps()
		if err := run(New(d), "show", e.Name); err != nil {
			t.Fatal(err)
		}
		shown := strings.Join(strings.Fields(out.String()), " ")
		want := []string{e.Title, e.Provider.Name, e.Service, e.Access.With, e.Access.Where, e.Access.Duration, e.Access.How, e.Caveat, snippetLine(e)}
		for _, op := range e.Operations {
			want = append(want, op.Name, op.About)
			for _, p := range op.Parameters {
				want = append(want, p.Name)
			}
		}
		for _, p := range e.Personas {
			want = append(want, p.Key, p.About)
		}
		for _, w := range e.Warnings {
			want = append(want, w.Text)
		}
		for _, b := range e.BaseURLs {
			want = append(want, b.URL)
		}
		for _, part := range want {
			if !strings.Contains(shown, strings.Join(strings.Fields(part), " ")) {
				t.Errorf("%s does not show %q", e.Name, part)
			}
		}
		told, _, _ := strings.Cut(out.String(), "\nsources:")
		for line := range strings.SplitSeq(told, "\n") {
			if len([]rune(line)) > 80 && len(strings.Fields(line)) > 2 {
				t.Errorf("%s: a line of %d: %s", e.Name, len([]rune(line)), line)
			}
		}
	}
}

func snippetLine(e catalogue.Entry) string { return "catalogue: " + e.Name }

// TestSnippetsWork: what a team copies gives a component without a mistake.
func TestSnippetsWork(t *testing.T) {
	for _, e := range catalogue.Entries() {
		file := "version: 1\ncomponent: {title: Proef}\n" + snippet(e) + "privacy: {activities: [{name: behandelen, purpose: proeven, basis: publieke taak}]}\n"
		document, wrong := answers.Parse("fieldlab.yaml", []byte(file))
		_, more := model.New(document.Answers, nil, model.Env{})
		for _, p := range append(wrong, more...) {
			if strings.HasPrefix(p.Key, "sources") {
				t.Errorf("%s: %s\n%s", e.Name, p.Text("nl"), file)
			}
		}
	}
}
