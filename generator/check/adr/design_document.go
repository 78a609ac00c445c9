package adr

import (
	"context"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var (
	openapi3  = pattern(`^3(.\d+){1,2}$`)
	openapi30 = pattern(`^3.0.*$`)
)

// designDocument are about the description as such.
func designDocument() []rule {
	return []rule{
		{
			Rule:    core("openapi-field", check.Error, "doc-openapi", "nlgov:openapi-root-exists"),
			swagger: true, run: openapiField,
		},
		{
			Rule:     core("openapi-version", check.Error, "doc-openapi", "nlgov:openapi3", "openapi3"),
			official: map[string]string{"form": "nlgov:openapi3"},
			run:      openapiVersion,
		},
		{
			// The standard takes 3.1; the list of the Forum and the linter of 2.1 do not.
			Rule: core("openapi-30", check.Warning, "doc-openapi", "openapi3"),
			run:  openapi30Only,
		},
		{
			Rule: core("contact-fields", check.Error, "doc-openapi-contact", both("info-contact-fields-exist")...),
			run:  contactFields,
		},
		{
			Rule: core("schema-names", check.Warning, "doc-openapi", both("schema-camel-case")...),
			run:  schemaNames,
		},
	}
}

func openapiField(_ context.Context, d *Document, found finder) {
	switch {
	case d.root.get("openapi").truthy():
	case d.root.get("swagger") != nil:
		found(d.root, "swagger", d.Version)
	default:
		found(d.root, "")
	}
}

func openapiVersion(_ context.Context, d *Document, found finder) {
	at := d.root.get("openapi")
	if !at.is(isText) || openapi3().MatchString(at.text) {
		return
	}
	kase := ""
	if openapi30().MatchString(at.text) {
		kase = "form"
	}
	found(at, kase, at.text)
}

func openapi30Only(_ context.Context, d *Document, found finder) {
	at := d.root.get("openapi")
	if at.is(isText) && openapi3().MatchString(at.text) && !openapi30().MatchString(at.text) {
		found(at, "", at.text)
	}
}

func contactFields(_ context.Context, d *Document, found finder) {
	contact, ok := d.child(used{node: d.at(d.root, "info")}, "contact")
	if !ok || !contact.node.is(isObject) {
		return
	}
	var missing []string
	for _, key := range []string{"name", "email", "url"} {
		if contact.node.get(key) == nil {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		found(contact.at, "", strings.Join(missing, ", "))
	}
}

var pascal = pattern(`^[A-Z][a-z0-9]*(?:[A-Z0-9](?:[a-z0-9]+|$))*$`)

func schemaNames(_ context.Context, d *Document, found finder) {
	for _, s := range d.members(d.at(d.root, "components", "schemas")) {
		if s.key != "" && !pascal().MatchString(s.key) {
			found(s.at, "", s.key)
		}
	}
}
