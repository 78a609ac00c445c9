package paginas

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// looksLikeBSN is what the name that the provider gives a person must not be or
// hold, as in f:4b3c:999993653: whoever knows the provider can count through all
// numbers and so turn the pseudonym back.
var looksLikeBSN = regexp.MustCompile(`^\d{8}$|(^|[^0-9A-Za-z])\d{9}($|[^0-9A-Za-z])`)

// claims are what the ID token says.
type claims map[string]any

// self makes a user of what the provider says, with all numbers and the roles
// that count: in the order of the process, and with a level that is high enough.
func (w *way) self(token *oidc.IDToken) (identity.User, []string, error) {
	if token.Subject == "" || looksLikeBSN.MatchString(token.Subject) {
		return identity.User{}, nil, errors.New("de inlogvoorziening noemt een persoon niet, of bij een nummer dat een BSN kan zijn (sub); stel daar een pseudoniem in")
	}
	var raw json.RawMessage
	said := claims{}
	if err := token.Claims(&raw); err != nil {
		return identity.User{}, nil, refused(loginFailed, errors.New("het token is geen JSON"))
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // a number of nine digits must stay what it is
	if err := d.Decode(&said); err != nil {
		return identity.User{}, nil, refused(loginFailed, errors.New("het token is geen JSON"))
	}
	roles, err := w.rolesOf(said)
	if err != nil {
		return identity.User{}, nil, err
	}
	u := identity.User{ID: identity.Pseudonym(token.Issuer, token.Subject), Name: "ingelogd"}
	if name := said.name("name"); name != "" {
		u.Name = name
	}
	return u, roles, w.numbers(said, &u)
}

// rolesOf are the roles of who logs in. Who belongs to groups of which none is
// a role, has no role: only who has no role claim at all gets the default.
func (w *way) rolesOf(said claims) ([]string, error) {
	given := said.dig(w.RoleClaim)
	theirs := texts(given)
	if given == nil && w.DefaultRole != "" {
		theirs = []string{w.DefaultRole}
	}
	rank, err := w.level(said)
	if err != nil {
		return nil, err
	}
	var roles []string
	low := false
	for _, role := range w.roles { // in the order of the process
		if !slices.ContainsFunc(theirs, func(name string) bool { return w.names[name] == role.Name }) {
			continue
		}
		if rank < w.minimum(audienceOf(role)) {
			low = true
			continue
		}
		roles = append(roles, role.Name)
	}
	switch {
	case len(roles) > 0:
		return roles, nil
	case low:
		return nil, refused("U bent ingelogd met een betrouwbaarheidsniveau dat hiervoor te laag is. Log opnieuw in en kies een hoger niveau.", errors.New("acr is te laag"))
	}
	return nil, &fault{status: http.StatusForbidden, detail: "U bent ingelogd, maar u hebt geen rol in dit proces. Vraag uw beheerder om een rol."}
}

// level is the rank of the level with which somebody logged in. What is not on
// the list is refused: nobody knows whether it is high or low.
func (w *way) level(said claims) (int, error) {
	if len(w.Levels) == 0 {
		return 0, nil
	}
	level, ok := said["acr"].(string)
	if !ok {
		return 0, refused("De inlogvoorziening zegt niet hoe zeker het is wie u bent. Daarom kunt u niet verder. Meld dit bij de organisatie.", errors.New("acr ontbreekt"))
	}
	rank := w.rank(level)
	if rank == 0 {
		return 0, refused("U bent ingelogd met een betrouwbaarheidsniveau dat hier niet telt. Log opnieuw in en kies een hoger niveau.", errors.New("acr staat niet in "+w.Prefix+"LEVELS"))
	}
	return rank, nil
}

// numbers reads whose numbers the provider proves, and for whom somebody acts. A
// number that cannot be one is refused: half a login would let somebody act as
// nobody, or for themselves where they meant another.
func (w *way) numbers(said claims, u *identity.User) (err error) {
	read := func(kind, claim string) (number string) {
		if err == nil {
			number, err = said.number(kind, claim)
		}
		return number
	}
	u.BSN, u.KVK, u.Branch, u.RSIN = read("bsn", w.BSNClaim), read("kvk", w.KVKClaim), read("vestigingsnummer", w.BranchClaim), read("rsin", w.RSINClaim)
	u.EU = said.name(w.EUClaim)
	a := identity.Person{BSN: read("bsn", w.RepresentedBSNClaim), KVK: read("kvk", w.RepresentedKVKClaim), Branch: read("vestigingsnummer", w.RepresentedBranchClaim)}
	if a.BSN != "" || a.KVK != "" {
		a.Name = said.name(w.RepresentedNameClaim)
		u.Represents = a
	}
	return err
}

// number reads a number of a kind; "" when the claim is not there or null.
func (c claims) number(kind, claim string) (string, error) {
	if claim == "" {
		return "", nil
	}
	var text string
	switch v := c.dig(claim).(type) {
	case nil:
		if c.blocked(claim) {
			return "", refused(loginFailed, errors.New("de inlogvoorziening geeft op de weg naar "+claim+" geen object"))
		}
		return "", nil
	case string:
		text = v
	case json.Number:
		text = v.String()
	default:
		return "", refused(loginFailed, errors.New("de inlogvoorziening geeft bij "+claim+" geen tekst"))
	}
	if text == "" {
		return "", nil
	}
	if kind == "bsn" && len(text) == 8 { // some systems leave out the leading zero
		text = "0" + text
	}
	k, _ := value.Of(kind)
	if text = k.Canonical(text); k.Check(text) != nil {
		return "", refused(loginFailed, errors.New("de inlogvoorziening geeft bij "+claim+" geen nummer van de soort "+kind))
	}
	return text, nil
}

// longestName is longer than any name, and fits on a page.
const longestName = 200

// name reads a text of one line; "" when it is anything else.
func (c claims) name(claim string) string {
	name, _ := c.dig(claim).(string)
	name = strings.TrimSpace(value.Shown(name))
	if len(name) > longestName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return ""
	}
	return name
}

// blocked says whether something else stands on the way to a claim, as a list of
// those for whom somebody acts where one was to come: that is not the same as
// nothing, and who means another must not act for themselves.
func (c claims) blocked(path string) bool {
	first, rest, more := strings.Cut(path, ".")
	if !more {
		return false
	}
	switch v := c[first].(type) {
	case nil:
		return false
	case map[string]any:
		return claims(v).blocked(rest)
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	}
	return true
}

// dig follows a path with dots through the claims.
func (c claims) dig(path string) any {
	if v, ok := c[path]; ok {
		return v // a claim whose name has dots itself
	}
	first, rest, more := strings.Cut(path, ".")
	if !more {
		return nil
	}
	inner, _ := c[first].(map[string]any)
	return claims(inner).dig(rest)
}

// texts reads a claim that is one text or a list of them.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return strings.Fields(x)
	case []any:
		var all []string
		for _, e := range x {
			if s, ok := e.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}
