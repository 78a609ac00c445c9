package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// roleList builds up the roles.
func roleList() list[answers.Role] {
	return list[answers.Role]{
		key:      "process.roles",
		needsOne: true,
		items:    func(s *session) *[]answers.Role { return &s.a.Process.Roles },
		label: func(s *session, r answers.Role) string {
			label := shown(r.Title, r.Name) + " (" + s.text.T("wizard.audience."+audience(r))
			if r.Anonymous {
				label += ", " + s.text.T("wizard.is-anonymous")
			}
			return label + ")"
		},
		title:  func(_ *session, r answers.Role) string { return shown(r.Title, r.Name) },
		form:   roleSteps,
		made:   func(r answers.Role) bool { return r.Name != "" },
		remove: (*session).leaveRole,
		goes:   (*session).roleGoes,
	}
}

func audience(r answers.Role) string {
	if r.Audience == "" {
		return "employee"
	}
	return r.Audience
}

func roleSteps(_ *session, at int) []step {
	key := fmt.Sprintf("process.roles[%d].", at)
	role := func(s *session) *answers.Role { return &s.a.Process.Roles[at] }
	return []step{
		textStep{id: "role.title", keys: []string{key + "title", key + "name"},
			refuse: refuseSame(func(s *session) []answers.Role { return s.a.Process.Roles }, at, func(r answers.Role) string { return r.Name }, kebab),
			get:    func(s *session) string { return role(s).Title },
			set: func(s *session, v string) {
				before := role(s).Name
				role(s).Name = renamed(before, role(s).Title, v, kebab)
				role(s).Title = v
				s.everywhere(func(a *answers.Answers) { grow.FollowRole(a, before, role(s).Name) })
			}}.step(),
		choiceStep{id: "role.audience", keys: []string{key + "audience"},
			get:    func(s *session) string { return role(s).Audience },
			set:    func(s *session, v string) { role(s).Audience = v },
			values: func(*session) []string { return []string{"citizen", "company", "employee"} },
			label:  func(s *session, v string) string { return s.text.T("wizard.audience." + v) }}.step(),
		confirmStep{id: "role.anonymous", keys: []string{key + "anonymous"},
			when: func(s *session) bool { return role(s).Audience == "citizen" || role(s).Audience == "company" },
			get:  func(s *session) bool { return role(s).Anonymous },
			set:  func(s *session, yes bool) { role(s).Anonymous = yes }}.step(),
	}
}

// stepList builds up the steps of a process of one's own. It starts from the
// standard process, so that there is always something to change.
func stepList() list[answers.Step] {
	return list[answers.Step]{
		key:      "process",
		within:   "process.steps",
		needsOne: true,
		items:    func(s *session) *[]answers.Step { return &s.a.Process.Steps },
		label: func(s *session, st answers.Step) string {
			label := shown(st.Title, st.Name) + " (" + s.text.T("wizard.kind."+st.Kind)
			if st.Name == s.a.Process.Start {
				label += ", " + s.text.T("wizard.is-start")
			}
			if st.Role != "" {
				label += ", " + s.roleTitle(st.Role)
			}
			label += ")"
			next := grow.Targets(st)
			for i := range next {
				next[i] = s.stepTitle(next[i])
			}
			if len(next) > 0 {
				label += " → " + strings.Join(next, ", ")
			}
			return label
		},
		title:   func(_ *session, st answers.Step) string { return shown(st.Title, st.Name) },
		form:    func(s *session, at int) []step { return stepSteps(s, at, false) },
		addForm: func(s *session, at int) []step { return stepSteps(s, at, true) },
		made:    func(st answers.Step) bool { return st.Name != "" },
		add:     addStep,
		remove:  removeStep,
		goes:    (*session).stepGoes,
	}
}

// doer is the role of a step. Who decides works there, as long as nobody says
// otherwise.
func (s *session) doer(st answers.Step) string {
	if st.Role == "" && st.Kind != "form" {
		return maker{a: &s.a}.role("employee")
	}
	return st.Role
}

// stepSteps are the questions about one step of the process.
func stepSteps(s *session, at int, fresh bool) []step {
	key := fmt.Sprintf("process.steps[%d].", at)
	st := func(s *session) *answers.Step { return &s.a.Process.Steps[at] }
	kind := func(kinds ...string) func(*session) bool {
		return func(s *session) bool { return slices.Contains(kinds, st(s).Kind) }
	}
	outcomes := outcomeList(at)
	return []step{
		textStep{id: "step.title", keys: []string{key + "title"}, when: func(*session) bool { return !fresh },
			get: func(s *session) string { return st(s).Title },
			set: func(s *session, v string) {
				before := st(s).Name
				now := s.freeStepName(at, v)
				st(s).Title, st(s).Name = v, now
				grow.FollowStep(&s.a.Process, before, now)
			}}.step(),
		choiceStep{id: "step.role", keys: []string{key + "role"}, when: kind("form", "decide", "task"),
			get:    func(s *session) string { return s.doer(*st(s)) },
			set:    func(s *session, v string) { st(s).Role = v },
			values: roleNames, label: (*session).roleTitle}.step(),
		textStep{id: "step.help", keys: []string{key + "help"}, when: kind("form", "decide", "task"), optional: true}.
			in(func(s *session) *string { return &st(s).Help }).step(),
		{id: "step.fields", keys: []string{key + "fields"}, when: kind("form"), ask: func(s *session, q step) error { return askStepFields(s, q, at) }},
		choiceStep{id: "step.source", keys: []string{key + "source"}, when: kind("lookup"),
			get: func(s *session) string { return st(s).Source },
			set: func(s *session, v string) {
				if st(s).Source != v {
					st(s).Source, st(s).Operation = v, ""
				}
			},
			values: sourceNames, label: (*session).sourceTitle}.step(),
		choiceStep{id: "step.operation", keys: []string{key + "operation"},
			when:   func(s *session) bool { return len(operationNames(s, st(s).Source)) > 1 },
			get:    func(s *session) string { return st(s).Operation },
			set:    func(s *session, v string) { st(s).Operation = v },
			values: func(s *session) []string { return operationNames(s, st(s).Source) },
			label:  func(s *session, v string) string { return s.operationTitle(st(s).Source, v) }}.step(),
		{id: "step.input", keys: []string{key + "input"}, ask: func(s *session, q step) error { return askInput(s, q, at) },
			when: func(s *session) bool {
				return st(s).Kind == "lookup" && (len(st(s).Input) > 0 || len(s.problemsAt(key+"input")) > 0)
			}},
		{id: "step.outcomes", keys: []string{key + "outcomes"}, when: kind("decide", "lookup"), ask: outcomes.edit},
		choiceStep{id: "step.next", keys: []string{key + "next"},
			when:   func(s *session) bool { return st(s).Kind != "end" && len(st(s).Outcomes) == 0 },
			get:    func(s *session) string { return st(s).Next },
			set:    func(s *session, v string) { st(s).Next = v },
			values: stepNames, label: (*session).stepTitle}.step(),
		periodStep("step.term", key+"term", kind("form", "decide", "task"), func(s *session) *string { return &st(s).Term }),
		textStep{id: "step.result", keys: []string{key + "result"}, when: kind("end"),
			standard: func(s *session) string { return lower(st(s).Title) },
			get:      func(s *session) string { return st(s).Result },
			set: func(s *session, v string) {
				before := st(s).Result
				st(s).Result = v
				grow.FollowResult(&s.a, before, v)
			}}.step(),
	}
}

// outcomeList builds up the ways out of a step.
func outcomeList(at int) list[answers.Outcome] {
	return list[answers.Outcome]{
		key:   fmt.Sprintf("process.steps[%d].outcomes", at),
		items: func(s *session) *[]answers.Outcome { return &s.a.Process.Steps[at].Outcomes },
		label: (*session).outcomeLabel,
		made:  func(o answers.Outcome) bool { return o.Name != "" && o.Next != "" },
		form: func(_ *session, i int) []step {
			outcome := func(s *session) *answers.Outcome { return &s.a.Process.Steps[at].Outcomes[i] }
			key := fmt.Sprintf("process.steps[%d].outcomes[%d].", at, i)
			return []step{
				textStep{id: "outcome.name", keys: []string{key + "name"},
					refuse: refuseSame(func(s *session) []answers.Outcome { return s.a.Process.Steps[at].Outcomes }, i, func(o answers.Outcome) string { return o.Name }, kebab),
					get:    func(s *session) string { return naming.Title(outcome(s).Name) },
					set:    func(s *session, v string) { outcome(s).Name = nameOf(v, kebab) }}.step(),
				choiceStep{id: "outcome.next", keys: []string{key + "next"},
					get:    func(s *session) string { return outcome(s).Next },
					set:    func(s *session, v string) { outcome(s).Next = v },
					values: stepNames, label: (*session).stepTitle}.step(),
			}
		},
	}
}

// outcomeLabel is how people read a way out of a step.
func (s *session) outcomeLabel(o answers.Outcome) string {
	if o.Next == "" {
		return naming.Title(o.Name)
	}
	return naming.Title(o.Name) + " → " + s.stepTitle(o.Next)
}

// operationTitle is how people read a question to a source.
func (s *session) operationTitle(source, name string) string {
	for _, x := range s.a.Sources {
		if e, ok := catalogue.Find(x.Catalogue); ok && x.Name == source {
			return operationLabel(e, name)
		}
	}
	return naming.Title(name)
}

// askStepFields lets the person tick the fields of a form. Fields that are not
// stored stay where they are.
func askStepFields(s *session, q step, at int) error {
	current := s.a.Process.Steps[at].Fields
	var options []answers.StepField
	var labels []string
	for _, e := range s.a.Register {
		if e.Name != s.a.Process.Subject {
			continue
		}
		for _, f := range e.Fields {
			options, labels = append(options, answers.StepField{Name: f.Name}), append(labels, fieldTitle(f))
		}
	}
	for _, f := range current {
		if f.Inline != nil {
			options = append(options, f)
			labels = append(labels, fieldTitle(*f.Inline)+" ("+s.text.T("wizard.not-stored")+")")
		}
	}
	if len(options) == 0 {
		return nil // no register: the form has only the fields that it had
	}
	var selected []int
	for i, option := range options {
		if slices.ContainsFunc(current, func(f answers.StepField) bool { return f.Name == option.Name }) {
			selected = append(selected, i)
		}
	}
	for {
		chosen, err := s.prompter.MultiSelect(s.question(q, ""), labels, selected)
		if err != nil {
			s.a.Process.Steps[at].Fields = current
			return err
		}
		var fields []answers.StepField
		for _, i := range chosen {
			fields = append(fields, options[i])
		}
		s.a.Process.Steps[at].Fields = fields
		if len(fields) > 0 {
			return nil
		}
		s.prompter.Say(s.io.Warn("  ! " + s.text.T("wizard.pick-one")))
	}
}

func roleNames(s *session) []string {
	names := make([]string, len(s.a.Process.Roles))
	for i, r := range s.a.Process.Roles {
		names[i] = r.Name
	}
	return names
}

func sourceNames(s *session) []string {
	names := make([]string, len(s.a.Sources))
	for i, x := range s.a.Sources {
		names[i] = x.Name
	}
	return names
}

func operationNames(s *session, source string) []string {
	var names []string
	for _, x := range s.a.Sources {
		if x.Name == source {
			for _, o := range x.Operations {
				names = append(names, o.Name)
			}
		}
	}
	return names
}

func stepNames(s *session) []string {
	names := make([]string, len(s.a.Process.Steps))
	for i, st := range s.a.Process.Steps {
		names[i] = st.Name
	}
	return names
}
