package wizard

import (
	"errors"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

func TestAnswersAsPeopleSayThem(t *testing.T) {
	for said, want := range map[string]string{
		"5 jaar": "P5Y", "1 Jaar": "P1Y", "6 maanden": "P6M", "8weken": "P8W", " 30 dagen ": "P30D", "2 years": "P2Y",
		"een jaar": "P1Y", "één jaar": "P1Y", "vijf jaar": "P5Y", "zes weken": "P6W", "Half jaar": "P6M", "een half jaar": "P6M", "anderhalf jaar": "P18M",
		"1 jaar en 6 maanden": "P1Y6M", "een kwartaal": "P3M", "24 uur": "PT24H", "a year": "P1Y", "six weeks": "P6W", "110 jaar": "P110Y",
		"P5Y": "P5Y", "5 maal": "", "": "", "jaar": "", "5": "", "0 dagen": "", "5 dagen 2 jaar": "", "heel lang": "", "P": "", "5 5 jaar": "",
	} {
		if got := period(said); got != want {
			t.Errorf("period(%q) = %q, want %q", said, got, want)
		}
	}
	for language, want := range map[text.Language]string{text.Dutch: "1 jaar en 6 maanden", text.English: "1 year and 6 months"} {
		s := &session{text: text.Load(language)}
		if got := s.spoken("P1Y6M"); got != want || period(got) != "P1Y6M" {
			t.Errorf("spoken gives %q, which is %q", got, period(got))
		}
	}
	for _, said := range []string{"#154273", "154273", `"#154273"`} {
		if got := colour(said); got != "#154273" {
			t.Errorf("colour(%q) = %q", said, got)
		}
	}
}

func TestColoursCanBeRead(t *testing.T) {
	for _, hex := range colours() {
		a := ownProcess(t).a
		a.Interaction.Colour = hex
		for _, p := range rules(a) {
			t.Errorf("%s: %s", hex, p.Text("nl"))
		}
	}
}

// TestEveryTypeIsFound by its name, and by what people call it.
func TestEveryTypeIsFound(t *testing.T) {
	common := map[string]string{
		"bsn": "bsn", "BSN": "bsn", "geld": "money", "euro": "money", "postcode": "postcode", "mail": "email", "e-mail": "email", "kvk": "kvk",
		"kenteken": "kenteken", "ja/nee": "boolean", "datum": "date", "keuze": "enum", "telefoon": "phone", "foto": "file", "bijlage": "file",
		"getal": "integer", "aantal": "integer", "adres": "adres", "rekening": "iban", "website": "url", "toelichting": "longtext", "naam": "text", "tijd": "datetime",
	}
	for _, name := range fieldtype.Names() {
		common[name] = name
	}
	s := &session{text: text.Load(text.Dutch)}
	var labels, words []string
	for _, name := range fieldtype.Names() {
		labels, words = append(labels, s.text.T("wizard.type."+name)), append(words, name+" "+s.text.T("wizard.find."+name))
		if !s.text.Has("wizard.find."+name) || !text.Load(text.English).Has("wizard.find."+name) {
			t.Errorf("type %s has no words wizard.find.%s in both languages: add them to cmd/internal/text/{nl,en}/wizard.txt", name, name)
		}
	}
	for typed, want := range common {
		found := matches(typed, labels, words)
		beginning(found, labels, typed)
		at := slices.IndexFunc(found, func(i int) bool { return fieldtype.Names()[i] == want })
		if at < 0 || at > 2 {
			t.Errorf("%q does not lead to %s but to %v", typed, want, found)
		}
	}
	if found := matches("xyzzy", labels, words); len(found) > 0 {
		t.Errorf("xyzzy finds %v", found)
	}
}

// jargon is what somebody who answers questions has never seen.
var jargon = regexp.MustCompile(`process\.|sources\b|purpose|outcomes|\bnext\b|\binput\b|ISO|\bP[0-9]+[YMWD]\b|(?i:yaml)\b|\bregister\[|kind:|audience|\bvalues\b|\benum\b|catalogue|\bmin\b|\bmax\b|maxLength|#rrggbb|entiteit|privacy\.|\bslug|operationId|\bjson\b|\bgo\.mod\b`)

// TestNoJargonInTheQuestions reads every Dutch text of the conversation.
func TestNoJargonInTheQuestions(t *testing.T) {
	c := text.Load(text.Dutch)
	for _, key := range c.Keys() {
		if !strings.HasPrefix(key, "wizard.") || strings.HasPrefix(key, "wizard.find.") || key == "wizard.problem.file-path" || key == "wizard.q.source.openapi.example" {
			continue // a file that the person names has its own name
		}
		if found := jargon.FindString(c.T(key)); found != "" {
			t.Errorf("%s says %q: %s", key, found, c.T(key))
		}
	}
}

// notMet lists the problems that the answers to the questions cannot have,
// because of what they are about.
var notMet = []string{
	"file-", "not-", "colon-", "needs-", "tab-", "control-", "too-", "multiple-", "anchor", "alias", "tag", "merge-", "key-", "want-", "value-is-", "version-", "more-", "set-", // the form of a file
	"group-", "address-", "outway-", "image-", "tooi-", "days-", "retention-keep", "retention-field-unused", "retention-results", "retention-twice", "filter-", // no questions
	"service-", "stored-", "header-", "auth-", "warning-", "catalogue-and", "example-", "audience-unused", "audience-missing", "date-form",
	"discriminator", "fields-unknown", "question-unfilled", "openapi-", "operation-", "person-in-", "purpose-nothing", "source-file-", // the description of an own source, for a developer
}

// codes are those of package problem.
func codes(t *testing.T) []problem.Code {
	t.Helper()
	var found []problem.Code
	for _, name := range []string{"codes.go", "codes_model.go"} {
		body, err := os.ReadFile("../../../generator/problem/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Code = "([a-z0-9-]+)"`).FindAllStringSubmatch(string(body), -1) {
			found = append(found, problem.Code(m[1]))
		}
	}
	return found
}

// TestProblemsSpeakOfTheQuestions: each problem that somebody can meet has words
// of the conversation, or words of its own that hold nothing of a file.
func TestProblemsSpeakOfTheQuestions(t *testing.T) {
	for _, language := range text.Languages() {
		c := text.Load(language)
		for _, code := range codes(t) {
			if slices.ContainsFunc(notMet, func(prefix string) bool { return strings.HasPrefix(string(code), prefix) }) {
				continue
			}
			if words := problem.New(code, "").Text(string(language)); !c.Has("wizard.problem."+string(code)) && jargon.MatchString(words) {
				t.Errorf("%s: %s has no words for the conversation: %s", language, code, words)
			}
		}
		for _, key := range c.Keys() {
			if code, ok := strings.CutPrefix(key, "wizard.problem."); ok && !slices.Contains(codes(t), problem.Code(code)) {
				t.Errorf("%s has %s, which is no problem", language, key)
			}
		}
	}
	s := ownProcess(t)
	s.a.Process.Steps[3].Title, s.a.Process.Steps[3].Role = "Aangifte beoordelen", ""
	found := rules(s.a)
	if len(found) != 1 || s.spell(found[0]) != `Stap "Aangifte beoordelen": kies wie dit doet.` {
		t.Errorf("a step of nobody gives %v, %q", found, s.spell(found[0]))
	}
}

// TestMendingLeadsToTheQuestion: from the end, and from a list.
func TestMendingLeadsToTheQuestion(t *testing.T) {
	s := ownProcess(t)
	s.a.Process.Steps[3].Role = ""
	f := newFake(t, turn{"own-steps", "Klaar"}, turn{"step.role", "Medewerker"}, turn{"own-steps", "Klaar"})
	s.prompter = f
	st := flow()[slices.IndexFunc(flow(), func(st step) bool { return st.id == "own-steps" })]
	if err := st.ask(s, st); err != nil || s.a.Process.Steps[3].Role != "medewerker" {
		t.Fatalf("%v, %+v", err, s.a.Process.Steps[3])
	}
	s.a.Register[1].Fields[0].Entity = "niets"
	s.prompter = newFake(t, turn{"field.entity", "Verhuizing"}, turn{"entity.fields", "Klaar"}, turn{"register", "Klaar"})
	if err := s.mendFirst(flow(), rules(s.a)[0], nil); err != nil || s.a.Register[1].Fields[0].Entity != "verhuizing" {
		t.Errorf("%v, %+v", err, s.a.Register[1].Fields)
	}
}

// TestLeadingNeverGoesRound: a place that no list knows is forgotten.
func TestLeadingNeverGoesRound(t *testing.T) {
	for _, place := range []string{"sources[0].purpose.fields[7]", "process.steps[0].fields[1].type", "register[0].fields[0].nothing", "register[0]", "process.steps[0].outcomes[3]", "register[9].x"} {
		for _, mending := range []bool{true, false} {
			s := ownProcess(t)
			s.goTo, s.mending = place, mending
			for _, st := range flow() {
				if st.applies(s) {
					if err := st.ask(s, st); err != nil { // ends, or the test does not
						t.Errorf("%s: %v", place, err)
					}
				}
			}
			if s.goTo != "" {
				t.Errorf("%s: still on the way to %s", place, s.goTo)
			}
		}
	}
}

// TestNothingStoredAndBack: with steps of one's own.
func TestNothingStoredAndBack(t *testing.T) {
	s := ownProcess(t)
	before := clone(s.a)
	stores := dataSteps()[0]
	s.prompter = newFake(t, turn{"stores", false}, turn{"stores", true})
	for i := range 2 {
		if err := stores.ask(s, stores); err != nil {
			t.Fatal(err)
		}
		s.done(stores)
		for _, p := range rules(s.a) {
			if i == 1 || p.Code == problem.NoSubject || p.Code == problem.KeyMissing {
				t.Errorf("%d: %s: %s", i, p.Key, p.Text("nl"))
			}
		}
	}
	if !reflect.DeepEqual(clone(s.a).Process, before.Process) || !reflect.DeepEqual(clone(s.a).Register, before.Register) {
		t.Errorf("storing nothing and then something gives\n%+v\nwant\n%+v", s.a, before)
	}
}

// TestLessThanNothingIsAsked of what counts something; no is the proposal.
func TestLessThanNothingIsAsked(t *testing.T) {
	for kind, want := range map[string]string{"geheel getal": "0", "getal met decimalen": "0", "bedrag": "0", "datum": ""} {
		s := ownProcess(t)
		turns := []turn{{"entity.fields", "Toevoegen"}, {"field.title", "Hoeveel"}, {"field.type", kind}, {"field.required", enter}}
		if want != "" {
			turns = append(turns, turn{"field.negative", enter})
		}
		turns = append(turns, turn{"field.more", enter})
		if want != "" {
			turns = append(turns, turn{"entity.fields", "Wijzigen"}, turn{"wizard.which.change", "Hoeveel"}, turn{"field.title", enter}, turn{"field.type", enter},
				turn{"field.required", enter}, turn{"field.negative", true}, turn{"field.more", enter})
		}
		s.prompter = newFake(t, append(turns, turn{"entity.fields", Back})...)
		l := fieldList(0)
		st := step{id: "entity.fields"}
		half := func(n *float64) bool { return n != nil && *n == 0 }
		if err := l.edit(s, st); !errors.Is(err, Back) || half(s.a.Register[0].Fields[3].Min) {
			t.Errorf("%s: %v, %+v", kind, err, s.a.Register[0].Fields[3])
		}
		s = ownProcess(t)
		s.prompter = newFake(t, append(turns[:len(turns):len(turns)][:map[bool]int{true: 6, false: 5}[want != ""]], turn{"entity.fields", Back})...)
		if err := l.edit(s, st); !errors.Is(err, Back) || half(s.a.Register[0].Fields[3].Min) != (want != "") {
			t.Errorf("%s: %v, min is %v", kind, err, s.a.Register[0].Fields[3].Min)
		}
	}
}

// TestAnotherNumberKeepsItsLimits, and what becomes a number is asked as a new
// one is.
func TestAnotherNumberKeepsItsLimits(t *testing.T) {
	for _, types := range [][2]string{{"decimal", "geheel getal"}, {"integer", "bedrag"}, {"text", "geheel getal"}} {
		s := ownProcess(t)
		s.a.Register[0].Fields[2] = answers.Field{Name: "hoeveel", Title: "Hoeveel", Type: types[0]}
		if types[0] != "text" {
			s.a.Register[0].Fields[2].Min = new(float64)
		}
		s.prompter = newFake(t, turn{"field.title", enter}, turn{"field.type", types[1]}, turn{"field.required", enter}, turn{"field.negative", enter}, turn{"field.more", enter})
		if err := s.walk(fieldSteps(s, 0, 2), 0, nil, nil); err != nil {
			t.Fatal(err)
		}
		if n := s.a.Register[0].Fields[2].Min; n == nil || *n != 0 {
			t.Errorf("from %s to %s: it may be below zero", types[0], types[1])
		}
	}
}

// TestASourceIsAskedByTitles: a word finds a field that has another name, and
// what a question needs is chosen in words as well.
func TestASourceIsAskedByTitles(t *testing.T) {
	s := ownProcess(t)
	s.a.Sources = append(s.a.Sources, answers.Source{Purpose: answers.Purpose{Activity: activity(&s.a).Name}})
	s.setKind(2, "brp-personen")
	paths := offered(s.a.Sources[2])
	labels := make([]string, len(paths))
	for i, path := range paths {
		labels[i] = s.fieldOf(s.a.Sources[2], path)
	}
	found := matches("adres", labels, paths)
	if !slices.ContainsFunc(found, func(i int) bool { return strings.HasPrefix(paths[i], "verblijfplaats.verblijfadres") }) {
		t.Errorf("adres finds %d of %d fields", len(found), len(paths))
	}
	s.prompter = newFake(t, turn{"step.input", "Nieuw adres: postcode"}, turn{"step.input", "Nieuw adres: huisnummer"})
	if err := askInput(s, step{}, 1); err != nil || s.a.Process.Steps[1].Input["postcode"] != "nieuwAdres.postcode" {
		t.Errorf("%v, %v", err, s.a.Process.Steps[1].Input)
	}
}
