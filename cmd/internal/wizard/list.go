package wizard

import (
	"errors"
	"fmt"
	"slices"
)

// list is a question whose answer is built up: entities, fields, sources,
// roles, steps. The person adds, changes and removes until it is right.
type list[T any] struct {
	key      string // the answers it fills
	needsOne bool   // an empty list is no answer
	items    func(*session) *[]T
	label    func(*session, T) string
	form     func(s *session, at int) []step // the questions about one item

	// add and remove replace putting at the end and taking out, where other
	// items have to follow; addForm has the questions about an added item.
	add     func(s *session) (at int, err error)
	addForm func(s *session, at int) []step
	remove  func(s *session, at int)
}

// actions of the menu
const (
	listDone = iota
	listAdd
	listChange
	listRemove
)

// edit shows the list and its menu until the person is done.
func (l list[T]) edit(s *session, st step) error {
	for {
		s.example(st)
		l.show(s)
		options := []string{s.text.T("wizard.list.done"), s.text.T("wizard.list.add"), s.text.T("wizard.list.change"), s.text.T("wizard.list.remove")}
		if len(*l.items(s)) == 0 {
			options = []string{s.text.T("wizard.list.empty"), s.text.T("wizard.list.add")}
		}
		standard := listDone
		if l.needsOne && len(*l.items(s)) == 0 {
			standard = listAdd
		}
		action, err := s.prompter.Select(s.question(st, ""), options, standard)
		if err != nil {
			return err
		}
		if action == listDone {
			found := s.objections(l.key)
			if len(found) == 0 {
				return nil
			}
			s.complain(found)
			continue
		}
		if err := l.do(s, action); err != nil && !errors.Is(err, Back) {
			return err
		}
	}
}

// do carries out one choice of the menu. Back undoes all of it.
func (l list[T]) do(s *session, action int) error {
	before := clone(s.a)
	err := l.act(s, action)
	if errors.Is(err, Back) {
		s.a = before
	}
	return err
}

func (l list[T]) act(s *session, action int) error {
	if action == listAdd {
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
		return s.walk(form(s, at), 0, nil, nil)
	}
	at, err := l.pick(s, action)
	if err != nil {
		return err
	}
	if action == listChange {
		return s.walk(l.form(s, at), 0, nil, nil)
	}
	if l.remove != nil {
		l.remove(s, at)
		return nil
	}
	*l.items(s) = slices.Delete(*l.items(s), at, at+1)
	return nil
}

// pick asks which item; with one item there is nothing to ask.
func (l list[T]) pick(s *session, action int) (int, error) {
	items := *l.items(s)
	if len(items) == 1 {
		return 0, nil
	}
	labels := make([]string, len(items))
	for i, item := range items {
		labels[i] = l.label(s, item)
	}
	key := "wizard.list.which-change"
	if action == listRemove {
		key = "wizard.list.which-remove"
	}
	return s.prompter.Select(Question{Ask: s.text.T(key), Help: s.text.T("wizard.list.which-help")}, labels, 0)
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
