package model

import (
	"fmt"
	"strings"
)

// Who has to do something.
const (
	whoOwner     = "Productowner"
	whoFSC       = "FSC-beheerder"
	whoDirectory = "Beheerder van de FSC-groep"
	whoNetwork   = "Netwerkbeheerder"
	whoPrivacy   = "Privacy officer of functionaris gegevensbescherming"
	whoRecords   = "Recordmanager of informatiebeheerder"
	whoPlatform  = "Platformbeheerder"
	whoDeveloper = "Ontwikkelaar"
	whoDesign    = "Communicatieadviseur of ontwerper"
	whoProvider  = "Aanbieder van de bron, samen met een ontwikkelaar"
)

// openItems lists what no answer or program can settle: an agreement, a
// decision or a fact that somebody else has.
func (b *builder) openItems() {
	b.openOrganisation()
	b.openFSC()
	b.openSources()
	b.openPrivacy()
	b.openPages()
}

// UnnamedOrganisation is the name that stands in the answers of somebody who
// took every default.
const UnnamedOrganisation = "Onze organisatie"

func (b *builder) openOrganisation() {
	a := b.a.Component
	if b.c.Organisation.Name == UnnamedOrganisation {
		b.open(whoOwner, "Naam van de organisatie", "git grep \""+UnnamedOrganisation+"\"", "Niemand heeft die genoemd; nu staat er \""+UnnamedOrganisation+"\".")
	}
	if b.c.Organisation.OIN == "" {
		b.open(whoFSC, "OIN van de organisatie", "3-integratie/fsc.yaml: eigen.oin", "Zonder OIN kan de organisatie geen FSC-contracten tekenen.")
	}
	if a.Contact.Email == "" {
		b.open(whoOwner, "E-mailadres van het team", "2-diensten/openapi.yaml, 4-proces/openapi.yaml, 5-interactie/schermen.go, publiccode.yml en SECURITY.md", "De API Design Rules vragen een contactadres, en wie een kwetsbaarheid vindt ook. In de beschrijving van de API's staat nu "+b.c.Contact.Email+", dat niet bestaat.")
	}
	if a.Contact.URL == "" {
		b.open(whoOwner, "Contactpagina van het team", "2-diensten/openapi.yaml, 4-proces/openapi.yaml en 5-interactie/schermen.go", "Hoort onder elk scherm en bij de API's. Nu staat er "+b.c.Contact.URL+".")
	}
	if b.c.Contact.Mail() == "" && !strings.HasPrefix(b.c.Contact.Page(), "https://") {
		b.open(whoOwner, "Waar iemand een kwetsbaarheid meldt", "5-interactie/schermen.go: Contact, of ORGANISATIE", "Zonder e-mailadres of contactpagina met https is er geen /.well-known/security.txt (RFC 9116), die verplicht is.")
	}
	b.open(whoPlatform, "Adres van de API's in productie", "2-diensten/openapi.yaml en 4-proces/openapi.yaml: servers", "Nu staan er voorgestelde adressen: "+b.c.APIURL+" en "+b.c.ProcesURL+".")
	site := "Nu staat er niets, en staat de ingress uit."
	if b.c.SiteHost() != "" {
		site = "Nu staat er een voorstel: " + b.c.SiteHost() + "."
	}
	b.open(whoPlatform, "Naam waaronder gebruikers de pagina's vinden", "deploy/helm/values.yaml: ingress.host", site)
	if b.c.Repository == "" {
		b.open(whoDeveloper, "Adres van de broncode", "go.mod, *.go en publiccode.yml", "Het bepaalt het Go-modulepad en staat in publiccode.yml.")
	}
	if b.a.Delivery.Image == "" {
		b.open(whoPlatform, "Naam van het containerimage", "deploy/helm/values.yaml: image.repository, en docs/overdracht.md", "Nu staat er "+b.c.Delivery.Image+", afgeleid van de naam van de organisatie of de broncode.")
	}
	if b.guessed {
		b.open(whoOwner, "Stappen en rollen van het proces", "4-proces/proces.bpmn", "Er is nog geen proces beschreven; dit is een standaardproces van aanvragen en beoordelen.")
	}
}

func (b *builder) openSources() {
	own := b.c.OwnService()
	b.open(whoFSC, "FSC-contract voor de eigen dienst "+own, grantEnv(own), "De proceslaag bereikt de eigen diensten via de outway; daarvoor is een contract met een grant hash nodig.")
	for _, s := range b.own {
		if s.Provider.OIN == "" && s.Shares == nil {
			b.open(whoFSC, "OIN van "+s.Provider.Name, "3-integratie/fsc.yaml: afgenomen.aanbieder.oin", "Nodig voor het FSC-contract met de aanbieder van "+s.Title+".")
		}
		if s.Shares == nil {
			b.open(whoFSC, "FSC-contract voor "+s.Service, s.GrantEnv, "De outway kiest de dienst aan de hand van de grant hash van dit contract met "+s.Provider.Name+".")
		}
		if unsaid := s.Unexplained(); len(unsaid) > 0 {
			b.open(whoOwner, "Waarom elk veld van "+s.Title+" nodig is", "docs/toegang/"+s.Name.File+".md: Bijlage", fmt.Sprintf("De aanbieder weegt elk veld (AVG artikel 5: niet meer dan nodig). Nog %d van %d velden te gaan.", len(unsaid), len(s.Kept)))
		}
		if unchecked := s.unchecked(); len(unchecked) > 0 {
			b.open(whoProvider, "Of "+s.Title+" deze velden zo noemt: "+strings.Join(unchecked, ", "), "fieldlab.yaml: purpose.fields",
				"De specificatie beschrijft niet wat er in dat deel van het antwoord staat. Een naam die niet klopt, geeft geen fout maar een leeg veld.")
		}
		b.open(whoOwner, "Hoeveel vragen aan "+s.Title+" te verwachten zijn", "docs/toegang/"+s.Name.File+".md", "De aanbieder wil het weten voor hij toegang geeft. De brief ligt klaar.")
		if settings := s.Auth.Settings(); len(settings) > 0 {
			b.open(whoProvider, "Toegang tot "+s.Title, strings.Join(settings, ", "), "De bron wil zelf ook weten wie er vraagt. Zonder deze instellingen start het component niet in productie.")
		}
		for _, op := range s.Operations {
			if op.Guessed {
				b.open(whoProvider, fmt.Sprintf("Specificatie en voorbeeld van %s van %s", op.Name.Raw, s.Title), "3-integratie/"+s.Name.File+".go en 3-integratie/"+s.Name.File+".antwoorden.json",
					fmt.Sprintf("Methode, pad of antwoord is een aanname (nu %s %s). Vraag de aanbieder om zijn OpenAPI-bestand.", op.Method, op.Path))
			}
		}
	}
}

// unchecked are the kept fields of which the specification does not say that they
// are there.
func (s *source) unchecked() []string {
	var names []string
	for _, note := range s.Kept {
		if note.Unchecked {
			names = append(names, note.Name)
		}
	}
	return names
}

func (b *builder) openPrivacy() {
	for _, e := range b.a.Register {
		if r := e.Retention; r.Period == "" && !r.Keep || r.Source == "" {
			b.open(whoRecords, "Bewaartermijn van "+b.entity(e.Name).Title, "docs/privacy.md", "Termijn en vindplaats staan in de Selectielijst gemeenten.")
		}
	}
	if len(b.c.Activities) == 0 && len(b.c.Entities) > 0 {
		b.open(whoPrivacy, "Verwerkingsactiviteiten", "4-proces/activiteiten.go en docs/privacy.md", "Doel en grondslag van de verwerking zijn nog niet beschreven.")
	}
	for _, a := range b.c.Activities {
		if a.Purpose == "" {
			b.open(whoPrivacy, "Doel van "+a.Title, "4-proces/activiteiten.go", "Doelbinding vraagt een doel dat vooraf vaststaat (AVG artikel 5).")
		}
		if a.Basis == "" {
			b.open(whoPrivacy, "Grondslag van "+a.Title, "4-proces/activiteiten.go en docs/privacy.md", "Zonder grondslag mag de verwerking niet (AVG artikel 6).")
		}
		if a.Explanation == "" {
			b.open(whoPrivacy, "Toelichting op de grondslag van "+a.Title, "4-proces/activiteiten.go", "Het wetsartikel hoort in het register van verwerkingsactiviteiten.")
		}
		if a.Retention.Period == "" {
			b.open(whoRecords, "Bewaartermijn van "+a.Title, "docs/privacy.md", "De bewaartermijn hoort in het register van verwerkingsactiviteiten.")
		}
	}
	if len(b.c.Process.Having("inzage")) == 0 {
		b.open(whoPrivacy, "Wie verzoeken van betrokkenen behandelt", "4-proces/rollen.go: Rights",
			"Geen rol heeft het recht inzage. Zo kan alleen de beheerder met go run . inzage opzoeken wat er over iemand bekend is (AVG artikelen 15 tot en met 21), en kan niemand gegevens verbeteren of een beperking vastleggen.")
	}
	b.open(whoPrivacy, "Opname in het register van verwerkingsactiviteiten", "docs/privacy.md", "AVG artikel 30. Het log van het component noemt de activiteiten met de kenmerken die daar staan.")
	b.open(whoPrivacy, "Oordeel of een gegevensbeschermingseffectbeoordeling (DPIA) nodig is", "docs/privacy.md", "AVG artikel 35.")
}

func (b *builder) openPages() {
	citizen, company, employee := false, false, false
	for _, r := range b.c.Process.Roles {
		citizen = citizen || r.Citizen && !r.Anonymous
		company = company || r.Company && !r.Anonymous
		employee = employee || !r.Outside()
	}
	login := func(needed bool, who, setting string) {
		if needed {
			b.open(whoPlatform, "Inloggen van "+who+" via OpenID Connect", setting+" of OIDC_ISSUER", "In ontwikkeling kiest men een persona; in productie weigert het component te starten zonder echte login.")
		}
	}
	login(citizen, "inwoners (DigiD)", "OIDC_CITIZEN_ISSUER")
	login(company, "ondernemers en organisaties (eHerkenning)", "OIDC_COMPANY_ISSUER")
	login(employee, "medewerkers", "OIDC_EMPLOYEE_ISSUER")
	b.openCompanies()
	b.open(whoDesign, "Huisstijl: logo en thema", "5-interactie", "Het meegeleverde thema is neutraal en heeft geen logo. Een eigen stijl of sjabloon komt in die map; README.md zegt hoe.")
	b.open(whoOwner, "Toegankelijkheidsverklaring", "www.toegankelijkheidsverklaring.nl", "Verplicht volgens het Besluit digitale toegankelijkheid overheid, na een onderzoek van de eigen schermen.")
}
