package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ShapeOf is the form of a JSON document, pruned to the fields as that of an
// operation is; nil when nothing is left or it is not JSON. It is for a source
// of which there is an example and no specification.
func ShapeOf(document string, fields []string) *Shape {
	root := parseJSON([]byte(document))
	if root == nil {
		return nil
	}
	s := &valueShaper{fields: splitFields(fields)}
	shape := s.walk([]*yaml.Node{root}, nil, false)
	if s.count > maxShape {
		return nil
	}
	return shape
}

type valueShaper struct {
	fields [][]string
	count  int
}

// walk gives the shape of values that stand at one place.
func (s *valueShaper) walk(values []*yaml.Node, path []string, whole bool) *Shape {
	kind := ""
	for _, value := range values {
		k := kindOf(value)
		if k == integer { // one example does not say that it is always whole
			k = decimal
		}
		switch {
		case k == null:
		case kind == "":
			kind = k
		case kind == k:
		default:
			kind = "any"
		}
	}
	switch kind {
	case object:
		return s.object(values, path, whole)
	case list:
		var all []*yaml.Node
		for _, value := range values {
			all = append(all, items(value)...)
		}
		item := s.walk(all, path, whole)
		if item == nil {
			return nil
		}
		return &Shape{Kind: "list", Item: item}
	}
	if !whole {
		return nil
	}
	if kind == "" {
		kind = "any"
	}
	return &Shape{Kind: kind}
}

func (s *valueShaper) object(values []*yaml.Node, path []string, whole bool) *Shape {
	below := map[string][]*yaml.Node{}
	for _, value := range values {
		each(value, func(name string, sub *yaml.Node) { below[name] = append(below[name], sub) })
	}
	shape := &Shape{Kind: object}
	for key, subs := range below {
		at := append(slices.Clip(path), key)
		named := whole || slices.ContainsFunc(s.fields, func(field []string) bool { return endsWith(at, field) })
		if sub := s.walk(subs, at, named); sub != nil && jsonTag(key) && s.count <= maxShape {
			s.count++
			shape.Fields = append(shape.Fields, ShapeField{JSON: key, Shape: sub})
		}
	}
	return objectShape(shape, whole)
}

// Has says whether a value of a kind stands in what becomes a type.
func (s *Shape) Has(kind string) bool {
	return s != nil && (s.Kind == kind || s.Item.Has(kind) || slices.ContainsFunc(s.Fields, func(f ShapeField) bool { return f.Shape.Has(kind) }))
}

// Paths lists the dotted places of all plain values and lists of plain values
// in the shape, sorted. Lists leave no trace in a path.
func (s *Shape) Paths() []string {
	var out []string
	s.paths(nil, &out)
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *Shape) paths(at []string, out *[]string) {
	switch {
	case s == nil:
	case s.Kind == "list":
		s.Item.paths(at, out)
	case s.Kind == object:
		for _, field := range s.Fields {
			field.Shape.paths(append(slices.Clip(at), field.JSON), out)
		}
	default:
		*out = append(*out, strings.Join(at, "."))
	}
}

// Places lists the dotted places in the shape, of objects too, that are field
// or end with it; in the order of the shape.
func (s *Shape) Places(field string) []string {
	var out []string
	s.places(nil, strings.Split(field, "."), &out)
	return out
}

func (s *Shape) places(at, field []string, out *[]string) {
	if s == nil {
		return
	}
	s.Item.places(at, field, out)
	for _, f := range s.Fields {
		below := append(slices.Clip(at), f.JSON)
		if len(field) <= len(below) && slices.Equal(field, below[len(below)-len(field):]) {
			*out = append(*out, strings.Join(below, "."))
		}
		f.Shape.places(below, field, out)
	}
}

// Below is the shape at a dotted place, of an item when that is a list; nil
// when there is none.
func (s *Shape) Below(place string) *Shape {
	if place == "" {
		return s.item()
	}
	for part := range strings.SplitSeq(place, ".") {
		s = s.item().field(part)
	}
	return s.item()
}

func (s *Shape) item() *Shape {
	for s != nil && s.Kind == "list" {
		s = s.Item
	}
	return s
}

// Example is a JSON document of the shape: of the right types, and no more is
// known of it.
func (s *Shape) Example() string { return encode(s.example("")) }

func (s *Shape) example(name string) *yaml.Node {
	known, _ := knownValue(name, 0)
	switch {
	case s.Kind == object:
		node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, f := range s.Fields {
			node.Content = append(node.Content, stringNode(f.JSON), f.Shape.example(f.JSON))
		}
		return node
	case s.Kind == "list":
		return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{s.Item.example(name)}}
	case isSubject(name) && s.Kind == str:
		return stringNode(testBSNs[0])
	case known != nil && (kindOf(known) == s.Kind || s.Kind == "any"):
		return known
	case s.Kind == integer || s.Kind == decimal:
		return numberNode(1)
	case s.Kind == boolean:
		return boolNode(true)
	}
	return stringNode("nagebootst: " + name)
}
