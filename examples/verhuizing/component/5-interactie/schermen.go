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
		Naam:  "Team Burgerzaken",
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
		Naam: "bsn", Soort: "bsn", Verplicht: true,
		Label: "Burgerservicenummer",
	}

	fieldVerhuisdatum = paginas.Field{
		Naam: "verhuisdatum", Soort: "date", Verplicht: true,
		Label:  "Datum van verhuizing",
		Uitleg: "De dag waarop u verhuist of verhuisd bent.",
	}

	fieldNieuwAdres = paginas.Field{
		Naam: "nieuwAdres", Soort: "adres", Verplicht: true,
		Label: "Nieuw adres",
	}

	fieldAantalPersonen = paginas.Field{
		Naam: "aantalPersonen", Soort: "integer", Verplicht: true,
		Label:  "Aantal personen dat verhuist",
		Uitleg: "Tel uzelf mee.",
		Min:    paginas.Getal(1),
		Max:    paginas.Getal(20),
	}

	fieldInwoning = paginas.Field{
		Naam: "inwoning", Soort: "enum",
		Label:     "Gaat u bij iemand inwonen?",
		Keuzes:    []string{"ja", "nee"},
		Standaard: "nee",
	}

	fieldEmail = paginas.Field{
		Naam: "email", Soort: "email",
		Label:     "E-mailadres",
		Uitleg:    "Hier kunnen we u bereiken over uw aangifte.",
		MaxLengte: 254,
	}

	fieldToelichting = paginas.Field{
		Naam: "toelichting", Soort: "longtext",
		Label:     "Toelichting",
		MaxLengte: 4000,
	}
)
