package toegang

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// HeaderPeer is the token of FSC with which a request came through the inway, which
// has judged it.
const HeaderPeer = "Fsc-Authorization"

// Peers are who calls (sub) and who offers the service (iss), which is us; ""
// without a token that can be read.
func Peers(h http.Header) (sub, iss string) {
	given := h.Values(HeaderPeer)
	if len(given) != 1 {
		return "", ""
	}
	token, ok := strings.CutPrefix(given[0], "Bearer ")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return "", ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", ""
	}
	var claims struct{ Sub, Iss string }
	if json.Unmarshal(raw, &claims) != nil {
		return "", ""
	}
	return claims.Sub, claims.Iss
}

// From says whether a request comes the way that the consumer comes: through the
// inway from its own organisation, or not through the inway at all. Anybody can
// write the header of somebody who does not.
func (a *Afnemer) From(h http.Header) bool {
	if a.OIN == "" {
		return true
	}
	sub, _ := Peers(h)
	return sub == a.OIN
}
