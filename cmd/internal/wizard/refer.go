package wizard

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// What has a name is referred to by that name. Who gives it another title gives
// it another name, and everything that refers to it follows; so it does when
// something goes. What refers to what, package grow knows.

// everywhere changes what is used, and the own steps that were put aside.
func (s *session) everywhere(change func(*answers.Answers)) {
	change(&s.a)
	aside := s.a
	aside.Process.Steps, aside.Process.Start = s.shelf.own.Steps, s.shelf.own.Start
	change(&aside)
}

// refuseSame says so when another item of a list has the name that goes with a
// title: the two would become one.
func refuseSame[T any](items func(*session) []T, at int, name func(T) string, spelling func(naming.Names) string) func(*session, string) string {
	return func(s *session, title string) string {
		for i, item := range items(s) {
			if i != at && name(item) == nameOf(title, spelling) {
				return s.text.T("wizard.same-name", title)
			}
		}
		return ""
	}
}

// The titles of what has a name.

func (s *session) roleTitle(name string) string {
	for _, r := range s.a.Process.Roles {
		if r.Name == name {
			return shown(r.Title, r.Name)
		}
	}
	return naming.Title(name)
}

func (s *session) stepTitle(name string) string {
	for _, st := range s.a.Process.Steps {
		if st.Name == name {
			return shown(st.Title, st.Name)
		}
	}
	return naming.Title(name)
}

func (s *session) sourceTitle(name string) string {
	for _, x := range s.a.Sources {
		if x.Name == name {
			return title(x)
		}
	}
	return naming.Title(name)
}

func (s *session) entityTitle(name string) string {
	for _, e := range s.a.Register {
		if e.Name == name {
			return shown(e.Title, e.Name)
		}
	}
	return naming.Title(name)
}

// What goes, and what is said about it before.

// leaveRole gives the steps of a role that goes to another one.
func (s *session) leaveRole(at int) {
	gone := s.a.Process.Roles[at]
	to := s.heir(at)
	s.a.Process.Roles = slices.Delete(s.a.Process.Roles, at, at+1)
	s.everywhere(func(a *answers.Answers) { grow.FollowRole(a, gone.Name, to) })
}

// heir is the role that gets the steps of another one: of the same people when
// there is one.
func (s *session) heir(at int) string {
	other := ""
	for i, r := range s.a.Process.Roles {
		switch {
		case i == at:
		case audience(r) == audience(s.a.Process.Roles[at]):
			return r.Name
		case other == "":
			other = r.Name
		}
	}
	return other
}

func (s *session) roleGoes(at int) []string {
	var said []string
	for _, st := range s.a.Process.Steps {
		if st.Role == s.a.Process.Roles[at].Name {
			said = append(said, s.text.T("wizard.goes.role", shown(st.Title, st.Name), s.roleTitle(s.heir(at))))
		}
	}
	return said
}

// leaveEntity takes what a component stores away, with what refers to it.
func (s *session) leaveEntity(at int) {
	gone := s.a.Register[at]
	for i := len(gone.Fields) - 1; i >= 0; i-- {
		s.leaveField(at, i)
	}
	s.a.Register = slices.Delete(s.a.Register, at, at+1)
	for i := range s.a.Register {
		e := &s.a.Register[i]
		e.Fields = slices.DeleteFunc(e.Fields, func(f answers.Field) bool { return f.Type == "reference" && f.Entity == gone.Name })
	}
	if s.a.Process.Subject == gone.Name {
		s.a.Process.Subject = ""
		if len(s.a.Register) > 0 {
			s.a.Process.Subject = s.a.Register[0].Name
		}
	}
}

func (s *session) entityGoes(at int) []string {
	gone := s.a.Register[at]
	var said []string
	for i := range gone.Fields {
		said = append(said, s.fieldGoes(at, i)...)
	}
	for i, e := range s.a.Register {
		for _, f := range e.Fields {
			if i != at && f.Type == "reference" && f.Entity == gone.Name {
				said = append(said, s.text.T("wizard.goes.reference", fieldTitle(f), shown(e.Title, e.Name)))
			}
		}
	}
	return said
}

// leaveField takes a field out of the register and out of the forms.
func (s *session) leaveField(entity, at int) {
	e := &s.a.Register[entity]
	name := e.Fields[at].Name
	e.Fields = slices.Delete(e.Fields, at, at+1)
	if e.Retention.Field == name {
		e.Retention.Field, e.Retention.Start = "", ""
	}
	if e.Name != s.a.Process.Subject {
		return
	}
	grow.LeaveField(&s.a.Process, name)
	grow.LeaveInput(&s.a, name)
}

func (s *session) fieldGoes(entity, at int) []string {
	e := s.a.Register[entity]
	if e.Name != s.a.Process.Subject || s.process != processOwn {
		return nil
	}
	var said []string
	for _, st := range s.a.Process.Steps {
		for _, f := range st.Fields {
			if f.Inline == nil && f.Name == e.Fields[at].Name {
				said = append(said, s.text.T("wizard.goes.field", fieldTitle(e.Fields[at]), shown(st.Title, st.Name)))
			}
		}
	}
	return said
}

// leaveSource takes a source away, with the steps that ask it.
func (s *session) leaveSource(at int) {
	gone := s.a.Sources[at].Name
	s.a.Sources = slices.Delete(s.a.Sources, at, at+1)
	for i := len(s.a.Process.Steps) - 1; i >= 0; i-- {
		if s.a.Process.Steps[i].Source == gone {
			removeStep(s, i)
		}
	}
	grow.LeaveInput(&s.a, gone)
}

func (s *session) sourceGoes(at int) []string {
	var said []string
	for _, st := range s.a.Process.Steps {
		if s.process == processOwn && st.Source == s.a.Sources[at].Name {
			said = append(said, s.text.T("wizard.goes.source", shown(st.Title, st.Name)))
		}
	}
	return said
}

// stepGoes says where what leads to a step will lead.
func (s *session) stepGoes(at int) []string {
	gone := s.a.Process.Steps[at]
	var said []string
	for _, st := range s.a.Process.Steps {
		if st.Name == gone.Name || !slices.Contains(grow.Targets(st), gone.Name) {
			continue
		}
		if next := nextOf(gone); loses(st, next) {
			said = append(said, s.text.T("wizard.goes.nowhere", shown(st.Title, st.Name)))
		} else {
			said = append(said, s.text.T("wizard.goes.step", shown(st.Title, st.Name), s.stepTitle(next)))
		}
	}
	return said
}
