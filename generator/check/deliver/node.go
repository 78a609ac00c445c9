package deliver

import (
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes is how many nodes are made of one file: an alias of an alias of an alias would
// make billions.
const maxNodes = 200_000

// maxDepth is how deep a value may lie.
const maxDepth = 100

// node is a value of YAML, or of a template of a chart that becomes YAML.
type node struct {
	path  string
	line  int
	text  string // of a scalar; of an expression in a template as it stands there
	keys  []key  // of a mapping, in order; a template can have one twice
	items []*node
	isMap bool
	isSeq bool
	// open: what no reader of files can know stands here as well, so that what is not
	// there may be there after all.
	open bool
	// encrypts: the template of which this is the document can ask for encryption.
	encrypts bool

	null bool   // a key without a value
	dot  string // in a template: what a dot means here, such as ".Values.ingress"; "?" when nobody knows
}

type key struct {
	name  string
	value *node
}

// get follows keys. It is nil when there is no such value; known is false when that does
// not show, because part of it is made by what cannot be followed.
func (n *node) get(names ...string) (value *node, known bool) {
	at := n
	for _, name := range names {
		if at == nil {
			return nil, true
		}
		var next *node
		for i := range at.keys {
			if at.keys[i].name == name {
				next = at.keys[i].value
				break
			}
		}
		if next == nil {
			return nil, !at.open
		}
		at = next
	}
	return at, true
}

// at is get for who does not care why it is not there.
func (n *node) at(names ...string) *node {
	value, _ := n.get(names...)
	return value
}

// list are the items of a list, also of nil.
func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// word is the text of a scalar, also of nil.
func (n *node) word() string {
	if n == nil {
		return ""
	}
	return n.text
}

// isEmpty says whether there is nothing in it.
func (n *node) isEmpty() bool {
	return n == nil || len(n.keys) == 0 && len(n.items) == 0 && n.text == "" && !n.open
}

func (n *node) set(name string, value *node) {
	n.isMap = true
	n.keys = append(n.keys, key{name, value})
}

// errTooMuch says that a file makes more nodes than anybody writes.
var errTooMuch = errors.New("deliver: too many values")

// documents reads the documents of a YAML file.
func documents(path string, body []byte) ([]*node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(body)))
	var all []*node
	left := maxNodes
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		r := reader{path: path, left: left}
		n := r.read(&doc, 0)
		if r.left <= 0 {
			return all, errTooMuch
		}
		left = r.left
		all = append(all, n)
	}
}

// document reads a YAML file of one document; an empty one is an empty mapping.
func document(path string, body []byte) (*node, error) {
	all, err := documents(path, body)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || all[0] == nil {
		return &node{path: path, line: 1}, nil
	}
	return all[0], nil
}

// reader makes nodes of what package yaml read.
type reader struct {
	path string
	left int
}

func (r *reader) read(n *yaml.Node, depth int) *node {
	if r.left--; r.left <= 0 || n == nil || depth > maxDepth {
		return nil
	}
	out := &node{path: r.path, line: n.Line}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil
		}
		return r.read(n.Content[0], depth+1)
	case yaml.AliasNode:
		return r.read(n.Alias, depth+1)
	case yaml.MappingNode:
		out.isMap = true
		for _, merges := range []bool{false, true} { // what is said here goes before what is merged in
			for i := 0; i+1 < len(n.Content); i += 2 {
				if (n.Content[i].Value == "<<") == merges {
					r.pair(out, n.Content[i], n.Content[i+1], depth)
				}
			}
		}
	case yaml.SequenceNode:
		out.isSeq = true
		for _, item := range n.Content {
			if value := r.read(item, depth+1); value != nil {
				out.items = append(out.items, value)
			}
		}
	default:
		out.text, out.null = n.Value, n.Tag == "!!null"
		if out.null {
			out.text = ""
		}
	}
	return out
}

// pair adds a key with its value; of a merge key all keys that are not there yet.
func (r *reader) pair(out *node, name, value *yaml.Node, depth int) {
	read := r.read(value, depth+1)
	if read == nil {
		return
	}
	if name.Value != "<<" {
		if read.line == 0 || value.Kind == yaml.AliasNode || read.isMap || read.isSeq {
			read.line = name.Line
		}
		out.set(name.Value, read)
		return
	}
	merged := []*node{read}
	if read.isSeq {
		merged = read.items
	}
	for _, one := range merged {
		for _, k := range one.keys {
			if out.at(k.name) == nil {
				out.set(k.name, k.value)
			}
		}
	}
}
