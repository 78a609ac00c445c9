package openfsc

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Defect is something that is still missing, with the step that it stops.
type Defect struct{ Step, What string }

// Defects lists what is missing before the services can be published and
// connected, without asking anybody: from fsc.yaml and the contract files.
func (adm *Admin) Defects() []Defect {
	var all []Defect
	add := func(step string, err error) {
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			all = append(all, Defect{step, strings.TrimSpace(line)})
		}
	}
	f := adm.FSC
	need := func(step, value, key, who string) {
		if value == "" {
			all = append(all, Defect{step, fmt.Sprintf("vul %s in 3-integratie/fsc.yaml in; %s weet het", key, who)})
		}
	}
	const adminContact, networkContact, platformContact, groupContact = "uw FSC-beheerder", "de netwerkbeheerder", "de platformbeheerder", "de beheerder van de FSC-groep"
	need("alles", f.Addresses.Manager, "adressen.manager", adminContact)
	need("alles", f.Addresses.ControllerAdmin, "adressen.controllerBeheer", adminContact)
	need("alles", f.Addresses.Controller, "adressen.controller", adminContact)
	need("alles", f.Addresses.TransactionLog, "adressen.transactielog", adminContact)
	need("alles", f.Directory.Manager, "directory.manager", groupContact)
	need("verbinden", f.Addresses.Outway, "adressen.outway", platformContact)
	need("publiceren", f.Addresses.Inway, "adressen.inway", networkContact)
	need("publiceren", f.Addresses.ManagerForInway, "adressen.managerVoorInway", adminContact)
	for i, s := range f.Offered {
		need("publiceren", s.Address, fmt.Sprintf("aangeboden[%d].adres", i), platformContact)
		_, err := adm.body(agreement{grantType: Publication, service: s.Name, file: s.Contract, provider: f.Own.OIN})
		add("publiceren", err)
	}
	// The thumbprint comes from the controller when it is there.
	known := strings.Repeat("0", 64)
	for _, d := range f.Consumed {
		_, err := adm.body(agreement{grantType: Connection, service: d.Name, file: d.Contract, provider: d.Provider.OIN, thumbprint: known})
		add("verbinden met "+d.Name, err)
	}
	return all
}

// Reachable asks Manager and Controller whether they let us in, and whether
// outway and inway have reported. Each error is one thing that is not so.
func (adm *Admin) Reachable(ctx context.Context) []error {
	var faults []error
	if contracts, err := adm.API.Contracts(ctx, "", ""); err != nil {
		faults = append(faults, err)
	} else {
		adm.Say("De manager antwoordt; er zijn %d contracten.", len(contracts))
		faults = append(faults, adm.expiring(contracts)...)
	}
	outways, err := adm.API.Outways(ctx)
	if err != nil {
		return append(faults, err) // the inways would give the same
	}
	if slices.ContainsFunc(outways, func(o Registered) bool { return o.Name == adm.FSC.Names.Outway }) {
		adm.Say("De outway %s heeft zich gemeld.", adm.FSC.Names.Outway)
	} else {
		faults = append(faults, fmt.Errorf("de outway %s heeft zich niet bij de controller gemeld (%d andere wel)", adm.FSC.Names.Outway, len(outways)))
	}
	inways, err := adm.API.Inways(ctx)
	switch {
	case err != nil:
		faults = append(faults, err)
	case slices.ContainsFunc(inways, func(i Registered) bool { return i.Address == adm.FSC.Addresses.Inway }):
		adm.Say("De inway op %s heeft zich gemeld.", adm.FSC.Addresses.Inway)
	case len(adm.FSC.Offered) > 0:
		faults = append(faults, fmt.Errorf("geen inway heeft zich gemeld met precies het adres %q", adm.FSC.Addresses.Inway))
	}
	return faults
}

// expiring names the services whose last valid contract ends soon.
func (adm *Admin) expiring(contracts []Contract) []error {
	var faults []error
	for _, d := range adm.FSC.Consumed {
		a := agreement{grantType: Connection, service: d.Name, provider: d.Provider.OIN}
		var last int64
		soon := false
		for _, c := range contracts {
			if a.past(adm, c) && c.State == valid && c.Content.Validity.NotAfter > last {
				last, soon = c.Content.Validity.NotAfter, adm.endsSoon(c)
			}
		}
		if soon {
			faults = append(faults, fmt.Errorf("%s: het contract loopt af op %s; vraag de opvolger met: go run ./kern/beheer verbind %s",
				d.Name, time.Unix(last, 0).UTC().Format(time.DateOnly), d.Name))
		}
	}
	return faults
}
