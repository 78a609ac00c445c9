package adr

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// look judges one file as the engine does.
func lookAt(t testing.TB, name string, body []byte) *check.Result {
	t.Helper()
	r, err := check.OpenFS(fstest.MapFS{name: &fstest.MapFile{Data: body}}, check.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	result, err := check.Run(context.Background(), r, []check.Checker{Checker()})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestHostile checks that no input makes the checker hang or fall over, and that what
// cannot be judged is said.
func TestHostile(t *testing.T) {
	t.Parallel()
	head := "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\n"
	bomb := head + "x-a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("x-a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	for name, test := range map[string]struct {
		body string
		said string // "" may be anything but crashed or slow
	}{
		"alias bomb":     {bomb + "paths: {}\n", "adr-too-large"},
		"alias in alias": {head + "paths: &p {/x: {get: *p}}\n", "adr-too-deep"},
		"deep flow":      {head + "paths: " + strings.Repeat("{a: ", 100_000), "adr-too-deep"},
		"deep block":     {head + deepBlock(1000), "adr-too-deep"},
		"one long line":  {head + "x-a: " + strings.Repeat("a", 3<<20) + "\npaths: {}\n", ""},
		"no end":         {head + "x-a: \"" + strings.Repeat("a", 3<<20), ""},
		"invalid UTF-8":  {head + "x-a: \xff\xfe\n", ""},
		"two documents":  {smallAPI + "---\n" + smallAPI, ""},
		"merge keys":     {head + "x-a: &a {get: {responses: {'200': {description: x}}}}\npaths: {/x: {<<: *a}, /y: {<<: [*a, *a]}}\n", ""},
		"merge itself":   {head + "x-a: &a {<<: *a}\n", "adr-too-deep"},
		"no keys":        {head + "paths: {? [a, b] : c}\n", ""},
		"cyclic refs":    {head + "paths: {/x: {$ref: '#/paths/~1x'}, /y: {$ref: '#/paths'}}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A/properties/x'}, B: {allOf: [{$ref: '#/components/schemas/B'}], example: {}}, C: {type: object, properties: {c: {$ref: '#/components/schemas/C'}}, example: {c: {c: {c: 1}}}}}}\n", ""},
		"many branches":  {head + "paths: {}\ncomponents: {schemas: {A: {oneOf: [" + strings.Repeat("{$ref: '#/components/schemas/A'},", 50) + "{}], example: 1}, B: {anyOf: [" + strings.Repeat("{type: array, items: {$ref: '#/components/schemas/B'}},", 30) + "{type: string}], example: [[[[[[1]]]]]]}}}\n", ""},
		"slow pattern":   {head + "paths: {}\ncomponents: {schemas: {A: {type: string, pattern: '^(a+)+$', example: " + strings.Repeat("a", 100_000) + "b}}}\n", ""},
		"only scalars":   {"openapi: 3.0.3\ninfo: 1\npaths: 2\ncomponents: 3\nservers: 4\ntags: 5\nsecurity: 6\nwebhooks: 7\n", ""},
		"all lists":      {"openapi: 3.0.3\ninfo: []\npaths: []\ncomponents: []\nservers: [[]]\ntags: [[], null, 3]\nsecurity: [[], 1]\n", ""},
		"all null":       {"openapi: 3.0.3\ninfo:\npaths:\n  /x:\n  /y: {get: , parameters: [null, {in: path, name: }]}\ncomponents: {schemas: {A: }}\nservers: [null]\ntags: [null]\n", ""},
		"numbers":        {head + "paths: {}\ncomponents: {schemas: {A: {type: integer, maximum: .inf, minimum: 0x1F, multipleOf: 0, example: 99999999999999999999999999}}}\n", ""},
	} {
		for _, file := range []string{"openapi.yaml", "openapi.json"} {
			t.Run(name+" "+file, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				codes := missedCodes(lookAt(t, file, []byte(test.body)))
				if d := time.Since(start); d > 5*time.Second {
					t.Errorf("took %s", d)
				}
				if codes["crashed"] || codes["slow"] && name != "many branches" {
					t.Errorf("missed: %v", codes)
				}
				if test.said != "" && file == "openapi.yaml" && !codes[test.said] {
					t.Errorf("missed: %v, expected %s", codes, test.said)
				}
			})
		}
	}
}

// TestElsewhere checks that a description whose paths stand in other files is not said to
// be in order.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	for _, paths := range []string{"{/x: {$ref: 'paths/x.yaml'}}", "{$ref: 'paths.yaml'}"} {
		result := lookAt(t, "openapi.yaml", []byte("openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: "+paths+"\n"))
		if !missedCodes(result)["adr-elsewhere"] {
			t.Errorf("%s: %v", paths, missedCodes(result))
		}
		for _, v := range result.Verdicts {
			if v.Outcome == check.Met && v.Rule.ID != "adr-readable" && v.Rule.Group == check.API {
				t.Errorf("%s: %s is met", paths, v.Rule.ID)
			}
		}
	}
}

func missedCodes(result *check.Result) map[string]bool {
	codes := map[string]bool{}
	for _, v := range result.Verdicts {
		for _, m := range v.Missed {
			codes[m.Why] = true
		}
	}
	return codes
}

func deepBlock(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// many is a description with n paths.
func many(n int) string {
	var b strings.Builder
	b.WriteString(`{"openapi":"3.0.3","info":{"title":"a","version":"1.0.0"},"paths":{`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/x%d/{id}":{"get":{"operationId":"o%d","parameters":[{"$ref":"#/components/parameters/id"}],"responses":{"200":{"$ref":"#/components/responses/r"}}}}`, i, i)
	}
	b.WriteString(`},"components":{"parameters":{"id":{"name":"id","in":"path","required":true,"schema":{"type":"string"}}},"responses":{"r":{"description":"r"}}}}`)
	return b.String()
}

// TestMany checks that many paths are judged whole. It takes about a second, and longer
// under the race detector, so not by way of the engine and its patience.
func TestMany(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"openapi.json", "openapi.yaml"} {
		body := many(20_000)
		start := time.Now()
		d := mustRead(t, name, body)
		judge(t.Context(), d, rules())
		t.Logf("%s: %d bytes in %s", name, len(body), time.Since(start))
		if len(d.left) > 0 {
			t.Errorf("%s: missed %v", name, d.left)
		}
	}
}
