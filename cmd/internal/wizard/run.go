package wizard

import (
	"errors"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Conversation is everything that the questions need.
type Conversation struct {
	IO         *terminal.IO
	Text       *text.Catalogue
	Prompter   Prompter
	Start      answers.Answers // what is known already: from the folder name and --set
	Unfinished *Unfinished

	Check   func(answers.Answers) problem.List    // the rules, also for answers that are not complete
	Preview func(answers.Answers) (string, error) // the tree that will be made
	Taken   func(name string) bool                // is there a folder of this name already?
}

// Stopped says that the person ended the conversation before anything was made.
type Stopped struct {
	Kept bool // the answers are there for the next time
}

func (Stopped) Error() string { return "the questions were not finished" }

// Run asks the questions, shows what will be made and returns the answers when
// the person agrees.
func Run(c Conversation) (answers.Answers, error) {
	s := &session{
		io: c.IO, text: c.Text, prompter: c.Prompter, check: c.Check, taken: c.Taken,
		a: c.Start, answered: map[string]bool{}, counted: map[string]int{},
	}
	kept := false
	s.keep = func(p Progress) { kept = c.Unfinished.Save(p) == nil }
	err := s.converse(c)
	if errors.Is(err, Interrupt) {
		if len(s.answered) > 0 {
			s.keep(s.progress())
		}
		return s.a, Stopped{Kept: kept}
	}
	return s.a, err
}

func (s *session) converse(c Conversation) error {
	s.prompter.Say(s.io.Wrap(s.text.T("wizard.welcome"), ""))
	s.begin()
	if err := s.resume(c.Unfinished); err != nil {
		return err
	}
	steps := flow()
	part := ""
	before := func(st step) {
		if st.part != part {
			part = st.part
			s.heading(part)
		}
		s.prompter.Say("")
	}
	after := func(st step) {
		s.done(st)
		s.keep(s.progress())
	}
	from := s.reopen(steps)
	for {
		err := s.walk(steps, from, before, after)
		if errors.Is(err, Back) {
			s.prompter.Say("  " + s.text.T("wizard.first"))
			from, part = 0, ""
			continue
		}
		if err != nil {
			return err
		}
		if err = s.review(c, steps, after); !errors.Is(err, Back) {
			return err
		}
		from = previous(s, steps, len(steps))
	}
}

// begin makes the answers that every other one builds on.
func (s *session) begin() {
	s.a.Version = answers.Version
	s.named = s.a.Component.Name != ""
	if s.a.Process.Title == "" {
		s.a.Process.Title = s.a.Component.Title
	}
}

// done notes that a step was answered and lets what depends on it follow.
func (s *session) done(st step) {
	s.answered[st.id] = true
	s.rebuild()
	if len(s.a.Register) > 0 && len(s.a.Privacy.Activities) > 0 && s.a.Privacy.Activities[0].Retention == "" {
		s.a.Privacy.Activities[0].Retention = s.a.Register[0].Retention.Period
	}
}

// firstOpen is where a conversation goes on.
func (s *session) firstOpen(steps []step) int {
	for i, st := range steps {
		if st.applies(s) && !s.answered[st.id] {
			return i
		}
	}
	return len(steps)
}

// reopen is where a conversation goes on: the question that was open when it
// stopped, or else the first without an answer.
func (s *session) reopen(steps []step) int {
	first, place := s.firstOpen(steps), s.place
	for i, st := range steps {
		if s.answered[st.id] && st.applies(s) {
			s.note(st)
		}
		if i > first || first == len(steps) || !st.applies(s) {
			continue
		}
		if place == "#"+st.id || slices.ContainsFunc(st.keys, func(key string) bool { return under(place, key) }) {
			s.goTo, s.mending = place, false
			return i
		}
	}
	return first
}

// resume offers to go on where an earlier run stopped.
func (s *session) resume(u *Unfinished) error {
	p, when, ok := u.Load()
	if !ok {
		return nil
	}
	ask := s.text.T("wizard.resume.ask", terminal.Safe(p.Answers.Component.Title), when.Local().Format("2-1-2006 15:04"), len(p.Answered))
	options := []string{s.text.T("wizard.resume.go-on"), s.text.T("wizard.resume.again")}
	for {
		chosen, err := s.prompter.Select(Question{Ask: ask, Help: s.text.T("wizard.resume.help")}, options, 0)
		switch {
		case errors.Is(err, Back):
			s.prompter.Say("  " + s.text.T("wizard.first"))
			continue
		case err != nil:
			return err
		case chosen == 0:
			s.a, s.process, s.place, s.fresh, s.shelf.own = p.Answers, p.Process, p.Place, p.Fresh, p.Aside
			for _, id := range p.Answered {
				s.answered[id] = true
			}
		default:
			u.Forget()
		}
		return nil
	}
}

func (s *session) heading(part string) {
	s.prompter.Say("\n" + s.io.Bold(s.text.T("wizard.part."+part)))
	s.prompter.Say(s.io.Faint(s.io.Wrap(s.text.T("wizard.part."+part+"-about"), "")))
}
