package openapi

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

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

// text is the value of a scalar, or "".
func text(n *yaml.Node) string {
	if n = plain(n); n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// line is a text without line breaks, white space as single spaces.
func line(n *yaml.Node) string { return strings.Join(strings.Fields(text(n)), " ") }

// each calls f for every key of a mapping, in the order of the file.
func each(n *yaml.Node, f func(key string, value *yaml.Node)) {
	if n = plain(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f(n.Content[i].Value, n.Content[i+1])
	}
}

// get returns the value of a key of a mapping, or nil.
func get(n *yaml.Node, key string) *yaml.Node {
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

// number is the value of a scalar as a number.
func number(n *yaml.Node) (float64, bool) {
	f, err := strconv.ParseFloat(text(n), 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

// count is the value of a scalar as a whole number; otherwise when there is none.
func count(n *yaml.Node, otherwise int) int {
	f, ok := number(n)
	if !ok || f < 0 || f > 1e9 {
		return otherwise
	}
	return int(f)
}

// JSON types of a value.
const (
	null    = "null"
	boolean = "boolean"
	integer = "integer"
	decimal = "number"
	str     = "string"
	list    = "array"
	object  = "object"
)

// kindOf is the JSON type of a value. YAML knows a few values that JSON does
// not, such as a date and 0123; those are strings.
func kindOf(n *yaml.Node) string {
	if n = plain(n); n == nil {
		return null
	}
	switch n.Kind {
	case yaml.MappingNode:
		return object
	case yaml.SequenceNode:
		return list
	}
	switch n.ShortTag() {
	case "!!null":
		return null
	case "!!bool":
		return boolean
	case "!!int", "!!float":
		if f, ok := number(n); ok && json.Valid([]byte(n.Value)) {
			if f == math.Trunc(f) {
				return integer
			}
			return decimal
		}
	}
	return str
}

// writer writes a value as compact JSON and stops when it becomes too much.
type writer struct {
	buf  bytes.Buffer
	left int // nodes
	full bool
}

// maxValue is how large an example may be: nodes, and about as many bytes as
// package model takes from a file.
const (
	maxValue      = 20_000
	maxValueBytes = 1 << 20
)

// encode writes a value as indented JSON; "" when it is too large or too deep.
func encode(n *yaml.Node) string {
	w := &writer{left: maxValue}
	w.node(n, 0)
	var out bytes.Buffer
	if w.full || json.Indent(&out, w.buf.Bytes(), "", "  ") != nil {
		return ""
	}
	return out.String() + "\n"
}

func (w *writer) node(n *yaml.Node, depth int) {
	w.left--
	if w.left < 0 || depth > maxDepth || w.buf.Len() > maxValueBytes {
		w.full = true
		return
	}
	n = plain(n)
	switch kindOf(n) {
	case object:
		w.buf.WriteByte('{')
		for i := 0; i+1 < len(n.Content) && !w.full; i += 2 {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			w.string(n.Content[i].Value)
			w.buf.WriteByte(':')
			w.node(n.Content[i+1], depth+1)
		}
		w.buf.WriteByte('}')
	case list:
		w.buf.WriteByte('[')
		for i := 0; i < len(n.Content) && !w.full; i++ {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			w.node(n.Content[i], depth+1)
		}
		w.buf.WriteByte(']')
	case str:
		w.string(n.Value)
	case boolean:
		w.buf.WriteString(strings.ToLower(n.Value))
	case integer, decimal:
		w.buf.WriteString(n.Value)
	default:
		w.buf.WriteString("null")
	}
}

func (w *writer) string(s string) {
	encoded, _ := json.Marshal(s)
	w.buf.Write(encoded)
}
