package adr

import (
	"slices"
	"strings"
)

func (v *validator) anyOf(k, value *node, into *[]mistake) bool {
	for _, s := range k.children {
		if v.valid(s, value, nil) {
			return true
		}
	}
	return v.explain(k, value, into)
}

func (v *validator) oneOf(k, value *node, into *[]mistake) bool {
	count := 0
	for _, s := range k.children {
		if v.valid(s, value, nil) {
			count++
		}
	}
	switch {
	case v.unsure || count == 1:
		return true
	case count > 1:
		if members := asked(k.children); len(members) > 1 {
			return v.no(into, mistake{value, together, []string{strings.Join(members, ", ")}})
		}
		return v.no(into, mistake{value, combination, nil})
	}
	return v.explain(k, value, into)
}

// explain says what is wrong with a value that no branch allows: the mistakes of the
// branch that it was meant for, when that shows; otherwise that there is none.
func (v *validator) explain(k, value *node, into *[]mistake) bool {
	if into == nil || v.unsure {
		return false
	}
	meant := v.notReference(k.children, value)
	if len(meant) > 1 {
		meant = v.filter(meant, func(s *node) bool { return v.typeFits(s, value) })
	}
	if len(meant) > 1 {
		var wrong *mistake
		if meant, wrong = v.marked(meant, value); wrong != nil {
			return v.no(into, *wrong)
		}
	}
	if len(meant) == 1 {
		before := len(*into)
		if v.valid(meant[0], value, into); len(*into) > before {
			return false
		}
	}
	if lacks := asked(meant); len(lacks) > 1 && value.is(isObject) && !has(value, lacks) {
		return v.no(into, mistake{value, either, []string{strings.Join(lacks, ", ")}})
	}
	return v.no(into, mistake{value, combination, nil})
}

// asked are the members that branches ask, when all of them ask any.
func asked(branches []*node) []string {
	var members []string
	for _, s := range branches {
		required := s.get("required")
		if required.size() == 0 {
			return nil
		}
		for c := range required.all() {
			members = append(members, c.text)
		}
	}
	return members
}

func has(value *node, members []string) bool {
	return slices.ContainsFunc(members, func(name string) bool { return value.child(name) != nil })
}

// forbidden is the mistake of a value that is as a schema says it may not be.
func forbidden(not, value *node) mistake {
	if names := asked([]*node{not}); len(names) > 0 && not.size() == 1 {
		if len(names) == 1 {
			return mistake{orElse(value.child(names[0]), value), unexpected, names}
		}
		return mistake{value, together, []string{strings.Join(names, ", ")}}
	}
	return mistake{value, combination, nil}
}

func (v *validator) filter(schemas []*node, keep func(*node) bool) []*node {
	var kept []*node
	for _, s := range schemas {
		if keep(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// notReference leaves out the branch for references when the value is none, and all
// others when it is one.
func (v *validator) notReference(schemas []*node, value *node) []*node {
	isRef := value.get("$ref") != nil
	kept := v.filter(schemas, func(s *node) bool {
		return strings.HasSuffix(strings.ToLower(s.get("$ref").str()), "/reference") == isRef
	})
	if len(kept) == 0 {
		return schemas
	}
	return kept
}

// solid follows $ref of a schema.
func (v *validator) solid(s *node) *node {
	for range maxRefs {
		ref := s.get("$ref")
		if !ref.is(isText) {
			return s
		}
		if s = v.target(ref); s == nil {
			return nil
		}
	}
	return nil
}

func (v *validator) typeFits(s, value *node) bool {
	t := v.solid(s).get("type")
	if t == nil {
		return true
	}
	if t.kind == isArray {
		for _, c := range t.children {
			if isType(value, c.str()) {
				return true
			}
		}
		return false
	}
	return isType(value, t.str())
}

// marked leaves the branches for which a value was meant by a member that each of them
// fixes (type: apiKey), and says so when no branch fixes it at the value that it has.
func (v *validator) marked(branches []*node, value *node) ([]*node, *mistake) {
	for p := range v.solid(branches[0]).get("properties").all() {
		has := value.child(p.key)
		if has == nil {
			continue
		}
		var fit, all []*node
		every := true
		for _, s := range branches {
			fixed := v.fixed(v.solid(s).get("properties", p.key))
			every = every && len(fixed) > 0
			all = append(all, fixed...)
			if slices.ContainsFunc(fixed, func(f *node) bool { return same(f, has) }) {
				fit = append(fit, s)
			}
		}
		switch {
		case !every:
		case len(fit) == 0:
			return nil, &mistake{has, notAllowed, []string{list(all)}}
		default:
			branches = fit
		}
		if len(branches) == 1 {
			break
		}
	}
	return branches, nil
}

// fixed are the values that a schema allows, when it lists them.
func (v *validator) fixed(schema *node) []*node {
	schema = v.solid(schema)
	if c := schema.get("const"); c != nil {
		return []*node{c}
	}
	if e := schema.get("enum"); e.is(isArray) {
		return e.children
	}
	return nil
}
