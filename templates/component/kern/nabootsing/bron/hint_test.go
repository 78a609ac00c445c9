package bron

import (
	"net/url"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// Who finds nothing hears what can be found, with what the question asks and with
// nothing of anybody who exists.
func TestWhatDoesFindSomething(t *testing.T) {
	s := newSource(t, `{"dienst":"a","operaties":[
	  {"naam":"zoek","methode":"GET","pad":"/adressen","vragen":["postcode","huisnummer","huisletter","exact","plaats"],"antwoorden":[
	    {"bij":{"postcode":"1028 BC","huisnummer":"34","huisletter":""},"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"postcode":"1028BC","huisnummer":"35"},"antwoord":{"l":[]}},
	    {"bij":{"postcode":"1028BC","huisnummer":"36","exact":"true"},"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"postcode":"1028BC","huisnummer":"37","exact":"false"},"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"plaats":"Holysloot"},"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"plaats":"Holysloot","postcode":""},"antwoord":{"l":[{"x":2}]}},
	    {"bij":{"postcode":"1028BD"},"status":500,"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"postcode":"1028BE"},"antwoord":{"l":[{"x":1}]}},
	    {"bij":{"postcode":"1028BF"},"antwoord":{"l":[{"x":1}]}}]},
	  {"naam":"lees","methode":"GET","pad":"/personen/{bsn}","vragen":["bsn"],"antwoorden":[
	    {"bij":{"bsn":"111222333"},"antwoord":{"naam":"x"}},{"bij":{"bsn":"999993653"},"antwoord":{"naam":"Jan Jansen","kinderen":[1]}}]},
	  {"naam":"vind","methode":"POST","pad":"/zoek","vragen":["naam","type"],"antwoorden":[{"antwoord":{"l":[{"naam":"Jan Jansen","type":"x"}]}}]},
	  {"naam":"hal","methode":"GET","pad":"/hal","vragen":["nummer"],"antwoorden":[
	    {"bij":{"nummer":"38"},"antwoord":{"_links":{"self":{"href":"x"}}}},
	    {"bij":{"nummer":"34"},"antwoord":{"_embedded":{"l":[{"x":1}]}}}],"anders":{"antwoord":{"_links":{"self":{"href":"x"}}}}}]}`)
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/adressen?postcode=1000AA&huisnummer=1&exact=true", "", "De nabootsing vindt iets bij postcode 1028 BC en huisnummer 34, of bij postcode 1028BC en huisnummer 36, of bij postcode 1028BE."},
		{"GET", "/adressen?postcode=1028BC&huisnummer=35&huisletter=A", "", "De nabootsing vindt iets bij postcode 1028BE, of bij postcode 1028BF."},
		{"GET", "/adressen?plaats=Elders", "", "De nabootsing vindt iets bij plaats Holysloot."},
		{"GET", "/adressen?postcode=1028BC&huisnummer=34", "", ""},
		{"GET", "/personen/999990019", "", "De nabootsing vindt iets bij bsn 999993653."},
		{"POST", "/zoek", `{"naam":"Piet","type":"x"}`, "De nabootsing vindt iets bij naam Jan Jansen."},
		{"GET", "/hal?nummer=38", "", "De nabootsing vindt iets bij nummer 34."},
		{"GET", "/hal?nummer=99", "", "De nabootsing vindt iets bij nummer 34."},
		{"GET", "/elders", "", ""},
	} {
		w := s.ask(c.method, c.path, c.body)
		if got, err := url.PathUnescape(w.Header().Get(fsc.HeaderHint)); err != nil || got != c.want {
			t.Errorf("%s says %q, want %q", c.path, got, c.want)
		}
	}
}
