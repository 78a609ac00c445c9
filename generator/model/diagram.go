package model

import (
	"slices"
	"strings"
)

// StartID is the id of the start event. Steps have lower-case ids, so it
// cannot clash with one.
const StartID = "Start"

// layout makes the BPMN diagram of a process: the flow nodes that the steps
// need (a merge gateway before a step with more than one incoming flow, a
// split gateway after a step whose outcomes lead to different steps) with
// their places on the drawing. The same process always gives the same diagram.
func layout(p *Process) Diagram {
	g := newGraph(p)
	g.findBackFlows()
	g.setColumns()
	g.setRows()
	return g.draw()
}

// graph is the process while it is being laid out.
type graph struct {
	nodes []*gnode // in the order of the steps
	flows []*gflow
	byID  map[string]*gnode
	rows  int

	// taken holds what is occupied by a shape or by a flow that passes; its
	// columns are doubled: even ones hold shapes, odd ones are the channels
	// between them. shapes holds the shapes only, in plain columns.
	taken, shapes map[cell]bool
}

type gnode struct {
	Node
	out, in  []*gflow
	col, row int
	placed   bool
}

type gflow struct {
	Flow
	from, to *gnode
	back     bool
	row      int // the row along which the flow runs
}

type cell struct{ row, col int }

// newGraph turns steps into flow nodes and their order into flows.
func newGraph(p *Process) *graph {
	g := &graph{byID: map[string]*gnode{}, taken: map[cell]bool{}, shapes: map[cell]bool{}}
	incoming := countIncoming(p)
	g.add(Node{ID: StartID, Kind: "start", Name: "Start"})
	for _, s := range p.Steps {
		if incoming[s] > 1 {
			g.add(Node{ID: mergeID(s), Kind: "merge"})
		}
		g.add(Node{ID: s.Name.Path, Kind: nodeKind(s), Name: s.Title, Step: s})
		if splits(s) {
			g.add(Node{ID: splitID(s), Kind: "split", Name: question(s)})
		}
	}
	entry := func(s *Step) string {
		if incoming[s] > 1 {
			return mergeID(s)
		}
		return s.Name.Path
	}
	if p.Start != nil {
		g.connect(Flow{ID: StartID + ".verder", From: StartID, To: entry(p.Start)})
	}
	for _, s := range p.Steps {
		id := s.Name.Path
		if incoming[s] > 1 {
			g.connect(Flow{ID: mergeID(s) + ".verder", From: mergeID(s), To: id})
		}
		g.connectStep(s, entry)
	}
	return g
}

// connectStep adds the flows that leave a step, through a gateway when its
// outcomes part.
func (g *graph) connectStep(s *Step, entry func(*Step) string) {
	id := s.Name.Path
	targets := nextSteps(s)
	if len(targets) == 0 {
		return
	}
	if !splits(s) {
		g.connect(Flow{ID: id + ".verder", From: id, To: entry(targets[0])})
		return
	}
	split := splitID(s)
	g.connect(Flow{ID: id + ".verder", From: id, To: split})
	for i, o := range s.Outcomes {
		if o.Next == nil {
			continue
		}
		f := Flow{ID: split + "." + o.Name.Path, From: split, To: entry(o.Next), Name: o.Title, Condition: o.Name.Var, Outcome: o.Name.Path}
		if i == len(s.Outcomes)-1 {
			// An exclusive gateway needs a flow for when no condition holds.
			f.Condition = ""
			g.byID[split].Default = f.ID
		}
		g.connect(f)
	}
}

func (g *graph) add(n Node) {
	node := &gnode{Node: n}
	g.nodes = append(g.nodes, node)
	g.byID[n.ID] = node
}

func (g *graph) connect(f Flow) {
	from, to := g.byID[f.From], g.byID[f.To]
	if from == nil || to == nil {
		return // a broken process; the validator says so
	}
	flow := &gflow{Flow: f, from: from, to: to}
	g.flows = append(g.flows, flow)
	from.out, to.in = append(from.out, flow), append(to.in, flow)
	from.Out, to.In = append(from.Out, f.ID), append(to.In, f.ID)
}

func mergeID(s *Step) string { return s.Name.Path + ".samen" }
func splitID(s *Step) string { return s.Name.Path + ".keuze" }

func nodeKind(s *Step) string {
	switch {
	case s.Kind == "end":
		return "end"
	case s.Kind == "lookup":
		return "service"
	}
	return "user"
}

// question is the text at a split gateway.
func question(s *Step) string {
	if s.Kind == "lookup" {
		return "Gevonden?"
	}
	return strings.TrimRight(s.Title, "?.! ") + "?"
}

// nextSteps lists the distinct steps that may follow, in order.
func nextSteps(s *Step) []*Step {
	var next []*Step
	add := func(t *Step) {
		if t != nil && !slices.Contains(next, t) {
			next = append(next, t)
		}
	}
	if s.Kind == "end" {
		return nil
	}
	for _, o := range s.Outcomes {
		add(o.Next)
	}
	if len(s.Outcomes) == 0 {
		add(s.Next)
	}
	return next
}

// splits says whether a step needs a gateway after it.
func splits(s *Step) bool { return len(nextSteps(s)) > 1 }

// countIncoming counts the flows that arrive at each step.
func countIncoming(p *Process) map[*Step]int {
	n := map[*Step]int{}
	if p.Start != nil {
		n[p.Start]++
	}
	for _, s := range p.Steps {
		if !splits(s) {
			for _, t := range nextSteps(s) {
				n[t]++
			}
			continue
		}
		for _, o := range s.Outcomes {
			if o.Next != nil {
				n[o.Next]++
			}
		}
	}
	return n
}

// findBackFlows marks the flows that close a loop: those that lead to a node
// on the way from the start to where they begin.
func (g *graph) findBackFlows() {
	const busy, done = 1, 2
	state := map[*gnode]int{}
	var visit func(n *gnode)
	visit = func(n *gnode) {
		state[n] = busy
		for _, f := range n.out {
			switch state[f.to] {
			case busy:
				f.back = true
			case 0:
				visit(f.to)
			}
		}
		state[n] = done
	}
	for _, n := range g.nodes {
		if state[n] == 0 {
			visit(n)
		}
	}
}

// setColumns gives each node the length of the longest path to it.
func (g *graph) setColumns() {
	known := map[*gnode]bool{}
	var column func(n *gnode) int
	column = func(n *gnode) int {
		if known[n] {
			return n.col
		}
		known[n] = true
		for _, f := range n.in {
			if !f.back {
				n.col = max(n.col, column(f.from)+1)
			}
		}
		return n.col
	}
	for _, n := range g.nodes {
		column(n)
	}
}

// setRows puts each node on the row of the node before it, and each further
// branch on a row of its own.
func (g *graph) setRows() {
	order := slices.Clone(g.nodes)
	slices.SortStableFunc(order, func(a, b *gnode) int { return a.col - b.col })
	for _, n := range order {
		if !n.placed { // the start, or a step that nothing leads to
			row := 0
			for g.taken[cell{row, n.col * 2}] {
				row++
			}
			g.place(n, row)
		}
		for _, f := range n.out {
			if !f.back {
				g.setRow(f)
			}
		}
	}
}

// setRow finds the first row along which a flow meets nothing, and puts the
// node that it leads to there when that has no place yet.
func (g *graph) setRow(f *gflow) {
	row := f.from.row
	if f.to.placed {
		row = min(row, f.to.row)
	}
	for !g.free(f, row) {
		row++
	}
	f.row = row
	for c := f.from.col*2 + 1; c < f.to.col*2; c++ {
		g.taken[cell{row, c}] = true
	}
	if !f.to.placed {
		g.place(f.to, row)
	}
	g.rows = max(g.rows, row+1)
}

// free says whether a flow can run along a row: no shape and no other flow is
// in its way, so that no line runs through a shape or over another line.
func (g *graph) free(f *gflow, row int) bool {
	first, last := f.from.col*2, f.to.col*2
	if row == f.from.row {
		first++
	}
	if f.to.placed && row == f.to.row {
		last--
	}
	for c := first; c <= last; c++ {
		if g.taken[cell{row, c}] {
			return false
		}
	}
	return true
}

func (g *graph) place(n *gnode, row int) {
	n.row, n.placed = row, true
	g.taken[cell{row, n.col * 2}] = true
	g.shapes[cell{row, n.col}] = true
	g.rows = max(g.rows, row+1)
}
