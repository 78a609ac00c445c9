package openapi

import (
	"encoding/json"
	"fmt"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// everything asks an operation all that can be asked of it, and holds the
// result against what a generator relies on.
func everything(t *testing.T, o *Operation) {
	t.Helper()
	for _, constants := range []map[string]string{nil, {"type": "a", "soort": "Kort"}} {
		q, err := o.Question(constants)
		for _, h := range q.Headers {
			if !headerName(h.Name) || strings.ContainsAny(h.Value, "\r\n\x00") || h.Value == "" && !h.Required {
				t.Errorf("header %+v, %v", h, err)
			}
		}
		for _, fields := range [][]string{nil, {"naam"}, {"x", "a.b"}} {
			shape, _ := o.Shape(fields, constants)
			checkShape(t, shape, 0)
			for _, answer := range o.Answers(fields, constants) {
				if !json.Valid([]byte(answer.Body)) || answer.Status < 200 || answer.Status > 299 || len(answer.Body) > 4*maxValueBytes {
					t.Errorf("answer %d of %d bytes", answer.Status, len(answer.Body))
				}
			}
		}
	}
	full := o.Full(nil)
	for _, fields := range [][]string{{"naam"}, {"x", "a.b"}, {"a.a.a.naam", "x.y.z"}} {
		list := full.ListFor(o.Path, fields)
		var roots []string
		for _, field := range fields {
			if place := full.Place(list, field); (place.Path == "") != (place.Root == "") || place.Path != "" && len(place.Tied) > 0 {
				t.Errorf("%s: %+v", field, place)
			} else if place.Path != "" {
				roots = append(roots, place.Root)
			}
		}
		kept := o.Keep(full, roots)
		checkShape(t, kept, 0)
		for _, answer := range o.AnswersOf(kept, roots, nil) {
			if !json.Valid([]byte(answer.Body)) {
				t.Errorf("answer of %d bytes", len(answer.Body))
			}
		}
	}
	if o.Effect(nil) == Creates {
		o.Instead()
	}
	o.ByBody()
	o.DottedFields("fields", full)
	for status, body := range o.Errors() {
		if !json.Valid([]byte(body)) {
			t.Errorf("%d: %q", status, body)
		}
	}
	o.Places(nil)
	o.Security()
}

func checkShape(t *testing.T, s *Shape, depth int) {
	t.Helper()
	if s == nil {
		return
	}
	if depth > 2*maxDepth || !slices.Contains([]string{"object", "list", "string", "integer", "number", "boolean", "any"}, s.Kind) || (s.Kind == "object") != (len(s.Fields) > 0) || (s.Kind == "list") != (s.Item != nil) {
		t.Fatalf("shape %+v", s)
	}
	checkShape(t, s.Item, depth+1)
	taken := map[string]bool{}
	for _, f := range s.Fields {
		if taken[f.Go] || !token.IsIdentifier(f.Go) || !token.IsExported(f.Go) || !jsonTag(f.JSON) || strings.ContainsAny(f.Doc, "\r\n") || f.Shape == nil {
			t.Errorf("field %+v", f)
		}
		taken[f.Go] = true
		checkShape(t, f.Shape, depth+1)
	}
}

const answerIs = "openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}}\ncomponents:\n  schemas:\n"

// hostile are specifications that unfold, by name.
func hostile() map[string]string {
	schemas := func(n int, format string) string {
		var b strings.Builder
		b.WriteString(answerIs)
		for i := range n {
			fmt.Fprintf(&b, "    S%d: "+format+"\n", i, i+1)
		}
		fmt.Fprintf(&b, "    S%d: {type: string}\n", n)
		return b.String()
	}
	twice := func(format string) string {
		return strings.ReplaceAll(format, "REF", "{$ref: '#/components/schemas/S%[2]d'}")
	}
	bomb := "openapi: 3.0.0\nx-0: &a0 {x: 1}\n"
	for i := range 40 {
		bomb += fmt.Sprintf("x-%d: &a%d {p: *a%d, q: *a%d, properties: {x: *a%d, y: *a%d}, allOf: [*a%d, *a%d]}\n", i+1, i+1, i, i, i, i, i, i)
	}
	bomb += "paths: {/a: {get: {operationId: a, responses: {'200': {content: {application/json: {example: *a40, schema: *a40}}}, '404': {content: {application/json: {example: *a40}}}}}}}\n"
	mapping := ""
	for i := range 3000 {
		mapping += fmt.Sprintf("m%d: S1, ", i)
	}
	heirs := answerIs + "    S0: {discriminator: {propertyName: type}}\n"
	for i := range 2000 {
		heirs += fmt.Sprintf("    S%d: {allOf: [{$ref: '#/components/schemas/S%d'}], discriminator: {propertyName: type}, properties: {p%d: {$ref: '#/components/schemas/S%d'}}}\n", i+1, i, i, (i*7)%2000)
	}
	return map[string]string{
		"itself":           answerIs + "    S0: {$ref: '#/components/schemas/S0'}\n",
		"allOf itself":     answerIs + "    S0: {allOf: [{$ref: '#/components/schemas/S0'}], properties: {naam: {$ref: '#/components/schemas/S0'}}}\n",
		"a circle":         answerIs + "    S0: {$ref: '#/components/schemas/S1'}\n    S1: {$ref: '#/components/schemas/S0'}\n",
		"must hold itself": answerIs + "    S0: {required: [a, b, c], properties: {a: {$ref: '#/components/schemas/S0'}, b: {$ref: '#/components/schemas/S0'}, c: {$ref: '#/components/schemas/S0'}}}\n",
		"list of itself":   answerIs + "    S0: {type: array, minItems: 50, items: {$ref: '#/components/schemas/S0'}}\n",
		"wide lists":       schemas(30, "{type: array, minItems: 50, items: {$ref: '#/components/schemas/S%[2]d'}}"),
		"properties":       schemas(60, twice("{required: [a, b], properties: {a: REF, b: REF}}")),
		"allOf":            schemas(60, twice("{allOf: [{allOf: [REF]}, {allOf: [REF]}]}")),
		"oneOf":            schemas(60, twice("{oneOf: [{allOf: [REF], required: [a]}, {allOf: [REF]}], required: [x]}")),
		"anyOf not":        schemas(60, twice("{not: {anyOf: [{not: REF}, {not: REF}]}}")),
		"a long row":       schemas(5000, "{$ref: '#/components/schemas/S%[2]d'}"),
		"deep allOf":       schemas(5000, "{allOf: [{$ref: '#/components/schemas/S%[2]d'}], properties: {p%[1]d: {type: string}}}"),
		"aliases":          bomb,
		"mapping":          answerIs + "    S0: {oneOf: [" + strings.Repeat("{$ref: '#/components/schemas/S1'}, ", 3000) + "], discriminator: {propertyName: type, mapping: {" + mapping + "}}}\n    S1: {properties: {type: {type: string}}}\n",
		"heirs":            heirs,
		"patterns":         answerIs + "    S0: {properties: {" + patterns(400) + "}}\n",
		"large pattern":    answerIs + "    S0: {required: [a], properties: {a: {type: string, pattern: '" + strings.Repeat("(a{30}){30}", 150) + "'}}}\n",
		"slow pattern":     answerIs + "    S0: {required: [a], properties: {a: {type: string, pattern: '^(((a+)+)+)+$', minLength: 5000, example: " + strings.Repeat("a", 5000) + "!}}}\n",
		"many references":  many(20_000),
		"required":         answerIs + "    S0: {required: [" + strings.Repeat("a, ", 50_000) + "b]}\n",
		"enum":             answerIs + "    S0: {type: array, minItems: 50, uniqueItems: true, items: {enum: [" + strings.Repeat("a, ", 50_000) + "b]}}\n",
		"parameters":       "openapi: 3.0.0\npaths: {/a: {get: {operationId: a, parameters: [" + strings.Repeat("{name: a, in: query}, ", 20_000) + "]}}}\n",
		"names":            answerIs + "    S0: {properties: {\"\\u202e\": {type: string}, \"a\\nb\": {type: string}, \"`\": {type: string}, 'json:\"x\"': {type: string}, \"\\0\": {type: string}, 'x,omitempty': {type: string}, '-': {type: string}, ' ': {type: string}}}\n",
		"headers":          "openapi: 3.0.0\npaths: {/a: {get: {operationId: a, parameters: [{name: \"X-A\\r\\nX\", in: header, required: true, schema: {default: x}}, {name: X-B, in: header, required: true, schema: {default: \"x\\r\\nSet-Cookie: y\"}}]}}}\n",
	}
}

// patterns are properties that each have an expensive pattern of their own.
func patterns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "p%d: {type: string, pattern: '^(%d|x){900}[a-z]{100}$'}, ", i, i)
	}
	return b.String()
}

// many is a large mapping of schemas that all refer into it.
func many(n int) string {
	var b strings.Builder
	b.WriteString(answerIs + "    S0: {properties: {")
	for i := range n {
		fmt.Fprintf(&b, "p%d: {$ref: '#/components/schemas/T%d'}, ", i, n-i-1)
	}
	b.WriteString("}}\n")
	for i := range n {
		fmt.Fprintf(&b, "    T%d: {type: string}\n", i)
	}
	return b.String()
}

// TestHostileSpecifications: whatever a file unfolds into, reading it ends
// within the budget, and what comes out is sound.
func TestHostileSpecifications(t *testing.T) {
	exhausted := []string{}
	for name, data := range hostile() {
		d, err := Read([]byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		o := d.Operation("a")
		everything(t, o)
		if o.Exhausted() {
			exhausted = append(exhausted, name)
		}
		// Who notices that the budget is spent turns back; each of those on the
		// way to the root may still take a step.
		if o.Work() > 4*maxWork {
			t.Errorf("%s takes %d steps", name, o.Work())
		}
	}
	slices.Sort(exhausted)
	t.Logf("stopped: %v", exhausted)
	if len(exhausted) < 5 {
		t.Errorf("only %v are stopped: the rest tests nothing", exhausted)
	}
}

// FuzzRead reads whatever comes and asks everything of it.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/alles.yaml", "../model/testdata/right/bronnen/voertuigen.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, data := range hostile() {
		if len(data) < 5000 {
			f.Add([]byte(data))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 20_000 {
			return
		}
		d, err := Read(data)
		if err != nil {
			return
		}
		for _, address := range d.Servers() {
			if !strings.HasPrefix(address, "http") || strings.ContainsAny(address, " \"'`<>\n") {
				t.Errorf("server %q", address)
			}
		}
		for _, o := range d.Operations()[:min(3, len(d.Operations()))] {
			o.w.left = 3000 // the budget itself is tested above
			everything(t, o)
		}
	})
}
