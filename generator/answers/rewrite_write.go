package answers

import (
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writer gives new texts and keys the quotes that all of their kin have.
func (r *rewriter) writer(kin []*yaml.Node) *writer {
	if r.careful {
		return &writer{style: yaml.DoubleQuotedStyle}
	}
	texts, keys := map[yaml.Style]bool{}, map[yaml.Style]bool{}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				keys[c.Style] = true
			} else {
				visit(c)
			}
		}
		if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
			texts[n.Style] = true
		}
	}
	for _, n := range kin {
		visit(n)
	}
	w := &writer{keys: len(keys) == 1 && keys[yaml.DoubleQuotedStyle]}
	for _, style := range []yaml.Style{yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle} {
		if len(texts) == 1 && texts[style] {
			w.style = style
		}
	}
	return w
}

// pair is a new key of a mapping with its value, seen from the indentation of
// the mapping.
func (r *rewriter) pair(k key, v reflect.Value, w *row, kin []*yaml.Node) []string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	name := k.name
	if w.node != nil {
		name = r.writer([]*yaml.Node{w.node}).key(name)
	}
	return under(name+":", r.lineOrMore(v, k.shape, w.flow, kin))
}

// under puts a value behind a key.
func under(key string, value []string) []string {
	if value[0] == "" { // it begins on the next line
		return append([]string{key}, value[1:]...)
	}
	return append([]string{key + " " + value[0]}, value[1:]...)
}

// lineOrMore gives a value: on one line, or as an empty first line with the others
// indented below the key.
func (r *rewriter) lineOrMore(v reflect.Value, s *shape, flow bool, kin []*yaml.Node) []string {
	asBlock := !flow && r.block(v, s, kin)
	if !asBlock {
		return []string{r.writer(kin).flow(v, s)}
	}
	out := []string{""}
	switch s.kind {
	case list:
		indent := strings.Repeat(" ", r.dash)
		var items []*yaml.Node
		for _, n := range kin {
			items = append(items, n.Content...)
		}
		for i := range v.Len() {
			for _, line := range r.item(v.Index(i), s.elem, &row{}, items) {
				out = append(out, indent+line)
			}
		}
	case outcomes:
		for _, o := range v.Interface().([]Outcome) {
			w := r.writer(kin)
			out = append(out, strings.Repeat(" ", r.step)+w.quoted(o.Name)+": "+w.quoted(o.Next))
		}
	case texts:
		m := v.Interface().(map[string]string)
		for _, name := range sortedKeys(m) {
			w := r.writer(kin)
			out = append(out, strings.Repeat(" ", r.step)+w.quoted(name)+": "+w.quoted(m[name]))
		}
	default:
		for _, line := range r.keys(v, s, kin) {
			out = append(out, strings.Repeat(" ", r.step)+line)
		}
	}
	return out
}

// block says whether a value comes on lines of its own: as its kin does, or else
// as Marshal would.
func (r *rewriter) block(v reflect.Value, s *shape, kin []*yaml.Node) bool {
	switch s.kind {
	case text, integer, number, boolean:
		return false
	}
	for _, n := range kin {
		if n.Kind != yaml.ScalarNode && len(n.Content) > 0 {
			return !isFlow(n) || s.kind == list && s.elem.kind == stepField && !bareFields(v)
		}
	}
	switch s.kind {
	case list:
		return !s.flow && !allBare(v) && !(s.elem.kind == stepField && bareFields(v))
	case mapping:
		return !s.flow
	}
	return false
}

// bareFields says whether a form has stored fields only.
func bareFields(v reflect.Value) bool {
	fields, ok := v.Interface().([]StepField)
	for _, f := range fields {
		ok = ok && f.Inline == nil
	}
	return ok
}

// item is a new item of a list: within brackets one line, otherwise lines of
// which the first has a dash.
func (r *rewriter) item(v reflect.Value, s *shape, w *row, kin []*yaml.Node) []string {
	keyed := s
	if f, ok := v.Interface().(StepField); ok && f.Inline != nil {
		v, keyed = reflect.ValueOf(*f.Inline), s.elem
	}
	var alike []*yaml.Node
	for _, n := range kin {
		if (n.Kind == yaml.MappingNode) == (len(keyed.keys) > 0) {
			alike = append(alike, n)
		}
	}
	text := r.writer(alike).flow
	if w.flow {
		return []string{text(v, keyed)}
	}
	bare := len(keyed.keys) == 0 || keyed.kind == operation && bareOperation(v.Interface().(Operation))
	if bare || len(alike) > 0 && isFlow(alike[0]) || len(alike) == 0 && keyed.flow {
		return []string{"- " + text(v, keyed)}
	}
	lines := r.keys(v, keyed, alike)
	for i := range lines {
		if i == 0 {
			lines[i] = "- " + lines[i]
		} else {
			lines[i] = "  " + lines[i]
		}
	}
	return lines
}

// keys are the lines of a mapping in the order of its keys.
func (r *rewriter) keys(v reflect.Value, s *shape, kin []*yaml.Node) []string {
	var lines []string
	for _, k := range s.keys {
		if field := v.Field(k.field); !empty(field) {
			lines = append(lines, r.pair(k, field, &row{}, children(kin, k.name))...)
		}
	}
	return lines
}

// fill writes a value where there is none yet: behind a bare key, or in the
// place of [] or {}.
func (r *rewriter) fill(at place, s *shape, v reflect.Value, w *row) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	lines := r.lineOrMore(v, s, w.flow, at.kin)
	place := r.spans[at.node]
	if len(lines) == 1 {
		if place.start == place.end {
			r.behindKey(at.node, lines[0])
		} else {
			r.whole(at, lines[0])
		}
		return
	}
	start := len(strings.TrimRight(string(r.data[:place.start]), " \t"))
	if place.start == place.end {
		start = place.start
	}
	r.replace(start, place.end, "")
	end := r.next(place.end)
	eol, indent := r.eol(place.end), strings.Repeat(" ", w.indent)
	r.replace(end, end, indent+strings.Join(lines[1:], eol+indent)+eol)
}
