package outway

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// The ways in which a source wants to know who asks.
const (
	AccessKey    = "apikey"  // a key in a header (Kadaster, KvK)
	AccessZGW    = "zgw-jwt" // a token that we make ourselves with a shared secret (ZGW APIs)
	AccessOAuth2 = "oauth2"  // a token of an authorization server, with client credentials (BRP)
)

// Access says what a source asks besides the certificates of FSC. It holds
// names of settings and never a secret. The zero value asks for nothing.
//
// In production a component does not start without these settings. In
// development a question goes out without what is not there: the stand-in
// does not ask for it.
type Access struct {
	Kind   string // "" or one of the three above
	Header string // apikey: the header with the key

	Key            string // setting with the key
	ClientID       string // setting with our name
	Secret         string // setting with the secret
	TokenURL       string // setting with the address that gives tokens
	Scope          string // setting with the scope; it may be empty
	ResourceServer string // setting with what the token is for; it may be empty

	// Settings with files in PEM for TokenURL alone; they may be empty. An address
	// that asks mutual TLS wants the first two, one with a CA of its own the third.
	TokenCert, TokenKey, TokenCA string
}

// proof puts on a request what the source wants to see. Nothing that it
// returns or logs holds a secret.
func (o *Outway) proof(ctx context.Context, b Bron, h http.Header) *Fault {
	t, env := b.Access, o.Env
	if env == nil {
		env = func(string) string { return "" }
	}
	var token string
	var fault *Fault
	switch t.Kind {
	case AccessKey:
		if key := env(t.Key); key != "" {
			h.Set(t.Header, key)
		}
		return nil
	case AccessZGW:
		if env(t.ClientID) == "" && env(t.Secret) == "" {
			return nil
		}
		token, fault = zgwToken(ctx, env(t.ClientID), env(t.Secret))
	case AccessOAuth2:
		if env(t.TokenURL) == "" {
			return nil
		}
		token, fault = o.tokens.of(b.Name).give(ctx, t, env, &clientcredentials.Config{
			ClientID: env(t.ClientID), ClientSecret: env(t.Secret), TokenURL: env(t.TokenURL),
			Scopes: words(env(t.Scope)), EndpointParams: parameters("resourceServer", env(t.ResourceServer)),
		})
	}
	if fault != nil {
		fault.Service = b.Service
		return fault
	}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return nil
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func parameters(name, value string) url.Values {
	if value == "" {
		return nil
	}
	return url.Values{name: {value}}
}

// zgwClaims are those of the ZGW APIs. The user is the pseudonym, never a name.
type zgwClaims struct {
	Iss                string `json:"iss"`
	Iat                int64  `json:"iat"`
	ClientID           string `json:"client_id"`
	UserID             string `json:"user_id"`
	UserRepresentation string `json:"user_representation"`
}

// zgwToken makes a token for one question: it is old after an hour, so none is
// kept.
func zgwToken(ctx context.Context, client, secret string) (string, *Fault) {
	key := []byte(secret)
	if n := sha256.Size - len(key); n > 0 && len(key) > 0 {
		// The library wants 32 bytes and there are shorter secrets about. HMAC itself
		// fills a key up with zeros (RFC 2104), so the token is the same.
		key = append(key, make([]byte, n)...)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", &Fault{Kind: FaultSettings, reason: "met het gedeelde geheim is geen token te maken"}
	}
	user := identity.FromContext(ctx)
	token, err := jwt.Signed(signer).Claims(zgwClaims{
		Iss: client, Iat: time.Now().Unix(), ClientID: client, UserID: user.ID, UserRepresentation: user.Role,
	}).Serialize()
	if err != nil {
		return "", &Fault{Kind: FaultSettings, reason: "met het gedeelde geheim is geen token te maken"}
	}
	return token, nil
}
