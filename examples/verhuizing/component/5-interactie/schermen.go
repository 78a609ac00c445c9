// Package interactie is layer 5: what the pages say and ask. Title, role and
// outcomes of a step stand in 4-proces/proces.bpmn. A file in sjablonen, or a
// stijl.css, with the name of one in kern/paginas comes in its place.
package interactie

import "git.duinstad.test/burgerzaken/verhuizing/kern/paginas"

// Pages is handed to kern by main.go.
var Pages = paginas.Site{
	Name:         "verhuizing",
	Title:        "Verhuizing doorgeven",
	Summary:      "Inwoners geven hun verhuizing binnen de gemeente door; burgerzaken controleert het adres in de BAG en verwerkt de aangifte in de BRP.",
	Organisation: "Gemeente Duinstad",
	Website:      "https://www.duinstad.test",
	Contact: paginas.Contact{
		Name:  "Team Burgerzaken",
		Email: "burgerzaken@duinstad.test",
		URL:   "https://www.duinstad.test/contact",
	},
	Colour: "#154273",
	// What each form asks, in this order.
	Forms: map[string][]paginas.Field{
		"aangifte": {
			fieldBSN,
			fieldVerhuisdatum,
			fieldNieuwAdres,
			fieldAantalPersonen,
			fieldInwoning,
			fieldEmail,
			fieldToelichting,
		},
		"aanvullen": {
			fieldNieuwAdres,
			fieldToelichting,
		},
	},
	// What a zaak is about: what a form asks of it is stored.
	Subject: []paginas.Field{
		fieldBSN,
		fieldVerhuisdatum,
		fieldNieuwAdres,
		fieldAantalPersonen,
		fieldInwoning,
		fieldEmail,
		fieldToelichting,
	},
}

var (
	fieldBSN = paginas.Field{
		Name: "bsn", Kind: "bsn", Required: true,
		Label:  "Burgerservicenummer",
		Person: "inwoner",
	}

	fieldVerhuisdatum = paginas.Field{
		Name: "verhuisdatum", Kind: "date", Required: true,
		Label: "Datum van verhuizing",
		Help:  "De dag waarop u verhuist of verhuisd bent.",
	}

	fieldNieuwAdres = paginas.Field{
		Name: "nieuwAdres", Kind: "adres", Required: true,
		Label: "Nieuw adres",
	}

	fieldAantalPersonen = paginas.Field{
		Name: "aantalPersonen", Kind: "integer", Required: true,
		Label: "Aantal personen dat verhuist",
		Help:  "Tel uzelf mee.",
		Min:   paginas.Limit(1),
		Max:   paginas.Limit(20),
	}

	fieldInwoning = paginas.Field{
		Name: "inwoning", Kind: "enum",
		Label:   "Gaat u bij iemand inwonen?",
		Choices: []string{"ja", "nee"},
		Default: "nee",
	}

	fieldEmail = paginas.Field{
		Name: "email", Kind: "email",
		Label:     "E-mailadres",
		Help:      "Hier kunnen we u bereiken over uw aangifte.",
		MaxLength: 254,
	}

	fieldToelichting = paginas.Field{
		Name: "toelichting", Kind: "longtext",
		Label:     "Toelichting",
		MaxLength: 4000,
	}
)
