package model

import (
	"slices"
	"testing"
)

// TestLetterLists: what is missing before a letter can go, and what the source
// wants besides FSC, is settled here and not in a template.
func TestLetterLists(t *testing.T) {
	c := askingComponent(t)
	zaken, kvk, open := c.Sources[0], c.Sources[1], c.Sources[2]
	want := []string{
		"Hoeveel vragen verwacht u? Dat weet alleen het team.", "Wie de bron aanbiedt, en op welk adres de brief aankomt.",
		"Het OIN van uw organisatie.", "Een e-mailadres voor de aanbieder.",
		"Het doel van de verwerking: waarvoor zijn de gegevens nodig?", "De grondslag van de verwerking.",
		"Het wetsartikel waarop de verwerking rust.", "De bewaartermijn.",
	}
	if !slices.Equal(zaken.Access.Missing, want) {
		t.Errorf("missing: %q", zaken.Access.Missing)
	}
	if !zaken.Access.Asked || open.Access.Asked {
		t.Errorf("asked: zaken %v, open %v", zaken.Access.Asked, open.Access.Asked)
	}
	if got := zaken.Auth.Wants() + "; " + zaken.Auth.Gives(); got != "een JWT met een gedeeld geheim; een client-id en een geheim" {
		t.Errorf("zaken: %s", got)
	}
	if got := kvk.Auth.Wants() + "; " + kvk.Auth.Gives(); got != "een API-key in de header; die sleutel" {
		t.Errorf("kvk: %s", got)
	}
	if got := NewAuth(zaken.Name, "oauth2", ""); got.Wants() != "een OAuth 2.0-token" || got.Gives() != "een client-id, een geheim en het adres van de tokendienst" {
		t.Errorf("oauth2: %s; %s", got.Wants(), got.Gives())
	}
}

func TestWordsOfViews(t *testing.T) {
	c := askingComponent(t)
	if c.OwnService() != "proef-diensten" || c.OwnGrantEnv() != "FSC_GRANT_HASH_PROEF_DIENSTEN" || c.Sources[0].StandInEnv() != "NABOOTSING_TOKEN_URL_ZAKEN" {
		t.Errorf("settings: %s, %s, %s", c.OwnService(), c.OwnGrantEnv(), c.Sources[0].StandInEnv())
	}
	if c.Contact.Page() != "" || c.Contact.Mail() != "" {
		t.Errorf("a made-up address is given out: %q, %q", c.Contact.Page(), c.Contact.Mail())
	}
	known := Contact{URL: "https://proef.test/contact", Email: "team@proef.test"}
	if known.Page() != known.URL || known.Mail() != known.Email {
		t.Error("an address of the team is kept back")
	}
	if c.Process.Follows() || c.Process.Anonymous() {
		t.Error("an employee is no citizen with a zaak of their own")
	}
	anybody := &Process{Roles: []*Role{{Citizen: true, Anonymous: true}}}
	if anybody.Follows() || !anybody.Anonymous() || !(&Process{Roles: []*Role{{Citizen: true}}}).Follows() {
		t.Error("who logs in follows a zaak; who does not, does not")
	}
	for want, r := range map[string]Retention{
		"nog vast te stellen": {}, "5 jaar": {Text: "5 jaar"}, "5 jaar (Selectielijst)": {Text: "5 jaar", Source: "Selectielijst"},
	} {
		if r.Words() != want {
			t.Errorf("got %q, want %q", r.Words(), want)
		}
	}
}

func TestWordsOfFinds(t *testing.T) {
	for want, f := range map[string]Find{
		"wat dan ook: geen gegevens":            {},
		"postcode 1028BC, dag naar keuze: x, y": {Asked: []Constant{{Name: "postcode", Value: "1028BC"}}, Free: []string{"dag"}, Shows: []string{"x", "y"}},
		"nummers 1 en 2: x":                     {Asked: []Constant{{Name: "nummers", Values: []string{"1", "2"}}}, Shows: []string{"x"}},
	} {
		if got := f.Question() + ": " + f.Content(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, op := range map[string]*Operation{
		"200 of 404": {}, "200": {Otherwise: &Answer{}}, "404": {Otherwise: &Answer{Status: 404}},
	} {
		if got := op.Nothing(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
