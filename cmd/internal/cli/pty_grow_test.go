//go:build !windows

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// grown is a component to which something can be added.
const grown = `# Laadpaal: inwoners vragen een openbare laadpaal aan.
version: 1
component:
  title: Laadpaal aanvragen
  organisation: {name: Gemeente Duinstad}
register:
  - name: aanvraag
    fields:
      - {name: bsn, type: bsn, title: Burgerservicenummer, required: true}
      - {name: adres, type: adres, title: Waar woont u?, required: true} # verplicht
  - name: paal
    plural: palen
    fields:
      - {name: nummer, type: text, title: Paalnummer}
process:
  title: Laadpaal aanvragen
  subject: aanvraag
  roles:
    - {name: inwoner, title: Inwoner, audience: citizen}
    - {name: mobiliteit, title: Team Mobiliteit, audience: employee}
  steps:
    - {name: indienen, kind: form, role: inwoner, title: Aanvraag indienen, fields: [bsn, adres], next: beoordelen}
    - {name: beoordelen, kind: decide, role: mobiliteit, title: Aanvraag beoordelen, outcomes: {toekennen: toegekend, aanvullen: aanvullen, afwijzen: afgewezen}}
    - {name: aanvullen, kind: form, role: inwoner, title: Aanvraag aanvullen, fields: [adres], next: beoordelen}
    - {name: toegekend, kind: end, title: Toegekend}
    - {name: afgewezen, kind: end, title: Afgewezen}
privacy:
  activities:
    - {name: laadpalen, title: Aanvragen behandelen, purpose: Plaatsen van laadpalen, basis: publieke taak}
`

// growing makes the component and opens a command in it, on a small screen.
func growing(t *testing.T, replies int, args ...string) (*screen, string) {
	t.Helper()
	parent := t.TempDir()
	if err := os.WriteFile(filepath.Join(parent, "laadpaal.yaml"), []byte(grown), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	make := exec.Command(self, "new", "laadpaal", "--answers", "laadpaal.yaml", "--no-git")
	make.Dir, make.Env = parent, []string{asProgram + "=1", "HOME=" + parent, "PATH=" + os.Getenv("PATH")}
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dir := filepath.Join(parent, "laadpaal")
	return openSized(t, dir, 80, 24, replies, nil, args...), dir
}

// everything is every file of a component with what is in it.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || strings.HasPrefix(path, filepath.Join(dir, ".config")) {
			return err
		}
		body, err := os.ReadFile(path)
		files[path] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (s *screen) nothingChanged(dir string, before map[string]string) {
	s.t.Helper()
	after := everything(s.t, dir)
	for path, body := range after {
		if before[path] != body {
			s.t.Errorf("%s changed", path)
		}
	}
	if len(after) != len(before) {
		s.t.Errorf("%d files became %d", len(before), len(after))
	}
}

func answersOf(t *testing.T, dir string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, "fieldlab.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// growJargon is what nobody has to read in a conversation: the plan after it
// names files.
var growJargon = regexp.MustCompile(`process\.|register\[|\benum\b|\bdecide\b|\blookup\b|audience|outcomes|--[a-z]`)

// TestGrowAsksAboutAField in the words of the wizard, with a way back to each
// question before; at the end comes what changes, and whether to go on.
func TestGrowAsksAboutAField(t *testing.T) {
	t.Parallel()
	s, dir := growing(t, always, "add", "field")
	s.dialogue(
		"Waar hoort het veld bij", "Paal",
		"Naam van het veld", "<", "Waar hoort het veld bij", "Aanvraag",
		"Naam van het veld", "BSN", "Naam van het veld", "Hoe laadt u nu?",
		"Wat voor gegeven", "keuze uit", "Waaruit kan men kiezen", "thuis, straat",
		"ingevuld zijn?", "<", "Waaruit kan men kiezen", "thuis, straat, werk", "ingevuld zijn?", "",
		"Nog meer over", "", "Op welk formulier", "",
	)
	s.expect("Nieuw veld bij Aanvraag: Hoe laadt u nu?")
	if found := growJargon.FindString(s.text()[:s.seen]); found != "" {
		t.Errorf("somebody had to read %q:\n%s", found, s.text())
	}
	s.answer("Doorgaan?", "ja")
	s.end(0)
	body := answersOf(t, dir)
	for _, part := range []string{
		`name: hoeLaadtUNu, type: enum, title: "Hoe laadt u nu?", values: [thuis, straat, werk]}`, "fields: [bsn, adres, hoeLaadtUNu], next: beoordelen", "# verplicht",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the answers lack %q:\n%s", part, body)
		}
	}
	if !bytes.Contains([]byte(s.text()), []byte(`"BSN" is er al`)) {
		t.Errorf("the same name was taken:\n%s", s.text())
	}
}

// TestGrowAsksWhatIsNotSaid and no more than that.
func TestGrowAsksWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	for _, replies := range []int{always, never} {
		s, dir := growing(t, replies, "add", "field", "paal", "vermogen", "--required", "--set-default", "paal.vermogen=0")
		for _, turn := range [][2]string{{"Wat voor gegeven", "geheel getal"}, {"minder dan nul", "nee"}, {"Nog meer over", "nee"}, {"Doorgaan?", ""}} {
			s.answer(turn[0], turn[1])
		}
		s.end(0)
		if body := answersOf(t, dir); !strings.Contains(body, "{name: vermogen, type: integer, required: true, min: 0}") {
			t.Errorf("the answers:\n%s", body)
		}
		if strings.Contains(s.text(), "Naam van het veld") || strings.Contains(s.text(), "ingevuld zijn") {
			t.Errorf("what was said was asked:\n%s", s.text())
		}
	}
}

// TestGrowAsksAboutAStep, of which the place is asked as well.
func TestGrowAsksAboutAStep(t *testing.T) {
	t.Parallel()
	s, dir := growing(t, always, "add", "step")
	s.dialogue(
		"Wat gebeurt er in deze stap", "iemand kiest", "Hoe heet de stap", "Tweede lezer",
		"Na welke stap", "beoordelen", "Na welke uitkomst", "Toekennen",
		"Wie doet deze stap", "<", "Wat gebeurt er in deze stap", "", "Hoe heet de stap", "", "Na welke stap", "beoordelen", "Na welke uitkomst", "Toekennen",
		"Wie doet deze stap", "", "Uitleg bij de stap", "",
		"Welke uitkomsten", "Toevoegen", "Hoe heet de uitkomst", "Toch niet", "Naar welke stap", "Afgewezen", "Welke uitkomsten", "", "Binnen welke termijn", "drie dagen",
	)
	s.expect("Nieuwe stap na Aanvraag beoordelen: Tweede lezer")
	if found := growJargon.FindString(s.text()[:s.seen]); found != "" {
		t.Errorf("somebody had to read %q:\n%s", found, s.text())
	}
	s.answer("Doorgaan?", "")
	s.end(0)
	body := answersOf(t, dir)
	for _, part := range []string{
		"toekennen: tweede-lezer", "name: tweede-lezer, kind: decide, role: mobiliteit, title: Tweede lezer", "outcomes: {akkoord: toegekend, toch-niet: afgewezen}", "term: P3D",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the answers lack %q:\n%s", part, body)
		}
	}
}

// TestGrowAsksWhatComes when not even that is said.
func TestGrowAsksWhatComes(t *testing.T) {
	t.Parallel()
	s, dir := growing(t, always, "add")
	s.dialogue("Wat wilt u toevoegen", "rol", "Hoe heet de rol", "Netbeheerder", "Wie zijn dit", "ondernemer", "zonder inloggen", "")
	s.answer("Doorgaan?", "")
	s.end(0)
	if body := answersOf(t, dir); !strings.Contains(body, "{name: netbeheerder, title: Netbeheerder, audience: company}") {
		t.Errorf("the answers:\n%s", body)
	}
}

// TestGrowAsksForAnEnd, which gets a way out of its own.
func TestGrowAsksForAnEnd(t *testing.T) {
	t.Parallel()
	s, dir := growing(t, always, "add", "step", "Ingetrokken")
	s.dialogue("Wat gebeurt er in deze stap", "de zaak is klaar", "Na welke stap", "beoordelen", "Hoe heet de uitkomst", "Aanvrager trekt in", "Met welk resultaat", "")
	s.answer("Doorgaan?", "")
	s.end(0)
	if body := answersOf(t, dir); !strings.Contains(body, "aanvrager-trekt-in: ingetrokken") || !strings.Contains(body, "name: ingetrokken, kind: end, title: Ingetrokken, result: ingetrokken") {
		t.Errorf("the answers:\n%s", body)
	}
}

// TestGrowAsksAboutTheRest: a role, a source, an activity and something stored.
func TestGrowAsksAboutTheRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args, turns []string
		want        string
	}{
		"role": {[]string{"add", "role"}, []string{"Hoe heet de rol", "Netbeheerder", "Wie zijn dit", "medewerker"}, "{name: netbeheerder, title: Netbeheerder, audience: employee}"},
		"source": {[]string{"add", "source"}, []string{"Welke bron?", "BAG", "Wat vraagt u aan deze bron", "", "Welke gegevens", "", "Waarom is dit nodig", "Om te kijken waar de paal komt."},
			"Om te kijken waar de paal komt."},
		"activity": {[]string{"add", "activity"}, []string{"Hoe heet de verwerking", "Toezicht op palen", "Waarvoor worden", "Kijken of ze het doen", "grondslag", "", "wetsartikel", ""},
			"{name: toezicht-op-palen, title: Toezicht op palen, purpose: Kijken of ze het doen, basis: publieke taak}"},
		"entity": {[]string{"add", "entity", "Storing"}, []string{"meervoud?", "", "Kloppen de velden", "Toevoegen", "Naam van het veld", "Wat is er stuk?", "Wat voor gegeven", "lange tekst", "ingevuld zijn?", "ja", "Nog meer over", "", "Kloppen de velden", "", "Hoe lang", "een jaar", "Waar staat die termijn", ""},
			"{name: watIsErStuk, type: longtext, title: \"Wat is er stuk?\", required: true}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := growing(t, always, c.args...)
			s.dialogue(c.turns...)
			s.answer("Doorgaan?", "")
			s.end(0)
			if body := answersOf(t, dir); !strings.Contains(body, c.want) {
				t.Errorf("the answers lack %q:\n%s", c.want, body)
			}
		})
	}
}

// TestGrowAsksWhatIsRenamedOrGoes by what people call it.
func TestGrowAsksWhatIsRenamedOrGoes(t *testing.T) {
	t.Parallel()
	s, dir := growing(t, always, "rename")
	s.dialogue("Waar gaat het om", "stap van", "Welke wilt u wijzigen", "beoordelen", "Hoe heet de stap", "<", "Welke wilt u wijzigen", "beoordelen", "Hoe heet de stap", "Aanvraag toetsen")
	s.answer("Doorgaan?", "")
	s.end(0)
	body := answersOf(t, dir)
	if !strings.Contains(body, "name: aanvraag-toetsen, kind: decide, role: mobiliteit, title: Aanvraag toetsen") {
		t.Errorf("the answers:\n%s", body)
	}
	if moves, err := os.ReadFile(filepath.Join(dir, "4-proces", "overgang.yaml")); err != nil || !strings.Contains(string(moves), "beoordelen: aanvraag-toetsen") {
		t.Errorf("%v: %s", err, moves)
	}
	s = openSized(t, dir, 80, 24, always, nil, "remove", "step")
	s.dialogue("Welke wilt u verwijderen", "toetsen", "Waar gaan de zaken heen", "Toegekend", "Weg ermee: Aanvraag toetsen", "nee")
	s.end(130)
	if answersOf(t, dir) != body {
		t.Error("a removal that was not meant happened")
	}
	s = openSized(t, dir, 80, 24, always, nil, "remove", "step", "afgewezen")
	s.dialogue("Waar gaan de zaken heen", "Toegekend", "Weg ermee: Afgewezen", "nee")
	s.end(130)
	s = openSized(t, dir, 80, 24, always, nil, "remove", "field")
	s.dialogue("Waar hoort het veld bij", "Aanvraag", "Welke wilt u verwijderen", "Waar woont u", "Weg ermee: Waar woont u", "ja")
	s.expect("Zo kan het niet") // the other form asks nothing else
	s.end(2)
	if answersOf(t, dir) != body {
		t.Error("a removal that was refused happened")
	}
}

// TestGrowStopped at each moment changes nothing at all.
func TestGrowStopped(t *testing.T) {
	t.Parallel()
	for _, turns := range [][]string{
		{"Waar hoort het veld bij"},
		{"Waar hoort het veld bij", "Aanvraag", "Naam van het veld"},
		{"Waar hoort het veld bij", "Paal", "Naam van het veld", "Kleur", "Wat voor gegeven", "", "ingevuld zijn?", "", "Nog meer over", "", "Doorgaan?"},
	} {
		s, dir := growing(t, always, "add", "field")
		before := everything(t, dir)
		s.dialogue(turns[:len(turns)-1]...)
		s.expect(turns[len(turns)-1])
		time.Sleep(60 * time.Millisecond)
		s.send("\x03")
		s.expect("Er is niets veranderd")
		s.end(130)
		s.nothingChanged(dir, before)
	}
}

// TestGrowAsksNothingInVain: who cannot be helped hears that before the first
// question.
func TestGrowAsksNothingInVain(t *testing.T) {
	t.Parallel()
	_, dir := growing(t, always, "add", "--help")
	screens := filepath.Join(dir, "5-interactie", "schermen.go")
	body, err := os.ReadFile(screens)
	if err != nil {
		t.Fatal(err)
	}
	edited := bytes.ReplaceAll(body, []byte(`"Waar woont u?"`), []byte(`"Waar staat uw huis?"`))
	if err := os.WriteFile(screens, edited, 0o600); err != nil || bytes.Equal(body, edited) {
		t.Fatal("nothing was edited", err)
	}
	s := openSized(t, dir, 80, 24, always, nil, "rename", "field", "adres", "--title", "Uw adres")
	s.expect("fieldlab update --continue")
	s.end(1)
	s = openSized(t, dir, 80, 24, always, nil, "add", "field")
	s.expect("Een eerdere update is nog niet af")
	s.end(1)
	if strings.Contains(s.text(), "Waar hoort het veld bij") {
		t.Errorf("a question was asked in vain:\n%s", s.text())
	}
}
