package start

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
)

// ofDuinstad are the rooms of the example with what they say of the municipality.
func ofDuinstad(t *testing.T) Rooms {
	t.Helper()
	rooms := moving(t)
	rooms.Pages.Title, rooms.Pages.Summary = "Verhuizing doorgeven", "Inwoners geven hun verhuizing door."
	rooms.Pages.Organisation, rooms.Pages.Website = "Gemeente Duinstad", "https://www.duinstad.test"
	rooms.Pages.Contact = paginas.Contact{Name: "Team Burgerzaken", Email: "burgerzaken@duinstad.test", URL: "https://www.duinstad.test/contact"}
	rooms.Pages.Forms = map[string][]paginas.Field{"aangifte": {{Name: "verhuisdatum", Label: "Datum", Kind: "date"}}, "aanvullen": {{Name: "verhuisdatum", Label: "Datum", Kind: "date"}}}
	rooms.Pages.Subject = []paginas.Field{{Name: "verhuisdatum", Label: "Datum", Kind: "date"}}
	return rooms
}

const second = `naam: Gemeente Veenrade
oin: "00000099000000002000"
contact: {naam: Team Veenrade, email: team@veenrade.test}
`

// serving writes a file for an organisation and reads the settings with it.
func serving(t *testing.T, p *Parts, text string) (Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "organisatie.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ReadSettings(p.Component(), nil, environment("ORGANISATIE", file, "PORT", "0"), nil)
}

func TestAnotherOrganisationKeepsNothingOfTheFirst(t *testing.T) {
	parts, err := ofDuinstad(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := serving(t, parts, second)
	if err != nil {
		t.Fatal(err)
	}
	q := parts.of(s)
	if q.Pages.Organisation != "Gemeente Veenrade" || q.Pages.Website != "" || q.Pages.Contact != (paginas.Contact{Name: "Team Veenrade", Email: "team@veenrade.test"}) || q.Pages.Title != "Verhuizing doorgeven" {
		t.Errorf("%+v", q.Pages)
	}
	if q.FSC.Own.OIN != "00000099000000002000" || q.FSC.Consumed[0].Provider != q.FSC.Own || q.application(s).Organisation != "Gemeente Veenrade" {
		t.Errorf("%+v", q.FSC)
	}
	if spec := q.ofServices(); spec.Server != "/v1" || spec.Contact.Name != "Team Veenrade" {
		t.Errorf("%+v", spec)
	}
	out := &outway.Outway{}
	course := q.Process(out)
	was := parts.Course.Activity
	if course.Activity.URI == was.URI || !strings.HasPrefix(course.Activity.URI, "urn:uuid:") || out.Sources()[0].Activity != course.Activity || len(course.Activities) != 1 || course.Activities[0] != course.Activity || q.Sources[0].Activity != course.Activity {
		t.Errorf("%+v", course.Activities)
	}
	if again := parts.of(s).Course.Activity; again != course.Activity {
		t.Errorf("the next start records for %s", again.URI)
	}
	if parts.Pages.Organisation != "Gemeente Duinstad" || parts.FSC.Own.OIN != "00000099000000001000" || parts.Course.Activity != was || parts.FSC.Consumed[0].Provider.OIN != "00000099000000001000" {
		t.Error("the parts themselves changed")
	}
	if same := parts.of(Settings{}); same != parts || same.securityTxt("") == nil {
		t.Error("without a file something changes")
	}
}

// TestAnotherLaw: another municipality rests on a bye-law of its own, and cannot start
// with that of the first.
func TestAnotherLaw(t *testing.T) {
	parts, err := ofDuinstad(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := serving(t, parts, "activiteiten: {aangifte: {toelichting: Verordening van Duinstad}}\n")
	if err != nil {
		t.Fatal(err)
	}
	was := parts.Course.Activity
	got := parts.of(s).Course
	if len(got.Activities) != 1 || got.Activity.Explanation != "Verordening van Duinstad" || got.Activity.URI != was.URI || got.Activity.Purpose != was.Purpose {
		t.Errorf("%+v", got.Activities)
	}
	parts.Course.Activities[0].Explanation = "Verordening van Gemeente Duinstad"
	parts.Course.Activity = parts.Course.Activities[0]
	other := "naam: Gemeente Veenrade\noin: '00000099000000009000'\ncontact: {naam: Team, email: team@veenrade.test}\n"
	if _, err := serving(t, parts, other); err == nil || !strings.Contains(err.Error(), "activiteiten.aangifte.toelichting: zonder deze sleutel staat Gemeente Duinstad er nog in") {
		t.Errorf("%v", err)
	}
	if _, err := serving(t, parts, other+"activiteiten: {aangifte: {kenmerk: 'https://register.veenrade.test/7', toelichting: Verordening van Veenrade}}\n"); err != nil {
		t.Error(err)
	}
}

// TestTheFirstKeepsWhatItDoesNotSay, and the lines that it wrote before it named
// its register.
func TestTheFirstKeepsWhatItDoesNotSay(t *testing.T) {
	parts, err := ofDuinstad(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := serving(t, parts, "activiteiten: {aangifte: 'https://register.duinstad.test/7'}\nteksten: {titel: Verhuizen, stappen: {aangifte: {titel: Uw verhuizing}}, velden: {verhuisdatum: {uitleg: 'Welke dag?'}}}\n")
	if err != nil {
		t.Fatal(err)
	}
	q := parts.of(s)
	if q.Pages.Organisation != "Gemeente Duinstad" || q.Pages.Website == "" || q.Pages.Title != "Verhuizen" || q.Model.Step("aangifte").Title != "Uw verhuizing" || parts.Model.Step("aangifte").Title == "Uw verhuizing" {
		t.Errorf("%+v", q.Pages)
	}
	if q.Model.Sum() != parts.Model.Sum() {
		t.Error("other titles make another process")
	}
	if f := q.Pages.Forms["aanvullen"][0]; f.Label != "Datum" || f.Help != "Welke dag?" || parts.Pages.Forms["aanvullen"][0].Help != "" {
		t.Errorf("%+v", f)
	}
	if len(q.Course.Activities) != 2 || q.Course.Activity.URI != "https://register.duinstad.test/7" || q.Course.Activities[1] != parts.Course.Activity {
		t.Errorf("%+v", q.Course.Activities)
	}
	if spec := q.ofServices(); spec.Server != "" || spec.Contact != nil || len(spec.Info) != 2 {
		t.Errorf("%+v", spec)
	}
	if q.activity(logboek.NotYetRecorded) != logboek.NotYetRecorded {
		t.Error("what is not recorded yet has a URI")
	}
}

// TestTextsOfTheFirstAreNamed: a text that was written for the first municipality
// does not stand on the pages of the second.
func TestTextsOfTheFirstAreNamed(t *testing.T) {
	rooms := ofDuinstad(t)
	rooms.Pages.Summary = "Verhuizing doorgeven: een dienst van gemeente Duinstad."
	rooms.Pages.Subject[0].Help = "Mail naar burgerzaken@duinstad.test"
	parts, err := rooms.Read()
	if err != nil {
		t.Fatal(err)
	}
	_, err = serving(t, parts, second)
	for _, want := range []string{"ORGANISATIE: teksten.samenvatting: zonder deze sleutel staat gemeente Duinstad er nog in", "teksten.velden.verhuisdatum.uitleg"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := serving(t, parts, second+"teksten: {samenvatting: Geef het door., velden: {verhuisdatum: {uitleg: Bel ons.}}}\n"); err != nil {
		t.Error(err)
	}
	if _, err := serving(t, parts, "kleur: '#003366'\n"); err != nil {
		t.Errorf("the first itself: %v", err)
	}
}

// TestMistakesInTheFileStopTheStart, with those in the other settings, before a
// port is taken.
func TestMistakesInTheFileStopTheStart(t *testing.T) {
	rooms := ofDuinstad(t)
	file := filepath.Join(t.TempDir(), "organisatie.yaml")
	if err := os.WriteFile(file, []byte("naam: Gemeente Veenrade\nkleur: '#ffff00'\nteksten: {titul: x}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ORGANISATIE", file)
	t.Setenv("PORT", "abc")
	var out, wrong bytes.Buffer
	if code := Main(nil, &out, &wrong, rooms); code != exitUsage {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"PORT is", "organisatie.yaml regel 2, kleur", "regel 3, teksten.titul: deze sleutel is er niet; bedoelt u titel?", "oin: ontbreekt", "contact: ontbreekt"} {
		if !strings.Contains(wrong.String(), want) {
			t.Errorf("no %q in\n%s", want, wrong.String())
		}
	}
}

func TestAStartSaysForWhomItRuns(t *testing.T) {
	parts, err := ofDuinstad(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := serving(t, parts, second+"rechtsmiddelen: {resultaten: [afgewezen], tekst: Ga in bezwaar.}\nteksten: {titel: Verhuizen}\n")
	if err != nil {
		t.Fatal(err)
	}
	c := parts.Component()
	said := func(s Settings) string {
		var b bytes.Buffer
		s.Log = slog.New(slog.NewTextHandler(&b, nil))
		announce(&b, &Running{Settings: s}, c, 0)
		return b.String()
	}
	if text := said(s); !strings.HasPrefix(text, "Verhuizen (ontwikkeling)") || !strings.Contains(text, "Voor (ORGANISATIE): Gemeente Veenrade, OIN 00000099000000002000\n") || !strings.Contains(text, "niemand heeft de rechtsmiddelen nog bevestigd") {
		t.Error(text)
	}
	c.Named = func(Settings) []string { return []string{"4-proces/proces.bpmn"} }
	if text := said(s); !strings.Contains(text, "Let op: 4-proces/proces.bpmn noemt Gemeente Duinstad nog") {
		t.Error(text)
	}
	parts.ServicesSpec = []byte(strings.ReplaceAll(string(parts.ServicesSpec), "urn:nld:oin:00000099000000001000", "urn:nld:oin:00000099000000005000"))
	parts.specify()
	if files := parts.named(s); len(files) > 0 { // the example itself names nobody
		t.Errorf("%q", files)
	}
	parts.BPMN = []byte(strings.Replace(string(parts.BPMN), "<bpmn:process", "<!-- van gemeente duinstad, team -->\n<bpmn:process", 1))
	parts.ServicesSpec = []byte(strings.Replace(string(parts.ServicesSpec), "description: Deze beschrijving zelf.", "description: Van burgerzaken@duinstad.test.", 1))
	parts.specify()
	if files := parts.named(s); len(files) != 2 {
		t.Errorf("%q", files)
	}
	if text := said(Settings{Production: true}); !strings.Contains(text, `organisatie="Gemeente Duinstad" oin=00000099000000001000`) {
		t.Error(text)
	}
	if text := said(Settings{}); strings.Contains(text, "Voor") {
		t.Error(text)
	}
}
