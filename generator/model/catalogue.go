package model

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The answers of the built-in sources. They belong together: one house in
// Holysloot and the invented people who live there, one of whom keeps her data
// secret, with dates of birth that are not all complete.
//
//go:embed catalogue/bag-bevraagAdressen.json
var exampleBAG string

//go:embed catalogue/brp-personen-Personen.json
var exampleBRPPersonen string

//go:embed catalogue/brp-bewoning-Bewoningen.json
var exampleBRPBewoning string

// Listed is a source of the built-in catalogue. Names of operations,
// parameters and fields are those of the specifications that Kadaster and RvIG
// publish (BAG API Individuele Bevragingen v2, BRP Personen 2, BRP Bewoning 2).
type Listed struct {
	Name, Title, Provider string
	Question              string // operationId of its one operation
	operation             Operation
	// more are fields that exist but are not in the example, because its
	// people and its house do not have them.
	more []string
	// fields makes constants of the purpose fields: BRP Personen wants to be
	// told which fields to return.
	fields func(example *tree, purpose []string) []Constant
}

// Needs are the names of the parameters without which the question cannot be put.
func (l Listed) Needs() []string {
	var names []string
	for _, p := range l.operation.Parameters {
		if p.Required {
			names = append(names, p.Name)
		}
	}
	return names
}

// Catalogue lists the built-in sources.
func Catalogue() []Listed { return slices.Clone(catalogue) }

var catalogue = []Listed{
	{
		Name: "bag", Title: "Basisregistratie Adressen en Gebouwen (BAG)", Provider: "Kadaster", Question: "bevraagAdressen",
		operation: Operation{
			Title: "Adressen bevragen", Method: "GET", Path: "/adressen",
			Parameters: []Parameter{
				{Name: "postcode", In: "query", Required: true},
				{Name: "huisnummer", In: "query", Type: "integer", Required: true},
				{Name: "huisletter", In: "query"},
				{Name: "huisnummertoevoeging", In: "query"},
			},
			Example: exampleBAG,
		},
		more: []string{"huisletter", "huisnummertoevoeging", "indicatieNevenadres", "geconstateerd", "inonderzoek"},
	},
	{
		Name: "brp-personen", Title: "Basisregistratie Personen: personen (BRP)", Provider: "Rijksdienst voor Identiteitsgegevens (RvIG)", Question: "Personen",
		operation: Operation{
			Title: "Persoon raadplegen met burgerservicenummer", Method: "POST", Path: "/personen",
			Parameters: []Parameter{{Name: "burgerservicenummer", In: "body", Required: true, List: true}},
			Constants:  []Constant{{Name: "type", In: "body", Value: "RaadpleegMetBurgerservicenummer"}},
			Example:    exampleBRPPersonen,
		},
		more: []string{
			"inOnderzoek", "opschortingBijhouding", "opschortingBijhouding.reden", "opschortingBijhouding.datum", "rni", "verificatie", "overlijden", "overlijden.datum", "overlijden.plaats", "overlijden.land",
			"immigratie", "immigratie.datumVestigingInNederland", "verblijfstitel", "verblijfstitel.aanduiding", "gezag", "europeesKiesrecht", "uitsluitingKiesrecht",
			"indicatieCurateleRegister", "indicatieGezagMinderjarige", "verblijfadres.huisletter", "verblijfadres.huisnummertoevoeging", "verblijfplaats.datumIngangGeldigheid",
			"naam.adellijkeTitelPredicaat", "partners.ontbindingHuwelijkPartnerschap", "datumEersteInschrijvingGBA", "adressering.adresregel3", "adressering.land",
		},
		fields: brpFields,
	},
	{
		Name: "brp-bewoning", Title: "Basisregistratie Personen: bewoning (BRP)", Provider: "Rijksdienst voor Identiteitsgegevens (RvIG)", Question: "Bewoningen",
		operation: Operation{
			Title: "Bewoning op een peildatum raadplegen", Method: "POST", Path: "/bewoningen",
			Parameters: []Parameter{
				{Name: "adresseerbaarObjectIdentificatie", In: "body", Required: true},
				{Name: "peildatum", In: "body", Required: true},
			},
			Constants: []Constant{{Name: "type", In: "body", Value: "BewoningMetPeildatum"}},
			Example:   exampleBRPBewoning,
		},
		more: []string{"indicatieVeelBewoners"},
	},
}

// trees are the parsed examples of the catalogue, by name of the source.
var trees = sync.OnceValue(func() map[string]*tree {
	out := map[string]*tree{}
	for _, l := range catalogue {
		out[l.Name], _ = parseTree(l.operation.Example)
	}
	return out
})

func catalogueNames() []string {
	names := make([]string, len(catalogue))
	for i, l := range catalogue {
		names[i] = l.Name
	}
	return names
}

// listed finds a source of the catalogue; nil when there is none of that name.
func listed(name string) *Listed {
	for i := range catalogue {
		if catalogue[i].Name == name {
			return &catalogue[i]
		}
	}
	return nil
}

// automatic are the groups that BRP Personen always returns; asking for them
// is an error there.
var automatic = []string{"inOnderzoek", "geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie"}

// brpFields is the list that BRP Personen wants: full paths below a person, and
// a date as a whole.
func brpFields(example *tree, purpose []string) []Constant {
	var out []string
	for _, field := range purpose {
		paths := example.paths(field)
		if len(paths) == 0 {
			continue
		}
		path := strings.TrimPrefix(paths[0], "personen.") // the person's own; the rest are of relatives
		if parent, _, ok := cutLast(path); ok && len(example.paths(parent+".langFormaat")) > 0 {
			path = parent
		}
		top, _, _ := strings.Cut(path, ".")
		if !slices.Contains(automatic, top) && path != "type" && path != "personen" && !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	if len(out) == 0 {
		out = []string{"burgerservicenummer"} // the list may not be empty
	}
	return []Constant{{Name: "fields", In: "body", Values: out}}
}

func cutLast(path string) (parent, last string, found bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}
