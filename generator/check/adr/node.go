package adr

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// kind says what a node is, in the terms of JSON.
type kind uint8

const (
	isNull kind = iota
	isBool
	isNumber
	isText
	isArray
	isObject
)

// node is a value in a description, and where it stands. JSON and YAML give the same
// nodes: aliases and merge keys are worked out, of a key that comes twice the last one
// counts (Document.twice has the others). All methods may be called on nil, for which
// nothing was found.
type node struct {
	parent   *node
	key      string // under which it stands in the parent; the index in an array
	text     string // a text without quotes, or a number, bool or null as it was written
	children []*node
	byKey    map[string]*node // of large objects only

	line, column       int32 // of the value, from 1; columns are characters
	keyLine, keyColumn int32 // of the key; those of the value in an array
	kind               kind
}

// get goes down by keys (indexes in arrays) as they stand, past no $ref; nil when there
// is nothing. See Document.at.
func (n *node) get(keys ...string) *node {
	for _, key := range keys {
		if n = n.child(key); n == nil {
			return nil
		}
	}
	return n
}

const manyChildren = 12

func (n *node) child(key string) *node {
	switch {
	case n == nil || n.kind < isArray:
		return nil
	case n.kind == isArray:
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(n.children) {
			return nil
		}
		return n.children[i]
	case len(n.children) > manyChildren:
		if n.byKey == nil {
			n.byKey = make(map[string]*node, len(n.children))
			for _, c := range n.children {
				n.byKey[c.key] = c
			}
		}
		return n.byKey[key]
	}
	for _, c := range n.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

// all gives the values of an object (each knows its key) or of an array.
func (n *node) all() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		if n == nil {
			return
		}
		for _, c := range n.children {
			if !yield(c) {
				return
			}
		}
	}
}

// size is how many members or items there are.
func (n *node) size() int {
	if n == nil {
		return 0
	}
	return len(n.children)
}

// is says whether there is a node and it is of a kind.
func (n *node) is(k kind) bool { return n != nil && n.kind == k }

// str is the text of a node that is a text.
func (n *node) str() string {
	if !n.is(isText) {
		return ""
	}
	return n.text
}

// truthy is what JavaScript holds for true, as rules of Spectral ask.
func (n *node) truthy() bool {
	if n == nil {
		return false
	}
	switch n.kind {
	case isNull:
		return false
	case isBool:
		return n.text == "true"
	case isNumber:
		f, err := strconv.ParseFloat(n.text, 64)
		return err != nil || f != 0
	case isText:
		return n.text != ""
	default:
		return true
	}
}

// path is the JSON path from the root: what Spectral calls path.
func (n *node) path() []string {
	path := []string{}
	for ; n != nil && n.parent != nil; n = n.parent {
		path = append(path, n.key)
	}
	slices.Reverse(path)
	return path
}

// where is the path for people: paths › /x › get.
func (n *node) where() string {
	if n == nil || n.parent == nil {
		return "/"
	}
	return strings.Join(n.path(), " › ")
}

// short is a value for people, on one line.
func (n *node) short() string {
	switch {
	case n == nil:
		return ""
	case n.kind == isObject:
		return "{…}"
	case n.kind == isArray:
		return "[…]"
	}
	const most = 60
	text := strings.Join(strings.Fields(n.text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	if text == "" && n.kind == isText {
		return `""`
	}
	return text
}

// canonical is the same text for the same value.
func (n *node) canonical() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	b.WriteByte('0' + byte(n.kind))
	switch n.kind {
	case isArray:
		for _, c := range n.children {
			c.write(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	case isObject:
		sorted := slices.SortedFunc(slices.Values(n.children), func(a, b *node) int { return strings.Compare(a.key, b.key) })
		for _, c := range sorted {
			b.WriteString(strconv.Quote(c.key))
			c.write(b)
			b.WriteByte(',')
		}
		b.WriteByte('}')
	case isNumber:
		if f, ok := n.number(); ok {
			b.WriteString(strconv.FormatFloat(f, 'g', -1, 64))
			return
		}
		b.WriteString(n.text)
	default:
		b.WriteString(strconv.Quote(n.text))
	}
}
