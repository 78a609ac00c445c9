package openfsc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// Request is a contract in which somebody asks for one of our services.
type Request struct {
	Contract  string // hash of the contract
	Consumer  string // OIN
	Service   string
	Until     time.Time
	Objection string // why it should not be accepted; "" when it may
	Pending   bool   // for our signature
}

// Requests lists the contracts for our services that nobody ended. The content
// comes from the other side, so a contract is judged as a whole: one grant, for
// one of our services, in our group, bound to the key of an outway, and not for
// ever.
func (adm *Admin) Requests(ctx context.Context) ([]Request, error) {
	contracts, err := adm.API.Contracts(ctx, Connection, "")
	if err != nil {
		return nil, err
	}
	pending, err := adm.API.Pending(ctx)
	if err != nil {
		return nil, err
	}
	var all []Request
	for _, c := range contracts {
		ours := slices.ContainsFunc(c.Content.Grants, func(g GrantContent) bool { return g.Service.PeerID == adm.FSC.Own.OIN })
		if c.dead() || !ours && !pending[c.ID()] || c.ID() == "" {
			continue
		}
		r := Request{Contract: c.ID(), Until: time.Unix(c.Content.Validity.NotAfter, 0).UTC(), Objection: adm.objection(c), Pending: pending[c.ID()]}
		if len(c.Content.Grants) > 0 {
			g := c.Content.Grants[0]
			r.Consumer, r.Service = printable([]byte(g.Outway.PeerID)), printable([]byte(g.Service.Name))
		}
		all = append(all, r)
	}
	return all, nil
}

// longest is the longest that a contract of somebody else may last.
const longest = 3 * 366 * 24 * time.Hour

// objection is the first reason not to sign a contract, "" when there is none.
func (adm *Admin) objection(c Contract) string {
	v := c.Content.Validity
	switch {
	case c.Content.GroupID != adm.FSC.Group:
		return "het hoort bij een andere FSC-groep"
	case c.Content.HashAlgorithm != hashAlgorithm:
		return "het heeft een ander hash-algoritme dan " + hashAlgorithm
	case v.NotAfter <= adm.Now().Unix():
		return "het is verlopen"
	case time.Duration(v.NotAfter-v.NotBefore) > longest/time.Second:
		return "het geldt langer dan drie jaar"
	case len(c.Content.Grants) != 1:
		return fmt.Sprintf("het vraagt %d rechten in plaats van één", len(c.Content.Grants))
	}
	g := c.Content.Grants[0]
	switch {
	case g.Type != Connection || g.Service.Type != serviceType:
		return "het is geen gewone verbinding met een dienst"
	case g.Service.PeerID != adm.FSC.Own.OIN:
		return "het gaat over een dienst van een ander"
	case !slices.ContainsFunc(adm.FSC.Offered, func(s fsc.Offer) bool { return s.Name == g.Service.Name }):
		return "deze dienst staat niet bij aangeboden in fsc.yaml"
	case g.Outway.Identification.Type != thumbprintType || !hexThumbprint.MatchString(g.Outway.Identification.PublicKeyThumbprint):
		return "het is niet gebonden aan de sleutel van een outway"
	}
	return ""
}

// Accept signs what a consumer asks of us and what there is no objection
// to. Who the consumer is, is a decision of people: there is no "all". With
// again, our signature under earlier contracts is sent once more.
func (adm *Admin) Accept(ctx context.Context, consumer string, again bool) (int, error) {
	requests, err := adm.Requests(ctx)
	if err != nil {
		return 0, err
	}
	done := 0
	var faults []error
	for _, r := range requests {
		switch {
		case r.Consumer != consumer || !r.Pending && !again:
		case r.Objection != "":
			faults = append(faults, fmt.Errorf("%s: niet aanvaard, want %s", r.Contract, r.Objection))
		case r.Pending:
			if err := adm.API.Accept(ctx, r.Contract); err != nil {
				faults = append(faults, err)
				continue
			}
			adm.Say("Aanvaard: %s voor %s, tot %s (contract %s).", r.Service, r.Consumer, r.Until.Format(time.DateOnly), r.Contract)
			done++
		default:
			if err := adm.API.Resend(ctx, r.Contract, consumer); err != nil {
				faults = append(faults, err)
				continue
			}
			adm.Say("Opnieuw gestuurd: onze handtekening onder contract %s.", r.Contract)
			done++
		}
	}
	return done, errors.Join(faults...)
}
