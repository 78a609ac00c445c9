package proces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// gevolg says what has happened once an operation succeeds.
type gevolg bool

const (
	leest     gevolg = false // the answer is all there is
	verandert gevolg = true  // the zaak has moved, whatever the caller hears
)

// endWithin bounds the writing of the end of a line: it goes on when the caller
// has gone.
const endWithin = 10 * time.Second

// handeling is an operation while it goes on: its line in the log of processing,
// and lines about the zaken of others that it showed.
type handeling struct {
	line  logboek.Verwerking
	shown []logboek.Verwerking
}

type handelingKey struct{}

// gelogd puts an operation into the log of processing: who does what, for which
// activity, about whose zaak. The answer goes out when its line is complete.
func (p *Proces) gelogd(name string, effect gevolg, do rest.HandlerFunc) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		h := p.nieuweHandeling(name, r.Header)
		u := identity.FromContext(r.Context())
		if h.line.Rol = u.Rol; u.Rol == p.startRole().Naam {
			p.betreft(&h.line, u.ID)
		}
		answer := &held{header: http.Header{}}
		err := p.metLogboek(r.Context(), h, effect, func(ctx context.Context) error { return do(answer, r.WithContext(ctx)) })
		if err == nil {
			answer.send(w)
		}
		return err
	}
}

// nieuweHandeling is an operation that begins now, as part of what the caller
// was doing; without a caller it stands alone.
func (p *Proces) nieuweHandeling(name string, caller http.Header) *handeling {
	parent, _ := logboek.UitHeader(caller)
	return &handeling{line: p.regel(name, parent)}
}

func (p *Proces) regel(name string, parent logboek.Spoor) logboek.Verwerking {
	own := parent.Kind()
	return logboek.Verwerking{
		TraceID: own.Trace, SpanID: own.Span, ParentID: parent.Span, Naam: name, Soort: logboek.Handeling, Status: logboek.Unset,
		Begin: p.nu(), Activiteit: p.Verloop.Activiteit.Titel, ActiviteitURI: p.Verloop.Activiteit.URI,
	}
}

// betreft names the data subject of a line by the user id of who began the zaak.
// Where zaken are begun by employees, no user is a data subject.
func (p *Proces) betreft(line *logboek.Verwerking, initiator string) {
	if p.startRole().Burger && initiator != "" {
		line.Betrokkene, line.BetrokkeneSoort = initiator, logboek.Gebruiker
	}
}

// metLogboek does work between the two moments at which its line is written. No
// work is done when the beginning cannot be written.
//
// When the end cannot be written, what was read is not given. But work that
// changed something is answered as it went: the zaak has moved, its beginning is
// in the log, and whoever heard that it failed would do it again or give up. In
// both cases Run keeps trying to write the end.
func (p *Proces) metLogboek(ctx context.Context, h *handeling, effect gevolg, work func(context.Context) error) error {
	if err := p.Boek.Begin(ctx, h.line); err != nil {
		p.Log.ErrorContext(ctx, "logboek niet te schrijven, niets gedaan", "handeling", h.line.Naam, "fout", err)
		return notLogged("Er is niets gedaan")
	}
	spoor := logboek.Spoor{Trace: h.line.TraceID, Span: h.line.SpanID}
	err := work(context.WithValue(logboek.MetSpoor(ctx, spoor), handelingKey{}, h))
	h.line.Einde = p.nu()
	h.line.Status, h.line.Fout = ended(ctx, err)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	fault := p.Boek.Einde(late, append(h.shown, h.line)...)
	if fault == nil {
		return err
	}
	p.Log.ErrorContext(ctx, "einde niet in het logboek te schrijven, later opnieuw", "handeling", h.line.Naam, "fout", fault)
	if err == nil && effect == leest {
		h.line.Status, h.line.Fout, h.shown = logboek.Error, "logboek", nil // nobody saw anything
		err = notLogged("U krijgt nu niets te zien")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onaf = append(p.onaf, append(h.shown, h.line)...)
	return err
}

func notLogged(what string) error {
	return rest.NewProblem(http.StatusServiceUnavailable, "Het logboek van verwerkingen is nu niet bereikbaar. "+what+"; probeer het zo nog eens.").With("Retry-After", "5")
}

// ended is the status of a line: refused or not found is Unset, and so is what
// the caller gave up Ok (Logboek Dataverwerkingen 1.0). The fault is only a
// kind: the text of an error may quote data.
func ended(ctx context.Context, err error) (logboek.Status, string) {
	var p *rest.Problem
	switch {
	case err == nil, errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return logboek.Ok, ""
	case errors.As(err, &p) && p.Status < http.StatusInternalServerError:
		return logboek.Unset, ""
	case errors.As(err, &p):
		return logboek.Error, fmt.Sprint("http-", p.Status)
	}
	return logboek.Error, fmt.Sprintf("%T", err)
}

// afmaken writes the ends that could not be written before.
func (p *Proces) afmaken(ctx context.Context) {
	p.mu.Lock()
	lines := p.onaf
	p.onaf = nil
	p.mu.Unlock()
	if len(lines) == 0 || p.Boek.Einde(ctx, lines...) == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onaf = append(lines, p.onaf...)
}

// gaatOver tells the log about which zaak the operation of the context is.
func (p *Proces) gaatOver(ctx context.Context, z outway.Zaak) {
	if h, ok := ctx.Value(handelingKey{}).(*handeling); ok {
		h.line.Zaak = z.ID
		p.betreft(&h.line, z.Initiator)
	}
}

// toont tells the log which zaken a list showed to an employee: a line for each,
// because a line is about one data subject at most. A citizen's list holds
// nothing but her own zaken, which the line of the operation itself says.
func (p *Proces) toont(ctx context.Context, u identity.User, zaken []outway.Zaak) {
	h, ok := ctx.Value(handelingKey{}).(*handeling)
	if !ok || p.rollen[u.Rol].Burger {
		return
	}
	for _, z := range zaken {
		one := p.regel("Zaak in een lijst getoond", logboek.SpoorVan(ctx))
		one.Rol, one.Zaak, one.Status, one.Einde = u.Rol, z.ID, logboek.Ok, one.Begin
		p.betreft(&one, z.Initiator)
		h.shown = append(h.shown, one)
	}
}

// held keeps an answer until it may be given.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *held) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *held) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *held) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *held) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // when the caller has gone there is nobody to tell
}
