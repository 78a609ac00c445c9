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
		{Name: "opschonen", Summary: "maak een lijst van wat de bewaartermijn voorbij is, of vernietig die", Run: p.command((*Parts).cleanUp)},
		{Name: "inzage", Summary: "schrijf op wat er over één persoon bekend is", Run: p.command((*Parts).lookUp)},
		{Name: "afnemer", Summary: "maak een token waarmee een ander systeem laag 2 mag gebruiken", Run: p.command((*Parts).afnemer)},
		{Name: "reservekopie", Summary: "schrijf alle gegevens in een bestand", Run: p.command((*Parts).backUp)},
		{Name: "terugzetten", Summary: "zet een reservekopie in een lege database", Run: p.command((*Parts).restore)},
	}
}

// archive is the archive of an API that fits its tables and the process.
func (p *Parts) archive(ctx context.Context, db *opslag.Database, api register.API, log register.Log) (*register.Archive, error) {
	if err := api.Check(ctx, p.Course.Subject); err != nil {
		return nil, err
	}
	var faults []error
	earlier, err := p.earlier(ctx, db)
	if err != nil {
		return nil, err
	}
	models := append([]*bpmn.Process{p.Model}, earlier...)
	results := results(models)
	for _, result := range api.Results() {
		if !slices.Contains(results, result) {
			faults = append(faults, fmt.Errorf("1-gegevens: Retention noemt resultaat %q; dat staat bij geen einde in 4-proces/proces.bpmn, en stond daar ook niet eerder", result))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	o := register.ArchiveOptions{Zaaktype: p.Model.Name, Subject: p.Course.Subject}
	for _, model := range models {
		for _, n := range model.Steps() {
			if n.StepKind == "decide" && !slices.Contains(o.Decides, n.Step) {
				o.Decides = append(o.Decides, n.Step)
			}
		}
	}
	o.Citizens = p.fromOutside()
	return register.NewArchive(db, api, o, log), nil
}

// fromOutside says whether people from outside begin zaken.
func (p *Parts) fromOutside() bool {
	first := p.Model.First().Role
	return slices.ContainsFunc(p.Course.Roles, func(r identity.Role) bool { return r.Name == first && r.Outside() })
}

// earlier are the processes under which zaken began before the one of today: what
// was decided or ended there still has a term. One that this kern cannot read says
// nothing.
func (p *Parts) earlier(ctx context.Context, db *opslag.Database) (all []*bpmn.Process, err error) {
	zaken, own := opslag.NewZaken(db, ""), p.Model.Sum()
	known, err := zaken.Definitions(ctx, p.Model.Name)
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Backward(known) {
		if d.Sum == own {
			continue
		}
		if d, err = zaken.Definition(ctx, p.Model.Name, d.Version); err != nil {
			return nil, err
		}
		if model, err := bpmn.Parse([]byte(d.BPMN)); err == nil {
			all = append(all, model)
		}
	}
	return all, nil
}

// results are those with which a zaak can end.
func results(models []*bpmn.Process) (all []string) {
	for _, model := range models {
		for _, n := range model.Steps() {
			if n.Kind == bpmn.End {
				all = append(all, n.Result)
			}
		}
	}
	return all
}
