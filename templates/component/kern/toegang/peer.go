package toegang

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
)

// HeaderPeer is the token of FSC with which a request came through the inway, which
// has judged it.
const HeaderPeer = "Fsc-Authorization"

// Peers are who calls (sub) and who offers the service (iss), which is us; ""
// without a token that can be read.
func Peers(h http.Header) (sub, iss string) {
	given := h[HeaderPeer]
	if len(given) != 1 {
		return "", ""
	}
	// An outway sends the same token for minutes or an hour.
	if last := lastPeers.Load(); last != nil && last.token == given[0] {
		return last.sub, last.iss
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
	lastPeers.Store(&peers{given[0], claims.Sub, claims.Iss})
	return claims.Sub, claims.Iss
}

// lastPeers is what the last token that could be read says.
var lastPeers atomic.Pointer[peers]

type peers struct{ token, sub, iss string }

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
