package openapi

import (
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// valid says whether a value satisfies a schema, as far as the words of it are
// known here: those of OpenAPI 3.0 that constrain a value, and const. What is
// not known, or cannot be judged within the budget, counts as satisfied.
func (w *work) valid(schema, value *yaml.Node) bool {
	c := &checker{w: w, on: map[[2]*yaml.Node]bool{}}
	return c.check(schema, value, 0)
}

// checker remembers which pairs of schema and value it is at, so that schemas
// in a circle end.
type checker struct {
	w  *work
	on map[[2]*yaml.Node]bool
}

func (c *checker) check(schema, value *yaml.Node, depth int) bool {
	schema, value = plain(schema), plain(value)
	pair := [2]*yaml.Node{schema, value}
	if schema == nil || depth > 2*maxDepth || c.on[pair] || !c.w.spend(1) {
		return true
	}
	if schema.Kind == yaml.ScalarNode {
		return schema.Value != "false"
	}
	c.on[pair] = true
	defer delete(c.on, pair)
	if ref := text(get(schema, "$ref")); ref != "" && !c.check(c.w.target(ref), value, depth+1) {
		return false
	}
	kinds, nullable := typesOf(schema)
	kind := kindOf(value)
	if kind == null && nullable {
		return true
	}
	if !ofKind(kind, kinds) || onlyNull(schema) {
		return false
	}
	return c.given(schema, value) && c.parts(schema, value, depth) && c.heir(schema, value, depth) && c.content(schema, value, kind, depth)
}

func ofKind(kind string, kinds []string) bool {
	return len(kinds) == 0 || slices.Contains(kinds, kind) || kind == integer && slices.Contains(kinds, decimal)
}

// given checks enum and const.
func (c *checker) given(schema, value *yaml.Node) bool {
	if enum := items(get(schema, "enum")); len(enum) > 0 {
		if !c.w.spend(len(enum)) {
			return true
		}
		if !slices.ContainsFunc(enum, func(one *yaml.Node) bool { return c.w.same(one, value, 0) }) {
			return false
		}
	}
	if one := get(schema, "const"); one != nil && !c.w.same(one, value, 0) {
		return false
	}
	return true
}

// same compares two values as JSON does.
func (w *work) same(a, b *yaml.Node, depth int) bool {
	a, b = plain(a), plain(b)
	kind := kindOf(a)
	if depth > maxDepth || kind != kindOf(b) || !w.spend(1) {
		return false
	}
	switch kind {
	case null:
		return true
	case boolean:
		return strings.EqualFold(a.Value, b.Value)
	case integer, decimal:
		x, _ := number(a)
		y, _ := number(b)
		return x == y
	case str:
		return a.Value == b.Value
	}
	if len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !w.same(a.Content[i], b.Content[i], depth+1) {
			return false
		}
	}
	return true
}

// parts checks allOf, anyOf, oneOf and not.
func (c *checker) parts(schema, value *yaml.Node, depth int) bool {
	for _, part := range items(get(schema, "allOf")) {
		if !c.check(part, value, depth+1) {
			return false
		}
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		fit := 0
		parts := items(get(schema, word))
		for _, part := range parts {
			if c.check(part, value, depth+1) {
				fit++
			}
		}
		discriminated := get(schema, "discriminator") != nil
		if len(parts) > 0 && (fit == 0 || fit > 1 && word == "oneOf" && !discriminated) {
			return false
		}
	}
	not := get(schema, "not")
	return not == nil || not.Kind != yaml.MappingNode || len(not.Content) == 0 || !c.check(not, value, depth+1)
}

// heir checks the schema that the discriminator of a value chooses.
func (c *checker) heir(schema, value *yaml.Node, depth int) bool {
	discriminator := get(schema, "discriminator")
	property := text(get(discriminator, "propertyName"))
	if property == "" || get(schema, "oneOf") != nil || get(schema, "anyOf") != nil || kindOf(value) != object {
		return true
	}
	heirs := c.w.heirs(schema, discriminator)
	chosen := text(get(value, property))
	at := slices.IndexFunc(heirs, func(a alternative) bool { return a.value == chosen })
	return at < 0 || c.check(heirs[at].node, value, depth+1)
}

func (c *checker) content(schema, value *yaml.Node, kind string, depth int) bool {
	switch kind {
	case object:
		return c.object(schema, value, depth)
	case list:
		return c.list(schema, value, depth)
	case str:
		return c.string(schema, value.Value)
	case integer, decimal:
		return c.number(schema, value)
	}
	return true
}

func (c *checker) object(schema, value *yaml.Node, depth int) bool {
	for _, name := range items(get(schema, "required")) {
		if c.w.spend(1) && get(value, text(name)) == nil {
			return false
		}
	}
	properties, extra := get(schema, "properties"), get(schema, "additionalProperties")
	ok := true
	each(value, func(name string, sub *yaml.Node) {
		known := c.w.d.child(properties, name)
		switch {
		case !ok:
		case known != nil:
			ok = c.check(known, sub, depth+1)
		case extra != nil && get(schema, "patternProperties") == nil:
			ok = c.check(extra, sub, depth+1)
		}
	})
	n := len(value.Content) / 2
	return ok && n >= count(get(schema, "minProperties"), 0) && n <= count(get(schema, "maxProperties"), n)
}

func (c *checker) list(schema, value *yaml.Node, depth int) bool {
	n := len(value.Content)
	if n < count(get(schema, "minItems"), 0) || n > count(get(schema, "maxItems"), n) {
		return false
	}
	item, unique := get(schema, "items"), text(get(schema, "uniqueItems")) == "true"
	for i, sub := range value.Content {
		if item != nil && !c.check(item, sub, depth+1) {
			return false
		}
		if unique && n < 200 && slices.ContainsFunc(value.Content[:i], func(other *yaml.Node) bool { return c.w.same(sub, other, 0) }) {
			return false
		}
	}
	return true
}

func (c *checker) string(schema *yaml.Node, s string) bool {
	n := utf8.RuneCountInString(s)
	if n < count(get(schema, "minLength"), 0) || n > count(get(schema, "maxLength"), n) {
		return false
	}
	if source := text(get(schema, "pattern")); source != "" {
		if p := c.w.pattern(source); p != nil && !p.re.MatchString(s) {
			return false
		}
	}
	check, known := formats[text(get(schema, "format"))]
	return !known || check(s)
}

var regexUUID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// formats are the forms of a string that are checked.
var formats = map[string]func(string) bool{
	"date":      func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil },
	"date-time": func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil },
	"time":      func(s string) bool { _, err := time.Parse("15:04:05Z07:00", s); return err == nil },
	"uuid":      regexUUID.MatchString,
	"email":     func(s string) bool { _, err := mail.ParseAddress(s); return err == nil },
	"uri":       func(s string) bool { u, err := url.Parse(s); return err == nil && u.Scheme != "" },
}

func (c *checker) number(schema, value *yaml.Node) bool {
	f, _ := number(value)
	low, hasLow := number(get(schema, "minimum"))
	high, hasHigh := number(get(schema, "maximum"))
	if hasLow && f < low || hasHigh && f > high {
		return false
	}
	// In 3.0 these are true or false and sharpen the two above; in 3.1 numbers.
	below, above := get(schema, "exclusiveMinimum"), get(schema, "exclusiveMaximum")
	if text(below) == "true" && hasLow && f == low || text(above) == "true" && hasHigh && f == high {
		return false
	}
	if edge, ok := number(below); ok && f <= edge {
		return false
	}
	if edge, ok := number(above); ok && f >= edge {
		return false
	}
	step, ok := number(get(schema, "multipleOf"))
	if !ok || step <= 0 {
		return true
	}
	times := f / step
	return math.Abs(times-math.Round(times)) < 1e-9
}
