package adr

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"
)

// Document is a description of an API, read from JSON or YAML.
type Document struct {
	Path    string // in the repository
	Version string // what openapi: says, or swagger:

	root     *node
	noted    *facts                 // see facts
	gone     *each                  // see each
	twice    []*node                // keys that come again later in the same object
	bare     []*node                // of which the key is no text, such as 200 without quotes
	size     int                    // nodes
	has      func(name string) bool // whether the repository has a file
	found    *index
	targets  map[string]*node // see target; nil where there is nothing
	resolved map[*node]*node  // see resolve; nil where it leads nowhere
	left     []missed         // what could not be judged
}

// missed is a rule that could not be judged in a document, and the code of why.
type missed struct{ rule, why string }

// miss says that a rule could not be judged here.
func (d *Document) miss(rule, why string) { d.left = append(d.left, missed{rule, why}) }

// swagger says that it is of before OpenAPI 3.
func (d *Document) swagger() bool { return d.root.get("openapi") == nil }

// v30, v31 and v32 say which OpenAPI it is, as the formats of Spectral tell it.
func (d *Document) v30() bool { return !d.swagger() && isVersion(d.Version, "3.0") }
func (d *Document) v31() bool { return !d.swagger() && isVersion(d.Version, "3.1") }
func (d *Document) v32() bool { return !d.swagger() && isVersion(d.Version, "3.2") }

// isVersion says whether a version is 3.0, 3.0. or 3.0.3.
func isVersion(version, minor string) bool {
	patch, ok := strings.CutPrefix(version, minor)
	return ok && (patch == "" || patch[0] == '.' && strings.Trim(patch[1:], "0123456789") == "")
}

const maxRefs = 64 // in a row

// resolve follows a $ref within the document, also a $ref to a $ref. A node without $ref
// is its own answer. False when it is cyclic, goes out of the document or leads nowhere.
func (d *Document) resolve(n *node) (*node, bool) {
	if !n.is(isObject) || !n.get("$ref").is(isText) {
		return n, n != nil
	}
	to, known := d.resolved[n]
	if !known {
		to = d.resolveOnce(n)
		if d.resolved == nil {
			d.resolved = map[*node]*node{}
		}
		d.resolved[n] = to
	}
	return to, to != nil
}

// resolveOnce is resolve without its memory: a description of nothing but a row of $ref
// would have each rule go down the whole row from each place.
func (d *Document) resolveOnce(n *node) *node {
	for range maxRefs {
		ref := n.get("$ref")
		if !n.is(isObject) || !ref.is(isText) {
			return n
		}
		if n = d.target(ref.text); n == nil {
			return nil
		}
	}
	return nil
}

// target is the node at a reference within the document; nil when there is none. It goes
// past $ref on the way, as Spectral does.
func (d *Document) target(ref string) *node {
	to, known := d.targets[ref]
	if !known {
		to = d.follow(ref, maxRefs)
		if d.targets == nil {
			d.targets = map[string]*node{}
		}
		d.targets[ref] = to
	}
	return to
}

func (d *Document) follow(ref string, refs int) *node {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok || pointer != "" && pointer[0] != '/' || refs == 0 {
		return nil
	}
	n := d.root
	if pointer == "" {
		return n
	}
	for part := range strings.SplitSeq(pointer[1:], "/") {
		if decoded, err := url.PathUnescape(part); err == nil {
			part = decoded
		}
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		next := n.get(part)
		for ; next == nil && refs > 0; refs-- {
			on := n.get("$ref")
			if !on.is(isText) {
				return nil
			}
			if n = d.follow(on.text, refs-1); n == nil {
				return nil
			}
			next = n.get(part)
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

// pathsElsewhere says whether some paths are described in other files: nobody looked at
// what is in there.
func (d *Document) pathsElsewhere() bool {
	for item := range d.at(d.root, "paths").all() {
		if ref := item.get("$ref"); ref.is(isText) && !strings.HasPrefix(ref.text, "#") {
			return true
		}
	}
	ref := d.root.get("paths", "$ref")
	return ref.is(isText) && !strings.HasPrefix(ref.text, "#")
}

// at goes down by keys and follows $ref, also at the end: the document as it is meant.
// nil when there is nothing. Paths and places of what it gives are those of where it
// really stands, as with Spectral.
func (d *Document) at(n *node, keys ...string) *node {
	n, ok := d.resolve(n)
	for _, key := range keys {
		if !ok || n == nil {
			return nil
		}
		n, ok = d.resolve(n.get(key))
	}
	if !ok {
		return nil
	}
	return n
}

// in gives the values of an object or array, each with its $ref followed. key is under
// which name it is used there.
func (d *Document) in(n *node) iter.Seq2[string, *node] {
	return func(yield func(string, *node) bool) {
		for c := range d.at(n).all() {
			if to, ok := d.resolve(c); ok && !yield(c.key, to) {
				return
			}
		}
	}
}

// walk gives every node once, from the top down, until visit says false (that node is
// not gone into) or the context ends. $ref is not followed: where it goes to comes by
// itself.
func (d *Document) walk(ctx context.Context, visit func(*node) bool) { walk(ctx, d.root, visit) }

func walk(ctx context.Context, from *node, visit func(*node) bool) {
	if from == nil {
		return
	}
	stack := []*node{from}
	for seen := 0; len(stack) > 0; seen++ {
		if seen%1024 == 0 && ctx.Err() != nil {
			return
		}
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if visit(n) {
			for _, c := range slices.Backward(n.children) {
				stack = append(stack, c)
			}
		}
	}
}

// methods are what an operation can be under in a path.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// operation is one operation of the API.
type operation struct {
	path   string // such as /verhuizingen/{id}
	method string // in lower case
	item   *node  // of the path
	node   *node
}

// operations gives all operations in paths.
func (d *Document) operations() iter.Seq[operation] {
	return func(yield func(operation) bool) {
		for path, item := range d.in(d.root.get("paths")) {
			for op := range d.operationsOf(path, item) {
				if !yield(op) {
					return
				}
			}
		}
	}
}

// operationsOf gives the operations of one path.
func (d *Document) operationsOf(path string, item *node) iter.Seq[operation] {
	return func(yield func(operation) bool) {
		for c := range item.all() {
			if !slices.Contains(methods, c.key) {
				continue
			}
			if to, ok := d.resolve(c); ok && to.kind == isObject && !yield(operation{path, c.key, item, to}) {
				return
			}
		}
	}
}
