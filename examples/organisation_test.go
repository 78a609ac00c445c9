package examples_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// ofDuinstad is what names the municipality for which the example was made.
var ofDuinstad = []string{"duinstad", "00000099000000001000"}

// ofVeenrade is what names the second one.
var ofVeenrade = []string{"veenrade", "00000099000000002000"}

// TestOneProgramServesTwoMunicipalities runs one program twice, side by side, with
// a file for each municipality: people go through a zaak that is refused, and then
// everything that the second one says, on every page, in every API and in its log
// of processing, is searched for the first.
func TestOneProgramServesTwoMunicipalities(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs a complete component")
	}
	program := verhuizingProgram(t)
	settings, err := filepath.Abs("testdata/gemeenten")
	if err != nil {
		t.Fatal(err)
	}
	veenrade := municipality(t, program, filepath.Join(settings, "veenrade.yaml"))
	duinstad := municipality(t, program, filepath.Join(settings, "duinstad.yaml"))

	for _, c := range []struct {
		*served
		name, oin, mail, site, contact, remedy, activity, mine string
		not                                                    []string
	}{
		{veenrade, "Gemeente Veenrade", "00000099000000002000", "publiekszaken@veenrade.test", "https://verhuizen-api.veenrade.test/v1", "https://www.veenrade.test/kwetsbaarheid-melden", "het college van burgemeester en wethouders van Veenrade", "https://register.veenrade.test/verwerkingen/7", "Verhuizen in Veenrade", ofDuinstad},
		{duinstad, "Gemeente Duinstad", "00000099000000001000", "burgerzaken@duinstad.test", "https://api.duinstad.test/verhuizing/v1", "mailto:cert@duinstad.test", "de burgemeester van Duinstad", "urn:uuid:", "Verhuizing doorgeven", ofVeenrade},
	} {
		decision := c.answers["/zaken/decision"]
		for where, want := range map[string]string{
			"/":                                  c.mine,
			"/toegankelijkheid":                  c.name,
			"/zaken/decision":                    c.remedy,
			"2/v1/zaken":                         `"verantwoordelijkeOrganisatie":"` + c.oin + `"`,
			"2/v1/openapi.json":                  c.site,
			"4/v1/openapi.json":                  c.mail,
			"2/.well-known/security.txt":         "Contact: " + c.contact + "\n",
			"4/.well-known/security.txt":         "Contact: mailto:" + c.mail + "\n",
			"5/.well-known/security.txt":         "Canonical: https://verhuizen.",
			"log of processing":                  `"service.namespace","value":{"stringValue":"` + c.name + `"}`,
			"log of processing, of an activity":  c.activity,
			"what the program said at its start": "Voor (ORGANISATIE): " + c.name + ", OIN " + c.oin,
		} {
			key, _, _ := strings.Cut(where, ", of")
			if !strings.Contains(c.answers[key], want) {
				t.Errorf("%s: %s does not hold %q:\n%.3000s", c.name, where, want, c.answers[key])
			}
		}
		if !strings.Contains(decision, "Bent u het niet eens met dit besluit?") || !strings.Contains(decision, "binnen 6 weken") {
			t.Errorf("%s: under the decision stands\n%s", c.name, decision)
		}
		if len(c.answers) < 40 {
			t.Errorf("%s: only %d answers were read", c.name, len(c.answers))
		}
		for where, body := range c.answers {
			for _, other := range c.not {
				if i := strings.Index(strings.ToLower(body), other); i >= 0 {
					t.Errorf("%s: %s names %q: …%s…", c.name, where, other, body[max(0, i-80):min(len(body), i+80)])
				}
			}
		}
	}
	if strings.Contains(duinstad.answers["/"], "logo.svg") || !strings.Contains(veenrade.answers["/"], `<img class="logo" src="/logo.svg" alt="Gemeente Veenrade">`) {
		t.Error("the logo is not on the pages of the second one alone")
	}
	if !strings.Contains(veenrade.answers["/starten"], "Wanneer verhuist u?") || !strings.Contains(veenrade.answers["/stijl.css"], "#00695c") || !strings.Contains(veenrade.answers["/proces"], "Uw verhuizing") || strings.Contains(veenrade.answers["/proces"], "Aangifte doen") {
		t.Error("the second one does not have its own texts and colour")
	}
	if body := get2(t, duinstad.c.url(0, "/logo.svg"), http.StatusNotFound); strings.Contains(body, "<svg") {
		t.Error("the first one has a logo")
	}
}

// served is a program that runs for one municipality, with all that it said.
type served struct {
	c       *component
	t       *testing.T
	answers map[string]string
}

func municipality(t *testing.T, program, file string) *served {
	t.Helper()
	dir := t.TempDir()
	s := &served{t: t, answers: map[string]string{}, c: launch(t, dir, program, freePorts(t, 4), []int{0, 1, 2, 3}, nil, "ORGANISATIE="+file)}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.c.log.String())
		}
	})
	applicant, handler := s.login(0), s.login(1)
	s.refuse(applicant, handler)
	s.crawl("applicant", applicant)
	s.crawl("handler", handler)
	s.crawl("", s.browser())
	s.apis()
	s.processing(dir)
	s.answers["what the program said at its start"] = s.c.log.String()
	return s
}

func (s *served) browser() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &person{client: &http.Client{Jar: jar, Timeout: time.Minute}, base: s.c.url(0, "")}
}

// login is a browser of the first persona of a role.
func (s *served) login(role int) *person {
	s.t.Helper()
	v := s.browser()
	page := v.get(s.t, "/inloggen")
	section := strings.Split(page, "<h2>")[role+1]
	v.post(s.t, "/inloggen", url.Values{"persoon": {v.hidden(s.t, section, "persoon")}, "naar": {"/"}})
	return v
}

// refuse takes a zaak from its form to a refusal.
func (s *served) refuse(applicant, handler *person) {
	s.t.Helper()
	form := applicant.get(s.t, "/starten")
	done := applicant.post(s.t, "/starten", url.Values{
		"_sleutel": {applicant.hidden(s.t, form, "_sleutel")}, "_vast": {"bsn"},
		"verhuisdatum.dag": {"1"}, "verhuisdatum.maand": {"12"}, "verhuisdatum.jaar": {"2026"},
		"nieuwAdres.straat": {"Weg"}, "nieuwAdres.woonplaats": {"Dorp"}, "nieuwAdres.postcode": {"9999ZZ"}, "nieuwAdres.huisnummer": {"1"}, "aantalPersonen": {"2"}, "inwoning": {"nee"},
	})
	found := regexp.MustCompile(`href="(/zaken/[0-9a-f-]{36})"`).FindStringSubmatch(done)
	if found == nil {
		s.t.Fatalf("no zaak was made:\n%s", done)
	}
	at := found[1]
	if open := applicant.get(s.t, at); strings.Contains(open, "niet eens met dit besluit") {
		s.t.Error("remedies stand under a zaak that is not decided")
	}
	task := handler.get(s.t, at+"/taak")
	fields := url.Values{"toelichting": {"Het adres ligt elders."}}
	for _, name := range []string{"_sleutel", "_versie", "_stap"} {
		fields.Set(name, handler.hidden(s.t, task, name))
	}
	chosen := regexp.MustCompile(`name="([a-z_]+)" value="afwijzen"`).FindStringSubmatch(task)
	if chosen == nil {
		s.t.Fatalf("nothing to refuse:\n%s", task)
	}
	fields.Set(chosen[1], "afwijzen")
	handler.post(s.t, at+"/taak", fields)
	s.answers["/zaken/decision"] = applicant.get(s.t, at)
}

var (
	linked = regexp.MustCompile(`(?:href|src|action)="(/[^"]*)"`)
	number = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// crawl reads every page that can be reached, and what pages show.
func (s *served) crawl(who string, v *person) {
	s.t.Helper()
	seen := map[string]bool{}
	todo := []string{"/", "/volgen", "/starten", "/inloggen", "/archief", "/inzage", "/bestaat-niet", "/zaken/00000000-0000-4000-8000-000000000000", "/proces.bpmn"}
	if who != "" {
		todo = append(todo, "/taken", "/zaken")
	}
	for len(todo) > 0 && len(seen) < 300 {
		at := strings.Split(html.UnescapeString(todo[0]), "#")[0]
		todo = todo[1:]
		if seen[at] || at == "/uitloggen" || strings.HasPrefix(at, "/inloggen?") {
			continue
		}
		seen[at] = true
		body, header := s.answer(v.client, v.base+at)
		key := at
		if _, taken := s.answers[key]; taken {
			key = who + " " + at
		}
		headers, _ := json.Marshal(header)
		s.answers[key] = body + "\n" + string(headers)
		for _, found := range linked.FindAllStringSubmatch(body, -1) {
			todo = append(todo, found[1])
		}
	}
}

// apis reads what layers 2 and 4 answer to whoever asks.
func (s *served) apis() {
	s.t.Helper()
	for layer, paths := range map[int][]string{
		3: {"/", "/v1/openapi.json", "/.well-known/security.txt", "/v1/zaken", "/v1/verhuizingen", "/v1/verwerkingen?zaak=00000000-0000-4000-8000-000000000000", "/v1/niets", "/v1/zaken?page=x", "/healthz/ready"},
		1: {"/", "/v1/openapi.json", "/.well-known/security.txt", "/v1/proces", "/v1/proces/bpmn", "/v1/zaken", "/v1/taken", "/v1/niets", "/healthz/ready"},
		0: {"/.well-known/security.txt", "/healthz/ready"},
	} {
		name := map[int]string{3: "2", 1: "4", 0: "5"}[layer]
		for _, path := range paths {
			body, _ := s.answer(http.DefaultClient, s.c.url(layer, path))
			s.answers[name+path] = body
			if path != "/v1/zaken" || layer != 3 {
				continue
			}
			for _, id := range slices.Compact(number.FindAllString(body, -1)) {
				s.answers[name+"/v1/zaken/"+id], _ = s.answer(http.DefaultClient, s.c.url(layer, "/v1/zaken/"+id))
			}
		}
	}
}

// answer is what a client gets of an address, whatever its status.
func (s *served) answer(client *http.Client, address string) (string, http.Header) {
	s.t.Helper()
	resp, err := client.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(raw), resp.Header
}

// processing waits for the lines of the log of processing.
func (s *served) processing(dir string) {
	s.t.Helper()
	for range 100 {
		raw, err := os.ReadFile(filepath.Join(dir, ".data", "verhuizing-logboek.jsonl"))
		if err == nil && strings.Contains(string(raw), "beoordelen") {
			s.answers["log of processing"] = string(raw)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Error("the log of processing has no line of the decision")
}

// get2 is a page with a status.
func get2(t *testing.T, address string, want int) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		t.Errorf("%s: %s %v", address, resp.Status, err)
	}
	return string(raw)
}
