package paginas

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// section is the part of a page that shows the answers, without its indents.
func section(t *testing.T, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<section class="bron">`)
	all, _, end := strings.Cut(rest, "</section>")
	if !ok || !end {
		t.Fatalf("no answers on\n%s", page)
	}
	return strings.TrimSpace(regexp.MustCompile(`\s*\n\s*`).ReplaceAllString(all, "\n"))
}

// task is the page of a step with these answers of the sources.
func (b *browser) task(answers ...answer) string {
	b.t.Helper()
	b.layer4.respond["POST /v1/zaken/"+testZaak+"/bevragingen"] = answerJSON(map[string]any{"antwoorden": answers})
	status, page := b.get("/zaken/" + testZaak + "/taak")
	if status != http.StatusOK {
		b.t.Fatal(status, page)
	}
	return page
}

func TestWhatChangesTheMeaningStandsFirst(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	got := section(t, b.task(answered(t, "adressen", `{"adressen":[{"huisnummer":36,"postcode":"1028BC","inOnderzoek":true,"opmerking":"<b>let op</b>"},{"huisnummer":"38","postcode":"1028BC"},{}]}`,
		`[{"plaats":"/adressen/0","soort":"waarschuwing","veld":"inOnderzoek","tekst":"Dit <adres> is in onderzoek"},
		  {"plaats":"/adressen/1","soort":"verschil","veld":"huisnummer","tekst":"Gevraagd is huisnummer 36."},
		  {"plaats":"/elders","soort":"waarschuwing","veld":"","tekst":"De bron loopt achter"}]`)))
	want := `<h3>Opzoeken</h3>
<p>Bron: Bron</p>
<p><strong>Let op: hieronder staat 1 waarschuwing en is 1 keer iets anders gevonden dan gevraagd.</strong> <a href="#antwoord-1-2">Ga naar de eerste</a>.</p>
<div class="melding let-op">
<h4>Let op: de bron loopt achter</h4>
</div>
<p>De bron vond 3 resultaten.</p>
<div class="gevonden" id="antwoord-1-2">
<h4>Huisnummer 36, 1028 BC</h4>
<div class="melding let-op">
<h5>Let op: dit &lt;adres&gt; is in onderzoek</h5>
</div>
<dl class="gegevens">
<div><dt>Huisnummer</dt><dd>36</dd></div>
<div><dt>Opmerking</dt><dd>&lt;b&gt;let op&lt;/b&gt;</dd></div>
<div><dt>Postcode</dt><dd>1028 BC</dd></div>
</dl>
</div>
<div class="gevonden" id="antwoord-1-3">
<h4>Huisnummer 38, 1028 BC</h4>
<div class="melding let-op">
<h5>Gevonden is iets anders dan gevraagd</h5>
<p class="tekst">Gevraagd is huisnummer 36.</p>
</div>
<dl class="gegevens">
<div><dt>Huisnummer</dt><dd>38</dd></div>
<div><dt>Postcode</dt><dd>1028 BC</dd></div>
</dl>
</div>
<div class="gevonden" id="antwoord-1-4">
<h4>Resultaat 3 van 3</h4>
<p>De bron vond dit, maar gaf geen van de gegevens die hier nodig zijn.</p>
</div>
<p>Dit antwoord wordt getoond en niet bewaard.</p>`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatIsNotThereIsSaid(t *testing.T) {
	b := newBrowser(t, nil)
	b.login("balie")
	page := b.task(answer{Step: "Adres zoeken", Title: "BAG", Hint: "De nabootsing vindt iets bij 1028BC <34>."})
	wants(t, page, "De bron heeft niets gevonden bij de vraag ‘Adres zoeken’.", "<strong>Alleen op deze laptop:</strong> de nabootsing vindt iets bij 1028BC &lt;34&gt;.")
	if page = b.task(answer{Step: "Adres zoeken"}); strings.Contains(page, "laptop") {
		t.Error("a laptop is named without a hint")
	}
	page = b.task(answer{Step: "Adres zoeken", Title: "BAG", Activity: "Doel", Unasked: true})
	wants(t, page, "De vraag ‘Adres zoeken’ is niet aan de bron gesteld")
	if strings.Contains(page, "niets gevonden") || strings.Contains(page, "Het is gevraagd voor") {
		t.Errorf("what nobody asked is shown as asked:\n%s", section(t, page))
	}
	const bare = "maar gaf geen van de gegevens die hier nodig zijn"
	for _, a := range []answer{{Found: true}, {Found: true, Data: map[string]any{}}, {Found: true, List: "personen", Data: map[string]any{"personen": []any{}}}, {Found: true, List: "personen", Count: 1, Data: map[string]any{"personen": []any{map[string]any{}}}}, {Found: true, Data: []any{}}} {
		if page = b.task(a); strings.Count(page, bare) != 1 || strings.Contains(page, "niets gevonden") {
			t.Errorf("%+v gives\n%s", a, section(t, page))
		}
	}
	items := make([]any, 50)
	for i := range items {
		items[i] = map[string]any{"naam": "x"}
	}
	wants(t, b.task(answer{Found: true, List: "personen", Count: 100_000, Data: map[string]any{"personen": items}}), "De bron vond 100.000 resultaten; hier staan de eerste 50.", "<h4>x (50 van 50)</h4>")
}

// Whatever a source says, the page says every warning, and nothing of the source
// becomes HTML.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"a":[{"b":true,"c":{"code":"x"}},[1,[{}]]]}`, "a", "/a/0", "b", "let <op>")
	f.Add(`[{"datum":{"type":"JaarDatum","jaar":1990}}]`, "", "/0/datum", "jaar", "x")
	f.Add(`{"a.b":{"":{"~/":1}}}`, "a.b", "/a.b//~0~1", "", "\u202e")
	f.Add(`"<script>"`, "_embedded", "~", ".", "")
	f.Add(`null`, "..", "//", "a..b", "Let op")
	pages, err := templates(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data, list, place, field, text string) {
		var a answer
		if json.Unmarshal([]byte(`{"gegevens":`+data+`}`), &a) != nil {
			return
		}
		a.Found, a.List, a.Step, a.Title, a.Activity = true, list, text, text, text
		for _, kind := range []string{noteWarning, noteDiffers, text} {
			a.Notes = append(a.Notes, note{Place: place, Kind: kind, Field: field, Text: text + kind})
		}
		a.Fields = append(a.Fields, answerField{field, text, false}, answerField{text, field, true})
		var b strings.Builder
		if err := pages["taak"].ExecuteTemplate(&b, "antwoorden", []answer{a}); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, n := range a.Notes {
			want := strings.TrimSpace(value.Shown(strings.TrimSpace(n.Text)))
			if rest := html.UnescapeString(page); !strings.Contains(strings.ToLower(rest), strings.ToLower(strings.ToValidUTF8(want, "\ufffd"))) {
				t.Errorf("%q is not on\n%s", want, page)
			}
		}
		for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1) {
			if !knownTag.MatchString(tag) {
				t.Errorf("the source made %s", tag)
			}
		}
	})
}

var knownTag = regexp.MustCompile(`^</?(h[3-6]|p|strong|section|div|dl|dt|dd|a)(( class="(bron|melding|melding let-op|gegevens|gevonden|tekst)")?( id="antwoord-1-\d+")?( href="#antwoord-1-\d+")?)>$`)
