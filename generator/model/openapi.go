package model

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// openAPI is the specification of a source, as far as it can be trusted: a
// document of somebody else, read as plain nodes, whose references are followed
// within the file and only so far.
type openAPI struct {
	root       *yaml.Node
	operations []specified
}

// specified is one operation of a specification.
type specified struct {
	id, method, path string
	item, node       *yaml.Node
}

// readOpenAPI reads the specification called name; nil when it cannot.
func (b *builder) readOpenAPI(key, name string) *openAPI {
	body, ok := b.read(key, name, maxOpenAPI, ".yaml", ".yml", ".json")
	if !ok {
		return nil
	}
	if path.Ext(name) == ".json" && json.Valid(body) {
		var spaced bytes.Buffer // JSON may hold tabs where YAML may not
		if json.Indent(&spaced, body, "", " ") == nil {
			body = spaced.Bytes()
		}
	}
	var document yaml.Node
	if err := yaml.Unmarshal(body, &document); err != nil || len(document.Content) == 0 {
		b.add(problem.OpenAPIForm, key, name)
		return nil
	}
	o := &openAPI{root: document.Content[0]}
	if !strings.HasPrefix(text(o.get(o.root, "openapi")), "3.") {
		b.add(problem.OpenAPIForm, key, name)
		return nil
	}
	o.find()
	if len(o.operations) == 0 {
		b.add(problem.OpenAPIEmpty, key, name)
		return nil
	}
	return o
}

// find lists the operations that have a name.
func (o *openAPI) find() {
	o.each(o.get(o.root, "paths"), func(path string, item *yaml.Node) {
		item = o.deref(item)
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			node := o.get(item, method)
			if id := text(o.get(node, "operationId")); id != "" {
				o.operations = append(o.operations, specified{id, strings.ToUpper(method), path, item, node})
			}
		}
	})
}

func (o *openAPI) has(id string) bool {
	return slices.ContainsFunc(o.operations, func(s specified) bool { return s.id == id })
}

func (o *openAPI) names() []string {
	var names []string
	for _, s := range o.operations {
		names = append(names, s.id)
	}
	return names
}

// each calls f for every key of a mapping, in the order of the file.
func (o *openAPI) each(n *yaml.Node, f func(key string, value *yaml.Node)) {
	if n = plain(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f(n.Content[i].Value, n.Content[i+1])
	}
}

// get returns the value of a key of a mapping, or nil.
func (o *openAPI) get(n *yaml.Node, key string) *yaml.Node {
	if n = plain(n); n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return plain(n.Content[i+1])
		}
	}
	return nil
}

// items are the values of a list.
func items(n *yaml.Node) []*yaml.Node {
	if n = plain(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// plain follows an alias of YAML. Following does not copy, so that a file of
// aliases to aliases stays as small as it is.
func plain(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode; i++ {
		if i > maxDepth {
			return nil
		}
		n = n.Alias
	}
	return n
}

func text(n *yaml.Node) string {
	if n = plain(n); n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// deref follows references within the file, a limited number of times.
func (o *openAPI) deref(n *yaml.Node) *yaml.Node {
	for range maxDepth {
		ref := text(o.get(n, "$ref"))
		if ref == "" {
			return plain(n)
		}
		rest, inside := strings.CutPrefix(ref, "#/")
		if !inside {
			return nil
		}
		n = o.root
		for part := range strings.SplitSeq(rest, "/") {
			n = o.get(n, strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
		}
	}
	return nil
}

// fromOpenAPI fills op from the specification and says whether it could.
func (b *builder) fromOpenAPI(s *source, op *Operation, key string, a answers.Operation) bool {
	o := s.openapi
	i := slices.IndexFunc(o.operations, func(found specified) bool { return found.id == a.Name })
	if i < 0 {
		b.suggest(closest(a.Name, o.names()), problem.OperationUnknown, key+".name", a.Name, s.given.Name, few(o.names()))
		return false
	}
	found := o.operations[i]
	if found.method != "GET" && found.method != "POST" {
		b.add(problem.OperationMethod, key+".name", a.Name, found.method)
		return false
	}
	if !regexPath.MatchString(found.path) || len(found.path) > 500 {
		b.add(problem.PathForm, key+".name", found.path)
		return false
	}
	op.Method, op.Path = found.method, found.path
	if summary := strings.Join(strings.Fields(text(o.get(found.node, "summary"))), " "); summary != "" && len(summary) <= 150 {
		op.Title = strings.TrimSuffix(b.line(key+".name", summary, 200), ".")
	}
	seen := map[string]bool{}
	for _, list := range []*yaml.Node{o.get(found.node, "parameters"), o.get(found.item, "parameters")} {
		for _, node := range items(list) {
			o.parameter(op, o.deref(node), seen)
		}
	}
	if found.method == "POST" {
		b.body(s, op, key, found, a)
	}
	b.fieldsConstant(s, op)
	op.Example = o.response(found.node, a.Constants, s.Fields)
	return true
}

// parameter adds a parameter of the path or the query. Headers belong to the
// connection, and that is the outway's.
func (o *openAPI) parameter(op *Operation, node *yaml.Node, seen map[string]bool) {
	name, in := text(o.get(node, "name")), text(o.get(node, "in"))
	if in != "path" && in != "query" || !regexParameter.MatchString(name) || seen[name] {
		return
	}
	seen[name] = true
	schema := o.deref(o.get(node, "schema"))
	op.Parameters = append(op.Parameters, Parameter{
		Name: name, In: in, Type: o.jsonType(schema),
		Required: in == "path" || text(o.get(node, "required")) == "true",
		List:     o.schemaType(schema) == "array",
	})
}

// schemaType is the type of a schema; OpenAPI 3.1 may give a list.
func (o *openAPI) schemaType(schema *yaml.Node) string {
	node := o.get(schema, "type")
	if t := text(node); t != "" {
		return t
	}
	for _, item := range items(node) {
		if t := text(item); t != "null" {
			return t
		}
	}
	switch {
	case o.get(schema, "properties") != nil:
		return "object"
	case o.get(schema, "items") != nil:
		return "array"
	}
	return ""
}

// jsonType is the type of a value of schema, or of its items.
func (o *openAPI) jsonType(schema *yaml.Node) string {
	kind := o.schemaType(schema)
	if kind == "array" {
		kind = o.schemaType(o.deref(o.get(schema, "items")))
	}
	if kind == "integer" || kind == "number" || kind == "boolean" {
		return kind
	}
	return "string"
}

// body adds the properties of a JSON request body. A specification that offers
// a choice by a discriminator needs a constant to choose with.
func (b *builder) body(s *source, op *Operation, key string, found specified, a answers.Operation) {
	o := s.openapi
	schema := o.deref(o.get(o.jsonContent(o.deref(o.get(found.node, "requestBody"))), "schema"))
	discriminator := o.get(schema, "discriminator")
	if property := text(o.get(discriminator, "propertyName")); property != "" {
		var choices []string
		var chosen *yaml.Node
		o.each(o.get(discriminator, "mapping"), func(name string, target *yaml.Node) {
			choices = append(choices, name)
			if name == a.Constants[property] {
				chosen = o.byName(text(target))
			}
		})
		if chosen != nil {
			schema = chosen
		} else if len(choices) > 0 {
			b.suggest(closest(a.Constants[property], choices), problem.Discriminator, key+".constants", a.Name, property, choices)
			return
		}
	}
	found.item = nil
	properties := &properties{required: map[string]bool{}}
	o.collect(schema, properties, 0)
	for i, name := range properties.names {
		property := o.deref(properties.schemas[i])
		if regexParameter.MatchString(name) {
			op.Parameters = append(op.Parameters, Parameter{
				Name: name, In: "body", Type: o.jsonType(property),
				Required: properties.required[name], List: o.schemaType(property) == "array",
			})
		}
	}
}

// byName finds a schema by reference or by name, as a mapping may have either.
func (o *openAPI) byName(target string) *yaml.Node {
	if !strings.HasPrefix(target, "#/") {
		target = "#/components/schemas/" + target
	}
	return o.deref(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
		{Kind: yaml.ScalarNode, Value: "$ref"}, {Kind: yaml.ScalarNode, Value: target},
	}})
}

// properties of an object, those it has of others included.
type properties struct {
	names    []string
	schemas  []*yaml.Node
	required map[string]bool
}

func (o *openAPI) collect(schema *yaml.Node, to *properties, depth int) {
	if schema = o.deref(schema); schema == nil || depth > 16 || len(to.names) > 500 {
		return
	}
	for _, part := range items(o.get(schema, "allOf")) {
		o.collect(part, to, depth+1)
	}
	for _, choice := range []string{"oneOf", "anyOf"} {
		if list := items(o.get(schema, choice)); len(list) > 0 && len(to.names) == 0 {
			o.collect(list[0], to, depth+1)
		}
	}
	o.each(o.get(schema, "properties"), func(name string, property *yaml.Node) {
		if !slices.Contains(to.names, name) {
			to.names = append(to.names, name)
			to.schemas = append(to.schemas, property)
		}
	})
	for _, name := range items(o.get(schema, "required")) {
		to.required[text(name)] = true
	}
}

// jsonContent is the first JSON media type of a request body or a response.
func (o *openAPI) jsonContent(n *yaml.Node) (media *yaml.Node) {
	o.each(o.get(n, "content"), func(name string, value *yaml.Node) {
		if media == nil && strings.Contains(strings.ToLower(name), "json") {
			media = plain(value)
		}
	})
	return media
}

// fieldsConstant fills the parameter "fields", by which a source returns no
// more than was asked, with the purpose fields.
func (b *builder) fieldsConstant(s *source, op *Operation) {
	i := slices.IndexFunc(op.Parameters, func(p Parameter) bool { return p.Name == "fields" })
	if i < 0 || len(s.Fields) == 0 {
		return
	}
	constant := Constant{Name: "fields", In: op.Parameters[i].In, Value: strings.Join(s.Fields, ",")}
	if op.Parameters[i].List && constant.In == "body" {
		constant = brpFields(trees()["brp-personen"], s.Fields)[0]
	}
	op.Constants = append(op.Constants, constant)
}
