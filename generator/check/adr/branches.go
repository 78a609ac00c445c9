package adr

import "strings"

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
		var allowed []string
		var at *node
		marked := v.filter(meant, func(s *node) bool { return v.markFits(s, value, &at, &allowed) })
		if len(marked) == 0 && at != nil {
			return v.no(into, mistake{at, notAllowed, []string{strings.Join(allowed, ", ")}})
		}
		meant = marked
	}
	if len(meant) == 1 {
		before := len(*into)
		if v.valid(meant[0], value, into); len(*into) > before {
			return false
		}
	}
	return v.no(into, mistake{value, combination, nil})
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

// markFits says whether a branch asks a fixed value of a member (type: apiKey) that the
// value has. at and allowed take the member that decides, and what it may be.
func (v *validator) markFits(s, value *node, at **node, allowed *[]string) bool {
	properties := v.solid(s).get("properties")
	for p := range properties.all() {
		has := value.get(p.key)
		if has == nil {
			continue
		}
		p = v.solid(p)
		var fixed []*node
		if c := p.get("const"); c != nil {
			fixed = []*node{c}
		} else if e := p.get("enum"); e != nil {
			fixed = e.children
		}
		fits := len(fixed) == 0
		var values []string
		for _, f := range fixed {
			fits = fits || same(f, has)
			values = append(values, f.short())
		}
		if !fits {
			*at = has
			*allowed = append(*allowed, values...)
			return false
		}
	}
	return true
}
