package organisatie

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// made is what the examples of this file are held against.
var made = Known{
	Name: "Gemeente Duinstad", OIN: "00000099000000001000", ServicesBase: "/v1", ProcessBase: "/v1",
	Steps: []string{"aangifte", "beoordelen", "afgewezen"}, Fields: []string{"bsn", "verhuisdatum"},
	Results: []string{"toegekend", "afgewezen"}, Activities: []string{"aangifte-verhuizing"},
}

func whole(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/veenrade.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestReadTakesTheWholeFile(t *testing.T) {
	o, faults := Read("testdata/veenrade.yaml", made)
	if len(faults) > 0 {
		t.Fatalf("nothing is wrong: %q", faults)
	}
	if !o.Another || o.Name != "Gemeente Veenrade" || o.OIN != "00000099000000002000" || o.Contact.Email != "publiekszaken@veenrade.test" || o.Colour != "#00695c" {
		t.Errorf("%+v", o)
	}
	if o.Addresses.Site != "https://verhuizen.veenrade.test" || o.Logo == nil || o.Logo.Address != "/logo.svg" || o.Remedies.Term != "6 weken" {
		t.Errorf("%+v %+v %+v", o.Addresses, o.Logo, o.Remedies)
	}
	if o.Texts.Step("aangifte").Title != "Uw verhuizing" || o.Texts.Field("verhuisdatum").Title != "Wanneer verhuist u?" || !strings.Contains(o.Texts.Pages["home"], "Bel gerust") || o.Activities["aangifte-verhuizing"].URI == "" {
		t.Errorf("%+v", o.Texts)
	}
	if o.Remedies.Under("afgewezen") == nil || o.Remedies.Under("toegekend") != nil || o.Remedies.Under("") != nil || (*Remedies)(nil).Under("afgewezen") != nil {
		t.Error("the remedies stand under another result")
	}
}

// TestEachMistakeIsSaidWithItsLine changes one thing in a file that is good.
func TestEachMistakeIsSaidWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ was, now, want string }{
		"unknown key":           {"website:", "wepsite:", "regel 3, wepsite: deze sleutel is er niet; bedoelt u website?"},
		"unknown key within":    {"  email:", "  emial:", "regel 6, contact.emial: deze sleutel is er niet; bedoelt u email?"},
		"a key twice":           {"website:", "naam: Ook\nwebsite:", "regel 3, naam: staat er twee keer"},
		"an OIN as a number":    {`"00000099000000002000"`, "00000099000000002000", "regel 2, oin: dit moet tekst zijn; zet er aanhalingstekens om"},
		"an OIN too short":      {"00000099000000002000", "0000009900000000", "regel 2, oin: een OIN bestaat uit 20 cijfers"},
		"an OIN of nobody":      {"00000099000000002000", "12345678901234567890", "regel 2, oin: een OIN bestaat uit 20 cijfers en begint met zes nullen"},
		"the OIN of the first":  {"00000099000000002000", "00000099000000001000", "regel 2, oin: dit is het OIN van Gemeente Duinstad"},
		"the name of the first": {"naam: Gemeente Veenrade", "naam: Gemeente Duinstad", "regel 1, naam: dit is de naam die bij een ander OIN hoort"},
		"no name":               {"naam: Gemeente Veenrade\n", "", "naam: ontbreekt: dit OIN is van een andere organisatie dan Gemeente Duinstad"},
		"no OIN":                {"oin: \"00000099000000002000\"\n", "", "oin: ontbreekt"},
		"http":                  {"https://www.veenrade.test\n", "http://www.veenrade.test\n", "regel 3, website: dit is geen adres als https://"},
		"a script as address":   {"https://www.veenrade.test/contact", "javascript:alert(1)", "contact.url: dit is geen adres"},
		"a password in it":      {"https://www.veenrade.test/contact", "https://wie:wat@www.veenrade.test/", "contact.url: dit is geen adres"},
		"no mail":               {"publiekszaken@veenrade.test", "publiekszaken", "contact.email: dit is geen e-mailadres"},
		"two mails":             {"publiekszaken@veenrade.test", "\"a@veenrade.test\\nBcc: b@veenrade.test\"", "contact.email: dit is geen e-mailadres"},
		"too light":             {`"#00695C"`, `"#ffd700"`, "regel 8, kleur: het contrast met wit is 1,4 op 1 en moet minstens 4,5 op 1 zijn"},
		"just too light":        {`"#00695C"`, `"#777777"`, "kleur: het contrast met wit is 4,4 op 1"},
		"a comment as colour":   {`"#00695C"`, `#00695C`, "regel 8, kleur: dit moet tekst zijn"},
		"a colour as style":     {`"#00695C"`, `"#000; } body { display: none"`, "kleur: schrijf een kleur als"},
		"no such logo":          {"logo.svg", "logo.jpg", "regel 10, logo.bestand: is er niet, of is geen gewoon bestand in deze map; neem een SVG of PNG"},
		"a logo elsewhere":      {"logo.svg", "../organisatie.go", "logo.bestand: is er niet"},
		"a logo that is none":   {"logo.svg", "veenrade.yaml", "logo.bestand: dit is geen PNG en geen SVG"},
		"no text with it":       {"  tekst: Gemeente Veenrade\n", "", "logo.tekst: ontbreekt"},
		"a site below a path":   {"https://verhuizen.veenrade.test/", "https://www.veenrade.test/verhuizen", "adressen.site: de pagina's staan op zichzelf"},
		"an API without v1":     {"https://verhuizen-api.veenrade.test/v1", "https://api.veenrade.test/", "adressen.diensten: het adres van deze API eindigt op /v1"},
		"a result of nobody":    {"[afgewezen]", "[afgewesen]", "rechtsmiddelen.resultaten[0]: met dit resultaat eindigt geen zaak; bedoelt u afgewezen?"},
		"results that are none": {"[afgewezen]", "afgewezen", "rechtsmiddelen.resultaten: hier hoort een lijst te staan"},
		"another remedy":        {"soort: bezwaar", "soort: klacht", "rechtsmiddelen.soort: kies bezwaar of beroep"},
		"a term in words":       {"P6W", "zes weken", "rechtsmiddelen.termijn: schrijf de termijn als P6W"},
		"a term of nothing":     {"P6W", "P0D", "rechtsmiddelen.termijn"},
		"both texts":            {"  soort:", "  tekst: Ga in bezwaar.\n  soort:", "rechtsmiddelen.soort: staat al in tekst"},
		"a step of nobody":      {"    aangifte:", "    aangite:", "teksten.stappen.aangite: deze stap is er niet; bedoelt u aangifte?"},
		"a question of nobody":  {"    verhuisdatum:", "    geboortedatum:", "teksten.velden.geboortedatum: deze vraag is er niet; kies uit bsn, verhuisdatum"},
		"a page of nobody":      {"    home: |", "    hom: |", "teksten.paginas.hom: deze pagina is er niet; bedoelt u home?"},
		"an activity of nobody": {"  aangifte-verhuizing:", "  aangifte:", "activiteiten.aangifte: deze verwerkingsactiviteit is er niet"},
		"an activity over http": {"https://register.", "http://register.", "activiteiten.aangifte-verhuizing: dit is geen URI"},
		"a script as activity":  {"https://register.veenrade.test/", "javascript:alert(1)//", "activiteiten.aangifte-verhuizing: dit is geen URI"},
		"a title of two lines":  {"Verhuizen in Veenrade", `"een\ntwee"`, "teksten.titel: dit hoort op één regel"},
		"unseen signs":          {"Verhuizen in Veenrade", `"Ver\u202ehuizen"`, "teksten.titel: hier staan tekens in die niemand ziet"},
		"nothing":               {"Verhuizen in Veenrade", `"\u200b"`, "teksten.titel: hier staat niets"},
		"a list for a text":     {"Verhuizen in Veenrade", "[a]", "teksten.titel: hier hoort één tekst te staan"},
		"a text for an object":  {"contact:\n  naam: Team Publiekszaken\n  email: publiekszaken@veenrade.test\n  url: https://www.veenrade.test/contact", "contact: iemand", "contact: hier horen sleutels onder te staan"},
		"a reference":           {"naam: Gemeente Veenrade\n", "naam: &n Gemeente Veenrade\nwebsite: *n\n", "website: een verwijzing (*) kan hier niet"},
		"a merge":               {"website:", "<<: {naam: x}\nwebsite:", "<<: deze sleutel is er niet"},
		"no YAML":               {"website:", "\twebsite", "regel 3: dit is geen YAML"},
		"two documents":         {"website:", "---\nwebsite:", "er staat meer dan één document in"},
	} {
		text := strings.Replace(whole(t), c.was, c.now, 1)
		if text == whole(t) {
			t.Errorf("%s: nothing changed", name)
		}
		_, faults := parse("veenrade.yaml", []byte(text), made, beside)
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, "veenrade.yaml") && strings.Contains(f, c.want) }) {
			t.Errorf("%s: %q, want %q", name, faults, c.want)
		}
	}
	if _, faults := parse("leeg.yaml", nil, made, beside); len(faults) != 1 || !strings.Contains(faults[0], "er staat niets in") {
		t.Errorf("an empty file: %q", faults)
	}
}

func beside(name string, most int64) ([]byte, error) {
	root, err := os.OpenRoot("testdata")
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return readSome(root, name, most)
}

func TestAllMistakesAtOnce(t *testing.T) {
	text := strings.NewReplacer("https://", "http://", "bezwaar\n", "klacht\n", "P6W", "zes", "logo.svg", "weg.svg").Replace(whole(t))
	if _, faults := parse("x.yaml", []byte(text), made, beside); len(faults) < 11 {
		t.Errorf("%d faults: %q", len(faults), faults)
	}
}

// TestTheFirstMunicipalityMayAddToWhatItHas: what it does not say stays.
func TestTheFirstMunicipalityMayAddToWhatItHas(t *testing.T) {
	for _, text := range []string{
		"kleur: '#003366'\n", "naam: Gemeente Duinstad\n", "naam: Gemeente Duinstad\noin: '00000099000000001000'\n",
		"rechtsmiddelen:\n  resultaten: [toegekend, afgewezen]\n  tekst: Ga in beroep bij de rechtbank.\n",
	} {
		if o, faults := parse("x.yaml", []byte(text), made, beside); len(faults) > 0 || o.Another {
			t.Errorf("%q: %v %q", text, o.Another, faults)
		}
	}
	// An OIN that the component did not have yet does not make it another's.
	young := made
	young.OIN = ""
	if o, faults := parse("x.yaml", []byte("oin: '00000099000000001000'\n"), young, beside); len(faults) > 0 || o.Another {
		t.Errorf("%v %q", o.Another, faults)
	}
}

// TestReadFollowsHowKubernetesMounts: a ConfigMap is a folder of links to a folder
// with a date, which is a link as well.
func TestReadFollowsHowKubernetesMounts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right on Windows")
	}
	dir := t.TempDir()
	real := filepath.Join(dir, "..2026_11_30")
	if err := os.Mkdir(real, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"veenrade.yaml", "logo.svg"} {
		raw, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(real, file), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("..data", file), filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("..2026_11_30", filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	if _, faults := Read(filepath.Join(dir, "veenrade.yaml"), made); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
	// A link that leads out of the folder is not followed.
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "x.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, faults := Read(filepath.Join(dir, "x.yaml"), made); len(faults) != 1 || !strings.Contains(faults[0], "geen gewoon bestand in deze map") {
		t.Errorf("%q", faults)
	}
	if _, faults := Read(filepath.Join(dir, "er", "niet.yaml"), made); len(faults) != 1 {
		t.Errorf("%q", faults)
	}
	if _, faults := Read(dir, made); len(faults) != 1 { // a folder
		t.Errorf("%q", faults)
	}
	if err := os.WriteFile(filepath.Join(dir, "groot.yaml"), make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, faults := Read(filepath.Join(dir, "groot.yaml"), made); len(faults) != 1 || !strings.Contains(faults[0], "is groter dan") {
		t.Errorf("%q", faults)
	}
}

// FuzzParse: whatever stands in the file, there is no panic, each fault is a line
// for people, and what comes out without faults can be shown as it is.
// TestFaultsAreFitForAScreen: not endlessly many, and none that commands a terminal.
func TestFaultsAreFitForAScreen(t *testing.T) {
	for name, text := range map[string]string{
		"many":     strings.Repeat("naam: x\n", 10_000),
		"escape":   "\"a\\e[2J\": c\n",
		"bidi":     "\"a\\u202eb\": c\n",
		"in a row": "teksten: {velden: {\"\\e]0;x\\a\": {titel: x}}}\n",
	} {
		_, faults := parse("x.yaml", []byte(text), made, beside)
		if len(faults) == 0 || len(faults) > maxFaults+1 {
			t.Errorf("%s: %d faults", name, len(faults))
		}
		for _, fault := range faults {
			if strings.ContainsAny(fault, "\n\r\x1b\a\u202e") {
				t.Errorf("%s: %q", name, fault)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole(f))
	for _, text := range []string{"", "naam: [", "a: &a [*a]", "naam: {}\ncontact: []\n", "<<: *x", "? {a: b}\n: c\n", "naam: !!binary aGk=\n", "--- a\n--- b\n", "rechtsmiddelen: {resultaten: [[]]}", "teksten: {stappen: {aangifte: x}}", "\ufeffnaam: x", "naam: !<tag:x> y", "kleur: '#ffffff'"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		begin := time.Now()
		o, faults := parse("x.yaml", []byte(text), made, beside)
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%s", took)
		}
		for _, fault := range faults {
			if !strings.HasPrefix(fault, "x.yaml") || len(fault) > 2000 || strings.ContainsAny(fault, "\n\r\x1b") {
				t.Errorf("%q", fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		if o.Another && (o.Name == "" || o.OIN == "" || o.Contact.Name == "") {
			t.Errorf("another without a name: %+v", o)
		}
		for _, address := range []string{o.Website, o.Contact.URL, o.Addresses.Site, o.Addresses.Services, o.Addresses.Process, o.Security.Policy} {
			if address != "" && !strings.HasPrefix(address, "https://") {
				t.Errorf("address %q", address)
			}
		}
		if o.Colour != "" && (len(o.Colour) != 7 || contrast(o.Colour) < readable) {
			t.Errorf("colour %q", o.Colour)
		}
	})
}
