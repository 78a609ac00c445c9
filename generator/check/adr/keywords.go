package adr

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (v *validator) ofObject(schema, k, value *node, into *[]mistake) bool {
	switch k.key {
	case "required":
		return v.required(schema, k, value, into)
	case "properties":
		ok := true
		for _, c := range value.children {
			if s := k.child(c.key); s != nil {
				ok = v.valid(s, c, into) && ok
			}
		}
		return ok
	case "patternProperties":
		ok := true
		for _, s := range k.children {
			for _, c := range value.children {
				if v.matches(s.key, c.key) {
					ok = v.valid(s, c, into) && ok
				}
			}
		}
		return ok
	case "additionalProperties":
		ok := true
		for _, c := range value.children {
			if !v.named(schema, c.key) {
				ok = v.valid(k, c, into) && ok
			}
		}
		return ok
	case "unevaluatedProperties":
		return v.unevaluated(schema, k, value, into)
	case "propertyNames":
		return v.propertyNames(k, value, into)
	case "minProperties", "maxProperties":
		return v.count(k, value.size(), value, into)
	case "dependentRequired", "dependentSchemas", "dependencies":
		return v.dependent(k, value, into)
	}
	return true
}

// named says whether properties or patternProperties of a schema speak of a member.
func (v *validator) named(schema *node, key string) bool {
	if schema.get("properties").child(key) != nil {
		return true
	}
	for s := range schema.get("patternProperties").all() {
		if v.matches(s.key, key) {
			return true
		}
	}
	return false
}

func (v *validator) required(schema, k, value *node, into *[]mistake) bool {
	var lacks []string
	for _, name := range k.children {
		if value.child(name.text) != nil {
			continue
		}
		if v.lenient != "" {
			p := v.solid(schema.get("properties").child(name.text))
			if flag := p.get(v.lenient); flag.is(isBool) && flag.text == "true" {
				continue
			}
		}
		lacks = append(lacks, name.text)
	}
	return len(lacks) == 0 || v.no(into, mistake{value, missing, []string{strings.Join(lacks, ", ")}})
}

func (v *validator) propertyNames(k, value *node, into *[]mistake) bool {
	ok := true
	for _, c := range value.children {
		name := &node{kind: isText, text: c.key, parent: value, key: c.key}
		if !v.valid(k, name, nil) {
			ok = v.no(into, mistake{c, unexpected, []string{c.key}})
		}
	}
	return ok
}

func (v *validator) dependent(k, value *node, into *[]mistake) bool {
	ok := true
	for _, s := range k.children {
		switch {
		case value.child(s.key) == nil:
		case s.kind != isArray:
			ok = v.valid(s, value, into) && ok
		default:
			for _, name := range s.children {
				if value.child(name.text) == nil {
					ok = v.no(into, mistake{value, missing, []string{name.text}})
				}
			}
		}
	}
	return ok
}

func (v *validator) ofArray(schema, k, value *node, into *[]mistake) bool {
	ok := true
	switch k.key {
	case "items":
		if k.kind == isArray {
			v.unsure = true // of drafts that OpenAPI does not know
			return true
		}
		for _, c := range value.children[min(value.size(), schema.get("prefixItems").size()):] {
			ok = v.valid(k, c, into) && ok
		}
	case "prefixItems":
		for i, c := range value.children[:min(value.size(), k.size())] {
			ok = v.valid(k.children[i], c, into) && ok
		}
	case "contains", "unevaluatedItems":
		v.unsure = true // rare, and how many may be is in keywords beside it
	case "minItems", "maxItems":
		return v.count(k, value.size(), value, into)
	case "uniqueItems":
		if k.text == "true" {
			if again := duplicate(value.children); again != nil {
				return v.no(into, mistake{value, repeated, []string{again.short()}})
			}
		}
	}
	return ok
}

// duplicate is an item that was there before; nil when there is none.
func duplicate(items []*node) *node {
	const many = 64
	if len(items) > many {
		seen := make(map[string]bool, len(items))
		for _, c := range items {
			s := c.canonical()
			if seen[s] {
				return c
			}
			seen[s] = true
		}
		return nil
	}
	for i, c := range items {
		for _, before := range items[:i] {
			if same(before, c) {
				return c
			}
		}
	}
	return nil
}

func (v *validator) ofText(k, value *node, into *[]mistake) bool {
	switch k.key {
	case "minLength", "maxLength":
		return v.count(k, utf8.RuneCountInString(value.text), value, into)
	case "pattern":
		return v.matches(k.text, value.text) || v.no(into, mistake{value, noMatch, []string{k.text}})
	case "format":
		return hasFormat(k.text, value.text) || v.no(into, mistake{value, noFormat, []string{k.text}})
	}
	return true
}

// count holds a number of members, items or characters against a limit.
func (v *validator) count(k *node, n int, value *node, into *[]mistake) bool {
	limit, ok := k.number()
	if !ok {
		return true
	}
	if k.key[:3] == "min" && float64(n) >= limit || k.key[:3] == "max" && float64(n) <= limit {
		return true
	}
	return v.no(into, mistake{value, outOfRange, []string{k.key, k.text}})
}

func (v *validator) ofNumber(schema, k, value *node, into *[]mistake) bool {
	n, ok := value.number()
	if !ok {
		return true
	}
	limit, isLimit := k.number()
	good := true
	switch k.key {
	case "minimum":
		good = n > limit || n == limit && !(v.dialect == draft4 && schema.get("exclusiveMinimum").truthy())
	case "maximum":
		good = n < limit || n == limit && !(v.dialect == draft4 && schema.get("exclusiveMaximum").truthy())
	case "exclusiveMinimum":
		good = v.dialect == draft4 || n > limit
	case "exclusiveMaximum":
		good = v.dialect == draft4 || n < limit
	case "multipleOf":
		// Not exact: 4.35 is a multiple of 0.01, whatever binary fractions make of it.
		ratio := n / limit
		good = limit <= 0 || math.Abs(ratio-math.Round(ratio)) < 1e-9*max(1, math.Abs(ratio))
	case "format":
		whole := n == math.Trunc(n)
		switch k.text {
		case "int32":
			good = whole && n >= math.MinInt32 && n <= math.MaxInt32
		case "int64":
			good = whole
		}
		return good || v.no(into, mistake{value, noFormat, []string{k.text}})
	default:
		return true
	}
	return good || !isLimit || v.no(into, mistake{value, outOfRange, []string{k.key, k.text}})
}

// number is the number that a node is.
func (n *node) number() (float64, bool) {
	if !n.is(isNumber) {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err == nil {
		return f, true
	}
	i, err := strconv.ParseInt(n.text, 0, 64) // hexadecimal and octal, in YAML
	return float64(i), err == nil
}

// isType says whether a value is of a type of JSON Schema.
func isType(n *node, name string) bool {
	switch name {
	case "object":
		return n.kind == isObject
	case "array":
		return n.kind == isArray
	case "string":
		return n.kind == isText
	case "boolean":
		return n.kind == isBool
	case "null":
		return n.kind == isNull
	case "number":
		return n.kind == isNumber
	case "integer":
		f, ok := n.number()
		return ok && f == math.Trunc(f)
	}
	return false
}

// typeName is the type of JSON Schema that a value is of.
func (n *node) typeName() string {
	if isType(n, "integer") {
		return "integer"
	}
	return map[kind]string{isNull: "null", isBool: "boolean", isNumber: "number", isText: "string", isArray: "array", isObject: "object"}[n.kind]
}

// same says whether two values are equal.
func same(a, b *node) bool {
	if a.kind != b.kind || len(a.children) != len(b.children) {
		return false
	}
	switch a.kind {
	case isNull:
		return true
	case isNumber:
		x, okX := a.number()
		y, okY := b.number()
		return okX && okY && cmp.Compare(x, y) == 0 || a.text == b.text
	case isObject:
		for _, c := range a.children {
			if other := b.child(c.key); other == nil || !same(c, other) {
				return false
			}
		}
		return true
	case isArray:
		for i, c := range a.children {
			if !same(c, b.children[i]) {
				return false
			}
		}
		return true
	}
	return a.text == b.text
}
