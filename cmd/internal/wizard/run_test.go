package wizard

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

func TestEnterOnlyGivesTheStandardAnswers(t *testing.T) {
	f := newFake(t, join(goal(), data(), sources(), process(), last(), agree())...)
	got := must(t, talk(t, "verhuizing", f))
	want, err := Standard(Titled("verhuizing"), rules)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Enter gives\n%+v\n--defaults gives\n%+v", got, want)
	}
	if !f.heard("Proces (laag 4)") {
		t.Error("the tree or a heading was not shown")
	}
	if n := len(f.asked); n > 20 {
		t.Errorf("%d questions for somebody who presses Enter; the promise is about fifteen", n)
	}
}

func TestStandardAnswersHoldForAnyFolderName(t *testing.T) {
	for _, folder := range []string{"", "verhuizing", "Melding openbare ruimte", "'s-Hertogenbosch", "70 procent", "type", "select", "main", "zaak", "zaken", "status", "ö", "日本", "...", "CON", "a", strings.Repeat("lang", 40)} {
		a := answers.Answers{Version: answers.Version}
		if folder != "" {
			a = Titled(folder)
		}
		standard, err := Standard(a, rules)
		if err != nil {
			t.Errorf("%q: %v", folder, err)
			continue
		}
		for _, p := range rules(standard) {
			t.Errorf("%q: %s: %s", folder, p.Key, p.Text("nl"))
		}
	}
}

func TestAFolderMayBeSpelledAsATitle(t *testing.T) {
	for folder, want := range map[string]string{"'s-Hertogenbosch": "'s-Hertogenbosch", "BAG-check": "BAG-check", "boom-kappen": "Boom kappen", "Boom_kappen": "Boom kappen", "A\u202eb": "Ab"} {
		if got := Titled(folder).Component.Title; got != want {
			t.Errorf("%q is titled %q, want %q", folder, got, want)
		}
	}
}

func TestWithoutFolderTheNameIsAsked(t *testing.T) {
	f := newFake(t, join([]turn{
		{"title", "Subsidie aanvragen"}, {"name", "Bezet"}, {"name", "…"}, {"name", "Subsidie!"},
	}, goal()[1:], data(), sources(), process(), last(), agree())...)
	c := talk(t, "", f)
	c.Start = answers.Answers{Version: answers.Version}
	a := must(t, c)
	if a.Component.Name != "subsidie" || a.Component.Title != "Subsidie aanvragen" || a.Process.Title != "Subsidie aanvragen" {
		t.Errorf("got %+v", a.Component)
	}
	if !f.heard("bezet bestaat hier al") {
		t.Error("a taken folder was not refused")
	}
}

// TestALongTitleHasAShortName that is accepted as it is proposed, in words.
func TestALongTitleHasAShortName(t *testing.T) {
	f := newFake(t, join([]turn{{"title", "Ontheffing inrijverbod binnenstad voor mantelzorgers aanvragen"}, {"name", strings.Repeat("heel lang ", 8)}, {"name", enter}},
		goal()[1:], data(), sources(), process(), last(), agree())...)
	c := talk(t, "", f)
	c.Start = answers.Answers{Version: answers.Version}
	if a := must(t, c); a.Component.Name != "ontheffing-inrijverbod-binnenstad-voor" {
		t.Errorf("the name is %q", a.Component.Name)
	}
	if !f.heard("hoogstens 40 tekens") || f.heard("heel-lang") {
		t.Errorf("said %q", f.said)
	}
}

func TestInvalidAnswersAreAskedAgainWithTheReason(t *testing.T) {
	turns := goal()
	turns[3] = turn{"oin", "123"}
	turns = slices.Insert(turns, 4, turn{"oin", "00000099000000001000"})
	turns[0] = turn{"title", ""}
	turns = slices.Insert(turns, 1, turn{"title", enter})
	f := newFake(t, join(turns, data(), sources(), process(), []turn{
		{"colour", "een andere"}, {"colour-own", "geel"}, {"colour-own", "#ffff00"}, {"colour-own", "154273"}, {"repository", "http://x"}, {"repository", "-"},
	}, agree())...)
	a := must(t, talk(t, "verhuizing", f))
	for _, reason := range []string{"20 cijfers", "antwoord nodig", "code van een kleur"} {
		if !f.heard(reason) {
			t.Errorf("no reason with %q was given", reason)
		}
	}
	if a.Interaction.Colour != standardColour || a.Component.Repository != "" {
		t.Errorf("kept a refused answer: %+v", a)
	}
}

func TestBack(t *testing.T) {
	f := newFake(t, join([]turn{
		{"title", Back}, // there is nothing before it
		{"title", "Eerste titel"}, {"summary", Back}, {"title", "Verhuizing doorgeven"},
	}, goal()[1:], []turn{
		{"stores", Back}, {"law", Back}, {"basis", "Wettelijke"}, {"law", "Wet BRP"},
		{"stores", enter}, {"register", Back}, {"stores", false}, {"sources", Back}, {"stores", true}, {"register", enter},
	}, sources(), process(), last(), []turn{
		{"wizard.review.ask", Back}, {"repository", enter}, {"wizard.review.ask", "Ja"},
	})...)
	a := must(t, talk(t, "verhuizing", f))
	if a.Component.Title != "Verhuizing doorgeven" || a.Component.Name != "verhuizing" || a.Privacy.Activities[0].Basis != "wettelijke verplichting" {
		t.Errorf("got %+v", a)
	}
}

func TestChangeAnAnswerAtTheEnd(t *testing.T) {
	f := newFake(t, join(goal(), []turn{{"stores", false}}, sources(), process(), last(), []turn{
		{"wizard.review.ask", "wijzigen"}, {"wizard.review.which", Back},
		{"wizard.review.ask", "wijzigen"}, {"wizard.review.which", "Organisatie"}, {"organisation", "Gemeente Duinstad"},
		// Storing something makes the register a question.
		{"wizard.review.ask", "wijzigen"}, {"wizard.review.which", "Bewaart"}, {"stores", true}, {"register", enter},
	}, agree())...)
	a := must(t, talk(t, "verhuizing", f))
	if a.Component.Organisation.Name != "Gemeente Duinstad" || len(a.Register) != 1 {
		t.Errorf("got %+v", a)
	}
	if first := a.Process.Steps[0]; a.Process.Subject != "verhuizing" || len(first.Fields) != 2 || first.Fields[0].Inline != nil {
		t.Errorf("the process did not follow the register: %+v", first)
	}
}

// TestInterruptAndResume stops at each question in turn and goes on with the
// same answers.
func TestInterruptAndResume(t *testing.T) {
	script := func() []turn {
		turns := join(goal(), data(), sources(), process(), last())
		turns[0] = turn{"title", "Verhuizing doorgeven"}
		turns[2] = turn{"organisation", "Gemeente Duinstad"}
		return turns
	}
	full := newFake(t, join(script(), agree())...)
	want := must(t, talk(t, "verhuizing", full))

	for i := range script() {
		turns := script()
		at := turns[i].ask
		f := newFake(t, append(turns[:i:i], turn{at, Interrupt})...)
		c := talk(t, "verhuizing", f)
		_, err := Run(c)
		var stopped Stopped
		if !errors.As(err, &stopped) || stopped.Kept != (i > 0) {
			t.Fatalf("stopped at %s: %v, kept %v", at, err, stopped.Kept)
		}
		again := script()[i:]
		if i > 0 {
			again = append([]turn{{"wizard.resume.ask", enter}}, again...)
		}
		c.Prompter = newFake(t, join(again, agree())...)
		got := must(t, c)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("stopped at %s and went on:\n%+v\nwant\n%+v", at, got, want)
		}
	}
}

func TestStartAgainForgets(t *testing.T) {
	c := talk(t, "verhuizing", newFake(t, turn{"title", "Oud"}, turn{"summary", Interrupt}))
	if _, err := Run(c); err == nil {
		t.Fatal("not stopped")
	}
	c.Prompter = newFake(t, join([]turn{{"wizard.resume.ask", Back}, {"wizard.resume.ask", "Opnieuw"}},
		goal(), data(), sources(), process(), last(), agree())...)
	if a := must(t, c); a.Component.Title != "Verhuizing" {
		t.Errorf("kept the old title %q", a.Component.Title)
	}
}

func TestStopAtTheEndKeepsTheAnswers(t *testing.T) {
	c := talk(t, "verhuizing", newFake(t, join(goal(), data(), sources(), process(), last(), []turn{{"wizard.review.ask", "Stoppen"}})...))
	_, err := Run(c)
	var stopped Stopped
	if !errors.As(err, &stopped) || !stopped.Kept {
		t.Fatalf("got %v", err)
	}
	c.Prompter = newFake(t, join([]turn{{"wizard.resume.ask", enter}}, agree())...)
	must(t, c)
}

func TestProblemsThatRemainAreShownAtTheEnd(t *testing.T) {
	f := newFake(t, join(goal(), data(), sources(), process(), last(), []turn{
		{"wizard.review.ask", "verbeteren"}, {"wizard.review.which", "Wat bewaard"}, {"register", enter},
	}, agree())...)
	c := talk(t, "verhuizing", f)
	c.Start.Delivery.Postgres = "3" // not a question of the conversation
	c.Check = func(a answers.Answers) problem.List {
		if f.heard("Dit klopt nog niet") {
			a.Delivery.Postgres = ""
		}
		return rules(a)
	}
	a, err := Run(c)
	if err != nil || a.Delivery.Postgres != "3" {
		t.Fatalf("got %v, %+v", err, a.Delivery)
	}
	if !f.heard("! ") || f.heard("delivery.postgres") {
		t.Errorf("the problem was not shown as it should: %q", f.said)
	}
}

// TestHowToEmptyAnAnswer is said where one that may be empty has a proposal.
func TestHowToEmptyAnAnswer(t *testing.T) {
	s := ownProcess(t)
	s.a.Process.Steps[0].Help = "Let op."
	for help, want := range map[string]bool{"Let op.": true, "": false} {
		s.a.Process.Steps[0].Help = help
		h := &helps{}
		s.prompter = h
		if err := stepSteps(s, 0, false)[2].ask(s, step{id: "step.help"}); err != nil || strings.Contains(h.help, "wordt het leeg") != want {
			t.Errorf("%q: %v, help is %q", help, err, h.help)
		}
	}
}

// helps reads the help of a line.
type helps struct {
	acceptor
	help string
}

func (h *helps) Input(q Question) (string, error) {
	h.help = q.Help
	return h.acceptor.Input(q)
}
