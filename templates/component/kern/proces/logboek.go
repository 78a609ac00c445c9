package proces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// consequence says what has happened once an operation succeeds.
type consequence bool

const (
	reads   consequence = false // the answer is all there is
	changes consequence = true  // the zaak has moved, whatever the caller hears
)

// endWithin bounds the writing of the end of a line: it goes on when the caller
// has gone.
const endWithin = 10 * time.Second

// action is an operation while it goes on: its line in the log of processing,
// and lines about the zaken of others that it showed.
type action struct {
	line  logboek.Verwerking
	shown []logboek.Verwerking

	joins bool        // its line goes along with what it asks of layer 2
	begun bool        // of one that joins: its beginning is written
	ended bool        // and its end
	ends  outway.Ends // of its questions, that are not written yet
}

type actionKey struct{}

// logged puts an operation into the log of processing: who does what, for which
// activity, about whose zaak. The answer goes out when its line is complete.
func (p *Process) logged(name string, effect consequence, do rest.HandlerFunc) rest.HandlerFunc {
	return p.loggedAs(p.Course.Activity, name, effect, false, do)
}

// loggedFor is logged for another activity than that of the process.
func (p *Process) loggedFor(a logboek.Activity, name string, effect consequence, do rest.HandlerFunc) rest.HandlerFunc {
	return p.loggedAs(a, name, effect, false, do)
}

// joined is logged for an operation that asks nothing of anybody but through lookAt,
// do and ask, or after begin: then its line goes along with that, in one call.
func (p *Process) joined(name string, effect consequence, do rest.HandlerFunc) rest.HandlerFunc {
	return p.loggedAs(p.Course.Activity, name, effect, true, do)
}

func (p *Process) loggedAs(a logboek.Activity, name string, effect consequence, joins bool, do rest.HandlerFunc) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		h := p.newAction(name, r.Header)
		h.joins = joins
		h.line.Activity, h.line.ActivityURI = a.Title, a.URI
		u := identity.FromContext(r.Context())
		p.doneBy(&h.line, u)
		if u.Role == p.startRole().Name {
			p.concerns(&h.line, u.Applicant().ID)
		}
		if p.roles[u.Role].Outside() && u.Represents.Known() {
			h.line.Representative = u.ID
		}
		answer := &held{header: http.Header{}}
		err := p.withLogboek(r.Context(), h, effect, func(ctx context.Context) error { return do(answer, r.WithContext(ctx)) })
		if err == nil {
			answer.send(w)
		}
		return err
	}
}

// newAction is an operation that begins now, as part of what the caller
// was doing; without a caller it stands alone.
func (p *Process) newAction(name string, caller http.Header) *action {
	parent, _ := logboek.FromHeader(caller)
	return &action{line: p.line(name, parent)}
}

func (p *Process) line(name string, parent logboek.Trace) logboek.Verwerking {
	own := parent.Child()
	return logboek.Verwerking{
		TraceID: own.TraceID, SpanID: own.SpanID, ParentID: parent.SpanID, Name: name, Kind: logboek.Action, Status: logboek.Unset,
		Begin: p.now(), Activity: p.Course.Activity.Title, ActivityURI: p.Course.Activity.URI,
	}
}

// doneBy says who does it: of everybody the role, and of an employee who it is,
// because a person may be told who looked at her data.
func (p *Process) doneBy(line *logboek.Verwerking, u identity.User) {
	line.Role = u.Role
	if role, known := p.roles[u.Role]; known && !role.Outside() {
		line.User, line.UserName = u.ID, u.Name
	}
}

// concerns names the data subject of a line by the user id of who began the zaak.
// Where zaken are begun by employees, no user is a data subject.
func (p *Process) concerns(line *logboek.Verwerking, initiator string) {
	if p.startRole().Outside() && initiator != "" {
		line.DataSubject, line.DataSubjectKind = initiator, logboek.User
	}
}

// withLogboek does work between the two moments at which its line is written. No
// work is done when the beginning cannot be written.
//
// When the end cannot be written, what was read is not given. But work that
// changed something is answered as it went: the zaak has moved, its beginning is
// in the log, and whoever heard that it failed would do it again or give up. In
// both cases Run keeps trying to write the end.
//
// The line of an action that joins is written with its calls to layer 2; of one that
// asked nothing, or that was refused, here.
func (p *Process) withLogboek(ctx context.Context, h *action, effect consequence, work func(context.Context) error) error {
	if !h.joins {
		if err := p.Logboek.Begin(ctx, h.line); err != nil {
			return p.notBegun(ctx, h, err)
		}
	}
	trace := logboek.Trace{TraceID: h.line.TraceID, SpanID: h.line.SpanID}
	err := work(context.WithValue(logboek.WithTrace(ctx, trace), actionKey{}, h))
	if h.ended { // together with what was done
		return err
	}
	h.shown = append(h.ends.Take(), h.shown...)
	h.line.End = p.now()
	h.line.Status, h.line.Fault = ended(ctx, err)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	fault := p.Logboek.End(late, append(h.shown, h.line)...)
	if fault == nil {
		return err
	}
	p.Log.ErrorContext(ctx, "einde niet in het logboek te schrijven, later opnieuw", "handeling", h.line.Name, "fout", fault)
	if err == nil && effect == reads {
		h.line.Status, h.line.Fault, h.shown = logboek.Error, "logboek", nil // nobody saw anything
		err = notLogged("U krijgt nu niets te zien", fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unfinished = append(p.unfinished, append(h.shown, h.line)...)
	return err
}

func (p *Process) notBegun(ctx context.Context, h *action, fault error) error {
	p.Log.ErrorContext(ctx, "logboek niet te schrijven, niets gedaan", "handeling", h.line.Name, "fout", fault)
	return notLogged("Er is niets gedaan", fault)
}

func notLogged(what string, fault error) error {
	return rest.NewProblem(http.StatusServiceUnavailable, "Het logboek van verwerkingen is nu niet bereikbaar. "+what+"; probeer het zo nog eens.").With("Retry-After", comeBack(fault))
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

// finish writes the ends that could not be written before.
func (p *Process) finish(ctx context.Context) {
	p.mu.Lock()
	lines := p.unfinished
	p.unfinished = nil
	p.mu.Unlock()
	if len(lines) == 0 || p.Logboek.End(ctx, lines...) == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unfinished = append(lines, p.unfinished...)
}

// about tells the log about which zaak the operation of the context is.
func (p *Process) about(ctx context.Context, z outway.Zaak) {
	if h, ok := ctx.Value(actionKey{}).(*action); ok {
		h.line.Zaak = z.ID
		p.concerns(&h.line, z.Initiator)
	}
}

// shows tells the log which zaken a list showed to an employee: a line for each,
// because a line is about one data subject at most, and all of them go together. A
// citizen's list holds nothing but her own zaken, which the line of the operation
// itself says.
func (p *Process) shows(ctx context.Context, u identity.User, zaken []outway.Zaak) {
	h, ok := ctx.Value(actionKey{}).(*action)
	if !ok || p.roles[u.Role].Outside() {
		return
	}
	for some := range slices.Chunk(zaken, logboek.MaxShown) {
		all := p.line("Zaak in een lijst getoond", logboek.TraceFrom(ctx))
		all.Status, all.End = logboek.Ok, all.Begin
		p.doneBy(&all, u)
		for _, z := range some {
			var one logboek.Verwerking
			p.concerns(&one, z.Initiator)
			all.Shown = append(all.Shown, logboek.Shown{Zaak: z.ID, DataSubject: one.DataSubject, DataSubjectKind: one.DataSubjectKind})
		}
		h.shown = append(h.shown, all)
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
