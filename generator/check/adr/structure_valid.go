package adr

import (
	"context"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// readingRules are about what a description is written in.
func readingRules() []rule {
	return []rule{{
		Rule: in22("adr-readable", "parser"), swagger: true,
		// A file that cannot be read at all is said by the look: there is no Document.
		run: func(_ context.Context, d *Document, found finder) {
			for _, n := range d.twice {
				found(n, "twice", n.key)
			}
			for _, n := range d.bare {
				found(n, "bare", n.key)
			}
		},
	}}
}

// validRules hold a description against the official schema of OpenAPI. Spectral has its
// own copy of it, in which branches are if/then/else. It differs in what it allows on
// these points: there a parameter may have both schema and content, and Bearer is not
// bearer; here, as in the official schema, it may not, and it is.
func validRules() []rule {
	r := in22("adr-openapi-valid", "oas3-schema")
	r.Source = asked22 + "; OpenAPI Specification 3.0 and 3.1"
	r.URL = "https://spec.openapis.org/oas/"
	return []rule{{Rule: r, run: validOpenAPI}}
}

func validOpenAPI(ctx context.Context, d *Document, found finder) {
	o := openAPI30() // also for a version that is none: it says so
	switch {
	case d.v31():
		o = openAPI31()
	case d.v32(), !strings.HasPrefix(d.Version, "3"):
		d.miss("adr-openapi-valid", "adr-version")
		return
	}
	v := o.validator(ctx)
	v.most = maxSteps + 200*d.size
	v.mostMistakes = 200
	for _, m := range v.check(o.root, d.root) {
		at := m.at
		if m.kase == missing && at.parent == nil && at != d.root {
			continue
		}
		found(at, m.kase, append([]string{at.where()}, m.args...)...)
	}
	if v.unsure {
		d.miss("adr-openapi-valid", "slow")
	}
}

// serverRules are about servers.
func serverRules() []rule {
	return []rule{
		{Rule: in22("adr-servers", "oas3-api-servers"), run: func(_ context.Context, d *Document, found finder) {
			switch servers := d.root.get("servers"); {
			case servers == nil:
				found(d.root, "none")
			case servers.kind != isArray || servers.size() == 0:
				found(servers, "none")
			}
		}},
		{Rule: in22("adr-server-variables", "oas3-server-variables"), run: func(_ context.Context, d *Document, found finder) {
			for server := range d.servers() {
				serverVariables(server, found)
			}
		}},
		{Rule: in21("adr-server-slash", check.Warning, "oas3-server-trailing-slash"), run: func(_ context.Context, d *Document, found finder) {
			for server := range d.root.get("servers").all() {
				if url := server.get("url"); len(url.str()) > 1 && strings.HasSuffix(url.text, "/") {
					found(url, "", url.text)
				}
			}
		}},
		{Rule: in22("adr-info-contact", "info-contact"), run: func(_ context.Context, d *Document, found finder) {
			info := d.at(d.root, "info")
			if !d.at(info, "contact").truthy() {
				found(orElse(info, d.root), "")
			}
		}},
	}
}
