package logboek

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestAnswersOfALogbook(t *testing.T) {
	const fine, refused, later = "taken", "refused", "later"
	for _, c := range []struct {
		status     int
		body, want string
		after      string
	}{
		{200, `{}`, fine, ""},
		{200, ``, fine, ""},
		{202, ``, fine, ""},
		{200, `{"partialSuccess":{}}`, fine, ""},
		{200, `{"partialSuccess":{"rejectedSpans":"0","errorMessage":"een waarschuwing"}}`, fine, ""},
		{200, `{"partialSuccess":{"rejectedSpans":"2"}}`, refused, ""},
		{200, `{"partialSuccess":{"rejectedSpans":2}}`, refused, ""},
		{200, `<html>Log in</html>`, later, ""},
		{302, ``, later, ""},
		{400, `geheim`, refused, ""},
		{413, ``, refused, ""},
		{422, ``, refused, ""},
		{401, `geheim`, later, ""},
		{404, ``, later, ""},
		{429, ``, later, "7"},
		{500, ``, later, ""},
		{503, ``, later, "99999999"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/traces" || r.Header.Get("Authorization") != "Bearer een-token" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %v", r.URL.Path, r.Header)
			}
			if c.status == 302 {
				w.Header().Set("Location", "/elders")
			}
			w.Header().Set("Retry-After", c.after)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}))
		to, err := NewServer(server.URL+"/", "een-token", nil)
		if err != nil {
			t.Fatal(err)
		}
		err = to.Deliver(t.Context(), []byte(`{}`))
		got := later
		if err == nil {
			got = fine
		} else if errors.Is(err, ErrRefused) {
			got = refused
		}
		if got != c.want || err != nil && (strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "een-token")) {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
		wait, _ := errors.AsType[*LaterError](err)
		if (c.after != "") != (wait != nil) || wait != nil && (wait.After < 7*time.Second || wait.After > time.Hour) {
			t.Errorf("%+v: %+v", c, wait)
		}
		server.Close()
		if err := to.Deliver(t.Context(), []byte(`{}`)); err == nil || errors.Is(err, ErrRefused) {
			t.Errorf("a logbook that is away: %v", err)
		}
	}
}

func TestFileInDevelopment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map", "dingen-logboek.jsonl")
	to := NewFile(path, 1000)
	for _, line := range []string{`{"a":1}`, `{"a":2}`} {
		if err := to.Deliver(t.Context(), []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil || string(raw) != "{\"a\":1}\n{\"a\":2}\n" {
		t.Errorf("%q, %v", raw, err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := NewFile(t.TempDir(), 1000).Deliver(t.Context(), nil); err == nil {
		t.Error("a folder is not a file")
	}
}

func TestFileInDevelopmentIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dingen-logboek.jsonl")
	to, sent := NewFile(path, 100), 0
	for range 50 {
		if err := to.Deliver(t.Context(), fmt.Appendf(nil, `{"a":%d}`, sent)); err != nil {
			t.Fatal(err)
		}
		sent++
		var kept []byte
		for _, file := range []string{Previous(path), path} {
			raw, err := os.ReadFile(file)
			if err != nil && file == path || len(raw) > 100 {
				t.Fatalf("%s has %d bytes: %v", file, len(raw), err)
			}
			kept = append(kept, raw...)
		}
		// The newest are there, each once and in order.
		lines := strings.Split(strings.TrimSuffix(string(kept), "\n"), "\n")
		if len(lines) < min(sent, 10) {
			t.Fatalf("of %d lines %d are left", sent, len(lines))
		}
		for i, line := range lines {
			if want := fmt.Sprintf(`{"a":%d}`, sent-len(lines)+i); line != want {
				t.Fatalf("%s, want %s", line, want)
			}
		}
	}
	// One that is too long by itself goes too.
	if err := to.Deliver(t.Context(), make([]byte, 500)); err != nil {
		t.Error(err)
	}
}

// What a full disk takes of a line does not stay: half a line would spoil the next.
func TestFileInDevelopmentOnAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("hier is geen schijf die altijd vol is")
	}
	if err := NewFile("/dev/full", 1000).Deliver(t.Context(), []byte("{}")); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("a full disk: %v", err)
	}
}

func TestSettings(t *testing.T) {
	key := base64.StdEncoding.EncodeToString(testKey)
	for _, c := range []struct {
		url, key, days string
		production     bool
		want           string // names of the settings that are wrong
	}{
		{"", "", "", false, ""},
		{"http://localhost:4318", "", "30", false, ""},
		{"https://logboek.test", key, "365", true, ""},
		{"http://localhost:4318", key, "", true, "LOGBOEK_URL"},
		{"logboek.test", key, "", false, "LOGBOEK_URL"},
		{"https://iemand:geheim@logboek.test", key, "", true, "LOGBOEK_URL"},
		{"https://logboek.test", "geheim", "0", true, "LOGBOEK_SLEUTEL LOGBOEK_DAGEN"},
		{"", "", "veel", false, "LOGBOEK_DAGEN"},
		{"", "", "30 5 7", false, ""},
		{"", "", "30 0 7", false, "LOGBOEK_REGELS"},
		{"", "", "30 5 0", false, "LOGBOEK_BESTAND_MB"},
		{"https://logboek.test", key, "30 5", true, "LOGBOEK_REGELS"},
	} {
		given := append(strings.Fields(c.days), "", "", "")
		env := func(name string) string {
			return map[string]string{"LOGBOEK_URL": c.url, "LOGBOEK_SLEUTEL": c.key, "LOGBOEK_DAGEN": given[0], "LOGBOEK_REGELS": given[1], "LOGBOEK_BESTAND_MB": given[2]}[name]
		}
		var names []string
		for _, fault := range SettingsFaults(env, c.production) {
			name, _, _ := strings.Cut(fault, " ")
			names = append(names, name)
			if strings.Contains(fault, "geheim") {
				t.Errorf("%s", fault)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
		d, err := NewDeliverer(env, c.production, nil, Application{}, "x", nil)
		if wrong := strings.Contains(c.want, "DAGEN") || strings.Contains(c.want, "REGELS") || strings.Contains(c.want, "MB"); err == nil && wrong {
			t.Errorf("%+v: accepted", c)
		}
		if err == nil && (d.Most == 0) != c.production {
			t.Errorf("%+v: keeps %d lines", c, d.Most)
		}
	}
}
