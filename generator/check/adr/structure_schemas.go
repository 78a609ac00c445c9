package adr

import (
	"context"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// schemaRules are about schemas and examples.
func schemaRules() []rule {
	items := in21("adr-array-items", check.Error, "array-items")
	items.Source = asked21 + "; OpenAPI Specification 3.0, Schema Object"
	return []rule{
		{Rule: items, run: arrayItems},
		{
			Rule:     in21("adr-enum", check.Warning, "typed-enum", "duplicated-entry-in-enum"),
			official: map[string]string{"type": "typed-enum", "twice": "duplicated-entry-in-enum"},
			run:      enums,
		},
		{
			Rule: in22("adr-examples", "oas3-valid-media-example", "oas3-valid-schema-example"),
			call: exampleOfficial,
			run:  examples,
		},
		{Rule: in21("adr-example-objects", check.Warning, "oas3-examples-value-or-externalValue"), run: exampleObjects},
	}
}

func arrayItems(ctx context.Context, d *Document, found finder) {
	if !d.v30() { // since 3.1 an array without items holds anything
		return
	}
	for _, n := range d.index(ctx).typed {
		if !names(n) && n.get("type").str() == "array" && n.get("items") == nil {
			found(n, "", n.where())
		}
	}
}

func enums(ctx context.Context, d *Document, found finder) {
	for _, n := range d.index(ctx).typed {
		values := n.get("enum")
		if names(n) || !values.is(isArray) {
			continue
		}
		if again := duplicate(values.children); again != nil {
			found(values, "twice", again.short())
		}
		var types []string
		switch t := n.get("type"); {
		case t.is(isText):
			types = []string{t.text}
		case t.is(isArray):
			for c := range t.all() {
				types = append(types, c.text)
			}
		default:
			continue
		}
		if d.v30() && n.get("nullable").truthy() {
			types = append(types, "null")
		}
		for v := range values.all() {
			if !slices.ContainsFunc(types, func(t string) bool { return isType(v, t) }) {
				found(v, "type", v.short(), types[0])
			}
		}
	}
}

func exampleObjects(ctx context.Context, d *Document, found finder) {
	for _, m := range d.index(ctx).maps {
		for raw := range m.all() {
			e, ok := d.resolve(raw)
			if !ok || e.kind != isObject {
				continue
			}
			value, elsewhere := e.get("value") != nil, e.get("externalValue") != nil
			switch {
			case value && elsewhere:
				found(e, "both", raw.key)
			case !value && !elsewhere && m.parent.get("schema") == nil: // those are for adr-examples
				found(e, "none", raw.key)
			}
		}
	}
}
