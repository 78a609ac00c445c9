package openapi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Operation is one question that the API takes. Its texts are as they stand in
// the document.
type Operation struct {
	ID     string // operationId
	Method string // GET
	Path   string // /adressen/{id}
	Title  string // the summary on one line, without a full stop; may be ""

	w          *work
	item, node *yaml.Node
	schemas    map[string]*yaml.Node // of the plain parameters that Question met
}

// Parameter is something that a question varies in.
type Parameter struct {
	Name     string
	In       string // path, query or body
	Type     string // string, integer, number or boolean; of an item when it is a list
	Required bool
	List     bool // a list of values
	Joined   bool // a list that goes into the query as one value with commas
	Subject  bool // a burgerservicenummer: who the question is about
}

// Header is a header of every question, with its one value; "" when the
// document does not say which.
type Header struct {
	Name, Value string
	Required    bool
}

// Question is how an operation is asked.
type Question struct {
	Parameters []Parameter
	Headers    []Header
	Unfilled   []string // required properties of a body that are no plain values
}

// ChoiceError is a question that comes in kinds of which none was chosen: the
// property that chooses and its values.
type ChoiceError struct {
	Property string
	Values   []string
}

func (e *ChoiceError) Error() string {
	return fmt.Sprintf("openapi: choose one of %s with %s", strings.Join(e.Values, ", "), e.Property)
}

// Exhausted says whether the schemas of the operation unfold into more than
// Read allows: then what was made of them is incomplete.
func (o *Operation) Exhausted() bool { return o.w.left < 0 }

// Work is how much was visited for the operation up to now.
func (o *Operation) Work() int { return maxWork - o.w.left }

// Broken is the first reference that was met and leads out of the document or
// nowhere; "" for none.
func (o *Operation) Broken() string { return o.w.broken }

// Question returns how the operation is asked. The constants choose among the
// kinds of a body; without the right one the error is a *ChoiceError.
func (o *Operation) Question(constants map[string]string) (Question, error) {
	q := &Question{}
	seen := map[string]bool{}
	for _, given := range []*yaml.Node{get(o.node, "parameters"), get(o.item, "parameters")} {
		for _, node := range items(given) {
			if !o.w.spend(1) {
				return *q, nil
			}
			o.parameter(q, o.w.follow(node), seen)
		}
	}
	if o.Method == "GET" || o.Method == "DELETE" {
		return *q, nil
	}
	return *q, o.body(q, constants)
}

// parameter adds a parameter of the path, the query or a header. A cookie is
// for a browser.
func (o *Operation) parameter(q *Question, node *yaml.Node, seen map[string]bool) {
	name, in := text(get(node, "name")), text(get(node, "in"))
	if name == "" || seen[in+" "+name] {
		return
	}
	seen[in+" "+name] = true
	schema := get(node, "schema")
	if content := get(node, "content"); schema == nil && content != nil {
		each(content, func(_ string, media *yaml.Node) {
			if schema == nil {
				schema = get(media, "schema")
			}
		})
	}
	required := text(get(node, "required")) == "true"
	switch in {
	case "header":
		o.header(q, name, node, schema, required)
	case "path", "query":
		p, ok := o.plainValue(name, schema)
		if !ok && !required {
			return
		}
		p.In, p.Required = in, required || in == "path"
		style := text(get(node, "style"))
		p.Joined = p.List && (in == "path" || text(get(node, "explode")) == "false" || style != "" && style != "form")
		q.Parameters = append(q.Parameters, p)
	}
}

// plainValue describes a parameter of which the value is plain, or a list of
// plain values; an object is neither.
func (o *Operation) plainValue(name string, schema *yaml.Node) (Parameter, bool) {
	p := Parameter{Name: name, Type: str, Subject: isSubject(name)}
	if o.schemas == nil {
		o.schemas = map[string]*yaml.Node{}
	}
	o.schemas[name] = schema
	kind, family := o.w.kind(schema)
	if kind == list {
		p.List = true
		kind, _ = o.w.kind(family.items...)
	}
	switch kind {
	case integer, decimal, boolean:
		p.Type = kind
	case object, list:
		return p, false
	}
	return p, true
}

// isSubject says whether a name is that of a burgerservicenummer.
func isSubject(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "burgerservicenummer") || strings.HasSuffix(name, "bsn")
}

// transport are headers that belong to the connection; OpenAPI says of the
// first three that they are no parameters.
var transport = []string{"accept", "content-type", "authorization", "accept-encoding", "user-agent", "traceparent", "tracestate"}

// header adds a header that is required. That of a coordinate system is added
// also when it may be absent: who asks for none gets none.
func (o *Operation) header(q *Question, name string, node, schema *yaml.Node, required bool) {
	lower := strings.ToLower(name)
	if !headerName(name) || slices.Contains(transport, lower) || !required && !strings.HasSuffix(lower, "-crs") {
		return
	}
	var values []string
	for _, n := range append(o.w.familyOf(schema).nodes, node) {
		if enum := items(get(n, "enum")); len(enum) == 1 {
			values = append(values, text(enum[0]))
		}
		for _, word := range []string{"const", "default", "example"} {
			values = append(values, text(get(n, word)))
		}
	}
	values = slices.DeleteFunc(values, func(v string) bool {
		return v == "" || len(v) > 200 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' })
	})
	if h := (Header{Name: name, Required: required}); len(values) > 0 || required {
		if len(values) > 0 {
			h.Value = values[0]
		}
		q.Headers = append(q.Headers, h)
	}
}

// body adds the properties of a JSON body.
func (o *Operation) body(q *Question, constants map[string]string) error {
	schema := get(jsonContent(o.w.follow(get(o.node, "requestBody"))), "schema")
	if schema == nil {
		return nil
	}
	e, open := o.w.choose(just(schema), constants)
	if open != nil {
		failure := &ChoiceError{Property: open.property}
		for _, a := range open.alternatives {
			failure.Values = append(failure.Values, a.value)
		}
		return failure
	}
	f := o.w.flatten(e)
	for range maxDepth { // alternatives without a name: the first
		if len(f.choices) == 0 {
			break
		}
		e = e.with(f.choices[0], f.choices[0].alternatives[0])
		f = o.w.flatten(e)
	}
	for _, property := range f.properties {
		if !o.w.spend(1) || len(q.Parameters) > maxParameters {
			break
		}
		required := slices.Contains(f.required, property.name)
		p, ok := o.plainValue(property.name, allOf(property.parts))
		switch {
		case o.w.says(property.parts, "readOnly"):
		case ok:
			p.In, p.Required = "body", required
			q.Parameters = append(q.Parameters, p)
		case required:
			q.Unfilled = append(q.Unfilled, property.name)
		}
	}
	return nil
}

// maxParameters is more than any question has.
const maxParameters = 500

// allOf is a schema that asks all of parts.
func allOf(parts []*yaml.Node) *yaml.Node {
	if len(parts) == 1 {
		return parts[0]
	}
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
		stringNode("allOf"), {Kind: yaml.SequenceNode, Content: parts},
	}}
}

// says reports whether one of the schemas has a word set to true.
func (w *work) says(parts []*yaml.Node, word string) bool {
	for _, part := range parts {
		if text(get(part, word)) == "true" || text(get(w.follow(part), word)) == "true" {
			return true
		}
	}
	return false
}

// jsonContent is the first JSON media type of a request body or a response.
func jsonContent(n *yaml.Node) (media *yaml.Node) {
	each(get(n, "content"), func(name string, value *yaml.Node) {
		if media == nil && strings.Contains(strings.ToLower(name), "json") {
			media = plain(value)
		}
	})
	return media
}
