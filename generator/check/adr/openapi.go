package adr

import (
	"context"
	"embed"
	"strings"
	"sync"
)

// schemas are the official schemas of OpenAPI: see openapi/README.md.
//
//go:embed openapi/*.json
var schemas embed.FS

// official is an official schema, ready for use. It is shared: nothing in it changes.
type official struct {
	root *node
	refs map[*node]*node
	meta *official
}

var (
	openAPI30 = sync.OnceValue(func() *official { return load("v3.0") })
	openAPI31 = sync.OnceValue(func() *official {
		o := load("v3.1")
		o.meta = load("dialect-3.1")
		for from, to := range o.meta.refs {
			o.refs[from] = to
		}
		return o
	})
)

// load reads a schema and works out beforehand what is otherwise worked out on use.
func load(name string) *official {
	body, err := schemas.ReadFile("openapi/" + name + ".json")
	if err != nil {
		panic(err)
	}
	d := &Document{}
	if err := d.readJSON(body); err != nil {
		panic(err)
	}
	o := &official{root: d.root, refs: map[*node]*node{}}
	d.walk(context.Background(), func(n *node) bool {
		n.child("") // makes the index
		if n.key == "$ref" && n.is(isText) && strings.HasPrefix(n.text, "#") {
			o.refs[n] = d.target(n.text)
		}
		return true
	})
	return o
}

// validator holds descriptions against it.
func (o *official) validator(ctx context.Context) *validator {
	v := &validator{ctx: ctx, dialect: draft2020, target: func(ref *node) *node { return o.refs[ref] }}
	if o.meta != nil {
		v.meta = o.meta.root
	} else {
		v.dialect = draft4
	}
	return v
}
