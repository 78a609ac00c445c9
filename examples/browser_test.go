package examples_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestBrowser handles a zaak of the example verhuizing in a real browser, as
// inwoner and as medewerker: what the tests of a component cannot see, such as
// focus, the content security policy, the width of a phone and, when AXE names
// axe.min.js of axe-core, the rules of WCAG 2.2 AA.
func TestBrowser(t *testing.T) {
	needShell(t)
	b := newBrowser(t)
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	giveInzage(t, dir)
	base := freePorts(t, 4)
	defer startShell(t, dir, "go run .", base)()
	waitReady(t, base)
	b.address = fmt.Sprintf("http://127.0.0.1:%d", base)

	b.open("/")
	b.look("home")
	b.login("Inwoner", 0)
	b.open("/starten")
	b.press("main form button[type=submit], main form button:not([type])")
	b.look("a form with mistakes")
	if title := result(b, chromedp.Title()); !strings.HasPrefix(title, "Fout: ") {
		t.Errorf("the title of a form with mistakes is %q", title)
	}
	if focused := b.eval("document.activeElement.textContent"); !strings.Contains(focused, "fouten") {
		t.Errorf("the focus is on %q and not on the list of mistakes", focused)
	}
	for id, text := range map[string]string{
		"verhuisdatum-dag": "1", "verhuisdatum-maand": "12", "verhuisdatum-jaar": "2026",
		"nieuwAdres-straat": "Dorpsstraat", "nieuwAdres-huisnummer": "34", "nieuwAdres-postcode": "1028BC", "nieuwAdres-woonplaats": "Holysloot",
		"aantalPersonen": "2", "toelichting": `70% <b>"zeker"</b>`,
	} {
		b.do(chromedp.SendKeys(chromedp.ID("veld-"+id), text))
	}
	b.press("main form button[type=submit], main form button:not([type])")
	b.look("confirmation")
	b.open("/zaken")
	b.press("main table a")
	b.look("zaak")
	if page := b.text(); !strings.Contains(page, `70% <b>"zeker"</b>`) {
		t.Errorf("what was typed does not come back as it was:\n%s", page)
	}
	zaak := b.eval("location.pathname")
	b.press("main a[href$='/gebruik']")
	b.openDetails()
	b.look("use of data")
	if page := b.text(); !strings.Contains(page, "Door uzelf") || !strings.Contains(page, "Bijhouden van het adres") || strings.Contains(page, "70%") {
		t.Errorf("the page does not say who used what for which purpose, or says too much:\n%s", page)
	}

	b.press("form[action='/uitloggen'] button")
	b.login("Medewerker burgerzaken", 0)
	b.open("/taken")
	b.look("tasks")
	b.press("main table tr:last-child a")
	b.look("task")
	if page := b.text(); !strings.Contains(page, "Holysloot") || !strings.Contains(page, "niet bewaard") {
		t.Errorf("the task does not show the answer of the source:\n%s", page)
	}
	b.do(chromedp.Click(chromedp.CSS("main input[type=radio][value=akkoord]"), chromedp.NodeReady))
	b.press("main form[action$='/taak'] button[type=submit], main form[action$='/taak'] button:not([type])")
	b.look("after the decision")
	b.open("/proces")
	b.open("/verwerkingsactiviteiten")
	b.look("process")
	narrow := append(b.inzage(zaak), "/", "/taken", "/zaken", "/proces", "/verwerkingsactiviteiten", zaak+"/gebruik")
	b.do(chromedp.EmulateViewport(320, 800))
	for _, path := range narrow {
		b.open(path)
		b.openDetails()
		b.look(path + " on a phone")
		if width := b.eval("String(document.documentElement.scrollWidth)"); width != "320" {
			t.Errorf("%s is %s wide on a screen of 320", path, width)
		}
	}
	b.quiet()
}

// browser is a tab of a headless Chromium.
type browser struct {
	t       *testing.T
	ctx     context.Context
	address string
	axe     string // source of axe-core; "" leaves its rules out
	console chan string
}

// newBrowser starts Chromium. Where there is none the test is skipped, but in
// continuous integration that is a failure.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && found == "" {
			found = path
		}
	}
	if found == "" {
		missing(t, "no Chromium on this machine")
	}
	b := &browser{t: t, console: make(chan string, 100)}
	if file := os.Getenv("AXE"); file != "" {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.axe = string(source)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.NoSandbox,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	messages := chromedp.Console(ctx)
	b.do(chromedp.EmulateViewport(1100, 900))
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			b.console <- message.String()
		}
	}()
	return b
}

// missing skips a test, or fails it in continuous integration.
func missing(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// result runs an action that gives a value.
func result[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

func (b *browser) eval(expression string) string {
	b.t.Helper()
	return result(b, chromedp.Evaluate[string](expression))
}

func (b *browser) text() string { return b.eval("document.querySelector('main').innerText") }

func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.address + path))
}

// press clicks what leads to another page and waits for that page.
func (b *browser) press(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("%s: %v\n%s", selector, err, b.text())
	}
}

// login picks the persona with that number in the list of a role.
func (b *browser) login(role string, number int) {
	b.t.Helper()
	b.open("/inloggen")
	mark := fmt.Sprintf(`(() => { const list = [...document.querySelectorAll('main h2, main h3')].find(h => h.textContent.includes(%q));
		let e = list; do { e = e.nextElementSibling } while (e && !e.querySelector('button'));
		e.querySelectorAll('button')[%d].id = 'this-one'; return 'ok' })()`, role, number)
	b.eval(mark)
	b.press("#this-one")
}

// openDetails unfolds what the page folds, by the keyboard: a summary that has
// no focus opens nothing.
func (b *browser) openDetails() {
	b.t.Helper()
	count := b.eval("String(document.querySelectorAll('main details').length)")
	for i := 0; fmt.Sprint(i) != count; i++ {
		b.eval(fmt.Sprintf("document.querySelectorAll('main details > summary')[%d].focus(); 'ok'", i))
		b.do(chromedp.SendKeys(chromedp.CSS("main details > summary:focus"), "\r"))
	}
	if closed := b.eval("String(document.querySelectorAll('main details:not([open])').length)"); closed != "0" {
		b.t.Errorf("%s folded parts of the page do not open with the keyboard", closed)
	}
}

// look holds the page against the rules of axe-core, when those are at hand.
func (b *browser) look(page string) {
	b.t.Helper()
	if b.axe == "" {
		return
	}
	found := result(b, chromedp.Evaluate[[]string](b.axe+`;axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})
		.then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))`, chromedp.EvalAwaitPromise))
	for _, violation := range found {
		b.t.Errorf("%s: %s", page, violation)
	}
}

// quiet fails for every message on the console: a blocked style, a missing
// file, an error.
func (b *browser) quiet() {
	b.t.Helper()
	for {
		select {
		case message := <-b.console:
			// A form with mistakes answers 422, which the console mentions.
			if !strings.Contains(message, "422") {
				b.t.Error(errors.New("console: " + message))
			}
		default:
			return
		}
	}
}
