package openapi

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// samples are real specifications beside this repository; they are not ours to
// copy into it.
const samples = "../../../shared/samples/openapi-"

// TestRealSpecifications asks of each what a component asks of it.
func TestRealSpecifications(t *testing.T) {
	for _, c := range []struct {
		file, operation string
		constants       map[string]string
		fields          []string
		missing         string
		path            string // one that the shape must have
		schema          string // of the answer
		body            string // required parameters
	}{
		{
			file: "bag-adressenuitgebreid", operation: "zoekAdresUitgebreid",
			fields: []string{"adresseerbaarObjectIdentificatie", "postcode", "gebruiksdoelen", "kleur"}, missing: "kleur",
			path: "_embedded.adressen.adresseerbaarObjectIdentificatie", schema: "AdresUitgebreidHalCollection",
		},
		{
			file: "bag-adressenuitgebreid", operation: "bevraagAdresUitgebreidMetNumId",
			fields: []string{"oppervlakte", "punt", "panden"}, path: "adresseerbaarObjectGeometrie.punt.coordinates", schema: "AdresUitgebreidHal", body: "nummeraanduidingIdentificatie",
		},
		{
			file: "brp-bewoning", operation: "Bewoningen", constants: map[string]string{"type": "BewoningMetPeildatum"},
			fields: []string{"burgerservicenummer", "geboorte.datum", "geheimhoudingPersoonsgegevens", "indicatieVeelBewoners"},
			path:   "bewoningen.bewoners.geboorte.datum.maand", schema: "BewoningenQueryResponse", body: "type peildatum adresseerbaarObjectIdentificatie",
		},
		{
			file: "brp-personen-bevragen", operation: "Personen", constants: map[string]string{"type": "RaadpleegMetBurgerservicenummer"},
			fields: []string{"naam.volledigeNaam", "geboorte.datum", "verblijfadres.postcode", "inOnderzoek", "geheimhoudingPersoonsgegevens", "kinderen"},
			path:   "personen.verblijfplaats.verblijfadres.postcode", schema: "RaadpleegMetBurgerservicenummerResponse", body: "type fields burgerservicenummer",
		},
		{
			file: "brp-personen-bevragen", operation: "Personen", constants: map[string]string{"type": "ZoekMetPostcodeEnHuisnummer"},
			fields: []string{"adressering", "geslacht.omschrijving", "nationaliteiten"}, missing: "nationaliteiten",
			path: "personen.adressering.adresregel1", schema: "ZoekMetPostcodeEnHuisnummerResponse", body: "type fields huisnummer postcode",
		},
	} {
		data, err := os.ReadFile(samples + c.file + ".yaml")
		if err != nil {
			t.Skip("no real specifications beside this repository")
		}
		d, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		o := d.Operation(c.operation)
		q, err := o.Question(c.constants)
		var required []string
		for _, p := range q.Parameters {
			if p.Required {
				required = append(required, p.Name)
			}
		}
		if err != nil || strings.Join(required, " ") != c.body {
			t.Errorf("%s asks for %q, %v", c.operation, required, err)
		}
		shape, missing := o.Shape(c.fields, c.constants)
		if strings.Join(missing, " ") != c.missing || !slices.Contains(shape.Paths(), c.path) {
			t.Errorf("%s: missing %v, shape %v", c.operation, missing, shape.Paths())
		}
		made := o.Made(c.fields, c.constants)
		if made == "" || holds(made, c.fields) != len(c.fields)-len(missing) {
			t.Errorf("%s answers %s", c.operation, made)
		}
		if err := satisfies(t, independent(t, data, "/components/schemas/"+c.schema), made); err != nil {
			t.Errorf("%s: %v in %s", c.operation, err, made)
		}
		if o.Broken() != "" || o.Work() > maxWork/10 {
			t.Errorf("%s: broken %q, %d steps", c.operation, o.Broken(), o.Work())
		}
		checkDates(t, data, made)
	}
}

// checkDates holds each date of the BRP against the schema of its own type,
// which a validator of JSON Schema cannot find by itself.
func checkDates(t *testing.T, data []byte, made string) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(made), &value); err != nil {
		t.Fatal(err)
	}
	found := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["type"] == "Datum" {
				found++
				document, _ := json.Marshal(v)
				if err := satisfies(t, independent(t, data, "/components/schemas/VolledigeDatum"), string(document)); err != nil {
					t.Error(err)
				}
			}
			for _, sub := range v {
				walk(sub)
			}
		case []any:
			for _, sub := range v {
				walk(sub)
			}
		}
	}
	walk(value)
	if found == 0 && strings.Contains(made, "langFormaat") {
		t.Errorf("no whole date in %s", made)
	}
}
