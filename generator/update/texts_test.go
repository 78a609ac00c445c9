package update

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestWithLines: the line comes under what is not released yet, as the changelog
// has it.
func TestWithLines(t *testing.T) {
	const line = "- Veld x van y toegevoegd."
	for name, c := range map[string][2]string{
		"as it is generated":  {"# W\n\n## Nog niet uitgebracht\n\n### Toegevoegd\n\n- a\n", "# W\n\n## Nog niet uitgebracht\n\n### Toegevoegd\n\n- a\n\n### Gewijzigd\n\n" + line + "\n"},
		"with changes":        {"# W\n\n## Nog niet uitgebracht\n\n### Gewijzigd\n\n- a\n\n### Verwijderd\n\n- b\n", "# W\n\n## Nog niet uitgebracht\n\n### Gewijzigd\n\n- a\n" + line + "\n\n### Verwijderd\n\n- b\n"},
		"with an empty list":  {"# W\n\n## [Unreleased]\n\n### Changed\n\n## 1.0\n\n- a\n", "# W\n\n## [Unreleased]\n\n### Changed\n\n" + line + "\n\n## 1.0\n\n- a\n"},
		"with a release":      {"# W\n\n## Onbekend\n\n- a\n\n## 1.0 - 2026-01-01\n\n### Gewijzigd\n\n- b\n", "# W\n\n## Onbekend\n\n- a\n\n### Gewijzigd\n\n" + line + "\n\n## 1.0 - 2026-01-01\n\n### Gewijzigd\n\n- b\n"},
		"all released":        {"# W\n\n## 1.0\n\n- a\n", "# W\n\n## Nog niet uitgebracht\n\n### Gewijzigd\n\n" + line + "\n\n## 1.0\n\n- a\n"},
		"nothing but a title": {"# W\n", "# W\n\n## Nog niet uitgebracht\n\n### Gewijzigd\n\n" + line + "\n"},
		"empty":               {"", "## Nog niet uitgebracht\n\n### Gewijzigd\n\n" + line + "\n"},
		"windows":             {"# W\r\n\r\n## Unreleased\r\n\r\n### Changed\r\n\r\n- a\r\n", "# W\r\n\r\n## Unreleased\r\n\r\n### Changed\r\n\r\n- a\r\n" + line + "\r\n"},
	} {
		if got := string(withLines([]byte(c[0]), []string{"Veld x van\n y toegevoegd."})); got != c[1] {
			t.Errorf("%s: got\n%q, want\n%q", name, got, c[1])
		}
	}
}

// TestWithSteps: what people wrote stays, also their comments.
func TestWithSteps(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		steps map[string]string
		want  string
	}{
		"new":              {"", map[string]string{"b": "c", "a": "blijft"}, "a: blijft\nb: c\n"},
		"beside others":    {"# Van ons\nx: y # want\n", map[string]string{"a": "b"}, "# Van ons\nx: y # want\na: b\n"},
		"no end of line":   {"x: y", map[string]string{"a": "b"}, "x: y\na: b\n"},
		"another place":    {"a: c # omdat\nx: y\n", map[string]string{"a": "b"}, "a: b # omdat\nx: y\n"},
		"the same":         {"a:   b\n", map[string]string{"a": "b"}, "a: b\n"},
		"through":          {"x: a # eerst\n", map[string]string{"a": "b"}, "x: b # eerst\na: b\n"},
		"through, stays":   {"x: a\n", map[string]string{"a": "blijft"}, "x: blijft\na: blijft\n"},
		"came back":        {"new: b\nx: y\n", map[string]string{"b": "new"}, "x: y\nb: new\n"},
		"came back itself": {"new: b # toen\nc: b\n", map[string]string{"b": "new"}, "c: new\nb: new\n"},
		"back without one": {"x: y\nnew: blijft\n", nil, "x: y\n"},
		"windows":          {"x: y\r\n", map[string]string{"a": "b"}, "x: y\r\na: b\r\n"},
		"needs quotes":     {"", map[string]string{"ja": "a: b"}, "ja: \"a: b\"\n"},
		"quoted by people": {"'a': \"c\"\n", map[string]string{"a": "b"}, "a: b\n"},
		"no YAML":          {"a: [\n", map[string]string{"a": "b"}, "a: [\na: b\n"},
	} {
		got := string(withSteps([]byte(c.text), c.steps, map[string]bool{"new": true}))
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSaid: the difference between two answers in words.
func TestSaid(t *testing.T) {
	before := answers.Answers{
		Register: []answers.Entity{{Name: "boom", Fields: []answers.Field{{Name: "soort"}, {Name: "hoogte"}}}, {Name: "weg", Fields: []answers.Field{{Name: "x"}}}},
		Process:  answers.Process{Steps: []answers.Step{{Name: "melden"}}},
	}
	after := answers.Answers{
		Register: []answers.Entity{{Name: "struik", Fields: []answers.Field{{Name: "ras"}, {Name: "kleur"}}}, {Name: "perk", Fields: []answers.Field{{Name: "y"}}}},
		Process:  answers.Process{Steps: []answers.Step{{Name: "melden"}, {Name: "toetsen"}}},
	}
	f := &finder{u: &Update{From: "1", To: "2"}, old: &answers.Document{Answers: before}, now: &answers.Document{Answers: after},
		r: Request{Renames: []grow.Rename{{Kind: grow.Entity, Old: "boom", New: "struik"}, {Kind: grow.Field, Of: "struik", Old: "soort", New: "ras"}}}}
	want := "Entiteit boom heet nu struik.|Veld soort van boom heet nu ras.|Veld kleur van struik toegevoegd.|Entiteit perk toegevoegd.|Stap toetsen toegevoegd.|" +
		"Veld hoogte van boom vervallen.|Entiteit weg vervallen.|Bijgewerkt met fieldlab 2 (was 1)."
	if got := strings.Join(f.said(), "|"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReplaceIdentifiers: names in Go follow, words in texts and comments do not.
func TestReplaceIdentifiers(t *testing.T) {
	const text = "package x\n\n// Boom is een Boom.\nfunc f(b *Boom) string { bomen := \"Boom\"; return b.Boom + bomen + `Boom` }\n"
	want := "package x\n\n// Boom is een Boom.\nfunc f(b *Struik) string { bomen := \"Boom\"; return b.Struik + bomen + `Boom` }\n"
	if got := string(replaceIdentifiers([]byte(text), map[string]string{"Boom": "Struik"})); got != want {
		t.Errorf("got %s", got)
	}
	if got := string(replaceIdentifiers([]byte("dit is \x00 geen Go `"), map[string]string{"geen": "wel"})); got != "dit is \x00 wel Go `" {
		t.Errorf("got %q", got)
	}
}

// TestJournalOfAStranger: one that another fieldlab wrote, or that leads elsewhere.
func TestJournalOfAStranger(t *testing.T) {
	for name, c := range map[string]struct {
		journal journal
		want    base.Code
	}{
		"later":           {journal{Version: journalVersion + 1}, base.Newer},
		"a file outside":  {journal{Version: journalVersion, Ops: []op{{Path: "../x"}}}, base.BadPath},
		"content outside": {journal{Version: journalVersion, Ops: []op{{Path: "x", Staged: "nieuw/../../x"}}}, base.BadPath},
		"old outside":     {journal{Version: journalVersion, Ops: []op{{Path: "x", Kept: "/etc/passwd"}}}, base.BadPath},
		"markers outside": {journal{Version: journalVersion, Markers: []string{"../x"}}, base.BadPath},
		"beside outside":  {journal{Version: journalVersion, Beside: []string{"/x"}}, base.BadPath},
	} {
		body, err := c.journal.encode()
		if err != nil {
			t.Fatal(err)
		}
		var fault base.Fault
		if _, err := decode(body, "x"); !errors.As(err, &fault) || fault.Code != c.want {
			t.Errorf("%s: gives %v", name, err)
		}
	}
}

// FuzzJournal: whatever lies there as a journal, nothing of it leads outside.
func FuzzJournal(f *testing.F) {
	j := &journal{Version: journalVersion, Ops: []op{{Path: "docs/x.md", Staged: "nieuw/000000", New: "x"}}}
	seed, err := j.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := decode(data, "x")
		if err != nil {
			return
		}
		for _, one := range read.Ops {
			if strings.Contains(one.Path, "..") && strings.HasPrefix(one.Path, "../") || strings.Contains(one.Staged+one.Kept, "..") {
				t.Errorf("op %+v", one)
			}
		}
	})
}

// TestInIdentifier: a name is replaced where it is a part by itself.
func TestInIdentifier(t *testing.T) {
	one := spelling{old: []naming.Names{{Go: "Bomen", Var: "bomen"}, {Go: "Boom", Var: "boom"}}, now: []naming.Names{{Go: "Struiken", Var: "struiken"}, {Go: "Struik", Var: "struik"}}}
	for name, want := range map[string]string{
		"Boom": "Struik", "boom": "struik", "boomSoort": "struikSoort", "NieuweBoom": "NieuweStruik", "BoomID": "StruikID", "alleBomen": "alleStruiken", "Boom2": "Struik2",
		"Boomgaard": "Boomgaard", "boomgaard": "boomgaard", "kapboom": "kapboom", "KAPBoom": "KAPBoom", "Soort": "Soort",
	} {
		if got := one.inIdentifier(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}

// TestEveryKindHasAWord: a kind without one would come nameless in the changelog.
func TestEveryKindHasAWord(t *testing.T) {
	all := answers.Answers{
		Register: []answers.Entity{{Name: "boom", Fields: []answers.Field{{Name: "soort"}}}}, Sources: []answers.Source{{Name: "bag"}},
		Process: answers.Process{Roles: []answers.Role{{Name: "inwoner"}}, Steps: []answers.Step{{Name: "melden"}}},
		Privacy: answers.Privacy{Activities: []answers.Activity{{Name: "bomen"}}},
	}
	for _, kind := range grow.Kinds() {
		if kindWords[kind] == "" || !slices.ContainsFunc(named(all).order, func(i item) bool { return i.kind == kind }) {
			t.Errorf("kind %s is not in the changelog: add it to named and kindWords in generator/update/changelog.go", kind)
		}
	}
}

// TestKernReadsWhatIsWritten: the two sides of the file with transitions share no
// code, for kern knows nothing of the generator.
func TestKernReadsWhatIsWritten(t *testing.T) {
	body, err := fs.ReadFile(templates.Component(), "kern/proces/transitions.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"const TransitionsFile = " + strconv.Quote(TransitionPath) + "\n", "const stays = " + strconv.Quote(Stays) + "\n"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("kern/proces/transitions.go does not say %s", want)
		}
	}
}
