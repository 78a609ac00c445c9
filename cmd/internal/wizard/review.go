package wizard

import (
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// actions of the review; their texts are wizard.review.<action>
const (
	reviewMake   = "make"
	reviewMend   = "mend"
	reviewTree   = "tree"
	reviewChange = "change"
	reviewStop   = "stop"
)

// mostProblems is how many problems are shown at once: they are mended one by
// one.
const mostProblems = 3

// review shows the answers, and lets the person see what will be made, mend or
// change an answer, agree or stop.
func (s *session) review(c Conversation, steps []step, after func(step)) error {
	for {
		s.place = ""
		found := s.check(s.a)
		tree, err := "", error(nil)
		if len(found) == 0 {
			tree, err = c.Preview(s.a)
		}
		var list problem.List
		if errors.As(err, &list) {
			found = list
		} else if err != nil {
			return err
		}
		actions := []string{reviewMake, reviewTree, reviewChange, reviewStop}
		if len(found) > 0 {
			actions = []string{reviewMend, reviewChange, reviewStop}
		}
		s.summary(steps, len(actions), min(len(found), mostProblems))
		if len(found) > 0 {
			s.prompter.Say("\n" + s.text.T("wizard.review.problems"))
			s.complain(found[:min(len(found), mostProblems)])
		}
		options := make([]string, len(actions))
		for i, action := range actions {
			options[i] = s.text.T("wizard.review." + action)
		}
		chosen, err := s.prompter.Select(Question{Ask: s.text.T("wizard.review.ask"), Help: s.text.T("wizard.review.help")}, options, 0)
		if err != nil {
			return err
		}
		switch actions[chosen] {
		case reviewMake:
			return nil
		case reviewStop:
			s.keep(s.progress())
			return Interrupt
		case reviewTree:
			err = s.pages(tree)
		case reviewMend:
			err = s.mendFirst(steps, found[0], after)
		case reviewChange:
			err = s.change(steps, after)
		}
		if err != nil && !errors.Is(err, Back) {
			return err
		}
	}
}

// mendFirst goes to the question that a problem is about.
func (s *session) mendFirst(steps []step, p problem.Problem, after func(step)) error {
	s.mend(p)
	key := p.Key
	if s.goTo != "" {
		key = s.goTo
	}
	at := stepFor(s, steps, key)
	if at < 0 && under(key, "process") {
		at = slices.IndexFunc(steps, func(st step) bool { return st.id == "steps" })
	}
	if at < 0 {
		return s.change(steps, after) // no question fills it: the person chooses
	}
	return s.again(steps, steps[at], after)
}

// change asks which answer to change.
func (s *session) change(steps []step, after func(step)) error {
	columns, _ := s.io.Size()
	var open []step
	var labels []string
	for _, st := range steps {
		if st.applies(s) {
			open = append(open, st)
			labels = append(labels, terminal.Cut(s.line(st, 0), max(columns-4, 16)))
		}
	}
	chosen, err := s.prompter.Select(Question{Ask: s.text.T("wizard.review.which"), Help: s.text.T("wizard.review.which-help")}, labels, 0)
	if err != nil {
		return err
	}
	return s.again(steps, open[chosen], after)
}

// again asks a question again, and then what has become a question because of it.
func (s *session) again(steps []step, st step, after func(step)) error {
	before := map[string]bool{}
	for _, other := range steps {
		before[other.id] = other.applies(s)
	}
	if err := s.walk([]step{st}, 0, nil, after); err != nil {
		return err
	}
	var now []step
	for _, other := range steps {
		if other.applies(s) && !before[other.id] {
			now = append(now, other)
		}
	}
	return s.walk(now, 0, nil, after)
}

// line is an answer as the summary has it.
func (s *session) line(st step, width int) string {
	value := terminal.Safe(st.show(s))
	if value == "" {
		value = s.text.T("wizard.review.empty")
	}
	label := s.text.T("wizard.q." + st.id + ".short")
	if width == 0 {
		return label + ": " + value
	}
	return "  " + label + strings.Repeat(" ", max(width-terminal.Cells(label), 0)) + "  " + value
}

// summary lists the answers, each on a row, as far as the screen has room for
// them above the question.
func (s *session) summary(steps []step, options, problems int) {
	columns, height := s.io.Size()
	width := 0
	for _, st := range steps {
		width = max(width, terminal.Cells(s.text.T("wizard.q."+st.id+".short")))
	}
	var rows []string
	for _, st := range steps {
		if st.applies(s) {
			rows = append(rows, s.line(st, width))
		}
	}
	room := height - options - 6
	if problems > 0 {
		room -= 2 + 3*problems
	}
	if more := len(rows) - max(room, 3) + 1; height > 0 && !s.io.Plain && more > 1 {
		rows = append(rows[:len(rows)-more], "  "+s.text.T("wizard.review.more", more, s.text.T("wizard.review.change")))
	}
	s.prompter.Say("\n" + s.io.Bold(s.text.T("wizard.review.title")))
	for _, row := range rows {
		if !s.io.Plain {
			row = terminal.Cut(row, max(columns-1, 16))
		}
		s.prompter.Say(row)
	}
}

// pages shows a long text, a screen at a time; the person says when it is enough.
func (s *session) pages(text string) error {
	columns, height := s.io.Size()
	lines := strings.Split(text, "\n")
	room := max(height-7, 4)
	if height == 0 || s.io.Plain {
		room = len(lines)
	}
	for len(lines) > 0 {
		for _, line := range lines[:min(room, len(lines))] {
			s.prompter.Say(terminal.Cut(line, max(columns-1, 16)))
		}
		lines = lines[min(room, len(lines)):]
		options := []string{s.text.T("wizard.review.page-on"), s.text.T("wizard.review.page-enough")}
		if len(lines) == 0 {
			options = options[1:]
		}
		chosen, err := s.prompter.Select(Question{Ask: s.text.T("wizard.review.page"), Help: s.text.T("wizard.review.page-help")}, options, 0)
		if err != nil || options[chosen] == s.text.T("wizard.review.page-enough") {
			return err
		}
	}
	return nil
}
