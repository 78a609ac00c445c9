package adr

import (
	"strings"
	"testing"
)

// TestLookAlikes checks what the structural rules must not find: each is right, and looks
// like a mistake.
func TestLookAlikes(t *testing.T) {
	t.Parallel()
	head := "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\n"
	schemas := func(s string) string { return head + "paths: {}\ncomponents: {schemas: {" + s + "}}\n" }
	body := func(in, schema, example string) string {
		content := "content: {application/json: {schema: " + schema + ", example: " + example + "}}"
		if in == "request" {
			return head + "paths: {/x: {post: {requestBody: {" + content + "}, responses: {'204': {description: x}}}}}\n"
		}
		return head + "paths: {/x: {get: {responses: {'200': {description: x, " + content + "}}}}}\n"
	}
	schema := func(flag string) string {
		return "{type: object, required: [a], properties: {a: {type: string, " + flag + ": true}}}"
	}
	for name, test := range map[string]struct{ rule, body string }{
		"a $ref in an example":                 {"adr-reference", schemas("A: {type: object, example: {$ref: '#/nergens'}}")},
		"a property called $ref":               {"adr-reference", schemas("A: {type: object, properties: {$ref: {type: string}}}")},
		"a schema in an example":               {"adr-examples", schemas("A: {type: object, example: {a: {type: string, default: 3}}}")},
		"an enum in an example":                {"adr-enum", schemas("A: {type: object, example: {type: string, enum: [1, 1]}}")},
		"a list in an extension":               {"adr-array-items", schemas("A: {type: object, x-a: {type: array}}")},
		"properties called type and enum":      {"adr-enum", schemas("A: {type: object, properties: {type: {type: string}, enum: {type: string}}}")},
		"a property called example":            {"adr-examples", schemas("A: {type: object, properties: {example: {type: integer}, type: {type: string}}}")},
		"readOnly is not in a request":         {"adr-examples", body("request", schema("readOnly"), "{}")},
		"writeOnly is not in a response":       {"adr-examples", body("response", schema("writeOnly"), "{}")},
		"a boundary that is not exclusive":     {"adr-examples", schemas("A: {type: integer, minimum: 5, exclusiveMinimum: false, example: 5}")},
		"a fraction of cents":                  {"adr-examples", schemas("A: {type: number, multipleOf: 0.01, example: 4.35}")},
		"null with nullable":                   {"adr-examples", schemas("A: {type: string, nullable: true, example: null}")},
		"a pattern that Go does not know":      {"adr-examples", schemas("A: {type: string, pattern: '^(?!x)y$', example: z}")},
		"a schema that stands elsewhere":       {"adr-examples", schemas("A: {type: object, required: [a], properties: {b: {$ref: 'b.yaml'}}, example: {}}")},
		"a format of its own":                  {"adr-examples", schemas("A: {type: string, format: postcode, example: x}")},
		"a parameter that stands elsewhere":    {"adr-path-parameters", head + "paths: {'/x/{id}': {get: {parameters: [{$ref: 'p.yaml#/id'}], responses: {}}}}\n"},
		"a component of which a part is used":  {"adr-unused-component", head + "paths: {/x: {get: {responses: {'200': {$ref: '#/components/schemas/A/x-r'}}}}}\ncomponents: {schemas: {A: {x-r: {description: x}}}}\n"},
		"a component that a mapping names":     {"adr-unused-component", head + "paths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: t, mapping: {b: B, a: '#/components/schemas/A'}}}, B: {type: object}}}\n"},
		"a list without items in 3.1":          {"adr-array-items", strings.Replace(schemas("A: {type: array}"), "3.0.3", "3.1.0", 1)},
		"words beside $ref in 3.1":             {"adr-ref-siblings", strings.Replace(schemas("A: {$ref: '#/components/schemas/B', description: x}, B: {}"), "3.0.3", "3.1.0", 1)},
		"roles with a scheme of type http":     {"adr-security-defined", "openapi: 3.1.0\ninfo: {title: a, version: 1.0.0}\nsecurity: [{t: [lezen]}]\npaths: {}\ncomponents: {securitySchemes: {t: {type: http, scheme: bearer}}}\n"},
		"scopes of OpenID Connect":             {"adr-security-defined", head + "security: [{t: [lezen]}]\npaths: {}\ncomponents: {securitySchemes: {t: {type: openIdConnect, openIdConnectUrl: 'https://a.nl'}}}\n"},
		"an enum with null that may be null":   {"adr-enum", schemas("A: {type: string, nullable: true, enum: [a, null]}")},
		"the root as a path":                   {"adr-trailing-slash", head + "paths: {/: {}}\n"},
		"a wide success":                       {"adr-success-response", head + "paths: {/x: {get: {responses: {2XX: {description: x}}}}}\n"},
		"the same name in query and in header": {"adr-parameters-unique", head + "paths: {/x: {get: {parameters: [{name: a, in: query}, {name: a, in: header}], responses: {}}}}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := lookAt(t, "openapi.yaml", []byte(test.body))
			d := mustRead(t, "openapi.yaml", test.body)
			known := false
			for _, r := range rules() {
				if r.ID == test.rule {
					known = true
					r.run(t.Context(), d, func(at *node, kase string, args ...string) {
						t.Errorf("found: %s %v %q", at.where(), kase, args)
					})
				}
			}
			if !known || missedCodes(result)["crashed"] {
				t.Errorf("rule %s: known %v, %v", test.rule, known, missedCodes(result))
			}
		})
	}
}
