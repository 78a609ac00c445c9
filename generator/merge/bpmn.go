package merge

import (
	"strings"
)

// bpmnForm merges a process by element: what it means, and apart from that where it
// is drawn: an edge goes to where the team moved its end, and lines do not know that.
// Markers in it would keep every modeller from opening it.
var bpmnForm = form{whole: true, first: true, sound: soundBPMN, merge: mergeBPMN}

const spaceDI = "http://www.omg.org/spec/BPMN/20100524/DI"

// soundBPMN says that a file can be read and that all that it refers to is there.
func soundBPMN(lines []string) bool {
	root, _, _, ok := readXML(string(joined(lines)))
	return ok && refersWell(root)
}

func mergeBPMN(s sides, _ Labels) merged {
	unit := unitOf(s.ours.lines)
	read := func(t text) (*element, string, string, bool) {
		return readXML(strings.TrimSuffix(string(joined(reindented(t.lines, unitOf(t.lines), unit))), "\n"))
	}
	ours, before, after, okOurs := read(s.ours)
	theirs, _, _, okTheirs := read(s.theirs)
	base, _, _, okBase := read(s.base)
	if s.added {
		base = nil
	}
	if !okOurs || !okTheirs || base == nil || !okBase || !samePrefixes(ours, theirs) {
		return merged{}
	}
	var b bpmnMerge
	root, ok := b.element(base, ours, theirs)
	if !ok {
		return merged{}
	}
	// Only now is known what there is to draw, and between what.
	b = bpmnMerge{ids: map[string]bool{}, flows: flowsOf(root), ourFlows: flowsOf(ours)}
	for _, kid := range root.kids {
		if kid.name.Space != spaceDI {
			b.note(kid)
		}
	}
	if root, ok = b.element(base, ours, theirs); !ok {
		return merged{}
	}
	lines := strings.Split(before+root.text+after, "\n")
	if !soundBPMN(lines) {
		return merged{}
	}
	return merged{lines: lines, ok: true}
}

// samePrefixes says that the prefixes of both files mean the same: what comes from
// theirs is taken over as it is written.
func samePrefixes(ours, theirs *element) bool {
	for _, a := range theirs.attrs {
		if strings.HasPrefix(a.name, "xmlns") && ours.attr(a.name) != a.value() {
			return false
		}
	}
	return true
}

// bpmnMerge merges the two trees. ids are the elements there are to draw; nil as
// long as that is not known.
type bpmnMerge struct {
	ids             map[string]bool
	flows, ourFlows map[string]ends // of the merged file, and of ours
}

func (e *element) drawn() bool {
	return e.name.Space == spaceDI && (e.name.Local == "BPMNShape" || e.name.Local == "BPMNEdge")
}

// drawing says that the element holds what is drawn.
func (e *element) drawing() bool {
	return e.name.Space == spaceDI && e.name.Local == "BPMNPlane" && len(e.kids) > 0
}

// key is what an element is called among its neighbours.
func (e *element) key() string {
	switch of := e.attr("bpmnElement"); {
	case e.drawn() && of != "":
		return e.name.Local + " of " + of
	case e.attr("id") != "":
		return "#" + e.attr("id")
	case e.attr("name") != "":
		return e.name.Local + " " + e.attr("name")
	case len(e.kids) == 0 && len(e.attrs) == 0 && e.name.Local != "documentation":
		return e.name.Local + "=" + strings.TrimSpace(e.content)
	}
	return e.name.Local
}

// sameElement compares what is said, not how far it is indented.
func sameElement(a, b *element) bool {
	return a.text == b.text && strings.TrimSpace(a.lead) == strings.TrimSpace(b.lead)
}

// element merges an element that both changed; base may be nil.
func (b *bpmnMerge) element(base, ours, theirs *element) (*element, bool) {
	if base == nil {
		base = &element{name: ours.name}
	}
	if ours.name != theirs.name || ours.name != base.name || ours.mixed() || theirs.mixed() || base.mixed() {
		return nil, false
	}
	out := *ours
	attrs := weaver[attr]{
		key:  func(a attr) string { return a.name },
		same: func(x, y attr) bool { return x.value() == y.value() },
		both: func(attr, attr, attr) (attr, bool) { return attr{}, false },
	}
	var ok bool
	if out.attrs, ok = attrs.weave(base.attrs, ours.attrs, theirs.attrs); !ok {
		return nil, false
	}
	for i := range out.attrs {
		if out.attrs[i].lead == "" {
			out.attrs[i].lead = " "
		}
	}
	switch {
	case len(ours.kids)+len(theirs.kids) > 0:
		if len(ours.kids) == 0 && words(ours.content) != "" || len(theirs.kids) == 0 && words(theirs.content) != "" {
			return nil, false
		}
		if out.kids, ok = b.kids(base, ours, theirs); !ok {
			return nil, false
		}
		out.content = ""
		if len(ours.kids) == 0 {
			out.tail = theirs.tail
		}
	case ours.content == base.content:
		out.content = theirs.content
	case theirs.content != base.content && theirs.content != ours.content:
		return nil, false
	}
	out.write()
	return &out, true
}

func (b *bpmnMerge) kids(base, ours, theirs *element) ([]*element, bool) {
	var all []*element
	if ours.drawing() && theirs.drawing() {
		all = b.plane(base, ours, theirs)
	} else {
		var ok bool
		w := weaver[*element]{key: (*element).key, same: sameElement, both: b.element}
		if all, ok = w.weave(base.kids, ours.kids, theirs.kids); !ok {
			return nil, false
		}
	}
	own := make(map[string]string, len(ours.kids))
	for _, kid := range ours.kids {
		own[kid.key()] = kid.lead
	}
	for i, kid := range all {
		lead, known := own[kid.key()]
		if !known && len(ours.kids) > 0 && words(kid.lead) == "" && !strings.Contains(kid.lead, "<!--") {
			lead, known = spaceOf(ours.kids[0].lead), true
		}
		if known {
			moved := *kid
			moved.lead = lead
			all[i] = &moved
		}
	}
	return all, true
}

// spaceOf is the space at the end of a lead: without its comments.
func spaceOf(lead string) string { return lead[strings.LastIndexByte(lead, '>')+1:] }

func (b *bpmnMerge) note(e *element) {
	if id := e.attr("id"); id != "" {
		b.ids[id] = true
	}
	for _, kid := range e.kids {
		b.note(kid)
	}
}

// references are the attributes and elements that name an element.
var references = " sourceRef targetRef default bpmnElement attachedToRef "

// refersWell says that all that is referred to exists, and that what comes into an
// element and goes out of it agrees with the flows.
func refersWell(root *element) bool {
	ids, flows := map[string]bool{}, map[string]*element{}
	var gather func(e *element) bool
	gather = func(e *element) bool {
		if id := e.attr("id"); id != "" {
			if ids[id] {
				return false // two elements of one name
			}
			ids[id] = true
			if e.name.Local == "sequenceFlow" {
				flows[id] = e
			}
		}
		for _, kid := range e.kids {
			if !gather(kid) {
				return false
			}
		}
		return true
	}
	if !gather(root) {
		return false
	}
	var check func(e *element) bool
	check = func(e *element) bool {
		for _, a := range e.attrs {
			if strings.Contains(references, " "+a.name+" ") && !ids[a.value()] && !strings.Contains(a.value(), ":") {
				return false
			}
		}
		for _, kid := range e.kids {
			if end, is := map[string]string{"incoming": "targetRef", "outgoing": "sourceRef"}[kid.name.Local]; is {
				flow := flows[strings.TrimSpace(kid.content)]
				if flow == nil || flow.attr(end) != e.attr("id") {
					return false
				}
			}
			if kid.name.Local == "flowNodeRef" && !ids[strings.TrimSpace(kid.content)] || !check(kid) {
				return false
			}
		}
		return true
	}
	return check(root)
}
