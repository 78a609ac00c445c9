package outway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A warning is on when its value is, wherever it stands, and its place leads to
// what it is about.
func TestWhatASourceWarnsOf(t *testing.T) {
	for _, c := range []struct {
		value  string
		values []string
		want   bool
	}{
		{`true`, nil, true}, {`false`, nil, false}, {`"J"`, nil, true}, {`"N"`, nil, false}, {`"nee"`, nil, false}, {`" Nee "`, nil, false}, {`"no"`, nil, false},
		{`0`, nil, false}, {`"00"`, nil, false}, {`7`, nil, true}, {`""`, nil, false}, {`null`, nil, false}, {`{}`, nil, false}, {`[]`, nil, false}, {`"false"`, nil, false},
		{`{"straat":true}`, nil, true}, {`{"straat":false}`, nil, false}, {`{"datum":"2026-01-01"}`, nil, true}, {`[false,true]`, nil, true},
		{`{"code":"0","omschrijving":"geen"}`, nil, false}, {`{"code":"O","omschrijving":"overlijden"}`, nil, true}, {`{"waarde":"nee"}`, nil, false},
		{`"overleden"`, []string{"Overleden"}, true}, {`"levend"`, []string{"overleden"}, false}, {`true`, []string{"overleden"}, false},
		{`{"code":"o"}`, []string{"O", "E"}, true}, {`{"omschrijving":"Overlijden"}`, []string{"overlijden"}, true}, {`{"waarde":3}`, []string{"3"}, true},
		{`{"reden":{"code":"O"}}`, []string{"O"}, false}, {`[{"code":"x"},{"code":"O"}]`, []string{"O"}, true}, {`0`, []string{"0"}, true},
	} {
		w := Warning{Field: "w", Text: "Let op.", Values: c.values}
		var data any
		d := json.NewDecoder(strings.NewReader(`{"lijst":[{},{"a/b":{"w":` + c.value + `}}]}`))
		d.UseNumber()
		if err := d.Decode(&data); err != nil {
			t.Fatal(err)
		}
		var want []Note
		if c.want {
			want = []Note{{"/lijst/1/a~1b", NoteWarning, "w", "Let op."}}
		}
		if got := warningsIn([]Warning{w}, data); !slices.Equal(got, want) {
			t.Errorf("%s with %q: %+v", c.value, c.values, got)
		}
	}
}

// What is found is compared with what was asked, and what the purpose does not
// keep is not told.
func TestHowWhatIsFoundDiffers(t *testing.T) {
	const all = "postcode huisnummer huisletter huisnummertoevoeging naam.voornamen naam.geboortedatum gemeente adres"
	for _, c := range []struct {
		asked, item, kept, want string
	}{
		{"huisnummer=38", `{"huisnummer":38}`, all, ""},
		{"huisnummer=38", `{"huisnummer":38,"huisnummertoevoeging":"2"}`, all, "huisnummertoevoeging: Gevraagd is huisnummer 38, gevonden is 38 met toevoeging 2."},
		{"huisnummer=38", `{"huisnummer":38,"huisnummertoevoeging":"2"}`, "huisnummer", "huisnummertoevoeging: Het gevonden adres wijkt af in de toevoeging."},
		{"huisnummer=38", `{"huisnummer":38,"huisnummertoevoeging":"2"}`, "naam", "huisnummertoevoeging: Het gevonden adres wijkt af in de toevoeging."},
		{"huisnummer=36", `{"huisnummer":36,"huisletter":"A"}`, all, "huisletter: Gevraagd is huisnummer 36, gevonden is 36A."},
		{"huisnummer=36 huisletter=a", `{"huisnummer":36,"huisletter":"A"}`, all, ""},
		{"huisnummer=36 huisletter=A", `{"huisnummer":36}`, all, "huisletter: Gevraagd is huisnummer 36A, gevonden is 36 zonder letter."},
		{"huisnummer=36 huisletter=A", `{"huisnummer":36}`, "huisnummer", ""},
		{"huisnummer=36 huisnummertoevoeging=bis", `{"huisnummer":"36","huisnummertoevoeging":"bis A"}`, all, "huisnummertoevoeging: Gevraagd is huisnummer 36 met toevoeging bis, gevonden is 36 met toevoeging bis A."},
		{"huisnummer=38", `{"huisnummer":40}`, all, "huisnummer: Gevraagd is huisnummer 38, gevonden is 40."},
		{"huisnummer=38", `{"huisnummer":40,"huisletter":"B"}`, "postcode", "huisnummer: Het gevonden adres wijkt af in het huisnummer en de huisletter."},
		{"huisnummer=38", `{"bezoek":{"huisnummer":40},"post":{"huisnummer":38}}`, all, ""},
		{"huisnummer=38", `{"adres":{"huisnummer":40}}`, all, "adres.huisnummer: Gevraagd is huisnummer 38, gevonden is 40."},
		{"postcode=1028BC", `{"postcode":"1028 bc"}`, all, ""},
		{"postcode=1028BC", `{"postcode":"1028BD"}`, all, "postcode: Gevraagd is postcode 1028BC, gevonden is 1028BD."},
		{"postcode=1028BC", `{"postcode":"1028BD"}`, "naam", "postcode: Wat gevonden is, wijkt af in postcode."},
		{"Postcode=1028BC", `{"postcode":"1028BD"}`, all, "postcode: Gevraagd is postcode 1028BC, gevonden is 1028BD."},
		{"postcode=1028BC", `{"postcode":"1028BD","vorig":{"postcode":"1028BC"}}`, all, "postcode: Gevraagd is postcode 1028BC, gevonden is 1028BD."},
		{"adres__postcode=1028BC", `{"postcode":null,"adres":{"postcode":"1028BD"}}`, all, "adres.postcode: Gevraagd is postcode 1028BC, gevonden is 1028BD."},
		{"adres__postcode=1028BC", `{"adres":{"postcode":"1028BD"}}`, all, "adres.postcode: Gevraagd is postcode 1028BC, gevonden is 1028BD."},
		{"voornamen=Jan", `{"naam":{"voornamen":"Jan Piet"}}`, all, ""},
		{"voornamen=Pi*", `{"naam":{"voornamen":"Jan Piet"}}`, all, ""},
		{"voornamen=Kees", `{"naam":{"voornamen":"Jan"}}`, all, "naam.voornamen: Gevraagd is naam.voornamen Kees, gevonden is Jan."},
		{"voornamen=Kees", `{"kinderen":[{"voornamen":"Jan"}],"_embedded":{"voornamen":"Jan"}}`, all, ""},
		{"geboortedatum=2000-01-01", `{"naam":{"geboortedatum":"2000-01-01T00:00:00Z"}}`, all, ""},
		{"geboortedatum=2000-01-01", `{"naam":{"geboortedatum":{"datum":"2000-01-02"}}}`, all, "naam.geboortedatum: Gevraagd is naam.geboortedatum 2000-01-01, gevonden is 2000-01-02."},
		{"gemeente=0518", `{"gemeente":{"code":"0518","omschrijving":"'s-Gravenhage"}}`, all, ""},
		{"gemeente=0518", `{"gemeente":{"code":"0363","omschrijving":"Amsterdam"}}`, all, "gemeente: Gevraagd is gemeente 0518, gevonden is Amsterdam."},
		{"gemeente=https://x.test/0518", `{"gemeente":"0518"}`, all, ""},
		{"gemeente=0518", `{"gemeente":"https://x.test/0518/"}`, all, ""},
		{"gemeente=518", `{"gemeente":"a0518"}`, all, "gemeente: Gevraagd is gemeente 518, gevonden is a0518."},
		{"gemeente=518", `{"gemeente":"1/518"}`, all, "gemeente: Gevraagd is gemeente 518, gevonden is 1/518."},
		{"gemeente=518", `{"gemeente":"1518"}`, all, "gemeente: Gevraagd is gemeente 518, gevonden is 1518."},
		{"gemeente=x", `{"gemeente":"axa"}`, all, "gemeente: Gevraagd is gemeente x, gevonden is axa."},
		{"gemeente=0", `{"gemeente":"000"}`, all, ""},
		{"gemeente=a gemeente=b", `{"gemeente":"b"}`, all, ""},
		{"gemeente=a", `{"gemeente":null}`, all, ""},
		{"gemeente=a", `{"gemeente":{"x":1}}`, all, ""},
		{"gemeente=a", `{"gemeente":[{"x":1}]}`, all, ""},
		{"exacteMatch=true page=2 q=x fields=a expand=b sort=naam overleden=true", `{"exacteMatch":false,"page":1,"q":"y","fields":"z","expand":"","sort":"","overleden":false}`, all, ""},
	} {
		q := NewQuestion("zoek", http.MethodGet, "/adressen")
		q.contract = ofPersons
		for pair := range strings.FieldsSeq(c.asked) {
			name, value, _ := strings.Cut(pair, "=")
			q.InQuery(name, value)
		}
		o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"personen":[{"onbekend":1},%s]}`, c.item)
		}))
		a, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity, Fields: fields(strings.Fields(c.kept)...)}, q)
		if err != nil || !a.Found {
			t.Fatal(a, err)
		}
		got := ""
		for _, n := range a.Notes {
			if got += n.Field + ": " + n.Text; n.Kind != NoteDiffers || n.Place != "/personen/1" {
				t.Errorf("%s: %+v", c.asked, n)
			}
		}
		if got != c.want {
			t.Errorf("%s of %s, kept %q, is\n%q, want\n%q", c.asked, c.item, c.kept, got, c.want)
		}
	}
}

// Several hits can be told apart: only those that differ say so, and what is
// warned of comes first.
func TestWhichOfTheHitsDiffers(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"_embedded":{"adressen":[{"huisnummer":36},{"huisnummer":36,"huisletter":"A","geconstateerd":true}]}}`))
	}))
	b := Bron{Service: "bron", Activity: activity, Fields: []Field{{"huisnummer", "Huisnummer"}, {"huisletter", "Huisletter"}}, Warnings: []Warning{{Field: "geconstateerd", Text: "Niet zeker."}}}
	q := NewQuestion("zoek", http.MethodGet, "/adressen")
	q.contract = ofAddress
	q.InQuery("huisnummer", "36")
	a, err := o.Ask(t.Context(), b, q)
	want := []Note{{"/_embedded/adressen/1", NoteWarning, "geconstateerd", "Niet zeker."}, {"/_embedded/adressen/1", NoteDiffers, "huisletter", "Gevraagd is huisnummer 36, gevonden is 36A."}}
	if err != nil || a.Count != 2 || !slices.Equal(a.Notes, want) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, n := range a.Notes {
		if at, err := resolve(a.Data, n.Place); err != nil || at.(map[string]any)["huisletter"] != "A" {
			t.Errorf("%s is %v, %v", n.Place, at, err)
		}
	}
}
