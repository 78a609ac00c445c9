package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// designLinter has one rule for all that an official ruleset finds and that is right: a
// team meets it in the register of APIs, and should not have to look for its mistake.
func designLinter() []rule {
	return []rule{{
		Rule: check.Rule{
			ID: "adr-linter", Group: check.API, Severity: check.Note,
			Source: "API Design Rules linter, 2.2 and 2.1.0",
			URL:    "https://developer.overheid.nl/kennisbank/apis/api-design-rules/api-design-rules-linter",
			Official: slices.Concat(both("http-methods", "paths-kebab-case", "property-casing", "servers-use-https"), []string{
				"nlgov:openapi3", "openapi3", "nlgov:problem-invalid-input", "nlgov:specify-format-for-date-and-time",
				"nlgov:use-date-instead-of-datetime", "paths-open-api-json-specify-cors-header", "paths-open-api-json-resource-has-get",
			}),
		},
		official: map[string]string{
			"openapi":    "nlgov:openapi3 openapi3",
			"openapi-21": "openapi3",
			"openapi-22": "nlgov:openapi3",
			"methods":    "nlgov:http-methods http-methods",
			"extension":  "nlgov:paths-kebab-case paths-kebab-case",
			"yaml":       "paths-kebab-case",
			"links":      "nlgov:property-casing property-casing",
			"operation":  "nlgov:problem-invalid-input",
			"date":       "nlgov:specify-format-for-date-and-time",
			"moment":     "nlgov:use-date-instead-of-datetime",
			"cors":       "paths-open-api-json-specify-cors-header",
			"get":        "paths-open-api-json-resource-has-get",
			"servers":    "servers-use-https",
			"http":       "nlgov:servers-use-https servers-use-https",
		},
		run: linter,
	}}
}

func linter(ctx context.Context, d *Document, found finder) {
	for _, look := range []func(context.Context, *Document, finder){
		linterOpenAPI, linterPaths, linterProperties, linterOperations, linterPublication,
	} {
		if ctx.Err() == nil {
			look(ctx, d, found)
		}
	}
}

// linterOpenAPI: the ruleset asks $.['openapi'], and gets every openapi anywhere.
func linterOpenAPI(_ context.Context, d *Document, found finder) {
	for _, at := range d.facts().openapi {
		u := d.use(at)
		if at.parent == d.root || !u.node.is(isText) {
			continue
		}
		var kase string
		switch a, b := openapi3().MatchString(u.node.text), openapi30().MatchString(u.node.text); {
		case !a && !b:
			kase = "openapi"
		case a && !b:
			kase = "openapi-21"
		case !a:
			kase = "openapi-22"
		default:
			continue
		}
		found(u.at, kase, u.node.text)
	}
}

var (
	methodsPath = pattern(`(?i)(description|summary)`)
	methodsKey  = pattern(`post|put|get|delete|patch|parameters`)
)

// linterPaths: the ruleset holds paths by that name for descriptions, and extensions for
// paths.
func linterPaths(_ context.Context, d *Document, found finder) {
	done := map[*node]bool{}
	for _, p := range d.members(d.at(d.root, "paths")) {
		if methodsPath().MatchString(p.key) {
			for _, m := range d.members(first(p.node, done)) {
				if p.node.is(isObject) && !methodsKey().MatchString(m.key) {
					found(m.at, "methods", m.key, p.key)
				}
			}
			if p.node.is(isText) && !methodsKey().MatchString(p.node.text) {
				found(p.at, "methods", p.node.text, p.key)
			}
		}
		switch {
		case kebab().MatchString(p.key):
		case strings.HasPrefix(p.key, "x-") && !ownPath().MatchString(p.key):
			found(p.at, "extension", p.key)
		case ownPath().MatchString(p.key) && !strings.Contains(p.key, openapiJSON):
			found(p.at, "yaml", p.key)
		}
	}
}

// first gives a node the first time, and nil after that.
func first(n *node, done map[*node]bool) *node {
	if done[n] {
		return nil
	}
	done[n] = true
	return n
}

var (
	linksName = pattern(`(?i)_links`)
	camel     = pattern(`^[a-z][a-z0-9]*(?:[A-Z0-9](?:[a-z0-9]+|$))*$`)
)

// linterProperties: the ruleset looks at _links only, and there at the keys of the
// schema; and goes by names alone for dates.
func linterProperties(ctx context.Context, d *Document, found finder) {
	var properties []used
	for holder := range d.root.all() {
		for _, schema := range d.members(d.at(holder, "schemas")) {
			if p, ok := d.child(schema, "properties"); ok {
				properties = append(properties, p)
			}
		}
	}
	d.links(ctx, properties, found)
	for _, p := range d.dated() {
		if d.lacksFormat(p) && d.noDate(p) {
			found(p.at, "date", p.key)
		}
	}
	for _, f := range d.moments(ctx, false) {
		found(f.at, "moment", f.source.key)
	}
}

func (d *Document) links(ctx context.Context, properties []used, found finder) {
	done := map[*node]bool{}
	for n := 0; len(properties) > 0 && (n%1024 != 0 || ctx.Err() == nil); n++ {
		p := properties[len(properties)-1]
		properties = properties[:len(properties)-1]
		if done[p.node] {
			continue
		}
		done[p.node] = true
		for _, c := range d.members(p.node) {
			if linksName().MatchString(c.key) {
				d.linkKeys(c, found)
			}
			if c.node.kind >= isArray {
				properties = append(properties, c)
			}
		}
	}
}

func (d *Document) linkKeys(u used, found finder) {
	switch {
	case u.node.is(isText) && u.node.text != "" && !camel().MatchString(u.node.text):
		found(u.at, "links", u.node.text)
	case u.node.is(isObject):
		for _, c := range d.members(u.node) {
			if c.key != "" && !camel().MatchString(c.key) {
				found(c.at, "links", c.key)
			}
		}
	}
}

// linterOperations: the ruleset holds for an operation all that has the name of a method
// in its own name, such as a postcode in an example.
func linterOperations(_ context.Context, d *Document, found finder) {
	for _, u := range d.facts().callable {
		if at, lacks := d.lacks400(u); lacks && !isOperationNode(u) {
			found(at, "operation", u.key)
		}
	}
}

// linterPublication: the ruleset of 2.1 knows one spelling of a header, takes what else
// stands in a path for a method, and all that is called servers for servers.
func linterPublication(_ context.Context, d *Document, found finder) {
	headers, _ := d.openapiJSONHeaders()
	for _, h := range headers {
		if other := spelledOtherwise(h.node); other != nil && !h.node.get(allowOrigin).truthy() {
			found(h.at, "cors", other.key)
		}
	}
	path, _ := d.openapiJSONPath()
	for _, m := range d.members(path.node) {
		if path.node.is(isObject) && !strings.Contains(m.key, "get") && !slices.Contains(methods, m.key) {
			found(m.at, "get", m.key)
		}
	}
	for _, s := range append(d.members(d.at(d.root, "servers")), d.facts().servers...) {
		switch {
		case !s.node.is(isText) || strings.HasPrefix(s.node.text, "https://"):
		case strings.HasPrefix(s.node.text, "http://"):
			found(s.at, "http", s.node.text)
		default:
			found(s.at, "servers", s.node.text)
		}
	}
}
