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
	HeaderTrace       = "Verwerking-Spoor"
	headerTransaction = "Fsc-Transaction-Id" // FSC Logging 1.0
)

// Trace is a place in a trace: the processing that a line belongs to and the
// action that is going on.
type Trace struct {
	TraceID string // 32 hexadecimal digits
	SpanID  string // 16 hexadecimal digits: the action; the parent of what it calls; "" when only the trace is known
}

// NewTrace begins a trace.
func NewTrace() Trace { return Trace{hexadecimal(16), hexadecimal(8)} }

// Child is a new action within the same trace.
func (tr Trace) Child() Trace {
	if tr.TraceID == "" {
		return NewTrace()
	}
	return Trace{tr.TraceID, hexadecimal(8)}
}

var traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$`)

// FromHeader reads the place in the trace from a request: that of traceparent,
// or else of our own header, or else the transaction of FSC, whose id without
// hyphens is a trace id. It reports false when there is none of these.
func FromHeader(h http.Header) (Trace, bool) {
	for _, name := range []string{HeaderTraceparent, HeaderTrace} {
		if tr, ok := parse(h.Get(name)); ok {
			return tr, true
		}
	}
	if id, ok := TransactionOf(h); ok {
		return Trace{TraceID: strings.ReplaceAll(id, "-", "")}, true
	}
	return Trace{}, false
}

// parse reads a traceparent. It reports false for one that the standard does
// not call valid.
func parse(given string) (Trace, bool) {
	if given == "" {
		return Trace{}, false
	}
	m := traceparent.FindStringSubmatch(strings.TrimSpace(given))
	if m == nil || m[1] == "ff" || m[1] == "00" && m[4] != "" || !isHex(m[2], 32) || !isHex(m[3], 16) {
		return Trace{}, false
	}
	return Trace{m[2], m[3]}, true
}

// TransactionOf is the id that FSC gave to a request, in small letters. It reports
// false when there is none or it is no UUID.
func TransactionOf(h http.Header) (string, bool) {
	id := strings.ToLower(h.Get(headerTransaction))
	return id, isUUID(id)
}

// SetHeader puts the place on a request to another application. Everything is
// recorded, so the sampled flag is always on: Logboek Dataverwerkingen allows
// no sampling. Without an action there is nothing to put.
func (tr Trace) SetHeader(h http.Header) {
	if text := tr.String(); text != "" {
		h.Set(HeaderTraceparent, text)
	}
}

// String is the place as a traceparent; "" when it is not complete.
func (tr Trace) String() string {
	if tr.TraceID == "" || tr.SpanID == "" {
		return ""
	}
	return "00-" + tr.TraceID + "-" + tr.SpanID + "-01"
}

// ReadTrace is middleware that puts the place in the trace, as the caller gives
// it, into the context. A request without one goes on without.
func ReadTrace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tr, ok := FromHeader(r.Header)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		own := r.WithContext(WithTrace(r.Context(), tr))
		next.ServeHTTP(w, own)
		r.Pattern = own.Pattern // whoever measures has the request from before
	})
}

type contextKey struct{}

// WithTrace returns a context that carries the place in the trace.
func WithTrace(ctx context.Context, tr Trace) context.Context {
	return context.WithValue(ctx, contextKey{}, tr)
}

// TraceFrom gives the place in the trace; empty when there is none.
func TraceFrom(ctx context.Context) Trace {
	tr, _ := ctx.Value(contextKey{}).(Trace)
	return tr
}

func hexadecimal(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
