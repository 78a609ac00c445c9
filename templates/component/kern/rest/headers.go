package rest

import (
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// The headers that every answer carries (/core/transport/security-headers).
// Shared slices save an allocation per header per request; nobody changes them.
var (
	noStore = []string{"no-store"}
	apiCSP  = []string{"default-src 'none'; frame-ancestors 'none'"}
	hsts    = []string{"max-age=31536000; includeSubDomains"}
	nosniff = []string{"nosniff"}
	deny    = []string{"DENY"}
)

func (s *server) secure(h http.Header) {
	h["Api-Version"] = s.version
	h["Cache-Control"] = noStore
	h["Content-Security-Policy"] = apiCSP
	h["Strict-Transport-Security"] = hsts
	h["X-Content-Type-Options"] = nosniff
	h["X-Frame-Options"] = deny
}

// crossOrigin handles CORS for the origins on the list. It reports whether the
// request was a preflight and is done.
func (s *server) crossOrigin(w http.ResponseWriter, r *http.Request, allow string) bool {
	if len(s.Origins) == 0 {
		return false
	}
	h := w.Header()
	h.Set("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if !slices.Contains(s.Origins, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "API-Version, ETag, Link, Location")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", allow)
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Idempotency-Key")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// acceptable says whether one of the media types on offer is among those that
// the caller takes. An operation that offers nothing suits everybody.
func acceptable(accept, offered []string) bool {
	if len(accept) == 0 || len(offered) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == offered[0]) {
		return true
	}
	if len(accept) == 1 && plainlyNames(accept[0], offered[0]) {
		return true
	}
	best := map[string]bool{} // range of media types: wanted or refused
	for _, line := range accept {
		for part := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(part) == "" {
				continue
			}
			mediatype, params, err := mime.ParseMediaType(part)
			if err == nil {
				best[mediatype] = strings.Trim(params["q"], "0.") != "" || params["q"] == ""
			}
		}
	}
	for _, offer := range offered {
		offer, _, _ = strings.Cut(offer, ";")
		kind, _, _ := strings.Cut(offer, "/")
		for _, r := range []string{offer, kind + "/*", "*/*"} { // the most precise one counts
			if wanted, named := best[r]; named {
				if wanted {
					return true
				}
				break
			}
		}
	}
	return false
}

// plainlyNames says whether a list without weights, as our own layers send, names a
// media type.
func plainlyNames(list, mediatype string) bool {
	if strings.ContainsRune(list, ';') {
		return false
	}
	for part := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(part) == mediatype {
			return true
		}
	}
	return false
}

// recorder remembers the status, for the log and for a panic halfway.
type recorder struct {
	http.ResponseWriter
	log     *slog.Logger
	status  int
	head    bool             // no body goes along, so nobody can count it
	own     bool             // a layer of this component asks
	afnemer *toegang.Afnemer // or this consumer
}

// WriteHeader implements http.ResponseWriter.
func (rec *recorder) WriteHeader(status int) {
	rec.status = status
	rec.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	return rec.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
