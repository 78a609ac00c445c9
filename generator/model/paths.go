package model

import "slices"

// Limits of Process.Paths.
const (
	maxPaths    = 64
	maxFrontier = 2048
)

// paths lists the paths of a process for tests, short ones first: every way out
// of every step is in at least one of them as long as there is room, and what
// room is left goes to other paths that take a loop at most once.
func paths(p *Process) [][]Move {
	var found [][]Move
	covered := map[Move]bool{}
	take := func(path []Move) {
		for _, move := range path {
			covered[move] = true
		}
		found = append(found, path)
	}
	for _, s := range p.Steps {
		for _, way := range exits(s) {
			move := Move{s, way.Name.Path}
			if covered[move] || len(found) >= maxPaths {
				continue
			}
			path := append(shortest(p.Start, func(at *Step) bool { return at == s }), move)
			path = append(path, shortest(way.Next, func(at *Step) bool { return at.Kind == "end" })...)
			if path = append(path, Move{Step: last(path, way.Next)}); consistent(path) {
				take(path)
			}
		}
	}
	for _, path := range simple(p.Start) {
		known := slices.ContainsFunc(found, func(other []Move) bool { return slices.Equal(other, path) })
		if len(found) < maxPaths && !known {
			take(path)
		}
	}
	slices.SortStableFunc(found, func(a, b []Move) int { return len(a) - len(b) })
	return found
}

// last is the step where a path arrives that was begun at from.
func last(path []Move, from *Step) *Step {
	move := path[len(path)-1]
	for _, way := range exits(move.Step) {
		if way.Name.Path == move.Outcome {
			return way.Next
		}
	}
	return from
}

// shortest are the moves of the shortest way from a step to one that is
// wanted; the wanted step itself is not a move.
func shortest(from *Step, wanted func(*Step) bool) []Move {
	type visit struct {
		by   Move
		from *Step
	}
	seen := map[*Step]visit{from: {}}
	for todo := []*Step{from}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		if wanted(at) {
			var moves []Move
			for at != from {
				moves = append(moves, seen[at].by)
				at = seen[at].from
			}
			slices.Reverse(moves)
			return moves
		}
		for _, way := range exits(at) {
			if _, twice := seen[way.Next]; !twice {
				seen[way.Next] = visit{Move{at, way.Name.Path}, at}
				todo = append(todo, way.Next)
			}
		}
	}
	return nil
}

// simple walks the process breadth first, through each step at most twice.
func simple(start *Step) [][]Move {
	type trail struct {
		moves []Move
		at    *Step
	}
	var found [][]Move
	frontier := []trail{{at: start}}
	for len(frontier) > 0 && len(found) < maxPaths {
		t := frontier[0]
		frontier = frontier[1:]
		if t.at.Kind == "end" {
			found = append(found, append(slices.Clip(t.moves), Move{Step: t.at}))
			continue
		}
		for _, way := range exits(t.at) {
			if len(frontier) >= maxFrontier || visits(t.moves, t.at) >= 2 {
				break
			}
			moves := append(slices.Clip(t.moves), Move{t.at, way.Name.Path})
			if !consistent(moves) {
				continue
			}
			frontier = append(frontier, trail{moves, way.Next})
		}
	}
	return found
}

// consistent says whether a test can play the sources on a path: it decides per
// question what is found until a person does something, so one question cannot
// be answered in two ways before that.
func consistent(path []Move) bool {
	answered := map[*Operation]bool{}
	for _, move := range path {
		if move.Step.Human() {
			clear(answered)
		}
		if move.Step.Kind != "lookup" {
			continue
		}
		found := move.Outcome != "niet-gevonden"
		if before, twice := answered[move.Step.Op]; twice && before != found {
			return false
		}
		answered[move.Step.Op] = found
	}
	return true
}

func visits(moves []Move, s *Step) int {
	n := 0
	for _, m := range moves {
		if m.Step == s {
			n++
		}
	}
	return n
}
