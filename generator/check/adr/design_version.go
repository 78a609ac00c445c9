package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var (
	semver = pattern(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$`)
	okay   = pattern(`(2|3)\d\d`)
	wrong  = pattern(`(4|5)\d\d`)
)

// designVersion are about the version of the API and how it says it.
func designVersion() []rule {
	return []rule{
		{
			Rule: core("semver", check.Error, "semver", "nlgov:semver"),
			run:  versionIsSemver,
		},
		{
			Rule: core("version-header", check.Error, "version-header", both("missing-header", "missing-version-header")...),
			official: map[string]string{
				"none":  "nlgov:missing-header missing-header",
				"other": "nlgov:missing-version-header missing-version-header",
			},
			run: versionHeader,
		},
		{
			// Every response MUST have it; that it is not described does not say that it is
			// not there, and a proxy may leave it out of an error.
			Rule: core("version-header-error", check.Warning, "version-header"),
			run:  versionHeaderOfErrors,
		},
	}
}

func versionIsSemver(_ context.Context, d *Document, found finder) {
	version, ok := d.child(used{node: d.at(d.root, "info")}, "version")
	if ok && version.node.is(isText) && !semver().MatchString(version.node.text) {
		found(version.at, "", version.node.text)
	}
}

// versionHeaders are the spellings that the official rulesets know. HTTP takes any.
var versionHeaders = []string{"API-Version", "Api-Version", "Api-version", "api-version", "API-version"}

func hasVersionHeader(headers *node) bool {
	return slices.ContainsFunc(versionHeaders, func(name string) bool { return headers.get(name) != nil })
}

// hasHeader says whether a header is described, in any spelling.
func (d *Document) hasHeader(response *node, name string) bool {
	for _, h := range d.members(d.at(response, "headers")) {
		if strings.EqualFold(h.key, name) {
			return true
		}
	}
	return false
}

func versionHeader(_ context.Context, d *Document, found finder) {
	found = once(found)
	for _, r := range d.facts().responses {
		if !okay().MatchString(r.key) {
			continue
		}
		headers, ok := d.child(r, "headers")
		switch {
		case !r.node.is(isObject) && !r.node.is(isArray):
			if !r.node.truthy() {
				found(r.at, "none", r.key)
			}
		case !ok:
			found(r.at, "none", r.key)
		case !headers.node.truthy():
			found(headers.at, "none", r.key)
		case headers.node.is(isObject) && !hasVersionHeader(headers.node):
			found(headers.at, "other", r.key)
		}
	}
}

func versionHeaderOfErrors(ctx context.Context, d *Document, found finder) {
	found = once(found)
	for _, r := range d.each(ctx).answers {
		if isErrorCode(r.key) && r.node.is(isObject) && r.node.get("$ref") == nil && !d.hasHeader(r.node, "API-Version") {
			found(r.at, "", r.key)
		}
	}
}

// isErrorCode says whether a response is of 4xx or 5xx.
func isErrorCode(code string) bool { return len(code) == 3 && (code[0] == '4' || code[0] == '5') }
