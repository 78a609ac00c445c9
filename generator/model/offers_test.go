package model

import (
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// TestWhatAListOffers: the type decides, unless the answers say otherwise.
func TestWhatAListOffers(t *testing.T) {
	const head = "version: 1\ncomponent: {title: Proef, organisation: {name: Gemeente Proef}}\nregister:\n  - name: boom\n    fields:\n"
	for field, want := range map[string]string{
		"name: soort, type: text":                               "sort",
		"name: soort, type: text, sort: false":                  "",
		"name: soort, type: text, filter: true":                 "filter sort",
		"name: soort, type: text, maxLength: 255":               "sort",
		"name: soort, type: text, maxLength: 256":               "",
		"name: soort, type: text, maxLength: 2000, sort: true":  "sort",
		"name: achternaam, type: text":                          "",
		"name: achternaam, type: text, sort: true":              "sort",
		"name: achternaam, type: text, filter: false":           "",
		"name: keuze, type: enum, values: [a, b]":               "filter",
		"name: keuze, type: enum, values: [a, b], sort: true":   "filter sort",
		"name: geplant, type: date":                             "filter sort",
		"name: geplant, type: date, filter: false":              "sort",
		"name: geplant, type: date, filter: false, sort: false": "",
		"name: jaar, type: integer":                             "sort",
		"name: jaar, type: integer, filter: true":               "filter sort",
		"name: nummer, type: kvk":                               "",
		"name: nummer, type: kvk, filter: true, sort: true":     "filter sort",
		"name: cursor, type: boolean":                           "",
		"name: gezien, type: boolean":                           "filter",
		"name: verslag, type: longtext":                         "",
	} {
		doc, problems := answers.Parse(answers.FileName, []byte(head+"      - {"+field+"}\n"))
		if len(problems) > 0 {
			t.Fatalf("%s: %v", field, problems)
		}
		c, problems := New(doc.Answers, os.DirFS("testdata"), Env{})
		if len(problems) > 0 {
			t.Errorf("%s: %v", field, doc.Place(problems))
			continue
		}
		var got []string
		if f := c.Entities[0].Fields[0]; f.Filter {
			got = append(got, "filter")
		}
		if c.Entities[0].Fields[0].Sort {
			got = append(got, "sort")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: offers %v, want %q", field, got, want)
		}
	}
}

// TestWhatCanBeOffered asks of every type whether it can be switched on: what
// says no says so as a problem.
func TestWhatCanBeOffered(t *testing.T) {
	const head = "version: 1\ncomponent: {title: Proef, organisation: {name: Gemeente Proef}}\nregister:\n  - name: boom\n    fields:\n"
	never := map[string]string{
		"filter": "longtext decimal money onvolledige-datum datetime email phone url bsn iban postcode kenteken adres adres-buitenland adres-overal geo file",
		"sort":   "longtext boolean phone uuid bsn iban adres adres-buitenland adres-overal geo file reference",
	}
	for _, name := range fieldtype.Names() {
		for key, refused := range never {
			more := map[string]string{"enum": ", values: [a, b]", "reference": ", entity: boom"}[name]
			doc, problems := answers.Parse(answers.FileName, []byte(head+"      - {name: iets, type: "+name+more+", "+key+": true}\n"))
			if len(problems) > 0 {
				t.Fatalf("%s: %v", name, problems)
			}
			_, problems = New(doc.Answers, os.DirFS("testdata"), Env{})
			if want := strings.Contains(" "+refused+" ", " "+name+" "); want != (len(problems) > 0) {
				t.Errorf("%s of %s: %v", key, name, problems)
			}
		}
	}
}
