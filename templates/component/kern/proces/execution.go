package proces

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

const (
	outcomeFound    = "gevonden"
	outcomeNotFound = "niet-gevonden"
)

// attempt is one completion of a step by a person.
type attempt struct {
	user    identity.User
	key     string // of the caller; "" when the attempt is not repeatable
	fields  map[string]json.RawMessage
	outcome string
	remark  string
	print   string // fingerprint of what is asked; see sign
}

// split divides a form into what is stored and what is not. A field of the
// form that was left empty is null: it clears what was stored.
func (p *Process) split(step string, fields map[string]json.RawMessage) (stored map[string]json.RawMessage) {
	stored = map[string]json.RawMessage{}
	for _, name := range p.keeps(step) {
		stored[name] = json.RawMessage("null")
		if v, ok := fields[name]; ok {
			stored[name] = v
		}
	}
	return stored
}

// asked is one answer with the step that asked for it.
type asked struct {
	step   *bpmn.Node
	answer outway.Answer
}

// ask puts the question of a lookup step, after those that it builds on.
func (p *Process) ask(ctx context.Context, step string, d Data) (outway.Answer, error) {
	q := p.Course.Questions[step]
	for _, earlier := range q.Answers {
		if _, ok := d.answers[earlier]; ok {
			continue
		}
		if _, err := p.ask(ctx, earlier, d); err != nil {
			return outway.Answer{}, err
		}
	}
	if err := p.begin(ctx); err != nil {
		return outway.Answer{}, err
	}
	a, err := q.Ask(asking(ctx), d)
	if err == nil {
		d.answers[step] = a
	}
	return a, err
}

// outcome is how a lookup step ends.
func outcome(n *bpmn.Node, a outway.Answer) string {
	switch {
	case len(n.Outcomes) == 0:
		return ""
	case a.Found:
		return outcomeFound
	}
	return outcomeNotFound
}

// ahead puts the questions from a step on before anything is saved, when one of
// them needs what is not stored. Then either all that needs it has been asked
// and the zaak moves past it at once, or nothing is saved: a zaak never waits
// for a question that cannot be put again. Trail holds how each of the lookups
// ended. When nothing needs to be asked first, the step itself is where the
// zaak goes, and the lookups follow after it is saved.
func (p *Process) ahead(ctx context.Context, n *bpmn.Node, d Data) (to *bpmn.Node, trail string, answers []asked, err error) {
	if !p.Course.needsInput(n) {
		return n, "", nil, nil
	}
	var ends []string
	for n.Kind == bpmn.Service {
		a, err := p.ask(ctx, n.Step, d)
		if err != nil {
			p.Log.WarnContext(ctx, "bron niet bereikbaar, niets bewaard", "stap", n.Step, "fout", err)
			return nil, "", nil, unavailable(err, nothingStored)
		}
		answers = append(answers, asked{n, a})
		ended := outcome(n, a)
		ends = append(ends, cmp.Or(ended, noOutcome))
		n = n.Next(ended)
	}
	return n, strings.Join(ends, " "), answers, nil
}

// noOutcome stands in a trail for a lookup that goes one way only.
const noOutcome = "-"

// start begins a zaak. It gives the zaak as it is then.
func (p *Process) start(ctx context.Context, a attempt) (d outway.Done, answers []asked, err error) {
	first := p.model.First()
	data := newData(nil, a.fields)
	next := first
	if first.StepKind == "form" {
		next = first.Next("")
	}
	if err := p.firstTime(ctx, a, next); err != nil {
		return d, nil, err
	}
	to, trail, answers, err := p.ahead(ctx, next, data)
	if err != nil {
		return d, nil, err
	}
	n := outway.NewZaak{Omschrijving: p.model.Title, Zaaktype: p.model.Name, CurrentStep: to.Step, Initiator: a.user.Applicant().ID, SetBy: a.user.ID, Process: p.version()}
	if a.user.Represents.Known() {
		n.Representative = a.user.ID
	}
	w := outway.Work{Open: &n, OpenKey: a.derive("zaak"), Record: p.record(a), RecordKey: a.derive("onderwerp")}
	// A zaak that has passed lookups, or that ends at once, begins at its first
	// step and gets there by a status that says how.
	if len(answers) > 0 || to.Kind == bpmn.End {
		n.CurrentStep = first.Step
		status := p.move(to, trail, "", a.user.ID)
		w.Move, w.MoveKey = &status, a.derive("verder")
	}
	asks := w.Move == nil && to.Kind == bpmn.Service
	if asks {
		w.Asks = p.foresee(ctx, to, data)
	}
	if d, err = p.open(ctx, a, w, !asks); err != nil || !asks {
		return d, answers, err
	}
	defer p.hold(d.Zaak.ID)()
	if d.Subject != nil {
		data.subject = newData(d.Subject.Data, nil).subject
	}
	o, _ := p.onward(ctx, d.Zaak, data) // the zaak is there; the rest goes on by itself
	return o.since(d), append(answers, o.answers...), nil
}

// firstVersion is that of a zaak that has not moved yet.
const firstVersion = `"1"`

// open stores what the first form asks, and opens the zaak.
func (p *Process) open(ctx context.Context, a attempt, w outway.Work, last bool) (outway.Done, error) {
	d, err := p.openOnce(ctx, w, last)
	if _, reused := outway.Reused(err); !reused {
		return d, storeFault(err)
	}
	zaak, opened := p.opened(ctx, a)
	if _, other := outway.Reused(opened); other {
		return d, sentBefore(zaakOf(zaak, opened))
	}
	if w.Record == nil || opened != nil && outway.Status(opened) != http.StatusNotFound {
		return d, storeFault(err)
	}
	// No zaak came of the first: a version of before stored a record, and there it
	// broke off. Nobody got an answer, and what was corrected since then may still be
	// sent, and again.
	w.RecordKey = a.derive("onderwerp/" + a.print)
	if d, err = p.openOnce(ctx, w, last); err != nil {
		return d, p.startFault(ctx, a, err)
	}
	return d, nil
}

// openOnce opens a zaak and moves it on. A repetition may find that it was moved
// before, with another key or by itself.
func (p *Process) openOnce(ctx context.Context, w outway.Work, last bool) (outway.Done, error) {
	d, err := p.do(ctx, w, last)
	if w.Move == nil || outway.Status(err) != http.StatusPreconditionFailed && outway.Status(err) != http.StatusConflict {
		return d, err
	}
	if _, reused := outway.Reused(err); reused {
		return d, err
	}
	w.Move = nil
	again, fault := p.do(ctx, w, last)
	if fault == nil && again.Zaak.CurrentStep == w.Open.CurrentStep && again.Zaak.Version == firstVersion {
		return d, err // it is there and cannot move
	}
	return again, fault
}

// record is what the first form asks about the subject of the zaak; nil when there
// is nothing to store.
func (p *Process) record(a attempt) map[string]json.RawMessage {
	first := p.model.First()
	if p.Course.Subject == "" || first.StepKind != "form" {
		return nil
	}
	stored := p.split(first.Step, a.fields)
	maps.DeleteFunc(stored, func(_ string, v json.RawMessage) bool { return string(v) == "null" }) // nothing to clear yet
	return stored
}

// complete ends the step at which a zaak is. The versions are those that the
// user saw: of two people who complete the same step one succeeds, also when
// both changed the record first.
func (p *Process) complete(ctx context.Context, s state, a attempt) (d outway.Done, answers []asked, err error) {
	z, o, at := s.zaak, s.subject, s.at
	defer p.hold(z.ID)()
	next := at.Next(a.outcome)
	var stored json.RawMessage
	if o != nil {
		stored = o.Data
	}
	changes := p.split(at.Step, a.fields)
	filled := map[string]json.RawMessage{}
	maps.Copy(filled, a.fields)
	maps.Copy(filled, changes) // what was cleared no longer counts
	data := newData(stored, filled)
	to, ended := next, a.outcome
	if at.StepKind == "form" {
		if to, ended, answers, err = p.ahead(ctx, next, data); err != nil {
			return d, nil, err
		}
	}
	status := p.move(to, ended, a.remark, a.user.ID)
	w := outway.Work{Zaak: z.ID, Version: z.Version, Move: &status, MoveKey: a.derive(z.ID + at.Step), Asks: p.foresee(ctx, to, data)}
	if o != nil && len(changes) > 0 {
		w.Subject, w.SubjectTag, w.Change = o.ID, o.Version, changes
	}
	if d, err = p.do(ctx, w, to.Kind != bpmn.Service); err != nil {
		return d, nil, storeFault(err)
	}
	if to.Kind != bpmn.Service || d.Repeated {
		return d, answers, nil
	}
	moved, _ := p.onward(ctx, d.Zaak, data) // the step is done; the rest goes on by itself
	return moved.since(d), append(answers, moved.answers...), nil
}

// move is the status that brings a zaak to a step, and ends it at an end.
func (p *Process) move(to *bpmn.Node, ended, remark, by string) outway.NewStatus {
	n := outway.NewStatus{Statustype: to.Step, Outcome: ended, Statustoelichting: remark, SetBy: by}
	if to.Kind == bpmn.End {
		n.Resultaat = to.Result
	}
	return n
}

// movement is how far a zaak went by lookup steps.
type movement struct {
	zaak    outway.Zaak
	set     []outway.StatusRecord
	answers []asked
	unsure  bool // somebody else may have moved it meanwhile
}

// since is how it is after the work that began the movement.
func (m movement) since(d outway.Done) outway.Done {
	if m.zaak.ID != "" {
		d.Zaak = m.zaak
	}
	d.Set = append(d.Set, m.set...)
	d.Repeated = d.Repeated || m.unsure
	return d
}

// onward puts the questions of the lookup steps at which a zaak is, one by one,
// and moves it after each answer. When a source or layer 2 is out of reach the
// zaak rests where it is, and resume goes on with it later; the error says why.
func (p *Process) onward(ctx context.Context, z outway.Zaak, d Data) (m movement, err error) {
	m.zaak = z
	for z.Open() && !z.Stopped() {
		here := p.at(ctx, z)
		n := here.at
		if here.lost || n.Kind != bpmn.Service {
			return m, nil
		}
		if z.Subject != "" && len(d.subject) == 0 && p.Course.Subject != "" {
			if err := p.begin(ctx); err != nil {
				return m, err
			}
			o, err := p.Subjects.Subject(ctx, z.Subject)
			if err != nil {
				return m, p.rests(ctx, z, n, err, storeFault(err))
			}
			d.subject = newData(o.Data, nil).subject
		}
		a, err := p.ask(ctx, n.Step, d)
		if err != nil {
			return m, p.rests(ctx, z, n, err, unavailable(err, ""))
		}
		ended := outcome(n, a)
		to := n.Next(ended)
		status := p.move(to, ended, "", "")
		done, err := p.do(ctx, outway.Work{Zaak: z.ID, Version: z.Version, Move: &status, MoveKey: outway.Key{ID: uuid.NewString()}, Asks: p.foresee(ctx, to, d)}, to.Kind != bpmn.Service)
		if err != nil {
			m.unsure = true
			return m, p.rests(ctx, z, n, err, storeFault(err))
		}
		z = done.Zaak
		m.zaak, m.set, m.answers = z, append(m.set, done.Set...), append(m.answers, asked{n, a})
	}
	return m, nil
}

// rests writes down why a zaak waits at a lookup step, and returns what a
// caller hears of it.
func (p *Process) rests(ctx context.Context, z outway.Zaak, n *bpmn.Node, cause, heard error) error {
	if s := outway.Status(cause); s != http.StatusPreconditionFailed && s != http.StatusConflict { // or somebody else moved it meanwhile
		p.Log.WarnContext(ctx, "zaak wacht bij een bevraging", "zaak", z.ID, "stap", n.Step, "fout", cause)
	}
	return heard
}

// hold marks a zaak as being moved, so that resume leaves it alone; the
// function that it returns ends that.
func (p *Process) hold(zaak string) func() {
	p.mu.Lock()
	p.busy[zaak]++
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.busy[zaak]--; p.busy[zaak] == 0 {
			delete(p.busy, zaak)
		}
	}
}

// storeFault is what a caller hears when layer 2 does not do what was asked.
func storeFault(err error) error {
	if _, reused := outway.Reused(err); reused {
		return sentBefore("")
	}
	switch outway.Status(err) {
	case http.StatusNotFound:
		return rest.NotFound()
	case http.StatusPreconditionFailed:
		return rest.Stale()
	case http.StatusConflict:
		return rest.NewProblem(http.StatusConflict, "Dit kan nu niet: de zaak is intussen verder of afgesloten.")
	case http.StatusBadRequest:
		return rest.NewProblem(http.StatusBadRequest, "Het register neemt deze gegevens niet aan.")
	}
	if f, ok := errors.AsType[*outway.Fault](err); ok && (f.Temporary() || f.Status >= http.StatusInternalServerError) {
		if f.Kind == outway.FaultRecording {
			return notLogged("Er is niets gedaan", err)
		}
		text := "Het register is nu niet bereikbaar of niet te gebruiken; probeer het zo nog eens."
		if f.Kind == outway.FaultService && f.Wait >= repairs {
			text = "Het register kan nu niets bewaren. De beheerder moet dat eerst verhelpen; probeer het daarna nog eens."
		}
		return rest.NewProblem(http.StatusServiceUnavailable, text).With("Retry-After", comeBack(err))
	}
	return err
}
