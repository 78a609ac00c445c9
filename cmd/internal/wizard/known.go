package wizard

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// parameter is what a question to a source needs.
type parameter struct {
	Name      string
	Type      string // of the field that asks for it
	ofAddress bool   // a part of an adres has this name
	ofPerson  bool   // any field of this type will do
	optional  bool
}

// known is a source of the built-in catalogue as the wizard proposes it. The
// catalogue itself is in package model; a test compares them.
type known struct {
	name       string
	title      string
	operation  string
	parameters []parameter
	fields     []string // what is kept of an answer, when nobody says otherwise
}

func knownSources() []known {
	return []known{
		{
			name: "bag", title: "Basisregistratie Adressen en Gebouwen (BAG)", operation: "bevraagAdressen",
			parameters: []parameter{
				{Name: "postcode", Type: "postcode", ofAddress: true},
				{Name: "huisnummer", Type: "integer", ofAddress: true},
			},
			fields: []string{"adresseerbaarObjectIdentificatie", "openbareRuimteNaam", "huisnummer", "postcode", "woonplaatsNaam"},
		},
		{
			name: "brp-personen", title: "Basisregistratie Personen: personen (BRP)", operation: "Personen",
			parameters: []parameter{{Name: "burgerservicenummer", Type: "bsn", ofPerson: true}},
			fields:     []string{"naam.volledigeNaam", "geboorte.datum.langFormaat"},
		},
		{
			name: "brp-bewoning", title: "Basisregistratie Personen: bewoning (BRP)", operation: "Bewoningen",
			parameters: []parameter{
				{Name: "adresseerbaarObjectIdentificatie", Type: "bag-id", ofPerson: true},
				{Name: "peildatum", Type: "date"},
			},
			fields: []string{"periode.datumVan", "periode.datumTot", "naam.volledigeNaam", "geheimhoudingPersoonsgegevens"},
		},
	}
}

func knownSource(name string) (known, bool) {
	for _, k := range knownSources() {
		if k.name == name {
			return k, true
		}
	}
	return known{}, false
}

// parametersOf lists what the first question to a source needs.
func parametersOf(source answers.Source) []parameter {
	if k, ok := knownSource(source.Catalogue); ok {
		return k.parameters
	}
	if len(source.Operations) == 0 {
		return nil
	}
	var found []parameter
	operation := source.Operations[0]
	for _, name := range append(inPath(operation.Path), operation.Parameters...) {
		found = append(found, parameter{Name: name, Type: "text"})
	}
	return found
}

// inPath finds the {names} in a path.
func inPath(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "{") {
		if name, _, ok := strings.Cut(segment, "}"); ok {
			names = append(names, name)
		}
	}
	return names
}

// title is how people read a source.
func title(source answers.Source) string {
	if k, ok := knownSource(source.Catalogue); ok && source.Title == "" {
		return k.title
	}
	if source.Title != "" {
		return source.Title
	}
	return naming.Title(source.Name)
}
