package wizard

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// everyStep lists the steps of the conversation and of every list in it.
func everyStep() []step {
	s := &session{text: text.Load(text.Dutch)}
	s.a.Register = []answers.Entity{{Fields: []answers.Field{{}}}}
	s.a.Sources = []answers.Source{{Operations: []answers.Operation{{}}}}
	s.a.Process.Roles = []answers.Role{{}}
	s.a.Process.Steps = []answers.Step{{Outcomes: []answers.Outcome{{}}}}
	steps := flow()
	steps = append(steps, entitySteps(s, 0)...)
	steps = append(steps, fieldSteps(s, 0, 0)...)
	steps = append(steps, sourceSteps(s, 0)...)
	steps = append(steps, operationList(0).form(s, 0)...)
	steps = append(steps, roleSteps(s, 0)...)
	steps = append(steps, stepSteps(s, 0, false)...)
	steps = append(steps, outcomeList(0).form(s, 0)...)
	return steps
}

// TestEveryAnswerHasAStep names the answer that a person is not asked for,
// unless there is a reason for it.
func TestEveryAnswerHasAStep(t *testing.T) {
	number := regexp.MustCompile(`\[\d+\]`)
	asked := map[string]bool{}
	for _, st := range everyStep() {
		for _, key := range st.keys {
			asked[number.ReplaceAllString(key, "[]")] = true
		}
	}
	// Kind and outcomes are asked when a step is made and by a list.
	asked["process.steps[].kind"] = true
	reasons := notAsked()
	keys := map[string]bool{}
	for _, key := range leaves(reflect.TypeFor[answers.Answers](), "") {
		keys[key] = true
		switch {
		case asked[key] && reasons[key] != "":
			// A name that is derived from a title is judged with the title.
			if !strings.HasSuffix(key, ".name") {
				t.Errorf("%s is asked and has a reason not to be: %s", key, reasons[key])
			}
		case !asked[key] && reasons[key] == "":
			t.Errorf("%s has no step in the flow and no reason in notAsked", key)
		}
	}
	for key := range reasons {
		if !keys[key] {
			t.Errorf("notAsked has %s, which is no answer", key)
		}
	}
	if len(keys) < 60 {
		t.Errorf("only %d answers found", len(keys))
	}
}

// leaves lists the keys of all answers, lists written as [].
func leaves(of reflect.Type, key string) []string {
	switch of.Kind() {
	case reflect.Slice:
		if elem := of.Elem(); elem.Kind() == reflect.Struct && tagged(elem) {
			return leaves(elem, key+"[]")
		}
	case reflect.Struct:
		var found []string
		for i := range of.NumField() {
			name := of.Field(i).Tag.Get("yaml")
			if key != "" {
				name = key + "." + name
			}
			found = append(found, leaves(of.Field(i).Type, name)...)
		}
		return found
	}
	return []string{key}
}

// tagged says whether a type is a mapping with keys of its own; fields of a
// form and outcomes are written in one line.
func tagged(of reflect.Type) bool { return of.Field(0).Tag.Get("yaml") != "" }

func TestEveryStepHasItsTexts(t *testing.T) {
	inFlow := map[string]bool{}
	for _, st := range flow() {
		inFlow[st.id] = true
	}
	for _, language := range text.Languages() {
		c := text.Load(language)
		for _, st := range everyStep() {
			for _, part := range []string{"ask", "help", "short"} {
				if part == "short" && !inFlow[st.id] {
					continue
				}
				if key := "wizard.q." + st.id + "." + part; !c.Has(key) {
					t.Errorf("%s lacks %s", language, key)
				}
			}
		}
		for _, basis := range bases() {
			if !c.Has("wizard.basis." + strings.ReplaceAll(basis, " ", "-")) {
				t.Errorf("%s lacks the basis %s", language, basis)
			}
		}
		for _, part := range []string{partGoal, partPrivacy, partData, partIntegration, partProcess, partInteraction, partDelivery} {
			if !c.Has("wizard.part."+part) || !c.Has("wizard.part."+part+"-about") {
				t.Errorf("%s lacks the heading of %s", language, part)
			}
		}
	}
}

// TestEveryTypeHasItsTexts names what was forgotten when a type was added; the
// rest of it is compared in generator/fieldtype.
func TestEveryTypeHasItsTexts(t *testing.T) {
	for _, language := range text.Languages() {
		c := text.Load(language)
		for _, name := range fieldtype.Names() {
			if key := "wizard.type." + name; !c.Has(key) {
				t.Errorf("type %s has no text %s in %s: add it to cmd/internal/text/%s/wizard.txt", name, key, language, language)
			}
		}
		for _, key := range c.Keys() {
			if name, ok := strings.CutPrefix(key, "wizard.type."); ok && !slices.Contains(fieldtype.Names(), name) {
				t.Errorf("%s has a text for %s, which is no type", language, name)
			}
		}
	}
}

// TestTextQuestionsHaveAnExample: a line that somebody has to think up is
// easier with an example. Choices show theirs.
func TestTextQuestionsHaveAnExample(t *testing.T) {
	c := text.Load(text.Dutch)
	s := &session{text: c}
	for _, st := range everyStep() {
		s.text = c
		choice := st.id == "days" || st.id == "basis" || st.id == "stores" || st.id == "steps" || st.id == "own-steps" || st.id == "colour"
		if st.part != "" && !choice && !c.Has("wizard.q."+st.id+".example") {
			t.Errorf("%s has no example", st.id)
		}
	}
}

func TestBasesAreThoseOfTheFormat(t *testing.T) {
	basis, _ := reflect.TypeFor[answers.Activity]().FieldByName("Basis")
	for _, want := range strings.Split(basis.Tag.Get("enum"), "|") {
		found := false
		for _, b := range bases() {
			found = found || b == want
		}
		if !found {
			t.Errorf("the basis %q is no choice", want)
		}
	}
}

// TestEverySourceOfTheCatalogueCanBeChosen: with what the wizard proposes for
// a source the rules have nothing to say about it.
func TestEverySourceOfTheCatalogueCanBeChosen(t *testing.T) {
	for _, e := range catalogue.Entries() {
		for _, op := range e.Operations {
			s := &session{text: text.Load(text.Dutch), check: rules, a: Titled("proef"), answered: map[string]bool{}}
			s.a.Register = []answers.Entity{}
			s.a.Sources = []answers.Source{{Purpose: answers.Purpose{Activity: activity(&s.a).Name}}}
			s.setKind(0, e.Name)
			s.setOperation(0, op.Name)
			for _, p := range s.problemsAt("sources", "process") {
				t.Errorf("%s %s: %s", e.Name, op.Name, p.Text("nl"))
			}
			if !slices.Equal(s.a.Sources[0].Purpose.Fields, op.Fields) || s.a.Sources[0].Operations[0].Name != op.Name {
				t.Errorf("%s %s proposes %+v", e.Name, op.Name, s.a.Sources[0])
			}
		}
	}
}

// TestOwnFieldsStay: another question to the source does not take the fields
// away that the person chose.
func TestOwnFieldsStay(t *testing.T) {
	s := &session{a: Titled("proef")}
	s.a.Sources = []answers.Source{{}}
	s.setKind(0, "bag")
	s.a.Sources[0].Purpose.Fields = []string{"postcode"}
	s.setOperation(0, "zoekAdresUitgebreid")
	if got := s.a.Sources[0].Purpose.Fields; !slices.Equal(got, []string{"postcode"}) {
		t.Errorf("fields are %v", got)
	}
}
