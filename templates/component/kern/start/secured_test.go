package start

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// secret is the folder that cert-manager keeps for one process.
type secret struct {
	t   *testing.T
	dir string
}

func (s secret) put(ca *pki.Authority, trusted ...*pki.Authority) {
	s.t.Helper()
	made, err := ca.Issue(pki.Request{Name: "laag", Hosts: []string{"localhost"}}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(s.dir, "tls.key"))
	if err := pki.Write(filepath.Join(s.dir, "tls.crt"), filepath.Join(s.dir, "tls.key"), made); err != nil {
		s.t.Fatal(err)
	}
	s.trust(append(trusted, ca)...)
}

func (s secret) trust(authorities ...*pki.Authority) {
	s.t.Helper()
	var all [][]byte
	for _, ca := range authorities {
		all = append(all, ca.Certificate.Raw)
	}
	if err := pki.WriteCertificate(filepath.Join(s.dir, "ca.crt"), all...); err != nil {
		s.t.Fatal(err)
	}
}

func (s secret) env() []string {
	return []string{"TLS_CERT", filepath.Join(s.dir, "tls.crt"), "TLS_KEY", filepath.Join(s.dir, "tls.key"), "TLS_CA", filepath.Join(s.dir, "ca.crt")}
}

func newAuthority(t *testing.T) *pki.Authority {
	t.Helper()
	ca, err := pki.NewAuthority("proef "+t.Name()+strconv.FormatInt(time.Now().UnixNano(), 36), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

// browser trusts these authorities, and has no certificate.
func browser(authorities ...*pki.Authority) *http.Client {
	roots := x509.NewCertPool()
	for _, ca := range authorities {
		roots.AddCert(ca.Certificate)
	}
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
}

// TestLayersWithCertificatesOfTheirOwn: three processes that know each other by TLS_CA.
// Their certificates and then the authority are replaced while people look at pages.
func TestLayersWithCertificatesOfTheirOwn(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	c.run(nil)
	c.add("beoordelen", 3)
	first, second := newAuthority(t), newAuthority(t)
	secrets, running, urls := map[string]secret{}, map[string]*Running{}, map[string]string{}
	for _, at := range []string{LayerServices, LayerProcess, LayerInteraction} {
		secrets[at] = secret{t, t.TempDir()}
		secrets[at].put(first)
		component := c.parts().Component()
		s, err := ReadSettings(component, groups[at], environment(append(secrets[at].env(), "PORT", "0", "DATA", c.data, "COMPONENT_TOKEN", "een,twee",
			"DIENSTEN_URL", urls[LayerServices], "PROCES_URL", urls[LayerProcess])...), t.Output())
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(t.Context(), s, component)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Stop() })
		running[at], urls[at] = r, r.URLs[at]
		if !strings.HasPrefix(urls[at], "https://localhost:") {
			t.Errorf("layer %s says that it is at %s", at, urls[at])
		}
	}
	public := browser(first, second)
	for at, want := range map[string]bool{LayerServices: false, LayerProcess: false, LayerInteraction: true} {
		resp, err := public.Get(urls[at] + "/healthz/live")
		if got := err == nil; got != want {
			t.Errorf("without a certificate %s lets in: %t (%v)", at, got, err)
		}
		if err == nil {
			_ = read(resp)
		}
		resp, err = http.Get(strings.Replace(urls[at], "https://", "http://", 1) + "/healthz/live")
		if err == nil && resp.StatusCode < 400 {
			t.Errorf("%s answers without TLS: %d", at, resp.StatusCode)
		}
		if err == nil {
			_ = read(resp)
		}
	}
	stop := visits(t, urls[LayerInteraction], public.Transport)
	change := func(what func(secret)) {
		for at, s := range secrets {
			what(s)
			running[at].Settings.Access.Certificates.Look()
			time.Sleep(50 * time.Millisecond)
		}
	}
	change(func(s secret) { s.put(first) })
	change(func(s secret) { s.trust(first, second) })
	change(func(s secret) { s.put(second, first) })
	change(func(s secret) { s.trust(second) })
	if n := stop(); n < 10 {
		t.Errorf("only %d pages were opened", n)
	}
	resp, err := browser(second).Get(urls[LayerInteraction] + "/healthz/ready")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("the new certificate is not shown, or layer 5 does not reach layer 4: %v %v", resp, err)
	}
	if err == nil {
		_ = read(resp)
	}
}

// TestHealthWithCertificates: the command finds the layers of this machine, whatever
// names their certificate has.
func TestHealthWithCertificates(t *testing.T) {
	ca := newAuthority(t)
	dir := t.TempDir()
	made, err := ca.Issue(pki.Request{Name: "laag", Hosts: []string{"verhuizing-proces"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pki.Write(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"), made); err != nil {
		t.Fatal(err)
	}
	s := secret{t, dir}
	s.trust(ca)
	base, found := (Settings{Host: "127.0.0.1"}).freeSeries(t.Context(), 27310)
	if !found {
		t.Skip("no free ports here")
	}
	for name, env := range map[string][]string{"with TLS_CA": s.env(), "without": s.env()[:4]} {
		env = append(env, "PORT", strconv.Itoa(base))
		c := fake(new([]string))
		settings, err := ReadSettings(c, nil, environment(env...), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(settings.ProcessURL, " ", settings.OutwayURL, " ", settings.ServicesURL); got != fmt.Sprintf("https://localhost:%d http://localhost:%d https://localhost:%d", base+1, base+2, base+3) {
			t.Error(got)
		}
		r, err := Run(t.Context(), settings, c)
		if err != nil {
			t.Skipf("somebody was before us: %v", err)
		}
		var out sink
		announce(&out, r, c, 0)
		if code := run(t.Context(), []string{"health"}, environment(env...), &out, &out, c); code != exitDone || !strings.Contains(out.String(), fmt.Sprintf("https://localhost:%d", base+3)) || !strings.Contains(out.String(), fmt.Sprintf("Open https://localhost:%d", base)) {
			t.Errorf("%s: code %d, %s", name, code, out.String())
		}
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
		if code := run(t.Context(), []string{"health"}, environment(env...), &out, &out, c); code != exitFails {
			t.Errorf("%s: what is gone is well: %d", name, code)
		}
	}
}
