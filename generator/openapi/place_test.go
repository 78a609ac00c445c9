package openapi

import (
	"slices"
	"strings"
	"testing"
)

// TestListFor: what is found is an item of the list that an answer is about, and
// else the answer.
func TestListFor(t *testing.T) {
	thing := `{type: array, items: {properties: {naam: {type: string}, nr: {type: string}}}}`
	for _, c := range []struct{ path, schema, fields, list string }{
		{"/adressen", `{properties: {_links: {properties: {self: {properties: {href: {type: string}}}}}, _embedded: {properties: {adressen: ` + thing + `}}}}`, "naam", "_embedded.adressen"},
		{"/zaken", `{properties: {count: {type: integer}, next: {type: string}, previous: {type: string}, results: ` + thing + `}}`, "naam", "results"},
		{"/personen", `{properties: {type: {type: string}, personen: ` + thing + `}}`, "naam", "personen"},
		{"/dingen", thing, "naam", ""},
		{"/dingen/{id}", `{properties: {id: {type: string}, adressen: ` + thing + `}}`, "naam", ""},
		{"/dingen/{id}", `{properties: {id: {type: string}, results: ` + thing + `}}`, "naam", ""},
		{"/dingen/{id}/", `{properties: {adressen: ` + thing + `}}`, "naam", ""},
		{"/adressen/{postcode}", `{properties: {count: {type: integer}, results: ` + thing + `}}`, "naam", "results"},
		{"/bevraag", `{properties: {data: ` + thing + `}}`, "naam", "data"},
		{"/bevraag", `{properties: {resultaten: ` + thing + `, pagina: {type: integer}, totaal: {type: integer}}}`, "naam", "resultaten"},
		{"/free", `{properties: {response: {properties: {numFound: {type: integer}, docs: ` + thing + `}}}}`, "naam", "response.docs"},
		{"/bewoningen", `{properties: {bewoningen: {type: array, items: {properties: {bewoners: ` + thing + `}}}}}`, "naam", "bewoningen"},
		{"/mij", `{properties: {naam: {type: string}, rollen: ` + thing + `}}`, "naam", ""},
		{"/zoek", `{properties: {a: ` + thing + `, b: {type: array, items: {properties: {kleur: {type: string}}}}}}`, "naam,nr", "a"},
		{"/zoek", `{properties: {a: ` + thing + `, b: {type: array, items: {properties: {kleur: {type: string}}}}}}`, "naam,kleur", ""},
		{"/zoek", `{properties: {results: {type: array, items: {type: object}}, links: ` + thing + `}}`, "naam", "results"},
		{"/mij", `{properties: {naam: {type: string}, results: ` + thing + `}}`, "naam", "results"},
		{"/zoek", `{properties: {a: ` + thing + `, b: ` + thing + `}}`, "naam", ""},
		{"/zoek", `{properties: {data: {properties: {data: {properties: {data: {properties: {dingen: ` + thing + `}}}}}}}}`, "naam", ""},
		{"/zoek", `{properties: {data: {properties: {result: {properties: {dingen: ` + thing + `}}}}}}`, "naam", "data.result.dingen"},
		{"/zoek", `{properties: {woorden: {type: array, items: {type: string}}}}`, "woorden", ""},
	} {
		full := answering(t, c.schema).Full(nil)
		if got := full.ListFor(c.path, strings.Split(c.fields, ",")); got != c.list {
			t.Errorf("%s %s: %q, not %q", c.path, c.schema, got, c.list)
		}
	}
}

// TestPlace: a field has one place, that of the thing itself and not that of a
// relative of it.
func TestPlace(t *testing.T) {
	full := answering(t, `{properties: {count: {type: integer}, meta: {properties: {kleur: {type: string}}}, personen: {type: array, items: {properties: {bsn: {type: string}, naam: {properties: {voornamen: {type: string, title: De voornamen}}}, partners: {type: array, items: {properties: {bsn: {type: string}, naam: {properties: {voornamen: {type: string}}}, soort: {type: string}}}}, thuis: {properties: {postcode: {type: string}}}, post: {properties: {postcode: {type: string}}}, record: {properties: {data: {type: object}}}, huis: {properties: {deur: {properties: {kleur: {type: string}}}}}, extra: {additionalProperties: true, properties: {nr: {type: string}}}}}}}}`).Full(nil)
	for field, want := range map[string]Place{
		"bsn":             {Path: "bsn", Root: "personen.bsn"},
		"voornamen":       {Path: "naam.voornamen", Root: "personen.naam.voornamen", Title: "De voornamen"},
		"personen.bsn":    {Path: "bsn", Root: "personen.bsn"},
		"partners.bsn":    {Path: "partners.bsn", Root: "personen.partners.bsn"},
		"soort":           {Path: "partners.soort", Root: "personen.partners.soort"},
		"count":           {Path: "count", Root: "count"},
		"postcode":        {Tied: []string{"post.postcode", "thuis.postcode"}},
		"post.postcode":   {Path: "post.postcode", Root: "personen.post.postcode"},
		"record.data.x.y": {Path: "record.data.x.y", Root: "personen.record.data.x.y", Unchecked: true},
		"data.x":          {Path: "record.data.x", Root: "personen.record.data.x", Unchecked: true},
		"extra.nr":        {Path: "extra.nr", Root: "personen.extra.nr"},
		"extra.anders":    {Path: "extra.anders", Root: "personen.extra.anders", Unchecked: true},
		"kleur":           {Path: "huis.deur.kleur", Root: "personen.huis.deur.kleur"},
		"meta.kleur":      {Path: "meta.kleur", Root: "meta.kleur"},
		"gewicht":         {Free: []string{"extra", "record.data"}},
	} {
		got := full.Place("personen", field)
		slices.Sort(got.Free)
		if got.Path != want.Path || got.Root != want.Root || got.Title != want.Title || got.Unchecked != want.Unchecked || !slices.Equal(got.Tied, want.Tied) || !slices.Equal(got.Free, want.Free) {
			t.Errorf("%s: %+v, not %+v", field, got, want)
		}
	}
	for _, schema := range []string{`{type: object}`, `{type: object, additionalProperties: true, properties: {naam: {type: string}}}`} {
		if got := answering(t, schema).Full(nil).Place("", "a.kleur"); got.Path != "a.kleur" || !got.Unchecked {
			t.Errorf("in anything: %+v", got)
		}
	}
	described := answering(t, `{properties: {l: {type: array, items: {properties: {extra: {type: object, additionalProperties: true, properties: {nr: {type: object, properties: {a: {type: string}}}}}}}}}}`).Full(nil)
	if got := described.Place("l", "extra.nr.b"); got.Path != "" {
		t.Errorf("below what is described and has it not: %+v", got)
	}
	// Beside the list is farther away than anything in it.
	if got := answering(t, `{properties: {kleur: {type: string}, l: {type: array, items: {properties: {a: {properties: {b: {properties: {kleur: {type: string}}}}}}}}}}`).Full(nil).Place("l", "b.kleur"); got.Path != "a.b.kleur" {
		t.Errorf("beside the list: %+v", got)
	}
	if got := answering(t, `{properties: {naam: {type: string}}}`).Full(nil).Place("", "kleur"); got.Path != "" || len(got.Free) > 0 {
		t.Errorf("nowhere: %+v", got)
	}
}

// TestKeep: of the whole answer the whole paths are left, and a field below an
// object that may hold anything has a place in the type.
func TestKeep(t *testing.T) {
	o := answering(t, `{properties: {naam: {type: string, description: Hoe het heet}, eigenaar: {properties: {naam: {type: string}}}, data: {type: object}, rest: {properties: {a: {type: string}}}, leeg: {type: object, properties: {}, additionalProperties: false}}}`)
	full := o.Full(nil)
	for fields, want := range map[string]string{
		"naam":          "naam",
		"eigenaar.naam": "eigenaar.naam",
		"rest":          "rest.a",
		"data.x.y,naam": "data.x.y naam",
		"data":          "data",
		"weg":           "",
		"leeg":          "leeg",
	} {
		if got := strings.Join(o.Keep(full, strings.Split(fields, ",")).Paths(), " "); got != want {
			t.Errorf("%s: %s", fields, got)
		}
	}
	if got := answering(t, `{additionalProperties: {type: string}, properties: {naam: {type: string}}}`).Promise(nil).Holds; got != nil {
		t.Errorf("an answer that may hold anything has %v", got)
	}
	if doc := o.Keep(full, []string{"naam"}).Fields[0].Doc; doc != "Hoe het heet" {
		t.Errorf("doc %q", doc)
	}
	kept := o.Keep(full, []string{"naam", "rest"})
	kept.Loosen("rest")
	if got := strings.Join(kept.Paths(), " "); got != "naam rest" {
		t.Errorf("loose: %s", got)
	}
	if got := answering(t, `{required: [naam, nam, geheim], properties: {naam: {type: string}, geheim: {type: string, writeOnly: true}}}`).Promise(nil).Required; !slices.Equal(got, []string{"naam"}) {
		t.Errorf("required %v", got)
	}
	if got := strings.Join(FullOf(`{"results":[{"a":1},{"b":{"c":2}}]}`).Keep([]string{"results.b"}).Paths(), " "); got != "results.b.c" {
		t.Errorf("of an example: %s", got)
	}
}
