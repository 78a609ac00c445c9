package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// SetToken puts the token of the component on a request to another layer.
// An empty token (development) changes nothing.
func SetToken(h http.Header, token string) {
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
}

// TokenOK says whether a request carries the token of the component. Without a
// token, which start allows in development only, every request is fine.
func TokenOK(h http.Header, token string) bool {
	if token == "" {
		return true
	}
	scheme, given, _ := strings.Cut(h.Get("Authorization"), " ")
	// Comparing the hashes takes the same time wherever the two differ.
	a, b := sha256.Sum256([]byte(strings.TrimSpace(given))), sha256.Sum256([]byte(token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
