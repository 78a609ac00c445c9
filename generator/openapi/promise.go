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
		// One that is not described is a slip of the pen: kortNaam beside korteNaam.
		p.Required = slices.DeleteFunc(p.Required, func(name string) bool { return f.parts[name] == nil || o.w.says(f.parts[name], "writeOnly") })
	}
	return p
}

// Says says whether the specification has an answer with this status.
func (o *Operation) Says(status int) bool {
	return get(get(o.node, "responses"), strconv.Itoa(status)) != nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
