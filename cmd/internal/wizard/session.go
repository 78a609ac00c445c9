package wizard

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Progress is a conversation so far: enough to go on with it later.
type Progress struct {
	Answers  answers.Answers
	Answered []string // ids of the questions that were answered
	Process  string   // the standard process that was chosen, or processOwn
	Place    string   // the question that was open: an answer, or "#" and the id of a question

	Fresh answers.Step    // a step that is being added
	Aside answers.Process // own steps, while a standard process is chosen
}

// session is one conversation.
type session struct {
	io       *terminal.IO
	text     *text.Catalogue
	prompter Prompter
	check    func(answers.Answers) problem.List
	keep     func(Progress) // called after every answer
	taken    func(name string) bool
	accepts  bool // nobody is there: take every answer as it comes

	a        answers.Answers
	answered map[string]bool
	process  string
	named    bool // the name was given with the folder or --set

	place   string         // of the question that is open, as Progress has it
	goTo    string         // the answer whose question has to come next, "" when there is none
	mending bool           // only that question, and not those after it
	counted map[string]int // the questions so far, in the order in which they came
	shelf   shelf          // what was made and is not used now

	fresh     answers.Step // a step that is being added
	spot      spot         // where it comes
	ownColour bool         // another colour than those to choose from

	grows bool            // one thing comes in answers that are there
	given map[string]bool // questions of which the answer came with the command
}

// spot is the place of a step that is being added: after another one, behind
// one of its outcomes, or behind a new one.
type spot struct {
	after, outcome int
	fresh          string // the new outcome
}

// shelf keeps what a person made and then chose otherwise, for when they change
// their mind.
type shelf struct {
	register []answers.Entity
	own      answers.Process // the steps that the person made
	asked    []answers.Step  // the steps as they were with that register
}

// step is one question. Steps are data: flow.go lists those of the
// conversation, the other files those of the lists inside it.
type step struct {
	id   string              // its texts are wizard.q.<id>.ask, .help and .example
	part string              // the part of the conversation, with a heading of its own
	keys []string            // the answers it fills, as in problem.Problem.Key
	when func(*session) bool // nil: always
	ask  func(*session, step) error
	of   string                // what it is about, when the question is about more things
	show func(*session) string // the answer, for the summary
}

// about tells a step what it asks about.
func (st step) about(what string) step {
	st.of = what
	return st
}

func (st step) applies(s *session) bool { return !s.given[st.id] && (st.when == nil || st.when(s)) }

// progress is what has to be kept.
func (s *session) progress() Progress {
	p := Progress{Answers: s.a, Process: s.process, Place: s.place, Fresh: s.fresh, Aside: s.shelf.own}
	for id := range s.answered {
		p.Answered = append(p.Answered, id)
	}
	slices.Sort(p.Answered)
	return p
}

// question gives the words of a step.
func (s *session) question(st step, standard string) Question {
	help := s.text.T("wizard.q." + st.id + ".help")
	ask := s.text.T("wizard.q." + st.id + ".ask")
	if st.of != "" {
		ask = s.text.T("wizard.about", ask, st.of)
	}
	return Question{Ask: ask, Help: help, Default: standard}
}

// example shows the example of a step, when it has one.
func (s *session) example(st step) {
	if key := "wizard.q." + st.id + ".example"; s.text.Has(key) {
		s.prompter.Say(s.io.Faint(s.io.Wrap(s.text.T("wizard.example", s.text.T(key)), "  ")))
	}
}

// walk asks the steps in order; back goes to the one before. Going back from
// the first is for the caller.
func (s *session) walk(steps []step, from int, before, after func(step)) error {
	for i := from; i < len(steps); {
		if !steps[i].applies(s) {
			i++
			continue
		}
		if before != nil {
			before(steps[i])
		}
		s.at(steps[i])
		s.count(steps[i])
		err := steps[i].ask(s, steps[i])
		switch {
		case errors.Is(err, Back):
			if i = previous(s, steps, i); i < 0 {
				return Back
			}
		case err != nil:
			return err
		default:
			if after != nil {
				after(steps[i])
			}
			i++
		}
	}
	return nil
}

// leads says whether a question goes on at once to one inside it.
func (s *session) leads(st step) bool {
	return slices.ContainsFunc(st.keys, func(key string) bool { return s.goTo != key && under(s.goTo, key) })
}

// at notes which question is open.
func (s *session) at(st step) {
	switch {
	case len(st.keys) > 0:
		s.place = st.keys[0]
	case st.part != "":
		s.place = "#" + st.id
	}
}

// note gives a question its number, in the order in which they come.
func (s *session) note(st step) int {
	key := strings.Join(append([]string{st.id}, st.keys...), " ")
	if s.counted[key] == 0 {
		s.counted[key] = len(s.counted) + 1
	}
	return s.counted[key]
}

// count says the how manieth question this is, of how many about: those that
// came, and those of the conversation that are still to come.
func (s *session) count(st step) {
	if s.counted == nil {
		return // nobody is there
	}
	number, open := s.note(st), 0
	if s.leads(st) {
		return
	}
	for _, other := range flow() {
		if other.applies(s) && s.counted[strings.Join(append([]string{other.id}, other.keys...), " ")] == 0 {
			open++
		}
	}
	s.prompter.Say(s.io.Faint(s.io.Wrap(s.text.T("wizard.progress", number, len(s.counted)+open), "")))
}

// previous finds the step before i that applies; -1 when there is none.
func previous(s *session, steps []step, i int) int {
	for i--; i >= 0; i-- {
		if steps[i].applies(s) {
			return i
		}
	}
	return -1
}

// objections returns what is wrong with an answer that was just given.
func (s *session) objections(keys ...string) problem.List {
	if s.accepts {
		return nil
	}
	return s.problemsAt(keys...)
}

// problemsAt returns what the rules say about the given answers now.
func (s *session) problemsAt(keys ...string) problem.List {
	var found problem.List
	for _, p := range s.check(s.foreseen()) {
		if slices.ContainsFunc(keys, func(key string) bool { return under(p.Key, key) }) {
			found = append(found, p)
		}
	}
	return found
}

// foreseen is the answers with the process that will be proposed, as long as
// nobody came to that: it asks in its form what a source needs, so that a
// source is no mistake because the register does not have it.
func (s *session) foreseen() answers.Answers {
	a := s.a
	if len(a.Process.Steps) > 0 || len(a.Sources) == 0 {
		return a
	}
	if len(a.Process.Roles) == 0 {
		a.Process.Roles = s.standardRoles()
	}
	if len(a.Register) > 0 {
		a.Process.Subject = a.Register[0].Name
	}
	a.Process.Steps = maker{a: &a, text: s.text, kind: processReview}.steps()
	a.Process.Start = a.Process.Steps[0].Name
	return a
}

// under says whether a key is another key or lies below it.
func under(key, above string) bool {
	rest, ok := strings.CutPrefix(key, above)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// textStep is a question with a line of text as its answer.
type textStep struct {
	id, part string
	keys     []string
	when     func(*session) bool
	get      func(*session) string
	set      func(*session, string)
	standard func(*session) string                  // nil: no default
	refuse   func(s *session, answer string) string // says why an answer cannot be; nil: the rules do
	optional bool
}

// in makes get and set of a textStep from the place of the answer.
func (t textStep) in(place func(*session) *string) textStep {
	t.get = func(s *session) string { return *place(s) }
	t.set = func(s *session, v string) { *place(s) = v }
	return t
}

func (t textStep) step() step {
	return step{id: t.id, part: t.part, keys: t.keys, when: t.when, ask: t.ask, show: t.get}
}

// keyNothing leaves an optional answer empty although it has a default.
const keyNothing = "-"

func (t textStep) ask(s *session, st step) error {
	before, aside := clone(s.a), cloneProcess(s.shelf.own) // an answer that is refused leaves nothing behind
	standard := t.get(s)
	if standard == "" && t.standard != nil {
		standard = t.standard(s)
	}
	s.example(st)
	for {
		q := s.question(st, standard)
		if t.optional && standard == "" {
			q.Ask += " " + s.text.T("wizard.optional")
		} else if t.optional {
			q.Help += " " + s.text.T("wizard.clear")
		}
		answer, err := s.prompter.Input(q)
		if err != nil {
			return err
		}
		if t.optional && answer == keyNothing {
			answer = ""
		}
		if answer == "" && !t.optional && !s.accepts {
			s.prompter.Say(s.io.Warn("  ! " + s.text.T("wizard.required")))
			continue
		}
		if t.refuse != nil {
			if why := t.refuse(s, answer); why != "" {
				s.prompter.Say(s.io.Warn(s.io.Wrap("! "+why, "  ")))
				continue
			}
		}
		t.set(s, answer)
		found := s.objections(t.keys...)
		if len(found) == 0 {
			return nil
		}
		s.complain(found)
		s.a, s.shelf.own = before, aside
		before, aside = clone(s.a), cloneProcess(aside)
	}
}

// choiceStep is a question with one of a few values as its answer.
type choiceStep struct {
	id, part string
	keys     []string
	when     func(*session) bool
	get      func(*session) string
	set      func(*session, string)
	values   func(*session) []string
	label    func(*session, string) string
	words    func(*session, string) string // other words by which a value is found; nil: none
	standard string
}

func (c choiceStep) step() step {
	return step{id: c.id, part: c.part, keys: c.keys, when: c.when, ask: c.ask, show: func(s *session) string {
		if c.get(s) == "" {
			return ""
		}
		return c.label(s, c.get(s))
	}}
}

func (c choiceStep) ask(s *session, st step) error {
	values := c.values(s)
	labels := make([]string, len(values))
	q := s.question(st, "")
	for i, v := range values {
		labels[i] = c.label(s, v)
		if c.words != nil {
			q.Words = append(q.Words, c.words(s, v))
		}
	}
	labels = distinct(labels)
	current := c.get(s)
	if current == "" {
		current = c.standard
	}
	for {
		i, err := s.prompter.Select(q, labels, max(slices.Index(values, current), 0))
		if err != nil {
			return err
		}
		before, value := clone(s.a), c.get(s)
		c.set(s, values[i])
		found := s.objections(c.keys...)
		if len(found) == 0 {
			return nil
		}
		s.complain(found)
		if value != "" {
			c.set(s, value)
		}
		s.a = before
	}
}

func cloneProcess(p answers.Process) answers.Process {
	return clone(answers.Answers{Process: p}).Process
}

// clone copies answers, so that an edit can be undone.
func clone(a answers.Answers) answers.Answers {
	var b answers.Answers
	data, err := json.Marshal(a)
	if err == nil {
		err = json.Unmarshal(data, &b)
	}
	if err != nil {
		return a // cannot happen: answers are plain data
	}
	return b
}
