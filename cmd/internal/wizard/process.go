package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// The standard processes; texts wizard.process.<name>.
const (
	processReview = "beoordelen" // form, sources, decide with a way back, two ends
	processShort  = "kort"       // the same without the way back
	processAsk    = "vragen"     // form, sources, look at the answer, end
	processOwn    = "eigen"      // the person makes the steps
)

// rebuild makes the steps of the chosen standard process from what the answers
// say now about register, sources and roles. Own steps are left alone, but
// start from the standard ones.
func (s *session) rebuild() {
	p := &s.a.Process
	if s.process == "" {
		return
	}
	p.Subject = ""
	if len(s.a.Register) > 0 {
		p.Subject = s.a.Register[0].Name
	}
	if s.process == processOwn && len(p.Steps) > 0 {
		s.shelf.steps = p.Steps
		return
	}
	p.Steps = maker{a: &s.a, kind: s.process}.steps()
	p.Start = ""
	if len(p.Steps) > 0 {
		p.Start = p.Steps[0].Name
	}
}

// maker builds a standard process.
type maker struct {
	a    *answers.Answers
	kind string
}

// Names of the steps of the standard processes.
const (
	stepForm     = "indienen"
	stepReview   = "beoordelen"
	stepComplete = "aanvullen"
	stepGranted  = "toegekend"
	stepRefused  = "afgewezen"
	stepDone     = "afgerond"
)

func (m maker) steps() []answers.Step {
	asker, judge := m.role("citizen"), m.role("employee")
	if m.kind == processAsk {
		asker = judge
	}
	form := answers.Step{Name: stepForm, Kind: "form", Role: asker, Title: m.a.Process.Title, Fields: m.fields()}
	lookups := m.lookups(&form)
	after := stepReview
	if len(lookups) > 0 {
		after = lookups[0].Name
	}
	form.Next = after
	steps := append([]answers.Step{form}, lookups...)
	review := answers.Step{Name: stepReview, Kind: "decide", Role: judge, Title: "Beoordelen", Term: standardTerm}
	if m.kind == processAsk {
		review.Title, review.Term = "Antwoord bekijken", ""
		review.Outcomes = []answers.Outcome{{Name: stepDone, Next: stepDone}, {Name: "opnieuw", Next: stepForm}}
		return append(steps, review, answers.Step{Name: stepDone, Kind: "end", Title: "Afgerond", Result: "afgehandeld"})
	}
	review.Outcomes = []answers.Outcome{{Name: "toekennen", Next: stepGranted}}
	if m.kind != processShort {
		review.Outcomes = append(review.Outcomes, answers.Outcome{Name: stepComplete, Next: stepComplete})
	}
	review.Outcomes = append(review.Outcomes, answers.Outcome{Name: "afwijzen", Next: stepRefused})
	steps = append(steps, review)
	if m.kind != processShort {
		steps = append(steps, answers.Step{Name: stepComplete, Kind: "form", Role: asker, Title: "Aanvullen", Fields: slices.Clone(form.Fields), Next: after})
	}
	return append(steps,
		answers.Step{Name: stepGranted, Kind: "end", Title: "Toegekend", Result: "toegekend"},
		answers.Step{Name: stepRefused, Kind: "end", Title: "Afgewezen", Result: "afgewezen"})
}

// role is the first role of an audience, or else the first of all. A company
// asks for something as an inwoner does.
func (m maker) role(audience string) string {
	roles := m.a.Process.Roles
	for _, r := range roles {
		if r.Audience == audience || audience == "citizen" && r.Audience == "company" {
			return r.Name
		}
	}
	if len(roles) == 0 {
		return ""
	}
	return roles[0].Name
}

// fields are those of the subject. Without one the form asks for what is not
// stored: at least one field, so that there is something to look at.
func (m maker) fields() []answers.StepField {
	if len(m.a.Register) == 0 {
		if len(m.a.Sources) > 0 {
			return nil // what the sources need is added by lookups
		}
		return []answers.StepField{inline(answers.Field{Name: "vraag", Type: "longtext", Title: "Uw vraag", Required: true})}
	}
	var fields []answers.StepField
	for _, f := range m.a.Register[0].Fields {
		fields = append(fields, answers.StepField{Name: f.Name})
	}
	return fields
}

func inline(f answers.Field) answers.StepField {
	return answers.StepField{Name: f.Name, Inline: &f}
}

// lookups makes one step per source. A parameter comes from a field of the
// subject or from the answer of an earlier source; otherwise the form asks for it.
func (m maker) lookups(form *answers.Step) []answers.Step {
	var steps []answers.Step
	for i, source := range m.a.Sources {
		if len(source.Operations) == 0 && source.Catalogue == "" {
			continue
		}
		step := answers.Step{
			Name: nameOf(source.Name+" bevragen", kebab), Kind: "lookup", Source: source.Name,
			Title: title(source) + " bevragen", Input: map[string]string{},
		}
		if len(source.Operations) > 0 {
			step.Operation = source.Operations[0].Name
		}
		for _, parameter := range parametersOf(source) {
			if from := m.from(parameter, i, form); from != parameter.Name {
				step.Input[parameter.Name] = from
			}
		}
		if len(step.Input) == 0 {
			step.Input = nil
		}
		steps = append(steps, step)
	}
	for i := range steps {
		next := stepReview
		if i+1 < len(steps) {
			next = steps[i+1].Name
		}
		steps[i].Outcomes = []answers.Outcome{{Name: "gevonden", Next: next}, {Name: "niet-gevonden", Next: stepReview}}
	}
	return steps
}

// from says where a parameter comes from, and adds it to the form when it
// comes from nowhere else.
func (m maker) from(p parameter, source int, form *answers.Step) string {
	if len(m.a.Register) > 0 {
		for _, f := range m.a.Register[0].Fields {
			switch {
			case sameName(f.Name, p.Name):
				return f.Name
			case (f.Type == "adres" || f.Type == "adres-overal") && p.ofAddress():
				return f.Name + "." + p.Name
			case f.Type == p.Type && p.alone():
				return f.Name
			}
		}
	}
	for _, earlier := range m.a.Sources[:source] {
		if slices.Contains(earlier.Purpose.Fields, p.Name) {
			return earlier.Name + "." + p.Name
		}
	}
	for _, f := range form.Fields {
		if sameName(f.Name, p.Name) {
			return f.Name
		}
	}
	form.Fields = append(form.Fields, inline(answers.Field{Name: p.Name, Type: p.Type, Title: naming.Title(p.Name), Required: true}))
	return p.Name
}

func sameName(a, b string) bool {
	return strings.EqualFold(nameOf(a, kebab), nameOf(b, kebab))
}
