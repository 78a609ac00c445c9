package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// SetToken puts the token of the component on a request to another layer: the
// first one of COMPONENT_TOKEN. An empty token (development) changes nothing.
func SetToken(h http.Header, token string) {
	if first, _, _ := strings.Cut(token, ","); first != "" {
		h.Set("Authorization", "Bearer "+first)
	}
}

// Tokens are those by which the layers of one component recognise each other: one
// or, while it is being replaced, two.
type Tokens [][sha256.Size]byte

// NewTokens reads what COMPONENT_TOKEN says: two have a comma in between. Without
// any, which start allows in development only, everybody is recognised.
func NewTokens(text string) (all Tokens) {
	for token := range strings.SplitSeq(text, ",") {
		if token != "" {
			all = append(all, sha256.Sum256([]byte(token)))
		}
	}
	return all
}

// Has says whether a sum is that of one of the tokens. It takes the same time for
// every sum.
func (t Tokens) Has(sum [sha256.Size]byte) bool {
	same := 0
	for i := range t {
		same |= subtle.ConstantTimeCompare(t[i][:], sum[:])
	}
	return same == 1
}

// GivenToken is the sum of the token that a request carries. Comparing sums takes
// the same time wherever two tokens differ. It reports false when there is none.
func GivenToken(h http.Header) (sum [sha256.Size]byte, given bool) {
	values := h["Authorization"]
	if len(values) == 0 {
		return sum, false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if token = strings.TrimSpace(token); token == "" || !strings.EqualFold(scheme, "Bearer") {
		return sum, false
	}
	return sha256.Sum256([]byte(token)), true
}
