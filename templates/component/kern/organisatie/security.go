package organisatie

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// SecurityPath is where RFC 9116 has the file.
const SecurityPath = "/.well-known/security.txt"

// validFor is well below the year that RFC 9116 advises as the most, and longer
// than anybody keeps a copy.
const validFor = 180 * 24 * time.Hour

// SecurityTxt says, as RFC 9116 has it, how somebody reports a weakness: the
// contact for that, or else that of the component. Canonical is the address at
// which this is read; "" when nobody knows. Without anybody to reach there is no
// file: nil.
func (o Organisation) SecurityTxt(canonical string) http.Handler {
	return o.securityTxt(canonical, time.Now)
}

func (o Organisation) securityTxt(canonical string, now func() time.Time) http.Handler {
	var contacts []string
	add := func(uri string) {
		if reachable(uri) == nil && !slices.Contains(contacts, uri) {
			contacts = append(contacts, uri)
		}
	}
	add(o.Security.Report)
	add("mailto:" + o.Contact.Email)
	add(o.Contact.URL)
	if len(contacts) == 0 {
		return nil
	}
	var lines strings.Builder
	for _, uri := range contacts {
		fmt.Fprintf(&lines, "Contact: %s\n", asURI(uri))
	}
	rest := "Preferred-Languages: nl, en\n"
	if canonical != "" {
		rest += "Canonical: " + asURI(canonical) + "\n"
	}
	if o.Security.Policy != "" {
		rest += "Policy: " + asURI(o.Security.Policy) + "\n"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		// The same all day, so that two who ask read the same.
		expires := now().UTC().Truncate(24 * time.Hour).Add(validFor)
		_, _ = fmt.Fprintf(w, "%sExpires: %s\n%s", lines.String(), expires.Format(time.RFC3339), rest)
	})
}

// asURI writes an address with no sign that a URI does not have.
func asURI(s string) string {
	if address, mail := strings.CutPrefix(s, "mailto:"); mail {
		return "mailto:" + strings.ReplaceAll(url.PathEscape(address), "%40", "@") // RFC 6068
	}
	if u, err := url.Parse(s); err == nil {
		s = u.String()
	}
	var ascii strings.Builder
	for i := range len(s) { // what stands behind a ? comes out as it was
		if s[i] > '~' || s[i] <= ' ' || strings.IndexByte("\"<>\\^`{|}", s[i]) >= 0 {
			fmt.Fprintf(&ascii, "%%%02X", s[i])
			continue
		}
		ascii.WriteByte(s[i])
	}
	return ascii.String()
}

// CanonicalOf is the address of security.txt of an API that is found at the root of
// a name. Below a path RFC 9116 has no place for the file: then "".
func CanonicalOf(api, base string) string {
	if root := strings.TrimSuffix(api, base); api != "" && atRoot(root) == nil {
		return strings.TrimSuffix(root, "/") + SecurityPath
	}
	return ""
}
