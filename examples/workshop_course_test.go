package examples_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var regexMoment = regexp.MustCompile(`om [0-9]{2}:[0-9]{2}`)

// different: what one team sees is not what another sees.
func (h *hall) different(t *testing.T) {
	b := newBrowser(t)
	seen := map[string]string{}
	for i := range 3 {
		team := h.Teams[i]
		b.address = fmt.Sprintf("http://localhost:%d", team.Port)
		b.open("/inloggen")
		if title := result(b, chromedp.Title()); !strings.HasSuffix(title, "("+team.Name+")") {
			t.Errorf("the component of %s has the title %q", team.Name, title)
		}
		sheet, err := os.ReadFile(filepath.Join(h.dir, "bladen", team.Folder+".html"))
		if err != nil {
			t.Fatal(err)
		}
		people := b.eval("[...document.querySelectorAll('main button strong, main button')].slice(0, 4).map(e => e.innerText.split('\\n')[0].replace(/BSN.*/, '').trim()).join('|')")
		for name := range strings.SplitSeq(people, "|") {
			if name == "" || !strings.Contains(string(sheet), name) {
				t.Errorf("%s can log in as %q, and the sheet does not say so", team.Name, name)
			}
		}
		colour := b.eval("getComputedStyle(document.documentElement).getPropertyValue('--kleur').trim()")
		if colour != team.Colour {
			t.Errorf("%s has the colour %s, and %s on its sheet", team.Name, colour, team.Colour)
		}
		b.login("Medewerker burgerzaken", 0)
		b.open("/taken")
		shot(t, fmt.Sprintf("taken-%d.png", i+1), result(b, chromedp.FullScreenshot(100)))
		b.press("main table tr a")
		task := regexMoment.ReplaceAllString(b.text(), "")
		for what, value := range map[string]string{"people": people, "colour": colour, "record to begin with": task} {
			if before, twice := seen[value]; twice {
				t.Errorf("%s has the same %s as %s: %s", team.Name, what, before, value)
			}
			seen[value] = team.Name
		}
		shot(t, fmt.Sprintf("taak-%d.png", i+1), result(b, chromedp.FullScreenshot(100)))
	}
	b.quiet()
}

// desk is the component of a team, with the browser that looks at it.
type desk struct {
	*hall
	t       *testing.T
	i       int
	b       *browser
	running map[int]func()
}

// course follows the course, with a mistake or half the work in each step first.
func (h *hall) course(t *testing.T, i int, running map[int]func()) {
	for _, step := range []struct {
		name string
		do   func(*desk)
	}{
		{"draaien", (*desk).run1}, {"lezen", (*desk).read}, {"tekst", (*desk).words}, {"veld", (*desk).field}, {"besluit", (*desk).decision},
		{"bron", (*desk).source}, {"logboek", (*desk).log}, {"storing", (*desk).outage}, {"fout", (*desk).fault}, {"controle", (*desk).spoken}, {"overdracht", (*desk).handOver},
	} {
		done := t.Run(step.name, func(t *testing.T) {
			c := &desk{hall: h, t: t, i: i, b: newBrowser(t), running: running}
			c.b.address = fmt.Sprintf("http://localhost:%d", h.Teams[i].Port)
			step.do(c)
		})
		if !done {
			t.FailNow()
		}
	}
}

// red: the check is not green, and says this.
func (c *desk) red(says ...string) {
	c.t.Helper()
	said := c.fieldlab(c.t, c.i, 1, "workshop", "check")
	for _, words := range says {
		if !strings.Contains(said, words) {
			c.t.Errorf("the check does not say %q:\n%s", words, said)
		}
	}
}

// green: the check becomes green; what a component logs comes a moment later.
func (c *desk) green(args ...string) {
	c.t.Helper()
	for range 60 {
		cmd := exec.Command(c.command, append([]string{"workshop", "check", "--json"}, args...)...)
		cmd.Dir = c.team(c.i)
		if out, err := cmd.Output(); err == nil {
			var said struct{ Done bool }
			if err := json.Unmarshal(out, &said); err != nil || !said.Done {
				c.t.Fatalf("%v: %s", err, out)
			}
			return
		}
		time.Sleep(2 * time.Second)
	}
	c.t.Fatal(c.fieldlab(c.t, c.i, 0, append([]string{"workshop", "check"}, args...)...))
}

func (c *desk) fl(args ...string) string { c.t.Helper(); return c.fieldlab(c.t, c.i, 0, args...) }

// edit puts one text in the place of another in a file.
func (c *desk) edit(name, from, to string) {
	c.t.Helper()
	file := filepath.Join(c.team(c.i), filepath.FromSlash(name))
	body, err := os.ReadFile(file)
	if err != nil || strings.Count(string(body), from) != 1 {
		c.t.Fatalf("%s has %d times %q, %v", name, strings.Count(string(body), from), from, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(body), from, to, 1)), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *desk) commit(message string) {
	c.t.Helper()
	for _, args := range [][]string{{"add", "--all"}, {"-c", "user.name=T", "-c", "user.email=t@x.test", "commit", "-q", "-m", message}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = c.team(c.i)
		if out, err := cmd.CombinedOutput(); err != nil {
			c.t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

func (c *desk) restart() {
	c.t.Helper()
	c.running[c.i]()
	c.running[c.i] = c.start(c.t, c.i)
	waitReady(c.t, c.Teams[c.i].Port)
}

// report hands in the form as the inwoner, with what goes in some fields.
func (c *desk) report(fields map[string]string) {
	c.t.Helper()
	c.b.login("Inwoner", 0)
	c.b.open("/starten")
	all := map[string]string{
		"verhuisdatum-dag": "1", "verhuisdatum-maand": "12", "verhuisdatum-jaar": "2026",
		"nieuwAdres-straat": "Dorpsstraat", "nieuwAdres-huisnummer": "34", "nieuwAdres-postcode": "1028BC", "nieuwAdres-woonplaats": "Holysloot",
		"aantalPersonen": "2",
	}
	for id, text := range fields {
		all[id] = text
	}
	for id, text := range all {
		c.b.do(chromedp.SendKeys(chromedp.ID("veld-"+id), text))
	}
	c.b.press("main form button[type=submit], main form button:not([type])")
}

// decide takes the last task as one of the employees, with an outcome.
func (c *desk) decide(employee int, outcome string) {
	c.t.Helper()
	c.b.login("Medewerker burgerzaken", employee)
	c.b.open("/taken")
	c.b.press("main table tr:last-child a")
	c.b.do(chromedp.Click(chromedp.CSS("main input[type=radio][value="+outcome+"]"), chromedp.NodeReady))
	c.b.press("main form[action$='/taak'] button[type=submit], main form[action$='/taak'] button:not([type])")
}

func (c *desk) run1() {
	c.red("nog geen regel “Zaak starten”")
	c.report(nil)
	time.Sleep(2 * time.Second)
	c.red("burgerzaken")
	c.decide(0, "akkoord")
	c.green()
}

func (c *desk) read() {
	if said := c.fieldlab(c.t, c.i, 1, "workshop", "check", "--answer", "fieldlab.yaml"); !strings.Contains(said, "klopt niet") {
		c.t.Error(said)
	}
	c.red()
	c.green("--answer", "proces.bpmn")
}

func (c *desk) words() {
	c.red("staat nog")
	c.edit("5-interactie/schermen.go", "burgerzaken controleert het adres in de BAG en verwerkt de aangifte in de BRP.", "wij regelen de rest.")
	c.red("Start het component opnieuw", "Git")
	c.commit("Startpagina in gewone taal")
	c.red("Start het component opnieuw")
	c.restart()
	c.green()
}

func (c *desk) field() {
	c.red("telefoon")
	c.fl("add", "field", "verhuizing", "telefon", "--type", "phone", "--title", "Telefoonnummer")
	c.commit("Telefoonnummer bij de aangifte")
	c.red("telefoon")
	c.fl("rename", "field", "verhuizing.telefon", "telefoon")
	c.red("Git")
	c.commit("Goede naam")
	c.red("Start het component opnieuw")
	c.restart()
	c.report(map[string]string{"telefoon": "geen"})
	if page := c.b.text(); !strings.Contains(page, "telefoonnummer") {
		c.t.Errorf("the form takes “geen” as a number:\n%s", page)
	}
	c.b.do(chromedp.SetValue(chromedp.ID("veld-telefoon"), "0612345678"))
	c.b.press("main form button[type=submit], main form button:not([type])")
	c.green()
}

func (c *desk) decision() {
	c.red("tweede-lezer")
	c.fl("add", "step", "Tweede lezer", "--kind", "decide", "--after", "beoordelen:akkoord", "--role", "burgerzaken", "--outcome", "goed=verwerken", "--outcome", "fout=beoordelen")
	c.red("Start het component opnieuw", "Git")
	c.commit("Tweede lezer na akkoord")
	c.restart()
	c.report(nil)
	c.decide(0, "akkoord")
	c.red("Tweede lezer")
	c.decide(1, "goed")
	c.green()
}

func (c *desk) source() {
	c.fl("add", "source", "brp-personen", "--reason", "De medewerker ziet of iemand echt verhuist.")
	c.red("verblijfplaats.verblijfadres.postcode niet")
	c.commit("BRP als bron")
	c.fl("remove", "source", "brp-personen")
	c.commit("BRP weg")
	c.fl("add", "source", "brp-personen", "--field", "verblijfplaats.verblijfadres.postcode", "--reason", "De medewerker ziet of iemand echt verhuist.")
	c.commit("BRP als bron")
	c.red("huidig-adres-opvragen")
	c.fl("add", "step", "Huidig adres opvragen", "--kind", "lookup", "--after", "aangifte", "--source", "brp-personen")
	c.commit("Huidig adres opvragen")
	c.red("Personen raadplegen")
	c.restart()
	c.report(nil)
	c.green()
}

func (c *desk) log() {
	c.red()
	c.b.login("Medewerker burgerzaken", 0)
	c.b.open("/taken")
	c.b.press("main table tr:last-child a")
	c.b.press("main a[href$='/gebruik']")
	c.fieldlab(c.t, c.i, 1, "workshop", "check", "--answer", "burgerzaken")
	c.green("--answer", "Inwoner")
}

// behave sets how the stand-in of the BAG behaves, on its page.
func (c *desk) behave(how string) {
	c.t.Helper()
	c.b.do(chromedp.Navigate(fmt.Sprintf("http://localhost:%d", c.Teams[c.i].Port+2)))
	c.b.eval(fmt.Sprintf(`(() => { const choice = document.getElementById('gedrag-bag-bevragen');
		choice.value = %q; choice.form.querySelector('button').id = 'this-one'; return choice.value })()`, how))
	c.b.press("#this-one")
}

func (c *desk) outage() {
	c.red()
	c.behave("storing")
	c.report(nil)
	time.Sleep(3 * time.Second)
	c.red("storing")
	c.behave("gewoon")
	c.green()
}

func (c *desk) fault() {
	c.red()
	put := filepath.Join(c.team(c.i), "docs", "los.md")
	if err := os.WriteFile(put, []byte("los\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.commit("Los blad")
	c.fl("workshop", "step", "fout", "--begin")
	c.red()
	c.edit("4-proces/verloop.go", `Huisletter:           d.Field("nieuwAdres", "huisnummertoevoeging"),`, `Huisletter:           d.Field("nieuwAdres", "huisletter"),`)
	c.commit("Hersteld")
	c.restart()
	c.report(map[string]string{"nieuwAdres-huisletter": "A"})
	c.green()
}

func (c *desk) spoken() {
	c.red()
	c.fl("workshop", "step", "controle", "--begin")
	c.red()
	const rule = "layer-source-address"
	if said := c.fieldlab(c.t, c.i, 1, "check", "--rule", rule); !strings.Contains(said, "5-interactie/schermen.go") {
		c.t.Errorf("the check does not name the file:\n%s", said)
	}
	c.edit("5-interactie/schermen.go", "// bagAddress is where the page of the form can look an address up by itself.\nconst bagAddress = \"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen\"\n\n", "")
	c.fl("check", "--rule", rule)
	c.fl("check", "--proof", "--fail-on", "never")
	c.commit("Wat de controle zei")
	c.green("--answer", "schermen.go")
}

func (c *desk) handOver() {
	c.red("docs/overdracht.md", "CHANGELOG.md")
	c.edit("docs/overdracht.md", "Communicatieadviseur of ontwerper", "Communicatieadviseur of ontwerper; Bo vraagt het na")
	c.edit("CHANGELOG.md", "## Nog niet uitgebracht\n", "## Nog niet uitgebracht\n\nDe startpagina zegt wat u hier kunt doen.\n")
	c.red("Git")
	c.commit("Overdracht")
	c.green()
}
