package proces

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"reflect"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// InzageService is what layer 2 does for the rights of persons.
type InzageService interface {
	Inzage(ctx context.Context, s inzage.Search) (inzage.Report, error)
	Corrections(ctx context.Context, zaak string) ([]inzage.Correction, error)
	Correct(ctx context.Context, zaak, version string, n outway.NewCorrection) error
}

// inzageRoutes are the internal operations for the rights of persons. The search
// is not for the process but for what the law asks, and the log says so.
func (p *Process) inzageRoutes() []rest.Route {
	if p.Inzage == nil {
		return nil
	}
	return []rest.Route{
		{Method: http.MethodPost, Pattern: "/inzage", Handler: p.loggedFor(inzage.Activity, "Inzage: een persoon opzoeken", reads, p.search)},
		{Method: http.MethodPost, Pattern: "/zaken/{zaakId}/correcties", Handler: p.loggedFor(inzage.Activity, "Gegevens van een zaak verbeteren", changes, p.correct)},
	}
}

const maxSearch = 4 << 10 // bytes of JSON

// search tells an employee with the right what is known about one person.
func (p *Process) search(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.withRight(r, identity.RightInzage); err != nil {
		return err
	}
	var s inzage.Search
	if err := rest.DecodeInternal(w, r, maxSearch, &s); err != nil {
		return err
	}
	var faults []rest.Fault
	wrong := s.Wrong()
	for _, field := range []string{"soort", "nummer", "doel", "regels"} {
		if wrong[field] != "" {
			faults = append(faults, rest.InBody("/"+field, "check", wrong[field]))
		}
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	if h, ok := r.Context().Value(actionKey{}).(*action); ok {
		h.line.Name = "Inzage: " + s.Title()
	}
	found, err := p.Inzage.Inzage(r.Context(), s)
	if err != nil {
		return storeFault(err)
	}
	Explain(&found, p.models(r.Context(), outway.Zaak{}), p.Course, p.Sources)
	return rest.Write(w, http.StatusOK, found)
}

// Explain puts the titles of the process in a report, in the place of the names
// that layer 2 knows, those of the sources in the place of their fields, and says
// what its activities are for. Models are the processes in which a step can be
// found, the one of today first.
func Explain(r *inzage.Report, models iter.Seq2[int, *bpmn.Process], c Course, sources []outway.Bron) {
	for i := range r.Zaken {
		z := &r.Zaken[i]
		for j := range z.Statuses {
			status := &z.Statuses[j]
			if j > 0 && whole(*z) && status.Outcome != "" {
				status.Outcome = outcomeTitle(models, z.Statuses[j-1].Step, status.Outcome)
			}
		}
		for j := range z.Statuses { // when no name is needed any more
			z.Statuses[j].Step = stepTitle(models, z.Statuses[j].Step)
		}
		z.Step = stepTitle(models, z.Step)
		for j := range z.Corrections {
			z.Corrections[j].Role = c.roleTitle(z.Corrections[j].Role)
		}
	}
	for i := range r.Actions {
		a := &r.Actions[i]
		a.Role = c.roleTitle(a.Role)
		for j, d := range a.Details {
			if d.Bron != "" {
				a.Details[j].Titles = outway.Titles(sources, d.Bron, d.Fields)
			}
		}
		known := c.activity(a.ActivityURI)
		a.Purpose, a.Grondslag, a.Explanation = known.Purpose, known.Grondslag, known.Explanation
	}
}

func stepTitle(models iter.Seq2[int, *bpmn.Process], step string) string {
	for _, model := range models {
		if n := model.Step(step); n != nil {
			return n.Title
		}
	}
	return step
}

func outcomeTitle(models iter.Seq2[int, *bpmn.Process], step, outcome string) string {
	for _, model := range models {
		if n := model.Step(step); n != nil && n.HasOutcome(outcome) {
			return n.OutcomeTitle(outcome)
		}
	}
	return outcome
}

// whole says whether a report has all statuses of a zaak.
func whole(z inzage.Zaak) bool { return z.Relation == inzage.Applicant || z.Relation == inzage.About }

func (c Course) roleTitle(name string) string {
	for _, r := range c.Roles {
		if r.Name == name {
			return r.Title
		}
	}
	return name
}

// correctionBody is what the page sends to put the data of a zaak right.
type correctionBody struct {
	Data   map[string]json.RawMessage `json:"gegevens"`
	Reason string                     `json:"reden"`
}

const maxCorrection = 2 << 20 // bytes of JSON

// correct puts the data of a zaak right, also when it is closed or stands still.
func (p *Process) correct(w http.ResponseWriter, r *http.Request) error {
	u, err := p.withRight(r, identity.RightInzage)
	if err != nil {
		return err
	}
	var b correctionBody
	if err := rest.DecodeInternal(w, r, maxCorrection, &b); err != nil {
		return err
	}
	s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	if s.subject == nil {
		return rest.NewProblem(http.StatusConflict, "Bij deze zaak zijn geen gegevens bewaard die te verbeteren zijn.")
	}
	switch seen := r.Header.Get("If-Match"); {
	case seen == "":
		return rest.NewProblem(http.StatusPreconditionRequired, "Stuur de header If-Match mee met de ETag van de zaak.")
	case seen != s.etag():
		return p.corrects(w, r, u, s, b)
	}
	var faults []rest.Fault
	if strings.TrimSpace(b.Reason) == "" {
		faults = append(faults, rest.InBody("/reden", "required", "Geef de reden."))
	}
	changes := differing(s.subject.Data, b.Data)
	if len(changes) == 0 {
		faults = append(faults, rest.InBody("/gegevens", "unchanged", "Er is niets veranderd: verbeter minstens één gegeven."))
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	err = p.Inzage.Correct(r.Context(), s.zaak.ID, s.subject.Version, outway.NewCorrection{
		Collection: p.Course.Subject, Data: changes, Reason: b.Reason, SetBy: u.ID, Role: u.Role})
	if err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// corrects answers who sends a correction of a version that the zaak has left. It
// is done when this very correction was the last one: somebody clicked twice.
func (p *Process) corrects(w http.ResponseWriter, r *http.Request, u identity.User, s state, b correctionBody) error {
	all, err := p.Inzage.Corrections(r.Context(), s.zaak.ID)
	if err != nil {
		return storeFault(err)
	}
	if n := len(all); n == 0 || all[n-1].By != u.ID || all[n-1].Reason != strings.TrimSpace(b.Reason) || len(differing(s.subject.Data, b.Data)) > 0 {
		return rest.Stale()
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// differing are the fields of which the value is not what is stored. What is
// absent is null.
func differing(stored json.RawMessage, given map[string]json.RawMessage) map[string]json.RawMessage {
	now, _ := decode(stored).(map[string]any)
	changes := map[string]json.RawMessage{}
	for name, raw := range given {
		if !reflect.DeepEqual(now[name], decode(raw)) {
			changes[name] = raw
		}
	}
	return changes
}

// corrected puts corrections between the steps of a history.
func (p *Process) corrected(all []inzage.Correction, events []event, remarks bool) []event {
	for _, c := range all {
		var names []string
		for _, name := range c.Fields {
			names = append(names, inzage.Words(name))
		}
		e := event{Step: "correctie", Title: "Gegevens verbeterd", Time: c.Time, By: cmp.Or(p.roles[c.Role].Title, c.Role)}
		if remarks {
			e.Title += ": " + strings.Join(names, ", ")
			e.Explanation = c.Reason
		}
		at := len(events)
		for at > 0 && events[at-1].Time.After(c.Time) {
			at--
		}
		events = append(events[:at], append([]event{e}, events[at:]...)...)
	}
	return events
}
