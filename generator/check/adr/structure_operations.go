package adr

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// operationRules are about operations.
func operationRules() []rule {
	return []rule{
		{Rule: in22("adr-operation-id-unique", "operation-operationId-unique"), run: uniqueIDs},
		{Rule: in22("adr-tags-unique", "openapi-tags-uniqueness"), run: uniqueTags},
		{
			Rule:     in21("adr-operation-id", check.Warning, "operation-operationId", "operation-operationId-valid-in-url"),
			official: map[string]string{"none": "operation-operationId", "url": "operation-operationId-valid-in-url"},
			run:      operationIDs,
		},
		{
			Rule:     in21("adr-operation-tags", check.Warning, "operation-tags", "operation-tag-defined"),
			official: map[string]string{"none": "operation-tags", "undefined": "operation-tag-defined"},
			run:      operationTags,
		},
		{Rule: in21("adr-success-response", check.Warning, "operation-success-response"), run: successResponse},
		{Rule: in21("adr-parameters-unique", check.Warning, "operation-parameters"), run: uniqueParameters},
		{Rule: in21("adr-security-defined", check.Warning, "oas3-operation-security-defined"), run: securityDefined},
		{
			Rule: in21("adr-nested-callbacks", check.Warning, "oas3-callbacks-in-callbacks", "oas3_1-callbacks-in-webhook", "oas3_1-servers-in-webhook"),
			official: map[string]string{
				"callback": "oas3-callbacks-in-callbacks", "webhook": "oas3_1-callbacks-in-webhook", "servers": "oas3_1-servers-in-webhook",
			},
			run: nestedCallbacks,
		},
	}
}

func uniqueIDs(_ context.Context, d *Document, found finder) {
	seen := map[string]operation{}
	for op := range d.operations() {
		id := op.node.get("operationId")
		if id == nil || id.kind >= isArray {
			continue
		}
		if first, ok := seen[id.text]; ok {
			found(id, "", id.text, first.method+" "+first.path, op.method+" "+op.path)
		} else {
			seen[id.text] = op
		}
	}
}

func uniqueTags(_ context.Context, d *Document, found finder) {
	seen := map[string]bool{}
	for tag := range d.at(d.root, "tags").all() {
		name := tag.get("name")
		if !name.is(isText) {
			continue
		}
		if seen[name.text] {
			found(name, "", name.text)
		}
		seen[name.text] = true
	}
}

var inURL = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9-._~:/?#\[\]@!$&'()*+,;=]*$`)
})

func operationIDs(_ context.Context, d *Document, found finder) {
	for op := range d.operations() {
		switch id := op.node.get("operationId"); {
		case !id.truthy():
			found(op.node, "none", op.method, op.path)
		case id.kind == isText && !inURL().MatchString(id.text):
			found(id, "url", id.text)
		}
	}
}

func operationTags(_ context.Context, d *Document, found finder) {
	known := map[string]bool{}
	for tag := range d.at(d.root, "tags").all() {
		known[tag.get("name").str()] = true
	}
	for op := range d.operations() {
		tags := op.node.get("tags")
		if !tags.is(isArray) || tags.size() == 0 {
			found(orElse(tags, op.node), "none", op.method, op.path)
			continue
		}
		for tag := range tags.all() {
			if tag.is(isText) && !known[tag.text] {
				found(tag, "undefined", tag.text, op.method, op.path)
			}
		}
	}
}

func successResponse(_ context.Context, d *Document, found finder) {
	for op := range d.operations() {
		responses := d.at(op.node.get("responses"))
		if !responses.is(isObject) {
			continue
		}
		if !slices.ContainsFunc(responses.children, func(c *node) bool {
			code, err := strconv.ParseFloat(c.key, 64)
			return err == nil && code >= 200 && code < 400 || c.key == "2XX" || c.key == "3XX"
		}) {
			found(responses, "", op.method, op.path)
		}
	}
}

func uniqueParameters(_ context.Context, d *Document, found finder) {
	for op := range d.operations() {
		seen := map[[2]string]bool{}
		for raw := range op.node.get("parameters").all() {
			param, ok := d.resolve(raw)
			name, in := param.get("name"), param.get("in")
			if !ok || !name.is(isText) || !in.is(isText) {
				continue
			}
			if key := [2]string{in.text, name.text}; seen[key] {
				// In the operation, not where a shared parameter is described.
				found(param, "", name.text, in.text, op.method, op.path)
			} else {
				seen[key] = true
			}
		}
	}
}

// requirements gives what security asks: of the description and of its operations.
func (d *Document) requirements() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for r := range d.root.get("security").all() {
			if !yield(r) {
				return
			}
		}
		for op := range d.operations() {
			for r := range op.node.get("security").all() {
				if !yield(r) {
					return
				}
			}
		}
	}
}

func securityDefined(_ context.Context, d *Document, found finder) {
	schemes := d.at(d.root, "components", "securitySchemes")
	for requirement := range d.requirements() {
		for asked := range requirement.all() {
			if requirement.kind != isObject || asked.kind != isArray {
				continue
			}
			raw := schemes.get(asked.key)
			if raw == nil {
				found(asked, "scheme", asked.key)
				continue
			}
			scopes(d, d.at(raw), asked, found)
		}
	}
}

// scopes holds the scopes that are asked against those that the scheme lists. Scopes of
// OpenID Connect stand elsewhere. Other schemes have none, or since 3.1 roles.
func scopes(d *Document, scheme, asked *node, found finder) {
	switch kind := scheme.get("type").str(); {
	case kind == "oauth2" && scheme.get("flows").is(isObject):
		flows := scheme.get("flows").children
		for scope := range asked.all() {
			if scope.is(isText) && !slices.ContainsFunc(flows, func(f *node) bool { return f.get("scopes", scope.text) != nil }) {
				found(scope, "scope", scope.text, asked.key)
			}
		}
	case (kind == "http" || kind == "apiKey") && d.v30():
		for scope := range asked.all() {
			found(scope, "none", scope.short(), asked.key, kind)
		}
	}
}

func nestedCallbacks(_ context.Context, d *Document, found finder) {
	for op := range d.operations() {
		for _, callback := range d.in(op.node.get("callbacks")) {
			for _, item := range d.in(callback) {
				for _, inner := range d.in(item) {
					if nested := inner.get("callbacks"); nested != nil {
						found(nested, "callback")
					}
				}
			}
		}
	}
	for _, item := range d.in(d.root.get("webhooks")) {
		for _, op := range d.in(item) {
			if nested := op.get("callbacks"); nested != nil {
				found(nested, "webhook")
			}
			if servers := op.get("servers"); servers != nil {
				found(servers, "servers")
			}
		}
	}
}
