package adr

import (
	"cmp"
	"context"
	"regexp"
	"strings"
)

// dialect is which JSON Schema a schema is written in.
type dialect uint8

const (
	draft4    dialect = iota // of OpenAPI 3.0: JSON Schema draft 4 with nullable
	draft2020                // of OpenAPI 3.1
)

// Limits on holding one value against one schema.
const (
	maxSteps    = 100_000
	maxNested   = 2000 // schemas in schemas
	maxMistakes = 20
)

// validator holds values against schemas, both of them nodes: so a schema may be cyclic
// and of a mistake it is known where it stands. It is no library for JSON Schema: those
// take neither nodes nor schemas of OpenAPI 3.0, and compile every schema before they use
// it, which for thousands of examples takes longer than all else.
type validator struct {
	ctx     context.Context
	dialect dialect
	// target gives where a $ref in a schema leads; nil when that is unknown.
	target func(ref *node) *node
	// meta is what $dynamicRef "#meta" leads to.
	meta *node
	// lenient is "readOnly" or "writeOnly": what is so may be missing where it is required.
	lenient string

	patterns      map[string]*regexp.Regexp // nil for what Go cannot say
	steps, nested int
	most          int // steps; 0 is maxSteps
	mostMistakes  int // 0 is maxMistakes
	// unsure says that something could not be judged, so that nothing may be concluded.
	unsure bool
}

// mistake is a value that a schema does not allow.
type mistake struct {
	at   *node  // the value; for a missing member the object that lacks it
	kase string // what is wrong: see mistakes
	args []string
}

// The cases that a mistake can be, and what their args are. Rules that hold values against schemas
// say the same cases, so that each has a text.
const (
	missing     = "missing"    // 1: the members
	unexpected  = "unexpected" // 1: the member
	wrongType   = "type"       // 1: what it may be, 2: what it is
	notAllowed  = "value"      // 1: the values that are allowed
	noMatch     = "pattern"    // 1: the pattern
	noFormat    = "format"     // 1: the format
	outOfRange  = "range"      // 1: keyword, 2: limit
	repeated    = "repeated"   // items that are the same
	together    = "together"   // 1: members that may not be there at once
	either      = "either"     // 1: members of which one has to be there
	combination = "combination"
)

// check gives the mistakes in a value. None when it could not be judged.
func (v *validator) check(schema, value *node) []mistake {
	v.steps, v.nested, v.unsure = 0, 0, false
	var found []mistake
	if v.valid(schema, value, &found) || v.unsure {
		return nil
	}
	return found
}

// valid says whether a schema allows a value. into takes the mistakes; nil when nobody
// wants to know.
func (v *validator) valid(schema, value *node, into *[]mistake) bool {
	if v.nested++; v.nested > maxNested {
		v.unsure = true
	}
	defer func() { v.nested-- }()
	if v.steps += 1 + schema.size(); v.steps > cmp.Or(v.most, maxSteps) || v.steps%1024 == 0 && v.ctx.Err() != nil {
		v.unsure = true
	}
	if v.unsure || schema == nil {
		return true
	}
	switch schema.kind {
	case isBool:
		return schema.text == "true" || v.no(into, mistake{value, unexpected, []string{value.key}})
	case isObject:
	default:
		v.unsure = true // an invalid schema
		return true
	}
	if ref := schema.get("$ref"); ref.is(isText) {
		to := v.target(ref)
		if to == nil {
			v.unsure = true
			return true
		}
		ok := v.valid(to, value, into)
		if v.dialect == draft4 || !ok && into == nil {
			return ok
		}
		return v.keywords(schema, value, into) && ok
	}
	return v.keywords(schema, value, into)
}

// no takes a mistake and says that the value is not valid.
func (v *validator) no(into *[]mistake, m mistake) bool {
	if into != nil && len(*into) < cmp.Or(v.mostMistakes, maxMistakes) {
		*into = append(*into, m)
	}
	return false
}

// keywords judges all keywords of a schema.
func (v *validator) keywords(schema, value *node, into *[]mistake) bool {
	ok := true
	for _, k := range schema.children {
		if !v.keyword(schema, k, value, into) {
			if ok = false; into == nil {
				return false
			}
		}
	}
	return ok
}

func (v *validator) keyword(schema, k, value *node, into *[]mistake) bool {
	switch k.key {
	case "type":
		return v.ofType(schema, k, value, into)
	case "enum":
		return v.ofEnum(schema, k, value, into)
	case "const":
		return v.dialect == draft4 || same(k, value) || v.no(into, mistake{value, notAllowed, []string{k.short()}})
	case "allOf":
		ok := true
		for _, s := range k.children {
			ok = v.valid(s, value, into) && ok
		}
		return ok
	case "anyOf":
		return v.anyOf(k, value, into)
	case "oneOf":
		return v.oneOf(k, value, into)
	case "not":
		return !v.valid(k, value, nil) || v.unsure || v.no(into, forbidden(k, value))
	case "if":
		if v.dialect == draft4 {
			return true
		}
		if v.valid(k, value, nil) {
			return v.valid(schema.get("then"), value, into)
		}
		return v.valid(schema.get("else"), value, into)
	case "$dynamicRef":
		if k.text != "#meta" || v.meta == nil {
			v.unsure = true
			return true
		}
		return v.valid(v.meta, value, into)
	case "$recursiveRef":
		v.unsure = true
	default:
		switch value.kind {
		case isObject:
			return v.ofObject(schema, k, value, into)
		case isArray:
			return v.ofArray(schema, k, value, into)
		case isText:
			return v.ofText(k, value, into)
		case isNumber:
			return v.ofNumber(schema, k, value, into)
		}
	}
	return true
}

func (v *validator) ofType(schema, k, value *node, into *[]mistake) bool {
	if isType(value, k.str()) {
		return true
	}
	names := []string{k.text}
	if k.kind == isArray {
		names = names[:0]
		for _, c := range k.children {
			if isType(value, c.str()) {
				return true
			}
			names = append(names, c.text)
		}
	}
	// Spectral knows nullable in 3.1 too.
	if n := schema.get("nullable"); value.kind == isNull && n.is(isBool) && n.text == "true" {
		return true
	}
	return v.no(into, mistake{value, wrongType, []string{strings.Join(names, ", "), value.typeName()}})
}

func (v *validator) ofEnum(_, k, value *node, into *[]mistake) bool {
	for _, c := range k.children {
		if same(c, value) {
			return true
		}
	}
	return v.no(into, mistake{value, notAllowed, []string{list(k.children)}})
}

// list says values for people: a handful, then that there are more.
func list(values []*node) string {
	const most = 12
	var said []string
	for i, c := range values {
		if i == most {
			said = append(said, "…")
			break
		}
		said = append(said, c.short())
	}
	return strings.Join(said, ", ")
}
