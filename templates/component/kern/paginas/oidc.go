package paginas

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// OIDC are the settings of the login of production.
type OIDC struct {
	Issuer, ClientID, ClientSecret, RedirectURL string

	RoleClaim   string // where the roles stand, with dots: realm_access.roles; default roles
	RoleMap     string // what the provider calls them: "groep=rol,groep=rol"; default the same names
	DefaultRole string // for who has no role claim, such as an inwoner; "" lets nobody in without
	BSNClaim    string // where a burgerservicenummer stands, to fill it in; "" for none
}

// ReadOIDC reads the settings from the environment.
func ReadOIDC(env func(string) string) OIDC {
	o := OIDC{
		Issuer: env("OIDC_ISSUER"), ClientID: env("OIDC_CLIENT_ID"), ClientSecret: env("OIDC_CLIENT_SECRET"),
		RedirectURL: env("OIDC_REDIRECT_URL"), RoleClaim: env("OIDC_ROLE_CLAIM"), RoleMap: env("OIDC_ROLE_MAP"),
		DefaultRole: env("OIDC_DEFAULT_ROLE"), BSNClaim: env("OIDC_BSN_CLAIM"),
	}
	if o.RoleClaim == "" {
		o.RoleClaim = "roles"
	}
	return o
}

// oidcLogin sends somebody to the identity provider and back: OpenID Connect,
// authorization code with PKCE.
type oidcLogin struct {
	settings OIDC
	roles    []identity.Role
	names    map[string]string // what the provider calls a role → the role

	mu       sync.Mutex
	provider *oidc.Provider
}

func newOIDCLogin(o OIDC, roles []identity.Role) (*oidcLogin, error) {
	l := &oidcLogin{settings: o, roles: roles, names: map[string]string{}}
	for _, role := range roles {
		l.names[role.Name] = role.Name
	}
	known := func(name string) bool {
		return slices.ContainsFunc(roles, func(r identity.Role) bool { return r.Name == name })
	}
	for pair := range strings.SplitSeq(o.RoleMap, ",") {
		theirs, ours, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if pair == "" {
			continue
		}
		if !ok || !known(ours) {
			return nil, fmt.Errorf("OIDC_ROLE_MAP: %q noemt geen rol van het proces", pair)
		}
		l.names[theirs] = ours
	}
	if o.DefaultRole != "" && !known(o.DefaultRole) {
		return nil, fmt.Errorf("OIDC_DEFAULT_ROLE: %q is geen rol van het proces", o.DefaultRole)
	}
	return l, nil
}

// connect finds the addresses and keys of the provider, at the first login and
// not at the start: the pages have to come up when the provider is down.
func (l *oidcLogin) connect(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.provider == nil {
		// The provider keeps the context to fetch keys later on, so it must not
		// be that of one request.
		client := &http.Client{Timeout: 10 * time.Second}
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), client), l.settings.Issuer)
		if err != nil {
			return nil, nil, &fault{status: http.StatusServiceUnavailable, detail: "Inloggen kan nu even niet.", cause: err}
		}
		l.provider = found
	}
	return l.provider, &oauth2.Config{
		ClientID: l.settings.ClientID, ClientSecret: l.settings.ClientSecret, RedirectURL: l.settings.RedirectURL,
		Endpoint: l.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, nil
}

func (l *oidcLogin) begin(v *visit) error {
	_, config, err := l.connect(v.r.Context())
	if err != nil {
		return err
	}
	p := &pending{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), ReturnTo: local(v.r.URL.Query().Get("naar"))}
	if err := v.site.sessions.write(v.w, session{Login: p, Expires: time.Now().Add(loginLasts)}); err != nil {
		return err
	}
	return v.redirect(config.AuthCodeURL(p.State, oidc.Nonce(p.Nonce), oauth2.S256ChallengeOption(p.Verifier)))
}

func (l *oidcLogin) choose(*visit) error { return notFound() }

func (l *oidcLogin) finish(v *visit) error {
	refuse := func(cause error) error {
		return &fault{status: http.StatusForbidden, detail: "Inloggen is niet gelukt. Begin opnieuw bij Inloggen.", cause: cause}
	}
	p, query := v.session.Login, v.r.URL.Query()
	if p == nil || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(p.State)) != 1 {
		return refuse(errors.New("state is niet van deze browser"))
	}
	provider, config, err := l.connect(v.r.Context())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), 15*time.Second)
	defer cancel()
	token, err := config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return refuse(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: l.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return refuse(err)
	}
	if verified.Nonce != p.Nonce {
		return refuse(errors.New("nonce klopt niet"))
	}
	user, roles, err := l.user(verified)
	if err != nil {
		return err
	}
	if err := v.site.sessions.write(v.w, session{User: user, Roles: roles}); err != nil {
		return err
	}
	return v.redirect(p.ReturnTo)
}

// looksLikeBSN is what the name that the provider gives a person must not be or
// hold, as in f:4b3c:999993653: whoever knows the provider can count through all
// numbers and so turn the pseudonym back.
var looksLikeBSN = regexp.MustCompile(`^\d{8}$|(^|[^0-9A-Za-z])\d{9}($|[^0-9A-Za-z])`)

// user makes a user of what the provider says.
func (l *oidcLogin) user(token *oidc.IDToken) (identity.User, []string, error) {
	if looksLikeBSN.MatchString(token.Subject) {
		return identity.User{}, nil, errors.New("de inlogvoorziening noemt een persoon bij een nummer dat een BSN kan zijn (sub); stel daar een pseudoniem in")
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return identity.User{}, nil, err
	}
	var roles []string
	for _, role := range l.roles { // in the order of the process
		for _, theirs := range texts(dig(claims, l.settings.RoleClaim)) {
			if l.names[theirs] == role.Name && !slices.Contains(roles, role.Name) {
				roles = append(roles, role.Name)
			}
		}
	}
	if len(roles) == 0 && l.settings.DefaultRole != "" {
		roles = []string{l.settings.DefaultRole}
	}
	if len(roles) == 0 {
		return identity.User{}, nil, &fault{status: http.StatusForbidden, detail: "U bent ingelogd, maar u hebt geen rol in dit proces. Vraag uw beheerder om een rol."}
	}
	u := identity.User{ID: identity.Pseudonym(token.Issuer, token.Subject), Role: roles[0], Name: "ingelogd"}
	if name, ok := claims["name"].(string); ok && name != "" {
		u.Name = name
	}
	if l.settings.BSNClaim != "" {
		u.BSN, _ = dig(claims, l.settings.BSNClaim).(string)
	}
	return u, roles, nil
}

// dig follows a path with dots through the claims.
func dig(claims map[string]any, path string) any {
	if v, ok := claims[path]; ok {
		return v // a claim whose name has dots itself
	}
	first, rest, more := strings.Cut(path, ".")
	if !more {
		return nil
	}
	inner, _ := claims[first].(map[string]any)
	return dig(inner, rest)
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
