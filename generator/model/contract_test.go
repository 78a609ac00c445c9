package model

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// described is a component with one source of which this is the specification, that
// is asked by this parameter.
func described(t *testing.T, document, purpose, parameter string) (*Component, problem.List) {
	t.Helper()
	doc, found := answers.Parse("", []byte(`
version: 1
component: {title: Proef, organisation: {name: Gemeente}}
sources: [{name: bron, openapi: bronnen/b.yaml, operations: [vind], purpose: {activity: a, `+purpose+`}}]
process:
  roles: [{name: m, audience: employee}]
  steps: [{name: vraag, kind: form, role: m, fields: [{name: q, type: text}], next: zoek}, {name: zoek, kind: lookup, source: bron, input: {`+parameter+`: q}, next: klaar}, {name: klaar, kind: end}]
privacy: {activities: [{name: a}]}
`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	return New(doc.Answers, fstest.MapFS{"bronnen/b.yaml": {Data: []byte(document)}}, Env{})
}

// TestNotFound: 404 says that there is nothing where the specification has it, and
// of one thing, which has no other way not to be there.
func TestNotFound(t *testing.T) {
	const (
		query, key   = `{name: q, in: query, schema: {type: string}}`, `{name: q, in: path, required: true, schema: {type: string}}`
		thing        = `{type: object, properties: {naam: {type: string}}}`
		results, all = `{type: object, properties: {results: {type: array, items: ` + thing + `}}}`, `{type: array, items: ` + thing + `}`
	)
	for _, c := range []struct {
		path, parameter, answer, more string
		want                          bool
	}{
		{"/dingen", query, results, "", false},
		{"/dingen", query, all, "", false},
		{"/dingen", query, results, "'404': {description: Niets}, ", true},
		{"/dingen", query, all, "'404': {description: Niets}, ", true},
		{"/dingen", query, thing, "", true},
		{"/dingen/{q}", key, thing, "", true},
		{"/dingen/{q}", key, results, "", true},
		{"/dingen/{q}", key, all, "", true},
	} {
		got, problems := described(t, fmt.Sprintf("openapi: 3.0.3\npaths: {'%s': {get: {operationId: vind, parameters: [%s], responses: {%s'200': {description: x, content: {application/json: {schema: %s}}}}}}}\n", c.path, c.parameter, c.more, c.answer), "fields: [naam]", "q")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if contract := got.Sources[0].Operations[0].Contract; contract.NotFound != c.want {
			t.Errorf("%s %s %s: %+v", c.path, c.answer, c.more, contract)
		}
	}
}

// TestTooManyWarnings: what is kept has to fit in the log, warnings and all.
func TestTooManyWarnings(t *testing.T) {
	var properties, names []string
	for i := range maxFields {
		properties = append(properties, fmt.Sprintf("w%d: {type: boolean}", i))
		names = append(names, fmt.Sprintf("w%d", i))
	}
	document := "openapi: 3.0.3\npaths: {/dingen: {get: {operationId: vind, parameters: [{name: q, in: query, schema: {type: string}}], responses: {'200': {description: x, content: {application/json: {schema: {type: object, properties: {naam: {type: string}, " + strings.Join(properties, ", ") + "}}}}}}}}}\n"
	if _, problems := described(t, document, "fields: [naam], warnings: ["+strings.Join(names[1:], ", ")+"]", "q"); len(problems) > 0 {
		t.Error(problems)
	}
	if _, problems := described(t, document, "fields: [naam], warnings: ["+strings.Join(names, ", ")+"]", "q"); len(problems) != 1 || problems[0].Code != problem.ListTooLong {
		t.Error(problems)
	}
	if _, problems := described(t, document, "fields: [naam], warnings: ["+strings.Repeat("w", 201)+"]", "q"); len(problems) != 1 || problems[0].Code != problem.SourceFieldForm {
		t.Error(problems)
	}
}

// TestAPersonInAnAddressByName: a parameter that is called as the number of a person
// is refused whatever fills it, and one of another name is not.
func TestAPersonInAnAddressByName(t *testing.T) {
	for name, refused := range map[string]bool{"burgerservicenummer": true, "inpBsn": true, "nummer": false} {
		_, problems := described(t, "openapi: 3.0.3\npaths: {/dingen: {get: {operationId: vind, parameters: [{name: "+name+", in: query, schema: {type: string}}], responses: {'200': {description: x, content: {application/json: {schema: {type: object, properties: {naam: {type: string}}}}}}}}}}\n", "fields: [naam]", name)
		if got := len(problems) == 1 && problems[0].Code == problem.PersonInAddress; got != refused || !refused && len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
