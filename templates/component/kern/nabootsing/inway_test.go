package nabootsing

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// call is a call of the inway of a service, past the outway.
type call struct {
	p            *rig
	service      string
	claims       claims
	certificates []tls.Certificate
	token        func(string) []string // changes the header Fsc-Authorization
	id           string
}

// good is a call that the inway must accept; each test makes one thing wrong.
func good(p *rig, service string) *call {
	d := p.service(service)
	own := p.own()
	now := p.now()
	return &call{p: p, service: service, certificates: []tls.Certificate{own}, id: uuid.Must(uuid.NewV7()).String(),
		claims: claims{GrantHash: d.grant, GroupID: p.group, Subject: p.ownID, Issuer: d.provider.id, Service: d.name, Audience: d.provider.inway,
			Expires: now.Add(time.Minute).Unix(), NotBefore: now.Unix(), Confirm: confirmation{pki.CertificateThumbprint(own.Leaf)}},
		token: func(token string) []string { return []string{"Bearer " + token} }}
}

// do makes the call.
func (a *call) do() (*http.Response, error) {
	a.p.t.Helper()
	d := a.p.service(a.service)
	key, err := d.provider.key()
	if err != nil {
		a.p.t.Fatal(err)
	}
	token, err := key.sign(a.claims)
	if err != nil {
		a.p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(a.p.t.Context(), "GET", d.provider.inway+"/adressen?postcode=1234AB", nil)
	if err != nil {
		a.p.t.Fatal(err)
	}
	for _, header := range a.token(token) {
		req.Header.Add(fsc.HeaderAuthorization, header)
	}
	if a.id != "" {
		req.Header.Set(fsc.HeaderTransaction, a.id)
	}
	return a.p.client(a.certificates...).Do(req)
}

// refuses checks that the call is refused and that the service is not called.
func (a *call) refuses(status int, code string) {
	a.p.t.Helper()
	before := len(a.p.arrived())
	resp, err := a.do()
	if err != nil {
		a.p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a.p.refuses(resp, status, code, domainInway)
	if len(a.p.arrived()) != before {
		a.p.t.Error("the service is called")
	}
}

func (a *call) succeeds() {
	a.p.t.Helper()
	resp, err := a.do()
	if err != nil {
		a.p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a.p.gives(resp, 418)
}

func inwayIncomingRequest1(t *testing.T) {
	p := newRig(t)
	for _, service := range []string{"adressen", "eigen-diensten", "straten.v2"} {
		good(p, service).succeeds()
		if got := p.last(); got.service != service || got.target != "/adressen?postcode=1234AB" {
			t.Errorf("%s: %+v", service, got)
		}
	}
}

func inwayIncomingRequest2(t *testing.T) {
	p := newRig(t)
	for _, none := range [][]string{nil, {""}} {
		a := good(p, "adressen")
		a.token = func(string) []string { return none }
		a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_MISSING")
	}
}

func inwayIncomingRequest3(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	a.certificates = []tls.Certificate{p.service("adressen").provider.servers[0].TLSConfig.Certificates[0]} // of the group, and another
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_INVALID")
	// The thumbprint of the public key is not that of the certificate.
	a = good(p, "adressen")
	a.claims.Confirm.Thumbprint = pki.PublicKeyThumbprint(p.own().Leaf)
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_INVALID")
}

func inwayIncomingRequest4(t *testing.T) {
	p := newRig(t)
	stranger, err := pki.NewAuthority("Nabootsing van een FSC-groep", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := stranger.Issue(pki.Request{Name: "outway.nabootsing", Organisation: "Eigen", OIN: p.ownID}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, certificates := range map[string][]tls.Certificate{"another authority": {forged}, "none": nil} {
		a := good(p, "adressen")
		a.certificates = certificates
		if resp, err := a.do(); err == nil {
			_ = resp.Body.Close()
			t.Errorf("%s: connected, status %d", name, resp.StatusCode)
		}
	}
	p.nothing()
}

func inwayIncomingRequest5(t *testing.T) {
	p := newRig(t)
	for _, service := range []string{"adressen", "eigen-diensten"} {
		a := good(p, service)
		var sent string
		a.token = func(token string) []string { sent = "Bearer " + token; return []string{sent} }
		a.succeeds()
		if got := p.last().header.Get(fsc.HeaderAuthorization); got != sent {
			t.Errorf("%s got Fsc-Authorization %q", service, got)
		}
	}
}

func inwayIncomingRequest6(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	a.succeeds()
	p.later(time.Minute) // no leeway: the same clock made it
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_EXPIRED")
	// As the switch does it, through the outway.
	p.Set("adressen", TokenExpired)
	p.refuses(p.call("adressen", "GET", "/", ""), 401, "ERROR_CODE_ACCESS_TOKEN_EXPIRED", domainInway)
	p.Set("adressen", Normal)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
}

func inwayTransactionLog1(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	a.succeeds()
	if p.last().records != 1 {
		t.Error("the service is called before the record is written")
	}
	want := Transaction{
		Peer: "00000099000000002000", ID: a.id, Direction: "DIRECTION_INCOMING", GrantHash: p.grants["adressen"], ServiceName: "adressen", CreatedAt: p.now(),
		Source:      Source{"SOURCE_TYPE_SOURCE", "00000099000000001000"},
		Destination: Destination{"DESTINATION_TYPE_DESTINATION", "00000099000000002000"},
	}
	if got := p.Transactions(); len(got) != 1 || got[0] != want {
		t.Errorf("the log is %+v", got)
	}
}

func inwayTransactionLog2(t *testing.T) {
	p := newRig(t)
	for _, service := range []string{"adressen", "eigen-diensten"} {
		a := good(p, service)
		a.succeeds()
		if got := p.last().header.Get(fsc.HeaderTransaction); got != a.id {
			t.Errorf("%s got %q, sent %q", service, got, a.id)
		}
	}
}

func inwayTransactionLog3(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	a.id = ""
	a.refuses(400, "MISSING_LOG_RECORD_ID")
	for _, wrong := range []string{"x", uuid.NewString()} {
		a.id = wrong
		a.refuses(400, "INVALID_LOG_RECORD_ID")
	}
	if n := len(p.Transactions()); n > 0 {
		t.Errorf("%d records", n)
	}
}

func inwayTransactionLog6(t *testing.T) {
	p := newRig(t)
	p.Set("adressen", LogBroken)
	good(p, "adressen").refuses(500, "TRANSACTION_LOG_WRITE_ERROR")
}

// The cases that an inway of another maker was seen to refuse, and some more,
// with the codes of the standard.
func TestTheInwayRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(p *rig, a *call)
		status int
		code   string
	}{
		{"token without Bearer", func(_ *rig, a *call) { a.token = func(token string) []string { return []string{token} } }, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"two tokens", func(_ *rig, a *call) {
			a.token = func(token string) []string { return []string{"Bearer " + token, "Bearer x"} }
		}, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"no JWT", func(_ *rig, a *call) { a.token = func(string) []string { return []string{"Bearer x"} } }, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"not signed", func(_ *rig, a *call) {
			a.token = func(token string) []string {
				return []string{"Bearer eyJhbGciOiJub25lIn0." + strings.Split(token, ".")[1] + "."}
			}
		}, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"signature changed", func(_ *rig, a *call) {
			a.token = func(token string) []string {
				i := strings.LastIndex(token, ".") + 1
				other := map[bool]string{false: "A", true: "B"}[token[i] == 'A']
				return []string{"Bearer " + token[:i] + other + token[i+1:]}
			}
		}, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"not yet valid", func(p *rig, a *call) { a.claims.NotBefore = p.now().Add(time.Minute).Unix() }, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"no end", func(_ *rig, a *call) { a.claims.Expires = 0 }, 401, "ERROR_CODE_ACCESS_TOKEN_EXPIRED"},
		{"no cnf", func(_ *rig, a *call) { a.claims.Confirm = confirmation{} }, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"other group", func(_ *rig, a *call) { a.claims.GroupID = "ander" }, 403, "ERROR_CODE_WRONG_GROUP_ID_IN_TOKEN"},
		{"unknown service", func(_ *rig, a *call) { a.claims.Service = "anders" }, 404, "ERROR_CODE_SERVICE_NOT_FOUND"},
		{"service of another peer", func(_ *rig, a *call) { a.claims.Service = "eigen-diensten" }, 404, "ERROR_CODE_SERVICE_NOT_FOUND"},
		{"signed by another peer", func(p *rig, a *call) {
			key, err := p.service("eigen-diensten").provider.key()
			if err != nil {
				p.t.Fatal(err)
			}
			a.token = func(string) []string {
				token, err := key.sign(a.claims)
				if err != nil {
					p.t.Fatal(err)
				}
				return []string{"Bearer " + token}
			}
		}, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		{"header names another certificate", func(p *rig, a *call) {
			key, err := p.service("adressen").provider.key()
			if err != nil {
				p.t.Fatal(err)
			}
			options := (&jose.SignerOptions{}).WithHeader("x5t#S256", pki.CertificateThumbprint(p.own().Leaf))
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key.certificate.PrivateKey}, options)
			if err != nil {
				p.t.Fatal(err)
			}
			other := &tokenKey{signer: signer}
			a.token = func(string) []string {
				token, err := other.sign(a.claims)
				if err != nil {
					p.t.Fatal(err)
				}
				return []string{"Bearer " + token}
			}
		}, 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"},
		// The order of the checks: what is wrong first is what is said.
		{"expired and of another group", func(p *rig, a *call) { a.claims.GroupID, a.claims.Expires = "ander", p.now().Unix() }, 401, "ERROR_CODE_ACCESS_TOKEN_EXPIRED"},
		{"other group and unknown service", func(_ *rig, a *call) { a.claims.GroupID, a.claims.Service = "ander", "anders" }, 403, "ERROR_CODE_WRONG_GROUP_ID_IN_TOKEN"},
		{"no token and no id", func(_ *rig, a *call) { a.id, a.token = "", func(string) []string { return nil } }, 401, "ERROR_CODE_ACCESS_TOKEN_MISSING"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newRig(t)
			a := good(p, "adressen")
			c.change(p, a)
			a.refuses(c.status, c.code)
			good(p, "adressen").succeeds()
		})
	}
}

func TestAServiceThatIsGone(t *testing.T) {
	p := newRig(t)
	p.down()
	p.refuses(p.call("eigen-diensten", "GET", "/", ""), 502, "ERROR_CODE_SERVICE_UNREACHABLE", domainInway)
	p.Set("adressen", ServiceAway)
	p.refuses(p.call("adressen", "GET", "/", ""), 502, "ERROR_CODE_SERVICE_UNREACHABLE", domainInway)
	p.nothing()
}

// TestATokenIsJudgedAtEachCall: that a signature is good is remembered of a token, and
// nothing else of it.
func TestATokenIsJudgedAtEachCall(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	for range 3 { // the same text each time
		a.succeeds()
	}
	key, err := a.p.service("adressen").provider.key()
	if err != nil {
		t.Fatal(err)
	}
	if len(key.read) != 1 {
		t.Errorf("%d tokens are remembered", len(key.read))
	}
	a.certificates = []tls.Certificate{p.service("adressen").provider.servers[0].TLSConfig.Certificates[0]}
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_INVALID")
	a.certificates = []tls.Certificate{p.own()}
	a.token = func(token string) []string { return []string{"Bearer " + token + "A"} }
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_INVALID")
	a.token = func(token string) []string { return []string{"Bearer " + token} }
	a.succeeds()
	p.later(2 * time.Minute)
	a.refuses(401, "ERROR_CODE_ACCESS_TOKEN_EXPIRED")
}

// TestTokensAreForgottenInTheEnd: who sends many good tokens does not fill the memory.
func TestTokensAreForgottenInTheEnd(t *testing.T) {
	p := newRig(t)
	a := good(p, "adressen")
	key, err := a.p.service("adressen").provider.key()
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(2*maxRead + 1) {
		a.claims.NotBefore = n
		token, err := key.sign(a.claims)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := key.check(token); err != nil {
			t.Fatal(err)
		}
	}
	if len(key.read) > maxRead {
		t.Errorf("%d tokens are remembered", len(key.read))
	}
}
