package logboek

import (
	"encoding/base64"
	"errors"
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
	to := NewFile(path)
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
	if err := NewFile(t.TempDir()).Deliver(t.Context(), nil); err == nil {
		t.Error("a folder is not a file")
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
	} {
		env := func(name string) string {
			return map[string]string{"LOGBOEK_URL": c.url, "LOGBOEK_SLEUTEL": c.key, "LOGBOEK_DAGEN": c.days}[name]
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
		if _, err := NewDeliverer(env, nil, Application{}, "x", nil); err == nil && strings.Contains(c.want, "DAGEN") {
			t.Errorf("%+v: accepted", c)
		}
	}
}
