package bron

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// typed is a parameter of which the schema says no type, as one of text: the
// library reads no value for it otherwise.
func typed(p *openapi3.Parameter) *openapi3.Parameter {
	if p.Schema == nil || p.Schema.Value == nil {
		return p
	}
	s := *p.Schema.Value
	if s.Type != nil || len(s.OneOf)+len(s.AnyOf)+len(s.AllOf)+len(s.Properties) > 0 || s.Items != nil {
		return p
	}
	s.Type = &openapi3.Types{openapi3.TypeString}
	typed := *p
	typed.Schema = openapi3.NewSchemaRef("", &s)
	return &typed
}

// schemaOf finds what a discriminator points at; nil when it is not there.
func schemaOf(doc *openapi3.T, ref openapi3.MappingRef) *openapi3.Schema {
	if ref.Value != nil {
		return ref.Value
	}
	name := ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
	if doc.Components == nil || doc.Components.Schemas[name] == nil {
		return nil
	}
	return doc.Components.Schemas[name].Value
}

// costs counts of how many schemas a schema consists, as far as parts goes.
type costs struct {
	parts func(*openapi3.Schema) openapi3.SchemaRefs
	known map[*openapi3.Schema]int
}

// tooMuch is more than the library should follow for one value.
const tooMuch = 10_000

var errTooMuch = errors.New("bron: schema consists of itself, or of too much")

// safe says whether the library can judge by a schema. It follows what a
// schema consists of without looking back, so that one of somebody else that
// consists of itself, or of ever more, would stop the whole component. Such a
// schema judges nothing.
func safe(root *openapi3.SchemaRef) bool {
	if root == nil || root.Value == nil {
		return false // it refers to nothing but itself
	}
	all := []costs{{sameValue, map[*openapi3.Schema]int{}}, {untyped, map[*openapi3.Schema]int{}}}
	return root.WalkSubtree(func(_ string, ref *openapi3.SchemaRef) error {
		for _, k := range all { // the walk gives no reference without a value
			if k.of(ref.Value) >= tooMuch {
				return errTooMuch
			}
		}
		if slices.ContainsFunc(parts(ref.Value), func(part *openapi3.SchemaRef) bool { return part != nil && part.Value == nil }) {
			return errTooMuch
		}
		return nil
	}) == nil
}

// sameValue are the schemas that judge the same value.
func sameValue(s *openapi3.Schema) openapi3.SchemaRefs {
	return slices.Concat(s.AllOf, s.AnyOf, s.OneOf, openapi3.SchemaRefs{s.Not})
}

// untyped are the schemas that the library looks into to see whether a schema
// says anything; it stops at one with a type.
func untyped(s *openapi3.Schema) openapi3.SchemaRefs {
	if s.Type != nil {
		return nil
	}
	return parts(s)
}

// parts are all schemas that a schema has in it.
func parts(s *openapi3.Schema) openapi3.SchemaRefs {
	one := openapi3.SchemaRefs{s.Items, s.AdditionalProperties.Schema, s.If, s.Then, s.Else, s.Contains, s.PropertyNames, s.UnevaluatedItems.Schema, s.UnevaluatedProperties.Schema}
	all := slices.Concat(sameValue(s), one, s.PrefixItems)
	for _, named := range []openapi3.Schemas{s.Properties, s.PatternProperties, s.DependentSchemas} {
		all = slices.AppendSeq(all, maps.Values(named))
	}
	return all
}

func (k costs) of(s *openapi3.Schema) int {
	if known, done := k.known[s]; done {
		return known
	}
	k.known[s] = tooMuch // when it comes back here on the way, it consists of itself
	total := 1
	for _, part := range k.parts(s) {
		if part != nil && part.Value != nil {
			total = min(total+k.of(part.Value), tooMuch)
		}
	}
	k.known[s] = total
	return total
}

// step is a place in the walk along a path: a schema and what is left to walk.
type step struct {
	schema *openapi3.Schema
	left   int
}

// walk looks for a path in what a schema describes, of whatever kind. It
// goes by each place once, so that it ends with a schema that repeats itself.
type walk struct {
	doc  *openapi3.T
	been map[step]bool
	end  func(*openapi3.Schema) bool // what must hold at the end of the path
}

// knownFields says which fields below a place an answer can have; nil when the
// specification does not describe what is in that place.
func knownFields(doc *openapi3.T, answer *openapi3.SchemaRef, below string) func(string) bool {
	var place []string
	if below != "" {
		place = strings.Split(below, ".")
	}
	described := walk{doc, map[step]bool{}, func(s *openapi3.Schema) bool { return len(s.Properties) > 0 }}
	if !described.finds(answer, place) {
		return nil
	}
	return func(field string) bool {
		w := walk{doc, map[step]bool{}, func(*openapi3.Schema) bool { return true }}
		return w.finds(answer, slices.Concat(place, strings.Split(field, ".")))
	}
}

func (w *walk) finds(ref *openapi3.SchemaRef, path []string) bool {
	if ref == nil || ref.Value == nil || w.been[step{ref.Value, len(path)}] {
		return false
	}
	schema := ref.Value
	w.been[step{schema, len(path)}] = true
	switch {
	case len(path) == 0 && w.end(schema):
		return true
	case len(path) > 0:
		property := schema.Properties[path[0]]
		if property != nil && property.Value == nil || w.finds(property, path[1:]) {
			return true // what is in a reference to nothing nobody knows
		}
	}
	others := slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf, openapi3.SchemaRefs{schema.Items})
	if schema.Discriminator != nil {
		for _, kind := range schema.Discriminator.Mapping {
			others = append(others, &openapi3.SchemaRef{Value: schemaOf(w.doc, kind)})
		}
	}
	return slices.ContainsFunc(others, func(other *openapi3.SchemaRef) bool { return w.finds(other, path) })
}
