package grow

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// What has a name is referred to by that name. The functions below visit every
// place where that is so, in the answers that they get.

// follow changes one reference, in whatever spelling it is.
func follow(place *string, from, to string) {
	if Same(*place, from) {
		*place = to
	}
}

// FollowEntity has what refers to an entity refer to another name.
func FollowEntity(a *answers.Answers, from, to string) {
	follow(&a.Process.Subject, from, to)
	EachField(a, func(f *answers.Field, _ string) { follow(&f.Entity, from, to) })
}

// FollowField does so for a field of an entity of the register.
func FollowField(a *answers.Answers, entity int, from, to string) {
	e := &a.Register[entity]
	follow(&e.Retention.Field, from, to)
	for i := range e.Retention.Results {
		follow(&e.Retention.Results[i].Field, from, to)
	}
	if !Same(e.Name, a.Process.Subject) {
		return
	}
	for i := range a.Process.Steps {
		for j := range a.Process.Steps[i].Fields {
			if f := &a.Process.Steps[i].Fields[j]; f.Inline == nil {
				follow(&f.Name, from, to)
			}
		}
	}
	followInput(a, from, to)
}

// FollowStep does so for a step.
func FollowStep(p *answers.Process, from, to string) {
	follow(&p.Start, from, to)
	for i := range p.Steps {
		follow(&p.Steps[i].Next, from, to)
		for j := range p.Steps[i].Outcomes {
			follow(&p.Steps[i].Outcomes[j].Next, from, to)
		}
	}
}

// FollowRole does so for a role.
func FollowRole(a *answers.Answers, from, to string) {
	for i := range a.Process.Steps {
		follow(&a.Process.Steps[i].Role, from, to)
	}
	EachField(a, func(f *answers.Field, _ string) {
		if f.Person != other {
			follow(&f.Person, from, to)
		}
	})
}

// other is the person of a number that belongs to nobody with a role.
const other = "other"

// FollowSource does so for a source.
func FollowSource(a *answers.Answers, from, to string) {
	for i := range a.Process.Steps {
		follow(&a.Process.Steps[i].Source, from, to)
	}
	if !isAsked(*a, from) { // the name of a field goes before that of a source
		followInput(a, from, to)
	}
}

// FollowOperation does so for a question to a source.
func FollowOperation(a *answers.Answers, source, from, to string) {
	for i := range a.Process.Steps {
		if st := &a.Process.Steps[i]; Same(st.Source, source) {
			follow(&st.Operation, from, to)
		}
	}
}

// FollowResult does so for a result with which a zaak ends; that is a text.
func FollowResult(a *answers.Answers, from, to string) {
	for i := range a.Register {
		for j := range a.Register[i].Retention.Results {
			if r := &a.Register[i].Retention.Results[j]; from != "" && r.Result == from {
				r.Result = to
			}
		}
	}
}

// FollowActivity does so for a processing activity.
func FollowActivity(a *answers.Answers, from, to string) {
	for i := range a.Sources {
		follow(&a.Sources[i].Purpose.Activity, from, to)
	}
}

// followInput is about what questions to sources get: a field, or the first
// part of "field.part" or "source.field".
func followInput(a *answers.Answers, from, to string) {
	for i := range a.Process.Steps {
		input := a.Process.Steps[i].Input
		for parameter, value := range input {
			head, rest, dotted := strings.Cut(strings.TrimSpace(value), ".")
			switch {
			case !Same(head, from):
			case dotted:
				input[parameter] = to + "." + rest
			default:
				input[parameter] = to
			}
		}
	}
}

// LeaveInput takes what comes from a field or a source out of the questions.
func LeaveInput(a *answers.Answers, from string) {
	for i := range a.Process.Steps {
		input := a.Process.Steps[i].Input
		maps.DeleteFunc(input, func(_, value string) bool {
			head, _, _ := strings.Cut(strings.TrimSpace(value), ".")
			return Same(head, from)
		})
	}
}

// LeaveField takes a field of the subject out of the forms.
func LeaveField(p *answers.Process, name string) {
	for i := range p.Steps {
		st := &p.Steps[i]
		st.Fields = slices.DeleteFunc(st.Fields, func(f answers.StepField) bool { return f.Inline == nil && Same(f.Name, name) })
	}
}

// EachField visits the fields of the register and those of forms, with their
// keys.
func EachField(a *answers.Answers, visit func(f *answers.Field, key string)) {
	for i := range a.Register {
		for j := range a.Register[i].Fields {
			visit(&a.Register[i].Fields[j], at(at("register", i)+".fields", j))
		}
	}
	for i := range a.Process.Steps {
		for j, f := range a.Process.Steps[i].Fields {
			if f.Inline != nil {
				visit(f.Inline, at(at("process.steps", i)+".fields", j))
			}
		}
	}
}

// subject is the place of the entity that the process is about; -1 for none. The
// standard process is about the first, when nobody says otherwise.
func subject(a answers.Answers) int {
	if len(a.Process.Steps) == 0 && a.Process.Subject == "" && len(a.Register) > 0 {
		return 0
	}
	return index(a.Register, entityName, a.Process.Subject)
}

// asked are the fields that a process can ask for: those of its subject and
// those of its forms.
func asked(a answers.Answers) []answers.Field {
	var found []answers.Field
	if i := subject(a); i >= 0 {
		found = append(found, a.Register[i].Fields...)
	}
	for _, st := range a.Process.Steps {
		for _, f := range st.Fields {
			if f.Inline != nil && index(found, fieldName, f.Name) < 0 {
				found = append(found, *f.Inline)
			}
		}
	}
	return found
}

func isAsked(a answers.Answers, name string) bool { return index(asked(a), fieldName, name) >= 0 }

// Targets lists the steps that can follow a step, each once.
func Targets(st answers.Step) []string {
	var next []string
	if st.Next != "" {
		next = append(next, st.Next)
	}
	for _, o := range st.Outcomes {
		if !slices.ContainsFunc(next, func(known string) bool { return Same(known, o.Next) }) {
			next = append(next, o.Next)
		}
	}
	return next
}
