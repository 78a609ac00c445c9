package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// tryAsk makes a component that puts one question to a source with a
// specification, by one field of a form.
func tryAsk(t *testing.T, paths, operation, purpose, field, input string) (*Component, problem.List) {
	t.Helper()
	doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: bron, openapi: bronnen/bron.yaml, operations: [`+operation+`], purpose: {activity: a, `+purpose+`}}]
process:
  roles: [{name: m, audience: employee}]
  steps:
    - {name: vraag, kind: form, role: m, fields: [`+field+`], next: zoek}
    - {name: zoek, kind: lookup, source: bron, input: {`+input+`}, next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: a}]}
`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	files := fstest.MapFS{"bronnen/bron.yaml": {Data: []byte("openapi: 3.0.3\n" + paths)}}
	return New(doc.Answers, files, Env{})
}

func ask(t *testing.T, paths, operation, purpose, field, input string) *Source {
	t.Helper()
	c, problems := tryAsk(t, paths, operation, purpose, field, input)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c.Sources[0]
}

const zoeken = `
paths:
  /klanten:
    get:
      operationId: klanten
      parameters: [{name: onderwerp, in: query, schema: {type: string}}, {name: fields, in: query, schema: {type: string}, description: "Zoals record__naam."}]
      responses: {'200': {content: {application/json: {schema: {properties: {count: {type: integer}, results: {type: array, items: {$ref: '#/components/schemas/Klant'}}}}}}}}
  /zoek:
    post:
      operationId: zoek
      requestBody: {content: {application/json: {schema: {properties: {onderwerp: {type: string}}}}}}
      responses: {'200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Klant'}}}}}}
  /toets:
    post:
      operationId: toets
      requestBody: {content: {application/json: {schema: {properties: {onderwerp: {type: string}}}}}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Klant'}}}}}
components:
  schemas:
    Klant:
      properties:
        onderwerp: {type: string}
        naam: {properties: {volledigeNaam: {type: string}, inOnderzoek: {type: boolean}}}
        indicatieGeheim: {type: string}
        vertrouwelijkheidaanduiding: {type: string, enum: [openbaar, geheim]}
        overlijden: {properties: {indicatieOverleden: {type: boolean}, datum: {type: string}}}
        betwist: {type: boolean, title: De klant betwist dit}
        partner: {properties: {naam: {properties: {volledigeNaam: {type: string}}}, inOnderzoek: {type: boolean}}}
        record: {properties: {data: {type: object}, startAt: {type: string, format: date}}}
        soort: {properties: {code: {type: string}, omschrijving: {type: string}}}
        begin: {properties: {datum: {type: string, format: date}}}
        einde: {properties: {datum: {type: string, format: date}}}
`

func names(s *Source) string { return strings.Join(s.Fields, " ") }

// TestWholePaths: what is kept has one place, and that of a relative only when it
// is written.
func TestWholePaths(t *testing.T) {
	for purpose, want := range map[string]string{
		"fields: [volledigeNaam]":                         "naam.volledigeNaam",
		"fields: [naam.volledigeNaam, results.onderwerp]": "naam.volledigeNaam onderwerp",
		"fields: [partner.naam.volledigeNaam]":            "partner.naam.volledigeNaam",
		"fields: [count, onderwerp]":                      "count onderwerp",
		"fields: [record.data.gewicht]":                   "record.data.gewicht",
	} {
		s := ask(t, zoeken, "klanten", purpose, "{name: onderwerp, type: text}", "onderwerp: onderwerp")
		op := s.Operations[0]
		if names(s) != want || op.Contract.List != "results" || op.Contract.NotFound || op.Contract.Once || len(op.Constants) > 0 {
			t.Errorf("%s: %s, %+v %v", purpose, names(s), op.Contract, op.Constants)
		}
		if unchecked := strings.Contains(want, "record"); s.Kept[0].Unchecked != unchecked {
			t.Errorf("%s: unchecked is %v", purpose, !unchecked)
		}
	}
	s := ask(t, zoeken, "zoek", "fields: [volledigeNaam]", "{name: onderwerp, type: text}", "onderwerp: onderwerp")
	if c := s.Operations[0].Contract; !c.Array || c.List != "" || c.Once {
		t.Errorf("a list: %+v", c)
	}
	s = ask(t, zoeken, "toets", "fields: [volledigeNaam]", "{name: onderwerp, type: text}", "onderwerp: onderwerp")
	if c := s.Operations[0].Contract; c.Array || !c.NotFound || !c.Once || s.Operations[0].Otherwise == nil {
		t.Errorf("a question of which nobody says that it changes nothing: %+v", c)
	}
}

// TestOnce: of a question that sends something and that nobody described, nobody
// knows what it does a second time.
func TestOnce(t *testing.T) {
	for operation, want := range map[string]bool{
		"{name: lees, path: /a}": false, "{name: zoek, path: /a, method: POST}": true, "{name: zoekAlles, method: POST}": true,
	} {
		doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: bron, operations: [`+operation+`], purpose: {activity: a, fields: [x]}}]
process:
  roles: [{name: m, audience: employee}]
  steps: [{name: vraag, kind: form, role: m, fields: [{name: q, type: text}], next: zoek}, {name: zoek, kind: lookup, source: bron, input: {q: q}, next: klaar}, {name: klaar, kind: end}]
privacy: {activities: [{name: a}]}
`))
		if len(found) > 0 {
			t.Fatal(found)
		}
		c, problems := New(doc.Answers, nil, Env{})
		if len(problems) > 0 {
			t.Fatal(operation, problems)
		}
		if got := c.Sources[0].Operations[0].Contract.Once; got != want {
			t.Errorf("%s: once is %v", operation, got)
		}
	}
}

// TestWarningsByName: what the standards give a name is kept where something
// beside it is, and only there.
func TestWarningsByName(t *testing.T) {
	s := ask(t, zoeken, "klanten", "fields: [naam.volledigeNaam], warnings: [betwist]", "{name: onderwerp, type: text}", "onderwerp: onderwerp")
	var got, titles []string
	for _, w := range s.Warnings {
		got, titles = append(got, w.Field), append(titles, w.Title)
		if w.Text == "" || w.Field == "vertrouwelijkheidaanduiding" && (slices.Contains(w.Values, "openbaar") || !slices.Contains(w.Values, "geheim")) {
			t.Errorf("%+v", w)
		}
	}
	if want := "indicatieGeheim vertrouwelijkheidaanduiding overlijden.indicatieOverleden inOnderzoek betwist"; strings.Join(got, " ") != want {
		t.Errorf("warnings %q", got)
	}
	if want := "Geheimhouding, Vertrouwelijkheid, Overleden, In onderzoek, De klant betwist dit"; strings.Join(titles, ", ") != want {
		t.Errorf("titles %q", titles)
	}
	if text := s.Warnings[4].Text; text != "De klant betwist dit" {
		t.Errorf("text %q", text)
	}
	paths := strings.Join(s.Operations[0].Shape.Paths(), " ")
	for _, want := range []string{"results.naam.inOnderzoek", "results.betwist", "results.overlijden.indicatieOverleden"} {
		if !strings.Contains(paths, want) {
			t.Errorf("the typed answer has %s, and not %s", paths, want)
		}
	}
	if strings.Contains(paths, "partner") || strings.Contains(paths, "overlijden.datum") {
		t.Errorf("the typed answer has %s", paths)
	}
}

// TestTitlesOfFields: people read words, and what a field stands in only where it
// is needed.
func TestTitlesOfFields(t *testing.T) {
	s := ask(t, zoeken, "klanten", "fields: [naam.volledigeNaam, partner.naam.volledigeNaam, record.startAt, soort.omschrijving, begin.datum, einde.datum, record.data.naam, betwist]", "{name: onderwerp, type: text}", "onderwerp: onderwerp")
	var got []string
	for _, note := range s.Kept {
		got = append(got, note.Title)
	}
	want := []string{"Volledige naam", "Volledige naam (partner)", "Begint op", "Soort", "Begin datum", "Einde datum", "Naam", "De klant betwist dit"}
	if !slices.Equal(got, want) {
		t.Errorf("titles %q", got)
	}
	s = ask(t, zoeken, "klanten", "fields: [naam.volledigeNaam]", "{name: onderwerp, type: text}", "onderwerp: onderwerp")
	if s.Kept[0].Title != "Volledige naam" {
		t.Errorf("alone: %q", s.Kept[0].Title)
	}
}

// TestStandInIsReachable: each answer that is made can be asked for with a value
// that the form takes and the specification too.
func TestStandInIsReachable(t *testing.T) {
	for parameter, field := range map[string]string{
		"{name: q, in: query, required: true, schema: {type: string, pattern: '^[A-Z]{3}$'}}":                                                                         "{name: q, type: text, required: true, example: ABC}",
		"{name: q, in: query, required: true, schema: {type: string, enum: [rood, blauw]}}":                                                                           "{name: q, type: enum, values: [rood, groen, blauw], required: true}",
		"{name: q, in: query, required: true, schema: {type: integer, minimum: 10}}":                                                                                  "{name: q, type: integer, min: 1, max: 99, required: true}",
		"{name: q, in: query, schema: {type: string}}":                                                                                                                "{name: q, type: text}",
		"{name: burgerservicenummer, in: query, required: false, schema: {type: string}}, {name: q, in: query, required: true, schema: {type: string, format: date}}": "{name: q, type: date, required: true}",
	} {
		spec := "paths: {/a: {get: {operationId: a, parameters: [" + parameter + "], responses: {'200': {content: {application/json: {schema: {type: array, items: {properties: {q: {type: string}, naam: {type: string}}}}}}}}}}}\n"
		if strings.Contains(parameter, "integer") { // what is asked is not in the answer
			spec = strings.Replace(spec, "q: {type: string}, naam", "naam", 1)
		}
		s := ask(t, spec, "a", "fields: [naam]", field, "q: q")
		finds := s.Operations[0].Finds(s.Fields)
		seen := map[string]bool{}
		for _, f := range finds {
			if len(f.Asked) != 1 || strings.HasPrefix(f.Asked[0].Value, "nagebootst") {
				t.Errorf("%s: asks %+v", parameter, f.Asked)
				continue
			}
			seen[f.Asked[0].Value] = true
		}
		if len(seen) < 2 && !strings.Contains(parameter, "pattern") {
			t.Errorf("%s: found by %v", parameter, seen)
		}
		for _, a := range s.Operations[0].Answers {
			if !json.Valid([]byte(a.Body)) {
				t.Errorf("answer %s", a.Body)
			}
		}
	}
}

// TestPersonInAddress: a number of a person does not come into the address of a
// question, whatever its name.
func TestPersonInAddress(t *testing.T) {
	spec := func(parameter string) string {
		return "paths: {/a: {get: {operationId: a, parameters: [" + parameter + "], responses: {'200': {content: {application/json: {schema: {type: array, items: {properties: {naam: {type: string}}}}}}}}}}}\n"
	}
	_, problems := tryAsk(t, spec("{name: rol__inpBsn, in: query, schema: {type: string}}"), "a", "fields: [naam]", "{name: wie, type: bsn}", "rol__inpBsn: wie")
	if codes(problems) != "person-in-address sources[0].operations[0].name" {
		t.Errorf("by its name: %v", problems)
	}
	_, problems = tryAsk(t, spec("{name: sleutel, in: query, schema: {type: string}}"), "a", "fields: [naam]", "{name: wie, type: bsn}", "sleutel: wie")
	if codes(problems) != "person-in-address sources[0].operations[0].name" {
		t.Errorf("by what fills it: %v", problems)
	}
	_, problems = tryAsk(t, spec("{name: bsn, in: query, schema: {type: string}}, {name: rol__inpBsn, in: query, schema: {type: string}}"), "a", "fields: [naam]", "{name: wie, type: text}", "rol__inpBsn: wie")
	if codes(problems) != "person-in-address sources[0].operations[0].name" || !slices.Equal(problems[0].Args, []any{"a", "rol__inpBsn"}) {
		t.Errorf("of two: %+v", problems)
	}
	// A parameter that nobody fills does no harm.
	ask(t, spec("{name: bsn, in: query, schema: {type: string}}, {name: naam, in: query, schema: {type: string}}"), "a", "fields: [naam]", "{name: naam, type: text}", "naam: naam")
}

// TestFieldsUnknownIsToldOnce: who has to write down fields is not asked to fill them
// from the form as well.
func TestFieldsUnknownIsToldOnce(t *testing.T) {
	_, problems := tryAsk(t, "paths: {/a: {get: {operationId: a, parameters: [{name: fields, in: query, required: true, schema: {type: string}}, {name: q, in: query, required: true, schema: {type: string}}], responses: {'200': {content: {application/json: {schema: {type: array, items: {properties: {naam: {type: string}}}}}}}}}}}\n",
		"a", "fields: [naam]", "{name: wie, type: text}", "q: wie")
	if codes(problems) != "fields-unknown sources[0].operations[0].name" {
		t.Errorf("%v", problems)
	}
}

// TestDotsInAPath: a path of the specification leads nowhere else either.
func TestDotsInAPath(t *testing.T) {
	for path, good := range map[string]bool{
		"/a/b": true, "/v1.2/a": true, "/a/..": false, "/a/.": false, "/./a": false, "/../a": false, "/a//b": false, "/a/%2e%2e/b": false, "/a/...": false, "/{a}/b.json": true,
	} {
		if pathOK(path) != good {
			t.Errorf("%s: %v", path, !good)
		}
	}
}

// TestExact: a question about an address is exact when all of the address is asked.
func TestExact(t *testing.T) {
	for field, want := range map[string]bool{"{name: plek, type: adres}": true, "{name: postcode, type: postcode}, {name: huisnummer, type: integer}": false} {
		doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: bag, catalogue: bag, purpose: {activity: a, fields: [postcode]}}]
process:
  roles: [{name: m, audience: employee}]
  steps:
    - {name: vraag, kind: form, role: m, fields: [`+field+`], next: zoek}
    - {name: zoek, kind: lookup, source: bag, next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: a}]}
`))
		if len(found) > 0 {
			t.Fatal(found)
		}
		c, problems := New(doc.Answers, nil, Env{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		op := c.Sources[0].Operations[0]
		exact := slices.ContainsFunc(op.Constants, func(c Constant) bool { return c.Name == "exacteMatch" && c.Value == "true" && c.In == "query" })
		if exact != want || op.Contract.Once || op.Contract.List != "_embedded.adressen" {
			t.Errorf("%s: constants %+v, %+v", field, op.Constants, op.Contract)
		}
	}
}

// TestLargeAnswersStayCheap: two hundred fields of an answer that unfolds into all
// that may be judged, in a hundred operations, take seconds and not a minute.
func TestLargeAnswersStayCheap(t *testing.T) {
	var spec strings.Builder
	var operations, fields []string
	spec.WriteString("paths:\n")
	for i := range 100 {
		operations = append(operations, fmt.Sprintf("a%d", i))
		fmt.Fprintf(&spec, "  /a%d: {get: {operationId: a%d, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}\n", i, i)
	}
	spec.WriteString("components:\n  schemas:\n")
	for i := range 14 {
		fmt.Fprintf(&spec, "    S%d: {properties: {a: {$ref: '#/components/schemas/S%d'}, b: {$ref: '#/components/schemas/S%d'}}}\n", i, i+1, i+1)
	}
	spec.WriteString("    S14: {type: object, additionalProperties: true, properties: {x: {type: string}}}\n")
	for i := range 199 {
		fields = append(fields, fmt.Sprintf("a.b.x%d", i))
	}
	begin := time.Now()
	_, problems := tryAsk(t, spec.String(), strings.Join(operations, ", "), "fields: ["+strings.Join(fields, ", ")+"]", "{name: q, type: text}", "")
	if took := time.Since(begin); took > 25*time.Second || len(problems) == 0 {
		t.Errorf("%v, %d problems", took, len(problems))
	}
}

// Who wrote some parts of a path gets the whole one suggested, and who misspelled a
// name the right one, before a part that nobody described.
func TestWhatAFieldWasMeantToBe(t *testing.T) {
	const spec = `
paths:
  /p/{id}:
    get:
      operationId: lees
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {content: {application/json: {schema: {type: object, properties: {einddatum: {type: string}, extra: {type: object}, partner: {type: object, properties: {adres: {type: object, properties: {postcode: {type: string}}}}}}}}}}}
`
	for field, want := range map[string]string{"partner.postcode": "partner.adres.postcode", "eind_datum": "einddatum", "x": "extra.x"} {
		_, found := tryAsk(t, spec, "lees", "fields: ["+field+"]", "{name: i, type: text, required: true}", "id: i")
		if len(found) != 1 || found[0].Code != problem.SourceFieldFree || found[0].Suggestion != want {
			t.Errorf("%s: %+v, want %s", field, found, want)
		}
	}
}
