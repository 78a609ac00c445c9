package bpmn

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Sum identifies a process by what it does: its steps with their kind, role,
// source and result, its outcomes, and where each leads. Titles, texts, terms,
// the drawing, and how arrows and gateways are called do not count: a zaak runs
// the same with other ones.
func (p *Process) Sum() string {
	var b strings.Builder
	line := func(parts ...string) { fmt.Fprintf(&b, "%q\n", parts) }
	line("proces", p.Name, p.First().Step)
	steps := p.Steps()
	slices.SortFunc(steps, func(a, b *Node) int { return cmp.Compare(a.Step, b.Step) })
	for _, n := range steps {
		line("stap", n.Step, n.StepKind, n.Role, n.Topic, n.Result)
		if len(n.Outcomes) == 0 && n.Kind != End {
			line("naar", "", n.Next("").Step)
		}
		outcomes := slices.Clone(n.Outcomes)
		slices.SortFunc(outcomes, func(a, b Outcome) int { return cmp.Compare(a.Name, b.Name) })
		for _, o := range outcomes {
			if n.Kind == End { // it leads nowhere
				continue
			}
			line("naar", o.Name, n.Next(o.Name).Step)
		}
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))
}

// Following lists the steps that a zaak at this step can still come to, the step
// itself first.
func (n *Node) Following() []*Node {
	seen := map[*Node]bool{n: true}
	all := []*Node{n}
	for i := 0; i < len(all); i++ {
		for _, next := range all[i].Nexts() {
			if !seen[next] {
				seen[next] = true
				all = append(all, next)
			}
		}
	}
	return all
}
