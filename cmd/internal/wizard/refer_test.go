package wizard

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// ownProcess is a conversation that is at the steps of a process of its own,
// with everything in it that something else refers to.
func ownProcess(t *testing.T) *session {
	t.Helper()
	s := &session{io: silentIO(), text: text.Load(text.Dutch), a: Titled("verhuizing"), check: rules, prompter: acceptor{}, answered: map[string]bool{}, process: processOwn}
	s.begin()
	s.a.Component.Organisation.Name = "Gemeente Duinstad"
	s.a.Register = []answers.Entity{
		{Name: "verhuizing", Title: "Verhuizing", Fields: []answers.Field{
			{Name: "bsn", Title: "BSN", Type: "bsn", Required: true, Person: "inwoner"}, {Name: "nieuwAdres", Title: "Nieuw adres", Type: "adres", Required: true}, {Name: "einde", Title: "Einde", Type: "date"},
		}, Retention: answers.Retention{Period: "P5Y", Start: "object", Field: "einde", Results: []answers.ResultRetention{{Result: "toegekend", Period: "P1Y"}}}},
		{Name: "bijlage", Title: "Bijlage", Fields: []answers.Field{{Name: "bij", Title: "Bij", Type: "reference", Entity: "verhuizing"}}},
	}
	s.a.Process.Roles = s.standardRoles()
	for i, kind := range []string{"bag", "brp-bewoning"} {
		s.a.Sources = append(s.a.Sources, answers.Source{Purpose: answers.Purpose{Activity: activity(&s.a).Name}})
		s.setKind(i, kind)
	}
	s.rebuild()
	s.process = processOwn
	for _, p := range rules(s.a) {
		t.Fatalf("at the start: %s: %s", p.Key, p.Text("nl"))
	}
	return s
}

// titled answers each question for a title with another one.
type titled struct {
	acceptor
	n int
}

func (p *titled) Input(Question) (string, error) {
	p.n++
	return fmt.Sprintf("Nieuwe naam %d", p.n), nil
}

// TestRenamingChangesWhatRefersToIt gives everything another title.
func TestRenamingChangesWhatRefersToIt(t *testing.T) {
	s := ownProcess(t)
	names := &titled{}
	s.prompter = names
	forms := [][]step{entitySteps(s, 0), entitySteps(s, 1), goalSteps()[:1]}
	for at := range s.a.Register[0].Fields {
		forms = append(forms, fieldSteps(s, 0, at))
	}
	for at := range s.a.Process.Roles {
		forms = append(forms, roleSteps(s, at))
	}
	for at := range s.a.Process.Steps {
		forms = append(forms, stepSteps(s, at, false))
	}
	for _, form := range forms {
		for _, st := range form {
			if strings.HasSuffix(st.id, "title") || st.id == "step.result" && st.applies(s) {
				if err := st.ask(s, st); err != nil {
					t.Fatal(err)
				}
				for _, p := range rules(s.a) {
					t.Errorf("after %s: %s: %s", st.id, p.Key, p.Text("nl"))
				}
			}
		}
	}
	if names.n < 15 {
		t.Errorf("only %d titles were asked", names.n)
	}
	for _, old := range []string{"verhuizing", "bijlage", "nieuwAdres", "einde", "inwoner", "medewerker", "indienen", "beoordelen", "aanvullen"} {
		if found := mentions(s.a, old); found != "" {
			t.Errorf("%q is still at %s", old, found)
		}
	}
	if first := activity(&s.a); s.a.Sources[0].Purpose.Activity != first.Name || first.Title != s.a.Component.Title {
		t.Errorf("the activity is %+v", first)
	}
}

// mentions says where a name is still referred to.
func mentions(a answers.Answers, name string) string {
	places := map[string]string{"subject": a.Process.Subject, "start": a.Process.Start}
	grow.EachField(&a, func(f *answers.Field, _ string) {
		places["entity of "+f.Name], places["person of "+f.Name] = f.Entity, f.Person
	})
	for _, st := range a.Process.Steps {
		places["role of "+st.Name], places["after "+st.Name] = st.Role, st.Next
		for _, o := range st.Outcomes {
			places["outcome "+o.Name+" of "+st.Name] = o.Next
		}
		for _, f := range st.Fields {
			places["field of "+st.Name+" "+f.Name] = f.Name
		}
		for parameter, from := range st.Input {
			places["input "+parameter+" of "+st.Name], _, _ = strings.Cut(from, ".")
		}
	}
	for _, e := range a.Register {
		places["retention of "+e.Name] = e.Retention.Field
	}
	for place, value := range places {
		if value == name {
			return place
		}
	}
	return ""
}

// TestARefusedNameChangesNothing: a name that is taken does not make two things
// one.
func TestARefusedNameChangesNothing(t *testing.T) {
	s := ownProcess(t)
	f := newFake(t, turn{"role.title", "Medewerker"}, turn{"role.title", "Melder"})
	s.prompter, s.io = f, &terminal.IO{Err: silentIO().Err}
	form := roleSteps(s, 0)
	if err := form[0].ask(s, form[0]); err != nil {
		t.Fatal(err)
	}
	if s.a.Process.Steps[0].Role != "melder" || !slices.ContainsFunc(s.a.Process.Steps, func(st answers.Step) bool { return st.Role == "medewerker" }) {
		t.Errorf("the roles are %+v", s.a.Process.Steps)
	}
}

// TestARefusedAnswerLeavesNothing behind when the person then goes back.
func TestARefusedAnswerLeavesNothing(t *testing.T) {
	s := ownProcess(t)
	before := clone(s.a)
	plural := entitySteps(s, 0)[1]
	s.prompter = newFake(t, turn{"oin", "123"}, turn{"oin", Back}, turn{"entity.plural", "verhuizing"}, turn{"entity.plural", Back})
	for _, st := range []step{goalSteps()[4], plural} {
		if err := st.ask(s, st); !errors.Is(err, Back) {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(clone(s.a), before) {
		t.Errorf("left behind %+v", s.a)
	}
}

// TestRemovingAsksAndLeavesNothingDangling says beforehand what else changes.
func TestRemovingAsksAndLeavesNothingDangling(t *testing.T) {
	for name, c := range map[string]struct {
		remove func(*session) error
		said   string
	}{
		"a role":   {func(s *session) error { return roleList().delete(s, 1) }, `Stap "Beoordelen" is dan voor: Inwoner.`},
		"a field":  {func(s *session) error { return fieldList(0).delete(s, 2) }, `"Einde" verdwijnt ook uit het formulier "Verhuizing".`},
		"an other": {func(s *session) error { return entityList().delete(s, 1) }, ""},
		"a source": {func(s *session) error { return sourceList().delete(s, 1) }, `verdwijnt ook.`},
		"a step":   {func(s *session) error { return stepList().delete(s, 2) }, `bevragen" komt dan "Beoordelen".`},
	} {
		s := ownProcess(t)
		before := clone(s.a)
		f := newFake(t, turn{"wizard.list.sure", false}, turn{"wizard.list.sure", true})
		s.prompter = f
		for i := range 2 {
			if err := c.remove(s); err != nil {
				t.Fatal(err)
			}
			if i == 0 && !reflect.DeepEqual(clone(s.a), before) {
				t.Errorf("%s: no, and still something changed", name)
			}
		}
		if !f.heard(c.said) {
			t.Errorf("%s: said %q", name, f.said)
		}
		for _, p := range rules(s.a) {
			t.Errorf("%s: %s: %s", name, p.Key, p.Text("nl"))
		}
	}
}

// TestAStepThatIsBeingAdded is kept: when the person stops in the middle of it,
// and when they go back.
func TestAStepThatIsBeingAdded(t *testing.T) {
	begin := join(goal(), data(), sources(), []turn{{"roles", enter}, {"steps", "Zelf"},
		menu("own-steps", "Toevoegen"), {"step.kind", "doet iets"}, {"step.title", "Ter plaatse kijken"}, {"step.after", Back}, {"step.title", Back}, {"step.kind", Back},
		menu("own-steps", "Toevoegen"), {"step.kind", enter}, {"step.title", enter}, {"step.after", Interrupt}})
	c := talk(t, "boom", newFake(t, begin...))
	if _, err := Run(c); !errors.As(err, new(Stopped)) {
		t.Fatal(err)
	}
	c.Prompter = newFake(t, join([]turn{{"wizard.resume.ask", enter}, {"step.kind", enter}, {"step.title", enter}, {"step.after", "Boom"},
		{"step.role", "Medewerker"}, {"step.help", enter}, {"step.next", enter}, {"step.term", enter}, {"own-steps", enter}}, last(), agree())...)
	a := must(t, c)
	if st := a.Process.Steps[1]; st.Title != "Ter plaatse kijken" || st.Kind != "task" || a.Process.Steps[0].Next != st.Name {
		t.Errorf("the steps are %+v", a.Process.Steps)
	}
}

// TestOwnStepsComeBack after another process was chosen, with the names that
// things have by then, and in a later run too.
func TestOwnStepsComeBack(t *testing.T) {
	s := ownProcess(t)
	removeStep(s, 1)
	s.a.Process.Steps[1].Title, s.a.Process.Start = "Kijken", s.a.Process.Steps[1].Name
	want := clone(s.a).Process.Steps
	setProcess(s, processShort)
	if s.a.Process.Start == want[1].Name {
		t.Fatal("the standard process is that of the person")
	}
	old := s.a.Process.Roles[0].Name
	s.prompter = newFake(t, turn{"role.title", "Hondenbezitter"}, turn{"role.audience", enter}, turn{"role.anonymous", enter})
	if err := s.walk(roleSteps(s, 0), 0, nil, nil); err != nil {
		t.Fatal(err)
	}
	later := &session{text: s.text, a: clone(s.a), process: s.process}
	later.shelf.own = cloneProcess(s.progress().Aside)
	for _, one := range []*session{s, later} {
		setProcess(one, processOwn)
		got := clone(one.a).Process
		for i := range want {
			if want[i].Role == old {
				want[i].Role = "hondenbezitter"
			}
		}
		if !reflect.DeepEqual(got.Steps, want) || got.Start != want[1].Name {
			t.Errorf("back came %+v from %q, want %+v", got.Steps, got.Start, want)
		}
	}
	setProcess(s, processShort)
	s.leaveSource(0)
	setProcess(s, processOwn)
	if slices.ContainsFunc(s.a.Process.Steps, func(st answers.Step) bool { return st.Source == "bag" }) {
		t.Errorf("a step asks a source that went: %+v", s.a.Process.Steps)
	}
}

// TestAnItemIsChosenByItsTitle: a search for a step does not find the steps
// that only lead to it.
func TestAnItemIsChosenByItsTitle(t *testing.T) {
	s := ownProcess(t)
	var choices []string
	s.prompter = listens{acceptor{}, func(options []string) { choices = append(choices, options...) }}
	for _, action := range []string{listChange, listMove, listRemove} {
		if _, err := stepList().pick(s, action); err != nil {
			t.Fatal(err)
		}
	}
	_ = stepList().move(s, 0)
	_ = fieldList(0).move(s, 0)
	for _, choice := range choices {
		if strings.Contains(choice, "→") || strings.Contains(choice, "(iemand") || strings.Contains(choice, "verplicht") {
			t.Errorf("to choose from: %q", choice)
		}
	}
}

// listens hears what there is to choose from.
type listens struct {
	acceptor
	heard func(options []string)
}

func (l listens) Select(q Question, options []string, selected int) (int, error) {
	l.heard(options)
	return l.acceptor.Select(q, options, selected)
}

// TestAnOutcomeHasOneName within its step, said when it is given.
func TestAnOutcomeHasOneName(t *testing.T) {
	s := ownProcess(t)
	at := slices.IndexFunc(s.a.Process.Steps, func(st answers.Step) bool { return st.Kind == "decide" })
	f := newFake(t, turn{"step.outcomes", "Toevoegen"}, turn{"outcome.name", "Toekennen"}, turn{"outcome.name", "Terug"}, turn{"outcome.next", enter}, turn{"step.outcomes", enter})
	s.prompter = f
	if err := outcomeList(at).edit(s, step{id: "step.outcomes"}); err != nil || !f.heard("is er al") {
		t.Errorf("%v; said %q", err, f.said)
	}
}

// TestWhoDecidesWorksThere unless the person says otherwise.
func TestWhoDecidesWorksThere(t *testing.T) {
	s := ownProcess(t)
	at := slices.IndexFunc(s.a.Process.Steps, func(st answers.Step) bool { return st.Kind == "decide" })
	judge := s.a.Process.Steps[at].Role
	s.a.Process.Steps[at].Role = ""
	if err := stepSteps(s, at, true)[1].ask(s, step{id: "step.role"}); err != nil || s.a.Process.Steps[at].Role != judge {
		t.Errorf("%v: the decision is for %q", err, s.a.Process.Steps[at].Role)
	}
}

// TestALoopThatGoesTakesItsOutcome with it: a decision does not lead to itself.
func TestALoopThatGoesTakesItsOutcome(t *testing.T) {
	s := ownProcess(t)
	s.a.Sources = nil
	s.process = processReview
	s.rebuild()
	at := slices.IndexFunc(s.a.Process.Steps, func(st answers.Step) bool { return st.Title == "Aanvullen" })
	if said := s.stepGoes(at); len(said) != 1 || !strings.Contains(said[0], "verdwijnt de uitkomst") {
		t.Errorf("said %q", said)
	}
	removeStep(s, at)
	if got := s.a.Process.Steps[1]; !slices.Equal(grow.Targets(got), []string{"toegekend", "afgewezen"}) {
		t.Errorf("the decision is %+v", got)
	}
}

// TestAFieldThatIsBeingAdded is kept when the conversation stops at its second
// question, and nothing else is said before that comes again.
func TestAFieldThatIsBeingAdded(t *testing.T) {
	c := talk(t, "boom", newFake(t, join(goal(), []turn{{"stores", enter}, menu("register", "Wijzigen"), {"entity.title", enter}, {"entity.plural", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Hoogte"}, {"field.type", Interrupt}})...))
	if _, err := Run(c); !errors.As(err, new(Stopped)) {
		t.Fatal(err)
	}
	f := newFake(t, join([]turn{{"wizard.resume.ask", enter}, {"field.type", "geheel getal"}, {"field.required", enter}, {"field.negative", enter}, {"field.more", enter},
		menu("entity.fields", "Klaar"), {"entity.retention", enter}, {"register", enter}}, sources(), process(), last(), agree())...)
	c.Prompter = f
	a := must(t, c)
	if e := a.Register[0]; len(e.Fields) != 3 || e.Fields[2].Name != "hoogte" || e.Fields[2].Type != "integer" {
		t.Errorf("the fields are %+v", e.Fields)
	}
	if f.heard("Vraag 13 van") || !f.heard("Vraag 14 van") {
		t.Errorf("the lists that lead to the question have a number: %q", f.said)
	}
}
