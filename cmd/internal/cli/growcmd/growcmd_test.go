package growcmd

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

const sheet = `version: 1
component:
  title: Laadpaal
  organisation: {name: Gemeente Duinstad}
register:
  - name: aanvraag
    fields:
      - {name: bsn, type: bsn, title: Burgerservicenummer}
      - {name: adres, type: adres, title: Waar woont u?}
  - name: paal
    plural: palen
    fields: [{name: bsn, type: bsn}, {name: kleur, type: text}]
sources:
  - {name: bag, catalogue: bag}
process:
  subject: aanvraag
  roles: [{name: inwoner, title: Inwoner, audience: citizen}]
  steps:
    - {name: indienen, kind: form, role: inwoner, fields: [bsn], next: kijken}
    - {name: kijken, kind: decide, role: inwoner, title: Even kijken, outcomes: {goed: klaar, nogmaals: kijken, fout: weg}}
    - {name: klaar, kind: end}
    - {name: weg, kind: end}
`

// component is one that is only read.
func component(t testing.TB) *Component {
	t.Helper()
	document, problems := answers.Parse(answers.FileName, []byte(sheet))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	d := Deps{IO: &terminal.IO{Err: io.Discard, Out: io.Discard}, Text: text.Load(text.Dutch)}
	return &Component{d: d, Document: document, Answers: document.Answers}
}

// TestRef finds what people mean: by name, by title, with the entity before a
// dot; and says what cannot be.
func TestRef(t *testing.T) {
	t.Parallel()
	c := component(t)
	for _, one := range []struct {
		kind, said, of string
		want           grow.Ref
		wrong          string
	}{
		{"field", "adres", "", grow.Ref{Kind: grow.Field, Of: "aanvraag", Name: "adres"}, ""},
		{"field", "waar woont u?", "", grow.Ref{Kind: grow.Field, Of: "aanvraag", Name: "adres"}, ""},
		{"field", "paal.bsn", "", grow.Ref{Kind: grow.Field, Of: "paal", Name: "bsn"}, ""},
		{"field", "BSN", "Paal", grow.Ref{Kind: grow.Field, Of: "paal", Name: "bsn"}, ""},
		{"field", "bsn", "", grow.Ref{Kind: grow.Field, Name: "bsn"}, "aanvraag, paal"},
		{"field", "kleuren", "", grow.Ref{Kind: grow.Field, Of: "aanvraag"}, "geen veld"},
		{"field", "bsn", "paul", grow.Ref{Kind: grow.Field}, "Bedoelde u: paal"},
		{"step", "Even kijken", "", grow.Ref{Kind: grow.Step, Name: "kijken"}, ""},
		{"step", "kijken", "paal", grow.Ref{Kind: grow.Step, Name: "kijken"}, ""},
		{"role", "inwonr", "", grow.Ref{Kind: grow.Role}, "Bedoelde u: inwoner"},
		{"source", "bag", "", grow.Ref{Kind: grow.Source, Name: "bag"}, ""},
		{"activity", "x", "", grow.Ref{Kind: grow.Activity}, "geen verwerkingsactiviteit"},
		{"rol", "x", "", grow.Ref{}, "Bedoelde u: role"},
		{"", "", "", grow.Ref{}, ""},
	} {
		got, wrong := c.Ref(one.kind, one.said, one.of)
		said := strings.Join(wrong, "\n")
		if one.wrong == "" && got != one.want || (one.wrong == "") != (said == "") || !strings.Contains(said, one.wrong) {
			t.Errorf("%s %q of %q: %+v, %q", one.kind, one.said, one.of, got, said)
		}
	}
}

// TestNamed reads a name as the file has it, or makes it of a title.
func TestNamed(t *testing.T) {
	t.Parallel()
	c := component(t)
	field, step := grow.Ref{Kind: grow.Field, Of: "aanvraag", Name: "adres"}, grow.Ref{Kind: grow.Step, Name: "kijken"}
	for _, one := range []struct {
		ref         grow.Ref
		said, title string
		name, shown string
		wrong       bool
	}{
		{field, "woonadres", "", "woonadres", "", false},
		{field, "Waar woont u nu?", "", "waarWoontUNu", "Waar woont u nu?", false},
		{field, "woonadres", "Waar?", "woonadres", "Waar?", false},
		{field, "", "Waar?", "adres", "Waar?", false},
		{field, "Burgerservicenummer", "", "burgerservicenummer", "Burgerservicenummer", true},
		{field, "adres", "", "adres", "", false}, // that it has that name already is for package grow
		{step, "Nog eens kijken", "", "nog-eens-kijken", "Nog eens kijken", false},
		{step, "indienen", "", "indienen", "", true},
		{step, "?!", "", "", "", true},
	} {
		name, shown, wrong := c.Named(one.ref, one.said, one.title)
		if (len(wrong) > 0) != one.wrong || !one.wrong && (name != one.name || shown != one.shown) {
			t.Errorf("%q, %q: %q, %q, %v", one.said, one.title, name, shown, wrong)
		}
	}
}

func TestWays(t *testing.T) {
	t.Parallel()
	c := component(t)
	for step, want := range map[string][]string{"kijken": {"klaar", "weg"}, "indienen": {"kijken"}, "klaar": nil, "nergens": nil} {
		if got := c.Ways(step); !slices.Equal(got, want) {
			t.Errorf("%s leads to %v", step, got)
		}
	}
}

// TestOnlyARegularFile in the folder itself is read: through a link the command
// would change another file than it read, and a pipe would be waited for.
func TestOnlyARegularFile(t *testing.T) {
	t.Parallel()
	elsewhere := filepath.Join(t.TempDir(), "elders.yaml")
	for name, target := range map[string]string{"out of the folder": elsewhere, "in the folder": "elders.yaml", "to itself": answers.FileName} {
		dir := t.TempDir()
		for _, file := range []string{elsewhere, filepath.Join(dir, "elders.yaml")} {
			if err := os.WriteFile(file, []byte(sheet), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(target, filepath.Join(dir, answers.FileName)); err != nil {
			t.Skip("no links here:", err)
		}
		c, err := read(component(t).d, dir)
		if err == nil {
			c.Close()
			t.Errorf("a link %s was followed", name)
			continue
		}
		if !strings.Contains(err.Error(), "verwijzing") {
			t.Errorf("a link %s: %v", name, err)
		}
	}
}

// FuzzRef: whatever is typed, nothing panics, and what is said of it does not
// steer the terminal.
func FuzzRef(f *testing.F) {
	for _, seed := range []string{"", "adres", "paal.bsn", ".", "...", "\x1b[31mrood", "'s-Hertogenbosch", "\xff", "Waar woont u?", strings.Repeat("a", 5000)} {
		f.Add("field", seed, "paal")
		f.Add(seed, seed, "")
		f.Add("step", seed, seed)
	}
	f.Fuzz(func(t *testing.T, kind, said, of string) {
		c := component(t)
		ref, wrong := c.Ref(kind, said, of)
		if words := strings.Join(wrong, "\n"); terminal.SafeLines(words) != words {
			t.Errorf("%q", words)
		}
		if _, _, wrong = c.Named(ref, strings.TrimSpace(said), of); strings.Contains(strings.Join(wrong, ""), "\x1b") {
			t.Errorf("%q", wrong)
		}
		c.Ways(said)
	})
}
