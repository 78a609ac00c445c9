package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// tree is the shape of a JSON document: the dotted paths of everything in it,
// in the order of the document. Lists leave no trace in a path.
type tree struct {
	all  []string
	seen map[string]bool
}

var errNotObject = errors.New("model: an example is a JSON object or list")

// parseTree reads one JSON document.
func parseTree(document string) (*tree, error) {
	t := &tree{seen: map[string]bool{}}
	d := json.NewDecoder(strings.NewReader(document))
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if _, ok := token.(json.Delim); !ok {
		return nil, errNotObject
	}
	if err := t.rest(d, token, "", 0); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("model: more than one JSON document")
	}
	return t, nil
}

// maxDepth is deeper than any answer of a source that people can follow.
const maxDepth = 64

// rest reads what follows token, the first one of the value at path.
func (t *tree) rest(d *json.Decoder, token json.Token, path string, depth int) error {
	delim, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth > maxDepth {
		return fmt.Errorf("model: an example is at most %d levels deep", maxDepth)
	}
	for d.More() {
		below := path
		if delim == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			below = strings.TrimPrefix(path+"."+key.(string), ".")
			if !t.seen[below] {
				t.seen[below] = true
				t.all = append(t.all, below)
			}
		}
		value, err := d.Token()
		if err != nil {
			return err
		}
		if err := t.rest(d, value, below, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// paths returns the full paths that field means: those that are it, or end
// with it.
func (t *tree) paths(field string) []string {
	var out []string
	for _, path := range t.all {
		if path == field || strings.HasSuffix(path, "."+field) {
			out = append(out, path)
		}
	}
	return out
}

// has says whether the document has field.
func (t *tree) has(field string) bool { return len(t.paths(field)) > 0 }

// synthesise makes an answer of the purpose fields alone, for a source of which
// nobody gave an example.
func synthesise(fields []string) string {
	root := &branch{}
	for _, field := range fields {
		root.grow(strings.Split(field, "."), field)
	}
	var b strings.Builder
	root.write(&b, "")
	b.WriteByte('\n')
	return b.String()
}

// branch is an object under construction, in the order of the answers.
type branch struct {
	keys     []string
	children map[string]*branch
	value    string // JSON; only without children
}

func (n *branch) grow(path []string, field string) {
	if len(path) == 0 {
		return
	}
	child := n.children[path[0]]
	if child == nil {
		if n.children == nil {
			n.children = map[string]*branch{}
		}
		child = &branch{value: sampleValue(field)}
		n.children[path[0]] = child
		n.keys = append(n.keys, path[0])
	}
	child.grow(path[1:], field)
}

func (n *branch) write(b *strings.Builder, indent string) {
	if len(n.keys) == 0 {
		b.WriteString(or(n.value, "{}"))
		return
	}
	b.WriteString("{\n")
	for i, key := range n.keys {
		name, _ := json.Marshal(key)
		b.WriteString(indent + "  " + string(name) + ": ")
		n.children[key].write(b, indent+"  ")
		if i < len(n.keys)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(indent + "}")
}

// sampleValue is a JSON value that suits the name of a field.
func sampleValue(field string) string {
	_, last, _ := cutLast(field)
	if known, ok := openapi.Known(last); ok {
		return known
	}
	text, _ := json.Marshal("nagebootst: " + field)
	return string(text)
}

func cutLast(path string) (parent, last string, found bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}
