package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxPlaces is how many places one answer may have. All of a person in the BRP is
// some seven hundred.
const maxPlaces = 50_000

// Full is the form of the whole answer that goes with the constants, to find
// fields in; nil when it is not described. It has no identifiers.
func (o *Operation) Full(constants map[string]string) *Shape {
	schema := o.answerSchema(constants)
	if schema == nil {
		return nil
	}
	f := &fuller{w: o.w, on: map[*yaml.Node]bool{}}
	return f.walk([]*yaml.Node{schema}, 0)
}

// FullOf is the form of a JSON document; nil when it is none. What an example
// does not have may still be there in another answer.
func FullOf(document string) *Shape {
	root := parseJSON([]byte(document))
	if root == nil {
		return nil
	}
	s := &valueShaper{}
	return s.walk([]*yaml.Node{root}, nil, true)
}

type fuller struct {
	w     *work
	count int
	on    map[*yaml.Node]bool // schemas that are being walked
}

func (f *fuller) walk(schemas []*yaml.Node, depth int) *Shape {
	var entered []*yaml.Node
	for _, schema := range schemas {
		n := f.w.follow(schema)
		if n == nil {
			continue
		}
		if f.on[n] || depth > maxDepth || !f.w.spend(1) {
			return &Shape{Kind: "any"} // in a circle
		}
		entered = append(entered, n)
	}
	for _, n := range entered {
		f.on[n] = true
	}
	defer func() {
		for _, n := range entered {
			delete(f.on, n)
		}
	}()
	kind, family := f.w.kind(schemas...)
	switch kind {
	case object:
		return f.object(family, depth)
	case list:
		return &Shape{Kind: "list", Item: f.walk(family.items, depth+1)}
	case "":
		return &Shape{Kind: "any", free: len(family.kinds) == 0 || slices.Contains(family.kinds, object)}
	}
	return &Shape{Kind: kind}
}

func (f *fuller) object(family *family, depth int) *Shape {
	shape := &Shape{Kind: object, free: family.open || len(family.names) == 0}
	for _, name := range family.names {
		if f.count++; f.count > maxPlaces {
			f.w.left = min(f.w.left, -1)
		}
		if !f.w.spend(2) { // it is kept for as long as the source is derived
			break
		}
		parts := family.parts[name]
		shape.Fields = append(shape.Fields, ShapeField{JSON: name, Title: f.w.word(parts, "title"), Shape: f.walk(parts, depth+1), parts: parts})
	}
	return shape
}

// word is the first line that schemas have under a word; "" when there is none.
func (w *work) word(parts []*yaml.Node, word string) string {
	for _, part := range parts {
		if words := line(get(plain(part), word)); words != "" {
			return words
		}
	}
	return ""
}

// Keep is what is kept of the whole form of an answer: the fields, as whole paths
// from the answer, and all that is below them; nil when nothing is left.
func (o *Operation) Keep(full *Shape, fields []string) *Shape {
	k := &keeper{w: o.w, fields: fields}
	kept := k.keep(full, "", false)
	if k.count > maxShape {
		o.w.left = min(o.w.left, -1)
	}
	return kept
}

// Keep is as that of an operation, of a document without a specification.
func (s *Shape) Keep(fields []string) *Shape {
	k := &keeper{fields: fields}
	if kept := k.keep(s, "", false); k.count <= maxShape {
		return kept
	}
	return nil
}

type keeper struct {
	w      *work
	fields []string
	count  int
}

func (k *keeper) keep(s *Shape, at string, whole bool) *Shape {
	switch {
	case s == nil || k.count > maxShape:
		return nil
	case s.Kind == "list":
		if item := k.keep(s.Item, at, whole); item != nil {
			return &Shape{Kind: "list", Item: item}
		}
		return nil
	case whole && (s.free || s.Kind == object && len(s.Fields) == 0):
		return &Shape{Kind: "any"}
	case s.Kind != object && !s.free:
		if whole {
			return &Shape{Kind: s.Kind}
		}
		return nil
	}
	kept := &Shape{Kind: object}
	add := func(f ShapeField) {
		if f.Shape != nil && jsonTag(f.JSON) {
			k.count++
			kept.Fields = append(kept.Fields, f)
		}
	}
	for _, f := range s.Fields {
		path := join(at, f.JSON)
		doc := ""
		if sub := k.keep(f.Shape, path, whole || slices.Contains(k.fields, path)); sub != nil {
			if k.w != nil {
				doc = k.w.doc(f.parts)
			}
			add(ShapeField{JSON: f.JSON, Doc: doc, Shape: sub})
		}
	}
	if s.free {
		for _, name := range k.below(s, at) {
			sub := k.keep(&Shape{Kind: "any", free: true}, join(at, name), slices.Contains(k.fields, join(at, name)))
			add(ShapeField{JSON: name, Shape: sub, loose: true})
		}
	}
	return objectShape(kept, whole)
}

// below are the names that fields have in an object that may hold anything and
// that nobody described.
func (k *keeper) below(s *Shape, at string) []string {
	var names []string
	for _, field := range k.fields {
		rest, inside := strings.CutPrefix(field, at+".")
		if at == "" {
			rest, inside = field, true
		}
		name, _, _ := strings.Cut(rest, ".")
		if inside && s.field(name) == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Loosen makes of the object or list at a place, from the answer, anything: what
// warns is looked at as a whole. It changes the shape, which is one that Keep made.
func (s *Shape) Loosen(place string) {
	s = s.item()
	name, rest, deeper := strings.Cut(place, ".")
	if s == nil {
		return
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.JSON != name {
			continue
		}
		if deeper {
			f.Shape.Loosen(rest)
		} else if f.Shape.Kind == object || f.Shape.Kind == "list" {
			f.Shape = &Shape{Kind: "any"}
		}
	}
}
