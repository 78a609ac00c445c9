package verdict_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
)

// TestPageInABrowser looks at the page of a steering group on a telephone and on a
// screen, and on paper: what is in the HTML does not show widths, contrast and what
// the browser refuses. AXE names axe.min.js of axe-core; FIELDLAB_SHOTS a folder for
// pictures.
func TestPageInABrowser(t *testing.T) {
	ctx := browser(t)
	dir := t.TempDir()
	several, one := write(t, verdict.HTML, text.Dutch, results()...), write(t, verdict.HTML, text.English, clean())
	for name, page := range map[string]string{"several": several, "one": one, "ten": write(t, verdict.HTML, text.Dutch, teams()...)} {
		path := filepath.Join(dir, name+".html")
		if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{320, 1280} {
			lookWith(t, ctx, fmt.Sprintf("%s-%d", name, width), "file://"+path, width)
		}
	}
}

func lookWith(t *testing.T, ctx context.Context, name, address string, width int64) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 1000), chromedp.Navigate(address)); err != nil {
		t.Fatal(name, err)
	}
	eval := func(expression string) string {
		value, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(name, err)
		}
		return value
	}
	if got := eval("String(document.documentElement.scrollWidth)"); got != fmt.Sprint(width) {
		t.Errorf("%s is %s wide on a screen of %d", name, got, width)
	}
	if got := eval("getComputedStyle(document.querySelector('.repository > h2')).borderTopWidth"); got != "4px" {
		t.Errorf("%s: the browser does not take its style (%s)", name, got)
	}
	if got := eval("performance.getEntriesByType('resource').map(r => r.name).join(' ')"); got != "" {
		t.Errorf("%s asks for %s", name, got)
	}
	if got := eval("[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX == 'hidden').map(e => e.tagName).join(' ')"); got != "" {
		t.Errorf("%s hides a part of %s", name, got)
	}
	if axe := os.Getenv("AXE"); axe != "" {
		source, err := os.ReadFile(axe)
		if err != nil {
			t.Fatal(err)
		}
		found := eval(string(source) + `;axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target)).join('; '))`)
		if found != "" {
			t.Errorf("%s: %s", name, found)
		}
	}
	if dir := os.Getenv("FIELDLAB_SHOTS"); dir != "" {
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
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
	if found == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium on this machine")
		}
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
