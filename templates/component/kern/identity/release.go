package identity

import (
	"crypto/sha256"
	"fmt"
	"net/http"
)

// headerAPI says which specification a caller was made for.
const headerAPI = "Component-API"

// SumOf is how a specification is named between the layers.
func SumOf(spec []byte) string { return fmt.Sprintf("%x", sha256.Sum256(spec))[:16] }

// SetAPI says in a call to the next layer for which specification of it this one was
// made; "" says nothing. While a new version is rolled out the two may differ.
func SetAPI(h http.Header, sum string) {
	if sum != "" {
		h.Set(headerAPI, sum)
	}
}

// MadeFor is the specification that the caller was made for; "" when that is not a
// layer of this component.
func MadeFor(h http.Header) string { return h.Get(headerAPI) }
