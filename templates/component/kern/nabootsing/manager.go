package nabootsing

import (
	"crypto/x509"
	"mime"
	"net/http"
	"regexp"

	"github.com/go-jose/go-jose/v4"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// maxTokenRequest is far more than three parameters need.
const maxTokenRequest = 16 << 10

// connectionGrant is the form of a grant hash (FSC Core 2, "Grant hash"): SHA3-512
// is 64 bytes, which is 86 characters of base64url.
var connectionGrant = regexp.MustCompile(`^\$1\$[2-5]\$[A-Za-z0-9_-]{86}$`)

// oauthFault is a refusal of a token (RFC 6749 section 5.2).
type oauthFault struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

// Error implements error.
func (f *oauthFault) Error() string { return f.Code + ": " + f.Description }

// tokenAnswer is a token that was given (RFC 6749 section 5.1).
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"`
}

// managerHandler is the part of a manager that an outway needs. The base of its
// API is /v1; the keys are also where OpenID Connect looks for such a set.
func (a *provider) managerHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/token", a.giveToken)
	for _, path := range []string{"GET /v1/.well-known/jwks.json", "GET /.well-known/jwks.json"} {
		mux.HandleFunc(path, a.giveKeys)
	}
	return mux
}

// giveToken is the token endpoint (FSC Core 2, "Tokens"; RFC 6749 section 4.4).
func (a *provider) giveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(bron.HeaderStandIn, "FSC-manager")
	d, fault := a.judge(w, r)
	if fault != nil {
		writeJSON(w, http.StatusBadRequest, fault)
		return
	}
	key, err := a.key()
	if err != nil {
		http.Error(w, "no key to sign with", http.StatusInternalServerError)
		return
	}
	now := a.n.now()
	c := claims{
		GrantHash: d.grant, GroupID: a.n.group, Subject: d.contract.Grants[0].Data.Outway.PeerID, Issuer: a.id,
		Service: d.name, Audience: a.inway, Expires: now.Add(tokenValid).Unix(), NotBefore: now.Add(-tokenSkew).Unix(),
		Confirm: confirmation{pki.CertificateThumbprint(r.TLS.PeerCertificates[0])},
	}
	if d.behaviour.is() == TokenExpired {
		// Longer ago than the leeway that an inway may give.
		c.NotBefore, c.Expires = now.Add(-3*tokenValid).Unix(), now.Add(-tokenValid).Unix()
	}
	token, err := key.sign(c)
	if err != nil {
		http.Error(w, "signing failed", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, tokenAnswer{token, "bearer", c.Expires - now.Unix()})
}

// judge checks a request for a token in the order of FSC Core 2, "Tokens",
// and gives the service that it is for.
func (a *provider) judge(w http.ResponseWriter, r *http.Request) (*service, *oauthFault) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return nil, &oauthFault{"invalid_request", "the body is not a form"}
	}
	for _, name := range []string{"grant_type", "scope", "client_id"} {
		if given := r.PostForm[name]; len(given) != 1 || given[0] == "" {
			return nil, &oauthFault{"invalid_request", "exactly one " + name + " is needed"}
		}
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		return nil, &oauthFault{"unsupported_grant_type", "only client_credentials is supported"}
	}
	certificate := r.TLS.PeerCertificates[0]
	scope, client := r.PostForm.Get("scope"), r.PostForm.Get("client_id")
	if client != pki.PeerID(certificate) {
		return nil, &oauthFault{"invalid_client", "client_id is not the peer of the certificate"}
	}
	if !connectionGrant.MatchString(scope) {
		return nil, &oauthFault{"invalid_scope", "the scope is not a grant hash"}
	}
	// A service that this peer does not offer is found here too: then there is no
	// contract with it.
	d := a.n.perGrant[scope]
	if d == nil || d.provider != a {
		return nil, &oauthFault{"invalid_scope", "there is no contract with this grant"}
	}
	if state := d.state(a.n.now()); state != contractValid {
		return nil, &oauthFault{"invalid_scope", "the contract with this grant is not valid: " + state}
	}
	outway := d.contract.Grants[0].Data.Outway
	if outway.PeerID != client || outway.Identification.PublicKeyThumbprint != pki.PublicKeyThumbprint(certificate) {
		return nil, &oauthFault{"unauthorized_client", "the grant is for another outway"}
	}
	return d, nil
}

// giveKeys is the JSON Web Key Set with which tokens are checked.
func (a *provider) giveKeys(w http.ResponseWriter, _ *http.Request) {
	key, err := a.key()
	if err != nil {
		http.Error(w, "no key", http.StatusInternalServerError)
		return
	}
	leaf := key.certificate.Leaf
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key: leaf.PublicKey, KeyID: key.thumbprint, Algorithm: string(jose.RS256), Use: "sig", Certificates: []*x509.Certificate{leaf},
	}}})
}
