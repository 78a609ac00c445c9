package bpmn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

func (r *reader) fault(id, format string, args ...any) {
	r.faults.add(Error{Element: id, Line: r.lines[id], Reason: fmt.Sprintf(format, args...)})
}

// check refuses what the profile does not allow. After it, the run of a zaak
// has no case left that it does not know.
func (r *reader) check() {
	p := r.process
	r.lines[p.Name] = p.Line
	var starts int
	for _, n := range p.Nodes {
		if n.Kind != Start {
			continue
		}
		if starts++; starts > 1 {
			r.fault(n.ID, "er mag maar één startEvent zijn; haal er een weg")
			r.broken[n.ID] = true
			continue
		}
		p.Start = n
	}
	if p.Start == nil {
		r.fault(p.Name, "het proces heeft geen startEvent; teken er een met een pijl naar de eerste stap")
	}
	for _, n := range p.Nodes {
		if !r.broken[n.ID] {
			r.checkNode(n)
		}
		if !r.undrawn && (n.Shape.W <= 0 || n.Shape.H <= 0) {
			r.fault(n.ID, "het element staat niet op de tekening; teken het opnieuw of haal het weg")
		}
	}
	for _, f := range p.Flows {
		r.checkFlow(f)
	}
	if len(r.faults.all) == 0 { // else most of what this finds follows from the rest
		r.checkPaths()
	}
}

// checkNode checks the number of flows in and out.
func (r *reader) checkNode(n *Node) {
	in, out := len(n.In), len(n.Out)
	switch n.Kind {
	case Start:
		if in != 0 || out != 1 {
			r.fault(n.ID, "een startEvent heeft geen pijl erin en één pijl eruit; nu %d erin en %d eruit", in, out)
		}
	case User, Service:
		switch {
		case in == 0 && out == 0:
			r.fault(n.ID, "de stap staat los: er gaat geen pijl in en geen pijl uit; verbind de stap of haal die weg")
		case out == 0:
			r.fault(n.ID, "de stap loopt dood: er gaat geen pijl uit; teken een pijl naar wat er volgt")
		case in == 0:
			r.fault(n.ID, "er gaat geen pijl naar de stap; teken een pijl vanaf wat eraan voorafgaat of haal de stap weg")
		case in != 1 || out != 1:
			r.fault(n.ID, "een stap heeft één pijl erin en één pijl eruit; gebruik een exclusiveGateway om te kiezen of samen te voegen")
		}
	case End:
		if in != 1 || out != 0 {
			r.fault(n.ID, "een endEvent heeft één pijl erin en geen eruit, nu %d erin en %d eruit; voeg samen met een exclusiveGateway", in, out)
		}
	default:
		r.checkGateway(n)
	}
}

func (r *reader) checkGateway(n *Node) {
	in, out := len(n.In), len(n.Out)
	switch {
	case in >= 2 && out == 1:
		n.Kind = Merge
		if to := n.Out[0].To; len(to.Out) > 1 {
			r.fault(n.ID, "na samenvoegen volgt een stap of een einde, geen keuze")
		}
		return
	case in != 1 || out < 2:
		r.fault(n.ID, "een exclusiveGateway kiest (één pijl erin, meer eruit) of voegt samen (meer erin, één eruit); nu %d erin en %d eruit", in, out)
		return
	}
	before := n.In[0].From
	if before.Kind == outside {
		return
	}
	if before.Kind != User && before.Kind != Service {
		r.fault(n.ID, "een keuze volgt direct op een stap")
		return
	}
	if n.Default == nil || n.Default.From != n {
		r.fault(n.ID, "de keuze heeft geen standaardpijl; maak een van de pijlen eruit tot default")
		r.broken[n.ID] = true
	}
	if len(before.Outcomes) != out {
		r.fault(n.ID, "de keuze heeft %d pijlen, de stap %s heeft %d uitkomsten (%s); bij elke uitkomst hoort één pijl", out, before.ID, len(before.Outcomes), outcomeNames(before))
	}
	seen := map[string]bool{}
	for _, f := range n.Out {
		if !before.HasOutcome(f.Outcome) || f.Outcome == "" || seen[f.Outcome] {
			r.fault(f.ID, "de property uitkomst van de pijl is %q en noemt geen eigen uitkomst van de stap %s; kies uit: %s", f.Outcome, before.ID, outcomeNames(before))
		}
		seen[f.Outcome] = true
	}
}

func outcomeNames(n *Node) string {
	var names []string
	for _, o := range n.Outcomes {
		names = append(names, o.Name)
	}
	return cmp.Or(strings.Join(names, ", "), "geen")
}

func (r *reader) checkFlow(f *Flow) {
	isDefault := f.From.Default == f
	if len(f.Points) < 2 && !r.undrawn {
		r.fault(f.ID, "de pijl staat niet op de tekening; teken hem opnieuw of haal hem weg")
	}
	switch {
	case r.broken[f.ID], r.broken[f.From.ID]:
	case f.From.Kind != Split && f.Variable != "":
		r.fault(f.ID, "een voorwaarde mag alleen op een pijl uit een keuze staan; haal de voorwaarde weg")
	case f.From.Kind == Split && isDefault && f.Variable != "":
		r.fault(f.ID, "de standaardpijl heeft geen voorwaarde; haal de voorwaarde weg")
	case f.From.Kind == Split && !isDefault && f.Variable == "":
		r.fault(f.ID, "de pijl heeft geen voorwaarde en is niet de standaardpijl; geef hem een voorwaarde in de vorm ${naam}")
	}
}

// checkPaths follows the flows: everything is reached, everything gets to an
// end, and no loop runs without a person in it.
func (r *reader) checkPaths() {
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
		r.fault(p.Name, "het proces heeft geen endEvent; teken er een")
		return
	}
	reached, ending := reach([]*Node{p.Start}, forward), reach(ends, backward)
	for _, n := range p.Nodes {
		if !reached[n] {
			r.fault(n.ID, "vanaf de start komt een zaak hier nooit; teken een pijl hierheen of haal het weg")
		}
		if !ending[n] {
			r.fault(n.ID, "vanaf hier komt een zaak nooit bij een einde; teken een weg naar een endEvent")
		}
	}
	r.checkLoops()
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
func (r *reader) checkLoops() {
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
		return
	}
	for _, n := range r.process.Nodes {
		if in[n] > 0 && n.Kind == Service {
			r.fault(n.ID, "hier gaat het proces rond zonder dat er een mens aan te pas komt; zet een userTask in de ronde")
			return
		}
	}
	r.fault(r.process.Name, "het proces gaat rond zonder dat er een mens aan te pas komt; zet een userTask in de ronde")
}
