// Package schermen says what the pages ask at each step that a person does.
package schermen

import (
	interactie "git.duinstad.test/burgerzaken/verhuizing/5-interactie"
	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
)

// Rollen are the roles of the process.
func Rollen() []identity.Role {
	return []identity.Role{
		{Naam: "inwoner", Titel: "Inwoner", Burger: true, Anoniem: false},
		{Naam: "burgerzaken", Titel: "Medewerker burgerzaken", Burger: false, Anoniem: false},
	}
}

// Schermen are the steps that a person does; the first is where a zaak begins.
func Schermen() []interactie.Screen {
	return []interactie.Screen{
		{
			Stap: "aangifte", Soort: "form", Rol: "inwoner", Titel: "Aangifte doen", Start: true,
			Velden: []interactie.Field{
				{Naam: "bsn", Label: "Burgerservicenummer", Soort: "bsn", Verplicht: true, Bewaard: true},
				{Naam: "verhuisdatum", Label: "Datum van verhuizing", Soort: "date", Uitleg: "De dag waarop u verhuist of verhuisd bent.", Verplicht: true, Bewaard: true},
				{Naam: "nieuwAdres", Label: "Nieuw adres", Soort: "adres", Verplicht: true, Bewaard: true},
				{Naam: "aantalPersonen", Label: "Aantal personen dat verhuist", Soort: "integer", Uitleg: "Tel uzelf mee.", Verplicht: true, Min: interactie.Getal(1), Max: interactie.Getal(20), Bewaard: true},
				{Naam: "inwoning", Label: "Gaat u bij iemand inwonen?", Soort: "enum", Keuzes: []string{"ja", "nee"}, Standaard: "nee", Bewaard: true},
				{Naam: "email", Label: "E-mailadres", Soort: "email", Uitleg: "Hier kunnen we u bereiken over uw aangifte.", MaxLengte: 254, Bewaard: true},
				{Naam: "toelichting", Label: "Toelichting", Soort: "longtext", MaxLengte: 4000, Bewaard: true},
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
				{Naam: "nieuwAdres", Label: "Nieuw adres", Soort: "adres", Verplicht: true, Bewaard: true},
				{Naam: "toelichting", Label: "Toelichting", Soort: "longtext", MaxLengte: 4000, Bewaard: true},
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
		{Naam: "bsn", Label: "Burgerservicenummer", Soort: "bsn", Verplicht: true, Bewaard: true},
		{Naam: "verhuisdatum", Label: "Datum van verhuizing", Soort: "date", Uitleg: "De dag waarop u verhuist of verhuisd bent.", Verplicht: true, Bewaard: true},
		{Naam: "nieuwAdres", Label: "Nieuw adres", Soort: "adres", Verplicht: true, Bewaard: true},
		{Naam: "aantalPersonen", Label: "Aantal personen dat verhuist", Soort: "integer", Uitleg: "Tel uzelf mee.", Verplicht: true, Min: interactie.Getal(1), Max: interactie.Getal(20), Bewaard: true},
		{Naam: "inwoning", Label: "Gaat u bij iemand inwonen?", Soort: "enum", Keuzes: []string{"ja", "nee"}, Standaard: "nee", Bewaard: true},
		{Naam: "email", Label: "E-mailadres", Soort: "email", Uitleg: "Hier kunnen we u bereiken over uw aangifte.", MaxLengte: 254, Bewaard: true},
		{Naam: "toelichting", Label: "Toelichting", Soort: "longtext", MaxLengte: 4000, Bewaard: true},
	}
}
