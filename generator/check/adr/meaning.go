package adr

import "context"

// data are the keys under which values stand that are no part of the description itself,
// but of what an API gives or takes. Nothing in there is a schema or a reference.
func dataKey(key string) bool {
	switch key {
	case "example", "examples", "default", "enum", "const", "value":
		return true
	}
	return len(key) > 2 && key[:2] == "x-"
}

// isData says whether a node is such a value.
func isData(n *node) bool {
	if !dataKey(n.key) || !n.parent.is(isObject) || names(n.parent) {
		return false
	}
	switch n.key {
	case "value": // of an Example Object only
		return n.parent.parent != nil && n.parent.parent.key == "examples" && names(n.parent.parent)
	case "examples":
		return n.kind != isObject // an object holds Example Objects
	}
	return true
}

// names says whether the keys of an object are free names, not words of OpenAPI.
func names(n *node) bool {
	switch n.key {
	case "properties", "patternProperties", "schemas", "$defs", "definitions", "dependentSchemas",
		"responses", "parameters", "headers", "content", "callbacks", "links", "examples",
		"securitySchemes", "requestBodies", "paths", "webhooks", "pathItems", "variables",
		"encoding", "mapping", "scopes":
		return n.parent == nil || !names(n.parent)
	}
	return false
}

// index is what rules look for everywhere in a description, found in one walk. What is
// data is left out.
type index struct {
	refs  []*node // texts of $ref
	typed []*node // objects with type or enum
	texts []*node // description and title
	tried []*node // objects with example or examples beside schema
	maybe []*node // objects with example or default that may be schemas
	maps  []*node // examples that hold Example Objects
}

// index makes the index, once.
func (d *Document) index(ctx context.Context) *index {
	if d.found != nil {
		return d.found
	}
	x := &index{}
	d.walk(ctx, func(n *node) bool {
		if isData(n) {
			return false
		}
		x.take(n)
		return true
	})
	d.found = x
	return x
}

func (x *index) take(n *node) {
	if n.kind != isObject {
		if n.kind == isText {
			switch {
			case n.parent.is(isArray):
			case n.key == "$ref":
				x.refs = append(x.refs, n)
			case n.key == "description", n.key == "title":
				x.texts = append(x.texts, n)
			}
		}
		return
	}
	var typed, schema, tried, maybe bool
	for _, c := range n.children {
		switch c.key {
		case "type", "enum":
			typed = true
		case "schema":
			schema = true
		case "example":
			tried, maybe = true, true
		case "examples":
			tried = true
		case "default":
			maybe = true
		}
	}
	if typed {
		x.typed = append(x.typed, n)
	}
	if schema && tried {
		x.tried = append(x.tried, n)
	}
	if maybe && !names(n) {
		x.maybe = append(x.maybe, n)
	}
	if n.key == "examples" && names(n) {
		x.maps = append(x.maps, n)
	}
}
