package openapi

import (
	"slices"
	"strconv"
)

// Promise is what every answer of an operation has, whatever it says.
type Promise struct {
	Array    bool     // it is a list
	Holds    []string // the properties of the object that it is, sorted; nil when they are not described
	Required []string // those without which it is no answer
}

// Promise gives what the specification says of the answer that goes with the
// constants.
func (o *Operation) Promise(constants map[string]string) Promise {
	schema := o.answerSchema(constants)
	if schema == nil {
		return Promise{}
	}
	kind, f := o.w.kind(schema)
	p := Promise{Array: kind == list}
	if kind == object && !f.open && len(f.names) > 0 {
		p.Holds = slices.Sorted(slices.Values(f.names))
	}
	if kind == object {
		p.Required = slices.Sorted(slices.Values(o.w.flatten(just(schema)).required))
		p.Required = slices.Compact(p.Required)
	}
	return p
}

// Says says whether the specification has an answer with this status.
func (o *Operation) Says(status int) bool {
	return get(get(o.node, "responses"), strconv.Itoa(status)) != nil
}

// Only is the shape of the fields alone: whole paths, from the list of what is
// found or from the document. It is nil when nothing is left.
func (s *Shape) Only(list string, fields []string) *Shape {
	if s == nil {
		return nil
	}
	only, _ := s.only("", list, fields)
	return only
}

func (s *Shape) only(at, list string, fields []string) (*Shape, bool) {
	switch s.Kind {
	case "list":
		if item, ok := s.Item.only(at, list, fields); ok {
			return &Shape{Kind: "list", Item: item}, true
		}
	case object:
		kept := &Shape{Kind: object}
		for _, f := range s.Fields {
			path := join(at, f.JSON)
			below := path
			if list != "" && len(path) > len(list) && path[:len(list)+1] == list+"." {
				below = path[len(list)+1:]
			}
			if slices.Contains(fields, path) || slices.Contains(fields, below) {
				kept.Fields = append(kept.Fields, f)
			} else if sub, ok := f.Shape.only(path, list, fields); ok {
				f.Shape = sub
				kept.Fields = append(kept.Fields, f)
			}
		}
		return kept, len(kept.Fields) > 0
	}
	return nil, false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
