package paginas

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// written is an answer as lines: what a person reads, in the order of the page.
func written(a shownAnswer) string {
	var b strings.Builder
	var write func(t *thing, indent string)
	write = func(t *thing, indent string) {
		if t.Heading != "" {
			fmt.Fprintf(&b, "%s%s %s\n", indent, strings.Repeat("#", t.Level), t.Heading)
		}
		for _, w := range t.Warnings {
			fmt.Fprintf(&b, "%s! %s [%s]\n", indent, w.Text, strings.Join(w.Details, "; "))
		}
		for _, d := range t.Differs {
			fmt.Fprintf(&b, "%s<> %s\n", indent, d)
		}
		for _, r := range t.Rows {
			fmt.Fprintf(&b, "%s%s = %s\n", indent, r.Name, r.Value)
		}
		for _, w := range t.Within {
			write(w, indent+"  ")
		}
	}
	for _, line := range []string{a.Mind, a.Counted} {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	write(a.Beside, "")
	for _, t := range a.Things {
		write(t, "")
	}
	return b.String()
}

// answered is an answer of layer 4 as it comes over the line. Fields are
// name=title; those that the source sends along unasked begin with !.
func answered(t *testing.T, list, data, notes string, fields ...string) answer {
	t.Helper()
	type field struct {
		Name  string `json:"naam"`
		Title string `json:"titel"`
		Warns bool   `json:"waarschuwing"`
	}
	var all []field
	for _, f := range fields {
		name, title, _ := strings.Cut(f, "=")
		name, warns := strings.CutPrefix(name, "!")
		all = append(all, field{name, title, warns})
	}
	if notes == "" {
		notes = "[]"
	}
	raw, err := json.Marshal(map[string]any{"gevonden": true, "stap": "Opzoeken", "titel": "Bron", "lijst": list, "gegevens": json.RawMessage(data), "opmerkingen": json.RawMessage(notes), "velden": all})
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// The people are made up; the shapes are those of the sources.
func TestAnswersAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		list, data, notes string
		fields            []string
		want              string
	}{
		"BAG, one address": {"_embedded.adressen", `{"_embedded":{"adressen":[{"openbareRuimteNaam":"Dorpsstraat","huisnummer":36,"huisletter":"A","postcode":"1028BC","woonplaatsNaam":"Holysloot","adresseerbaarObjectIdentificatie":"0363010000000036"}]}}`, "",
			[]string{"openbareRuimteNaam=Straat", "huisnummer=Huisnummer", "huisletter=Huisletter", "postcode=Postcode", "woonplaatsNaam=Woonplaats", "adresseerbaarObjectIdentificatie=Sleutel van de woning"}, `
#### Dorpsstraat 36 A, 1028 BC Holysloot
Straat = Dorpsstraat
Huisnummer = 36
Huisletter = A
Postcode = 1028 BC
Woonplaats = Holysloot
Sleutel van de woning = 0363010000000036
`},
		"BAG, 38 is 38-2": {"_embedded.adressen", `{"_embedded":{"adressen":[{"openbareRuimteNaam":"Dorpsstraat","huisnummer":38,"huisnummertoevoeging":"2","postcode":"1028BC"}]}}`,
			`[{"plaats":"/_embedded/adressen/0","soort":"verschil","veld":"huisnummertoevoeging","tekst":"Gevraagd zonder toevoeging, gevonden met 2."}]`,
			[]string{"huisnummer=Huisnummer", "postcode=Postcode"}, `
#### Dorpsstraat 38-2, 1028 BC
<> Gevraagd zonder toevoeging, gevonden met 2.
Huisnummer = 38
Postcode = 1028 BC
Huisnummertoevoeging = 2
Openbare ruimte naam = Dorpsstraat
`},
		"BRP, a person with a secret": {"personen", `{"personen":[{"naam":{"volledigeNaam":"Puk Pieters","inOnderzoek":{"voornamen":true,"geslachtsnaam":true,"datumIngangOnderzoek":{"type":"Datum","datum":"2026-01-02","langFormaat":"2 januari 2026"}}},"geheimhoudingPersoonsgegevens":true,"burgerservicenummer":"999990123","geslacht":{"code":"V","omschrijving":"vrouw"},"geboorte":{"datum":{"type":"JaarDatum","jaar":1990,"langFormaat":"1990"}},"opschortingBijhouding":{"reden":{"code":"O","omschrijving":"overlijden"},"datum":{"type":"Datum","datum":"2025-12-31","langFormaat":"31 december 2025"}}}]}`,
			`[{"plaats":"/personen/0","soort":"waarschuwing","veld":"geheimhoudingPersoonsgegevens","tekst":"Deze persoon heeft om geheimhouding gevraagd"},
			{"plaats":"/personen/0/naam","soort":"waarschuwing","veld":"inOnderzoek","tekst":"Let op: deze gegevens zijn in onderzoek"},
			{"plaats":"/personen/0","soort":"waarschuwing","veld":"opschortingBijhouding","tekst":"De bijhouding is opgeschort"}]`,
			[]string{"burgerservicenummer=Burgerservicenummer", "naam.volledigeNaam=Naam", "naam.voornamen=Voornamen", "geslacht=Geslacht", "geboorte.datum=Geboortedatum", "geheimhoudingPersoonsgegevens=Geheimhouding"}, `
! Let op: deze persoon heeft om geheimhouding gevraagd []
! Let op: deze gegevens zijn in onderzoek [In onderzoek: geslachtsnaam, voornamen; Datum ingang onderzoek: 2 januari 2026]
! Let op: de bijhouding is opgeschort [Datum: 31 december 2025; Reden: overlijden]
Burgerservicenummer = 999990123
Naam = Puk Pieters
Geslacht = vrouw
Geboortedatum = 1990
`},
		"BRP, what was sent along has the titles of the source": {"personen", `{"personen":[{"naam":{"volledigeNaam":"Puk Pieters"},"opschortingBijhouding":{"reden":{"code":"O","omschrijving":"overlijden"}},"rni":[{"deelnemer":{"code":"1","omschrijving":"RNI-loket"},"categorie":"Persoon"}],"verblijfplaats":{"inOnderzoek":{"huisnummer":true}}}]}`,
			`[{"plaats":"/personen/0","soort":"waarschuwing","veld":"opschortingBijhouding.reden.code","tekst":"Overleden"},{"plaats":"/personen/0","soort":"waarschuwing","veld":"opschortingBijhouding","tekst":"Niet meer bijgehouden"},
			{"plaats":"/personen/0","soort":"waarschuwing","veld":"rni","tekst":"Niet-ingezetene"},{"plaats":"/personen/0/verblijfplaats","soort":"waarschuwing","veld":"inOnderzoek","tekst":"In onderzoek"}]`,
			[]string{"naam.volledigeNaam=Naam", "!opschortingBijhouding.reden.code=Reden (code)", "!opschortingBijhouding=Bijhouding gestopt", "!rni=Gegevens van een niet-ingezetene", "!inOnderzoek=Wat in onderzoek is"}, `
Let op: hieronder staan 4 waarschuwingen.
! Let op: overleden [Reden (code): O]
! Let op: niet meer bijgehouden [Reden: overlijden]
! Let op: niet-ingezetene []
! Let op: in onderzoek [Wat in onderzoek is: huisnummer]
Naam = Puk Pieters
  #### Gegevens van een niet-ingezetene
  Categorie = Persoon
  Deelnemer = RNI-loket
`},
		"ZGW, what was sent along and is nothing to warn of": {"results", `{"results":[{"identificatie":"ZAAK-1","archiefstatus":"nog_te_archiveren","vertrouwelijkheidaanduiding":"zaakvertrouwelijk","opschorting":{"indicatie":false},"einddatum":"2026-01-02"},{"identificatie":"ZAAK-2","archiefstatus":"gearchiveerd"}]}`,
			`[{"plaats":"/results/1","soort":"waarschuwing","veld":"archiefstatus","tekst":"Gearchiveerd"}]`,
			[]string{"identificatie=Nummer", "einddatum=Einddatum", "!archiefstatus=Archiefstatus", "!vertrouwelijkheidaanduiding=Vertrouwelijkheid", "!opschorting.indicatie=Opgeschort", "!einddatum=Einddatum"}, `
Let op: hieronder staat 1 waarschuwing.
De bron vond 2 resultaten.
#### Nummer ZAAK-1
Nummer = ZAAK-1
Einddatum = 2 januari 2026
#### Nummer ZAAK-2
! Let op: gearchiveerd [Archiefstatus: gearchiveerd]
Nummer = ZAAK-2
`},
		"BRP, who lives there": {"bewoningen", `{"bewoningen":[{"periode":{"datumVan":"2026-01-02"},"bewoners":[{"naam":{"volledigeNaam":"Jan Jansen"}},{"naam":{"volledigeNaam":"Puk Pieters"},"geheimhoudingPersoonsgegevens":true}],"mogelijkeBewoners":[{"naam":{"volledigeNaam":"Kees Vaak"}}]}]}`,
			`[{"plaats":"/bewoningen/0/bewoners/1","soort":"waarschuwing","veld":"geheimhoudingPersoonsgegevens","tekst":"Geheim"}]`,
			[]string{"periode.datumVan=Vanaf", "bewoners.naam.volledigeNaam=Naam", "mogelijkeBewoners.naam.volledigeNaam=Mogelijke bewoners naam volledige naam"}, `
Let op: hieronder staat 1 waarschuwing.
Vanaf = 2 januari 2026
  #### Bewoners: Jan Jansen
  Naam = Jan Jansen
  #### Bewoners: Puk Pieters
  ! Let op: geheim []
  Naam = Puk Pieters
  #### Mogelijke bewoners: Kees Vaak
  Volledige naam = Kees Vaak
`},
		"KVK": {"resultaten", `{"resultaten":[{"kvkNummer":"90000001","naam":"Bakkerij A","adres":{"binnenlandsAdres":{"straatnaam":"Weg","plaats":"Dorp"}},"indNonMailing":"Nee","materieleRegistratie":{"datumAanvang":"20150000"}},{"kvkNummer":"90000002","naam":"Bakkerij A"}],"totaal":2}`,
			"", []string{"kvkNummer=KVK-nummer", "naam=Naam", "adres=Adres", "materieleRegistratie.datumAanvang=Begonnen op", "totaal=Aantal"}, `
De bron vond 2 resultaten.
Aantal = 2
#### Bakkerij A (1 van 2)
KVK-nummer = 90000001
Naam = Bakkerij A
Binnenlands adres: plaats = Dorp
Binnenlands adres: straatnaam = Weg
Begonnen op = 2015
#### Bakkerij A (2 van 2)
KVK-nummer = 90000002
Naam = Bakkerij A
`},
		"WOZ": {"", `{"identificatie":"036300000001","aanduiding":{"openbareRuimteNaam":"Weg","huisnummer":1,"postcode":"1234AB","woonplaatsNaam":"Dorp"},"waarden":[{"vastgesteldeWaarde":250000,"waardepeildatum":"2025-01-01"},{"vastgesteldeWaarde":240000.5,"waardepeildatum":"2024-01-01"}]}`, "",
			[]string{"identificatie=WOZ-objectnummer", "waarden.waardepeildatum=Peildatum", "waarden.vastgesteldeWaarde=WOZ-waarde", "aanduiding.postcode=Postcode"}, `
#### Weg 1, 1234 AB Dorp
WOZ-objectnummer = 036300000001
Postcode = 1234 AB
Aanduiding: huisnummer = 1
Aanduiding: openbare ruimte naam = Weg
Aanduiding: woonplaats naam = Dorp
  ##### Waarden: 1 van 2
  Peildatum = 1 januari 2025
  WOZ-waarde = 250000
  ##### Waarden: 2 van 2
  Peildatum = 1 januari 2024
  WOZ-waarde = 240000,5
`},
		"ZGW": {"results", `{"count":2,"results":[{"url":"https://zaken.test/1","identificatie":"ZAAK-2026-1","registratiedatum":"2026-01-02","vertrouwelijkheidaanduiding":"geheim","kenmerken":[],"laatsteBetaaldatum":"2026-07-12T22:30:00Z","zaakgeometrie":null},{"identificatie":"ZAAK-2026-2"}]}`,
			`[{"plaats":"/results/0","soort":"waarschuwing","veld":"vertrouwelijkheidaanduiding","tekst":"Let op: deze zaak is vertrouwelijk"}]`,
			[]string{"identificatie=Zaaknummer", "url=Adres van de zaak", "registratiedatum=Geregistreerd op", "laatsteBetaaldatum=Betaald op", "kenmerken=Kenmerken", "zaakgeometrie=Plaats"}, `
Let op: hieronder staat 1 waarschuwing.
De bron vond 2 resultaten.
Count = 2
#### Zaaknummer ZAAK-2026-1
! Let op: deze zaak is vertrouwelijk [Vertrouwelijkheidaanduiding: geheim]
Zaaknummer = ZAAK-2026-1
Adres van de zaak = https://zaken.test/1
Geregistreerd op = 2 januari 2026
Betaald op = 13 juli 2026 om 00:30
#### Zaaknummer ZAAK-2026-2
Zaaknummer = ZAAK-2026-2
`},
		"an array, and one of which nothing is left": {"", `[{"titel":"Een","nummer":36301000000003412345,"plek":{"type":"Point","coordinates":[121394.5,487383]},"vlak":{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,2]]]}},{}]`, "", []string{"titel=Titel", "nummer=Nummer", "plek=Plek", "vlak=Vlak"}, `
De bron vond 2 resultaten.
#### Een
Titel = Een
Nummer = 36301000000003412345
Plek = 121394,5; 487383
Vlak = vlak met 3 punten
#### Resultaat 2 van 2
`},
		"a field kept whole": {"", `{"partner":{"naam":{"voornamen":"Kees","volledigeNaam":"Kees Vaak"},"geboorte":{"datum":"1990-01-02"}},"soorten":["x",true,1.5],"leeg":[],"niets":null,"geslacht":{"code":"V"}}`, "", nil, `
Geslacht = (V)
Partner, geboorte: datum = 2 januari 1990
Partner: volledige naam = Kees Vaak
Partner, naam: voornamen = Kees
Soorten = x; ja; 1,5
`},
		"a warning that is nowhere, and one of the whole": {"personen", `{"personen":[{"naam":"A"}]}`,
			`[{"plaats":"/personen/7","soort":"waarschuwing","veld":"x","tekst":"een"},{"plaats":"onzin","soort":"anders","veld":"inOnderzoek","tekst":" "},{"plaats":"","soort":"verschil","veld":"","tekst":"drie"}]`, nil, `
! Let op: een []
! Let op: in onderzoek []
<> drie
Naam = A
`},
	} {
		got := "\n" + written(show(0, answered(t, c.list, c.data, c.notes, c.fields...)))
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestWhatIsOneValueIsOneLine(t *testing.T) {
	for raw, want := range map[string]string{
		`{"type":"Datum","datum":"1990-03-02","langFormaat":"2 maart 1990"}`:              "2 maart 1990",
		`{"type":"JaarMaandDatum","jaar":1990,"maand":3,"langFormaat":"maart 1990"}`:      "maart 1990",
		`{"type":"DatumOnbekend","onbekend":true,"langFormaat":"onbekend (zie de akte)"}`: "onbekend (zie de akte)",
		`{"type":"Datum","datum":"1990-03-02"}`:                                           "2 maart 1990",
		`{"type":"JaarMaandDatum","jaar":1990,"maand":3}`:                                 "maart 1990",
		`{"type":"JaarDatum","jaar":1990}`:                                                "1990",
		`{"type":"DatumOnbekend","onbekend":true}`:                                        "onbekend",
		`{"code":"M","omschrijving":"man"}`:                                               "man",
		`{"code":"M","omschrijving":""}`:                                                  "(M)",
		`{"code":"1","waarde":"volle grond"}`:                                             "volle grond",
		`{"code":"M","omschrijving":"man","sinds":"1990"}`:                                "",
		`{"datum":"1990-03-02"}`:                                                          "",
		`{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4]]],[[[1,2],[3,4],[5,6]]]]}`:   "vlakken met 5 punten",
		`{"type":"Anders","coordinates":[1,2]}`:                                           "",
		`{"type":"Point","coordinates":{}}`:                                               "",
		`{}`:                                                                              "",
	} {
		var object map[string]any
		if err := json.Unmarshal([]byte(raw), &object); err != nil {
			t.Fatal(err)
		}
		if got, _ := oneLine(object, false); got != want {
			t.Errorf("%s is %q, want %q", raw, got, want)
		}
	}
}
