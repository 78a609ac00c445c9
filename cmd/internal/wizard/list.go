package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// list is a question whose answer is built up: entities, fields, sources,
// roles, steps. The person adds, changes, moves and removes until it is right.
type list[T any] struct {
	key      string // the answers it fills
	within   string // where its items are, when that is elsewhere
	needsOne bool   // an empty list is no answer
	items    func(*session) *[]T
	label    func(*session, T) string
	title    func(*session, T) string        // what an item is chosen by; nil: the label
	made     func(T) bool                    // is there enough of an item to keep it?
	form     func(s *session, at int) []step // the questions about one item

	// add and remove replace putting at the end and taking out, where other
	// items have to follow; addForm has the questions about an added item. goes
	// says what removing changes elsewhere.
	add     func(s *session) (at int, err error)
	addForm func(s *session, at int) []step
	remove  func(s *session, at int)
	goes    func(s *session, at int) []string
}

// actions of the menu; their texts are wizard.list.<action>
const (
	listDone   = "done"
	listEmpty  = "empty"
	listAdd    = "add"
	listChange = "change"
	listMove   = "move"
	listRemove = "remove"
)

// edit shows the list and its menu until the person is done.
func (l list[T]) edit(s *session, st step) error {
	for {
		if led, err := l.lead(s); err != nil && !errors.Is(err, Back) {
			return err
		} else if led {
			continue
		}
		s.example(st)
		l.show(s)
		actions := []string{listDone, listAdd, listChange, listMove, listRemove}
		switch len(*l.items(s)) {
		case 0:
			actions = []string{listEmpty, listAdd}
		case 1:
			actions = []string{listDone, listAdd, listChange, listRemove}
		}
		options := make([]string, len(actions))
		for i, action := range actions {
			options[i] = s.text.T("wizard.list." + action)
		}
		standard := 0
		if l.needsOne && len(*l.items(s)) == 0 {
			standard = 1
		}
		s.at(st)
		chosen, err := s.prompter.Select(s.question(st, ""), options, standard)
		if err != nil {
			return err
		}
		if chosen > 0 {
			if err := l.do(s, actions[chosen]); err != nil && !errors.Is(err, Back) {
				return err
			}
			continue
		}
		found := s.objections(l.key)
		if len(found) == 0 {
			return nil
		}
		s.complain(found)
		s.mend(found[0])
	}
}

// lead goes straight to the question that the conversation has to be at: one
// that has to be mended, or where it stopped the last time.
func (l list[T]) lead(s *session) (bool, error) {
	within := l.within
	if within == "" {
		within = l.key
	}
	for at := range *l.items(s) {
		item := fmt.Sprintf("%s[%d]", within, at)
		if !under(s.goTo, item) {
			continue
		}
		steps := l.form(s, at)
		from := stepFor(s, steps, s.goTo)
		if from < 0 {
			break
		}
		if s.mending {
			steps, from = steps[from:from+1], 0
		}
		if !strings.Contains(strings.TrimPrefix(s.goTo, item), "[") {
			s.goTo = "" // else a list in this form goes on to it
		}
		err := s.walk(steps, from, nil, nil)
		s.goTo = ""
		return true, err
	}
	if under(s.goTo, l.key) {
		adding := s.goTo == placeFresh && l.add != nil
		if s.goTo = ""; adding {
			return true, l.append(s)
		}
	}
	return false, nil
}

// stepFor finds the question that fills an answer; -1 when there is none.
func stepFor(s *session, steps []step, key string) int {
	found, longest := -1, 0
	for i, st := range steps {
		for _, k := range st.keys {
			if (under(key, k) || k == key) && len(k) > longest && st.applies(s) {
				found, longest = i, len(k)
			}
		}
	}
	return found
}

// mend has the next list that is asked lead to what is wrong. That a step is
// never reached is no fault of its own title.
func (s *session) mend(p problem.Problem) {
	switch p.Code {
	case problem.StepUnreachable, problem.StepDeadEnd, problem.LookupCircle:
		return
	}
	s.goTo, s.mending = p.Key, true
	if p.Code == problem.KeyMissing && len(p.Args) == 1 {
		s.goTo += "." + s.name(p.Args[0])
	}
}

// do carries out one choice of the menu. Going back keeps what was made.
func (l list[T]) do(s *session, action string) error {
	if action == listAdd {
		return l.append(s)
	}
	at, err := l.pick(s, action)
	if err != nil {
		return err
	}
	switch action {
	case listChange:
		return s.walk(l.form(s, at), 0, nil, nil)
	case listMove:
		return l.move(s, at)
	}
	return l.delete(s, at)
}

// append asks about a new item. One of which nothing is known yet is not kept.
func (l list[T]) append(s *session) error {
	at := len(*l.items(s))
	if l.add != nil {
		var err error
		if at, err = l.add(s); err != nil {
			return err
		}
	} else {
		var blank T
		*l.items(s) = append(*l.items(s), blank)
	}
	form := l.form
	if l.addForm != nil {
		form = l.addForm
	}
	err := s.walk(form(s, at), 0, nil, nil)
	if items := *l.items(s); err != nil && at < len(items) && !l.made(items[at]) {
		*l.items(s) = slices.Delete(items, at, at+1)
	}
	return err
}

// move asks where an item has to come.
func (l list[T]) move(s *session, at int) error {
	items := slices.Clone(*l.items(s))
	moved := items[at]
	items = slices.Delete(items, at, at+1)
	options := []string{s.text.T("wizard.list.top")}
	for _, item := range items {
		options = append(options, s.text.T("wizard.list.after", l.called(s, item)))
	}
	to, err := s.prompter.Select(Question{Ask: s.text.T("wizard.list.where", l.called(s, moved)), Help: s.text.T("wizard.list.where-help")}, distinct(options), at)
	if err != nil {
		return err
	}
	*l.items(s) = slices.Insert(items, to, moved)
	return nil
}

// delete asks whether an item may go, and says what else changes.
func (l list[T]) delete(s *session, at int) error {
	if l.goes != nil {
		for _, said := range l.goes(s, at) {
			s.prompter.Say(s.io.Wrap("- "+said, "  "))
		}
	}
	yes, err := s.prompter.Confirm(Question{Ask: s.text.T("wizard.list.sure", l.called(s, (*l.items(s))[at])), Help: s.text.T("wizard.list.sure-help")}, false)
	switch {
	case err != nil || !yes:
		return err
	case l.remove != nil:
		l.remove(s, at)
	default:
		*l.items(s) = slices.Delete(*l.items(s), at, at+1)
	}
	return nil
}

// pick asks which item; with one item there is nothing to ask.
func (l list[T]) pick(s *session, action string) (int, error) {
	items := *l.items(s)
	if len(items) == 1 {
		return 0, nil
	}
	labels := make([]string, len(items))
	for i, item := range items {
		labels[i] = l.called(s, item)
	}
	return s.prompter.Select(Question{Ask: s.text.T("wizard.which." + action), Help: s.text.T("wizard.which.help")}, distinct(labels), 0)
}

// called is what people call an item when they choose it. The rest of the label
// would have a search find what only refers to it.
func (l list[T]) called(s *session, item T) string {
	if l.title == nil {
		return l.label(s, item)
	}
	return l.title(s, item)
}

// distinct puts a number behind what reads the same.
func distinct(labels []string) []string {
	seen := map[string]int{}
	out := make([]string, len(labels))
	for i, label := range labels {
		seen[label]++
		if out[i] = label; seen[label] > 1 {
			out[i] = fmt.Sprintf("%s (%d)", label, seen[label])
		}
	}
	return out
}

// show prints the items.
func (l list[T]) show(s *session) {
	items := *l.items(s)
	if len(items) == 0 {
		s.prompter.Say("  " + s.text.T("wizard.list.none"))
		return
	}
	for i, item := range items {
		s.prompter.Say(s.io.Wrap(fmt.Sprintf("%d. %s", i+1, l.label(s, item)), "  "))
	}
}
