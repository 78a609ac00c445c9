package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// parameter is what a question to a source needs.
type parameter struct {
	Name      string
	Type      string // of the field that asks for it
	ofAddress bool   // a part of an adres has this name
	ofPerson  bool   // any field of this type will do
}

// proposal is what the wizard proposes for a source of the catalogue.
type proposal struct {
	parameters map[string]parameter // by name; the model says which ones there are
	fields     []string             // what is kept of an answer, when nobody says otherwise
}

var proposals = map[string]proposal{
	"bag": {
		parameters: map[string]parameter{
			"postcode":   {Type: "postcode", ofAddress: true},
			"huisnummer": {Type: "integer", ofAddress: true},
		},
		fields: []string{"adresseerbaarObjectIdentificatie", "openbareRuimteNaam", "huisnummer", "postcode", "woonplaatsNaam"},
	},
	"brp-personen": {
		parameters: map[string]parameter{"burgerservicenummer": {Type: "bsn", ofPerson: true}},
		fields:     []string{"naam.volledigeNaam", "geboorte.datum.langFormaat"},
	},
	"brp-bewoning": {
		parameters: map[string]parameter{
			"adresseerbaarObjectIdentificatie": {Type: "bag-id", ofPerson: true},
			"peildatum":                        {Type: "date"},
		},
		fields: []string{"periode.datumVan", "periode.datumTot", "naam.volledigeNaam", "geheimhoudingPersoonsgegevens"},
	},
}

// listed finds a source of the catalogue.
func listed(name string) (model.Listed, bool) {
	all := model.Catalogue()
	i := slices.IndexFunc(all, func(l model.Listed) bool { return l.Name == name })
	if i < 0 {
		return model.Listed{}, false
	}
	return all[i], true
}

// parametersOf lists what the first question to a source needs.
func parametersOf(source answers.Source) []parameter {
	var found []parameter
	if l, ok := listed(source.Catalogue); ok {
		for _, name := range l.Needs() {
			p := proposals[l.Name].parameters[name]
			p.Name = name
			found = append(found, p)
		}
		return found
	}
	if len(source.Operations) == 0 {
		return nil
	}
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
	if l, ok := listed(source.Catalogue); ok && source.Title == "" {
		return l.Title
	}
	if source.Title != "" {
		return source.Title
	}
	return naming.Title(source.Name)
}
