package adr

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lookalike is a description with one thing in it that looks like a mistake and is none.
const lookalike = `openapi: 3.0.3
info: {title: a, version: %[1]s, contact: {name: a, email: a@a.test, url: "https://a.test"}}
servers: [{url: "%[2]s"}]
paths:
  %[3]s:
    %[4]s:
      parameters: [{name: %[5]s, in: query, schema: {type: integer}}]
      responses:
        '200': {description: a, headers: {API-Version: {schema: {type: string}}}}
        '400': {$ref: '#/components/responses/Fout'}
components:
  responses:
    Fout:
      description: a
      headers: {API-Version: {schema: {type: string}}}
      content: {application/problem+json: {schema: {type: object, properties: {status: {type: integer}, title: {type: string}, detail: {type: string}}}}}
  schemas:
    A:
      type: object
      properties:
        %[6]s
`

// TestLookalikes: what a reviewer would leave alone, the rules leave alone.
func TestLookalikes(t *testing.T) {
	t.Parallel()
	type api struct{ version, server, path, method, parameter, property string }
	plain := api{"1.2.3", "https://a.test/a/v1", "/dingen", "get", "naam", "naam: {type: string}"}
	cases := map[string]func(*api){
		"a version below one":              func(a *api) { a.version = "0.9.0" },
		"a release candidate":              func(a *api) { a.version = "1.0.0-rc.1" },
		"a slash at the end":               func(a *api) { a.server = "https://a.test/a/v1/" },
		"an operation with underscore":     func(a *api) { a.path = "/dingen/_zoek" },
		"an operation on one thing":        func(a *api) { a.path, a.method = "/dingen/{id}/goedkeuren", "post" },
		"a noun that begins as a verb":     func(a *api) { a.path = "/zoekresultaten" },
		"a noun that ends as a verb":       func(a *api) { a.path = "/ontvangstbevestigingen" },
		"a noun like a verb":               func(a *api) { a.path = "/adressen" },
		"getallen":                         func(a *api) { a.path = "/getallen" },
		"a setting":                        func(a *api) { a.path = "/settings" },
		"a single thing":                   func(a *api) { a.path = "/organisatie" },
		"a path with v and a word":         func(a *api) { a.path = "/vergunningen" },
		"a point in a path":                func(a *api) { a.path = "/a/openapi.json" },
		"a word that holds bsn":            func(a *api) { a.parameter = "subsnijder" },
		"a word that holds iban":           func(a *api) { a.parameter = "ibanez" },
		"a key that is no secret":          func(a *api) { a.parameter = "sortKey" },
		"a date that is known":             func(a *api) { a.property = "begindatum: {type: string, format: date}" },
		"an incomplete date":               func(a *api) { a.property = "begindatum: {type: string, pattern: '^\\d{4}$'}" },
		"a date as an object":              func(a *api) { a.property = "begindatum: {type: object}" },
		"a list with a date's name":        func(a *api) { a.property = "begindatum: {type: array, items: {type: string, format: date}}" },
		"whether a date is known":          func(a *api) { a.property = "begindatumBekend: {type: boolean}" },
		"an update":                        func(a *api) { a.property = "laatsteUpdate: {type: string}" },
		"a mandate":                        func(a *api) { a.property = "mandate: {type: string}" },
		"a candidate":                      func(a *api) { a.property = "candidate: {type: string}" },
		"a date of a kind":                 func(a *api) { a.property = "datumsoort: {type: string}" },
		"a time that is local":             func(a *api) { a.property = "opening: {type: string, format: time-local}" },
		"a moment":                         func(a *api) { a.property = "aanmaaktijdstip: {type: string, format: date-time}" },
		"a page only":                      func(a *api) { a.parameter = "page" },
		"the head of a path":               func(a *api) { a.method = "head" },
		"a server in the name of a domain": func(a *api) { a.server = "https://localhost.test/a/v1" },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := plain
			change(&a)
			body := fmt.Sprintf(lookalike, a.version, a.server, a.path, a.method, a.parameter, a.property)
			d, err := read("openapi.yaml", []byte(body))
			if err != nil || d == nil {
				t.Fatalf("%v\n%s", err, body)
			}
			for _, j := range judge(context.Background(), d, design()) {
				if j.rule.ID != "adr-openapi-json" {
					t.Errorf("%s %s %q", j.rule.ID, j.kase, j.args)
				}
			}
		})
	}
}

// TestNames: which words a name holds.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"bsn": true, "inpBsn": true, "aanvragerBSN": true, "a.bsn": true, "inp_bsn__in": true, "BSN": true, "access_token": true,
		"accessToken": true, "api-key": true, "burgerservicenummer": true,
		"subsnijder": false, "token": false, "key": false, "access": false, "": false, "é": false,
	} {
		if got := hasWord(name, sensitive); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestManyUses: what many operations lead to is not judged again for each.
func TestManyUses(t *testing.T) {
	t.Parallel()
	const many = 5000
	var paths, headers, properties, all strings.Builder
	for i := range many {
		fmt.Fprintf(&paths, "  /a%d: {get: {parameters: {$ref: '#/x-parameters'}, responses: {$ref: '#/x-responses'}}}\n", i)
		fmt.Fprintf(&headers, "H%d: {schema: {type: string}}, ", i)
		fmt.Fprintf(&properties, "      begin%dDatum: {allOf: [{$ref: '#/components/schemas/A'}]}\n", i)
		fmt.Fprintf(&all, "{$ref: '#/components/schemas/B'}, ")
	}
	body := "openapi: 3.0.3\npaths:\n" + paths.String() +
		"x-parameters: [" + strings.Repeat("{name: bsn, in: query}, ", many) + "]\n" +
		"x-responses: {'200': {headers: {$ref: '#/x-headers'}}, '404': {headers: {$ref: '#/x-headers'}, content: {application/problem+json: {schema: {$ref: '#/components/schemas/B'}}}}}\n" +
		"x-headers: {" + headers.String() + "}\n" +
		"components:\n  schemas:\n    A:\n     properties:\n" + properties.String() + "    B: {allOf: [" + all.String() + "]}\n"
	d, err := read("openapi.yaml", []byte(body))
	if err != nil || d == nil {
		t.Fatal(err)
	}
	begin := time.Now()
	found := judge(context.Background(), d, design())
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("%v", took)
	}
	if !slices.ContainsFunc(found, func(j judged) bool { return j.rule.ID == "adr-sensitive-uri" }) {
		t.Error("nothing is found")
	}
}

// FuzzDesign: no description makes a rule fall over.
func FuzzDesign(f *testing.F) {
	for _, name := range []string{"klein30.yaml", "klein31.yaml"} {
		f.Add(written(f, name, readTree(f, name)))
	}
	f.Add([]byte("openapi: 3.0.3\npaths: {/a: {get: {responses: {'400': {$ref: '#/paths'}}}}}\n"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		if d, err := read("openapi.yaml", body); err == nil && d != nil {
			judge(context.Background(), d, design())
		}
	})
}

// TestOneMistakeInAReference: of an answer that leads nowhere the rule on references
// speaks, and no rule on what would stand there; and a moment may be called after a date
// in front, as in the ZGW APIs.
func TestOneMistakeInAReference(t *testing.T) {
	t.Parallel()
	result := lookAt(t, "openapi.yaml", []byte(`openapi: 3.0.3
info: {title: a, version: 1.0.0}
paths:
  /boten:
    get:
      responses:
        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Status'}}}}
        '400': {$ref: '#/components/responses/Nergens'}
components:
  responses:
    Fout: {description: x}
  schemas:
    Status: {type: object, properties: {datumStatusGezet: {type: string, format: date-time}}}
`))
	for _, v := range result.Verdicts {
		switch v.Rule.ID {
		case "adr-version-header-error", "adr-error-content", "adr-date-or-moment", "adr-date-format":
			for _, f := range v.Findings {
				t.Errorf("%s at line %d: %v", f.Rule, f.Line, f.Args)
			}
		}
	}
}
