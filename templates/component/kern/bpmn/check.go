package bpmn

import (
	"fmt"
	"slices"
)

func (r *reader) fault(id, format string, args ...any) error {
	return &Error{Element: id, Line: r.lines[id], Reason: fmt.Sprintf(format, args...)}
}

// check refuses what the profile does not allow. After it, the run of a zaak
// has no case left that it does not know.
func (r *reader) check() error {
	p := r.process
	for _, n := range p.Nodes {
		if n.Kind != Start {
			continue
		}
		if p.Start != nil {
			return r.fault(n.ID, "er mag maar één startEvent zijn")
		}
		p.Start = n
	}
	if p.Start == nil {
		return r.fault(p.Name, "het proces heeft geen startEvent")
	}
	for _, n := range p.Nodes {
		if err := r.checkNode(n); err != nil {
			return err
		}
		if n.Shape.W <= 0 || n.Shape.H <= 0 {
			return r.fault(n.ID, "het element staat niet op de tekening")
		}
	}
	for _, f := range p.Flows {
		if err := r.checkFlow(f); err != nil {
			return err
		}
	}
	return r.checkPaths()
}

// checkNode checks the number of flows in and out.
func (r *reader) checkNode(n *Node) error {
	in, out := len(n.In), len(n.Out)
	switch n.Kind {
	case Start:
		if in != 0 || out != 1 {
			return r.fault(n.ID, "een startEvent heeft geen pijl erin en één pijl eruit")
		}
	case User, Service:
		if out == 0 {
			return r.fault(n.ID, "de stap loopt dood: er gaat geen pijl uit")
		}
		if in != 1 || out != 1 {
			return r.fault(n.ID, "een stap heeft één pijl erin en één pijl eruit; gebruik een exclusiveGateway om te kiezen of samen te voegen")
		}
	case End:
		if in != 1 || out != 0 {
			return r.fault(n.ID, "een endEvent heeft één pijl erin en geen eruit; voeg samen met een exclusiveGateway")
		}
	default:
		return r.checkGateway(n)
	}
	return nil
}

func (r *reader) checkGateway(n *Node) error {
	in, out := len(n.In), len(n.Out)
	switch {
	case in >= 2 && out == 1:
		n.Kind = Merge
		if to := n.Out[0].To; len(to.Out) > 1 {
			return r.fault(n.ID, "na samenvoegen volgt een stap of een einde, geen keuze")
		}
		return nil
	case in != 1 || out < 2:
		return r.fault(n.ID, "een exclusiveGateway kiest (één pijl erin, meer eruit) of voegt samen (meer erin, één eruit)")
	}
	before := n.In[0].From
	if before.Kind != User && before.Kind != Service {
		return r.fault(n.ID, "een keuze volgt direct op een stap")
	}
	if n.Default == nil || n.Default.From != n {
		return r.fault(n.ID, "de keuze heeft geen standaardpijl (default)")
	}
	if len(before.Outcomes) != out {
		return r.fault(n.ID, "de keuze heeft %d pijlen, de stap %s heeft %d uitkomsten", out, before.ID, len(before.Outcomes))
	}
	seen := map[string]bool{}
	for _, f := range n.Out {
		if !before.HasOutcome(f.Outcome) || f.Outcome == "" || seen[f.Outcome] {
			return r.fault(f.ID, "de property uitkomst van de pijl noemt geen eigen uitkomst van de stap %s", before.ID)
		}
		seen[f.Outcome] = true
	}
	return nil
}

func (r *reader) checkFlow(f *Flow) error {
	isDefault := f.From.Default == f
	switch {
	case len(f.Points) < 2:
		return r.fault(f.ID, "de pijl staat niet op de tekening")
	case f.From.Kind != Split && f.Variable != "":
		return r.fault(f.ID, "een voorwaarde mag alleen op een pijl uit een keuze staan")
	case f.From.Kind == Split && isDefault && f.Variable != "":
		return r.fault(f.ID, "de standaardpijl heeft geen voorwaarde")
	case f.From.Kind == Split && !isDefault && f.Variable == "":
		return r.fault(f.ID, "de pijl heeft geen voorwaarde en is niet de standaardpijl")
	}
	return nil
}

// checkPaths follows the flows: everything is reached, everything gets to an
// end, and no loop runs without a person in it.
func (r *reader) checkPaths() error {
	p := r.process
	forward := func(n *Node) (next []*Node) {
		for _, f := range n.Out {
			next = append(next, f.To)
		}
		return next
	}
	backward := func(n *Node) (next []*Node) {
		for _, f := range n.In {
			next = append(next, f.From)
		}
		return next
	}
	var ends []*Node
	for _, n := range p.Nodes {
		if n.Kind == End {
			ends = append(ends, n)
		}
	}
	if len(ends) == 0 {
		return r.fault(p.Name, "het proces heeft geen endEvent")
	}
	reached, ending := reach([]*Node{p.Start}, forward), reach(ends, backward)
	for _, n := range p.Nodes {
		if !reached[n] {
			return r.fault(n.ID, "vanaf de start komt een zaak hier nooit")
		}
		if !ending[n] {
			return r.fault(n.ID, "vanaf hier komt een zaak nooit bij een einde")
		}
	}
	return r.checkLoops()
}

func reach(from []*Node, next func(*Node) []*Node) map[*Node]bool {
	seen := map[*Node]bool{}
	for stack := slices.Clone(from); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[n] {
			seen[n] = true
			stack = append(stack, next(n)...)
		}
	}
	return seen
}

// checkLoops takes the user tasks out and then peels off nodes without a flow
// in; what is left goes round by itself.
func (r *reader) checkLoops() error {
	in := map[*Node]int{}
	for _, f := range r.process.Flows {
		if f.From.Kind != User {
			in[f.To]++
		}
	}
	var queue []*Node
	for _, n := range r.process.Nodes {
		if in[n] == 0 {
			queue = append(queue, n)
		}
	}
	done := 0
	for ; len(queue) > 0; done++ {
		n := queue[0]
		queue = queue[1:]
		if n.Kind == User {
			continue
		}
		for _, f := range n.Out {
			if in[f.To]--; in[f.To] == 0 {
				queue = append(queue, f.To)
			}
		}
	}
	if done == len(r.process.Nodes) {
		return nil
	}
	for _, n := range r.process.Nodes {
		if in[n] > 0 && n.Kind == Service {
			return r.fault(n.ID, "hier gaat het proces rond zonder dat er een mens aan te pas komt")
		}
	}
	return r.fault(r.process.Name, "het proces gaat rond zonder dat er een mens aan te pas komt")
}
