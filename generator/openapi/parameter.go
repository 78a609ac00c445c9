package openapi

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Takes says whether the schema of a parameter allows a value, written as text.
// It answers for the parameters that Question has returned; of another, and of
// one without a schema, every value is allowed.
func (o *Operation) Takes(parameter, value string) bool {
	schema := o.oneOf(parameter)
	if schema == nil {
		return true
	}
	nodes := []*yaml.Node{stringNode(value), {Kind: yaml.ScalarNode, Tag: "!!bool", Value: value}}
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		tag := "!!float"
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			tag = "!!int"
		}
		nodes = append(nodes, &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value})
	}
	for _, node := range nodes {
		if (node.Tag != "!!bool" || value == "true" || value == "false") && o.w.valid(schema, node) {
			return true
		}
	}
	return false
}

// Sample is the nth value, as text, that the schema of a parameter allows; ""
// when there is none or nothing is known of the parameter.
func (o *Operation) Sample(parameter string, nth int) string {
	schema := o.oneOf(parameter)
	if schema == nil {
		return ""
	}
	s := &sampler{w: o.w}
	return text(s.value(just(schema), nil, parameter, nth, 0))
}

// oneOf is the schema of one value of a parameter, which may be a list of them.
func (o *Operation) oneOf(parameter string) *yaml.Node {
	schema := o.schemas[parameter]
	if kind, family := o.w.kind(schema); schema != nil && kind == list {
		return allOf(family.items)
	}
	return schema
}
