package merge

import (
	"strconv"
	"strings"
)

// ends are what a flow goes from and to.
type ends [2]string

// flowsOf are the flows of a file.
func flowsOf(e *element) map[string]ends {
	all := map[string]ends{}
	var gather func(e *element)
	gather = func(e *element) {
		if e.attr("sourceRef") != "" && e.attr("id") != "" {
			all[e.attr("id")] = ends{e.attr("sourceRef"), e.attr("targetRef")}
		}
		for _, kid := range e.kids {
			gather(kid)
		}
	}
	gather(e)
	return all
}

// point is a place in the drawing.
type point struct{ x, y float64 }

func pointOf(e *element) (point, bool) {
	x, errX := strconv.ParseFloat(e.attr("x"), 64)
	y, errY := strconv.ParseFloat(e.attr("y"), 64)
	return point{x, y}, errX == nil && errY == nil
}

// shapesOf says where the shapes of a drawing are.
func shapesOf(drawn []*element) map[string]point {
	all := map[string]point{}
	for _, e := range drawn {
		if e.name.Local != "BPMNShape" || len(e.kids) == 0 {
			continue
		}
		if p, ok := pointOf(e.kids[0]); ok {
			all[e.attr("bpmnElement")] = p
		}
	}
	return all
}

// plane merges the drawing. What the team moved stays where it is; what is new
// comes where the new file has it; what is not in the process any more goes.
func (b *bpmnMerge) plane(base, ours, theirs *element) []*element {
	was, mine, its := byKey(base.kids), byKey(ours.kids), byKey(theirs.kids)
	there := func(e *element) bool { return !e.drawn() || b.ids == nil || b.ids[e.attr("bpmnElement")] }
	var out woven[*element]
	for _, kid := range ours.kids {
		key := kid.key()
		other, old := its[key], was[key]
		unchanged := old != nil && sameElement(kid, old)
		switch {
		case !there(kid) && old != nil && strings.TrimSpace(kid.lead) == strings.TrimSpace(old.lead), other == nil && unchanged && !kid.drawn():
			continue
		case other != nil && unchanged && !sameElement(other, old):
			kid = other
		}
		out.names, out.entries, out.own = append(out.names, key), append(out.entries, kid), append(out.own, false)
	}
	var before []string
	for _, kid := range theirs.kids {
		key := kid.key()
		// What the team took out of the drawing stays out, unless it is a new thing.
		if mine[key] == nil && was[key] == nil && there(kid) {
			out.insert(before, key, kid)
		}
		before = append(before, key)
	}
	now, ourShapes, theirShapes := shapesOf(out.entries), shapesOf(ours.kids), shapesOf(theirs.kids)
	for i, e := range out.entries {
		key := out.names[i]
		if e == its[key] {
			out.entries[i] = b.follow(e, nil, e, now, theirShapes, theirShapes)
		} else {
			out.entries[i] = b.follow(e, was[key], its[key], now, ourShapes, theirShapes)
		}
	}
	return out.entries
}

func byKey(elements []*element) map[string]*element {
	all := make(map[string]*element, len(elements))
	for _, e := range elements {
		all[e.key()] = e
	}
	return all
}

// follow draws an edge to where its ends are now, as far as the team did not move
// its end itself. from is where the shapes were in the file that it comes from.
func (b *bpmnMerge) follow(edge, was, other *element, now, from, theirs map[string]point) *element {
	flow, known := b.flows[edge.attr("bpmnElement")]
	if !known || edge.name.Local != "BPMNEdge" {
		return edge
	}
	out := *edge
	out.kids = append([]*element(nil), edge.kids...)
	changed := false
	for end := range 2 {
		i := waypoint(edge, end)
		at, ok := point{}, false
		if i >= 0 {
			at, ok = pointOf(edge.kids[i])
		}
		if !ok {
			continue
		}
		start, moved := from[flow[end]], now[flow[end]]
		if ours, old := b.ourFlows[edge.attr("bpmnElement")]; edge != other && old && ours[end] != flow[end] {
			// It goes to another element now: the end of theirs is the right one.
			j := -1
			if other != nil {
				j = waypoint(other, end)
			}
			if j < 0 {
				continue
			}
			if at, ok = pointOf(other.kids[j]); !ok {
				continue
			}
			start = theirs[flow[end]]
		} else if was != nil {
			j := waypoint(was, end)
			if j < 0 || was.kids[j].text != edge.kids[i].text {
				continue // the team put it here
			}
		}
		to := point{at.x + moved.x - start.x, at.y + moved.y - start.y}
		if now, _ := pointOf(edge.kids[i]); to != now {
			out.kids[i] = movedTo(edge.kids[i], to)
			changed = true
		}
	}
	if !changed {
		return edge
	}
	out.write()
	return &out
}

// waypoint is the first or the last corner of an edge among its kids; -1 for none.
func waypoint(edge *element, end int) int {
	found := -1
	for i, kid := range edge.kids {
		if kid.name.Local == "waypoint" && (found < 0 || end == 1) {
			found = i
		}
	}
	return found
}

// movedTo is the element at another place.
func movedTo(e *element, to point) *element {
	out := *e
	out.attrs = append([]attr(nil), e.attrs...)
	for i, a := range out.attrs {
		value := map[string]float64{"x": to.x, "y": to.y}
		if v, is := value[a.name]; is {
			out.attrs[i].text = a.name + `="` + strconv.FormatFloat(v, 'f', -1, 64) + `"`
		}
	}
	out.write()
	return &out
}
