package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const openapiJSON = "/openapi.json"

// designPublication are about where the description itself can be had. The linter of 2.1
// wants it described as a path; 2.2 only wants it to be there.
func designPublication() []rule {
	return []rule{
		{
			Rule: core("openapi-json", check.Warning, "publish-openapi", "paths-open-api-json-resource-exists"),
			run:  openapiJSONExists,
		},
		{
			Rule:     core("openapi-json-get", check.Warning, "publish-openapi", "paths-open-api-json-resource-has-get"),
			official: map[string]string{"none": ""}, // the linter sees only what is there beside it
			run:      openapiJSONGet,
		},
		{
			Rule:     core("openapi-json-cors", check.Warning, "publish-openapi", "paths-open-api-json-specify-cors-header"),
			official: map[string]string{"none": ""}, // the linter sees only headers that are there
			run:      openapiJSONCors,
		},
		{
			Rule: core("openapi-json-login", check.Error, "publish-openapi"),
			run:  openapiJSONLogin,
		},
	}
}

func openapiJSONExists(_ context.Context, d *Document, found finder) {
	paths, ok := d.child(used{node: d.root}, "paths")
	if !ok || !paths.node.is(isObject) || paths.node.get(openapiJSON).truthy() {
		return
	}
	if at := paths.node.get("/openapi"); at != nil {
		paths.at = at // almost
	}
	found(paths.at, "")
}

// openapiJSONPath is the path of the description; false when it is not described.
func (d *Document) openapiJSONPath() (used, bool) {
	return d.child(used{node: d.at(d.root, "paths")}, openapiJSON)
}

func openapiJSONGet(_ context.Context, d *Document, found finder) {
	path, ok := d.openapiJSONPath()
	if !ok || !path.node.is(isObject) {
		return
	}
	for _, m := range d.members(path.node) {
		if slices.Contains(methods, m.key) && m.key != "get" {
			found(m.at, "", m.key)
		}
	}
	if path.node.get("get") == nil {
		found(path.at, "none")
	}
}

const allowOrigin = "access-control-allow-origin"

// openapiJSONHeaders gives the headers of good answers of the description.
func (d *Document) openapiJSONHeaders() (headers []used, without *node) {
	path, _ := d.openapiJSONPath()
	for _, r := range d.members(d.at(path.node, "get", "responses")) {
		if !okay().MatchString(r.key) {
			continue
		}
		if h, ok := d.child(r, "headers"); ok {
			headers = append(headers, h)
		} else if without == nil && strings.HasPrefix(r.key, "2") {
			without = r.at
		}
	}
	return headers, without
}

func openapiJSONCors(_ context.Context, d *Document, found finder) {
	headers, without := d.openapiJSONHeaders()
	for _, h := range headers {
		if h.node.is(isObject) && !h.node.get(allowOrigin).truthy() && spelledOtherwise(h.node) == nil {
			found(h.at, "")
		}
	}
	if without != nil {
		found(without, "none")
	}
}

// spelledOtherwise gives the header with capitals, which HTTP does not care about.
func spelledOtherwise(headers *node) *node {
	for c := range headers.all() {
		if c.key != allowOrigin && strings.EqualFold(c.key, allowOrigin) {
			return c
		}
	}
	return nil
}

func openapiJSONLogin(_ context.Context, d *Document, found finder) {
	path, _ := d.openapiJSONPath()
	get := d.at(path.node, "get")
	if get != nil && d.secured(operation{path: openapiJSON, method: "get", node: get}) {
		at := get
		if get.get("security") != nil {
			at = get.get("security")
		}
		found(at, "")
	}
}
