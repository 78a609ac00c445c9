package openfsc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// Verzoek is a contract in which somebody asks for one of our services.
type Verzoek struct {
	Contract string // hash of the contract
	Afnemer  string // OIN
	Dienst   string
	Tot      time.Time
	Bezwaar  string // why it should not be accepted; "" when it may
	Wacht    bool   // for our signature
}

// Verzoeken lists the contracts for our services that nobody ended. The content
// comes from the other side, so a contract is judged as a whole: one grant, for
// one of our services, in our group, bound to the key of an outway, and not for
// ever.
func (b *Beheer) Verzoeken(ctx context.Context) ([]Verzoek, error) {
	contracts, err := b.API.Contracts(ctx, Verbinding, "")
	if err != nil {
		return nil, err
	}
	pending, err := b.API.Pending(ctx)
	if err != nil {
		return nil, err
	}
	var all []Verzoek
	for _, c := range contracts {
		ours := slices.ContainsFunc(c.Content.Grants, func(g GrantInhoud) bool { return g.Service.PeerID == b.FSC.Eigen.OIN })
		if c.dood() || !ours && !pending[c.ID()] || c.ID() == "" {
			continue
		}
		v := Verzoek{Contract: c.ID(), Tot: time.Unix(c.Content.Validity.NotAfter, 0).UTC(), Bezwaar: b.bezwaar(c), Wacht: pending[c.ID()]}
		if len(c.Content.Grants) > 0 {
			g := c.Content.Grants[0]
			v.Afnemer, v.Dienst = printable([]byte(g.Outway.PeerID)), printable([]byte(g.Service.Name))
		}
		all = append(all, v)
	}
	return all, nil
}

// langst is the longest that a contract of somebody else may last.
const langst = 3 * 366 * 24 * time.Hour

// bezwaar is the first reason not to sign a contract, "" when there is none.
func (b *Beheer) bezwaar(c Contract) string {
	v := c.Content.Validity
	switch {
	case c.Content.GroupID != b.FSC.Groep:
		return "het hoort bij een andere FSC-groep"
	case c.Content.HashAlgorithm != hashAlgorithm:
		return "het heeft een ander hash-algoritme dan " + hashAlgorithm
	case v.NotAfter <= b.Nu().Unix():
		return "het is verlopen"
	case time.Duration(v.NotAfter-v.NotBefore) > langst/time.Second:
		return "het geldt langer dan drie jaar"
	case len(c.Content.Grants) != 1:
		return fmt.Sprintf("het vraagt %d rechten in plaats van één", len(c.Content.Grants))
	}
	g := c.Content.Grants[0]
	switch {
	case g.Type != Verbinding || g.Service.Type != serviceType:
		return "het is geen gewone verbinding met een dienst"
	case g.Service.PeerID != b.FSC.Eigen.OIN:
		return "het gaat over een dienst van een ander"
	case !slices.ContainsFunc(b.FSC.Aangeboden, func(s fsc.Aanbod) bool { return s.Naam == g.Service.Name }):
		return "deze dienst staat niet bij aangeboden in fsc.yaml"
	case g.Outway.Identification.Type != thumbprintType || !hexThumbprint.MatchString(g.Outway.Identification.PublicKeyThumbprint):
		return "het is niet gebonden aan de sleutel van een outway"
	}
	return ""
}

// Accepteer signs what a consumer asks of us and what there is no objection
// to. Who the consumer is, is a decision of people: there is no "all". With
// again, our signature under earlier contracts is sent once more.
func (b *Beheer) Accepteer(ctx context.Context, consumer string, again bool) (int, error) {
	requests, err := b.Verzoeken(ctx)
	if err != nil {
		return 0, err
	}
	done := 0
	var faults []error
	for _, v := range requests {
		switch {
		case v.Afnemer != consumer || !v.Wacht && !again:
		case v.Bezwaar != "":
			faults = append(faults, fmt.Errorf("%s: niet aanvaard, want %s", v.Contract, v.Bezwaar))
		case v.Wacht:
			if err := b.API.Accept(ctx, v.Contract); err != nil {
				faults = append(faults, err)
				continue
			}
			b.Zeg("Aanvaard: %s voor %s, tot %s (contract %s).", v.Dienst, v.Afnemer, v.Tot.Format(time.DateOnly), v.Contract)
			done++
		default:
			if err := b.API.Resend(ctx, v.Contract, consumer); err != nil {
				faults = append(faults, err)
				continue
			}
			b.Zeg("Opnieuw gestuurd: onze handtekening onder contract %s.", v.Contract)
			done++
		}
	}
	return done, errors.Join(faults...)
}
