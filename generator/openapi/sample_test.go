package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// independent compiles a schema of an OpenAPI document with a validator that
// we did not write. What 3.0 says otherwise than JSON Schema is rewritten.
func independent(t testing.TB, document []byte, pointer string) *jsonschema.Schema {
	t.Helper()
	var root any
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseRegexpEngine(func(source string) (jsonschema.Regexp, error) {
		re, err := regexp.Compile(goPattern(source)) // Go has no look ahead
		return re, err
	})
	if err := c.AddResource("file:///api", inJSONSchema(root)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("file:///api#" + pointer)
	if err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	return schema
}

// inJSONSchema rewrites what is particular to OpenAPI 3.0, in values as plain
// JSON has them.
func inJSONSchema(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[key] = inJSONSchema(value)
		}
		if nullable, _ := v["nullable"].(bool); nullable && v["type"] != nil {
			out["type"] = []any{v["type"], "null"}
		}
		for exclusive, limit := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
			if sharp, is := v[exclusive].(bool); is {
				delete(out, exclusive)
				if sharp {
					out[exclusive] = v[limit]
				}
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = inJSONSchema(value)
		}
		return out
	case fmt.Stringer: // a date
		return v.String()
	}
	return v
}

func satisfies(t testing.TB, schema *jsonschema.Schema, document string) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

const answerAt = "/paths/~1a/get/responses/200/content/application~1json/schema"

// TestMadeIsValid: what is made along a schema is valid by it, says a validator
// that we did not write, and the same twice.
func TestMadeIsValid(t *testing.T) {
	for _, schema := range []string{
		`{type: object, required: [a], properties: {a: {type: string, minLength: 20, maxLength: 30}}}`,
		`{properties: {a: {type: string, maxLength: 3}, b: {type: string, minLength: 500}}}`,
		`{properties: {identificatie: {type: string, pattern: '^[0-9]{16}$'}}}`,
		`{properties: {huisnummer: {type: string, pattern: '^[1-9][0-9]{3}[A-Z]{2}$'}}}`,
		`{properties: {a: {type: string, pattern: '^(?!0{16})[0-9]{16}$'}, b: {type: string, pattern: '[0-9]{9}', maxLength: 9}}}`,
		`{properties: {a: {type: string, pattern: '^[\u0020-\u007E;]{5,10}$'}, b: {type: string, pattern: '^(a|b)+c?\.d$'}, c: {type: string, pattern: '^\d{3}-\w+$', minLength: 8}}}`,
		`{properties: {a: {type: string, format: date}, b: {type: string, format: date-time}, c: {type: string, format: uuid}, d: {type: string, format: email}, e: {type: string, format: uri}, f: {type: string, format: ipv4}, g: {type: string, format: hostname}, h: {type: string, format: time}, i: {type: string, format: ipv6}, j: {type: string, format: duration}}}`,
		`{properties: {a: {type: integer, minimum: 3, maximum: 4}, b: {type: integer, maximum: -7}, c: {type: number, exclusiveMinimum: 0.5, exclusiveMaximum: 0.75}, d: {type: integer, multipleOf: 7, minimum: 8}, e: {type: number, maximum: 0.25, minimum: 0.125}}}`,
		`{properties: {a: {enum: [x, y]}, b: {const: 7}, c: {type: string, enum: ['']}, d: {type: boolean, const: false}}}`,
		`{properties: {a: {type: array, minItems: 3, uniqueItems: true, items: {type: string}}, b: {type: array, minItems: 4, uniqueItems: true, items: {type: integer}}, c: {type: array, minItems: 2, uniqueItems: true, items: {enum: [p, q]}}, d: {type: array, maxItems: 0, items: {type: string}}, e: {type: array, minItems: 2}}}`,
		`{type: array, minItems: 2, items: {required: [b], properties: {b: {type: [string, 'null']}}}}`,
		`{allOf: [{properties: {a: {type: string}}}, {required: [a], properties: {a: {minLength: 40}}}]}`,
		`{required: [a], oneOf: [{required: [b], properties: {a: {type: string}, b: {type: integer}}}, {required: [c], properties: {c: {type: string}}}]}`,
		`{properties: {a: {anyOf: [{type: 'null'}, {type: integer}]}, b: {type: 'null'}, c: {type: [number, string]}}}`,
		`{properties: {a: {type: string, example: te lang, maxLength: 3}, b: {type: integer, example: nee}, c: {type: string, default: x, examples: [y]}}}`,
		`{type: object, required: [niet beschreven], properties: {a: true}}`,
		`{properties: {postcode: {type: integer}, huisnummer: {type: string}, datum: {type: string, format: date-time}, indicatieX: {type: string}, aantal: {type: boolean}, bsn: {type: string, pattern: '^[0-9]{9}$'}, burgerservicenummers: {type: array, items: {type: string}}}}`,
		`{properties: {a: {type: object, additionalProperties: {type: integer}}, b: {type: object, additionalProperties: false, properties: {c: {type: string}}}}}`,
	} {
		o := answering(t, schema)
		made := o.Made(nil, nil)
		if made == "" {
			t.Errorf("%s: nothing", schema)
			continue
		}
		if err := satisfies(t, independent(t, o.source(), answerAt), made); err != nil {
			t.Errorf("%s: %s: %v", schema, made, err)
		}
		for _, name := range o.w.familyOf(o.answerSchema(nil)).names {
			if !strings.Contains(made, fmt.Sprintf("%q:", name)) && !strings.Contains(schema, "oneOf") {
				t.Errorf("%s: no %s in %s", schema, name, made)
			}
		}
		if again := answering(t, schema).Made(nil, nil); again != made {
			t.Errorf("%s: another time %s", schema, again)
		}
		if !o.Check(made, nil) {
			t.Errorf("%s: our own check refuses %s", schema, made)
		}
	}
}

// source is the document of an operation as it was read.
func (o *Operation) source() []byte {
	out, err := yaml.Marshal(o.w.d.root)
	if err != nil {
		panic(err)
	}
	return out
}

// TestNothingIsMadeOfTheImpossible: rather nothing than what is not valid.
func TestNothingIsMadeOfTheImpossible(t *testing.T) {
	for _, schema := range []string{
		`{required: [a], properties: {a: {type: integer, minimum: 5, maximum: 4}}}`,
		`{required: [a], properties: {a: false}}`,
		`{required: [a], properties: {a: {allOf: [{type: string}, {type: integer}]}}}`,
		`{type: array, minItems: 1000000000, items: {type: string}}`,
		`{required: [a], properties: {a: {type: string, minLength: 1000000000}}}`,
		`{type: object, not: {type: object}}`,
		`{type: string}`,
		`false`,
	} {
		if made := answering(t, schema).Made(nil, nil); made != "" {
			t.Errorf("%s: %s", schema, made)
		}
	}
}

// TestCheckAgrees holds our check against the other validator, in both
// directions.
func TestCheckAgrees(t *testing.T) {
	for schema, documents := range map[string][]string{
		`{required: [a], properties: {a: {type: string, maxLength: 2, pattern: '^x'}}}`:              {`{}`, `{"a": "x"}`, `{"a": "y"}`, `{"a": "xxx"}`, `{"a": 1}`, `[]`},
		`{type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {type: integer}}`:         {`[]`, `[1]`, `[1, 1]`, `[1, 1.0]`, `[1, 2, 3]`, `["1"]`, `[1.5]`},
		`{oneOf: [{type: object, required: [a]}, {type: object, required: [b]}]}`:                    {`{"a": 1}`, `{"a": 1, "b": 1}`, `{}`},
		`{anyOf: [{type: object, required: [a]}, {type: object, required: [b]}]}`:                    {`{"a": 1}`, `{"a": 1, "b": 1}`, `{}`},
		`{properties: {a: {minimum: 1, exclusiveMaximum: 3, multipleOf: 0.5}}}`:                      {`{"a": 1}`, `{"a": 3}`, `{"a": 0.5}`, `{"a": 1.25}`, `{"a": "x"}`},
		`{additionalProperties: false, minProperties: 1, properties: {a: {enum: [1, x, {b: [2]}]}}}`: {`{}`, `{"a": 1}`, `{"a": {"b": [2]}}`, `{"a": {"b": [3]}}`, `{"c": 1}`},
		`{properties: {a: {const: 1}, b: {const: {x: [1]}}}}`:                                        {`{"a": 1}`, `{"a": 1.0}`, `{"a": 2}`, `{"b": {"x": [1]}}`, `{"b": {"x": []}}`},
		`{not: {required: [a]}, maxProperties: 1}`:                                                   {`{"a": 1}`, `{"b": 1}`, `{"b": 1, "c": 1}`},
		`{properties: {a: {format: date}, b: {format: uuid}, c: {type: [string, 'null']}}}`:          {`{"a": "2026-02-30"}`, `{"a": "2026-02-28"}`, `{"b": "x"}`, `{"c": null}`, `{"a": null}`},
	} {
		o := answering(t, schema)
		other := independent(t, o.source(), answerAt)
		for _, document := range documents {
			if ours, theirs := o.Check(document, nil), satisfies(t, other, document) == nil; ours != theirs {
				t.Errorf("%s: %s: we say %v, the other %v", schema, document, ours, theirs)
			}
		}
	}
}

// TestExamplesComeFirst: an example of the specification that is valid and
// holds what is asked goes before one that we make.
func TestExamplesComeFirst(t *testing.T) {
	const paths = `openapi: 3.0.0
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          content:
            application/json:
              examples:
                goed: {value: {naam: Goed, bsn: '123456782'}}
                half: {value: {naam: Half}}
                fout: {value: {naam: 7, bsn: x}}
                vals: {value: {naam: "Goed\u202e", bsn: '123456782'}}
                tekst: {value: '{"naam": "Tekst"}'}
              schema: {properties: {naam: {type: string}, bsn: {type: string}}}
`
	d, err := Read([]byte(paths))
	if err != nil {
		t.Fatal(err)
	}
	o := d.Operation("a")
	for fields, want := range map[string][]string{
		"naam,bsn": {"Goed", "nagebootst: naam", "nagebootst: naam 2"},
		"naam":     {"Goed", "Half", "nagebootst: naam", "nagebootst: naam 2"},
	} {
		got := o.Answers(strings.Split(fields, ","), nil)
		if len(got) != len(want) {
			t.Fatalf("%s: %+v", fields, got)
		}
		for i, answer := range got {
			if !strings.Contains(answer.Body, want[i]) || answer.Status != 200 || strings.Contains(answer.Body, "123456782") {
				t.Errorf("%s: answer %d is %s", fields, i, answer.Body)
			}
		}
	}
	var body struct{ BSN string }
	if err := json.Unmarshal([]byte(o.Answers([]string{"bsn"}, nil)[0].Body), &body); err != nil || !strings.HasPrefix(body.BSN, "9999") {
		t.Errorf("bsn %q, %v", body.BSN, err)
	}
}

// TestHeirs: a schema that inherits stays what it is, and one that others
// inherit from becomes one of them, with the value that says which.
func TestHeirs(t *testing.T) {
	var made struct {
		Embedded struct{ Dingen []map[string]any } `json:"_embedded"`
	}
	o := document(t, "testdata/alles.yaml").Operation("zoek")
	if err := json.Unmarshal([]byte(o.Made([]string{"dag", "dagen.jaar", "keus"}, nil)), &made); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"dag": "map[datum:2026-01-12 type:nagebootst: type]", "dagen": "map[jaar:2026 type:Jaar]", "keus": "map[datum:2026-01-12 type:Dag]"} {
		if got := fmt.Sprint(made.Embedded.Dingen[0][name]); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}

// TestPersonsDiffer: what is said of a person belongs to that person, and in
// another list stands another one.
func TestPersonsDiffer(t *testing.T) {
	made := answering(t, `{properties: {landen: {type: array, items: {type: string}}, bsn: {type: string}, geboorte: {properties: {datum: {type: string, format: date}}},
		partners: {type: array, items: {properties: {bsn: {type: string}}}}}}`).Made([]string{"landen", "bsn", "geboorte.datum"}, nil)
	for _, want := range []string{`"bsn": "999993653"`, `"datum": "1985-01-12"`, `"bsn": "999990408"`} {
		if !strings.Contains(made, want) {
			t.Errorf("no %s in %s", want, made)
		}
	}
}

func TestKnown(t *testing.T) {
	for name, want := range map[string]string{"postcode": `"1028BC"`, "eigenaarBsn": `"999993653"`, "aantalPlaatsen": "2", "indicatieX": "true"} {
		if got, ok := Known(name); got != want || !ok {
			t.Errorf("%s is %s", name, got)
		}
	}
	if got, ok := Known("kleur"); ok {
		t.Errorf("kleur is %s", got)
	}
	for _, bsn := range testBSNs {
		sum := 0
		for i, weight := range []int{9, 8, 7, 6, 5, 4, 3, 2, -1} {
			sum += int(bsn[i]-'0') * weight
		}
		if sum%11 != 0 || !strings.HasPrefix(bsn, "9999") {
			t.Errorf("%s is not a number for tests", bsn)
		}
	}
}
