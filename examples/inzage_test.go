package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// giveInzage gives the employees of a generated verhuizing the right of inzage,
// the way a team does.
func giveInzage(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "4-proces", "rollen.go")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), `"inzage"`) {
		return
	}
	const title = `Title: "Medewerker burgerzaken"`
	changed := strings.Replace(string(raw), title, title+`, Rights: []string{"inzage"}`, 1)
	if changed == string(raw) {
		t.Fatalf("%s is not in %s", title, file)
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

// inzage searches the person of a zaak, looks who looked, puts the zaak right and
// restricts it. It gives the addresses of the pages.
func (b *browser) inzage(zaak string) []string {
	b.t.Helper()
	const submit = "main form button[type=submit]"
	b.open("/")
	b.press("main a[href='/inzage']")
	b.press(submit)
	b.look("a search with mistakes")
	b.do(chromedp.SendKeys(chromedp.ID("veld-nummer"), "999993653"))
	b.eval("document.getElementById('veld-doel').value = 'inzage'; 'ok'")
	b.press(submit)
	b.look("what is known of a person")
	found := b.eval("location.pathname")
	if page := b.text(); !strings.Contains(page, "999993653") || !strings.Contains(page, "Aanvrager") || strings.Contains(b.eval("location.href"), "999993653") {
		b.t.Errorf("the search finds\n%s", page)
	}
	b.press("main a[href$='/gebruik']")
	b.look("who looked")
	if page := b.text(); !strings.Contains(page, "(Medewerker burgerzaken)") || !strings.Contains(page, "Zaak bekijken") {
		b.t.Errorf("the page does not say who looked:\n%s", page)
	}
	b.open(zaak)
	b.press("main a[href$='/rechten']")
	b.look("the rights of a person")
	b.do(chromedp.SendKeys(chromedp.ID("bezwaar-reden"), "brief van 1 maart"))
	b.press("main form:has(#bezwaar-reden) button")
	b.look("an objection")
	b.press("main a[href$='/correctie']")
	b.look("a correction")
	b.do(chromedp.SendKeys(chromedp.ID("veld-_reden"), "verkeerd overgenomen"))
	b.press(submit)
	if page := b.text(); !strings.Contains(page, "niets veranderd") {
		b.t.Errorf("a correction of nothing says\n%s", page)
	}
	b.do(chromedp.SendKeys(chromedp.ID("veld-toelichting"), "Verbeterd: "))
	b.press(submit)
	b.look("after the correction")
	if page := b.text(); !strings.Contains(page, "Gegevens verbeterd: toelichting") || !strings.Contains(page, `Verbeterd: 70% <b>"zeker"</b>`) || !strings.Contains(page, "AVG artikel 21") {
		b.t.Errorf("the zaak after the correction:\n%s", page)
	}
	return []string{"/inzage", found, found + "/gebruik", zaak + "/rechten", zaak + "/correctie"}
}
