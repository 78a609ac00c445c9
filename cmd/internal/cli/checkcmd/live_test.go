package checkcmd

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// TestLive: what a running API does wrongly stands in the result, with what a folder
// shows or alone, and what the team accepted does not fail.
func TestLive(t *testing.T) {
	t.Parallel()
	const token = "een-token-voor-de-proef"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if own := r.Header.Get("Authorization"); own != "" && own != "Bearer "+token {
			t.Errorf("the token is %q", own)
		}
		_, _ = io.WriteString(w, "hallo")
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	accepted := "version: 1\nexceptions:\n  - {rule: adr-publish-openapi-live, reason: komt in januari, until: 2026-12-31}\n"
	if err := os.WriteFile(filepath.Join(dir, "fieldlab-check.yaml"), []byte(accepted), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args  []string
		fails bool
		says  string
	}{
		"alone":    {[]string{"--url", server.URL + "/v1", "--rule", "adr-publish-openapi-live"}, true, "de draaiende API"},
		"accepted": {[]string{dir, "--url", server.URL + "/v1", "--rule", "adr-publish-openapi-live"}, false, "1"},
		"another":  {[]string{dir, "--url", server.URL + "/v1", "--rule", "adr-not-found-live"}, true, "adr-not-found-live"},
		"unasked":  {[]string{dir, "--rule", "adr-not-found-live"}, false, ""},
	} {
		var out bytes.Buffer
		d := evolve.Deps{
			IO: &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &out}, Text: text.Load(text.Dutch), Version: "1.2.3",
			Env: func(name string) string { return map[string]string{tokenName: token}[name] },
			Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) },
		}
		cmd := New(d, nil)
		cmd.SetArgs(c.args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		err := cmd.ExecuteContext(t.Context())
		if fails := errors.As(err, new(failure.Shortfall)); fails != c.fails || err != nil && !fails {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		if !strings.Contains(out.String(), c.says) || strings.Contains(out.String(), token) {
			t.Errorf("%s says\n%s", name, out.String())
		}
	}
}

// TestNotLive: an address that is none is a mistake of the command line, as is a day that
// is over.
func TestNotLive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no address": {[]string{"--url", "api.test/v1"}, "--url api.test/v1 is geen adres"},
		"nobody":     {[]string{"--url", "http://127.0.0.1:1/v1"}, "antwoordt niets"},
		"in clear":   {[]string{"--url", "http://api.test/v1"}, "zonder TLS"},
		"past":       {[]string{"--accept", "x", "--until", "2026-11-29"}, "al voorbij"},
		"no folder":  {[]string{"--proof", "--url", "https://api.test/v1"}, "horen bij een map"},
	} {
		d := evolve.Deps{
			IO: &terminal.IO{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, Text: text.Load(text.Dutch),
			Env: func(string) string { return "x" }, Now: time.Now,
		}
		cmd := New(d, nil)
		cmd.SetArgs(c.args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		var usage failure.Usage
		if err := cmd.ExecuteContext(t.Context()); !errors.As(err, &usage) || !strings.Contains(usage.Text, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReportThroughLink: a folder of the repository that is a link to elsewhere gets no
// report in it.
func TestReportThroughLink(t *testing.T) {
	above := t.TempDir()
	dir, out := filepath.Join(above, "repo"), filepath.Join(above, "out")
	for _, folder := range []string{dir, out} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../out", filepath.Join(dir, "docs")); err != nil {
		t.Skip("no links here: ", err)
	}
	t.Chdir(dir)
	for _, args := range [][]string{{"--report", "html=docs/x.html"}, {"--report", "json=docs/deep/x.json"}, {"--proof"}} {
		d := evolve.Deps{
			IO: &terminal.IO{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, Text: text.Load(text.Dutch),
			Env: func(string) string { return "" }, Now: time.Now,
		}
		cmd := New(d, nil)
		cmd.SetArgs(args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); !errors.As(err, new(failure.Shortfall)) {
			t.Errorf("%q: %v", args, err)
		}
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) > 0 {
		t.Errorf("written outside: %v %v", entries, err)
	}
}
