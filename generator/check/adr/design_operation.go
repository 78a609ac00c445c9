package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// designOperation are about what operations do.
func designOperation() []rule {
	return []rule{
		{
			Rule: core("empty-answer", check.Warning, "http-response-code"),
			run:  emptyAnswer,
		},
		{
			Rule: core("body-with-get", check.Warning, "http-safety"),
			run:  bodyWithGet,
		},
		{
			Rule: core("deprecation", check.Note, "deprecation-schedule"),
			run:  deprecation,
		},
		{
			Rule: core("cors-everyone", check.Warning, "transport/cors"),
			run:  corsEveryone,
		},
	}
}

func emptyAnswer(ctx context.Context, d *Document, found finder) {
	for _, r := range d.each(ctx).answers {
		o := r.operation
		if slices.Contains([]string{"204", "205", "304"}, r.key) && d.at(r.node, "content").size() > 0 {
			found(d.at(r.node, "content"), "", r.key, o.method, o.path)
		}
	}
}

func bodyWithGet(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		if body := o.node.get("requestBody"); (o.method == "get" || o.method == "head") && body != nil {
			found(body, "", o.method, o.path)
		}
	}
}

// deprecation wants a word on when it ends, or what comes instead.
func deprecation(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		at := o.node.get("deprecated")
		if !at.is(isBool) || at.text != "true" || strings.TrimSpace(o.node.get("description").str()) != "" {
			continue
		}
		said := slices.ContainsFunc(d.members(d.at(o.node, "responses")), func(r used) bool {
			return d.hasHeader(r.node, "Sunset") || d.hasHeader(r.node, "Deprecation")
		})
		if !said && o.node.get("x-sunset") == nil && o.node.get("externalDocs") == nil {
			found(at, "", o.method, o.path)
		}
	}
}

// secured says whether an operation asks for a login.
func (d *Document) secured(o operation) bool {
	security := o.node.get("security")
	if security == nil {
		security = d.root.get("security")
	}
	if !security.is(isArray) || security.size() == 0 {
		return false
	}
	for i, one := range security.children {
		if one.size() == 0 || i > 100 {
			return false // also without, or too much to say
		}
	}
	return true
}

// corsEveryone sees an operation behind a login of which every website may read answers.
func corsEveryone(ctx context.Context, d *Document, found finder) {
	for _, r := range d.each(ctx).answers {
		o := r.operation
		if o.path == openapiJSON {
			continue
		}
		for _, h := range d.members(d.at(r.node, "headers")) {
			if strings.EqualFold(h.key, "Access-Control-Allow-Origin") && d.onlyStar(h.node) && d.secured(o) {
				found(h.at, "", o.method, o.path)
			}
		}
	}
}

// onlyStar says whether a header is described as always being *.
func (d *Document) onlyStar(header *node) bool {
	schema := d.at(header, "schema")
	if schema.get("const").str() == "*" {
		return true
	}
	values := schema.get("enum")
	return values.size() == 1 && values.children[0].str() == "*"
}

// designGeo are of the module for geographic data, where it is sure that there are any.
func designGeo() []rule {
	geo := func(id, section string) check.Rule {
		return check.Rule{
			ID: "adr-" + id, Group: check.API, Severity: check.Warning,
			Source: "NL API Design Rules, module Geospatial 1.0.3, " + section,
		}
	}
	return []rule{
		{Rule: geo("geo-content-crs", "content-crs-response-header"), run: geoContentCRS},
		{Rule: geo("geo-bbox-crs", "bbox-crs-query-parameter"), run: geoBboxCRS},
	}
}

const geoJSON = "application/geo+json"

func geoContentCRS(ctx context.Context, d *Document, found finder) {
	for _, r := range d.each(ctx).answers {
		o := r.operation
		if strings.HasPrefix(r.key, "2") && d.at(r.node, "content").get(geoJSON) != nil && !d.hasHeader(r.node, "Content-Crs") {
			found(r.at, "", o.method, o.path)
		}
	}
}

func geoBboxCRS(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		names := map[string]*node{}
		for _, p := range d.someParameters(o) {
			if p.node.get("in").str() == "query" {
				names[p.node.get("name").str()] = p.at
			}
		}
		if at := names["bbox"]; at != nil && names["bbox-crs"] == nil {
			found(at, "", o.method, o.path)
		}
	}
}
