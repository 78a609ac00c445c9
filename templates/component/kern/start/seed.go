package start

import (
	"context"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// seed puts the invented records of the team in an empty register, for
// development, with a zaak about each that the process is about. It belongs to
// one of the invented persons that one can log in as. When there is anything in
// the register already, it does nothing.
func (p *Parts) seed(ctx context.Context, zaken *opslag.Zaken, api register.API, key logboek.Key) error {
	if empty, err := opslag.Empty(ctx, zaken); err != nil || !empty || api.Seed == nil {
		return err
	}
	subjects, err := api.Seed(ctx)
	if err != nil {
		return err
	}
	first := p.Model.First()
	persons := p.persons(first.Role, key)
	if !first.Human() || len(persons) == 0 {
		return nil
	}
	for i, subject := range subjects {
		if err := p.seedZaak(ctx, zaken, persons[i%len(persons)], subject); err != nil {
			return err
		}
	}
	return nil
}

// persons are those who begin the invented zaken, for themselves: the numbers in
// the invented records are theirs, in this order.
func (p *Parts) persons(role string, key logboek.Key) []identity.User {
	var all []identity.User
	for _, persona := range identity.Personas(p.Course.Roles, p.Course.Variant, key.PersonID) {
		if persona.Role == role && len(all) < identity.PerRole {
			all = append(all, persona)
		}
	}
	return all
}

// seedZaak opens a zaak about a record and brings it to the first step after the
// start at which somebody has to do something. It never waits at a lookup: that
// question would be put by itself, and behind the outway there may be a real
// source, which nobody asks about invented persons.
func (p *Parts) seedZaak(ctx context.Context, zaken *opslag.Zaken, who identity.User, subject string) error {
	first := p.Model.First()
	outcome, to := onward(first)
	for range p.Model.Steps() {
		if to.Kind == bpmn.Service {
			_, to = onward(to)
		}
	}
	if to.Kind == bpmn.Service { // a round of lookups
		return nil
	}
	n := opslag.NewZaak{
		Omschrijving: p.Model.Title, Zaaktype: p.Model.Name, CurrentStep: first.Step, Subject: subject, SetBy: who.ID,
	}
	for _, role := range p.Course.Roles {
		if role.Name == first.Role && role.Outside() {
			n.Initiator = who.ID
		}
	}
	zaak, _, err := zaken.Create(ctx, n, opslag.Key{})
	if err != nil {
		return err
	}
	_, _, _, err = zaken.Move(ctx, zaak.ID, zaak.Version, opslag.NewStatus{
		Statustype: to.Step, Outcome: outcome, SetBy: who.ID, Resultaat: to.Result,
	}, opslag.Key{})
	return err
}

// onward is the first outcome of a step and where it leads.
func onward(n *bpmn.Node) (outcome string, to *bpmn.Node) {
	if len(n.Outcomes) > 0 {
		outcome = n.Outcomes[0].Name
	}
	return outcome, n.Next(outcome)
}
