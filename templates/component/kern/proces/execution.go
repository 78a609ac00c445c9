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
	a, err := q.Ask(ctx, d)
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

// start begins a zaak.
func (p *Process) start(ctx context.Context, a attempt) (zaak string, answers []asked, err error) {
	first := p.model.First()
	d := newData(nil, a.fields)
	next := first
	if first.StepKind == "form" {
		next = first.Next("")
	}
	if err := p.firstTime(ctx, a, next); err != nil {
		return "", nil, err
	}
	to, trail, answers, err := p.ahead(ctx, next, d)
	if err != nil {
		return "", nil, err
	}
	n := outway.NewZaak{Omschrijving: p.model.Title, Zaaktype: p.model.Name, CurrentStep: to.Step, Initiator: a.user.Applicant().ID, SetBy: a.user.ID, Process: p.version()}
	if a.user.Represents.Known() {
		n.Representative = a.user.ID
	}
	// A zaak that has passed lookups, or that ends at once, begins at its first
	// step and gets there by a status that says how.
	passes := len(answers) > 0 || to.Kind == bpmn.End
	if passes {
		n.CurrentStep = first.Step
	}
	if n.Subject, err = p.record(ctx, a); err != nil {
		return "", nil, err
	}
	z, err := p.Zaken.CreateZaak(ctx, n, a.derive("zaak"))
	if err != nil {
		return "", nil, p.startFault(ctx, a, err)
	}
	p.about(ctx, z)
	defer p.hold(z.ID)()
	if !passes {
		more, _ := p.onward(ctx, z, d) // the zaak is there; the rest goes on by itself
		return z.ID, append(answers, more...), nil
	}
	if z.CurrentStep == first.Step && z.Version == firstVersion { // or a repetition found it further on
		_, err = p.Zaken.SetStatus(ctx, z.ID, z.Version, p.move(to, trail, "", a.user.ID), a.derive("verder"))
	}
	if err != nil {
		return "", nil, storeFault(err)
	}
	return z.ID, answers, nil
}

// firstVersion is that of a zaak that has not moved yet.
const firstVersion = `"1"`

// record stores what the first form asks about the subject of the zaak, and
// gives its id; "" when there is nothing to store.
func (p *Process) record(ctx context.Context, a attempt) (string, error) {
	first := p.model.First()
	if p.Course.Subject == "" || first.StepKind != "form" {
		return "", nil
	}
	stored := p.split(first.Step, a.fields)
	maps.DeleteFunc(stored, func(_ string, v json.RawMessage) bool { return string(v) == "null" }) // nothing to clear yet
	o, err := p.Subjects.CreateSubject(ctx, stored, a.derive("onderwerp"))
	if _, reused := outway.Reused(err); reused {
		// When no zaak came of the first it broke off halfway: nobody got an
		// answer, and what was corrected since then may still be sent, and again.
		if _, opened := p.Zaken.Opened(ctx, a.derive("zaak")); opened == nil || outway.Status(opened) == http.StatusNotFound {
			o, err = p.Subjects.CreateSubject(ctx, stored, a.derive("onderwerp/"+a.print))
		}
	}
	if err != nil {
		return "", p.startFault(ctx, a, err)
	}
	return o.ID, nil
}

// complete ends the step at which a zaak is. The versions are those that the
// user saw: of two people who complete the same step one succeeds, also when
// both changed the record first.
func (p *Process) complete(ctx context.Context, s state, a attempt) ([]asked, error) {
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
	d := newData(stored, filled)
	to, ended := next, a.outcome
	var answers []asked
	if at.StepKind == "form" {
		var err error
		if to, ended, answers, err = p.ahead(ctx, next, d); err != nil {
			return nil, err
		}
	}
	if o != nil && len(changes) > 0 {
		if _, err := p.Subjects.UpdateSubject(ctx, o.ID, o.Version, changes); err != nil {
			return nil, storeFault(err)
		}
	}
	if _, err := p.Zaken.SetStatus(ctx, z.ID, z.Version, p.move(to, ended, a.remark, a.user.ID), a.derive(z.ID+at.Step)); err != nil {
		return nil, storeFault(err)
	}
	if to.Kind != bpmn.Service {
		return answers, nil
	}
	z, err := p.Zaken.Zaak(ctx, z.ID)
	if err != nil {
		return answers, nil //nolint:nilerr // the step is done; the rest goes on by itself
	}
	more, _ := p.onward(ctx, z, d) // likewise
	return append(answers, more...), nil
}

// move is the status that brings a zaak to a step, and ends it at an end.
func (p *Process) move(to *bpmn.Node, ended, remark, by string) outway.NewStatus {
	n := outway.NewStatus{Statustype: to.Step, Outcome: ended, Statustoelichting: remark, SetBy: by}
	if to.Kind == bpmn.End {
		n.Resultaat = to.Result
	}
	return n
}

// onward puts the questions of the lookup steps at which a zaak is, one by one,
// and moves it after each answer. When a source or layer 2 is out of reach the
// zaak rests where it is, and resume goes on with it later; the error says why.
func (p *Process) onward(ctx context.Context, z outway.Zaak, d Data) (answers []asked, err error) {
	for z.Open() && !z.Stopped() {
		here := p.at(ctx, z)
		n := here.at
		if here.lost || n.Kind != bpmn.Service {
			return answers, nil
		}
		if z.Subject != "" && len(d.subject) == 0 {
			o, err := p.Subjects.Subject(ctx, z.Subject)
			if err != nil {
				return answers, p.rests(ctx, z, n, err, storeFault(err))
			}
			d.subject = newData(o.Data, nil).subject
		}
		a, err := p.ask(ctx, n.Step, d)
		if err != nil {
			return answers, p.rests(ctx, z, n, err, unavailable(err, ""))
		}
		ended := outcome(n, a)
		if _, err := p.Zaken.SetStatus(ctx, z.ID, z.Version, p.move(n.Next(ended), ended, "", ""), outway.Key{ID: uuid.NewString()}); err != nil {
			return answers, p.rests(ctx, z, n, err, storeFault(err))
		}
		answers = append(answers, asked{n, a})
		if z, err = p.Zaken.Zaak(ctx, z.ID); err != nil {
			return answers, storeFault(err)
		}
	}
	return answers, nil
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
	if f, ok := errors.AsType[*outway.Fault](err); ok && f.Temporary() {
		text := "Het register is nu niet bereikbaar of niet te gebruiken; probeer het zo nog eens."
		if f.Kind == outway.FaultService && f.Wait >= repairs {
			text = "Het register kan nu niets bewaren. De beheerder moet dat eerst verhelpen; probeer het daarna nog eens."
		}
		return rest.NewProblem(http.StatusServiceUnavailable, text).With("Retry-After", comeBack(err))
	}
	return err
}
