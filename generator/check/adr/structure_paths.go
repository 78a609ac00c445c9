package adr

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// pathRules are about paths and the parameters in them.
func pathRules() []rule {
	return []rule{
		{Rule: in22("adr-path-parameters", "path-params"), run: pathParameters},
		{
			// The official rule by this name wants a space before the slash: a slip in its
			// pattern. That of Spectral, which is in both rulesets, finds the rest.
			Rule:     in22("adr-trailing-slash", "path-keys-no-trailing-slash", "nlgov:paths-no-trailing-slash", "paths-no-trailing-slash"),
			official: map[string]string{"": "path-keys-no-trailing-slash"},
			run: paths(func(path string) string {
				if len(path) > 2 && strings.HasSuffix(path, " /") {
					return "space"
				}
				return when(len(path) > 1 && strings.HasSuffix(path, "/"), "")
			}),
		},
		{
			Rule:     in21("adr-path-form", check.Warning, "path-declarations-must-exist", "path-not-include-query"),
			official: map[string]string{"empty": "path-declarations-must-exist", "query": "path-not-include-query"},
			run: func(ctx context.Context, d *Document, found finder) {
				paths(func(path string) string { return when(strings.Contains(path, "{}"), "empty") })(ctx, d, found)
				paths(func(path string) string { return when(strings.Contains(path, "?"), "query") })(ctx, d, found)
			},
		},
	}
}

const fine = "\x00"

func when(wrong bool, kase string) string {
	if wrong {
		return kase
	}
	return fine
}

// paths judges the paths as they are written.
func paths(judge func(path string) (kase string)) func(context.Context, *Document, finder) {
	return func(_ context.Context, d *Document, found finder) {
		for item := range d.at(d.root, "paths").all() {
			if kase := judge(item.key); kase != fine {
				found(item, kase, item.key)
			}
		}
	}
}

var pathVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{;?\??[a-zA-Z0-9_-]+\*?\}`) })

// pathParameters holds the variables in paths against the parameters of the operations.
func pathParameters(ctx context.Context, d *Document, found finder) {
	equal := map[string]string{}
	for raw := range d.at(d.root, "paths").all() {
		item, ok := d.resolve(raw)
		if !ok || item.kind != isObject || ctx.Err() != nil {
			continue
		}
		path := raw.key
		form := pathVariable().ReplaceAllString(path, "%")
		if other, ok := equal[form]; ok {
			found(raw, "equal", other, path)
		} else {
			equal[form] = path
		}
		inPath := map[string]bool{}
		var order []string
		for _, name := range pathVariable().FindAllString(path, -1) {
			if name = strings.Trim(name, "{}?*;"); inPath[name] {
				found(raw, "again", path, name)
				continue
			}
			inPath[name] = true
			order = append(order, name)
		}
		p := pathCheck{d: d, path: path, found: found}
		shared, known := p.parameters(item.get("parameters"))
		for op := range d.operationsOf(path, item) {
			own, ownKnown := p.parameters(op.node.get("parameters"))
			p.operation(op, order, inPath, shared, own, known && ownKnown)
		}
	}
}

type pathCheck struct {
	d     *Document
	path  string
	found finder
}

// parameters gives the parameters of a list that are in the path. known is false when
// some of the list stand where nobody looked.
func (p pathCheck) parameters(l *node) (byName map[string]*node, known bool) {
	byName, known = map[string]*node{}, true
	for raw := range l.all() {
		param, ok := p.d.resolve(raw)
		if !ok {
			known = false
			continue
		}
		name := param.get("name")
		if param.get("in").str() != "path" || !name.is(isText) {
			continue
		}
		if required := param.get("required"); !required.is(isBool) || required.text != "true" {
			p.found(param, "optional", name.text)
		}
		if byName[name.text] != nil {
			p.found(param, "double", name.text)
			continue
		}
		byName[name.text] = param
	}
	return byName, known
}

func (p pathCheck) operation(op operation, order []string, inPath map[string]bool, shared, own map[string]*node, known bool) {
	for _, params := range []map[string]*node{shared, own} {
		for name, param := range params {
			if !inPath[name] {
				p.found(param, "unused", name, p.path)
			}
		}
	}
	if !known {
		return
	}
	for _, name := range order {
		if shared[name] == nil && own[name] == nil {
			p.found(op.node, "undefined", name, op.method, p.path)
		}
	}
}
