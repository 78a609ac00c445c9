package openfsc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// ErrWacht says that nothing is wrong here: somebody else has to do something.
var ErrWacht = errors.New("wacht op een ander")

// Beheer makes and finds contracts for one component.
type Beheer struct {
	FSC  fsc.File
	API  API
	Root string // folder of the component, where the contract files are

	Nu     func() time.Time
	Wacht  time.Duration // how long to wait for the other side
	Tussen time.Duration // time between two looks
	Zeg    func(format string, args ...any)
}

// Dienst finds a service that the component calls; the error lists the names.
func (b *Beheer) Dienst(name string) (fsc.Dienst, error) {
	var names []string
	for _, d := range b.FSC.Afgenomen {
		if d.Naam == name {
			return d, nil
		}
		names = append(names, d.Naam)
	}
	return fsc.Dienst{}, fmt.Errorf("dienst %q staat niet bij afgenomen in 3-integratie/fsc.yaml; daar staan %s", name, strings.Join(names, ", "))
}

// Publiceer brings every service that we offer into the controller and, with a
// publication contract, into the directory. What is there already is left alone.
func (b *Beheer) Publiceer(ctx context.Context) error {
	for _, s := range b.FSC.Aangeboden {
		if err := b.register(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.Naam, err)
		}
		contract, err := b.agree(ctx, afspraak{grantType: Publicatie, dienst: s.Naam, bestand: s.Contract, aanbieder: b.FSC.Eigen.OIN})
		if errors.Is(err, ErrWacht) {
			return fmt.Errorf("%s: de directory (%s) heeft de publicatie nog niet aanvaard. Vraag de beheerder van de FSC-groep of dat vanzelf gaat: %w", s.Naam, b.FSC.Directory.OIN, err)
		} else if err != nil {
			return fmt.Errorf("%s: %w", s.Naam, err)
		}
		b.Zeg("%s is gepubliceerd (contract %s).", s.Naam, contract.ID())
		if raw, err := b.API.Published(ctx, b.FSC.Directory.OIN, b.FSC.Eigen.OIN); err != nil || !bytes.Contains(raw, []byte(`"`+s.Naam+`"`)) {
			b.Zeg("Let op: in de directory is %s nog niet te vinden; kijk over een minuut nog eens.", s.Naam)
		}
	}
	return nil
}

// register tells the controller of a service once the inway has reported.
func (b *Beheer) register(ctx context.Context, s fsc.Aanbod) error {
	services, err := b.API.Services(ctx)
	if err != nil {
		return err
	}
	for _, known := range services {
		if known.Name == s.Naam {
			if s.Adres != "" && known.EndpointURL != "" && known.EndpointURL != s.Adres {
				b.Zeg("Let op: in de controller wijst %s naar %s, in fsc.yaml naar %s.", s.Naam, known.EndpointURL, s.Adres)
			}
			return nil
		}
	}
	inway := b.FSC.Adressen.Inway
	switch {
	case s.Adres == "":
		return errors.New("vul bij aangeboden in 3-integratie/fsc.yaml het adres in waarop de inway laag 2 bereikt; de platformbeheerder weet het")
	case inway == "":
		return errors.New("vul adressen.inway in 3-integratie/fsc.yaml in; de netwerkbeheerder weet de naam waarop andere peers de inway bereiken")
	}
	err = b.until(ctx, func() (bool, error) {
		inways, err := b.API.Inways(ctx)
		return slices.ContainsFunc(inways, func(i Geregistreerd) bool { return i.Address == inway }), err
	})
	if errors.Is(err, ErrWacht) {
		return fmt.Errorf("geen inway heeft zich bij de controller gemeld met precies het adres %s. Start de inway met dat adres als SELF_ADDRESS, met https:// en poort: %w", inway, err)
	} else if err != nil {
		return err
	}
	if err := b.API.NewService(ctx, Aangeboden{Name: s.Naam, EndpointURL: s.Adres, InwayAddress: inway}); err != nil {
		return err
	}
	b.Zeg("%s staat in de controller, achter %s.", s.Naam, inway)
	return nil
}

// Verbind makes the connection contract for a service, unless there is one,
// waits until it is valid and gives its grant hash.
func (b *Beheer) Verbind(ctx context.Context, d fsc.Dienst) (string, error) {
	thumbprint, err := b.thumbprint(ctx)
	if err != nil {
		return "", fmt.Errorf("%s: %w", d.Naam, err)
	}
	a := afspraak{grantType: Verbinding, dienst: d.Naam, bestand: d.Contract, aanbieder: d.Aanbieder.OIN, thumbprint: thumbprint}
	contract, err := b.agree(ctx, a)
	if errors.Is(err, ErrWacht) {
		return "", fmt.Errorf("%s: het contract is voorgesteld en %s (%s) heeft het nog niet aanvaard. Vraag dat aan de aanbieder. Zegt die dat het al aanvaard is, dan kwam zijn handtekening niet aan: laat hem die opnieuw sturen (bij dit programma: accepteer --opnieuw --afnemer %s). Draai daarna verbind nog eens; er komt geen tweede contract: %w",
			d.Naam, d.Aanbieder.Naam, d.Aanbieder.OIN, b.FSC.Eigen.OIN, err)
	} else if err != nil {
		return "", fmt.Errorf("%s: %w", d.Naam, err)
	}
	return b.grantHash(d.Naam, contract)
}

// GrantHash finds the grant hash of a service in the contracts that are valid
// now; the newest when there are more.
func (b *Beheer) GrantHash(ctx context.Context, d fsc.Dienst) (string, error) {
	contracts, err := b.API.Contracts(ctx, Verbinding, d.Naam)
	if err != nil {
		return "", err
	}
	a := afspraak{grantType: Verbinding, dienst: d.Naam, aanbieder: d.Aanbieder.OIN}
	var newest *Contract
	waiting := false
	for i, c := range contracts {
		if !a.past(b, c) {
			continue
		}
		waiting = waiting || c.State != geldig
		if c.State == geldig && (newest == nil || c.Content.CreatedAt > newest.Content.CreatedAt) {
			newest = &contracts[i]
		}
	}
	switch {
	case newest != nil:
		return b.grantHash(d.Naam, *newest)
	case waiting:
		return "", fmt.Errorf("%s: het contract is voorgesteld, maar %s heeft het nog niet aanvaard: %w", d.Naam, d.Aanbieder.Naam, ErrWacht)
	}
	return "", fmt.Errorf("%s: er is geen contract. Maak er een met: go run ./kern/beheer verbind %s", d.Naam, d.Naam)
}

// hashForm is that of a hash of FSC: the algorithm, what it is of, and base64.
// It is written into files that a shell, PowerShell or docker compose reads.
var hashForm = regexp.MustCompile(`^\$[0-9]{1,2}\$[0-9]{1,2}\$[A-Za-z0-9+/_-]{1,200}={0,2}$`)

// grantHash takes the hash of the grant, which is not the hash of the contract.
func (b *Beheer) grantHash(name string, c Contract) (string, error) {
	hash := c.Content.Grants[0].Hash
	if hash == c.ID() || !hashForm.MatchString(hash) {
		return "", fmt.Errorf("%s: de manager geeft bij contract %s geen bruikbare hash van de grant; is dit OpenFSC 2?", name, c.ID())
	}
	return hash, nil
}

// thumbprint is that of the key of our outway, as the controller has it.
func (b *Beheer) thumbprint(ctx context.Context) (string, error) {
	outways, err := b.API.Outways(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, o := range outways {
		if o.Name == b.FSC.Namen.Outway || b.FSC.Namen.Outway == "" && len(outways) == 1 {
			if !hexThumbprint.MatchString(o.PublicKeyThumbprint) {
				return "", fmt.Errorf("de controller geeft voor outway %s geen public_key_thumbprint van 64 hexadecimale tekens", o.Name)
			}
			return o.PublicKeyThumbprint, nil
		}
		names = append(names, o.Name)
	}
	if len(names) == 0 {
		return "", errors.New("bij de controller heeft zich nog geen outway gemeld. Start de outway eerst; zij meldt zich op adressen.controller (poort 9443)")
	}
	return "", fmt.Errorf("de outway %q uit namen.outway in 3-integratie/fsc.yaml heeft zich niet bij de controller gemeld; wel %s", b.FSC.Namen.Outway, strings.Join(names, ", "))
}

// afspraak is what a contract has to say.
type afspraak struct {
	grantType, dienst, bestand, aanbieder string
	thumbprint                            string // "": any
}

// past says whether a contract says just this, for us, now, and nobody ended it.
func (a afspraak) past(b *Beheer, c Contract) bool {
	now := b.Nu().Unix()
	if c.dood() || len(c.Content.Grants) != 1 || c.ID() == "" || c.Content.Validity.NotAfter <= now {
		return false
	}
	if b.FSC.Groep != "" && c.Content.GroupID != "" && c.Content.GroupID != b.FSC.Groep {
		return false
	}
	g := c.Content.Grants[0]
	if g.Type != a.grantType || g.Service.Name != a.dienst || g.Service.PeerID != a.aanbieder {
		return false
	}
	if a.grantType == Publicatie {
		return g.Directory.PeerID == b.FSC.Directory.OIN
	}
	return g.Outway.PeerID == b.FSC.Eigen.OIN && (a.thumbprint == "" || g.Outway.Identification.PublicKeyThumbprint == a.thumbprint)
}

// agree finds the contract that says this or proposes it, and waits until it
// is valid. A second run finds what the first one proposed.
func (b *Beheer) agree(ctx context.Context, a afspraak) (Contract, error) {
	// First: a file that is not complete is reported before anything else.
	body, err := b.body(a)
	if err != nil {
		return Contract{}, err
	}
	found, err := b.find(ctx, a)
	if err != nil {
		return Contract{}, err
	}
	hash := ""
	if found != nil {
		hash = found.ID()
	} else if hash, err = b.API.Propose(ctx, body); err != nil {
		return Contract{}, err
	} else {
		b.Zeg("%s: contract %s is voorgesteld.", a.dienst, hash)
	}
	err = b.until(ctx, func() (bool, error) {
		if found, err = b.find(ctx, a); err != nil {
			return false, err
		}
		if found == nil {
			return false, b.ended(ctx, a, hash)
		}
		if found.State != geldig && a.grantType == Verbinding && a.aanbieder == b.FSC.Eigen.OIN {
			if err = b.acceptOwn(ctx, *found); err == nil {
				found, err = b.find(ctx, a)
			}
		}
		return found != nil && found.State == geldig, err
	})
	if err != nil {
		return Contract{}, err
	}
	return *found, nil
}

// ended reports a contract that was refused while we waited for it.
func (b *Beheer) ended(ctx context.Context, a afspraak, hash string) error {
	contracts, err := b.API.Contracts(ctx, a.grantType, a.dienst)
	for _, c := range contracts {
		if c.ID() == hash && c.dood() {
			return fmt.Errorf("contract %s is afgewezen of ingetrokken; vraag %s waarom", hash, a.aanbieder)
		}
	}
	return err
}

// acceptOwn accepts a contract of which both sides are our own peer.
func (b *Beheer) acceptOwn(ctx context.Context, c Contract) error {
	pending, err := b.API.Pending(ctx)
	if err != nil || !pending[c.ID()] {
		return err
	}
	return b.API.Accept(ctx, c.ID())
}

// body is the filled contract.
func (b *Beheer) body(a afspraak) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(b.Root, filepath.FromSlash(a.bestand)))
	if err != nil {
		return nil, fmt.Errorf("het contract is niet te lezen: %w. Staat het goede bestand bij contract in 3-integratie/fsc.yaml?", err)
	}
	body, err := Vul(a.bestand, raw, waarden(b.FSC, a.aanbieder, a.thumbprint, b.Nu()))
	if err != nil {
		return nil, err
	}
	return body, controleer(a.bestand, body, a.grantType, a.dienst)
}

// find gives the contract that says this: one that is valid, or else one that
// was proposed; nil when there is none. One that ends soon does not count, so
// that its successor is proposed in time; until then it stays in use.
func (b *Beheer) find(ctx context.Context, a afspraak) (*Contract, error) {
	contracts, err := b.API.Contracts(ctx, a.grantType, a.dienst)
	if err != nil {
		return nil, err
	}
	var best *Contract
	for i, c := range contracts {
		if !a.past(b, c) || b.looptAf(c) {
			continue
		}
		if c.State == "" {
			return nil, fmt.Errorf("de manager geeft bij contract %s geen state; is dit OpenFSC 2?", c.ID())
		}
		if best == nil || c.State == geldig && best.State != geldig {
			best = &contracts[i]
		}
	}
	return best, nil
}

// opvolging is how long before its end a contract gets a successor.
const opvolging = 30 * 24 * time.Hour

// looptAf says whether a contract ends soon: within a month, or in the last
// third of its time when it is shorter than that.
func (b *Beheer) looptAf(c Contract) bool {
	v := c.Content.Validity
	margin := min(opvolging, time.Duration(v.NotAfter-v.NotBefore)*time.Second/3)
	return time.Unix(v.NotAfter, 0).Sub(b.Nu()) < margin
}

// until looks until it is so. It looks at least once, and once more at the end.
func (b *Beheer) until(ctx context.Context, look func() (bool, error)) error {
	for deadline := b.Nu().Add(b.Wacht); ; {
		if ok, err := look(); ok || err != nil {
			return err
		}
		if !b.Nu().Before(deadline) {
			return ErrWacht
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(b.Tussen):
		}
	}
}
