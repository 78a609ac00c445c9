package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// TestLetterLists: what is missing before a letter can go, and what the source
// wants besides FSC, is settled here and not in a template.
func TestLetterLists(t *testing.T) {
	c := askingComponent(t)
	zaken, kvk, open := c.Sources[0], c.Sources[1], c.Sources[2]
	want := []string{
		"Hoeveel vragen verwacht u? Dat weet alleen het team.", "Wie de bron aanbiedt, en op welk adres de brief aankomt.",
		"Waarom elk veld nodig is. Dat is nog niet gezegd van: results, self.href.",
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

const reasoned = `version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
sources:
  - name: personen
    catalogue: brp-personen
    purpose:
      activity: doel
      fields: [naam.volledigeNaam, geboorte.datum.langFormaat]
      reasons: {naam.volledigeNaam: "  De medewerker\n  moet weten | wie het is "}
  - {name: personen-twee, catalogue: brp-personen, purpose: {activity: doel, fields: [naam.volledigeNaam], reasons: {naam.volledigeNaam: x}}}
  - {name: woz, catalogue: woz, service: woz-waarden, purpose: {activity: doel, fields: [wozObjecten]}}
  - {name: eerste, catalogue: bag, purpose: {activity: doel, fields: [postcode]}}
  - {name: bag, catalogue: bag, purpose: {activity: doel, fields: [postcode]}}
privacy: {activities: [{name: doel}]}
process:
  roles: [{name: medewerker, audience: employee}]
  steps:
    - {name: vragen, kind: form, role: medewerker, fields: [{name: wie, type: text}], next: klaar}
    - {name: klaar, kind: end}
`

// TestReasons: each reason is at its field, what has none is missing in the letter
// and once in the hand-over, and a service keeps the name that the provider gave
// it, whatever the team calls the source.
func TestReasons(t *testing.T) {
	doc, problems := answers.Parse("fieldlab.yaml", []byte(reasoned))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, problems := New(doc.Answers, nil, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	persons, second := c.Sources[0], c.Sources[1]
	if got := persons.Kept; len(got) != 2 || got[0].Reason != "De medewerker moet weten | wie het is" || got[1].Reason != "" {
		t.Errorf("kept: %+v", got)
	}
	if !slices.Equal(persons.Unexplained(), []string{"geboorte.datum.langFormaat"}) || len(second.Unexplained()) > 0 {
		t.Errorf("unexplained: %q, %q", persons.Unexplained(), second.Unexplained())
	}
	asked := func(all []string) bool {
		return slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "Waarom elk veld nodig is") })
	}
	if !asked(persons.Access.Missing) || asked(second.Access.Missing) {
		t.Errorf("missing: %q and %q", persons.Access.Missing, second.Access.Missing)
	}
	rows := 0
	for _, item := range c.OpenItems {
		if strings.HasPrefix(item.What, "Waarom elk veld van") && item.Where == "docs/toegang/personen.md: Bijlage" {
			rows++
		}
	}
	if rows != 1 {
		t.Errorf("%d rows in the hand-over: %+v", rows, c.OpenItems)
	}
	if !persons.AsksPerson() || c.Sources[2].AsksPerson() {
		t.Error("who asks about a person by number is not known")
	}
	var services, titles []string
	for _, s := range c.Sources {
		services, titles = append(services, s.Service), append(titles, s.Title)
	}
	if titles[0] == titles[1] || !strings.HasSuffix(titles[1], ", Personen twee") || strings.Contains(titles[2], ",") {
		t.Errorf("titles are %q", titles)
	}
	if all := c.Services(); len(all) != 3 || len(c.Alike(second)) != 1 || second.GrantEnv != persons.GrantEnv {
		t.Errorf("%d contracts, %s and %s", len(all), persons.GrantEnv, second.GrantEnv)
	}
	if n := len(slices.DeleteFunc(slices.Clone(c.OpenItems), func(o OpenItem) bool { return !strings.HasPrefix(o.What, "FSC-contract voor") })); n != 4 {
		t.Errorf("%d contracts to make", n)
	}
	if want := []string{"brp-personen", "brp-personen", "woz-waarden", "bag-bevragen", "bag-bevragen"}; !slices.Equal(services, want) {
		t.Errorf("services are %q, want %q", services, want)
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

// TestOneServiceOfTwoSources: what one provider offers is one service, whoever asks
// it; of two providers each has its own.
func TestOneServiceOfTwoSources(t *testing.T) {
	for sources, want := range map[string]string{
		`{name: a, service: brp-personen, catalogue: brp-personen, X}, {name: b, service: brp-personen, catalogue: brp-personen, X}`:                                                                          "brp-personen brp-personen",
		`{name: a, service: x, provider: {name: Een, oin: "00000099000000002000"}, operations: [{name: z, path: /z}], X}, {name: b, service: x, provider: {name: een}, operations: [{name: q, path: /q}], X}`: "x x",
		`{name: a, service: x, provider: {name: Een}, operations: [{name: z, path: /z}], X}, {name: b, service: x, provider: {name: Twee}, operations: [{name: q, path: /q}], X}`:                             "",
		`{name: a, service: x.y, provider: {name: Een}, operations: [{name: z, path: /z}], X}, {name: b, service: x-y, provider: {name: Een}, operations: [{name: q, path: /q}], X}`:                          "",
		`{name: a, catalogue: zgw-zaken, X}, {name: b, catalogue: zgw-zaken, provider: {name: Buurgemeente}, X}`:                                                                                              "zgw-zaken b",
		`{name: a, catalogue: zgw-zaken, X}, {name: b, catalogue: zgw-zaken, service: zaken-proef, X}`:                                                                                                        "zgw-zaken zaken-proef",
	} {
		sources = strings.ReplaceAll(sources, "X", "purpose: {activity: doel, fields: [FIELD]}")
		field := "naam.volledigeNaam"
		if strings.Contains(sources, "zgw") {
			field = "identificatie"
		}
		doc, problems := answers.Parse("fieldlab.yaml", []byte(strings.ReplaceAll(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [`+sources+`]
privacy: {activities: [{name: doel}]}
process:
  roles: [{name: medewerker, audience: employee}]
  steps:
    - {name: vragen, kind: form, role: medewerker, fields: [{name: wie, type: text}], next: klaar}
    - {name: klaar, kind: end}
`, "FIELD", field)))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		c, problems := New(doc.Answers, nil, Env{})
		collides := slices.ContainsFunc(problems, func(p problem.Problem) bool { return p.Code == problem.NameCollision })
		if want == "" {
			if !collides {
				t.Errorf("%s: %+v", sources, problems)
			}
			continue
		}
		if len(problems) > 0 {
			t.Errorf("%s: %+v", sources, problems)
			continue
		}
		if got := c.Sources[0].Service + " " + c.Sources[1].Service; got != want || c.Sources[0].Provider.OIN != c.Sources[1].Provider.OIN && want == "x x" {
			t.Errorf("%s: services %s", sources, got)
		}
	}
}
