package paginas

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// end logs somebody out at the provider as well, where it knows how (OpenID
// Connect RP-Initiated Logout). The ID token of somebody from outside goes in a
// form and never in an address, so then it takes one click more: it can hold a
// burgerservicenummer, also when no setting says where, or as the RSIN of
// somebody with a business of one person.
func (l *oidcLogin) end(v *visit, old session) error {
	w := l.way(old.Login.Way)
	if w == nil || old.Login.EndedAt == "" {
		return v.redirect("/")
	}
	fields := url.Values{"id_token_hint": {old.Login.Token}, "client_id": {w.ClientID}}
	if back, err := url.Parse(w.RedirectURL); err == nil {
		back.Path, back.RawQuery = "/", ""
		fields.Set("post_logout_redirect_uri", back.String())
	}
	outside := func(name string) bool { return v.site.role(name).Outside() }
	if self := old.Login.Self; self.BSN != "" || self.Represents.BSN != "" || slices.ContainsFunc(old.Roles, outside) {
		return v.render(http.StatusOK, "uitgelogd", "U bent uitgelogd", loggedOut{old.Login.EndedAt, fields})
	}
	to := old.Login.EndedAt
	if strings.Contains(to, "?") {
		to += "&" + fields.Encode()
	} else {
		to += "?" + fields.Encode()
	}
	return v.redirect(to)
}

// loggedOut is the page with the way out at the provider.
type loggedOut struct {
	Target string
	Fields url.Values
}

// wayOut is where a provider says that one logs out, when that is an address to
// which a token may go; "" otherwise.
func wayOut(address, issuer string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !strings.HasPrefix(issuer, "http://")) {
		return ""
	}
	return address
}
