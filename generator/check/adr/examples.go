package adr

import (
	"context"
)

// maxExampleMistakes is how many mistakes of one example are said.
const maxExampleMistakes = 5

// maxReach is how much of a schema is looked at before an example is held against it.
const maxReach = 20_000

// exampleOfficial says which rule of Spectral judges an example: that of schemas, or that
// of bodies, parameters and headers.
func exampleOfficial(j judged) string {
	for n := j.at; n != nil && n.parent != nil; n = n.parent {
		switch {
		case n.key == "example" && !names(n.parent):
			if n.parent.get("schema") != nil {
				return "oas3-valid-media-example"
			}
			return "oas3-valid-schema-example"
		case n.parent.key == "examples" && names(n.parent):
			return "oas3-valid-media-example"
		}
	}
	return "oas3-valid-schema-example"
}

// examples holds examples and default values against their schemas.
func examples(ctx context.Context, d *Document, found finder) {
	if d.v32() {
		d.miss("adr-examples", "adr-version")
		return
	}
	v := &validator{ctx: ctx, target: func(ref *node) *node { return d.target(ref.text) }}
	c := exampleCheck{d: d, found: found, outside: map[*node]bool{}, v: v}
	if d.v31() {
		c.v.dialect = draft2020
	}
	x := d.index(ctx)
	for _, n := range x.tried {
		if ctx.Err() != nil {
			return
		}
		c.media(n)
	}
	for _, n := range x.maybe {
		if ctx.Err() != nil {
			return
		}
		if c.isSchema(n) {
			c.v.lenient = ""
			c.value(n, n.get("example"))
			c.value(n, n.get("default"))
		}
	}
}

type exampleCheck struct {
	d     *Document
	v     *validator
	found finder

	outside map[*node]bool // schemas that need what stands outside the description
}

// media judges the examples beside a schema: of a body, a parameter or a header.
func (c exampleCheck) media(n *node) {
	schema := n.get("schema")
	c.v.lenient = lenience(n)
	if example := n.get("example"); example != nil {
		c.value(schema, example)
		return
	}
	for raw := range n.get("examples").all() {
		if e, ok := c.d.resolve(raw); ok && e.kind == isObject && e.get("externalValue") == nil {
			if value := e.get("value"); value != nil {
				c.value(schema, value)
			} else {
				c.found(e, "none", raw.key)
			}
		}
	}
}

func (c exampleCheck) value(schema, value *node) {
	if schema == nil || value == nil || !c.judgeable(schema) {
		return
	}
	for i, m := range c.v.check(schema, value) {
		if i == maxExampleMistakes {
			break
		}
		c.found(m.at, m.kase, append([]string{m.at.where()}, m.args...)...)
	}
}

// lenience says what may be missing in an example: in a request what only the API gives
// (readOnly), in a response what only the client gives.
func lenience(n *node) string {
	for ; n != nil; n = n.parent {
		switch n.key {
		case "requestBody", "requestBodies":
			return "readOnly"
		case "responses":
			return "writeOnly"
		}
	}
	return ""
}

// isSchema says whether an object with an example or default is a schema: it stands where
// schemas do, and says something that only a schema says.
func (c exampleCheck) isSchema(n *node) bool {
	if n.get("$ref") != nil || n.get("in") != nil || n.get("schema") != nil {
		return false
	}
	says := false
	for _, key := range []string{"enum", "type", "format", "properties", "items"} {
		says = says || n.get(key) != nil
	}
	if !says {
		return false
	}
	for p := n.parent; p != nil; p = p.parent {
		switch p.key {
		case "schemas", "content", "headers", "parameters":
			return true
		}
	}
	return false
}

// judgeable says whether a schema can be judged by: what lies outside the description is
// not known. It says of nullable that stands beside no type: OpenAPI gives that no
// meaning, and Spectral then takes no example at all.
func (c exampleCheck) judgeable(schema *node) bool {
	known, ok := c.outside[schema]
	if ok {
		return !known
	}
	seen := map[*node]bool{}
	stack := []*node{schema}
	for len(stack) > 0 && !known {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[s] || isData(s) || len(seen) > maxReach {
			continue
		}
		seen[s] = true
		if ref := s.get("$ref"); ref.is(isText) && !names(s) {
			to := c.d.target(ref.text)
			known = to == nil
			stack = append(stack, orElse(to, s))
			continue
		}
		if n := s.get("nullable"); n.is(isBool) && s.get("type") == nil && !names(s) && c.d.v30() {
			c.found(n, "nullable", s.where())
		}
		for _, child := range s.children {
			if child.kind >= isArray {
				stack = append(stack, child)
			}
		}
	}
	c.outside[schema] = known
	return !known
}
