package start

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// TestFilesOfTheWayOut: a file that is wrong keeps the component from starting,
// with the reason, and only where the way out is used.
func TestFilesOfTheWayOut(t *testing.T) {
	authority, err := pki.NewAuthority("proef", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := pki.WriteCertificate(ca, authority.Certificate.Raw); err != nil {
		t.Fatal(err)
	}
	c := fake(nil)
	c.Access = []outway.Access{{Kind: outway.AccessOAuth2, TokenCert: "BRON_TOKEN_CERT", TokenKey: "BRON_TOKEN_KEY", TokenCA: "BRON_TOKEN_CA"}}
	for name, want := range map[string]string{
		"OUTWAY_CA=" + ca: "", "OUTWAY_CA=/er/is/niets": "OUTWAY_CA: /er/is/niets is niet te lezen", "BRON_TOKEN_CERT=" + ca: "BRON_TOKEN_KEY ontbreekt",
		"FSC_GRANT_HASH_BRON_TOT=2027-06-30": "", "FSC_GRANT_HASH_BRON_TOT=juni": "FSC_GRANT_HASH_BRON_TOT",
	} {
		setting, value, _ := strings.Cut(name, "=")
		s, err := ReadSettings(c, nil, environment("PORT", "0", setting, value), io.Discard)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
		if (s.OutwayRoots != nil) != (value == ca && setting == "OUTWAY_CA") {
			t.Errorf("%s: roots %v", name, s.OutwayRoots)
		}
		if _, err := ReadSettings(c, []string{LayerServices}, environment("PORT", "0", setting, value), io.Discard); err != nil {
			t.Errorf("%s, in a process without the way out: %v", name, err)
		}
	}
	key := filepath.Join(filepath.Dir(ca), "sleutel.pem")
	pair, err := authority.Issue(pki.Request{Name: "bron"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pki.Write(ca, key, pair); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if _, err := ReadSettings(c, nil, environment("PORT", "0", "BRON_TOKEN_CERT", ca, "BRON_TOKEN_KEY", key), &log); err != nil || !strings.Contains(log.String(), "BRON_TOKEN_KEY: iedereen") {
		t.Errorf("%v %s", err, &log)
	}
}

// TestWhatEndsIsSaid: in the log at the start, in the health answer, which stays
// 200, and by the command health.
func TestWhatEndsIsSaid(t *testing.T) {
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	authority, err := pki.NewAuthority("proef", 20*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := authority.Issue(pki.Request{Name: "outway", Hosts: []string{"127.0.0.1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := pki.WriteCertificate(ca, authority.Certificate.Raw); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"definities":[],"open":[],"andere":[],"versie":1}`) // as layer 2 says of processes
	}))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{shown}}
	server.StartTLS()
	defer server.Close()
	grant := parts.FSC.Consumed[0].Grant
	var log sink
	s, err := ReadSettings(parts.Component(), []string{LayerProcess}, environment("PORT", "0", "OUTWAY_URL", server.URL, "OUTWAY_CA", ca,
		grant+"_TOT", time.Now().AddDate(0, 0, 7).Format(time.DateOnly)), &log)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, parts.Component())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Stop() }()
	resp, err := http.Get(r.URLs[LayerProcess] + "/healthz/ready")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(body), `het FSC-contract voor `) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	said := func() bool {
		return strings.Count(log.String(), "loopt af op") >= 2 && strings.Contains(log.String(), "van de outway")
	}
	for until := time.Now().Add(5 * time.Second); !said() && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	if !said() {
		t.Errorf("the log says %s", &log)
	}
}

func TestHealthSaysWhatItWarnsOf(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"ok","waarschuwingen":["iets loopt af"]}`)
	}))
	defer server.Close()
	var out bytes.Buffer
	s := Settings{Layers: []string{LayerInteraction}, Host: "127.0.0.1", Port: port(server.Listener)}
	if err := health(t.Context(), s, &out); err != nil || out.String() != "Let op: iets loopt af\n" {
		t.Errorf("%v %s", err, &out)
	}
}
