package outway

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Answers of a source hold URLs of the source itself: links (HAL) and
// identifications (ZGW). Such a URL is an identification and stays one: it
// leaves this package with the first of the addresses of the source, whatever
// address the source saw itself under, and goes back in that form. It is never
// an address to call: what is below an address of the source becomes a path
// through the outway, and what is not below one is refused.

var errForeign = errors.New("de verwijzing is niet van deze bron en wordt niet gevolgd")

// Path gives the path, with the query, that a URL of this source has behind the
// outway. A URL of somebody else, or one that climbs out of the address of the
// source, is an error.
func (b Bron) Path(reference string) (string, error) {
	for _, base := range b.Addresses {
		if rest, ok := below(base, reference); ok {
			rest, _, _ = strings.Cut(rest, "#")
			if !strings.HasPrefix(rest, "/") {
				rest = "/" + rest
			}
			return rest, nil
		}
	}
	return "", errForeign
}

// canonical gives a URL of this source the first of its addresses. Any other
// text stays as it is.
func (b Bron) canonical(text string, more ...string) string {
	if len(b.Addresses) == 0 || !absolute(text) {
		return text
	}
	for _, base := range append(more, b.Addresses...) {
		if rest, ok := below(base, text); ok {
			return strings.TrimRight(b.Addresses[0], "/") + rest
		}
	}
	return text
}

// canonicalIn does so for every text in a JSON value.
func (b Bron) canonicalIn(v any, more ...string) any {
	switch v := v.(type) {
	case string:
		return b.canonical(v, more...)
	case map[string]any:
		for key, value := range v {
			v[key] = b.canonicalIn(value, more...)
		}
	case []any:
		for i, value := range v {
			v[i] = b.canonicalIn(value, more...)
		}
	}
	return v
}

// segment takes the value of {name} out of a URL of this source that answers
// the template of a path: of https://…/zaaktypen/12 and /zaaktypen/{id} that
// is 12.
func (b Bron) segment(template, name, reference string) (string, error) {
	path, err := b.Path(reference)
	if err != nil {
		return "", err
	}
	path, _, _ = strings.Cut(path, "?")
	want, got := strings.Split(template, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	value := ""
	for i, w := range want {
		switch {
		case len(got) != len(want):
			return "", errForeign
		case w == "{"+name+"}":
			if value, err = url.PathUnescape(got[i]); err != nil {
				return "", errForeign
			}
		case w != got[i] && !strings.Contains(w, "{"):
			return "", errForeign
		}
	}
	return value, nil
}

// absolute says whether a text is a URL of the web.
func absolute(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

// below gives what a URL has behind a base address: "" or something that begins
// with a slash, a question mark or a number sign.
func below(base, text string) (string, bool) {
	if !absolute(text) {
		return "", false
	}
	want, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || !strings.EqualFold(u.Scheme, want.Scheme) || !strings.EqualFold(host(u), host(want)) {
		return "", false
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimRight(want.EscapedPath(), "/"))
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	for part := range strings.SplitSeq(rest, "/") {
		// A decoded dot or slash would be another path for whoever decodes it.
		if plain, err := url.PathUnescape(part); err != nil || plain == "." || plain == ".." || strings.ContainsAny(plain, `/\`) {
			return "", false
		}
	}
	if u.RawQuery != "" {
		rest += "?" + escapeQuery(u.RawQuery)
	}
	if u.Fragment != "" {
		rest += "#" + u.EscapedFragment()
	}
	return rest, true
}

// escapeQuery writes what may not stand in a query as it is (RFC 3986, section
// 3.4), such as a backslash or a byte that is no text, in hexadecimal.
func escapeQuery(raw string) string {
	var b strings.Builder
	for i := range len(raw) {
		c := raw[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~!$&'()*+,;=:@/?%", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// host is the host with its port, also when that is the usual one.
func host(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return u.Hostname() + ":" + port
}
