package adr

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// referenceRules are about $ref and what it leads to.
func referenceRules() []rule {
	reference := in22("adr-reference", "invalid-ref")
	reference.Source = asked22 + "; OpenAPI Specification 3, Reference Object"
	return []rule{
		{Rule: reference, run: references},
		{Rule: in21("adr-ref-siblings", check.Warning, "no-$ref-siblings"), run: refSiblings},
		{Rule: in21("adr-unused-component", check.Note, "oas3-unused-component"), run: unusedComponents},
	}
}

func references(ctx context.Context, d *Document, found finder) {
	for _, ref := range d.index(ctx).refs {
		if names(ref.parent) {
			continue
		}
		switch {
		case strings.HasPrefix(ref.text, "#"):
			if len(ref.text) > 1 && ref.text[1] != '/' { // an anchor
				continue
			}
			if d.target(ref.text) == nil {
				found(ref, "nowhere", ref.text)
			} else if _, ok := d.resolve(ref.parent); !ok && d.circle(ref.parent) {
				found(ref, "circle", ref.text)
			}
		case d.has != nil && !strings.Contains(ref.text, ":"):
			file, _, _ := strings.Cut(ref.text, "#")
			file = path.Join(path.Dir(d.Path), file)
			if ref.text != "" && !strings.HasPrefix(file, "..") && !strings.HasPrefix(ref.text, "/") && !d.has(file) {
				found(ref, "file", file)
			}
		}
	}
}

// circle says whether following a $ref comes back where it began.
func (d *Document) circle(from *node) bool {
	n := from
	for range maxRefs {
		ref := n.get("$ref")
		if !ref.is(isText) {
			return false
		}
		if n = d.target(ref.text); n == nil {
			return false
		}
		if n == from {
			return true
		}
	}
	return false
}

func refSiblings(ctx context.Context, d *Document, found finder) {
	if !d.v30() {
		return
	}
	for _, ref := range d.index(ctx).refs {
		if names(ref.parent) {
			continue
		}
		for c := range ref.parent.all() {
			if c != ref && !strings.HasPrefix(c.key, "x-") {
				found(c, "", c.key, ref.text)
			}
		}
	}
}

var componentKinds = []string{"schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks"}

// unusedComponents says which components nothing refers to. Of a description that refers
// to other files it is unknown whether they refer back.
func unusedComponents(ctx context.Context, d *Document, found finder) {
	used := map[*node]bool{}
	use := func(ref string) {
		// What lies in a component makes all of it used.
		for n := d.target(ref); n != nil; n = n.parent {
			used[n] = true
		}
	}
	for _, ref := range d.index(ctx).refs {
		if !strings.HasPrefix(ref.text, "#") && !strings.Contains(ref.text, ":") {
			return
		}
		use(ref.text)
	}
	d.walk(ctx, func(n *node) bool {
		if n.parent != nil && n.parent.key == "mapping" && n.is(isText) {
			if use(n.text); !strings.Contains(n.text, "/") {
				use("#/components/schemas/" + n.text)
			}
		}
		return true
	})
	for component := range d.root.get("components").all() {
		if !slices.Contains(componentKinds, component.key) || component.kind != isObject {
			continue
		}
		for c := range component.all() {
			if !used[c] {
				found(c, "", c.key, component.key)
			}
		}
	}
}
