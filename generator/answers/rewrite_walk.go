package answers

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// place is a value in the text: its node, whether it is within brackets, the
// key before it, and the values of the same key beside it, which show how such
// a thing is written here.
type place struct {
	node *yaml.Node
	key  *yaml.Node // nil for an item of a list
	flow bool
	kin  []*yaml.Node
}

// value brings what is at a place from one answer to another. Both are there.
func (r *rewriter) value(at place, s *shape, old, now reflect.Value) {
	if alike(old, now) {
		return
	}
	if old.Kind() == reflect.Pointer {
		old, now = old.Elem(), now.Elem()
	}
	n := at.node
	short := n.Kind == yaml.ScalarNode
	switch {
	case s.kind == list && !short:
		r.list(at, s, old, now)
	case s.kind == mapping && !short, s.kind == operation && !short:
		r.mapping(at, s, old, now)
	case s.kind == outcomes && !short:
		r.pairs(at, old.Interface().([]Outcome), now.Interface().([]Outcome))
	case s.kind == texts && !short:
		before, after := ordered(n, old.Interface().(map[string]string), now.Interface().(map[string]string))
		r.pairs(at, before, after)
	case s.kind == stepField:
		r.stepField(at, s, old.Interface().(StepField), now.Interface().(StepField))
	case s.kind == operation && bareOperation(now.Interface().(Operation)):
		r.scalar(n, now.Field(0).String(), at.flow)
	case s.kind == text:
		r.scalar(n, now.String(), at.flow)
	default:
		r.whole(at, r.writer(at.kin).flow(now, s))
	}
}

// whole puts a text in the place of a value, with all that was in it.
func (r *rewriter) whole(at place, text string) {
	s := r.spans[at.node]
	r.removed = append(r.removed, s)
	r.replace(s.start, s.end, text)
}

func (r *rewriter) stepField(at place, s *shape, old, now StepField) {
	switch {
	case now.Inline != nil && old.Inline != nil:
		r.mapping(at, s.elem, reflect.ValueOf(*old.Inline), reflect.ValueOf(*now.Inline))
	case now.Inline == nil && old.Inline == nil:
		r.scalar(at.node, now.Name, at.flow)
	default:
		r.whole(at, r.writer(at.kin).flow(reflect.ValueOf(now), s))
	}
}

// mapping changes the keys that differ.
func (r *rewriter) mapping(at place, s *shape, old, now reflect.Value) {
	row := r.row(at)
	here := make([]int, len(s.keys)) // the pair that holds each key, or -1
	for i, k := range s.keys {
		here[i] = slices.IndexFunc(row.entries, func(e entry) bool { return e.key.Value == k.name })
	}
	listed := func(k key) bool { return s == root && (k.name == "register" || k.name == "sources") }
	for i, k := range s.keys {
		if here[i] >= 0 && !empty(old.Field(k.field)) && empty(now.Field(k.field)) && !listed(k) {
			row.entries[here[i]].gone = true
		}
	}
	if at.flow && row.emptied() && len(row.entries) > 0 {
		r.whole(at, r.writer(at.kin).flow(now, s))
		return
	}
	before := -1 // the pair after which a new one comes
	for i, k := range s.keys {
		a, b := old.Field(k.field), now.Field(k.field)
		inner := place{flow: at.flow, kin: children(at.kin, k.name)}
		if here[i] >= 0 {
			e := row.entries[here[i]]
			inner.node, inner.key, inner.flow = e.value, e.key, at.flow || isFlow(e.value)
		}
		switch {
		case alike(a, b):
		case here[i] < 0:
			row.add(before, r.pair(k, b, row, inner.kin))
		case row.entries[here[i]].gone:
			r.remove(row, here[i])
		case empty(b):
			r.clear(inner)
		case len(inner.node.Content) == 0 && (empty(a) || inner.node.Kind != yaml.ScalarNode):
			r.fill(inner, k.shape, b, row)
		default:
			r.value(inner, k.shape, a, b)
		}
		if here[i] >= 0 && !row.entries[here[i]].gone {
			before = here[i]
		}
	}
	r.insert(row)
}

// clear writes an empty list in the place of one with items.
func (r *rewriter) clear(at place) {
	s := r.spans[at.node]
	if at.flow {
		r.whole(at, "[]")
		return
	}
	w := r.row(at)
	colon := r.spans[at.key].end
	for r.data[colon] != ':' {
		colon++
	}
	r.replace(colon+1, colon+1, " []")
	r.cut(r.next(r.spans[at.key].start), max(r.next(r.tail(w, len(w.entries)-1)), s.end))
}

// children are the values that mappings have for a key.
func children(of []*yaml.Node, name string) []*yaml.Node {
	var found []*yaml.Node
	for _, n := range of {
		if c := child(n, name); c != nil {
			found = append(found, c)
		}
	}
	return found
}

// pairs changes a mapping of names to texts.
func (r *rewriter) pairs(at place, old, now []Outcome) {
	row := r.row(at)
	w := r.writer(at.kin)
	found := match(len(old), len(now), func(i, j int) bool { return old[i].Name == now[j].Name },
		func(i, j int) bool { return true }, func(i, j int) bool { return old[i].Next == now[j].Next })
	r.entries(row, len(now), found, func(i, j int) {
		e := row.entries[i]
		if old[i].Name != now[j].Name {
			r.scalar(e.key, now[j].Name, at.flow)
		}
		if old[i].Next != now[j].Next {
			r.scalar(e.value, now[j].Next, at.flow)
		}
	}, func(j int) []string { return []string{w.quoted(now[j].Name) + ": " + w.quoted(now[j].Next)} })
}

// ordered gives texts the order that they have in the file. A key of which only
// the name differs keeps its place.
func ordered(n *yaml.Node, old, now map[string]string) (before, after []Outcome) {
	fresh := map[string]bool{}
	for name := range now {
		if _, known := old[name]; !known {
			fresh[name] = true
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		before = append(before, Outcome{name, old[name]})
		if value, stays := now[name]; stays {
			after = append(after, Outcome{name, value})
			continue
		}
		for _, candidate := range sortedKeys(fresh) {
			if now[candidate] == old[name] {
				after = append(after, Outcome{candidate, now[candidate]})
				delete(fresh, candidate)
				break
			}
		}
	}
	for _, name := range sortedKeys(fresh) {
		after = append(after, Outcome{name, now[name]})
	}
	return before, after
}

// list changes, adds and removes items. Which is which, their names say.
func (r *rewriter) list(at place, s *shape, old, now reflect.Value) {
	row := r.row(at)
	name := func(v reflect.Value, i int) string { return nameOf(v.Index(i)) }
	found := match(old.Len(), now.Len(),
		func(i, j int) bool { return name(old, i) == name(now, j) },
		func(i, j int) bool { return akin(old.Index(i), now.Index(j), s.elem, false) },
		func(i, j int) bool { return akin(old.Index(i), now.Index(j), s.elem, true) })
	r.entries(row, now.Len(), found, func(i, j int) {
		if alike(old.Index(i), now.Index(j)) {
			return // most of a long list
		}
		n := at.node.Content[i]
		r.value(place{node: n, flow: at.flow || isFlow(n), kin: others(at.node.Content, i)}, s.elem, old.Index(i), now.Index(j))
	}, func(j int) []string {
		return r.item(now.Index(j), s.elem, row, r.like(now.Index(j), at.node.Content))
	})
}

// others are the nodes but for one, the nearest first.
func others(nodes []*yaml.Node, but int) []*yaml.Node {
	var found []*yaml.Node
	for distance := 1; distance < len(nodes); distance++ {
		for _, i := range []int{but - distance, but + distance} {
			if i >= 0 && i < len(nodes) {
				found = append(found, nodes[i])
			}
		}
	}
	return found
}

// like are the items that show how a new one is written: those of the same kind
// first, and the last of them before the others.
func (r *rewriter) like(v reflect.Value, nodes []*yaml.Node) []*yaml.Node {
	found := slices.Clone(nodes)
	slices.Reverse(found)
	kind := ""
	if st, ok := v.Interface().(Step); ok {
		kind = st.Kind
	}
	if f, ok := v.Interface().(StepField); ok && f.Inline == nil {
		return found
	}
	slices.SortStableFunc(found, func(a, b *yaml.Node) int { return other(a, kind) - other(b, kind) })
	return found
}

// other is 0 for a mapping of a kind, and more the less it looks like one.
func other(n *yaml.Node, kind string) int {
	switch c := child(n, "kind"); {
	case n.Kind != yaml.MappingNode:
		return 3
	case c == nil || c.Value == kind:
		return 0
	case c.Value == "end" || kind == "end":
		return 2
	}
	return 1
}

// nameOf is what tells an item from the others of its list.
func nameOf(v reflect.Value) string {
	switch item := v.Interface().(type) {
	case string:
		return item
	case ResultRetention:
		return item.Result
	}
	return v.FieldByName("Name").String()
}

// named are the keys that follow a name.
var named = []string{"name", "plural", "title", "result"}

// akin says whether one item can have become the other: with another name, and
// for the rest the same, or mostly.
func akin(old, now reflect.Value, s *shape, strict bool) bool {
	if f, ok := old.Interface().(StepField); ok {
		other := now.Interface().(StepField)
		if f.Inline == nil || other.Inline == nil {
			return (f.Inline == nil) == (other.Inline == nil) && !strict
		}
		old, now, s = reflect.ValueOf(*f.Inline), reflect.ValueOf(*other.Inline), s.elem
	}
	if s.kind != mapping && s.kind != operation {
		return !strict
	}
	same, all := 0, 0
	for _, k := range s.keys {
		a, b := old.Field(k.field), now.Field(k.field)
		if slices.Contains(named, k.name) || empty(a) && empty(b) {
			continue
		}
		if all++; alike(a, b) {
			same++
		}
	}
	return same == all || !strict && 2*same >= all
}

// scalar changes a text and keeps its quotes where it can.
func (r *rewriter) scalar(n *yaml.Node, now string, flow bool) {
	s := r.spans[n]
	w := writer{}
	if r.careful {
		w.style = yaml.DoubleQuotedStyle
	}
	text := w.quoted(now)
	switch {
	case s.start == s.end:
		r.behindKey(n, text)
		return
	case r.careful, strings.ContainsAny(now, "\n\r\t"):
	case n.Style&yaml.DoubleQuotedStyle != 0:
		text = (&writer{style: yaml.DoubleQuotedStyle}).quoted(now)
	case n.Style&yaml.SingleQuotedStyle != 0:
		text = (&writer{style: yaml.SingleQuotedStyle}).quoted(now)
	case n.Style == 0 && plainEnough(now, flow):
		text = now
	}
	r.replace(s.start, s.end, text)
}

// plainEnough says whether a text needs no quotes beside texts without quotes.
func plainEnough(s string, flow bool) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") {
		return false
	}
	if first := s[0]; first < '0' || first > '9' && first < 'A' || first > 'Z' && first < 'a' || first > 'z' {
		return false
	}
	return !flow || !strings.ContainsAny(s, ",[]{}?:")
}

// behindKey writes a value where there is a key only.
func (r *rewriter) behindKey(n *yaml.Node, text string) {
	at := r.spans[n].start
	if before := strings.TrimRight(string(r.data[r.lineStart(at):at]), " \t"); !strings.HasSuffix(before, ":") {
		text = ": " + text
	} else if r.data[at-1] == ':' {
		text = " " + text
	}
	r.replace(at, at, text)
}
