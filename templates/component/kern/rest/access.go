package rest

import (
	"net/http"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// ownHeaders are what the layers of this component tell each other: who the user
// is, of which action a call is a part, and what was asked with a key. From
// anybody else they are not believed.
var ownHeaders = []string{
	identity.HeaderID, identity.HeaderRole, identity.HeaderRepresents, identity.HeaderName,
	FingerprintHeader, "Verwerking-Spoor", "Bestand-Eigenaar", "Bestand-Anoniem",
}

// OwnHeaders are those that are believed of the layers of this component alone.
func OwnHeaders() []string { return slices.Clone(ownHeaders) }

// recognise finds out who sends the request: a layer of this component, a
// consumer, or nobody that is known.
func (s *server) recognise(rec *recorder, r *http.Request) {
	sum, given := identity.GivenToken(r.Header)
	switch {
	case given && s.tokens.Has(sum):
		rec.own = true
	case given && s.Access.Afnemers != nil:
		rec.afnemer = s.Access.Afnemers.Find(sum)
	}
	// Without a token of its own, on a laptop, everybody is a layer but for who says
	// to be somebody else.
	rec.own = rec.own || len(s.tokens) == 0 && rec.afnemer == nil
}

// enter says who sends a request and whether it may be looked at. One that may not
// has been answered, and then there is no request to go on with.
func (s *server) enter(rec *recorder, r *http.Request) (*http.Request, bool) {
	if r.URL.Path == "/healthz/live" || r.URL.Path == "/healthz/ready" { // and no other below it
		return r, true
	}
	if s.recognise(rec, r); rec.own {
		return r, true
	}
	var wait time.Duration
	if a := rec.afnemer; a != nil {
		wait = s.Access.Limit.OfAfnemer(a)
		for _, name := range ownHeaders {
			r.Header.Del(name)
		}
		if a.OIN == "" { // who does not come through the inway can write what it likes
			r.Header.Del(toegang.HeaderPeer)
		}
		note(rec.ResponseWriter, "afnemer", a.Name)
		r = r.WithContext(toegang.NewContext(r.Context(), a))
	} else {
		wait = s.Access.Limit.OfSender(s.Access.Proxies.Sender(r))
	}
	if wait == 0 {
		return r, true
	}
	if rec.afnemer == nil {
		s.slowDown(r) // being refused for this is no way to guess faster
	}
	Error(rec, r, NewProblem(http.StatusTooManyRequests, "Er komen te veel verzoeken in korte tijd. Wacht even en probeer het dan opnieuw.").
		With("Retry-After", toegang.RetryAfter(wait)))
	return r, false
}

// note adds something to the line in the log of this request, when somebody around
// this layer writes one.
func note(w http.ResponseWriter, key, value string) {
	for w != nil {
		if noting, ok := w.(interface{ Note(key, value string) }); ok {
			noting.Note(key, value)
			return
		}
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return
		}
		w = inner.Unwrap()
	}
}

// slowDown lets who guesses at a token wait before it hears that it was wrong. Who
// forgot it guesses nothing.
func (s *server) slowDown(r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		s.brake.hold(r.Context(), s.Access.Proxies.Sender(r))
	}
}

// permit says whether the caller may use an operation that is not for everybody, by
// its operationId; "" is one for the layers of this component alone. A refusal
// tells nothing of the token, nor of what the caller may do.
func (s *server) permit(w http.ResponseWriter, r *http.Request, operation string) error {
	rec, _ := w.(*recorder)
	switch {
	case rec != nil && rec.own:
		return nil
	case rec == nil || rec.afnemer == nil:
		s.slowDown(r)
		return NewProblem(http.StatusUnauthorized, "Stuur een geldig token mee in de header Authorization.").With("WWW-Authenticate", "Bearer")
	case !rec.afnemer.May(operation):
		return NewProblem(http.StatusForbidden, "Dit token geeft hier geen toegang toe.")
	case !rec.afnemer.From(r.Header):
		return NewProblem(http.StatusForbidden, "Dit token geldt alleen voor verzoeken die via de FSC-inway komen, van de organisatie waar het bij hoort.")
	}
	return nil
}
