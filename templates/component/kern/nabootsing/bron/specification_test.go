package bron

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// spec has what makes the files of Dutch sources hard: OpenAPI 3.1, a choice
// by a discriminator alone, kinds that refer back, types with null, patterns
// that Go cannot read, headers, and media types with parameters.
const spec = `openapi: 3.1.0
info: {title: Proef, version: 1.0.0}
paths:
  /personen:
    post:
      operationId: personen
      requestBody:
        required: true
        content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Vraag'}}}
      responses:
        '200':
          description: goed
          content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Antwoord'}}}
        '400': {description: fout, content: {application/problem+json: {}}}
        '406': {description: fout}
        '415': {description: fout}
  /adressen/{code}:
    parameters:
      - {name: code, in: path, required: true, schema: {type: string, pattern: '^[0-9]{4}$'}}
    get:
      operationId: adressen
      parameters:
        - {name: jaar, in: query, required: true, schema: {type: integer, minimum: 2000}}
        - {name: lijst, in: query, explode: false, schema: {type: array, maxItems: 2, items: {type: string, enum: [a, b]}}}
        - {name: naam, in: query, schema: {type: [string, 'null'], pattern: '^(?!x).*$'}}
        - {name: Accept-Crs, in: header, required: true, schema: {enum: ['epsg:28992']}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        '200': {description: goed, content: {application/hal+json: {schema: {type: object}}}}
        '400': {description: fout}
        '412': {description: fout}
  /vrij:
    get:
      operationId: vrij
      parameters:
        - {name: filter, in: query, style: form, schema: {type: object, additionalProperties: {type: string}}}
        - {name: Accept-Crs, in: header, required: true, schema: {type: string}}
      responses: {'200': {description: goed}, '406': {description: fout}}
components:
  schemas:
    Vraag:
      type: object
      required: [type, fields]
      discriminator:
        propertyName: type
        mapping: {RaadpleegMetNummer: '#/components/schemas/MetNummer', ZoekMetNaam: MetNaam}
      properties:
        type: {type: string}
        fields: {type: array, minItems: 1, items: {type: string, pattern: '^[a-zA-Z.]+$'}}
    MetNummer:
      required: [nummer]
      allOf:
        - $ref: '#/components/schemas/Vraag'
        - type: object
          properties: {nummer: {type: array, maxItems: 2, items: {type: string, pattern: '^[0-9]{9}$'}}}
    MetNaam:
      required: [naam]
      allOf:
        - $ref: '#/components/schemas/Vraag'
        - type: object
          properties: {naam: {type: string, maxLength: 5}, datum: {type: string, format: date}}
          additionalProperties: true
    Antwoord:
      type: object
      discriminator: {propertyName: type, mapping: {RaadpleegMetNummer: '#/components/schemas/AntwoordNummer'}}
      properties: {type: {type: string}}
    AntwoordNummer:
      allOf:
        - $ref: '#/components/schemas/Antwoord'
        - type: object
          properties: {personen: {type: array, items: {$ref: '#/components/schemas/Persoon'}}}
    Persoon:
      type: object
      properties:
        nummer: {type: string}
        naam: {type: object, properties: {voornamen: {type: string}}}
        partner: {$ref: '#/components/schemas/Persoon'}
        verblijf: {$ref: '#/components/schemas/Verblijf'}
    Verblijf:
      type: object
      discriminator: {propertyName: type, mapping: {Adres: '#/components/schemas/Adres'}}
      properties: {type: {type: string}}
    Adres:
      allOf:
        - $ref: '#/components/schemas/Verblijf'
        - {type: object, properties: {postcode: {type: string}}}
`

const specAnswers = `{"dienst":"d","operaties":[
  {"naam":"personen","methode":"POST","pad":"/personen","vragen":["nummer"],"kiest":{"veld":"fields","onder":"personen"},
   "antwoorden":[{"bij":{},"antwoord":{"type":"RaadpleegMetNummer","personen":[{"nummer":"999993653","naam":{"voornamen":"Noor"}}]}}]},
  {"naam":"adressen","methode":"GET","pad":"/adressen/{id}","vragen":["id"],"antwoorden":[{"bij":{},"antwoord":{"id":"0363"}}]},
  {"naam":"vrij","methode":"GET","pad":"/vrij","antwoorden":[{"bij":{},"antwoord":{}}]},
  {"naam":"eigen","methode":"GET","pad":"/niet-beschreven","antwoorden":[{"bij":{},"antwoord":{"ok":true}}]}]}`

func TestAQuestionIsJudgedByTheSpecification(t *testing.T) {
	s := newSource(t, specAnswers, "spec.yaml", spec)
	const crs = "Accept-Crs"
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		wrong                    string // name:code, in order
	}{
		{name: "good", method: "POST", path: "/personen", body: `{"type":"RaadpleegMetNummer","nummer":["999993653"],"fields":["naam.voornamen","partner.partner.nummer","verblijf.postcode"]}`, status: 200},
		{name: "other kind", method: "POST", path: "/personen", body: `{"type":"ZoekMetNaam","naam":"Noor","datum":"2026-01-12","fields":["nummer"]}`, status: 200},
		{name: "media type with a parameter", method: "POST", path: "/personen", body: `{"type":"ZoekMetNaam","naam":"Noor","fields":["nummer"]}`, headers: []string{"Content-Type", "application/json; charset=UTF-8", "Accept", "application/problem+json, application/json"}, status: 200},
		{name: "no number", method: "POST", path: "/personen", body: `{"type":"RaadpleegMetNummer","fields":["nummer"]}`, status: 400, wrong: "nummer:required"},
		{name: "wrong numbers", method: "POST", path: "/personen", body: `{"type":"RaadpleegMetNummer","nummer":["geheim","999993653",7],"fields":[]}`, status: 400, wrong: "fields:minItems nummer:maxItems nummer[0]:pattern nummer[2]:type"},
		{name: "unknown kind", method: "POST", path: "/personen", body: `{"type":"Geheim","fields":["nummer"]}`, status: 400, wrong: "type:value"},
		{name: "no kind", method: "POST", path: "/personen", body: `{"fields":["nummer"]}`, status: 400, wrong: "type:required"},
		{name: "kind is a number", method: "POST", path: "/personen", body: `{"type":1,"fields":["nummer"]}`, status: 400, wrong: "type:type"},
		{name: "unknown fields", method: "POST", path: "/personen", body: `{"type":"ZoekMetNaam","naam":"Noor","fields":["nummer","geheim","naam.geheim"]}`, status: 400, wrong: "fields[1]:fields fields[2]:fields"},
		{name: "too long, no date", method: "POST", path: "/personen", body: `{"type":"ZoekMetNaam","naam":"geheime naam","datum":"gisteren geheim","fields":["nummer"]}`, status: 400, wrong: "datum:format naam:maxLength"},
		{name: "a list", method: "POST", path: "/personen", body: `["geheim"]`, status: 400, wrong: "body:type"},
		{name: "nothing", method: "POST", path: "/personen", status: 400, wrong: "body:required"},
		{name: "not JSON", method: "POST", path: "/personen", body: `{}`, headers: []string{"Content-Type", "text/plain"}, status: 415},
		{name: "page for a browser", method: "POST", path: "/personen", body: `{}`, headers: []string{"Accept", "text/html"}, status: 406},

		{name: "address", method: "GET", path: "/adressen/0363?jaar=2026&lijst=a,b&naam=x", headers: []string{crs, "epsg:28992", "Accept", "*/*"}, status: 200},
		{name: "no header", method: "GET", path: "/adressen/0363?jaar=2026", status: 412, wrong: "Accept-Crs:required"},
		{name: "wrong header", method: "GET", path: "/adressen/0363?jaar=2026", headers: []string{crs, "geheim"}, status: 412, wrong: "Accept-Crs:enum"},
		{name: "wrong parameters", method: "GET", path: "/adressen/geheim?jaar=geheim&lijst=a,geheim,b&geheimeparameter=1", headers: []string{crs, "epsg:28992"}, status: 400, wrong: "code:pattern geheimeparameter:unknownParam jaar:type lijst:maxItems lijst[1]:enum"},
		{name: "missing and small", method: "GET", path: "/adressen/0363", headers: []string{crs, "epsg:28992"}, status: 400, wrong: "jaar:required"},
		{name: "too small", method: "GET", path: "/adressen/0363?jaar=1999", headers: []string{crs, "epsg:28992"}, status: 400, wrong: "jaar:minimum"},

		{name: "free query", method: "GET", path: "/vrij?wat=dan&ook=1", headers: []string{crs, "x"}, status: 200},
		{name: "406 for a header", method: "GET", path: "/vrij", status: 406, wrong: "Accept-Crs:required"},
		{name: "not in the specification", method: "GET", path: "/niet-beschreven?x=1", status: 200},
	} {
		w := s.ask(c.method, c.path, c.body, c.headers...)
		var got struct {
			Status        int
			Detail        string
			InvalidParams []struct{ Name, Code, Reason string }
		}
		_ = json.Unmarshal(w.Body.Bytes(), &got)
		var names []string
		for _, p := range got.InvalidParams {
			names = append(names, p.Name+":"+p.Code)
			if p.Reason == "" || !strings.Contains(got.Detail, p.Name) {
				t.Errorf("%s: %+v in %q", c.name, p, got.Detail)
			}
		}
		if w.Code != c.status || strings.Join(names, " ") != c.wrong || c.status >= 400 && got.Status != c.status {
			t.Errorf("%s: status %d, wrong %q, not %d %q: %s", c.name, w.Code, strings.Join(names, " "), c.status, c.wrong, w.Body)
		}
		if strings.Contains(strings.ReplaceAll(w.Body.String(), "geheimeparameter", ""), "geheim") {
			t.Errorf("%s: the answer holds a value: %s", c.name, w.Body)
		}
	}
	if log := s.log.String(); strings.Contains(strings.ReplaceAll(log, "geheimeparameter", ""), "geheim") || !strings.Contains(log, "nummer[0]") {
		t.Errorf("the log says %s", log)
	}
}

// TestASpecificationWithoutEnd: the library would follow these until the
// component stops. A part that cannot be judged is not; the rest works.
func TestASpecificationWithoutEnd(t *testing.T) {
	var ever strings.Builder
	for i := range 22 {
		fmt.Fprintf(&ever, "    C%d: {anyOf: [{$ref: '#/components/schemas/C%d'}, {$ref: '#/components/schemas/C%d'}]}\n", i, i+1, i+1)
	}
	ever.WriteString("    C22: {type: boolean}\n    B: {$ref: '#/components/schemas/A'}\n    R: {$ref: '#/components/schemas/R'}\n")
	for name, schema := range map[string]string{
		"is itself":             "{$ref: '#/components/schemas/A'}",
		"is another that is it": "{$ref: '#/components/schemas/B'}",
		"all of itself":         "{allOf: [{$ref: '#/components/schemas/A'}]}",
		"one of itself":         "{type: object, oneOf: [{$ref: '#/components/schemas/A'}]}",
		"not itself":            "{not: {$ref: '#/components/schemas/A'}}",
		"deeper":                "{allOf: [{anyOf: [{$ref: '#/components/schemas/A'}]}]}",
		"nothing but itself":    "{properties: {a: {$ref: '#/components/schemas/A'}}}",
		"a property is nothing": "{type: object, properties: {f: {$ref: '#/components/schemas/R'}}}",
		"ever more":             "{anyOf: [{$ref: '#/components/schemas/C0'}]}",
	} {
		spec := "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /p:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n" +
			"      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\n" +
			"    get:\n      parameters: [{name: a, in: query, schema: {$ref: '#/components/schemas/A'}}, {name: b, in: query, required: true, schema: {type: integer}}]\n      responses: {'200': {description: x}}\n" +
			"components:\n  schemas:\n    A: " + schema + "\n" + ever.String()
		s := newSource(t, `{"dienst":"d","operaties":[{"naam":"p","methode":"POST","pad":"/p","kiest":{"veld":"f"},"antwoorden":[{"bij":{},"antwoord":{}}]},
			{"naam":"g","methode":"GET","pad":"/p","antwoorden":[{"bij":{},"antwoord":{}}]}]}`, "s.yaml", spec)
		field := strings.Repeat("a.", 80) + "a"
		if name == "a property is nothing" {
			field = "f"
		}
		if w := s.ask("POST", "/p", `{"f":["`+field+`"],"a":{"a":{}}}`); w.Code != 200 {
			t.Errorf("%s: status %d %s", name, w.Code, w.Body)
		}
		if w := s.ask("GET", "/p?a=1&b=x", ""); w.Code != 400 || !strings.Contains(w.Body.String(), `"b"`) {
			t.Errorf("%s: the rest is not judged: status %d %s", name, w.Code, w.Body)
		}
		if !strings.Contains(s.log.String(), "bestaat uit zichzelf") {
			t.Errorf("%s: the log does not say what is not judged: %s", name, s.log.String())
		}
	}
}

func TestAnAnswerHasTheMediaTypeOfTheSource(t *testing.T) {
	s := newSource(t, specAnswers, "spec.yaml", spec)
	for path, want := range map[string]string{
		"/adressen/0363?jaar=2026": "application/hal+json", "/vrij": "application/json", "/niet-beschreven": "application/json",
	} {
		if got := s.ask("GET", path, "", "Accept-Crs", "epsg:28992").Header().Get("Content-Type"); got != want {
			t.Errorf("%s is %q, not %q", path, got, want)
		}
	}
	if got := s.ask("POST", "/personen", "{}").Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a fault is %q", got)
	}
}

func TestASpecificationThatCannotBeRead(t *testing.T) {
	for name, broken := range map[string]string{
		"not YAML":      "\x00\x01",
		"empty":         "",
		"not OpenAPI":   "swagger: '2.0'\npaths: 7\n",
		"another file":  strings.ReplaceAll(spec, "'#/components/schemas/Vraag'", "'../../../etc/passwd#/x'"),
		"on the web":    strings.ReplaceAll(spec, "'#/components/schemas/Vraag'", "'http://127.0.0.1:1/x.yaml'"),
		"no such place": strings.ReplaceAll(spec, "'#/components/schemas/Vraag'", "'#/components/schemas/Weg'"),
	} {
		s := newSource(t, specAnswers, "spec.yaml", broken)
		for range 3 {
			if w := s.ask("GET", "/vrij", ""); w.Code != 200 {
				t.Errorf("%s: status %d %s", name, w.Code, w.Body)
			}
		}
		if n := strings.Count(s.log.String(), "spec.yaml"); n != 1 && !(n == 0 && (name == "empty" || name == "not OpenAPI")) {
			t.Errorf("%s: the log speaks of it %d times: %s", name, n, s.log.String())
		}
	}
}
