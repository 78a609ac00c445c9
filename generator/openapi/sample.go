package openapi

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// sampler makes a value that satisfies a schema: what is required, what the
// shape wants, and properties by the names of the parameters, so that one sees
// which question it answers. The same schema always gives the same value.
type sampler struct {
	w        *work
	asked    []string // names of parameters
	research bool     // what is "in onderzoek" is asked for
	birth    bool     // at something of a birth
}

// maxSample is how deep a made value may be.
const maxSample = 24

// maxList is the longest list that is made, whatever minItems says.
const maxList = 50

// value is the nth value of an expression under a name; nil when there is none.
func (s *sampler) value(e expression, shape *Shape, name string, nth, depth int) *yaml.Node {
	if depth > maxSample || !s.w.spend(1) {
		return nil
	}
	e = s.decide(e, shape)
	f := s.w.flatten(e)
	if f.never {
		return nil
	}
	switch f.kind(shape) {
	case object:
		return s.object(e, f, shape, nth, depth)
	case list:
		return s.list(f, shape, name, nth, depth)
	case null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return s.scalar(f, name, nth)
}

// kind is the type to make: the richest that the schema allows.
func (f *flat) kind(shape *Shape) string {
	switch {
	case len(f.kinds) == 0 && len(f.properties) > 0:
		return object
	case len(f.kinds) == 0 && len(f.items) > 0:
		return list
	case len(f.kinds) == 0 && f.nullable && f.typed:
		return null
	case len(f.kinds) == 0:
		return str
	}
	wanted := ""
	if shape != nil {
		wanted = strings.Replace(shape.Kind, "list", list, 1)
	}
	for _, kind := range []string{wanted, object, list, str, integer, decimal, boolean} {
		if slices.Contains(f.kinds, kind) {
			return kind
		}
	}
	return str
}

// decide makes the choices that a schema leaves open: the alternative that has
// most of what the shape wants, and of those the first.
func (s *sampler) decide(e expression, shape *Shape) expression {
	for range maxDepth {
		f := s.w.flatten(e)
		if len(f.choices) == 0 || s.w.left < 0 {
			return e
		}
		c := f.choices[0]
		best, most := 0, -1
		for i, a := range c.alternatives {
			if n := s.score(shape, []*yaml.Node{a.node}, 0); n > most && !s.w.flatten(just(a.node)).never {
				best, most = i, n
			}
		}
		e = e.with(c, c.alternatives[best])
	}
	return e
}

// score counts what of a shape is in schemas.
func (s *sampler) score(shape *Shape, schemas []*yaml.Node, depth int) int {
	if shape == nil || depth > maxSample || !s.w.spend(1) {
		return 0
	}
	f := s.w.familyOf(schemas...)
	switch shape.Kind {
	case str:
		for _, n := range f.nodes {
			if text(get(n, "format")) == "date" {
				return 2 // a whole date says more than a year with a month
			}
		}
	case object:
		n := 0
		for _, field := range shape.Fields {
			if parts := f.parts[field.JSON]; parts != nil {
				n += 1 + s.score(field.Shape, parts, depth+1)
			}
		}
		return n
	case "list":
		return s.score(shape.Item, f.items, depth+1)
	}
	return 0
}

func (s *sampler) object(e expression, f *flat, shape *Shape, nth, depth int) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	add := func(name string, value *yaml.Node) {
		node.Content = append(node.Content, stringNode(name), value)
	}
	lists := 0
	for _, p := range f.properties {
		required := slices.Contains(f.required, p.name)
		wanted := shape.field(p.name)
		if !required && wanted == nil && (depth > 0 && !slices.Contains(s.asked, p.name) || depth == 0 && shape != nil) || s.w.says(p.parts, "writeOnly") {
			continue
		}
		if !required && strings.EqualFold(p.name, "inOnderzoek") && (!s.research || len(shape.Fields) < 2) {
			continue // most of what is registered is not in doubt
		}
		value, turn := s.settled(e, p.name), nth
		if kind, _ := s.w.kind(p.parts...); kind == list {
			turn += lists
			lists++ // in the next list stands somebody else
		}
		if value == nil {
			value = s.property(p, wanted, turn, depth)
		}
		switch {
		case value != nil && (required || wanted == nil || value.Kind != yaml.MappingNode || len(value.Content) > 0):
			add(p.name, value)
		case required:
			return nil
		}
	}
	if shape != nil && shape.Kind == object {
		for _, wanted := range shape.Fields { // below what may hold anything
			if wanted.loose && get(node, wanted.JSON) == nil {
				add(wanted.JSON, wanted.Shape.example(wanted.JSON))
			}
		}
	}
	for _, name := range f.required { // required without a description
		if get(node, name) == nil {
			add(name, stringNode("nagebootst: "+name))
		}
	}
	return node
}

// property is the value of a property. People are born before they live somewhere.
func (s *sampler) property(p property, wanted *Shape, nth, depth int) *yaml.Node {
	if birth := s.birth; strings.Contains(strings.ToLower(p.name), "geboorte") {
		s.birth = true
		defer func() { s.birth = birth }()
	}
	return s.value(expression{parts: p.parts}, wanted, p.name, nth, depth+1)
}

// settled is the value of a discriminator after a choice was made.
func (s *sampler) settled(e expression, name string) *yaml.Node {
	for _, fixed := range e.fixed {
		if fixed.property == name {
			return stringNode(fixed.value)
		}
	}
	return nil
}

// field is the shape of a property; nil when it is not wanted.
func (s *Shape) field(name string) *Shape {
	if s == nil {
		return nil
	}
	for _, field := range s.Fields {
		if field.JSON == name {
			return field.Shape
		}
	}
	return nil
}

func (s *sampler) list(f *flat, shape *Shape, name string, nth, depth int) *yaml.Node {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	least, most := 0, maxList
	for _, n := range f.nodes {
		least = max(least, count(get(n, "minItems"), 0))
		most = min(most, count(get(n, "maxItems"), maxList))
	}
	var item *Shape
	if shape != nil {
		least = max(least, 1)
		item = shape.Item
	}
	for i := range min(least, most) {
		value := s.value(expression{parts: f.items}, item, name, nth+i, depth+1)
		if len(f.items) == 0 {
			value = stringNode("nagebootst: " + name)
		}
		if value == nil {
			return nil
		}
		node.Content = append(node.Content, value)
	}
	return node
}

// scalar makes a plain value: of what the schema itself offers, what suits the
// name, the form, the pattern and the type, the first that is valid.
func (s *sampler) scalar(f *flat, name string, nth int) *yaml.Node {
	var candidates []*yaml.Node
	for _, n := range f.nodes {
		if one := get(n, "const"); one != nil {
			candidates = append(candidates, one)
		}
	}
	if isSubject(name) {
		candidates = append(candidates, stringNode(testBSNs[nth%len(testBSNs)]))
	}
	if known, key := knownValue(name, nth); key {
		candidates = append(candidates, known, stringNode(known.Value))
	}
	if nth == 0 {
		for _, n := range f.nodes {
			candidates = append(candidates, get(n, "example"))
			candidates = append(candidates, items(get(n, "examples"))...)
			candidates = append(candidates, get(n, "default"))
		}
	}
	for _, n := range f.nodes {
		if enum := items(get(n, "enum")); len(enum) > 0 {
			candidates = append(candidates, enum[nth%len(enum)])
			candidates = append(candidates, enum...)
		}
	}
	made := s.made(f, name, nth)
	if s.birth {
		for _, value := range made {
			value.Value = strings.Replace(value.Value, "2026", "1985", 1)
		}
	}
	candidates = append(candidates, made...)
	for _, candidate := range candidates {
		candidate = plain(candidate)
		if candidate == nil || candidate.Kind != yaml.ScalarNode || kindOf(candidate) == null || !s.fits(f, candidate) {
			continue
		}
		return candidate
	}
	return nil
}

// fits says whether a plain value satisfies every part of a schema.
func (s *sampler) fits(f *flat, value *yaml.Node) bool {
	if f.typed && !ofKind(kindOf(value), f.kinds) {
		return false
	}
	c := &checker{w: s.w, on: map[[2]*yaml.Node]bool{}}
	for _, n := range f.nodes {
		if !c.given(n, value) || !c.content(n, value, kindOf(value), maxDepth) {
			return false
		}
	}
	return true
}

// made are values that we think of ourselves.
func (s *sampler) made(f *flat, name string, nth int) []*yaml.Node {
	var out []*yaml.Node
	if known, _ := knownValue(name, nth); known != nil {
		out = append(out, known, stringNode(known.Value))
	}
	for _, n := range f.nodes {
		if sample, ok := formatSamples[text(get(n, "format"))]; ok {
			out = append(out, stringNode(sample(nth)))
		}
		if p := s.w.pattern(text(get(n, "pattern"))); p != nil && text(get(n, "pattern")) != "" {
			out = append(out, stringNode(p.generate(nth, 0)), stringNode(p.generate(nth, min(count(get(n, "minLength"), 0), 500))))
		}
	}
	out = append(out, texts(f, name, nth)...)
	out = append(out, numbers(f, nth)...)
	return append(out, boolNode(true), boolNode(false))
}

// texts are texts of a length that will do.
func texts(f *flat, name string, nth int) []*yaml.Node {
	least, most := 0, math.MaxInt
	for _, n := range f.nodes {
		least = max(least, count(get(n, "minLength"), 0))
		most = min(most, count(get(n, "maxLength"), math.MaxInt))
	}
	if least > maxPatternSize || utf8.RuneCountInString(name) > 100 {
		return nil
	}
	words := "nagebootst: " + name
	if nth > 0 {
		words += " " + quotedNumber(float64(nth+1))
	}
	if words := []rune(words); len(words) >= least && len(words) <= most {
		return []*yaml.Node{stringNode(string(words))}
	}
	short := []rune(strings.Repeat("voorbeeld", least/9+1))
	if nth > 0 {
		short = append([]rune(quotedNumber(float64(nth+1))), short...)
	}
	return []*yaml.Node{stringNode(string(short[:max(least, min(most, len(short)))]))}
}

// numbers are numbers around the limits of a schema.
func numbers(f *flat, nth int) []*yaml.Node {
	low, step := 1.0, 1.0
	for _, n := range f.nodes {
		if m, ok := number(get(n, "multipleOf")); ok && m > 0 {
			step = m
		}
		for _, word := range []string{"maximum", "exclusiveMaximum"} {
			if limit, ok := number(get(n, word)); ok && limit < low {
				low = limit
			}
		}
		for _, word := range []string{"minimum", "exclusiveMinimum"} {
			if limit, ok := number(get(n, word)); ok && limit > low {
				low = limit
			}
		}
	}
	var out []*yaml.Node
	for _, candidate := range []float64{
		(math.Ceil(low/step) + float64(nth)) * step, (math.Ceil(low/step) + 1) * step, (math.Floor(low/step) - 1) * step,
		low, low + step/2, low + 0.001, low - 0.001, 0,
	} {
		if math.Abs(candidate) < 1e15 {
			out = append(out, numberNode(candidate))
		}
	}
	return out
}

func numberNode(f float64) *yaml.Node {
	tag := "!!float"
	if f == math.Trunc(f) {
		tag = "!!int"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: quotedNumber(f)}
}
