package wizard

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// reader takes every proposal and keeps what could be read.
type reader struct {
	acceptor
	read []string
}

func (r *reader) Select(q Question, options []string, at int) (int, error) {
	r.read = append(append(r.read, q.Ask), options...)
	return at, nil
}

func (r *reader) MultiSelect(q Question, options []string, at []int) ([]int, error) {
	r.read = append(append(r.read, q.Ask), options...)
	return at, nil
}

func (r *reader) Input(q Question) (string, error) {
	r.read = append(r.read, q.Ask, q.Default)
	return q.Default, nil
}

func (r *reader) Say(words string) { r.read = append(r.read, words) }

// TestChoicesAreTitles: what has a title is never chosen by the name that the
// file has for it.
func TestChoicesAreTitles(t *testing.T) {
	s := ownProcess(t)
	r := &reader{}
	s.prompter = r
	rename := func(name *string, follow func(from, to string)) {
		before := *name
		*name = "zz-" + before
		follow(before, *name)
	}
	for i := range s.a.Process.Roles {
		rename(&s.a.Process.Roles[i].Name, func(from, to string) { grow.FollowRole(&s.a, from, to) })
	}
	for i := range s.a.Process.Steps {
		rename(&s.a.Process.Steps[i].Name, func(from, to string) { grow.FollowStep(&s.a.Process, from, to) })
	}
	for i := range s.a.Sources {
		rename(&s.a.Sources[i].Name, func(from, to string) { grow.FollowSource(&s.a, from, to) })
	}
	for i := range s.a.Register {
		rename(&s.a.Register[i].Name, func(from, to string) { grow.FollowEntity(&s.a, from, to) })
	}
	for at := range s.a.Process.Steps {
		for _, st := range stepSteps(s, at, false) {
			if st.applies(s) {
				if err := st.ask(s, st); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, form := range [][]step{entitySteps(s, 1), fieldSteps(s, 1, 0), roleSteps(s, 0), sourceSteps(s, 0), processSteps()} {
		for _, st := range form {
			if st.applies(s) {
				if err := st.ask(s, st); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := addStepAfter(s, 0); err != nil {
		t.Fatal(err)
	}
	for _, words := range r.read {
		if strings.Contains(words, "zz-") || regexp.MustCompile(`\bbevraag[A-Z]|nieuwAdres|niet-gevonden`).MatchString(words) {
			t.Errorf("somebody reads %q", words)
		}
	}
	if len(r.read) < 100 {
		t.Errorf("only %d texts were read", len(r.read))
	}
}

// addStepAfter asks where a new step comes.
func addStepAfter(s *session, outcome int) (int, error) {
	if _, err := askAfter(s, step{id: "step.after"}); err != nil {
		return 0, err
	}
	return askOutcome(s, step{id: "step.outcome"}, 3)
}

// TestProgressIsHonest: the number of the question grows, the total is never
// below it, and lists that grow make it grow.
func TestProgressIsHonest(t *testing.T) {
	f := newFake(t, join(goal(), []turn{
		{"stores", enter}, menu("register", "Wijzigen"), {"entity.title", enter}, {"entity.plural", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Een"}, {"field.type", enter}, {"field.required", enter}, {"field.more", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Twee"}, {"field.type", enter}, {"field.required", enter}, {"field.more", enter},
		{"entity.fields", enter}, {"entity.retention", enter}, {"register", enter},
	}, sources(), process(), last(), agree())...)
	must(t, talk(t, "verhuizing", f))
	number, total, seen := 0, 0, 0
	for _, said := range f.said {
		var n, of int
		if _, err := fmt.Sscanf(said, "Vraag %d van ongeveer %d", &n, &of); err != nil {
			continue
		}
		seen++
		if n != number+1 || of < n || of < total {
			t.Errorf("%q comes after %d of %d", said, number, total)
		}
		number, total = n, of
	}
	if number != total || seen < 20 {
		t.Errorf("%d questions end with %d of %d", seen, number, total)
	}
}

// TestAnInlineFieldIsRead by its title too.
func TestAnInlineFieldIsRead(t *testing.T) {
	s := ownProcess(t)
	s.a.Process.Steps[0].Fields = append(s.a.Process.Steps[0].Fields, inline(answers.Field{Name: "extraVraag", Title: "Nog een vraag", Type: "text"}))
	r := &reader{}
	s.prompter = r
	if err := askStepFields(s, step{id: "step.fields"}, 0); err != nil || !strings.Contains(strings.Join(r.read, " "), "Nog een vraag (wordt niet bewaard)") {
		t.Errorf("%v, %q", err, r.read)
	}
}
