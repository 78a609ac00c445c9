package nabootsing

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

const (
	tokenBits = 2048
	// tokenValid is how long a token lasts. A manager of OpenFSC gives an hour;
	// this is short so that renewing is seen to work.
	tokenValid = 5 * time.Minute
	// tokenSkew allows for the clock of an inway that runs behind.
	tokenSkew = 30 * time.Second
	// headerThumbprint names the certificate that signed (RFC 7515 section 4.1.8).
	headerThumbprint = "x5t#S256"
)

// signatureAlgorithms are those that FSC Core 2 allows for a token.
var signatureAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512}

// claims is what a token says (FSC Core 2, "JWT Payload"), without delegation.
type claims struct {
	GrantHash string       `json:"gth"`
	GroupID   string       `json:"gid"`
	Subject   string       `json:"sub"` // PeerID of who asks
	Issuer    string       `json:"iss"` // PeerID of who answers
	Service   string       `json:"svc"`
	Audience  string       `json:"aud"` // address of the inway, with scheme and port
	Expires   int64        `json:"exp"`
	NotBefore int64        `json:"nbf"`
	Confirm   confirmation `json:"cnf"`
}

// confirmation binds a token to a certificate (RFC 8705 section 3.1).
type confirmation struct {
	Thumbprint string `json:"x5t#S256"`
}

// tokenKey signs the tokens of one peer.
type tokenKey struct {
	certificate tls.Certificate
	thumbprint  string
	signer      jose.Signer

	mu   sync.RWMutex
	read map[string]*readToken // by text
}

// maxRead is of how many tokens is remembered that their signature is good. An
// outway asks for one per grant and keeps it until it ends.
const maxRead = 128

// readToken is a token of which the signature was found to be good.
type readToken struct {
	claims
	// bearer is the certificate that the token was last found to be bound to, so that
	// its thumbprint is not made anew for each call over the same connection.
	bearer atomic.Pointer[x509.Certificate]
}

// boundTo says whether the token is of who has this certificate.
func (t *readToken) boundTo(c *x509.Certificate) bool {
	if t.bearer.Load() == c {
		return true
	}
	if t.Confirm.Thumbprint != pki.CertificateThumbprint(c) {
		return false
	}
	t.bearer.Store(c)
	return true
}

func makeTokenKey(bits int) (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, bits) }

// tokenKeys has the key of each peer for as long as this program runs. The tests of a
// component start it some twenty times, and looking for primes took a third of what
// that costs. Each start gives the key a certificate of its own authority.
var tokenKeys sync.Map // PeerID: func() (*rsa.PrivateKey, error)

// keyOf gives the key of a peer, which is made once.
func keyOf(peer string) func(int) (*rsa.PrivateKey, error) {
	return func(bits int) (*rsa.PrivateKey, error) {
		once, _ := tokenKeys.LoadOrStore(peer, sync.OnceValues(func() (*rsa.PrivateKey, error) { return makeTokenKey(bits) }))
		return once.(func() (*rsa.PrivateKey, error))()
	}
}

// newTokenKey makes the key, RS256 because every inway can check that,
// and its certificate.
func newTokenKey(a *provider, ca *pki.Authority, make func(int) (*rsa.PrivateKey, error)) (*tokenKey, error) {
	key, err := make(tokenBits)
	if err != nil {
		return nil, err
	}
	k := &tokenKey{}
	if k.certificate, err = ca.Issue(pki.Request{Name: "token.nabootsing", Organisation: a.name, OIN: a.id}, key); err != nil {
		return nil, err
	}
	k.thumbprint = pki.CertificateThumbprint(k.certificate.Leaf)
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader(headerThumbprint, k.thumbprint)
	k.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	return k, err
}

func (k *tokenKey) sign(c claims) (string, error) {
	return jwt.Signed(k.signer).Claims(c).Serialize()
}

// check checks the signature of a token, once for each text, and that the header
// names our certificate; what the token says is for the caller to judge at each call.
func (k *tokenKey) check(token string) (*readToken, error) {
	k.mu.RLock()
	t := k.read[token]
	k.mu.RUnlock()
	if t != nil {
		return t, nil
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, err
	}
	if given, _ := parsed.Headers[0].ExtraHeaders[headerThumbprint].(string); given != k.thumbprint {
		return nil, errors.New("the header names another certificate")
	}
	t = &readToken{}
	if err := parsed.Claims(k.certificate.Leaf.PublicKey, &t.claims); err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.read) >= maxRead || k.read == nil {
		k.read = map[string]*readToken{}
	}
	k.read[token] = t
	return t, nil
}
