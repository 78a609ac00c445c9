package serve

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestBrowser looks at the board and the page of a bundle in a real browser: on a
// beamer, on a laptop and on a phone. FIELDLAB_SHOTS names a folder for pictures.
func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	b, c := newBoard(t, 12, t.TempDir())
	for team := 1; team <= 10; team++ {
		from := fmt.Sprintf("192.168.1.%d", team)
		ask(b, "POST", "/api/v1/stand", from, report(team, fmt.Sprintf("stap%d", team), team%2 == 0, team%3 > 0, team == 4 || team == 9))
		if team == 2 {
			c.pass(25 * time.Minute)
		}
		c.pass(40 * time.Second)
	}
	ask(b, "POST", "/api/v1/stand", "192.168.1.11", `{"code":"TEAM11","step":"","checks":[],"running":true,"help":false}`)
	board := httptest.NewServer(b)
	defer board.Close()
	many, c2 := newBoard(t, 99, t.TempDir())
	for team := 1; team <= 95; team++ {
		ask(many, "POST", "/api/v1/stand", "192.168.1.1", report(team, fmt.Sprintf("stap%d", team%10+1), team%2 == 0, team%3 > 0, team%30 == 4))
		c2.pass(9 * time.Second)
	}
	crowd := httptest.NewServer(many)
	defer crowd.Close()
	bundle := httptest.NewServer(newShelf(t, somebundle(t, plainFiles())))
	defer bundle.Close()
	for name, v := range map[string]struct {
		address string
		width   int64
		text    string
	}{
		"bord": {board.URL, 1920, "Vraagt hulp"}, "bord-laptop": {board.URL, 1280, "Vraagt hulp"}, "bord-telefoon": {board.URL, 320, "Vraagt hulp"},
		"bord-100": {crowd.URL, 1920, "Stap 4 van 10"}, "bord-100-telefoon": {crowd.URL, 320, "Stap 4 van 10"},
		"bord-deel": {crowd.URL + "/?deel=2", 1920, "Deel 2 van"}, "meedoen": {board.URL + "/meedoen", 1280, "workshop join"}, "cursus": {board.URL + "/cursus/", 1280, "Overdragen"},
		"bundel": {bundle.URL, 1280, "bundle use"}, "bundel-telefoon": {bundle.URL, 320, "bundle use"},
	} {
		look(t, ctx, name, v.address, v.width, v.text)
	}
	// The trainer takes a request back, with the button.
	press := chromedp.Evaluate[any](`document.querySelector('form[action=hulp] button').click()`)
	if err := chromedp.Do(ctx, chromedp.Navigate(board.URL)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, press); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		b.mu.Lock()
		gone := b.teams[3].Help.IsZero()
		b.mu.Unlock()
		if gone {
			return
		}
	}
	t.Error("the button does not take the request back")
}

// look opens a page and holds what it can see of it against what must be.
func look(t *testing.T, ctx context.Context, name, address string, width int64, text string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 1080), chromedp.Navigate(address)); err != nil {
		t.Fatal(name, err)
	}
	eval := func(expression string) string {
		value, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
		if err != nil {
			t.Fatal(name, err)
		}
		return value
	}
	if got := eval("document.body.innerText"); !strings.Contains(got, text) {
		t.Errorf("%s lacks %q:\n%s", name, text, got)
	}
	if got := eval("String(document.documentElement.scrollWidth)"); got != fmt.Sprint(width) {
		t.Errorf("%s is %s wide on a screen of %d", name, got, width)
	}
	if got := eval("getComputedStyle(document.querySelector('.kop')).borderBottomWidth"); got != "6px" {
		t.Errorf("%s: the browser does not take its style (%s)", name, got)
	}
	if axe := os.Getenv("AXE"); axe != "" {
		source, err := os.ReadFile(axe)
		if err != nil {
			t.Fatal(err)
		}
		run := string(source) + `;axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target)).join('; '))`
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
		// That a board refreshes itself is what it is for, and can be switched off.
		found = strings.TrimPrefix(found, `meta-refresh meta[http-equiv="refresh"]`)
		if err != nil || found != "" {
			t.Errorf("%s: %s %v", name, found, err)
		}
	}
	if dir := os.Getenv("FIELDLAB_SHOTS"); dir != "" {
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// browser starts Chromium. Where there is none the test is skipped, but in
// continuous integration that is a failure.
func browser(t *testing.T) context.Context {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && found == "" {
			found = path
		}
	}
	if found == "" && os.Getenv("CI") != "" {
		t.Fatal("no Chromium on this machine")
	}
	if found == "" {
		t.Skip("no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.NoSandbox,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
