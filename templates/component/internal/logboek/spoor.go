package logboek

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// HeaderTraceparent carries the trace from one application to the next
// (W3C Trace Context, level 1, section 3.2).
const HeaderTraceparent = "Traceparent"

// Spoor is a place in a trace: the processing that a line belongs to and the
// action that is going on.
type Spoor struct {
	Trace string // 32 hexadecimal digits
	Span  string // 16 hexadecimal digits: the action; the parent of what it calls
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

// UitHeader reads the traceparent of a request. It reports false when there is
// none, or none that the standard calls valid.
func UitHeader(h http.Header) (Spoor, bool) {
	m := traceparent.FindStringSubmatch(strings.TrimSpace(h.Get(HeaderTraceparent)))
	switch {
	case m == nil, m[1] == "ff", m[1] == "00" && m[4] != "":
		return Spoor{}, false
	case strings.Trim(m[2], "0") == "", strings.Trim(m[3], "0") == "":
		return Spoor{}, false
	}
	return Spoor{m[2], m[3]}, true
}

// ZetHeader puts the trace on a request to another application. Everything is
// recorded, so the sampled flag is always on: Logboek Dataverwerkingen allows
// no sampling.
func (s Spoor) ZetHeader(h http.Header) {
	if s.Trace != "" {
		h.Set(HeaderTraceparent, "00-"+s.Trace+"-"+s.Span+"-01")
	}
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
