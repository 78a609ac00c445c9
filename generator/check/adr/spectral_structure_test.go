package adr

import (
	"context"
	"strings"
	"sync"
)

// coarseStructure is as precise as the structural rules can be compared; "" when that is
// per place.
func coarseStructure(d *Document, name, pointer string) string {
	switch name {
	case "oas3-schema":
		// In 3.1 Spectral names the object that holds what does not belong there, and all
		// objects around a mistake.
		if d.v31() {
			return name
		}
	case "oas3-valid-media-example", "oas3-valid-schema-example":
		// Spectral stops at the first mistake in an example, and names the object that holds
		// what does not belong there.
		for _, end := range []string{"/example/", "/default/", "/value/"} {
			if before, _, ok := strings.Cut(pointer+"/", end); ok {
				return name + " " + before
			}
		}
	}
	return ""
}

// explainedStructure are the differences that we mean between what Spectral says and what
// the structural rules say.
func explainedStructure(d *Document, name, pointer string) bool {
	switch name {
	case "oas3-schema":
		// Spectral's copy of the schema does not look at schemes of type http, and knows no
		// example beside examples in 3.1.
		return strings.HasPrefix(pointer, "/components/securitySchemes/") || d.v31() && strings.HasSuffix(pointer, "application~1json")
	case "oas3-valid-media-example", "oas3-valid-schema-example", "oas3-server-variables":
		// With an invalid schema or server Spectral says of everything that uses it that it
		// cannot judge it. We say what is invalid, once.
		return len(mistakesOf(d)) > 0 || strict(d)
	case "oas3-unused-component":
		// Spectral does not see that a discriminator uses a schema; and of what other files
		// may use, we say nothing.
		return outside(d) || anyNode(d, func(n *node) bool { return n.key == "mapping" && n.is(isObject) })
	case "invalid-ref":
		// We fetch nothing; Spectral says of what it cannot fetch that it is wrong.
		return outside(d)
	case "array-items":
		return d.v31() // there an array without items holds anything
	}
	return false
}

var mistakes sync.Map // *Document to what mistakesOf gives

func mistakesOf(d *Document) []string {
	if known, ok := mistakes.Load(d); ok {
		return known.([]string)
	}
	var all []string
	defer func() { mistakes.Store(d, all) }()
	validOpenAPI(context.Background(), d, func(_ *node, kase string, _ ...string) { all = append(all, kase) })
	return all
}

// strict says whether a schema holds what JSON Schema itself does not take, and OpenAPI
// does: Spectral then judges no example by it.
func strict(d *Document) bool {
	found := false
	d.walk(context.Background(), func(n *node) bool {
		switch {
		case n.key == "allOf" && n.is(isArray) && n.size() == 0:
			found = true
		case n.key == "enum" && n.is(isArray):
			seen := map[string]bool{}
			for c := range n.all() {
				found = found || seen[c.text]
				seen[c.text] = true
			}
		}
		return true
	})
	return found
}

// anyNode says whether there is a node like that.
func anyNode(d *Document, is func(*node) bool) bool {
	found := false
	d.walk(context.Background(), func(n *node) bool {
		found = found || is(n)
		return !found
	})
	return found
}

// outside says whether a $ref leads out of the document.
func outside(d *Document) bool {
	return anyNode(d, func(n *node) bool { return n.key == "$ref" && n.is(isText) && !strings.HasPrefix(n.text, "#") })
}
