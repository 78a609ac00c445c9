package grow

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// What has to hold after every change. Only what the change broke is refused:
// what was wrong before is said by package model.

// audiences keeps the audiences of the screens those of the roles, when the
// answers list them.
func (c *change) audiences(before answers.Answers) {
	list := c.a.Interaction.Audiences
	if len(list) == 0 || len(c.a.Process.Roles) == 0 {
		return
	}
	has := func(roles []answers.Role, audience string) bool {
		return slices.ContainsFunc(roles, func(r answers.Role) bool { return r.Audience == audience })
	}
	now := slices.DeleteFunc(slices.Clone(list), func(audience string) bool {
		return has(before.Process.Roles, audience) && !has(c.a.Process.Roles, audience)
	})
	for _, r := range c.a.Process.Roles {
		if !slices.Contains(now, r.Audience) && !has(before.Process.Roles, r.Audience) {
			now = append(now, r.Audience)
		}
	}
	if !slices.Equal(list, now) {
		c.a.Interaction.Audiences = now
		c.note(NoteAudiences, strings.Join(now, ", "))
	}
}

// flow refuses a step that can no longer be reached, or from which no end can,
// and an end to begin with.
func (c *change) flow(before answers.Answers) {
	lostBefore, stuckBefore := astray(before.Process)
	lost, stuck := astray(c.a.Process)
	for i, st := range c.a.Process.Steps {
		key := at("process.steps", i) + ".name"
		switch {
		case lost[st.Name] && !lostBefore[st.Name]:
			c.refuse(problem.StepUnreachable, key, st.Name)
		case stuck[st.Name] && !stuckBefore[st.Name]:
			c.refuse(problem.StepDeadEnd, key, st.Name)
		}
	}
	if i := start(c.a.Process); i >= 0 && c.a.Process.Steps[i].Kind == "end" {
		c.refuse(problem.StartIsEnd, "process.start", c.a.Process.Steps[i].Name)
	}
	c.circles(before.Process)
}

// start is the first step; -1 when there is none.
func start(p answers.Process) int {
	if p.Start == "" && len(p.Steps) > 0 {
		return 0
	}
	return index(p.Steps, stepName, p.Start)
}

// astray finds the steps that nothing leads to, and those that lead to no end.
func astray(p answers.Process) (lost, stuck map[string]bool) {
	lost, stuck = map[string]bool{}, map[string]bool{}
	next := make([][]int, len(p.Steps))
	for i, st := range p.Steps {
		lost[st.Name], stuck[st.Name] = true, st.Kind != "end"
		for _, target := range Targets(st) {
			if j := index(p.Steps, stepName, target); j >= 0 {
				next[i] = append(next[i], j)
			}
		}
	}
	var visit func(i int)
	visit = func(i int) {
		if !lost[p.Steps[i].Name] {
			return
		}
		lost[p.Steps[i].Name] = false
		for _, j := range next[i] {
			visit(j)
		}
	}
	if i := start(p); i >= 0 {
		visit(i)
	}
	for changed := true; changed; {
		changed = false
		for i, st := range p.Steps {
			if stuck[st.Name] && slices.ContainsFunc(next[i], func(j int) bool { return !stuck[p.Steps[j].Name] }) {
				stuck[st.Name], changed = false, true
			}
		}
	}
	return lost, stuck
}

// circles refuses lookups that lead back to themselves through lookups only.
func (c *change) circles(before answers.Process) {
	if circle(before) != "" {
		return
	}
	if name := circle(c.a.Process); name != "" {
		c.refuse(problem.LookupCircle, at("process.steps", index(c.a.Process.Steps, stepName, name))+".name", name)
	}
}

func circle(p answers.Process) string {
	state := map[int]int{} // 1: being visited, 2: done
	var visit func(i int) bool
	visit = func(i int) bool {
		state[i] = 1
		for _, target := range Targets(p.Steps[i]) {
			j := index(p.Steps, stepName, target)
			if j >= 0 && p.Steps[j].Kind == "lookup" && (state[j] == 1 || state[j] == 0 && visit(j)) {
				return true
			}
		}
		state[i] = 2
		return false
	}
	for i, st := range p.Steps {
		if st.Kind == "lookup" && state[i] == 0 && visit(i) {
			return st.Name
		}
	}
	return ""
}

// retentions refuses a period that depends on what is gone: a result, or a
// decision.
func (c *change) retentions() {
	if len(c.a.Process.Steps) == 0 {
		return
	}
	results, decides := map[string]bool{}, false
	for _, st := range c.a.Process.Steps {
		results[ends(st)] = true
		decides = decides || st.Kind == "decide"
	}
	for i, e := range c.a.Register {
		key := at("register", i) + ".retention"
		if e.Retention.Start == "decision" && !decides {
			c.refuse(problem.RetentionDecision, key+".start")
		}
		for j, r := range e.Retention.Results {
			if !results[r.Result] {
				c.refuse(problem.UsedByRetention, at(key+".results", j)+".result", e.Name, r.Result)
			}
			if r.Start == "decision" && !decides {
				c.refuse(problem.RetentionDecision, at(key+".results", j)+".start")
			}
		}
	}
}

// startForm refuses a first form that does not ask what the subject cannot do
// without.
func (c *change) startForm(before answers.Answers) {
	p := c.a.Process
	e, i := index(c.a.Register, entityName, p.Subject), start(p)
	if e < 0 || i < 0 || len(missing(c.a)) == 0 {
		return
	}
	was := missing(before)
	for _, name := range missing(c.a) {
		key := at("process.steps", i)
		switch {
		case slices.Contains(was, name):
		case name == "":
			c.refuse(problem.SubjectNotAsked, key, p.Subject, p.Steps[i].Name)
		default:
			c.refuse(problem.RequiredNotAsked, key+".fields", name, p.Subject)
		}
	}
}

// missing are the required fields of the subject that the first form does not
// ask; "" when it asks none of its fields at all.
func missing(a answers.Answers) []string {
	e, i := index(a.Register, entityName, a.Process.Subject), start(a.Process)
	if e < 0 || i < 0 {
		return nil
	}
	var found []string
	asks := 0
	for _, f := range a.Register[e].Fields {
		stored := slices.ContainsFunc(a.Process.Steps[i].Fields, func(sf answers.StepField) bool { return sf.Inline == nil && Same(sf.Name, f.Name) })
		if stored {
			asks++
		} else if f.Required {
			found = append(found, f.Name)
		}
	}
	if asks == 0 {
		return []string{""}
	}
	return found
}
