package paginas

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// hiddenNames are what the pages call, or once called, inputs of their own.
var hiddenNames = []string{"sleutel", "versie", "stap", "vast", "soort", "zaak", "rol", "naar", "doen", "keuze", "reden", "redenvancorrectie", "uitkomst", "toelichting", "id"}

// A team may give a field any name that a field can have: none of them is the key
// of the form, the version of the zaak or the step.
func TestAFieldMayHaveAnyName(t *testing.T) {
	var fields []Field
	want, stored := map[string]any{}, map[string]any{}
	for _, name := range hiddenNames {
		fields = append(fields, Field{Name: name, Label: "Veld " + name, Kind: "text"})
		want[name], stored[name] = "van "+name, "was "+name
	}
	fill := func(page string) url.Values {
		form := url.Values{}
		for _, name := range []string{inputKey, inputVersion, inputStep} {
			if v := hidden(page, name); v != "" {
				form.Set(name, v)
			}
		}
		for _, f := range fields {
			form.Set(f.Name, "van "+f.Name)
		}
		return form
	}
	b := newBrowser(t, func(o *Options) {
		o.Subject = fields
		o.Screens[0].Fields = fields
		o.Screens[1] = Screen{Step: "beoordelen", Kind: "form", Role: "balie", Title: "Beoordelen", Fields: fields}
	})
	z := zaak{ID: testZaak, Identificatie: "ZAAK-1", Step: step{Name: "beoordelen", Title: "Beoordelen", Kind: "form", Role: "balie"}, Data: stored, MaySee: true}
	b.layer4.respond["GET /v1/zaken/"+testZaak] = answerJSON(z)
	sends := func(at, call string) (*http.Request, map[string]any) {
		t.Helper()
		_, page := b.get(at)
		if status, body := b.post(at, fill(page)); status != http.StatusOK {
			t.Fatalf("%s: %d %s", at, status, body)
		}
		return b.layer4.sent(t, call)
	}
	b.login("aanvrager")
	if _, sent := sends("/starten", "POST /v1/zaken"); fmt.Sprint(sent) != fmt.Sprint(want) {
		t.Errorf("the first form sends %v, want %v", sent, want)
	}
	b.login("balie")
	if req, sent := sends("/zaken/"+testZaak+"/taak", "POST /v1/zaken/"+testZaak+"/beoordelen"); fmt.Sprint(sent) != fmt.Sprint(want) || req.Header.Get("If-Match") == "" {
		t.Errorf("a step sends %v with If-Match %s, want %v", sent, req.Header.Get("If-Match"), want)
	}
	_, page := b.get("/zaken/" + testZaak + "/taak")
	for _, f := range fields {
		wants(t, page, `name="`+f.Name+`" value="was `+f.Name+`"`)
	}
}

// The inputs that are not of a field have a sign in their name that no field has.
func TestNoInputOfThePagesHasTheNameOfAField(t *testing.T) {
	for _, name := range []string{inputKey, inputVersion, inputStep, inputFixed, correctionReason.Name} {
		if name[0] != '_' || slices.Contains(hiddenNames, name) {
			t.Errorf("%s can be the name of a field", name)
		}
	}
}
