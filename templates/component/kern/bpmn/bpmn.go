// Package bpmn reads the process of the component from its BPMN 2.0 file: the
// one truth from which the run of a zaak, the picture and the text come.
//
// It knows a narrow profile: one process with a start event, user tasks,
// external service tasks, exclusive gateways that choose or join, end events
// and sequence flows, each with its place on the drawing. A model outside the
// profile is refused with the element and the reason, because a part that is
// silently skipped is worse than a model that does not start.
//
// What BPMN itself has no word for stands in camunda:property elements, which
// modelling tools keep: soort (form, decide, task, lookup, end), rol (the
// title of the role), resultaat, and uitkomst.<name> with the title of each
// outcome. The property uitkomst on a flow says which outcome takes it.
package bpmn

// Kind is what a flow node is in the profile.
type Kind int

// The kinds of flow nodes.
const (
	Start   Kind = iota
	User         // a person does it
	Service      // a source is asked
	Split        // an exclusive gateway that chooses
	Merge        // an exclusive gateway that joins
	End
)

// Process is a checked process. It does not change after Parse.
type Process struct {
	Name  string // short name: the zaaktype
	Title string
	Line  int // in the file
	Start *Node
	Nodes []*Node // in the order of the file
	Flows []*Flow

	steps map[string]*Node
}

// Node is one flow node with its shape on the drawing.
type Node struct {
	ID    string // in the file
	Line  int
	Step  string // name of the step; "" for the start event and gateways
	Kind  Kind
	Title string

	StepKind  string // form, decide, task, lookup or end
	Role      string // user task: who does it
	RoleTitle string
	Help      string
	Term      string // user task: ISO 8601 duration or ""
	Topic     string // service task: source.operation
	Result    string // end event: result of the zaak
	Outcomes  []Outcome

	In, Out []*Flow
	Default *Flow // split: the flow when no condition holds

	Shape Box
	Label Box // zero when there is none
}

// Outcome is one way out of a step.
type Outcome struct{ Name, Title string }

// Flow is a sequence flow with its line on the drawing.
type Flow struct {
	ID       string
	Title    string
	Outcome  string // after a split: name of the outcome that takes this flow
	Variable string // of the condition; "" when there is none
	From, To *Node
	Points   []Point
	Label    Box
}

// Box and Point are in the units of the drawing.
type (
	Box   struct{ X, Y, W, H float64 }
	Point struct{ X, Y float64 }
)

// Step finds a step by name; nil when there is none.
func (p *Process) Step(name string) *Node { return p.steps[name] }

// First is the step with which a zaak begins.
func (p *Process) First() *Node { return p.Start.Out[0].To.step() }

// Steps lists the steps, ends included, in the order of the file.
func (p *Process) Steps() []*Node {
	var steps []*Node
	for _, n := range p.Nodes {
		if n.Step != "" {
			steps = append(steps, n)
		}
	}
	return steps
}

// Human says whether a person does this step.
func (n *Node) Human() bool { return n.Kind == User }

// HasOutcome says whether this step can end with the outcome. A step without
// outcomes ends with "".
func (n *Node) HasOutcome(name string) bool {
	for _, o := range n.Outcomes {
		if o.Name == name {
			return true
		}
	}
	return len(n.Outcomes) == 0 && name == ""
}

// OutcomeTitle is the title of an outcome, or its name when there is none.
func (n *Node) OutcomeTitle(name string) string {
	for _, o := range n.Outcomes {
		if o.Name == name {
			return o.Title
		}
	}
	return name
}

// Next is the step that follows when this step ends with the outcome. As in
// any BPMN engine the gateway takes the flow whose condition holds (an outcome
// sets the variable of one flow) and otherwise its default flow. An end event
// has no next step.
func (n *Node) Next(outcome string) *Node {
	if n.Kind == End {
		return nil
	}
	to := n.Out[0].To
	if to.Kind != Split {
		return to.step()
	}
	for _, f := range to.Out {
		if f != to.Default && f.Outcome == outcome {
			return f.To.step()
		}
	}
	return to.Default.To.step()
}

// Nexts lists the steps that may follow, each once.
func (n *Node) Nexts() []*Node {
	if n.Kind == End {
		return nil
	}
	to := n.Out[0].To
	if to.Kind != Split {
		return []*Node{to.step()}
	}
	var nexts []*Node
	seen := map[*Node]bool{}
	for _, f := range to.Out {
		if s := f.To.step(); !seen[s] {
			seen[s] = true
			nexts = append(nexts, s)
		}
	}
	return nexts
}

// step passes a merge: after it comes a step, the profile says so.
func (n *Node) step() *Node {
	for n.Kind == Merge {
		n = n.Out[0].To
	}
	return n
}
