package outway

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// withFiles is a source whose tokens come over mutual TLS.
var withFiles = Access{Kind: AccessOAuth2, TokenURL: "BRP_TOKEN_URL", TokenCert: "BRP_TOKEN_CERT", TokenKey: "BRP_TOKEN_KEY", TokenCA: "BRP_TOKEN_CA"}

// certified writes a CA and a client certificate of it, and gives the settings
// that name them.
func certified(t *testing.T, authority *pki.Authority) map[string]string {
	t.Helper()
	folder := t.TempDir()
	env := map[string]string{}
	for setting, file := range map[string]string{"BRP_TOKEN_CERT": "client.pem", "BRP_TOKEN_KEY": "client.key", "BRP_TOKEN_CA": "ca.pem"} {
		env[setting] = filepath.Join(folder, file)
	}
	pair, err := authority.Issue(pki.Request{Name: "component"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pki.Write(env["BRP_TOKEN_CERT"], env["BRP_TOKEN_KEY"], pair); err != nil {
		t.Fatal(err)
	}
	if err := pki.WriteCertificate(env["BRP_TOKEN_CA"], authority.Certificate.Raw); err != nil {
		t.Fatal(err)
	}
	return env
}

// mutual gives out tokens to who shows a certificate of the authority, and sees
// which one.
func mutual(t *testing.T, authority *pki.Authority, seen *string) string {
	t.Helper()
	own, err := authority.Issue(pki.Request{Name: "tokens", Hosts: []string{"127.0.0.1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = r.TLS.PeerCertificates[0].SerialNumber.String()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"het-token","token_type":"bearer","expires_in":600}`)
	}))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool()}
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL + "/token"
}

func TestATokenOverMutualTLS(t *testing.T) {
	authority, err := pki.NewAuthority("proef", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	seen := ""
	address := mutual(t, authority, &seen)
	env := certified(t, authority)
	env["BRP_TOKEN_URL"] = address
	ask := func(h *tokenHolder, without ...string) (string, *Fault) {
		return h.give(t.Context(), withFiles, func(name string) string {
			for _, left := range without {
				if name == left {
					return ""
				}
			}
			return env[name]
		}, &clientcredentials.Config{ClientID: "ik", ClientSecret: secret, TokenURL: address})
	}
	held := &tokenHolder{}
	if token, fault := ask(held); fault != nil || token != "het-token" || seen == "" {
		t.Fatalf("%q, %v", token, fault)
	}
	if _, fault := ask(&tokenHolder{}, "BRP_TOKEN_CERT", "BRP_TOKEN_KEY"); fault == nil || fault.Kind != FaultConnection {
		t.Errorf("without a certificate: %v", fault)
	}
	if _, fault := ask(&tokenHolder{}, "BRP_TOKEN_CA"); fault == nil || fault.Kind != FaultConnection {
		t.Errorf("a CA that nobody knows: %v", fault)
	}
	// A new certificate on the same place is used without a new start.
	first := seen
	fresh := certified(t, authority)
	for _, name := range []string{"BRP_TOKEN_CERT", "BRP_TOKEN_KEY"} {
		if err := os.Rename(fresh[name], env[name]); err != nil {
			t.Fatal(err)
		}
	}
	held.drop()
	held.client.CloseIdleConnections()
	if _, fault := ask(held); fault != nil || seen == first {
		t.Errorf("after renewal: %v, the same certificate: %t", fault, seen == first)
	}
}

func TestFilesOfATokenEndpoint(t *testing.T) {
	authority, err := pki.NewAuthority("proef", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	good, other := certified(t, authority), certified(t, authority)
	broken := filepath.Join(t.TempDir(), "stuk.pem")
	if err := os.WriteFile(broken, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"nothing is set":             {map[string]string{"BRP_TOKEN_CERT": "", "BRP_TOKEN_KEY": "", "BRP_TOKEN_CA": ""}, ""},
		"all is good":                {nil, ""},
		"only a CA":                  {map[string]string{"BRP_TOKEN_CERT": "", "BRP_TOKEN_KEY": ""}, ""},
		"no key":                     {map[string]string{"BRP_TOKEN_KEY": ""}, "BRP_TOKEN_KEY ontbreekt"},
		"no certificate":             {map[string]string{"BRP_TOKEN_CERT": ""}, "BRP_TOKEN_CERT ontbreekt"},
		"the key of another":         {map[string]string{"BRP_TOKEN_KEY": other["BRP_TOKEN_KEY"]}, "BRP_TOKEN_CERT en BRP_TOKEN_KEY: "},
		"a file that is not there":   {map[string]string{"BRP_TOKEN_CERT": "/er/is/niets.pem"}, "/er/is/niets.pem"},
		"a CA that is not there":     {map[string]string{"BRP_TOKEN_CA": "/er/is/niets.pem"}, "BRP_TOKEN_CA: /er/is/niets.pem is niet te lezen"},
		"a CA that is no CA":         {map[string]string{"BRP_TOKEN_CA": broken}, "bevat geen certificaat"},
		"a certificate that is none": {map[string]string{"BRP_TOKEN_CERT": broken}, "BRP_TOKEN_CERT en BRP_TOKEN_KEY: "},
		"the key as CA":              {map[string]string{"BRP_TOKEN_CA": good["BRP_TOKEN_KEY"]}, "bevat een sleutel"},
	} {
		faults, warnings := withFiles.Files(func(setting string) string {
			if v, ok := c.change[setting]; ok {
				return v
			}
			return good[setting]
		})
		text := strings.Join(faults, "; ")
		if (c.want == "") != (text == "") || !strings.Contains(text, c.want) || strings.Contains(text, secret) || len(warnings) > 0 {
			t.Errorf("%s: %q, %q", name, text, warnings)
		}
	}
	if err := os.Chmod(good["BRP_TOKEN_KEY"], 0o644); err != nil {
		t.Fatal(err)
	}
	if faults, warnings := withFiles.Files(func(name string) string { return good[name] }); len(faults) > 0 || len(warnings) != 1 || !strings.Contains(warnings[0], "0600") {
		t.Errorf("a key that everybody reads: %q, %q", faults, warnings)
	}
	if faults, warnings := (Access{}).Files(func(string) string { return "" }); len(faults)+len(warnings) > 0 {
		t.Errorf("a source that asks nothing: %q, %q", faults, warnings)
	}
}

// What ends within a month is said: the certificate of the outway, that of a
// token endpoint, and a contract of which the day is known.
func TestWhatEndsSoon(t *testing.T) {
	authority, err := pki.NewAuthority("proef", 20*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := authority.Issue(pki.Request{Name: "outway", Hosts: []string{"127.0.0.1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{shown}}
	server.StartTLS()
	defer server.Close()
	o, err := NewOutway(server.URL, map[string]string{"bron": "$1$3$x"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	env := certified(t, authority)
	now := time.Now()
	env["FSC_GRANT_HASH_BRON_TOT"] = now.AddDate(0, 0, 20).Format(time.DateOnly)
	o.Env = func(name string) string { return env[name] }
	o.Client(Bron{Name: "brp", Access: withFiles})
	contracts := map[string]string{"FSC_GRANT_HASH_BRON": "bron", "FSC_GRANT_HASH_ANDER": "ander"}
	o.Look(t.Context())
	if all := o.EndsSoon(now, contracts); len(all) != 2 {
		t.Errorf("an outway that nobody trusts was seen: %q", all)
	}
	o.Trust(authority.Pool())
	o.Look(t.Context())
	for at, want := range map[time.Duration]string{
		-15 * 24 * time.Hour: "", 0: " loopt af op ", 25 * 24 * time.Hour: " is afgelopen op ",
	} {
		all := o.EndsSoon(now.Add(at), contracts)
		if want == "" && len(all) > 0 || want != "" && (len(all) != 3 || strings.Count(strings.Join(all, "\n"), want) != 3) {
			t.Errorf("after %s: %q", at, all)
		}
	}
	if _, err := o.Do(t.Context(), activity, Question{Service: "bron", Method: http.MethodGet, Path: "/"}); CauseOf(err) != CauseRejected && Status(err) != http.StatusNotFound {
		t.Errorf("through an outway of our own CA: %v", err)
	}
}
