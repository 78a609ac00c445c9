package proef

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

// Limits of paths.
const (
	maxPaths    = 64
	maxFrontier = 2048
)

// move is one step on a path with the outcome that was chosen; "" when there is
// no choice.
type move struct {
	step    *bpmn.Node
	outcome string
}

// ways are the ways out of a step; an end has none.
func ways(n *bpmn.Node) []string {
	switch {
	case n.Kind == bpmn.End:
		return nil
	case len(n.Outcomes) == 0:
		return []string{""}
	}
	var names []string
	for _, o := range n.Outcomes {
		names = append(names, o.Name)
	}
	return names
}

// paths lists paths through the process, short ones first: every way out of
// every step is in at least one of them as long as there is room, and what room
// is left goes to other paths that take a loop at most once.
func paths(p *bpmn.Process) [][]move {
	var found [][]move
	covered := map[move]bool{}
	for _, n := range p.Steps() {
		for _, outcome := range ways(n) {
			m := move{n, outcome}
			if covered[m] || len(found) >= maxPaths {
				continue
			}
			next := n.Next(outcome)
			path := append(shortest(p.First(), func(at *bpmn.Node) bool { return at == n }), m)
			path = append(path, shortest(next, func(at *bpmn.Node) bool { return at.Kind == bpmn.End })...)
			last := path[len(path)-1]
			path = append(path, move{step: last.step.Next(last.outcome)})
			if !consistent(path) {
				continue
			}
			for _, m := range path {
				covered[m] = true
			}
			found = append(found, path)
		}
	}
	for _, path := range simple(p.First()) {
		known := slices.ContainsFunc(found, func(other []move) bool { return slices.Equal(other, path) })
		if len(found) < maxPaths && !known {
			found = append(found, path)
		}
	}
	slices.SortStableFunc(found, func(a, b []move) int { return len(a) - len(b) })
	return found
}

// shortest are the moves of the shortest way from a step to one that is wanted;
// the wanted step itself is not a move.
func shortest(from *bpmn.Node, wanted func(*bpmn.Node) bool) []move {
	type visit struct {
		by   move
		from *bpmn.Node
	}
	seen := map[*bpmn.Node]visit{from: {}}
	for todo := []*bpmn.Node{from}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		if wanted(at) {
			var moves []move
			for at != from {
				moves = append(moves, seen[at].by)
				at = seen[at].from
			}
			slices.Reverse(moves)
			return moves
		}
		for _, outcome := range ways(at) {
			next := at.Next(outcome)
			if _, twice := seen[next]; !twice {
				seen[next] = visit{move{at, outcome}, at}
				todo = append(todo, next)
			}
		}
	}
	return nil
}

// simple walks the process breadth first, through each step at most twice.
func simple(start *bpmn.Node) [][]move {
	type trail struct {
		moves []move
		at    *bpmn.Node
	}
	var found [][]move
	frontier := []trail{{at: start}}
	for len(frontier) > 0 && len(found) < maxPaths {
		t := frontier[0]
		frontier = frontier[1:]
		if t.at.Kind == bpmn.End {
			found = append(found, append(slices.Clip(t.moves), move{step: t.at}))
			continue
		}
		for _, outcome := range ways(t.at) {
			if len(frontier) >= maxFrontier || visits(t.moves, t.at) >= 2 {
				break
			}
			moves := append(slices.Clip(t.moves), move{t.at, outcome})
			if consistent(moves) {
				frontier = append(frontier, trail{moves, t.at.Next(outcome)})
			}
		}
	}
	return found
}

// consistent says whether a test can play the sources on a path: it decides per
// question what is found until a person does something, so one question cannot
// be answered in two ways before that.
func consistent(path []move) bool {
	answered := map[string]bool{}
	for _, m := range path {
		if m.step.Human() {
			clear(answered)
		}
		if m.step.Kind != bpmn.Service {
			continue
		}
		found := m.outcome != notFound
		if before, twice := answered[m.step.Topic]; twice && before != found {
			return false
		}
		answered[m.step.Topic] = found
	}
	return true
}

func visits(moves []move, n *bpmn.Node) int {
	count := 0
	for _, m := range moves {
		if m.step == n {
			count++
		}
	}
	return count
}

// notFound is the outcome of a lookup that found nothing.
const notFound = "niet-gevonden"

// walk is a path with what people do and sources say on the way.
func walk(steps map[*bpmn.Node]Step, path []move) Route {
	var all Route
	for _, m := range path {
		s := steps[m.step]
		s.Outcome = m.outcome
		s.Bron.Found = s.Kind == "lookup" && m.outcome != notFound
		all = append(all, s)
	}
	return all
}
