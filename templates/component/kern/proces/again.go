package proces

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// askAgain puts the questions before the current step once more, for the
// person whose turn it is. Those that may change something are put only when the
// request says so (eenmalig): a page that is looked at asks by itself. A zaak that waits for a source gets its question put
// now, when a medewerker says so.
func (p *Process) askAgain(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	lookup := !s.lost && s.at.Kind == bpmn.Service && u.Known() && !p.roles[u.Role].Outside()
	if s.zaak.Open() && s.lost {
		return p.elsewhere(r.Context(), s)
	}
	if !s.zaak.Open() || !s.at.Human() && !lookup {
		return rest.NewProblem(http.StatusConflict, "De zaak wacht nu niet op iemand.")
	}
	if s.zaak.Stopped() {
		return stopped()
	}
	if lookup {
		return p.askNow(w, r, s)
	}
	if err := p.may(u, s.seen, s.at); err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if err := rest.Decode(r, &given); err != nil {
		return err
	}
	lookups := passedLast(s)
	var left []string
	if r.URL.Query().Get("eenmalig") != "true" {
		lookups, left = p.harmless(lookups)
	}
	if faults := p.missing(lookups, given); len(faults) > 0 {
		return rest.Invalid(faults...)
	}
	answers, err := p.again(r.Context(), lookups, s.subject, given)
	found := answersView{Answers: showAnswers(answers), Left: left}
	if fault, ok := errors.AsType[*rest.Problem](err); ok && len(answers) > 0 {
		found.Outage = fault.Detail // one source that fails does not take away what others said
	} else if err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, found)
}

// askNow puts the question at which a zaak waits. What the source says is for
// whoever goes on with it.
func (p *Process) askNow(w http.ResponseWriter, r *http.Request, s state) error {
	defer p.hold(s.zaak.ID)()
	if _, err := p.onward(r.Context(), s.zaak, newData(nil, nil)); err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, answersView{Answers: []answerView{}})
}

// passedLast lists the lookups that a zaak passed since a person had it last, by its
// statuses: only those are asked again, and only what they need. It is all that can
// come before the step when the statuses do not say.
func passedLast(s state) []*bpmn.Node {
	all := before(s.model, s.at)
	if len(all) < 2 {
		return all
	}
	var at *bpmn.Node
	var passed []*bpmn.Node
	for i, r := range s.statuses {
		to := s.model.Step(r.Statustype)
		if to == nil {
			return all // of an earlier version of the process
		}
		if r.Kind == outway.Transition { // it came here without passing anything
			at, passed = to, nil
			continue
		}
		if first := s.model.First(); i == 0 && first.StepKind == "form" && to != first {
			at = first // a zaak begins after its first form
		}
		switch {
		case at != nil && at.Kind == bpmn.Service:
			passed = append(passed, at)
		case at != nil:
			passed = trailOf(at, to, r.Outcome)
		}
		at = to
	}
	passed = slices.DeleteFunc(slices.Clone(all), func(n *bpmn.Node) bool { return !slices.Contains(passed, n) })
	if at != s.at || len(passed) == 0 {
		return all
	}
	return passed
}

// harmless parts the lookups that can be asked as often as somebody looks from
// those that may change something, of which the titles are left.
func (p *Process) harmless(lookups []*bpmn.Node) (harmless []*bpmn.Node, left []string) {
	for _, n := range lookups {
		if p.once(n) {
			left = append(left, n.Title)
			continue
		}
		harmless = append(harmless, n)
	}
	return harmless, left
}

// once says whether asking the question of a lookup, or one that it builds on, may
// change something.
func (p *Process) once(n *bpmn.Node) bool {
	return slices.ContainsFunc(p.Course.builtOn(n.Step), func(step string) bool { return p.Course.Questions[step].Once })
}

// again asks the sources of lookup steps once more. Nothing is stored and the
// zaak stays where it is. When a source fails, the answers before it come with
// the error.
func (p *Process) again(ctx context.Context, lookups []*bpmn.Node, o *outway.Subject, fields map[string]json.RawMessage) ([]asked, error) {
	var stored json.RawMessage
	if o != nil {
		stored = o.Data
	}
	d := newData(stored, fields)
	var answers []asked
	for _, n := range lookups {
		a, ok := d.answers[n.Step]
		if !ok {
			var err error
			if a, err = p.ask(ctx, n.Step, d); err != nil {
				p.Log.WarnContext(ctx, "bron niet bereikbaar", "stap", n.Step, "fout", err)
				return answers, unavailable(err, "")
			}
		}
		answers = append(answers, asked{n, a})
	}
	return answers, nil
}

// missing lists the fields that a repeated question needs and that are neither
// stored nor given, and after them those that the question can do without: a
// house letter that is not asked again would find another house.
func (p *Process) missing(lookups []*bpmn.Node, given map[string]json.RawMessage) []rest.Fault {
	var needed, helpful []rest.Fault
	seen := map[string]bool{}
	for _, n := range lookups {
		for _, step := range p.Course.builtOn(n.Step) {
			q := p.Course.Questions[step]
			for _, name := range slices.Concat(q.Required, q.Input) {
				if _, ok := given[name]; ok || seen[name] {
					continue
				}
				seen[name] = true
				if slices.Contains(q.Required, name) {
					needed = append(needed, rest.InBody("/"+name, "required", "Vul dit in: het is niet bewaard en de bron heeft het nodig."))
				} else {
					helpful = append(helpful, rest.InBody("/"+name, "optional", "Vul dit ook in als het er de vorige keer stond: het is niet bewaard."))
				}
			}
		}
	}
	if len(needed) == 0 {
		return nil
	}
	return append(needed, helpful...)
}
