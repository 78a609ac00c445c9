// Package schermen says what the pages ask at each step that a person does.
package schermen

import interactie "git.duinstad.test/burgerzaken/verhuizing/5-interactie"

// The fields of what a zaak is about. A form asks for some of them.
var (
	veldBSN            = interactie.Field{Naam: "bsn", Label: "Burgerservicenummer", Soort: "bsn", Verplicht: true, Bewaard: true}
	veldVerhuisdatum   = interactie.Field{Naam: "verhuisdatum", Label: "Datum van verhuizing", Soort: "date", Uitleg: "De dag waarop u verhuist of verhuisd bent.", Verplicht: true, Bewaard: true}
	veldNieuwAdres     = interactie.Field{Naam: "nieuwAdres", Label: "Nieuw adres", Soort: "adres", Verplicht: true, Bewaard: true}
	veldAantalPersonen = interactie.Field{Naam: "aantalPersonen", Label: "Aantal personen dat verhuist", Soort: "integer", Uitleg: "Tel uzelf mee.", Verplicht: true, Min: interactie.Getal(1), Max: interactie.Getal(20), Bewaard: true}
	veldInwoning       = interactie.Field{Naam: "inwoning", Label: "Gaat u bij iemand inwonen?", Soort: "enum", Keuzes: []string{"ja", "nee"}, Standaard: "nee", Bewaard: true}
	veldEmail          = interactie.Field{Naam: "email", Label: "E-mailadres", Soort: "email", Uitleg: "Hier kunnen we u bereiken over uw aangifte.", MaxLengte: 254, Bewaard: true}
	veldToelichting    = interactie.Field{Naam: "toelichting", Label: "Toelichting", Soort: "longtext", MaxLengte: 4000, Bewaard: true}
)

// Schermen are the steps that a person does; the first is where a zaak begins.
func Schermen() []interactie.Screen {
	return []interactie.Screen{
		{
			Stap: "aangifte", Soort: "form", Rol: "inwoner", Titel: "Aangifte doen", Start: true,
			Velden: []interactie.Field{
				veldBSN,
				veldVerhuisdatum,
				veldNieuwAdres,
				veldAantalPersonen,
				veldInwoning,
				veldEmail,
				veldToelichting,
			},
		},
		{
			Stap: "beoordelen", Soort: "decide", Rol: "burgerzaken", Titel: "Aangifte beoordelen",
			Uitleg: "Controleer of het adres in de BAG staat en of de aangever deze aangifte mag doen.",
			Uitkomsten: []interactie.Choice{
				{Naam: "akkoord", Titel: "Akkoord"},
				{Naam: "aanvullen", Titel: "Aanvullen"},
				{Naam: "afwijzen", Titel: "Afwijzen"},
			},
		},
		{
			Stap: "aanvullen", Soort: "form", Rol: "inwoner", Titel: "Aangifte aanvullen",
			Velden: []interactie.Field{
				veldNieuwAdres,
				veldToelichting,
			},
		},
		{
			Stap: "verwerken", Soort: "task", Rol: "burgerzaken", Titel: "Verwerken in de BRP",
		},
	}
}

// Onderwerp are the fields of what a zaak is about, as the pages show them.
func Onderwerp() []interactie.Field {
	return []interactie.Field{
		veldBSN,
		veldVerhuisdatum,
		veldNieuwAdres,
		veldAantalPersonen,
		veldInwoning,
		veldEmail,
		veldToelichting,
	}
}
