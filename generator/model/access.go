package model

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Auth is how a source wants to know who asks, besides the certificates of FSC.
// A setting that the kind does not use is "".
type Auth struct {
	Kind        string // apikey, zgw-jwt or oauth2
	Header      string // apikey: the header with the key
	KeyEnv      string // apikey: BAG_API_KEY
	ClientIDEnv string // zgw-jwt and oauth2: ZAKEN_CLIENT_ID
	SecretEnv   string // zgw-jwt and oauth2: ZAKEN_CLIENT_SECRET
	TokenURLEnv string // oauth2: BRP_TOKEN_URL
	ScopeEnv    string // oauth2: BRP_SCOPE, which may stay empty
	ResourceEnv string // oauth2: BRP_RESOURCE_SERVER, which may stay empty

	// oauth2: files for the address that gives tokens, which may stay empty:
	// BRP_TOKEN_CERT and BRP_TOKEN_KEY, and BRP_TOKEN_CA.
	TokenCertEnv, TokenKeyEnv, TokenCAEnv string
}

// Settings are the environment variables that production cannot do without.
func (a *Auth) Settings() []string {
	if a == nil {
		return nil
	}
	return slices.DeleteFunc([]string{a.KeyEnv, a.ClientIDEnv, a.SecretEnv, a.TokenURLEnv}, func(s string) bool { return s == "" })
}

// The kinds of Auth.
const (
	authKey    = "apikey"
	authZGW    = "zgw-jwt"
	authOAuth2 = "oauth2"
)

var (
	regexHeader      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,99}$`)
	regexHeaderValue = regexp.MustCompile(`^[!-~]([ -~]{0,498}[!-~])?$`)
)

// ownHeaders are set by HTTP, FSC or the client itself; what begins with one
// of ownPrefixes too.
var (
	ownHeaders  = []string{"connection", "content-encoding", "content-length", "content-type", "date", "expect", "forwarded", "host", "idempotency-key", "if-match", "keep-alive", "te", "trailer", "traceparent", "tracestate", "transfer-encoding", "upgrade", "via"}
	ownPrefixes = []string{"fsc-", "gebruiker-", "proxy-", "sec-", "x-forwarded-"}
	// secretHeaders hold a key or a token: those are settings, not answers.
	secretHeaders = regexp.MustCompile(`(?i)^(authorization|cookie|set-cookie)$|api-?key|token|secret|password`)
)

// isOwnHeader says whether a header is not for a source to ask.
func isOwnHeader(name string) bool {
	low := strings.ToLower(name)
	return slices.Contains(ownHeaders, low) || slices.ContainsFunc(ownPrefixes, func(p string) bool { return strings.HasPrefix(low, p) })
}

// access derives what a source asks of every question: headers, a proof of who
// asks, and the address by which it knows itself. What the answers say goes
// over what the catalogue or the specification says.
func (b *builder) access(s *source) {
	if s.openapi != nil && len(s.BaseURLs) == 0 {
		s.BaseURLs = s.openapi.Servers()
	}
	if address := strings.TrimRight(b.https(s.key+".baseUrl", s.given.BaseURL), "/"); address != "" {
		if u, err := url.Parse(address); err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			b.add(problem.HTTPSForm, s.key+".baseUrl", s.given.BaseURL)
		} else {
			s.BaseURLs = append([]string{address}, slices.DeleteFunc(s.BaseURLs, func(known string) bool { return known == address })...)
		}
	}
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(s.given.Headers)) {
		key, value := s.key+".headers."+name, strings.TrimSpace(s.given.Headers[name])
		low := strings.ToLower(name)
		switch {
		case !regexHeader.MatchString(name):
			b.add(problem.HeaderForm, key, name)
		case secretHeaders.MatchString(name):
			b.add(problem.HeaderSecret, key, name)
		case isOwnHeader(name):
			b.add(problem.HeaderOwn, key, name)
		case !regexHeaderValue.MatchString(value):
			b.add(problem.HeaderValue, key, name)
		case seen[low] != "":
			b.add(problem.NameCollision, key, name, seen[low], name)
		default:
			seen[low] = name
			s.Headers = slices.DeleteFunc(s.Headers, func(c Constant) bool { return strings.EqualFold(c.Name, name) })
			s.Headers = append(s.Headers, Constant{Name: name, In: "header", Value: value})
		}
	}
	slices.SortFunc(s.Headers, func(a, b Constant) int { return strings.Compare(a.Name, b.Name) })
	b.authentication(s, s.given.Authentication)
}

func (b *builder) authentication(s *source, a answers.Authentication) {
	key := s.key + ".authentication"
	if !b.oneOf(key+".type", or(a.Type, "none"), "none", authKey, authZGW, authOAuth2) {
		return
	}
	header := strings.TrimSpace(a.Header)
	switch {
	case header == "":
	case a.Type != authKey:
		b.add(problem.AuthHeader, key+".header", header)
		return
	case !regexHeader.MatchString(header), isOwnHeader(header):
		b.add(problem.HeaderForm, key+".header", header)
		return
	}
	switch a.Type {
	case "":
	case "none":
		s.Auth = nil
	default:
		s.Auth = NewAuth(s.Name, a.Type, header)
	}
}

// loginSettings reports a source whose settings would be those with which people
// log in (OIDC_CLIENT_ID).
func (b *builder) loginSettings(s *source) {
	if s.Auth != nil && s.Auth.Kind != authKey && s.Name.Path == "oidc" {
		b.add(problem.NameCollision, s.key+".name", s.Name.Raw, "OpenID Connect", s.Auth.ClientIDEnv)
	}
}

// NewAuth gives a source the settings that its kind of authentication needs;
// nil for none. Without a header a key goes in X-Api-Key.
func NewAuth(name Names, kind, header string) *Auth {
	env := func(what string) string {
		return strings.ToUpper(strings.ReplaceAll(name.Path, "-", "_")) + "_" + what
	}
	switch kind {
	case authKey:
		return &Auth{Kind: kind, Header: or(header, "X-Api-Key"), KeyEnv: env("API_KEY")}
	case authZGW:
		return &Auth{Kind: kind, ClientIDEnv: env("CLIENT_ID"), SecretEnv: env("CLIENT_SECRET")}
	case authOAuth2:
		return &Auth{Kind: kind, ClientIDEnv: env("CLIENT_ID"), SecretEnv: env("CLIENT_SECRET"),
			TokenURLEnv: env("TOKEN_URL"), ScopeEnv: env("SCOPE"), ResourceEnv: env("RESOURCE_SERVER"),
			TokenCertEnv: env("TOKEN_CERT"), TokenKeyEnv: env("TOKEN_KEY"), TokenCAEnv: env("TOKEN_CA")}
	}
	return nil
}

// reasons takes over why each field is needed.
func (b *builder) reasons(s *source) {
	s.reasons = map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(s.given.Purpose.Reasons)) {
		key := s.key + ".purpose.reasons." + field
		if !slices.Contains(s.given.Purpose.Fields, field) {
			b.suggest(closest(field, s.given.Purpose.Fields), problem.ReasonUnknown, key, field, s.given.Name)
			continue
		}
		s.reasons[field] = b.line(key, s.given.Purpose.Reasons[field], 300)
	}
}

// reason is why a field is needed, which may be written shorter in the answers;
// "" when nobody said.
func (s *source) reason(path string, written map[string]string) string {
	for _, fits := range []func(field string) bool{
		func(field string) bool { return field == path || written[field] == path },
		func(field string) bool { return strings.HasSuffix(path, "."+field) },
	} {
		for _, field := range s.given.Purpose.Fields {
			if s.reasons[field] != "" && fits(field) {
				return s.reasons[field]
			}
		}
	}
	return ""
}

// keeps derives which fields of a source the component keeps after all, and
// insists on a reason: by default data stays at the source.
func (b *builder) keeps(s *source) {
	a, key := s.given.Purpose, s.key+".purpose"
	for i, field := range a.Stored {
		where := at(key+".stored", i)
		switch {
		case !slices.Contains(s.Fields, field):
			b.follows(s.unclear, closest(field, s.Fields), problem.StoredUnknown, where, field, s.given.Name)
		case slices.Contains(s.Stored, field):
			b.add(problem.NameCollision, where, field, field, field)
		default:
			s.Stored = append(s.Stored, field)
		}
	}
	s.StoredReason = b.line(key+".reason", a.Reason, 500)
	switch {
	case len(a.Stored) > 0 && s.StoredReason == "":
		b.add(problem.StoredReason, key+".reason", s.given.Name)
	case len(a.Stored) == 0 && s.StoredReason != "":
		b.add(problem.StoredNothing, key+".reason", s.given.Name)
	}
}

// subjects marks the parameters that say whose data is asked for: they have the
// name of a burgerservicenummer or are filled from a field of that type.
func (b *builder) subjects() {
	for _, s := range b.own {
		for _, op := range s.Operations {
			for i := range op.Parameters {
				p := &op.Parameters[i]
				p.Subject = p.Subject || strings.EqualFold(p.Name, "burgerservicenummer") || strings.EqualFold(p.Name, "bsn")
			}
		}
	}
	for _, step := range b.c.Process.Steps {
		for _, in := range step.Input {
			if in.Field == nil || in.Field.Type != "bsn" {
				continue
			}
			for i := range step.Op.Parameters {
				if p := &step.Op.Parameters[i]; p.Name == in.Parameter.Name {
					p.Subject = true
				}
			}
		}
	}
}
