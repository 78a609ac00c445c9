package examples_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHolysloot asks the question with which Common Ground began, on the pages
// of the component: who lives at Dorpsstraat 34 in Holysloot? The BAG gives the
// key of the house, the BRP the people, and nothing is kept.
func TestHolysloot(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs a complete component")
	}
	dir := t.TempDir()
	v := visitor(t, dir, adresonderzoek(t))

	for name, c := range map[string]struct {
		number, letter, addition string
		shows, hides             []string
	}{
		"found": {number: "34",
			shows: []string{"Noor Anna van Toetsen", "Bram Proefstra", "Yara Proefstra", "maart 1985", "Let op: deze persoon heeft om geheimhouding gevraagd", "Mogelijke bewoners: Emir Keurmeester", "Let op: het adres van deze persoon is in onderzoek", "0363010000000034"},
			hides: []string{"999993653", "niets gevonden"}},
		"empty house":           {number: "40", shows: []string{"0363010000000040", "De bron heeft niets gevonden"}, hides: []string{"Bewoners"}},
		"unknown address":       {number: "99", shows: []string{"De bron heeft niets gevonden"}, hides: []string{"(BRP)", "Bewoners", "03630100"}},
		"two houses, the first": {number: "36", shows: []string{"Fenna Monsterhuis", "onbekend"}, hides: []string{"Otto"}},
		"with a letter":         {number: "36", letter: "A", shows: []string{"Otto Proefstra"}, hides: []string{"Fenna", "Klaas"}},
		"with an addition":      {number: "38", addition: "2", shows: []string{"Wietske Testema"}},
		"without the addition":  {number: "38", shows: []string{"De bron heeft niets gevonden"}, hides: []string{"Wietske"}},
	} {
		t.Run(name, func(t *testing.T) {
			page := v.ask(t, "1028BC", c.number, c.letter, c.addition)
			for _, want := range append(c.shows, "wordt getoond en niet bewaard") {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q:\n%s", want, page)
				}
			}
			for _, not := range c.hides {
				if strings.Contains(page, not) {
					t.Errorf("the page shows %q:\n%s", not, page)
				}
			}
		})
	}
	if kept := v.text(t, v.get(t, "/zaken")); !strings.Contains(kept, "ZAAK-") || strings.Contains(kept, "Noor") || strings.Contains(kept, "Dorpsstraat") {
		t.Errorf("the list of zaken:\n%s", kept)
	}
	data, err := filepath.Glob(filepath.Join(dir, ".data", "*"))
	if err != nil || len(data) == 0 {
		t.Fatalf("no database: %v", err)
	}
	for _, file := range data {
		raw, err := os.ReadFile(file)
		if info, wrong := os.Stat(file); wrong == nil && info.IsDir() {
			continue
		}
		if err != nil {
			t.Error(err)
		}
		for _, secret := range []string{"Noor Anna", "Keurmeester", "999993653", "1028BC"} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
}

// person is somebody with a browser that has no JavaScript.
type person struct {
	client *http.Client
	base   string
}

// visitor starts a component and logs in as its first persona.
func visitor(t *testing.T, dir, program string) *person {
	t.Helper()
	c := launch(t, dir, program, freePorts(t, 4), []int{0, 1, 2, 3}, nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &person{client: &http.Client{Jar: jar, Timeout: time.Minute}, base: c.url(0, "")}
	v.post(t, "/inloggen", url.Values{"persoon": {v.hidden(t, v.get(t, "/inloggen"), "persoon")}, "naar": {"/"}})
	return v
}

// ask puts the question and returns what the page after it says.
func (v *person) ask(t *testing.T, postcode, number, letter, addition string) string {
	t.Helper()
	key := v.hidden(t, v.get(t, "/starten"), "_sleutel")
	return v.text(t, v.post(t, "/starten", url.Values{
		"_sleutel": {key}, "postcode": {postcode}, "huisnummer": {number}, "huisletter": {letter}, "huisnummertoevoeging": {addition},
		"peildatum.dag": {"12"}, "peildatum.maand": {"1"}, "peildatum.jaar": {"2026"}, "reden": {"Terugmelding van een andere overheid"},
	}))
}

func (v *person) get(t *testing.T, path string) string {
	t.Helper()
	resp, err := v.client.Get(v.base + path)
	return v.read(t, resp, err)
}

func (v *person) post(t *testing.T, path string, form url.Values) string {
	t.Helper()
	resp, err := v.client.PostForm(v.base+path, form)
	return v.read(t, resp, err)
}

func (v *person) read(t *testing.T, resp *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v\n%.600s", resp.Request.URL.Path, resp.Status, err, raw)
	}
	return string(raw)
}

// hidden is the value of a control that a person does not type.
func (v *person) hidden(t *testing.T, page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no control %s on the page", name)
	}
	return html.UnescapeString(found[1])
}

var tag = regexp.MustCompile(`<[^>]*>`)

// text is what a person reads of the main part of a page.
func (v *person) text(t *testing.T, page string) string {
	t.Helper()
	_, main, found := strings.Cut(page, "<main")
	main, _, ended := strings.Cut(main, "</main>")
	if !found || !ended {
		t.Fatalf("no main part:\n%.600s", page)
	}
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString("<main"+main, " "))), " ")
}
