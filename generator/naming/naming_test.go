package naming

import (
	"errors"
	"go/build"
	"go/token"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestOf(t *testing.T) {
	for _, want := range []Names{
		{"nieuwAdres", "NieuwAdres", "nieuwAdres", "nieuw_adres", "nieuwAdres", "nieuw-adres", "nieuw_adres"},
		{"Verhuizing", "Verhuizing", "verhuizing", "verhuizing", "verhuizing", "verhuizing", "verhuizing"},
		{"'s-Hertogenbosch", "SHertogenbosch", "sHertogenbosch", "s_hertogenbosch", "sHertogenbosch", "s-hertogenbosch", "s_hertogenbosch"},
		{"Geëvalueerd (ja/nee)", "GeevalueerdJaNee", "geevalueerdJaNee", "geevalueerd_ja_nee", "geevalueerdJaNee", "geevalueerd-ja-nee", "geevalueerd_ja_nee"},
		{"70 procent verkocht", "N70ProcentVerkocht", "n70ProcentVerkocht", "n70_procent_verkocht", "n70ProcentVerkocht", "n70-procent-verkocht", "n70_procent_verkocht"},
		{"70% verkocht?", "N70ProcentVerkocht", "n70ProcentVerkocht", "n70_procent_verkocht", "n70ProcentVerkocht", "n70-procent-verkocht", "n70_procent_verkocht"},
		{"type", "Type", "typeValue", "type", "type", "type", "type"},
		{"select", "Select", "selectValue", "select_", "select", "select", "select"},
		{"bsn", "BSN", "bsn", "bsn", "bsn", "bsn", "bsn"},
		{"rdw", "RDW", "rdw", "rdw", "rdw", "rdw", "rdw"},
		{"bag-id", "BAGID", "bagID", "bag_id", "bagId", "bag-id", "bag_id"},
		{"BAGObject", "BAGObject", "bagObject", "bag_object", "bagObject", "bag-object", "bag_object"},
		{"foto's", "Fotos", "fotos", "fotos", "fotos", "fotos", "fotos"},
		{"D66’er", "D66er", "d66er", "d66er", "d66er", "d66er", "d66er"},
		{"artikel 2 lid 3", "Artikel2Lid3", "artikel2Lid3", "artikel_2_lid_3", "artikel2Lid3", "artikel-2-lid-3", "artikel_2_lid_3"},
		{"con", "Con", "con", "con", "con", "con-naam", "con_"},
		{"kerncijfers test", "KerncijfersTest", "kerncijfersTest", "kerncijfers_test", "kerncijfersTest", "kerncijfers-test", "kerncijfers_test_"},
		{"server linux", "ServerLinux", "serverLinux", "server_linux", "serverLinux", "server-linux", "server_linux_"},
		{"sqlite master", "SqliteMaster", "sqliteMaster", "nsqlite_master", "sqliteMaster", "sqlite-master", "sqlite_master"},
		{"Straße Øst", "StrasseOst", "strasseOst", "strasse_ost", "strasseOst", "strasse-ost", "strasse_ost"},
		{"Київ", "Kiiv", "kiiv", "kiiv", "kiiv", "kiiv", "kiiv"},
		{"文", "U6587", "u6587", "u6587", "u6587", "u6587", "u6587"},
		{"oppervlakte (m²)", "OppervlakteM2", "oppervlakteM2", "oppervlakte_m2", "oppervlakteM2", "oppervlakte-m2", "oppervlakte_m2"},
		{"ctid", "Ctid", "ctid", "ctid_", "ctid", "ctid", "ctid"},
	} {
		got, err := Of(want.Raw)
		if err != nil || got != want {
			t.Errorf("Of(%q)\n got %+v, %v\nwant %+v", want.Raw, got, err, want)
		}
	}
}

func TestOfRefusesNamesWithoutLetters(t *testing.T) {
	for _, raw := range []string{"", " ", "🎉🎉", "--", "'", "?!", "\xff"} {
		if names, err := Of(raw); !errors.Is(err, ErrUnusable) {
			t.Errorf("Of(%q) = %+v, %v", raw, names, err)
		}
	}
}

func TestLongNamesStayApart(t *testing.T) {
	long := strings.Repeat("zeer lange naam ", 20)
	a, _ := Of(long + "een")
	b, _ := Of(long + "twee")
	if a.SQL == b.SQL || a.JSON == b.JSON || len(a.SQL) > 63 {
		t.Errorf("%q and %q", a.SQL, b.SQL)
	}
	if again, _ := Of(long + "een"); again != a {
		t.Error("the same name twice gives two results")
	}
}

var (
	jsonName = regexp.MustCompile(`^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$`)
	kebab    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	snake    = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*_?$`)
)

// checkLegal holds names against the rules of each language.
func checkLegal(t *testing.T, n Names) {
	t.Helper()
	if !token.IsIdentifier(n.Go) || !token.IsExported(n.Go) || reservedExported[n.Go] {
		t.Errorf("%q: Go %q", n.Raw, n.Go)
	}
	if !token.IsIdentifier(n.Var) || token.IsExported(n.Var) || reservedGo[n.Var] {
		t.Errorf("%q: Var %q", n.Raw, n.Var)
	}
	if !snake.MatchString(n.SQL) || len(n.SQL) > 63 || reservedSQL[n.SQL] || strings.HasPrefix(n.SQL, "sqlite_") {
		t.Errorf("%q: SQL %q", n.Raw, n.SQL)
	}
	if !jsonName.MatchString(n.JSON) {
		t.Errorf("%q: JSON %q", n.Raw, n.JSON)
	}
	if !kebab.MatchString(n.Path) || len(n.Path) > 63 || reservedFile[n.Path] {
		t.Errorf("%q: Path %q", n.Raw, n.Path)
	}
	if !snake.MatchString(n.File) || len(n.File) > 64 || reservedFile[n.File] {
		t.Errorf("%q: File %q", n.Raw, n.File)
	}
}

// TestFilesAreNeverLeftOutOfABuild asks go/build itself, on two systems that
// differ in everything.
func TestFilesAreNeverLeftOutOfABuild(t *testing.T) {
	for word := range goSuffix {
		for _, raw := range []string{word, "bron " + word, "linux " + word, word + " amd64"} {
			names, err := Of(raw)
			if err != nil {
				t.Fatal(err)
			}
			for _, system := range [][2]string{{"plan9", "386"}, {"zos", "s390x"}} {
				for _, file := range []string{names.File + ".go", "bron_" + names.File + ".go"} {
					if !inBuild(t, file, system) || strings.HasSuffix(file, "_test.go") {
						t.Errorf("%s is left out on %v", file, system)
					}
				}
			}
		}
	}
}

func inBuild(t *testing.T, file string, system [2]string) bool {
	t.Helper()
	context := build.Default
	context.GOOS, context.GOARCH = system[0], system[1]
	context.OpenFile = nil
	context.JoinPath = func(elem ...string) string { return elem[len(elem)-1] }
	context.OpenFile = openNothing
	ok, err := context.MatchFile("", file)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func FuzzOf(f *testing.F) {
	for _, raw := range []string{"nieuwAdres", "'s-Hertogenbosch", "70% verkocht?", "type", "文字", "ĳ", "\xff\xfe", "a'b'c", "ſ", "sqlite", "İstanbul", "ǅ"} {
		f.Add(raw, raw+"s")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		na, err := Of(a)
		if err != nil {
			return
		}
		checkLegal(t, na)
		if again, _ := Of(a); again != na {
			t.Errorf("Of(%q) differs from itself", a)
		}
		var scope Scope
		if _, err := scope.Add(a); err != nil {
			t.Fatal(err)
		}
		nb, err := scope.Add(b)
		if err != nil {
			return
		}
		if na.Go == nb.Go || na.Var == nb.Var || strings.EqualFold(na.SQL, nb.SQL) || na.JSON == nb.JSON ||
			strings.EqualFold(na.Path, nb.Path) || strings.EqualFold(na.File, nb.File) {
			t.Errorf("the scope lets %+v live beside %+v", na, nb)
		}
	})
}

func FuzzTitlePlural(f *testing.F) {
	for _, raw := range []string{"zaak", "nieuwAdres", "'s-Hertogenbosch", "é", "İ", "ij", "BSN", "aanvraag (van) x"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		title, plural := Title(raw), Plural(raw)
		if utf8.ValidString(raw) && (!utf8.ValidString(title) || !utf8.ValidString(plural)) {
			t.Errorf("%q: %q, %q", raw, title, plural)
		}
	})
}

func TestScope(t *testing.T) {
	var scope Scope
	scope.Reserve("id", "versie")
	for _, raw := range []string{"nieuwAdres", "verhuisdatum"} {
		if _, err := scope.Add(raw); err != nil {
			t.Errorf("Add(%q): %v", raw, err)
		}
	}
	for _, c := range []struct {
		raw, earlier string
		reserved     bool
	}{
		{"Nieuw adres", "nieuwAdres", false},
		{"NIEUW-ADRES", "nieuwAdres", false},
		{"nieuw_ádres", "nieuwAdres", false},
		{"verhuisdatum", "verhuisdatum", false},
		{"ID", "id", true},
		{"Versie!", "versie", true},
	} {
		var collision *Collision
		if _, err := scope.Add(c.raw); !errors.As(err, &collision) || collision.Earlier != c.earlier || collision.Reserved != c.reserved {
			t.Errorf("Add(%q): %v", c.raw, err)
		}
	}
	if _, err := scope.Add("🎉"); !errors.Is(err, ErrUnusable) {
		t.Errorf("an emoji: %v", err)
	}
}

func TestTitle(t *testing.T) {
	for raw, want := range map[string]string{
		"nieuwAdres":           "Nieuw adres",
		"verhuisdatum":         "Verhuisdatum",
		"adres-controleren":    "Adres controleren",
		"aantal_personen":      "Aantal personen",
		"'s-Hertogenbosch":     "'s-Hertogenbosch",
		"Noord-Brabant":        "Noord-Brabant",
		"bsn":                  "BSN",
		"bag-id":               "BAG ID",
		"BAGObject":            "BAG object",
		"ijsbaan":              "IJsbaan",
		"geëvalueerd":          "Geëvalueerd",
		"Geëvalueerd (ja/nee)": "Geëvalueerd (ja/nee)",
		"70 procent verkocht":  "70 procent verkocht",
		"  twee   spaties ":    "Twee spaties",
		"":                     "",
	} {
		if got := Title(raw); got != want {
			t.Errorf("Title(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for _, pair := range strings.Split(strings.TrimSpace(plurals), "\n") {
		raw, want, _ := strings.Cut(strings.TrimSpace(pair), " → ")
		if got := Plural(raw); got != want {
			t.Errorf("Plural(%q) = %q, want %q", raw, got, want)
		}
	}
}

const plurals = `
	verhuizing → verhuizingen
	zaak → zaken
	taak → taken
	melding → meldingen
	vergunning → vergunningen
	aanvraag → aanvragen
	Aanvraag om bijstand → Aanvragen om bijstand
	aanvraag bijstand → aanvraag bijstanden
	gemeente → gemeenten
	adres → adressen
	woonadres → woonadressen
	inwoner → inwoners
	medewerker → medewerkers
	burger → burgers
	boer → boeren
	brief → brieven
	bedrijf → bedrijven
	bewijs → bewijzen
	huis → huizen
	bus → bussen
	plan → plannen
	bestemmingsplan → bestemmingsplannen
	lijst → lijsten
	wijk → wijken
	straat → straten
	woonplaats → woonplaatsen
	factuur → facturen
	perceel → percelen
	besluit → besluiten
	status → statussen
	organisatie → organisaties
	locatie → locaties
	categorie → categorieën
	idee → ideeën
	foto → foto's
	auto → auto's
	baby → baby's
	café → cafés
	kenteken → kentekens
	voertuig → voertuigen
	boom → bomen
	persoon → personen
	dossier → dossiers
	formulier → formulieren
	document → documenten
	contract → contracten
	object → objecten
	project → projecten
	stad → steden
	kind → kinderen
	raadslid → raadsleden
	mogelijkheid → mogelijkheden
	activiteit → activiteiten
	partij → partijen
	gebouw → gebouwen
	sector → sectoren
	eigenaar → eigenaren
	station → stations
	systeem → systemen
	nummer → nummers
	titel → titels
	artikel → artikelen
	rekening → rekeningen
	team → teams
	bureau → bureaus
	mens → mensen
	evenement → evenementen
	subsidie → subsidies
	klacht → klachten
	bericht → berichten
	nieuwAdres → nieuwAdressen
	BSN → BSN's
	gegevens → gegevens
	werf → werven
	standaard → standaarden
	tarief → tarieven
	parkeerplaats → parkeerplaatsen
	datum → datums
	school → scholen
	route → routes
	Geëvalueerd (ja/nee) → Geëvalueerden (ja/nee)
	container → containers
	regel → regels
	vraag → vragen
	antwoord → antwoorden
	afspraak → afspraken
	hond → honden
	kraam → kramen
	pakket → pakketten
	toets → toetsen
	woning → woningen
	bijlage → bijlagen
	ontheffing → ontheffingen
	uitkering → uitkeringen
`
