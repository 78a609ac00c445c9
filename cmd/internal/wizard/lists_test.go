package wizard

import (
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// menu chooses an action of a list.
func menu(list, action string) turn { return turn{list, action} }

func TestBuildUpARegister(t *testing.T) {
	plain := func(title, kind string) []turn {
		return []turn{menu("entity.fields", "Toevoegen"), {"field.title", title}, {"field.type", kind}, {"field.required", enter}, {"field.more", enter}}
	}
	f := newFake(t, join(goal(), []turn{
		{"stores", enter},
		menu("register", "Verwijderen"), {"wizard.list.sure", false},
		menu("register", "Verwijderen"), {"wizard.list.sure", true},
		menu("register", "Toevoegen"), {"entity.title", "Verhuizing"}, {"entity.plural", enter},
		menu("entity.fields", "Geen"), // an entity without fields is refused
	}, plain("Burgerservicenummer", "burgerservicenummer"), plain("Nieuw adres", "adres"), []turn{
		menu("entity.fields", "Toevoegen"), {"field.title", "Inwoning"}, {"field.type", "keuze"},
		{"field.values", "ja, nee, ja"}, {"field.required", true}, {"field.more", true},
		{"field.help", "Bij iemand anders."}, {"field.default", "nee"}, {"field.example-value", "ja"},
		menu("entity.fields", "Toevoegen"), {"field.title", "Aantal personen"}, {"field.type", "geheel getal"},
		{"field.required", enter}, {"field.negative", enter}, {"field.more", true}, {"field.help", enter}, {"field.min", "een"}, {"field.min", "1"}, {"field.max", "20"},
		{"field.default", enter}, {"field.example-value", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Toelichting"}, {"field.type", "lange tekst"},
		{"field.required", enter}, {"field.more", true}, {"field.help", enter}, {"field.max-length", "2,5"}, {"field.max-length", "200"}, {"field.default", enter}, {"field.example-value", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Toelichting"}, {"field.title", Back}, // the same name twice
		menu("entity.fields", "Wijzigen"), {"wizard.which.change", "Nieuw adres"}, {"field.title", "Nieuw woonadres"},
		{"field.type", enter}, {"field.required", true}, {"field.more", enter},
		menu("entity.fields", "Verwijderen"), {"wizard.which.remove", Back},
		menu("entity.fields", "Klaar"), {"entity.retention", "heel lang"}, {"entity.retention", "vijf jaar"}, {"entity.retention-source", "Selectielijst 7.7"},
		menu("register", "Toevoegen"), {"entity.title", "Bewijsstuk"}, {"entity.plural", "bewijsstukken"},
		menu("entity.fields", "Toevoegen"), {"field.title", "Bij"}, {"field.type", "verwijzing"}, {"field.entity", "Verhuizing"}, {"field.required", enter}, {"field.more", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Waarde"}, {"field.type", "bedrag in euro"}, {"field.required", enter}, {"field.negative", enter}, {"field.more", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Saldo"}, {"field.type", "bedrag in euro"}, {"field.required", enter}, {"field.negative", true}, {"field.more", enter},
		menu("entity.fields", "Klaar"), {"entity.retention", enter},
		menu("register", "Klaar"),
	}, sources(), process(), last(), agree())...)
	a := must(t, talk(t, "verhuizing", f))
	if len(a.Register) != 2 {
		t.Fatalf("the register is %+v", a.Register)
	}
	e := a.Register[0]
	names := make([]string, len(e.Fields))
	for i, field := range e.Fields {
		names[i] = field.Name
	}
	if want := []string{"burgerservicenummer", "nieuwWoonadres", "inwoning", "aantalPersonen", "toelichting"}; !slices.Equal(names, want) {
		t.Errorf("fields are %v, want %v", names, want)
	}
	if in := e.Fields[2]; !slices.Equal(in.Values, []string{"ja", "nee"}) || !in.Required || in.Default != "nee" || in.Example != "ja" || in.Help == "" {
		t.Errorf("the enum is %+v", in)
	}
	if n := e.Fields[3]; *n.Min != 1 || *n.Max != 20 {
		t.Errorf("the number is %+v", n)
	}
	if *e.Fields[4].MaxLength != 200 || e.Retention.Period != "P5Y" || a.Privacy.Activities[0].Retention != "P5Y" {
		t.Errorf("got %+v", e)
	}
	if r := a.Register[1].Fields[0]; r.Type != "reference" || r.Entity != "verhuizing" {
		t.Errorf("the reference is %+v", r)
	}
	// Whether a number can be less than nothing is asked, and usually it cannot.
	if f := a.Register[1].Fields; f[1].Min == nil || *f[1].Min != 0 || f[2].Min != nil {
		t.Errorf("an amount is %+v, a balance %+v", f[1], f[2])
	}
	for _, reason := range []string{"geen getal", "geen termijn"} {
		if !f.heard(reason) {
			t.Errorf("no reason with %q was given", reason)
		}
	}
}

// TestBackKeepsWhatWasMade: going back and forth in lists in lists, and choosing
// otherwise and back again, loses nothing.
func TestBackKeepsWhatWasMade(t *testing.T) {
	f := newFake(t, join(goal(), []turn{
		{"stores", enter},
		menu("register", "Toevoegen"), {"entity.title", Back}, // nothing was made yet
		menu("register", "Wijzigen"), {"entity.title", "Boom"}, {"entity.plural", Back}, {"entity.title", Back},
		menu("register", "Wijzigen"), {"entity.title", enter}, {"entity.plural", enter},
		menu("entity.fields", "Toevoegen"), {"field.title", "Soort"}, {"field.type", "keuze"}, {"field.values", "eik, beuk"},
		{"field.required", Back}, {"field.values", Back}, {"field.type", "datum"}, {"field.required", Back}, {"field.type", "keuze"}, {"field.values", enter},
		{"field.required", true}, {"field.more", Back}, {"field.required", Back}, {"field.values", Back}, {"field.type", Back}, {"field.title", Back},
		menu("entity.fields", "Verplaatsen"), {"wizard.which.move", "Soort"}, {"wizard.list.where", "Bovenaan"},
		{"entity.fields", Back}, {"entity.plural", Back}, {"entity.title", Back},
		{"register", Back}, {"stores", false}, {"sources", Back}, {"stores", true}, {"register", enter},
	}, sources(), []turn{
		{"roles", enter}, {"steps", "Zelf"},
		menu("own-steps", "Wijzigen"), {"wizard.which.change", "Beoordelen"}, {"step.title", "Boom bekijken"}, {"step.role", Back}, {"step.title", Back},
		{"own-steps", Back}, {"steps", "toegekend of afgewezen"}, {"colour", Back}, {"steps", "Zelf"}, {"own-steps", enter},
	}, last(), agree())...)
	a := must(t, talk(t, "verhuizing", f))
	if e := a.Register[0]; len(a.Register) != 1 || e.Name != "boom" || len(e.Fields) != 3 || e.Fields[0].Name != "soort" || len(e.Fields[0].Values) != 2 || a.Process.Subject != "boom" {
		t.Errorf("going back left %+v", a.Register)
	}
	if st := a.Process.Steps[1]; st.Title != "Boom bekijken" || a.Process.Steps[0].Next != st.Name {
		t.Errorf("the steps are %+v", a.Process.Steps)
	}
}

func TestBuildUpSources(t *testing.T) {
	f := newFake(t, join(goal(), []turn{
		{"stores", false},
		menu("sources", "Toevoegen"), {"source.kind", "BAG"}, {"source.operation", enter}, {"source.fields", []string{}}, {"source.fields", []string{"Huisnummer", "Postcode"}},
		{"source.reasons", "postcodee: Om te zoeken"}, {"source.reasons", "De medewerker ziet het adres; Postcode: Om te zoeken"},
		menu("sources", "Toevoegen"), {"source.kind", "BRP: wie"}, {"source.fields", enter}, {"source.reasons", enter},
		menu("sources", "Toevoegen"), {"source.kind", "BRP: personen"}, {"source.fields", Back}, {"source.kind", Back},
		menu("sources", "Toevoegen"), {"source.kind", "andere"}, {"source.title", "Handelsregister"},
		{"source.provider", "Kamer van Koophandel"}, {"source.provider-oin", "1"}, {"source.provider-oin", "-"},
		{"source.openapi", "bestaat-niet.yaml"}, {"source.openapi", "-"},
		menu("source.operations", "Geen"),
		menu("source.operations", "Toevoegen"), {"operation.name", "zoekBedrijf"}, {"operation.path", "/bedrijven/{kvkNummer}"}, {"operation.parameters", "-"},
		menu("source.operations", "Toevoegen"), {"operation.name", "Vestigingen"}, {"operation.path", "/vestigingen"}, {"operation.parameters", "plaats"},
		menu("source.operations", "Klaar"), {"source.own-fields", "handelsnaam, statutaireZetel"}, {"source.reasons", enter},
		menu("sources", "Toevoegen"), {"source.kind", "BAG"}, {"source.operation", enter}, {"source.fields", enter}, {"source.reasons", enter},
		menu("sources", "Verwijderen"), {"wizard.which.remove", "Handels"}, {"wizard.list.sure", true},
		menu("sources", "Klaar"),
	}, []turn{{"roles", enter}, {"steps", "medewerker"}}, last(), agree())...)
	a := must(t, talk(t, "adresonderzoek", f))
	var names []string
	for _, source := range a.Sources {
		names = append(names, source.Name)
	}
	if want := []string{"bag", "brp-bewoning", "brp-personen", "bag-2"}; !slices.Equal(names, want) {
		t.Fatalf("sources are %v, want %v", names, want)
	}
	if reasons := a.Sources[0].Purpose.Reasons; len(reasons) != len(a.Sources[0].Purpose.Fields) || reasons["postcode"] != "Om te zoeken" || reasons["huisnummer"] != "De medewerker ziet het adres" || a.Sources[1].Purpose.Reasons != nil {
		t.Errorf("reasons are %v", reasons)
	}
	if a.Sources[0].Purpose.Activity != "adresonderzoek" || len(a.Register) != 0 {
		t.Errorf("got %+v", a)
	}
	kinds := map[string]int{}
	for _, st := range a.Process.Steps {
		kinds[st.Kind]++
	}
	if kinds["lookup"] != 4 || kinds["form"] != 1 || kinds["end"] != 1 {
		t.Errorf("steps are %+v", a.Process.Steps)
	}
}

func TestASourceMayNeedWhatTheRegisterDoesNotHave(t *testing.T) {
	f := newFake(t, join(goal(), data(), []turn{
		menu("sources", "Toevoegen"), {"source.kind", "BAG"}, {"source.operation", enter}, {"source.fields", enter}, {"source.reasons", enter},
		menu("sources", "Klaar"),
	}, process(), last(), agree())...)
	a := must(t, talk(t, "bomen", f))
	form := a.Process.Steps[0].Fields
	if added := form[len(form)-1]; added.Inline == nil || added.Inline.Type != "integer" {
		t.Errorf("the form does not ask what the source needs: %+v", form)
	}
}

func TestNumbersAsPeopleSayThem(t *testing.T) {
	for said, want := range map[string]float64{"2,5": 2.5, "1.250": 1250, "12.125,5": 12125.5} {
		n, err := fieldtype.ReadNumber(said)
		back, err2 := fieldtype.ReadNumber(fieldtype.WriteNumber(n)) // what a question shows of it
		if err != nil || err2 != nil || n != want || back != want {
			t.Errorf("%s is %v and then %v (%v, %v)", said, n, back, err, err2)
		}
	}
}

func TestAnOwnSourceGetsALookup(t *testing.T) {
	f := newFake(t, join(goal(), data(), []turn{
		menu("sources", "Toevoegen"), {"source.kind", "andere"}, {"source.title", "Handelsregister"},
		{"source.provider", enter}, {"source.provider-oin", enter}, {"source.openapi", enter},
		menu("source.operations", "Toevoegen"), {"operation.name", "zoekBedrijf"}, {"operation.path", "/bedrijven/{kvkNummer}"}, {"operation.parameters", "onderwerp"},
		menu("source.operations", "Klaar"), {"source.own-fields", "handelsnaam"}, {"source.reasons", enter},
		menu("sources", "Klaar"),
	}, process(), last(), agree())...)
	a := must(t, talk(t, "vergunning", f))
	form := a.Process.Steps[0].Fields
	if added := form[len(form)-1]; added.Inline == nil || added.Name != "kvkNummer" {
		t.Errorf("the form does not ask for the parameter: %+v", form)
	}
	if a.Process.Steps[1].Operation != "zoekBedrijf" || a.Process.Steps[1].Input != nil {
		t.Errorf("the lookup is %+v", a.Process.Steps[1])
	}
}

func TestBuildUpRoles(t *testing.T) {
	f := newFake(t, join(goal(), data(), sources(), []turn{
		menu("roles", "Toevoegen"), {"role.title", "Medewerker"}, {"role.title", "Teamleider"}, {"role.audience", "medewerker"},
		menu("roles", "Wijzigen"), {"wizard.which.change", "Inwoner"}, {"role.title", "Melder"}, {"role.audience", enter}, {"role.anonymous", true},
		menu("roles", "Klaar"), {"steps", "toegekend of afgewezen"},
	}, last(), agree())...)
	a := must(t, talk(t, "melding", f))
	r := a.Process.Roles
	if len(r) != 3 || r[0].Name != "melder" || !r[0].Anonymous || r[2].Name != "teamleider" {
		t.Errorf("roles are %+v", r)
	}
	if a.Process.Steps[0].Role != "melder" {
		t.Errorf("the first step is of %s", a.Process.Steps[0].Role)
	}
}

func TestBuildUpSteps(t *testing.T) {
	f := newFake(t, join(goal(), data(), []turn{
		menu("sources", "Toevoegen"), {"source.kind", "BAG"}, {"source.operation", enter}, {"source.fields", enter}, {"source.reasons", enter}, menu("sources", "Klaar"),
		{"roles", enter}, {"steps", "Zelf"},
		menu("own-steps", "Toevoegen"), {"step.kind", "de zaak"}, {"step.title", "Ingetrokken"}, {"step.result", enter},
		menu("own-steps", "Klaar"), // nothing leads to it
		menu("own-steps", "Wijzigen"), {"wizard.which.change", "Beoordelen"}, {"step.title", "Aanvraag beoordelen"}, {"step.role", enter}, {"step.help", "Let op."},
		menu("step.outcomes", "Toevoegen"), {"outcome.name", "Intrekken"}, {"outcome.next", "Ingetrokken"},
		menu("step.outcomes", "Klaar"), {"step.term", "vijf dagen"},
		menu("own-steps", "Toevoegen"), {"step.kind", "doet iets"}, {"step.title", "Verwerken"}, {"step.after", "Aanvraag beoordelen"}, {"step.outcome", "Toekennen"},
		{"step.role", "Medewerker"}, {"step.help", enter}, {"step.next", enter}, {"step.term", enter},
		menu("own-steps", "Toevoegen"), {"step.kind", "bron"}, {"step.title", "Nog eens kijken"}, {"step.after", "Verwerken"}, {"step.source", enter},
		{"step.input", enter}, {"step.input", enter},
		menu("step.outcomes", "Klaar"),
		menu("own-steps", "Verwijderen"), {"wizard.which.remove", "Nog eens kijken"}, {"wizard.list.sure", true},
		menu("own-steps", "Toevoegen"), {"step.kind", "vult iets in"}, {"step.title", "Verwerken"}, {"step.after", "Verwerken"},
		{"step.role", "Inwoner"}, {"step.help", enter}, {"step.fields", []string{}}, {"step.fields", []string{"Toelichting"}}, {"step.next", enter}, {"step.term", enter},
		menu("own-steps", "Toevoegen"), {"step.kind", "kiest"}, {"step.title", "Tweede oordeel"}, {"step.after", Back}, {"step.title", Back}, {"step.kind", Back},
		menu("own-steps", "Klaar"),
	}, last(), agree())...)
	a := must(t, talk(t, "vergunning", f))
	steps := map[string]answers.Step{}
	for _, st := range a.Process.Steps {
		steps[st.Name] = st
	}
	review := steps["aanvraag-beoordelen"]
	if review.Title != "Aanvraag beoordelen" || review.Term != "P5D" || review.Outcomes[0].Next != "verwerken" || review.Outcomes[3] != (answers.Outcome{Name: "intrekken", Next: "ingetrokken"}) {
		t.Errorf("the decision is %+v", review)
	}
	if steps["verwerken"].Next != "verwerken-2" || steps["verwerken-2"].Next != "toegekend" {
		t.Errorf("the new steps lead to %q and %q", steps["verwerken"].Next, steps["verwerken-2"].Next)
	}
	if fields := steps["verwerken-2"].Fields; len(fields) != 1 || fields[0].Name != "toelichting" {
		t.Errorf("the form has %+v", fields)
	}
}

// TestStandardProcesses makes every standard process with every kind of
// register and sources; the rules must accept all of them.
func TestStandardProcesses(t *testing.T) {
	dutch := &session{text: text.Load(text.Dutch)}
	field := func(name, kind string) answers.Field { return answers.Field{Name: name, Type: kind} }
	registers := map[string][]answers.Entity{
		"nothing": {},
		"plain":   {dutch.entityOf("aanvraag")},
		"person":  {{Name: "verhuizing", Fields: []answers.Field{field("bsn", "bsn"), field("nieuwAdres", "adres"), field("datum", "date")}}},
		"parts":   {{Name: "melding", Fields: []answers.Field{field("postcode", "postcode"), field("Huis nummer", "text"), field("huisnummer", "integer")}}},
		"two":     {dutch.entityOf("aanvraag"), dutch.entityOf("bijlage")},
	}
	registers["parts"][0].Fields = slices.Delete(registers["parts"][0].Fields, 1, 2)
	for name, register := range registers {
		for _, kinds := range [][]string{nil, {"bag"}, {"brp-personen"}, {"brp-bewoning"}, {"bag", "brp-bewoning"}, {"brp-personen", "bag", "brp-bewoning"}, {"bag", "bag"}} {
			for _, kind := range []string{processReview, processShort, processAsk, processOwn} {
				s := &session{a: Titled("proef"), text: dutch.text, check: rules, prompter: acceptor{}, process: kind}
				s.a.Component.Organisation.Name = "Gemeente Duinstad"
				s.a.Process.Title = "Proef"
				s.a.Register = register
				s.a.Process.Roles = s.standardRoles()
				activity(&s.a)
				for i, source := range kinds {
					s.a.Sources = append(s.a.Sources, answers.Source{Purpose: answers.Purpose{Activity: "proef"}})
					s.setKind(i, source)
				}
				s.rebuild()
				for _, p := range rules(s.a) {
					t.Errorf("register %s, sources %v, process %s: %s: %s", name, kinds, kind, p.Key, p.Text("nl"))
				}
			}
		}
	}
}
