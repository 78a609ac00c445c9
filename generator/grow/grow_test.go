package grow

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// kap has everything that something can refer to.
const kap = `version: 1
component: {name: kap, title: Boom kappen, organisation: {name: Gemeente Proef}}
register:
  - name: aanvraag
    title: Aanvraag
    fields:
      - {name: bsn, type: bsn, required: true, person: inwoner}
      - {name: plek, type: adres, required: true}
      - {name: reden, type: text}
      - {name: klaarOp, type: date}
      - {name: postcode, type: postcode}
    retention: {period: P5Y, start: object, field: klaarOp, results: [{result: weg, period: P1Y}]}
  - name: bijlage
    plural: stukken
    fields:
      - {name: bij, type: reference, entity: aanvraag}
      - {name: reden, type: text}
  - {name: los, fields: [{name: a, type: text}]}
sources:
  - {name: bag, catalogue: bag, operations: [bevraagAdressen], purpose: {activity: kappen, fields: [postcode, adresseerbaarObjectIdentificatie]}}
  - {name: bomen, operations: [{name: zoek, path: "/bomen/{nummer}", parameters: [postcode?, id]}], purpose: {activity: kappen, fields: [soort]}}
  - {name: woz, catalogue: woz, operations: [], purpose: {activity: tweede, fields: [wozObjectNummer]}}
process:
  subject: aanvraag
  roles: [{name: inwoner, audience: citizen}, {name: chef, title: De chef, audience: employee}, {name: baas, audience: employee}]
  start: vraag
  steps:
    - {name: vraag, kind: form, role: inwoner, fields: [bsn, plek, reden, klaarOp, postcode, {name: nummer, type: text}], next: adres}
    - {name: adres, kind: lookup, source: bag, input: {postcode: plek.postcode, huisnummer: plek.huisnummer}, outcomes: {gevonden: boom, niet-gevonden: kies}}
    - {name: boom, kind: lookup, source: bomen, input: {id: bag.adresseerbaarObjectIdentificatie}, next: kies}
    - {name: kies, kind: decide, role: chef, outcomes: {ja: doen, nee: weg, meer: aanvullen}}
    - {name: aanvullen, kind: form, role: inwoner, fields: [reden], next: kies}
    - {name: doen, kind: task, role: chef, next: klaar}
    - {name: klaar, title: Klaar, kind: end}
    - {name: weg, title: Weg, kind: end}
privacy: {activities: [{name: kappen, title: Bomen kappen}, {name: tweede}, {name: derde}]}
interaction: {audiences: [citizen, employee]}
fieldlab: {goal: Een aanvraag in tien minuten}
`

func parsed(t testing.TB, text string) answers.Answers {
	t.Helper()
	d, problems := answers.Parse("", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return d.Answers
}

type act func(a answers.Answers) (answers.Answers, []Note, error)

func rename(kind Kind, old, now string, more ...string) act {
	of, title := "", ""
	for _, m := range more {
		if rest, ok := strings.CutPrefix(m, "of "); ok {
			of = rest
		} else {
			title = m
		}
	}
	return func(a answers.Answers) (answers.Answers, []Note, error) {
		return Apply(a, Rename{Kind: kind, Of: of, Old: old, New: now}, title)
	}
}

func remove(kind Kind, name string, to ...string) act {
	ref, goal := Ref{Kind: kind, Name: name}, ""
	for _, m := range to {
		if rest, ok := strings.CutPrefix(m, "of "); ok {
			ref.Of = rest
		} else {
			goal = m
		}
	}
	return func(a answers.Answers) (answers.Answers, []Note, error) { return Remove(a, ref, goal) }
}

func addField(entity string, f answers.Field, forms ...string) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) { return AddField(a, entity, f, forms) }
}

func addStep(s answers.Step, after, outcome string) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) { return AddStep(a, s, after, outcome) }
}

func addEntity(name, plural string) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) {
		return AddEntity(a, answers.Entity{Name: name, Plural: plural, Fields: []answers.Field{{Name: "x", Type: "text"}}})
	}
}

func addRole(name, audience string) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) {
		return AddRole(a, answers.Role{Name: name, Audience: audience})
	}
}

func addSource(s answers.Source) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) { return AddSource(a, s) }
}

func addActivity(name string) act {
	return func(a answers.Answers) (answers.Answers, []Note, error) {
		return AddActivity(a, answers.Activity{Name: name})
	}
}

func TestCases(t *testing.T) {
	for name, c := range cases {
		before := parsed(t, kap)
		_, notes, err := c.do(before)
		if got := outcome(notes, err); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// TestNothingKeepsTheOldName: after each rename of the table no place that is not
// a text for people holds the old name.
func TestNothingKeepsTheOldName(t *testing.T) {
	for _, r := range []Rename{
		{Field, "aanvraag", "klaarOp", "gereed"}, {Field, "aanvraag", "plek", "waar"}, {Field, "", "nummer", "kenmerk"}, {Field, "aanvraag", "postcode", "code"},
		{Entity, "", "aanvraag", "verzoek"}, {Step, "", "vraag", "indienen"}, {Step, "", "kies", "keuze"}, {Step, "", "weg", "geweigerd"},
		{Role, "", "inwoner", "burger"}, {Source, "", "bomen", "kapregister"}, {Activity, "", "kappen", "vellen"},
	} {
		a, _, err := Apply(parsed(t, kap), r, "")
		if err != nil {
			t.Fatal(r, err)
		}
		var visit func(v reflect.Value, path string)
		visit = func(v reflect.Value, path string) {
			switch v.Kind() {
			case reflect.Pointer:
				if !v.IsNil() {
					visit(v.Elem(), path)
				}
			case reflect.Struct:
				for i := range v.NumField() {
					if name := v.Type().Field(i).Name; name != "Title" && name != "Service" && name != "Goal" && name != "Path" && !(name == "Component") {
						visit(v.Field(i), path+"."+name)
					}
				}
			case reflect.Slice:
				for i := range v.Len() {
					visit(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
				}
			case reflect.Map:
				for _, key := range v.MapKeys() {
					visit(v.MapIndex(key), path+"."+key.String())
				}
			case reflect.String:
				head, _, _ := strings.Cut(v.String(), ".")
				parameter := strings.Contains(path, ".Parameters[") || strings.Contains(path, ".Purpose.Fields[") // the source's own
				if head == r.Old && !parameter && !strings.HasSuffix(path, ".Type") {
					t.Errorf("%v: %s is still %q", r, path, v.String())
				}
			}
		}
		visit(reflect.ValueOf(a), "")
	}
}

// outcome is what a change came to, as in the table.
func outcome(notes []Note, err error) string {
	var list problem.List
	if errors.As(err, &list) {
		var said []string
		for _, p := range list {
			one := string(p.Code) + " " + p.Key
			if p.Suggestion != "" {
				one += " (" + p.Suggestion + ")"
			}
			said = append(said, one)
		}
		return "! " + strings.Join(said, ", ")
	}
	var said []string
	for _, n := range notes {
		one := n.Code
		for _, arg := range n.Args {
			one += " " + fmt.Sprint(arg)
		}
		said = append(said, one)
	}
	return strings.Join(said, " | ")
}

// others are the states in which there is something else to say.
var others = map[string]struct {
	text string
	do   act
	want string
}{
	"no register":     {"version: 1\ncomponent: {title: P, organisation: {name: G}}\n", addField("a", answers.Field{Name: "b", Type: "text"}), "! grow-none register"},
	"standard step":   {"version: 1\ncomponent: {title: P, organisation: {name: G}}\nregister: [{name: a, fields: [{name: b, type: text}]}]\n", addStep(answers.Step{Name: "x", Kind: "end"}, "y", ""), "! grow-standard process.steps"},
	"standard source": {"version: 1\ncomponent: {title: P, organisation: {name: G}}\nregister: [{name: a, fields: [{name: b, type: text}]}]\nprivacy: {activities: [{name: v}]}\n", addSource(answers.Source{Catalogue: "kvk"}), "! input-standard sources[0]"},
	"the only role":   {"version: 1\ncomponent: {title: P, organisation: {name: G}}\nprocess: {roles: [{name: m, audience: employee}], steps: [{name: a, kind: task, role: m, next: b}, {name: b, kind: end}]}\n", addStep(answers.Step{Name: "x", Kind: "task"}, "a", ""), "role x m | between x a b"},
	"the first step":  {"version: 1\ncomponent: {title: P, organisation: {name: G}}\nprocess: {roles: [{name: m, audience: employee}], steps: [{name: a, kind: task, role: m, next: c}, {name: b, kind: end}, {name: c, kind: task, role: m, next: b}]}\n", remove(Step, "a"), "start c | transition a c"},
}

func TestOtherStates(t *testing.T) {
	for name, c := range others {
		_, notes, err := c.do(parsed(t, c.text))
		if got := outcome(notes, err); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// TestSame: the short way gives what the spellings of package naming say.
func TestSame(t *testing.T) {
	list := []string{"", "boom", "Boom", "b-oom", "boom-", "-boom", "bo--om", "nieuw-adres", "nieuwAdres", "nieuw adres", "con", "con-naam", "aux", "boom2", "é", "e", strings.Repeat("lang-", 20) + "a", strings.Repeat("lang-", 20) + "b"}
	for _, a := range list {
		for _, b := range list {
			one, err := naming.Of(a)
			other, err2 := naming.Of(b)
			if want := err == nil && err2 == nil && one.Path == other.Path; Same(a, b) != want {
				t.Errorf("Same(%q, %q) is %v", a, b, !want)
			}
		}
	}
}

// TestEveryCodeIsProvoked and every note is given, by the tables above; and the
// command line has a text for each note that takes what comes with it.
func TestEveryCodeIsProvoked(t *testing.T) {
	all := ""
	texts := map[string]map[string]string{"nl": noteTexts(t, "nl"), "en": noteTexts(t, "en")}
	see := func(name string, notes []Note, err error) {
		all += outcome(notes, err) + "\n"
		for _, n := range notes {
			all += n.Code + " \n"
			for lang, known := range texts {
				if said := fmt.Sprintf(known[n.Code], n.Args...); known[n.Code] == "" || strings.Contains(said, "%!") {
					t.Errorf("%s: the %s text of %s is %q", name, lang, n.Code, said)
				}
			}
		}
	}
	for name, c := range cases {
		_, notes, err := c.do(parsed(t, kap))
		see(name, notes, err)
	}
	for name, c := range others {
		_, notes, err := c.do(parsed(t, c.text))
		see(name, notes, err)
	}
	source, err := os.ReadFile("../problem/codes_grow.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`Code = "([a-z0-9-]+)"`).FindAllStringSubmatch(string(source), -1) {
		if !strings.Contains(all, " "+m[1]+" ") {
			t.Errorf("nothing provokes %s", m[1])
		}
	}
	source, err = os.ReadFile("note.go")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, m := range regexp.MustCompile(`= "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1) {
		codes = append(codes, m[1])
		if !strings.Contains(all, m[1]+" ") {
			t.Errorf("nothing gives note %s", m[1])
		}
	}
	for code := range texts["nl"] {
		if !slices.Contains(codes, code) {
			t.Errorf("no note is called %s", code)
		}
	}
}

// noteTexts are the texts of notes in a language.
func noteTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	body, err := os.ReadFile("../../cmd/internal/text/" + lang + "/notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\[grow\.note\.([a-z-]+)\]\n(.+)$`).FindAllStringSubmatch(string(body), -1) {
		found[m[1]] = m[2]
	}
	return found
}
