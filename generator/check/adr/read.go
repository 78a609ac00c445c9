package adr

import (
	"bytes"
	"errors"
	"fmt"
)

// Limits on a description. The largest of a municipality has some 20.000 nodes.
const (
	maxNodes = 500_000 // also what aliases unfold to
	maxDepth = 500
)

var (
	errTooLarge = errors.New("too many values")
	errTooDeep  = errors.New("too deep")
	errSeveral  = errors.New("several documents in one file")
	errCyclic   = errors.New("an alias that holds itself")
)

// syntaxError is where a file stops being JSON or YAML.
type syntaxError struct {
	line, column int
	message      string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.line, e.column, e.message) }

// read reads a description. nil without an error is a file that is something else.
func read(name string, body []byte) (*Document, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	d := &Document{Path: name}
	var err error
	if first := bytes.TrimLeft(body, " \t\r\n"); len(first) > 0 && first[0] == '{' {
		err = d.readJSON(body)
		var syntax *syntaxError
		// A file of YAML may begin with a brace too.
		if errors.As(err, &syntax) && !isJSONName(name) {
			other := &Document{Path: name}
			if other.readYAML(body) == nil {
				d, err = other, nil
			}
		}
	} else {
		err = d.readYAML(body)
	}
	if err != nil && (!errors.Is(err, errSeveral) || isDescription(d.root)) {
		return nil, err
	}
	if !isDescription(d.root) && !(isNamed(name) && lacksVersion(d.root)) {
		return nil, nil
	}
	if version := orElse(d.root.get("openapi"), d.root.get("swagger")); version != nil {
		d.Version = version.text
	}
	return d, nil
}

// builder makes nodes and keeps the limits.
type builder struct {
	d     *Document
	depth int
	block []node // nodes come in blocks: there are many
}

func (b *builder) node() (*node, error) {
	if b.d.size++; b.d.size > maxNodes {
		return nil, errTooLarge
	}
	if len(b.block) == 0 {
		b.block = make([]node, 128)
	}
	n := &b.block[0]
	b.block = b.block[1:]
	return n, nil
}

// tidy makes of an object in which a key comes twice one in which it comes once: the last
// one counts, as in JavaScript.
func (b *builder) tidy(n *node) {
	var last map[string]int
	if len(n.children) > manyChildren {
		last = make(map[string]int, len(n.children))
		for i, c := range n.children {
			last[c.key] = i
		}
		if len(last) == len(n.children) {
			return
		}
	}
	kept := n.children[:0:len(n.children)]
	for i, c := range n.children {
		if again := later(n.children, i, last); again >= 0 {
			b.d.twice = append(b.d.twice, n.children[again])
			continue
		}
		kept = append(kept, c)
	}
	n.children = kept
}

// later is the last place after i where the key of i comes again; -1 when it does not.
func later(children []*node, i int, last map[string]int) int {
	if last != nil {
		if at := last[children[i].key]; at > i {
			return at
		}
		return -1
	}
	for at := len(children) - 1; at > i; at-- {
		if children[at].key == children[i].key {
			return at
		}
	}
	return -1
}
