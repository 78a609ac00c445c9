package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
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
		s.tidyForms()
		return
	}
	p.Steps = maker{a: &s.a, text: s.text, kind: s.process}.steps()
	p.Start = ""
	if len(p.Steps) > 0 {
		p.Start = p.Steps[0].Name
	}
}

// tidyForms takes out of the forms what is not stored any more. A form of which
// nothing is left asks a question.
func (s *session) tidyForms() {
	stored := map[string]bool{}
	for _, e := range s.a.Register {
		for _, f := range e.Fields {
			stored[f.Name] = stored[f.Name] || e.Name == s.a.Process.Subject
		}
	}
	for i := range s.a.Process.Steps {
		st := &s.a.Process.Steps[i]
		before := len(st.Fields)
		st.Fields = slices.DeleteFunc(slices.Clone(st.Fields), func(f answers.StepField) bool { return f.Inline == nil && !stored[f.Name] })
		if st.Kind == "form" && before > 0 && len(st.Fields) == 0 && len(s.a.Register) == 0 {
			st.Fields = maker{a: &answers.Answers{}, text: s.text}.fields()
		}
	}
}

// maker builds a standard process.
type maker struct {
	a    *answers.Answers
	text *text.Catalogue
	kind string
}

// t is a text of the standard process, in the language of the conversation.
func (m maker) t(key string, values ...any) string {
	return m.text.T("wizard.standard."+key, values...)
}

// step makes a step with the title of a standard one, and the name that goes
// with it.
func (m maker) step(key, kind string) answers.Step {
	return answers.Step{Name: nameOf(m.t(key), kebab), Title: m.t(key), Kind: kind}
}

func (m maker) end(key string) answers.Step {
	st := m.step(key, "end")
	st.Result = lower(st.Title)
	return st
}

func (m maker) outcome(key, next string) answers.Outcome {
	return answers.Outcome{Name: nameOf(m.t(key), kebab), Next: next}
}

func (m maker) steps() []answers.Step {
	asker, judge := m.role("citizen"), m.role("employee")
	if m.kind == processAsk {
		asker = judge
	}
	form, review := m.step("form", "form"), m.step("review", "decide")
	form.Role, form.Title, form.Fields = asker, m.a.Process.Title, m.fields()
	review.Role, review.Term = judge, standardTerm
	lookups := m.lookups(&form, review.Name)
	after := review.Name
	if len(lookups) > 0 {
		after = lookups[0].Name
	}
	form.Next = after
	steps := append([]answers.Step{form}, lookups...)
	if m.kind == processAsk {
		done := m.end("done")
		done.Result = m.t("handled")
		review.Title, review.Term = m.t("look"), ""
		review.Outcomes = []answers.Outcome{m.outcome("done", done.Name), m.outcome("again", form.Name)}
		return append(steps, review, done)
	}
	complete, granted, refused := m.step("complete", "form"), m.end("granted"), m.end("refused")
	complete.Role, complete.Fields, complete.Next = asker, slices.Clone(form.Fields), after
	review.Outcomes = []answers.Outcome{m.outcome("grant", granted.Name)}
	if m.kind == processShort {
		review.Outcomes = append(review.Outcomes, m.outcome("refuse", refused.Name))
		return append(steps, review, granted, refused)
	}
	review.Outcomes = append(review.Outcomes, m.outcome("complete", complete.Name), m.outcome("refuse", refused.Name))
	return append(steps, review, complete, granted, refused)
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
		return []answers.StepField{inline(answers.Field{Name: "vraag", Type: "longtext", Title: m.t("question"), Required: true})}
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
func (m maker) lookups(form *answers.Step, after string) []answers.Step {
	var steps []answers.Step
	for i, source := range m.a.Sources {
		if len(source.Operations) == 0 && source.Catalogue == "" {
			continue
		}
		step := answers.Step{
			Name: nameOf(m.t("ask", source.Name), kebab), Kind: "lookup", Source: source.Name,
			Title: m.t("ask", title(source)), Input: map[string]string{},
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
		next := after
		if i+1 < len(steps) {
			next = steps[i+1].Name
		}
		steps[i].Outcomes = []answers.Outcome{{Name: "gevonden", Next: next}, {Name: "niet-gevonden", Next: after}}
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
