package proces

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// history tells which steps are done. A status says to which step a zaak came;
// what ended is the step before it, and the lookups in between that were asked
// in one go. No line is left out: of a step that is there no more the title stands
// in the process of then.
func (p *Process) history(ctx context.Context, z outway.Zaak, statuses []outway.StatusRecord, remarks bool) []event {
	events := p.sinceWhen(z, statuses)
	from := ""
	for i, r := range statuses {
		if first := p.firstForm(ctx, z, r.Statustype); i == 0 && first != "" {
			from = first // a zaak begins after its first form
		}
		switch {
		case r.Kind == outway.Transition:
			events = append(events, event{Step: "overgang", Title: "Het proces is gewijzigd", Time: r.DatumStatusGezet, Explanation: r.Statustoelichting})
		case from != "":
			for j, e := range p.passed(ctx, z, from, r) {
				e.Time = r.DatumStatusGezet
				if j == 0 && remarks {
					e.Explanation = r.Statustoelichting
					if e.By != "" && z.Representative != "" && r.SetBy == z.Representative && r.SetBy != z.Initiator {
						e.By += representing
					}
				}
				events = append(events, e)
			}
		}
		from = r.Statustype
	}
	if n := len(statuses); n > 0 && !z.Open() {
		end := event{Step: z.CurrentStep, Title: z.CurrentStep, Time: statuses[n-1].DatumStatusGezet}
		if to := p.step(ctx, z, z.CurrentStep); to != nil {
			end.Title = to.Title
		}
		events = append(events, end)
	}
	return events
}

// sinceWhen says under which version a zaak began, when that is not the one of
// today.
func (p *Process) sinceWhen(z outway.Zaak, statuses []outway.StatusRecord) []event {
	own := p.version()
	if len(statuses) == 0 || z.Began == 0 || own == 0 || z.Began == own {
		return []event{}
	}
	title := fmt.Sprintf("Begonnen onder versie %d van het proces", z.Began)
	if z.Stays != 0 {
		title += fmt.Sprintf("; de zaak blijft op versie %d", z.Stays)
	}
	return []event{{Step: "procesversie", Title: title, Time: statuses[0].DatumStatusGezet}}
}

// firstForm is the form with which a zaak began that came at this step first; ""
// when there was none, or when the zaak still stands at it.
func (p *Process) firstForm(ctx context.Context, z outway.Zaak, came string) string {
	model := p.stored(ctx, z.Began)
	if model == nil {
		model = p.model
	}
	first := model.First()
	if first.StepKind != "form" || came == first.Step || model.Step(came) == nil && p.step(ctx, z, came) == nil {
		return ""
	}
	return first.Step
}

// representing stands behind the role of who did something for another.
const representing = ", gemachtigde"

// passed tells which steps ended when a zaak went from one step to another: the
// step itself, and after a form the lookups that were asked before anything was
// saved, with the trail that ahead left. It looks for the process in which a zaak
// can go that way; of a trail that fits none only the step itself is told.
func (p *Process) passed(ctx context.Context, z outway.Zaak, from string, r outway.StatusRecord) []event {
	var nearest *bpmn.Node
	for _, model := range p.modelsFrom(ctx, z, p.then(z, r.DatumStatusGezet)) {
		n, to := model.Step(from), model.Step(r.Statustype)
		if n == nil {
			continue
		}
		if nearest == nil {
			nearest = n
		}
		if to == nil {
			continue
		}
		if events := leads(n, to, r.Outcome); events != nil {
			return events
		}
	}
	if nearest == nil {
		return []event{{Step: from, Title: from, Outcome: r.Outcome}}
	}
	if nearest.StepKind == "form" {
		return []event{endedAs(nearest, "")}
	}
	return []event{endedAs(nearest, r.Outcome)}
}

// endedAs is a step that was done.
func endedAs(n *bpmn.Node, outcome string) event {
	e := event{Step: n.Step, Title: n.Title, By: n.RoleTitle}
	if outcome != "" {
		e.Outcome = n.OutcomeTitle(outcome)
	}
	return e
}

// leads tells how a zaak went from one step to another in one process; nil when it
// cannot go that way there.
func leads(from, to *bpmn.Node, outcome string) []event {
	if slices.Contains(from.Nexts(), to) {
		if outcome != "" && !from.HasOutcome(outcome) || from.HasOutcome(outcome) && from.Next(outcome) != to {
			return nil
		}
		return []event{endedAs(from, outcome)}
	}
	lookups := trailOf(from, to, outcome)
	if lookups == nil {
		return nil
	}
	events := []event{endedAs(from, "")}
	outcomes := strings.Fields(outcome)
	for i, n := range lookups {
		e := event{Step: n.Step, Title: n.Title}
		if outcomes[i] != noOutcome {
			e.Outcome = n.OutcomeTitle(outcomes[i])
		}
		events = append(events, e)
	}
	return events
}

// trailOf lists the lookups that were asked after a form and before anything was
// saved; none when the trail does not fit the process.
func trailOf(from, to *bpmn.Node, ended string) (lookups []*bpmn.Node) {
	next := from.Nexts()
	if from.StepKind != "form" || slices.Contains(next, to) {
		return nil
	}
	n := next[0]
	for _, outcome := range strings.Fields(ended) {
		if n.Kind != bpmn.Service {
			break
		}
		if outcome == noOutcome {
			outcome = ""
		}
		if !n.HasOutcome(outcome) {
			return nil
		}
		lookups = append(lookups, n)
		n = n.Next(outcome)
	}
	if n != to {
		return nil
	}
	return lookups
}
