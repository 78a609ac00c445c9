package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// flat is a schema with its references followed and its parts taken together:
// what a value must be to satisfy all of them. The choices that a schema
// leaves open stay open.
type flat struct {
	kinds      []string // the types that are left; nil: any
	typed      bool     // some part names types
	nullable   bool
	never      bool // no value will do
	properties []property
	required   []string
	items      []*yaml.Node // what an item must satisfy
	extra      bool         // an object may well hold other properties than these
	choices    []choice
	nodes      []*yaml.Node // the parts
}

// property is a property of an object with the schemas that it must satisfy.
type property struct {
	name  string
	parts []*yaml.Node
}

// choice is a list of schemas one of which a value must satisfy.
type choice struct {
	origin       *yaml.Node // the list, or the discriminator
	property     string     // of the discriminator; "" without one
	alternatives []alternative
}

// alternative is one of the schemas, with the value that the discriminator then has.
type alternative struct {
	value string
	node  *yaml.Node
}

// expression is a schema under consideration: parts that go together, choices
// that were made and what they mean for a discriminator.
type expression struct {
	parts []*yaml.Node
	made  []*yaml.Node
	fixed []fixed
}

type fixed struct{ property, value string }

func just(n *yaml.Node) expression { return expression{parts: []*yaml.Node{n}} }

// with is the expression after choosing an alternative. What was chosen comes
// first, so that a schema that it inherits from knows it as its heir.
func (e expression) with(c choice, a alternative) expression {
	e.parts = append([]*yaml.Node{a.node}, e.parts...)
	e.made = append(slices.Clone(e.made), c.origin)
	if c.property != "" && a.value != "" {
		e.fixed = append(slices.Clone(e.fixed), fixed{c.property, a.value})
	}
	return e
}

// flatten takes an expression together.
func (w *work) flatten(e expression) *flat {
	var key *yaml.Node
	if len(e.parts) == 1 && len(e.made) == 0 {
		if key = w.follow(e.parts[0]); w.d.flats[key] != nil {
			w.spend(1)
			return w.d.flats[key]
		}
	}
	f := &flat{}
	m := &merger{w: w, f: f, made: e.made, index: map[string]int{}, seen: map[*yaml.Node]bool{}}
	for _, part := range e.parts {
		m.add(part, 0)
	}
	if f.typed && len(f.kinds) == 0 {
		f.never = !f.nullable
	}
	if key != nil && w.left >= 0 {
		w.d.flats[key] = f
	}
	return f
}

// merger adds schemas to a flat one.
type merger struct {
	w     *work
	f     *flat
	made  []*yaml.Node
	index map[string]int
	seen  map[*yaml.Node]bool
}

// add adds a schema and what it refers to. In OpenAPI 3.1 other words may
// stand beside a $ref; in 3.0 they mean nothing, and do no harm.
func (m *merger) add(n *yaml.Node, depth int) {
	if n = plain(n); n == nil || m.seen[n] || depth > maxDepth || !m.w.spend(1) {
		return
	}
	m.seen[n] = true
	if n.Kind == yaml.ScalarNode { // a boolean schema
		m.f.never = m.f.never || n.Value == "false"
		return
	}
	m.f.nodes = append(m.f.nodes, n)
	if ref := text(get(n, "$ref")); ref != "" {
		m.add(m.w.target(ref), depth+1)
	}
	for _, part := range items(get(n, "allOf")) {
		m.add(part, depth+1)
	}
	m.kinds(n)
	m.object(n)
	if node := get(n, "items"); node != nil {
		m.f.items = append(m.f.items, node)
	}
	m.choices(n)
}

// typesOf are the types that a schema names itself; 3.0 has null apart.
func typesOf(n *yaml.Node) (kinds []string, nullable bool) {
	node := get(n, "type")
	list := items(node)
	if one := text(node); one != "" {
		list = []*yaml.Node{node}
	}
	for _, item := range list {
		switch kind := text(item); kind {
		case null:
			nullable = true
		case boolean, integer, decimal, str, object, "array":
			kinds = append(kinds, kind)
		}
	}
	return kinds, nullable || text(get(n, "nullable")) == "true"
}

// onlyNull says whether a schema names null as its one type.
func onlyNull(n *yaml.Node) bool {
	kinds, nullable := typesOf(n)
	return nullable && len(kinds) == 0 && get(n, "type") != nil
}

func (m *merger) kinds(n *yaml.Node) {
	kinds, nullable := typesOf(n)
	if len(kinds) == 0 && !onlyNull(n) {
		m.f.nullable = m.f.nullable || nullable && !m.f.typed
		return
	}
	if !m.f.typed {
		m.f.typed, m.f.kinds, m.f.nullable = true, kinds, nullable
		return
	}
	var both []string
	for _, kind := range m.f.kinds {
		switch {
		case slices.Contains(kinds, kind), kind == integer && slices.Contains(kinds, decimal):
			both = append(both, kind)
		case kind == decimal && slices.Contains(kinds, integer):
			both = append(both, integer)
		}
	}
	m.f.kinds, m.f.nullable = both, m.f.nullable && nullable
}

func (m *merger) object(n *yaml.Node) {
	each(get(n, "properties"), func(name string, schema *yaml.Node) {
		if !m.w.spend(1) {
			return
		}
		i, known := m.index[name]
		if !known {
			i = len(m.f.properties)
			m.index[name] = i
			m.f.properties = append(m.f.properties, property{name: name})
		}
		m.f.properties[i].parts = append(m.f.properties[i].parts, schema)
	})
	for _, name := range items(get(n, "required")) {
		if m.w.spend(1) && text(name) != "" {
			m.f.required = append(m.f.required, text(name))
		}
	}
	if extra := get(n, "additionalProperties"); extra != nil && text(extra) != "false" {
		m.f.extra = true
	}
}

// choices notes what a schema leaves open. A discriminator without a list of
// schemas stands in one that others inherit from: then the heirs are the
// choice, unless it is an heir that is being read.
func (m *merger) choices(n *yaml.Node) {
	discriminator := get(n, "discriminator")
	name := text(get(discriminator, "propertyName"))
	listed := false
	for _, word := range []string{"oneOf", "anyOf"} {
		node := get(n, word)
		if len(items(node)) == 0 {
			continue
		}
		listed = true
		c := choice{origin: node, property: name}
		for _, item := range items(node) {
			if !m.w.spend(1) {
				return
			}
			target := m.w.follow(item)
			if onlyNull(target) {
				m.f.nullable = true // 3.1 has null as an alternative
				continue
			}
			if target != nil {
				c.alternatives = append(c.alternatives, alternative{value: m.w.valueOf(discriminator, item, target), node: item})
			}
		}
		m.open(c)
	}
	if name != "" && !listed {
		m.open(choice{origin: discriminator, property: name, alternatives: m.w.heirs(n, discriminator)})
	}
}

func (m *merger) open(c choice) {
	if slices.Contains(m.made, c.origin) || len(c.alternatives) == 0 {
		return
	}
	for _, a := range c.alternatives {
		if target := m.w.follow(a.node); c.property != "" && target != nil && m.seen[target] {
			return // an heir that is being read: the choice was made
		}
	}
	m.f.choices = append(m.f.choices, c)
}

// valueOf is the value of a discriminator for one of the schemas: that of the
// mapping, or else the name of the schema.
func (w *work) valueOf(discriminator, item, target *yaml.Node) string {
	if discriminator == nil {
		return ""
	}
	value := ""
	each(get(discriminator, "mapping"), func(name string, to *yaml.Node) {
		if value == "" && w.spend(1) && w.schemaByName(text(to)) == target {
			value = name
		}
	})
	if value == "" {
		value = lastPart(text(get(item, "$ref")))
	}
	return value
}

// heirs are the schemas that go with a discriminator: those of the mapping, or
// else those that name the schema in their allOf.
func (w *work) heirs(n, discriminator *yaml.Node) []alternative {
	var out []alternative
	each(get(discriminator, "mapping"), func(value string, to *yaml.Node) {
		if w.spend(1) {
			if target := w.schemaByName(text(to)); target != nil {
				out = append(out, alternative{value: value, node: target})
			}
		}
	})
	if len(out) > 0 {
		return out
	}
	each(get(get(w.d.root, "components"), "schemas"), func(name string, schema *yaml.Node) {
		if !w.spend(1) {
			return
		}
		for _, part := range items(get(schema, "allOf")) {
			if w.spend(1) && w.follow(part) == n {
				out = append(out, alternative{value: name, node: schema})
				return
			}
		}
	})
	return out
}

func lastPart(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// choose makes the choices that constants make: a question of a type has a
// body and an answer of that type. It returns the first choice by a
// discriminator that they leave open.
func (w *work) choose(e expression, constants map[string]string) (expression, *choice) {
	for range maxDepth {
		f := w.flatten(e)
		var open *choice
		made := false
		for i := range f.choices {
			c := &f.choices[i]
			at := slices.IndexFunc(c.alternatives, func(a alternative) bool {
				return c.property != "" && a.value != "" && a.value == constants[c.property]
			})
			if at >= 0 {
				e, made = e.with(*c, c.alternatives[at]), true
				break
			}
			if open == nil && c.property != "" {
				open = c
			}
		}
		if !made {
			return e, open
		}
	}
	return e, nil
}
