package model

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// exampleFiles are the answers files of this repository that must be right.
func exampleFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../examples/*/fieldlab.yaml", "../../examples/testdata/*.yaml", "testdata/right/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 8 {
		t.Fatalf("only %d examples found", len(files))
	}
	return files
}

func parse(t testing.TB, file string) *answers.Document {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := answers.Parse(file, data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return doc
}

func build(t testing.TB, file string) *Component {
	t.Helper()
	doc := parse(t, file)
	component, problems := New(doc.Answers, os.DirFS(filepath.Dir(file)), Env{Version: "1.2.3"})
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", file, doc.Place(problems))
	}
	return component
}

func TestNewAcceptsTheExamples(t *testing.T) {
	for _, file := range exampleFiles(t) {
		checkSound(t, build(t, file))
	}
}

// TestNewIsDeterministic also runs over Go's random map order.
func TestNewIsDeterministic(t *testing.T) {
	for _, file := range exampleFiles(t) {
		first := build(t, file)
		for range 10 {
			if !reflect.DeepEqual(first, build(t, file)) {
				t.Fatalf("%s gives two components", file)
			}
		}
	}
}

func TestEnumsOfTheFormatAreKnown(t *testing.T) {
	for _, test := range []struct {
		of   reflect.Type
		name string
		want []string
	}{
		{reflect.TypeFor[answers.Step](), "Kind", kindNames},
		{reflect.TypeFor[answers.Source](), "Catalogue", catalogue.Names()},
	} {
		field, _ := test.of.FieldByName(test.name)
		if got := strings.Split(field.Tag.Get("enum"), "|"); !slices.Equal(got, test.want) {
			t.Errorf("%s: the format has %v, the model %v", test.name, got, test.want)
		}
	}
}

// TestVerhuizing holds the example of the design against what it must become.
func TestVerhuizing(t *testing.T) {
	c := build(t, "../../examples/verhuizing/fieldlab.yaml")
	if c.Name.Path != "verhuizing" || !strings.HasSuffix(c.Module, "/verhuizing") || c.Generator != "1.2.3" {
		t.Errorf("name %q, module %q, generator %q", c.Name.Path, c.Module, c.Generator)
	}
	e := c.Entities[0]
	if !e.IsSubject || e.Plural.Path != "verhuizingen" || e.Retention.Text != "5 jaar" {
		t.Errorf("entity %+v", e)
	}
	adres := fieldByName(e.Fields, "nieuwAdres")
	if adres.GoType != "value.Address" || !adres.Personal || adres.Filter || adres.Postgres != "JSONB" {
		t.Errorf("field %+v", adres)
	}
	if in := inputs(c.Process.Steps[1]); in != "postcode=nieuwAdres.postcode huisnummer=nieuwAdres.huisnummer huisletter=nieuwAdres.huisletter huisnummertoevoeging=nieuwAdres.huisnummertoevoeging" {
		t.Errorf("input %s", in)
	}
	if c.Process.Start.Name.Path != "aangifte" || len(c.Process.Diagram.Nodes) == 0 {
		t.Error("process is not complete")
	}
}

// inputs shows where the parameters of a lookup come from.
func inputs(s *Step) string {
	var out []string
	for _, in := range s.Input {
		switch {
		case in.Source != nil:
			out = append(out, in.Parameter.Name+"="+in.Source.Name.Raw+":"+in.Path)
		case in.Part != "":
			out = append(out, in.Parameter.Name+"="+in.Field.Name.Raw+"."+in.Part)
		default:
			out = append(out, in.Parameter.Name+"="+in.Field.Name.Raw)
		}
	}
	return strings.Join(out, " ")
}

// TestAnswerComesFromTheLastLookup asks one source more than once.
func TestAnswerComesFromTheLastLookup(t *testing.T) {
	c := build(t, "testdata/right/keten.yaml")
	from := func(step string) (out []string) {
		for _, in := range c.Process.Steps {
			for _, i := range in.Input {
				if in.Name.Raw == step && i.Step != nil {
					out = append(out, i.Path+" from "+i.Step.Name.Raw)
				}
			}
		}
		return out
	}
	if got := from("lezen"); !slices.Equal(got, []string{"id from zoeken"}) {
		t.Errorf("lezen: %v", got)
	}
	if got := from("schatten"); !slices.Equal(got, []string{"id from nog-eens", "object.oppervlakte from lezen"}) {
		t.Errorf("schatten: %v", got)
	}
	if got := c.Process.Steps[1].Builds(); !slices.Equal(got, []string{"nog-eens", "lezen"}) {
		t.Errorf("schatten builds on %v", got)
	}
}

func TestDefaults(t *testing.T) {
	c := build(t, "../../examples/testdata/minimaal.yaml")
	if c.Name.Path != "aanvraag" || c.Module != "component/aanvraag" || c.Licence != "EUPL-1.2" {
		t.Errorf("%q %q %q", c.Name.Path, c.Module, c.Licence)
	}
	if c.Contact.Email == "" || c.Contact.URL == "" || c.Contact.Name == "" || !strings.HasSuffix(c.APIURL, "/v1") || !strings.HasSuffix(c.ProcesURL, "/v1") {
		t.Errorf("contact %+v, APIs %q %q", c.Contact, c.APIURL, c.ProcesURL)
	}
	if c.Delivery != (Delivery{true, true, "ghcr.io/gemeente-duinstad/aanvraag", "16", 8080, false}) || c.Interaction.Colour != "#154273" || c.Fieldlab.Days != 5 {
		t.Errorf("%+v %+v %+v", c.Delivery, c.Interaction, c.Fieldlab)
	}
	var steps []string
	for _, s := range c.Process.Steps {
		steps = append(steps, s.Name.Path)
	}
	if got := strings.Join(steps, " "); got != "aanvraag beoordelen aanvullen toegekend afgewezen" {
		t.Errorf("steps %s", got)
	}
	for _, what := range []string{"OIN van de organisatie", "Adres van de broncode", "Bewaartermijn van Aanvraag", "Toegankelijkheidsverklaring"} {
		if !slices.ContainsFunc(c.OpenItems, func(o OpenItem) bool { return o.What == what }) {
			t.Errorf("no open item %q", what)
		}
	}
}

func TestSourcesOfTheCatalogue(t *testing.T) {
	c := build(t, "testdata/right/holysloot.yaml")
	for step, want := range map[string]string{
		"adres-zoeken":    "postcode=adres.postcode huisnummer=adres.huisnummer huisletter=adres.huisletter huisnummertoevoeging=adres.huisnummertoevoeging",
		"bewoners-zoeken": "adresseerbaarObjectIdentificatie=bag:adresseerbaarObjectIdentificatie peildatum=peildatum",
		"persoon-zoeken":  "burgerservicenummer=brp-bewoning:bewoners.burgerservicenummer",
	} {
		i := slices.IndexFunc(c.Process.Steps, func(s *Step) bool { return s.Name.Path == step })
		if got := inputs(c.Process.Steps[i]); got != want {
			t.Errorf("%s: %s", step, got)
		}
	}
	personen := c.Sources[2].Operations[0]
	fields := Constant{Name: "fields", In: "body", Values: []string{"naam.volledigeNaam", "geboorte.datum", "verblijfplaats.verblijfadres.postcode"}}
	if !reflect.DeepEqual(personen.Constants[0], fields) || !personen.Parameters[0].List || personen.Guessed {
		t.Errorf("personen %+v", personen)
	}
}

// TestPartsOfAnObjectAsInput: a source is asked with the parts of an address that
// may be either, and with what is known of a date.
func TestPartsOfAnObjectAsInput(t *testing.T) {
	c := build(t, "testdata/right/onderdelen.yaml")
	for step, want := range map[string]string{
		"adres-zoeken": "postcode=woonadres.postcode huisnummer=woonadres.huisnummer huisletter=woonadres.huisletter huisnummertoevoeging=woonadres.huisnummertoevoeging",
		"zoeken":       "geboren=geboorteDatum.datum jaar=geboorteDatum.jaar",
	} {
		i := slices.IndexFunc(c.Process.Steps, func(s *Step) bool { return s.Name.Path == step })
		if got := inputs(c.Process.Steps[i]); got != want {
			t.Errorf("%s: %s", step, got)
		}
	}
	if schemas := strings.Join(c.SharedSchemas(), ""); strings.Count(schemas, "nullable: true") != 3 || !strings.Contains(schemas, "AdresOveral:") {
		t.Errorf("the shared schemas are %s", schemas)
	}
}

func TestSourcesWithASpecification(t *testing.T) {
	c := build(t, "testdata/right/bron-met-specificatie.yaml")
	if c.Module != "github.com/Gemeente-Proef/Parkeren" || c.Delivery.Image != "ghcr.io/gemeente-proef/parkeren" {
		t.Errorf("module %q, image %q", c.Module, c.Delivery.Image)
	}
	voertuigen, personen, zones := c.Sources[0].Operations[0], c.Sources[1].Operations[0], c.Sources[2].Operations[0]
	if voertuigen.Title != "Voertuigen zoeken" || voertuigen.Path != "/voertuigen" || voertuigen.Guessed || fmt.Sprint(voertuigen.Parameters) != "[{kenteken Kenteken query string true false false}]" {
		t.Errorf("voertuigen %+v", voertuigen)
	}
	if want := "{\n  \"_embedded\": {\n    \"voertuigen\": [\n      {\n        \"merk\": \"Spyker\",\n        \"eigenaar\": {\n          \"soort\": \"persoon\"\n        }\n      }\n    ]\n  }\n}\n"; voertuigen.Example != want {
		t.Errorf("example %s", voertuigen.Example)
	}
	if personen.Method != "POST" || fmt.Sprint(personen.Parameters) != "[{burgerservicenummer Burgerservicenummer body string true true true}]" || len(personen.Constants) != 2 {
		t.Errorf("personen %+v", personen)
	}
	if !strings.Contains(personen.Example, `"geboren": "2000-01-02",`) || !strings.Contains(personen.Example, `"nummer": "0123",`) || !strings.Contains(personen.Example, `"actief": true`) {
		t.Errorf("example %s", personen.Example)
	}
	if !zones.Guessed || zones.Path != "/zoek-zone" || !strings.Contains(zones.Example, `"aantalPlaatsen": 2`) {
		t.Errorf("zones %+v", zones)
	}
	if got := inputs(c.Process.Steps[2]); got != "burgerservicenummer=bsn" {
		t.Errorf("input %s", got)
	}
	if got := c.Entities[0].Fields[1].Examples[0].Form; got != "AB-12-CD" {
		t.Errorf("first example %q", got)
	}
	if len(c.Files) != 1 {
		t.Errorf("%d files go along", len(c.Files))
	}
}

// TestGuessedRequestKeepsPersonsOutOfTheURL: what we make up ourselves must not
// put a burgerservicenummer where it is logged.
func TestGuessedRequestKeepsPersonsOutOfTheURL(t *testing.T) {
	a := parse(t, "testdata/right/bron-met-specificatie.yaml").Answers
	a.Process = answers.Process{
		Subject: "aanvraag",
		Roles:   []answers.Role{{Name: "inwoner", Audience: "citizen"}},
		Steps: []answers.Step{
			{Name: "a", Kind: "form", Role: "inwoner", Fields: []answers.StepField{{Name: "bsn"}, {Name: "kenteken"}, {Name: "zone"}}, Next: "b"},
			{Name: "b", Kind: "lookup", Source: "zones", Input: map[string]string{"bsn": "bsn", "zone": "zone"}, Next: "c"},
			{Name: "c", Kind: "end"},
		},
	}
	a.Sources = a.Sources[2:]
	c, problems := New(a, nil, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	op := c.Sources[0].Operations[0]
	if op.Method != "POST" || op.Parameters[0].In != "body" || c.Process.Steps[1].Input[0].Parameter.In != "body" {
		t.Errorf("%+v", op)
	}
}

func TestEntitiesComeAfterThoseTheyReferTo(t *testing.T) {
	c := build(t, "../../examples/testdata/lastige-namen.yaml")
	if c.Entities[0].Name.Raw != "interface" || c.Entities[1].Name.Raw != "type" {
		t.Errorf("%s comes before %s", c.Entities[0].Name.Raw, c.Entities[1].Name.Raw)
	}
}

func BenchmarkNew(b *testing.B) {
	a := parse(b, "../../examples/verhuizing/fieldlab.yaml").Answers
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := New(a, nil, Env{}); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

// TestTwoFieldsOfOneRecordDiffer: the synthetic partners of a marriage are two
// people, in every record.
func TestTwoFieldsOfOneRecordDiffer(t *testing.T) {
	c := build(t, "../../examples/testdata/alle-veldtypen.yaml")
	for _, e := range c.Entities {
		for i, f := range e.Fields {
			for _, g := range e.Fields[i+1:] {
				if t, _ := fieldtype.Of(f.Type); f.Type != g.Type || !t.Distinct {
					continue
				}
				for n := range f.Examples {
					if f.Examples[n].JSON == g.Examples[n].JSON {
						t.Errorf("record %d: %s and %s are both %s", n, f.Name.Raw, g.Name.Raw, f.Examples[n].JSON)
					}
				}
			}
		}
	}
}
