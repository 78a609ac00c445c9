package logboek

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// Headers that carry the trace from one application to the next. An outway of
// OpenFSC passes on no traceparent, so between the layers of one component the
// same text also travels under a name of our own.
const (
	HeaderTraceparent = "Traceparent" // W3C Trace Context, level 1, section 3.2
	HeaderSpoor       = "Verwerking-Spoor"
	headerTransactie  = "Fsc-Transaction-Id" // FSC Logging 1.0
)

// Spoor is a place in a trace: the processing that a line belongs to and the
// action that is going on.
type Spoor struct {
	Trace string // 32 hexadecimal digits
	Span  string // 16 hexadecimal digits: the action; the parent of what it calls; "" when only the trace is known
}

// Nieuw begins a trace.
func Nieuw() Spoor { return Spoor{hexadecimal(16), hexadecimal(8)} }

// Kind is a new action within the same trace.
func (s Spoor) Kind() Spoor {
	if s.Trace == "" {
		return Nieuw()
	}
	return Spoor{s.Trace, hexadecimal(8)}
}

var traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$`)

// UitHeader reads the place in the trace from a request: that of traceparent,
// or else of our own header, or else the transaction of FSC, whose id without
// hyphens is a trace id. It reports false when there is none of these.
func UitHeader(h http.Header) (Spoor, bool) {
	for _, name := range []string{HeaderTraceparent, HeaderSpoor} {
		if s, ok := parse(h.Get(name)); ok {
			return s, true
		}
	}
	if id, ok := Transactie(h); ok {
		return Spoor{Trace: strings.ReplaceAll(id, "-", "")}, true
	}
	return Spoor{}, false
}

// parse reads a traceparent. It reports false for one that the standard does
// not call valid.
func parse(given string) (Spoor, bool) {
	if given == "" {
		return Spoor{}, false
	}
	m := traceparent.FindStringSubmatch(strings.TrimSpace(given))
	if m == nil || m[1] == "ff" || m[1] == "00" && m[4] != "" || !isHex(m[2], 32) || !isHex(m[3], 16) {
		return Spoor{}, false
	}
	return Spoor{m[2], m[3]}, true
}

// Transactie is the id that FSC gave to a request, in small letters. It reports
// false when there is none or it is no UUID.
func Transactie(h http.Header) (string, bool) {
	id := strings.ToLower(h.Get(headerTransactie))
	return id, isUUID(id)
}

// ZetHeader puts the place on a request to another application. Everything is
// recorded, so the sampled flag is always on: Logboek Dataverwerkingen allows
// no sampling. Without an action there is nothing to put.
func (s Spoor) ZetHeader(h http.Header) {
	if text := s.String(); text != "" {
		h.Set(HeaderTraceparent, text)
	}
}

// String is the place as a traceparent; "" when it is not complete.
func (s Spoor) String() string {
	if s.Trace == "" || s.Span == "" {
		return ""
	}
	return "00-" + s.Trace + "-" + s.Span + "-01"
}

// LeesSpoor is middleware that puts the place in the trace, as the caller gives
// it, into the context. A request without one goes on without.
func LeesSpoor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s, ok := UitHeader(r.Header); ok {
			r = r.WithContext(MetSpoor(r.Context(), s))
		}
		next.ServeHTTP(w, r)
	})
}

type contextKey struct{}

// MetSpoor returns a context that carries the place in the trace.
func MetSpoor(ctx context.Context, s Spoor) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// SpoorVan gives the place in the trace; empty when there is none.
func SpoorVan(ctx context.Context) Spoor {
	s, _ := ctx.Value(contextKey{}).(Spoor)
	return s
}

func hexadecimal(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
