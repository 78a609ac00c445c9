package start

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// commands are what the component can do beside running.
func (p *Parts) commands() []Command {
	return []Command{
		{Name: "opschonen", Summary: "maak een lijst van wat de bewaartermijn voorbij is, of vernietig die", Run: p.cleanUp},
		{Name: "inzage", Summary: "schrijf op wat er over één persoon bekend is", Run: p.lookUp},
	}
}

// archive is the archive of an API that fits its tables and the process.
func (p *Parts) archive(ctx context.Context, db *opslag.Database, api register.API, log register.Log) (*register.Archive, error) {
	if err := api.Check(ctx, p.Course.Subject); err != nil {
		return nil, err
	}
	var faults []error
	results := p.results()
	for _, result := range api.Results() {
		if !slices.Contains(results, result) {
			faults = append(faults, fmt.Errorf("1-gegevens: Retention noemt resultaat %q; dat staat bij geen einde in 4-proces/proces.bpmn", result))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	o := register.ArchiveOptions{Zaaktype: p.Model.Name, Subject: p.Course.Subject}
	for _, n := range p.Model.Steps() {
		if n.StepKind == "decide" {
			o.Decides = append(o.Decides, n.Step)
		}
	}
	first := p.Model.First().Role
	o.Citizens = slices.ContainsFunc(p.Course.Roles, func(r identity.Role) bool { return r.Name == first && r.Outside() })
	return register.NewArchive(db, api, o, log), nil
}

// results are those with which a zaak can end.
func (p *Parts) results() (all []string) {
	for _, n := range p.Model.Steps() {
		if n.Kind == bpmn.End {
			all = append(all, n.Result)
		}
	}
	return all
}
