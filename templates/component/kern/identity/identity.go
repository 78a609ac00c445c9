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
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Headers from interactie to proces.
const (
	HeaderID         = "Gebruiker-Id"
	HeaderRole       = "Gebruiker-Rol"
	HeaderRepresents = "Gebruiker-Namens" // for whom the user acts: Represents.ID
	HeaderName       = "Gebruiker-Naam"   // of an employee only, percent-encoded
)

// Role is a kind of person in the process.
type Role struct {
	Name      string   // as in the process: "burgerzaken"
	Title     string   // as people read it: "Medewerker burgerzaken"
	Citizen   bool     // inwoner
	Company   bool     // bedrijf; neither: medewerker
	Anonymous bool     // may begin without logging in
	Rights    []string // what an employee may do beside the steps: RightInzage
}

// Rights that a role of employees may have.
const (
	RightInzage  = "inzage"  // find, show and correct what is known about one person
	RightArchief = "archief" // approve destruction, and hold it off
)

// Outside says whether the role is of people who come for themselves or for
// their company, and not of the organisation.
func (r Role) Outside() bool { return r.Citizen || r.Company }

// May says whether the role has a right.
func (r Role) May(right string) bool { return slices.Contains(r.Rights, right) }

// Person is somebody, or a company, for whom a user may act: what the login
// says of an authorisation ("machtiging").
type Person struct {
	ID     string // pseudonym, as that of a User
	Name   string // for the screen only
	BSN    string
	KVK    string
	Branch string // vestigingsnummer
	RSIN   string
}

// Number is the number of a kind, by the names that the types of fields have;
// "" when the login does not say it.
func (p Person) Number(kind string) string {
	switch kind {
	case "bsn":
		return p.BSN
	case "kvk":
		return p.KVK
	case "vestigingsnummer":
		return p.Branch
	case "rsin":
		return p.RSIN
	}
	return ""
}

// Known says whether there is such a person at all.
func (p Person) Known() bool { return p.ID != "" }

// User is somebody who is logged in, or an anonymous visitor of one session.
// The numbers are there only to fill in the form fields of the person to whom
// they belong.
type User struct {
	ID     string // pseudonym, stable for this person; never a BSN
	Name   string // for the screen only
	Role   string // Role.Name
	BSN    string
	KVK    string
	Branch string // vestigingsnummer
	RSIN   string
	EU     string // identity of a European login (eIDAS), for who has no BSN

	Represents Person // for whom the user acts; nobody when that is the user self
}

// Applicant is for whom the user acts: the person represented, or the user self.
func (u User) Applicant() Person {
	if u.Represents.Known() {
		return u.Represents
	}
	return Person{ID: u.ID, Name: u.Name, BSN: u.BSN, KVK: u.KVK, Branch: u.Branch, RSIN: u.RSIN}
}

// Known says whether there is a user at all.
func (u User) Known() bool { return u.ID != "" && u.Role != "" }

// String leaves out the BSN and the name, so that %v in a log is harmless.
func (u User) String() string { return u.Role + "/" + u.ID }

// GoString does the same for %#v.
func (u User) GoString() string { return "identity.User(" + u.String() + ")" }

// LogValue gives no more than the role: a pseudonym is of one person too. Who did
// what stands in the log of data processing.
func (u User) LogValue() slog.Value { return slog.GroupValue(slog.String("rol", u.Role)) }

// SetHeaders puts the pseudonyms and the role, and nothing else, on a request.
func (u User) SetHeaders(h http.Header) {
	if !u.Known() {
		return
	}
	h.Set(HeaderID, u.ID)
	h.Set(HeaderRole, u.Role)
	if u.Represents.Known() {
		h.Set(HeaderRepresents, u.Represents.ID)
	}
}

// SetName puts the name on a request as well. It is for employees: who looked at
// the data of a person has to be told by name.
func (u User) SetName(h http.Header) {
	if u.Known() && u.Name != "" {
		h.Set(HeaderName, url.PathEscape(u.Name))
	}
}

// maxName is longer than a name, in characters.
const maxName = 100

// nameFrom reads the name of an employee; "" when the header does not hold one.
// What could be a number of a person is no name.
func nameFrom(h http.Header) string {
	name, err := url.PathUnescape(h.Get(HeaderName))
	name = strings.TrimSpace(name)
	if err != nil || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unicode.IsControl) || digits.MatchString(name) {
		return ""
	}
	return name
}

// An id is a pseudonym: letters, digits and dashes, and not nine bare digits,
// because that is what a BSN looks like.
var (
	validID    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{2,63}$`)
	validRole  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	nineDigits = regexp.MustCompile(`^\d{8,9}$`)
	digits     = regexp.MustCompile(`\d{4}`)
)

// FromHeaders reads the user from a request between layers. It reports false
// when there is no user or when a header does not hold what it should.
func FromHeaders(h http.Header) (User, bool) {
	u := User{ID: h.Get(HeaderID), Name: nameFrom(h), Role: h.Get(HeaderRole), Represents: Person{ID: h.Get(HeaderRepresents)}}
	ok := pseudonym(u.ID) && validRole.MatchString(u.Role) && (!u.Represents.Known() || pseudonym(u.Represents.ID))
	if !ok {
		return User{}, false
	}
	return u, true
}

func pseudonym(id string) bool { return validID.MatchString(id) && !nineDigits.MatchString(id) }

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
