// Package identity says who is calling: the user as the layers know them, the
// headers that carry the user from interactie to proces, the invented persons
// of the development login, and the token with which the layers of one
// component recognise each other.
//
// A burgerservicenummer never leaves the process in the clear through this
// package: over the wire goes a pseudonym, and printing or logging a User
// leaves the number out.
package identity

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
)

// Headers from interactie to proces.
const (
	HeaderID   = "Gebruiker-Id"
	HeaderRole = "Gebruiker-Rol"
)

// Role is a kind of person in the process.
type Role struct {
	Name      string // as in the process: "burgerzaken"
	Title     string // as people read it: "Medewerker burgerzaken"
	Citizen   bool   // inwoner or ondernemer; false: medewerker
	Anonymous bool   // may begin without logging in
}

// User is somebody who is logged in, or an anonymous visitor of one session.
type User struct {
	ID   string // pseudonym, stable for this person; never a BSN
	Name string // for the screen only
	Role string // Role.Name
	BSN  string // only to fill in a form field for the person it belongs to
}

// Known says whether there is a user at all.
func (u User) Known() bool { return u.ID != "" && u.Role != "" }

// String leaves out the BSN and the name, so that %v in a log is harmless.
func (u User) String() string { return u.Role + "/" + u.ID }

// GoString does the same for %#v.
func (u User) GoString() string { return "identity.User(" + u.String() + ")" }

// LogValue does the same for slog.
func (u User) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", u.ID), slog.String("rol", u.Role))
}

// SetHeaders puts the pseudonym and the role, and nothing else, on a request.
func (u User) SetHeaders(h http.Header) {
	if !u.Known() {
		return
	}
	h.Set(HeaderID, u.ID)
	h.Set(HeaderRole, u.Role)
}

// An id is a pseudonym: letters, digits and dashes, and not nine bare digits,
// because that is what a BSN looks like.
var (
	validID    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{2,63}$`)
	validRole  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	nineDigits = regexp.MustCompile(`^\d{8,9}$`)
)

// FromHeaders reads the user from a request between layers. It reports false
// when there is no user or when a header does not hold what it should.
func FromHeaders(h http.Header) (User, bool) {
	u := User{ID: h.Get(HeaderID), Role: h.Get(HeaderRole)}
	ok := validID.MatchString(u.ID) && !nineDigits.MatchString(u.ID) && validRole.MatchString(u.Role)
	if !ok {
		return User{}, false
	}
	return u, true
}

type contextKey struct{}

// NewContext returns a context that carries the user.
func NewContext(ctx context.Context, u User) context.Context {
	return context.WithValue(ctx, contextKey{}, u)
}

// FromContext returns the user of the context; Known is false when there is none.
func FromContext(ctx context.Context) User {
	u, _ := ctx.Value(contextKey{}).(User)
	return u
}

// ReadHeaders is middleware that puts the user of the headers into the context.
// A request without a user goes on: whether one is needed differs per operation.
func ReadHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, ok := FromHeaders(r.Header); ok {
			r = r.WithContext(NewContext(r.Context(), u))
		}
		next.ServeHTTP(w, r)
	})
}
