package paginas

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// oidcLogin sends somebody to an identity provider and back: OpenID Connect,
// authorization code with PKCE. Inwoners, companies and medewerkers may have
// providers of their own.
type oidcLogin struct{ ways []*way }

// way is one provider, with the roles that log in there.
type way struct {
	OIDC
	roles []identity.Role
	names map[string]string // what the provider calls a role → the role

	mu       sync.Mutex
	provider *oidc.Provider
	said     metadata
	rest     time.Time // until then a provider that is away is not tried again
}

// restFor is how long a provider that is away is left alone: whoever wants to log
// in meanwhile hears so at once, and does not wait for the others first.
const restFor = 3 * time.Second

// metadata is what the provider says of itself beside what package oidc reads.
type metadata struct {
	EndSession string `json:"end_session_endpoint"`
	GivesIss   bool   `json:"authorization_response_iss_parameter_supported"`
}

// pending is what has to be the same when the login comes back. It is in a
// cookie of its own, sealed, so that the session before it goes on until then.
type pending struct {
	Way, State, Nonce, Verifier, ReturnTo string
	Expires                               time.Time
}

func newOIDCLogin(settings []OIDC, roles []identity.Role) (*oidcLogin, error) {
	l := &oidcLogin{}
	for _, o := range settings {
		w, err := newWay(o, settings, roles)
		if err != nil {
			return nil, err
		}
		if len(w.roles) > 0 {
			l.ways = append(l.ways, w)
		}
	}
	if len(l.ways) == 0 {
		return nil, errors.New("geen enkele rol van het proces kan inloggen: stel OIDC_ISSUER in")
	}
	return l, nil
}

func newWay(o OIDC, all []OIDC, roles []identity.Role) (*way, error) {
	w := &way{OIDC: o, names: map[string]string{}}
	for _, role := range roles {
		if o.serves(audienceOf(role), all) {
			w.roles = append(w.roles, role)
			w.names[role.Name] = role.Name
		}
	}
	known := func(name string) bool {
		return slices.ContainsFunc(w.roles, func(r identity.Role) bool { return r.Name == name })
	}
	for _, pair := range listed(o.RoleMap) {
		theirs, ours, ok := strings.Cut(pair, "=")
		if !ok || !known(ours) {
			return nil, fmt.Errorf("%sROLE_MAP: %q noemt geen rol die hier inlogt", o.Prefix, pair)
		}
		w.names[theirs] = ours
	}
	if o.DefaultRole != "" && !known(o.DefaultRole) {
		return nil, fmt.Errorf("%sDEFAULT_ROLE: %q is geen rol die hier inlogt", o.Prefix, o.DefaultRole)
	}
	return w, o.check(all)
}

// mostSaid bounds what is read of one answer of a provider.
const mostSaid = 1 << 20

// bounded keeps a provider from filling the memory.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, mostSaid), resp.Body}
	}
	return resp, err
}

// toProvider is the way to every provider.
var toProvider = &http.Client{Timeout: 10 * time.Second, Transport: bounded{http.DefaultTransport}}

// connect finds the addresses and keys of the provider, at the first login and
// not at the start: the pages have to come up when the provider is down.
func (w *way) connect(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	const detail = "Inloggen kan nu even niet."
	if w.provider == nil && time.Now().Before(w.rest) {
		return nil, nil, &fault{status: http.StatusServiceUnavailable, detail: detail, cause: errors.New("de inlogvoorziening was zojuist niet bereikbaar")}
	}
	if w.provider == nil {
		// The provider keeps the context to fetch keys later on, so it must not
		// be that of one request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), toProvider), w.Issuer)
		if err == nil {
			err = found.Claims(&w.said)
		}
		if err != nil {
			w.rest = time.Now().Add(restFor)
			return nil, nil, &fault{status: http.StatusServiceUnavailable, detail: detail, cause: err}
		}
		w.said.EndSession = wayOut(w.said.EndSession, w.Issuer)
		w.provider = found
	}
	return w.provider, &oauth2.Config{
		ClientID: w.ClientID, ClientSecret: w.ClientSecret, RedirectURL: w.RedirectURL,
		Endpoint: w.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, nil
}

// loginWay is one choice on the page that asks how somebody logs in.
type loginWay struct{ Title, Address string }

type loginWays struct{ Ways []loginWay }

// begin asks how somebody wants to log in, when there are more ways, and goes to
// the provider.
func (l *oidcLogin) begin(v *visit) error {
	query := v.r.URL.Query()
	to := local(query.Get("naar"))
	chosen := l.way(query.Get("als"))
	if len(l.ways) == 1 {
		chosen = l.ways[0]
	}
	if chosen == nil {
		var body loginWays
		for _, w := range l.ways {
			body.Ways = append(body.Ways, loginWay{w.title(), "/inloggen?" + url.Values{"als": {w.name()}, "naar": {to}}.Encode()})
		}
		return v.render(http.StatusOK, "inlogkeuze", "Inloggen", body)
	}
	_, config, err := chosen.connect(v.r.Context())
	if err != nil {
		return err
	}
	p := pending{Way: chosen.name(), State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), ReturnTo: to, Expires: time.Now().Add(loginLasts)}
	sealed, err := v.site.sessions.sealed("inloggen", p)
	if err != nil {
		return err
	}
	v.site.sessions.set(v.w, v.r, "inloggen", sealed, p.Expires)
	asked := []oauth2.AuthCodeOption{oidc.Nonce(p.Nonce), oauth2.S256ChallengeOption(p.Verifier)}
	if levels := chosen.asked(); len(levels) > 0 {
		asked = append(asked, oauth2.SetAuthURLParam("acr_values", strings.Join(levels, " ")))
	}
	return v.redirect(config.AuthCodeURL(p.State, asked...))
}

// name tells a way from the others in an address: citizen, or iedereen.
func (w *way) name() string {
	name := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(w.Prefix, "OIDC_"), "_"))
	if name == "" {
		return "iedereen"
	}
	return name
}

// title names the roles that log in this way, for people.
func (w *way) title() string {
	var titles []string
	for _, role := range w.roles {
		titles = append(titles, role.Title)
	}
	return strings.Join(titles, " of ")
}

// asked are the levels that are good enough for somebody who logs in this way.
func (w *way) asked() []string {
	least := len(w.Levels)
	for _, role := range w.roles {
		least = min(least, w.minimum(audienceOf(role)))
	}
	return w.Levels[max(least-1, 0):]
}

func (l *oidcLogin) way(name string) *way {
	if i := slices.IndexFunc(l.ways, func(w *way) bool { return w.name() == name }); i >= 0 {
		return l.ways[i]
	}
	return nil
}

func (l *oidcLogin) choose(*visit) error { return notFound() }

// refused is what somebody reads when the provider said what cannot be.
func refused(detail string, cause error) error {
	return &fault{status: statusNoLogin, detail: detail, cause: cause}
}

// statusNoLogin is a login that is refused, within layer 5: a browser sees 403.
const statusNoLogin = http.StatusProxyAuthRequired

const loginFailed = "De inlogvoorziening gaf geen antwoord waarmee u hier verder kunt."

func (l *oidcLogin) finish(v *visit) error {
	p, w, err := l.returned(v)
	if err != nil {
		return err
	}
	verified, raw, err := w.exchange(v.r.Context(), v.r.URL.Query().Get("code"), p)
	if err != nil {
		return err
	}
	self, roles, err := w.self(verified)
	if err != nil {
		return err
	}
	value := session{Roles: roles, Login: logged{Way: p.Way, Self: self, Token: raw, EndedAt: w.said.EndSession}}
	value.User = inRole(self, v.site.role(roles[0]), v.site.Key)
	v.knownAs(self.ID, value.User)
	if err := v.enter(value); err != nil {
		return err
	}
	return v.redirect(p.ReturnTo)
}

// returned holds the answer of the provider against the login that this browser
// began: state, and the issuer (RFC 9207), so that an answer of one provider is
// never taken for that of another.
func (l *oidcLogin) returned(v *visit) (pending, *way, error) {
	var p pending
	query := v.r.URL.Query()
	s := v.site.sessions
	cookie, err := v.r.Cookie(s.cookieName(v.r, "inloggen"))
	if err != nil || !s.open("inloggen", cookie.Value, &p) || time.Now().After(p.Expires) ||
		subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(p.State)) != 1 {
		return p, nil, refused(loginFailed, errors.New("state is niet van deze browser"))
	}
	s.clear(v.w, v.r, "inloggen")
	w := l.way(p.Way)
	if w == nil {
		return p, nil, refused(loginFailed, errors.New("deze manier van inloggen is er niet meer"))
	}
	if _, _, err := w.connect(v.r.Context()); err != nil {
		return p, nil, err
	}
	if iss := query.Get("iss"); iss != "" && iss != w.Issuer || iss == "" && w.said.GivesIss {
		return p, nil, refused(loginFailed, errors.New("het antwoord is van een andere inlogvoorziening (iss)"))
	}
	switch query.Get("error") {
	case "":
		return p, w, nil
	case "access_denied", "login_required", "interaction_required":
		return p, nil, refused("U hebt het inloggen afgebroken, of de inlogvoorziening liet u niet toe. Begin opnieuw bij Inloggen.", errors.New("access_denied"))
	}
	return p, nil, refused(loginFailed, errors.New("de inlogvoorziening gaf een fout"))
}

// exchange gets the ID token and checks it: signature, issuer, audience, expiry,
// nonce and authorised party.
func (w *way) exchange(ctx context.Context, code string, p pending) (*oidc.IDToken, string, error) {
	provider, config, err := w.connect(ctx)
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, toProvider), 15*time.Second)
	defer cancel()
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return nil, "", away(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: w.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, "", away(err)
	}
	if verified.Nonce != p.Nonce {
		return nil, "", refused(loginFailed, errors.New("nonce klopt niet"))
	}
	var party struct {
		AZP *string `json:"azp"`
	}
	if err := verified.Claims(&party); err != nil {
		return nil, "", refused(loginFailed, errors.New("azp is geen tekst"))
	}
	if party.AZP != nil && *party.AZP != w.ClientID || party.AZP == nil && len(verified.Audience) > 1 {
		return nil, "", refused(loginFailed, errors.New("het token is voor een ander gemaakt (azp)"))
	}
	return verified, raw, nil
}

// away says whether the provider is gone or says no: to whoever logs in these
// are different things. The error may quote what the provider said.
func away(err error) error {
	var answered *oauth2.RetrieveError
	if timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && !errors.As(err, &answered) && timeout.Timeout() {
		return &fault{status: http.StatusServiceUnavailable, detail: "Inloggen kan nu even niet.", cause: errors.New("de inlogvoorziening antwoordt niet")}
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return &fault{status: http.StatusServiceUnavailable, detail: "Inloggen kan nu even niet.", cause: errors.New("de inlogvoorziening is niet bereikbaar")}
	}
	return refused(loginFailed, errors.New("de inlogvoorziening gaf geen geldig token"))
}

// inRole is a user in one of the roles: only what belongs to that role. The id
// of somebody with a number follows from the number, so that it is the same for
// whoever acts for that person.
func inRole(self identity.User, role identity.Role, key logboek.Key) identity.User {
	u := self
	u.Role = role.Name
	switch {
	case !role.Outside():
		return identity.User{ID: self.ID, Name: self.Name, Role: role.Name}
	case role.Company && u.KVK != "", u.BSN == "" && u.KVK != "":
		u.ID, u.BSN = key.PersonID(logboek.KVK, u.KVK), ""
	case u.BSN != "":
		u.ID, u.KVK, u.Branch, u.RSIN = key.PersonID(logboek.BSN, u.BSN), "", "", ""
	}
	switch a := &u.Represents; {
	case a.BSN != "" && (!role.Company || a.KVK == ""):
		*a = identity.Person{ID: key.PersonID(logboek.BSN, a.BSN), Name: a.Name, BSN: a.BSN}
	case a.KVK != "":
		*a = identity.Person{ID: key.PersonID(logboek.KVK, a.KVK), Name: a.Name, KVK: a.KVK, Branch: a.Branch}
	}
	if u.Represents.ID == u.ID {
		u.Represents = identity.Person{}
	}
	return u
}
