package openfsc

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Gebrek is something that is still missing, with the step that it stops.
type Gebrek struct{ Stap, Wat string }

// Gebreken lists what is missing before the services can be published and
// connected, without asking anybody: from fsc.yaml and the contract files.
func (b *Beheer) Gebreken() []Gebrek {
	var all []Gebrek
	add := func(stap string, err error) {
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			all = append(all, Gebrek{stap, strings.TrimSpace(line)})
		}
	}
	f := b.FSC
	need := func(stap, value, key, who string) {
		if value == "" {
			all = append(all, Gebrek{stap, fmt.Sprintf("vul %s in 3-integratie/fsc.yaml in; %s weet het", key, who)})
		}
	}
	const beheer, netwerk, platform, groep = "uw FSC-beheerder", "de netwerkbeheerder", "de platformbeheerder", "de beheerder van de FSC-groep"
	need("alles", f.Adressen.Manager, "adressen.manager", beheer)
	need("alles", f.Adressen.ControllerBeheer, "adressen.controllerBeheer", beheer)
	need("alles", f.Adressen.Controller, "adressen.controller", beheer)
	need("alles", f.Adressen.Transactielog, "adressen.transactielog", beheer)
	need("alles", f.Directory.Manager, "directory.manager", groep)
	need("verbinden", f.Adressen.Outway, "adressen.outway", platform)
	need("publiceren", f.Adressen.Inway, "adressen.inway", netwerk)
	need("publiceren", f.Adressen.ManagerVoorInway, "adressen.managerVoorInway", beheer)
	for i, s := range f.Aangeboden {
		need("publiceren", s.Adres, fmt.Sprintf("aangeboden[%d].adres", i), platform)
		_, err := b.body(afspraak{grantType: Publicatie, dienst: s.Naam, bestand: s.Contract, aanbieder: f.Eigen.OIN})
		add("publiceren", err)
	}
	// The thumbprint comes from the controller when it is there.
	known := strings.Repeat("0", 64)
	for _, d := range f.Afgenomen {
		_, err := b.body(afspraak{grantType: Verbinding, dienst: d.Naam, bestand: d.Contract, aanbieder: d.Aanbieder.OIN, thumbprint: known})
		add("verbinden met "+d.Naam, err)
	}
	return all
}

// Bereikbaar asks Manager and Controller whether they let us in, and whether
// outway and inway have reported. Each error is one thing that is not so.
func (b *Beheer) Bereikbaar(ctx context.Context) []error {
	var faults []error
	if contracts, err := b.API.Contracts(ctx, "", ""); err != nil {
		faults = append(faults, err)
	} else {
		b.Zeg("De manager antwoordt; er zijn %d contracten.", len(contracts))
		faults = append(faults, b.aflopend(contracts)...)
	}
	outways, err := b.API.Outways(ctx)
	if err != nil {
		return append(faults, err) // the inways would give the same
	}
	if slices.ContainsFunc(outways, func(o Geregistreerd) bool { return o.Name == b.FSC.Namen.Outway }) {
		b.Zeg("De outway %s heeft zich gemeld.", b.FSC.Namen.Outway)
	} else {
		faults = append(faults, fmt.Errorf("de outway %s heeft zich niet bij de controller gemeld (%d andere wel)", b.FSC.Namen.Outway, len(outways)))
	}
	inways, err := b.API.Inways(ctx)
	switch {
	case err != nil:
		faults = append(faults, err)
	case slices.ContainsFunc(inways, func(i Geregistreerd) bool { return i.Address == b.FSC.Adressen.Inway }):
		b.Zeg("De inway op %s heeft zich gemeld.", b.FSC.Adressen.Inway)
	case len(b.FSC.Aangeboden) > 0:
		faults = append(faults, fmt.Errorf("geen inway heeft zich gemeld met precies het adres %q", b.FSC.Adressen.Inway))
	}
	return faults
}

// aflopend names the services whose last valid contract ends soon.
func (b *Beheer) aflopend(contracts []Contract) []error {
	var faults []error
	for _, d := range b.FSC.Afgenomen {
		a := afspraak{grantType: Verbinding, dienst: d.Naam, aanbieder: d.Aanbieder.OIN}
		var last int64
		soon := false
		for _, c := range contracts {
			if a.past(b, c) && c.State == geldig && c.Content.Validity.NotAfter > last {
				last, soon = c.Content.Validity.NotAfter, b.looptAf(c)
			}
		}
		if soon {
			faults = append(faults, fmt.Errorf("%s: het contract loopt af op %s; vraag de opvolger met: go run ./kern/beheer verbind %s",
				d.Naam, time.Unix(last, 0).UTC().Format(time.DateOnly), d.Naam))
		}
	}
	return faults
}
