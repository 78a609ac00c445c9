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

// ErrWaiting says that nothing is wrong here: somebody else has to do something.
var ErrWaiting = errors.New("wacht op een ander")

// Admin makes and finds contracts for one component.
type Admin struct {
	FSC  fsc.File
	API  API
	Root string // folder of the component, where the contract files are

	Now      func() time.Time
	Wait     time.Duration // how long to wait for the other side
	Interval time.Duration // time between two looks
	Say      func(format string, args ...any)
}

// Service finds a service that the component calls; the error lists the names.
func (adm *Admin) Service(name string) (fsc.Service, error) {
	var names []string
	for _, d := range adm.FSC.Consumed {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return fsc.Service{}, fmt.Errorf("dienst %q staat niet bij afgenomen in 3-integratie/fsc.yaml; daar staan %s", name, strings.Join(names, ", "))
}

// Publish brings every service that we offer into the controller and, with a
// publication contract, into the directory. What is there already is left alone.
func (adm *Admin) Publish(ctx context.Context) error {
	for _, s := range adm.FSC.Offered {
		if err := adm.register(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		contract, err := adm.agree(ctx, agreement{grantType: Publication, service: s.Name, file: s.Contract, provider: adm.FSC.Own.OIN})
		if errors.Is(err, ErrWaiting) {
			return fmt.Errorf("%s: de directory (%s) heeft de publicatie nog niet aanvaard. Vraag de beheerder van de FSC-groep of dat vanzelf gaat: %w", s.Name, adm.FSC.Directory.OIN, err)
		} else if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		adm.Say("%s is gepubliceerd (contract %s).", s.Name, contract.ID())
		if raw, err := adm.API.Published(ctx, adm.FSC.Directory.OIN, adm.FSC.Own.OIN); err != nil || !bytes.Contains(raw, []byte(`"`+s.Name+`"`)) {
			adm.Say("Let op: in de directory is %s nog niet te vinden; kijk over een minuut nog eens.", s.Name)
		}
	}
	return nil
}

// register tells the controller of a service once the inway has reported.
func (adm *Admin) register(ctx context.Context, s fsc.Offer) error {
	services, err := adm.API.Services(ctx)
	if err != nil {
		return err
	}
	for _, known := range services {
		if known.Name == s.Name {
			if s.Address != "" && known.EndpointURL != "" && known.EndpointURL != s.Address {
				adm.Say("Let op: in de controller wijst %s naar %s, in fsc.yaml naar %s.", s.Name, known.EndpointURL, s.Address)
			}
			return nil
		}
	}
	inway := adm.FSC.Addresses.Inway
	switch {
	case s.Address == "":
		return errors.New("vul bij aangeboden in 3-integratie/fsc.yaml het adres in waarop de inway laag 2 bereikt; de platformbeheerder weet het")
	case inway == "":
		return errors.New("vul adressen.inway in 3-integratie/fsc.yaml in; de netwerkbeheerder weet de naam waarop andere peers de inway bereiken")
	}
	err = adm.until(ctx, func() (bool, error) {
		inways, err := adm.API.Inways(ctx)
		return slices.ContainsFunc(inways, func(i Registered) bool { return i.Address == inway }), err
	})
	if errors.Is(err, ErrWaiting) {
		return fmt.Errorf("geen inway heeft zich bij de controller gemeld met precies het adres %s. Start de inway met dat adres als SELF_ADDRESS, met https:// en poort: %w", inway, err)
	} else if err != nil {
		return err
	}
	if err := adm.API.NewService(ctx, OfferedService{Name: s.Name, EndpointURL: s.Address, InwayAddress: inway}); err != nil {
		return err
	}
	adm.Say("%s staat in de controller, achter %s.", s.Name, inway)
	return nil
}

// Granted is what a component needs of a contract: the hash of its grant, and
// until when it holds.
type Granted struct {
	Hash  string
	Until time.Time
}

// Connect makes the connection contract for a service, unless there is one,
// waits until it is valid and gives its grant.
func (adm *Admin) Connect(ctx context.Context, d fsc.Service) (Granted, error) {
	thumbprint, err := adm.thumbprint(ctx)
	if err != nil {
		return Granted{}, fmt.Errorf("%s: %w", d.Name, err)
	}
	a := agreement{grantType: Connection, service: d.Name, file: d.Contract, provider: d.Provider.OIN, thumbprint: thumbprint}
	contract, err := adm.agree(ctx, a)
	if errors.Is(err, ErrWaiting) {
		return Granted{}, fmt.Errorf("%s: het contract is voorgesteld en %s (%s) heeft het nog niet aanvaard. Vraag dat aan de aanbieder. Zegt die dat het al aanvaard is, dan kwam zijn handtekening niet aan: laat hem die opnieuw sturen (bij dit programma: accepteer --opnieuw --afnemer %s). Draai daarna verbind nog eens; er komt geen tweede contract: %w",
			d.Name, d.Provider.Name, d.Provider.OIN, adm.FSC.Own.OIN, err)
	} else if err != nil {
		return Granted{}, fmt.Errorf("%s: %w", d.Name, err)
	}
	return adm.grantHash(d.Name, contract)
}

// GrantHash finds the grant of a service in the contracts that are valid now;
// the newest when there are more.
func (adm *Admin) GrantHash(ctx context.Context, d fsc.Service) (Granted, error) {
	contracts, err := adm.API.Contracts(ctx, Connection, d.Name)
	if err != nil {
		return Granted{}, err
	}
	a := agreement{grantType: Connection, service: d.Name, provider: d.Provider.OIN}
	var newest *Contract
	waiting := false
	for i, c := range contracts {
		if !a.past(adm, c) {
			continue
		}
		waiting = waiting || c.State != valid
		if c.State == valid && (newest == nil || c.Content.CreatedAt > newest.Content.CreatedAt) {
			newest = &contracts[i]
		}
	}
	switch {
	case newest != nil:
		return adm.grantHash(d.Name, *newest)
	case waiting:
		return Granted{}, fmt.Errorf("%s: het contract is voorgesteld, maar %s heeft het nog niet aanvaard: %w", d.Name, d.Provider.Name, ErrWaiting)
	}
	return Granted{}, fmt.Errorf("%s: er is geen contract. Maak er een met: go run ./kern/beheer verbind %s", d.Name, d.Name)
}

// hashForm is that of a hash of FSC: the algorithm, what it is of, and base64.
// It is written into files that a shell, PowerShell or docker compose reads.
var hashForm = regexp.MustCompile(`^\$[0-9]{1,2}\$[0-9]{1,2}\$[A-Za-z0-9+/_-]{1,200}={0,2}$`)

// grantHash takes the hash of the grant, which is not the hash of the contract.
func (adm *Admin) grantHash(name string, c Contract) (Granted, error) {
	hash := c.Content.Grants[0].Hash
	if hash == c.ID() || !hashForm.MatchString(hash) {
		return Granted{}, fmt.Errorf("%s: de manager geeft bij contract %s geen bruikbare hash van de grant; is dit OpenFSC 2?", name, c.ID())
	}
	return Granted{hash, time.Unix(c.Content.Validity.NotAfter, 0).UTC()}, nil
}

// thumbprint is that of the key of our outway, as the controller has it.
func (adm *Admin) thumbprint(ctx context.Context) (string, error) {
	outways, err := adm.API.Outways(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, o := range outways {
		if o.Name == adm.FSC.Names.Outway || adm.FSC.Names.Outway == "" && len(outways) == 1 {
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
	return "", fmt.Errorf("de outway %q uit namen.outway in 3-integratie/fsc.yaml heeft zich niet bij de controller gemeld; wel %s", adm.FSC.Names.Outway, strings.Join(names, ", "))
}

// agreement is what a contract has to say.
type agreement struct {
	grantType, service, file, provider string
	thumbprint                         string // "": any
}

// past says whether a contract says just this, for us, now, and nobody ended it.
func (a agreement) past(adm *Admin, c Contract) bool {
	now := adm.Now().Unix()
	if c.dead() || len(c.Content.Grants) != 1 || c.ID() == "" || c.Content.Validity.NotAfter <= now {
		return false
	}
	if adm.FSC.Group != "" && c.Content.GroupID != "" && c.Content.GroupID != adm.FSC.Group {
		return false
	}
	g := c.Content.Grants[0]
	if g.Type != a.grantType || g.Service.Name != a.service || g.Service.PeerID != a.provider {
		return false
	}
	if a.grantType == Publication {
		return g.Directory.PeerID == adm.FSC.Directory.OIN
	}
	return g.Outway.PeerID == adm.FSC.Own.OIN && (a.thumbprint == "" || g.Outway.Identification.PublicKeyThumbprint == a.thumbprint)
}

// agree finds the contract that says this or proposes it, and waits until it
// is valid. A second run finds what the first one proposed.
func (adm *Admin) agree(ctx context.Context, a agreement) (Contract, error) {
	// First: a file that is not complete is reported before anything else.
	body, err := adm.body(a)
	if err != nil {
		return Contract{}, err
	}
	found, err := adm.find(ctx, a)
	if err != nil {
		return Contract{}, err
	}
	hash := ""
	if found != nil {
		hash = found.ID()
	} else if hash, err = adm.API.Propose(ctx, body); err != nil {
		return Contract{}, err
	} else {
		adm.Say("%s: contract %s is voorgesteld.", a.service, hash)
	}
	err = adm.until(ctx, func() (bool, error) {
		if found, err = adm.find(ctx, a); err != nil {
			return false, err
		}
		if found == nil {
			return false, adm.ended(ctx, a, hash)
		}
		if found.State != valid && a.grantType == Connection && a.provider == adm.FSC.Own.OIN {
			if err = adm.acceptOwn(ctx, *found); err == nil {
				found, err = adm.find(ctx, a)
			}
		}
		return found != nil && found.State == valid, err
	})
	if err != nil {
		return Contract{}, err
	}
	return *found, nil
}

// ended reports a contract that was refused while we waited for it.
func (adm *Admin) ended(ctx context.Context, a agreement, hash string) error {
	contracts, err := adm.API.Contracts(ctx, a.grantType, a.service)
	for _, c := range contracts {
		if c.ID() == hash && c.dead() {
			return fmt.Errorf("contract %s is afgewezen of ingetrokken; vraag %s waarom", hash, a.provider)
		}
	}
	return err
}

// acceptOwn accepts a contract of which both sides are our own peer.
func (adm *Admin) acceptOwn(ctx context.Context, c Contract) error {
	pending, err := adm.API.Pending(ctx)
	if err != nil || !pending[c.ID()] {
		return err
	}
	return adm.API.Accept(ctx, c.ID())
}

// body is the filled contract.
func (adm *Admin) body(a agreement) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(adm.Root, filepath.FromSlash(a.file)))
	if err != nil {
		return nil, fmt.Errorf("het contract is niet te lezen: %w. Staat het goede bestand bij contract in 3-integratie/fsc.yaml?", err)
	}
	body, err := Fill(a.file, raw, values(adm.FSC, a.provider, a.thumbprint, adm.Now()))
	if err != nil {
		return nil, err
	}
	return body, check(a.file, body, a.grantType, a.service)
}

// find gives the contract that says this: one that is valid, or else one that
// was proposed; nil when there is none. One that ends soon does not count, so
// that its successor is proposed in time; until then it stays in use.
func (adm *Admin) find(ctx context.Context, a agreement) (*Contract, error) {
	contracts, err := adm.API.Contracts(ctx, a.grantType, a.service)
	if err != nil {
		return nil, err
	}
	var best *Contract
	for i, c := range contracts {
		if !a.past(adm, c) || adm.endsSoon(c) {
			continue
		}
		if c.State == "" {
			return nil, fmt.Errorf("de manager geeft bij contract %s geen state; is dit OpenFSC 2?", c.ID())
		}
		if best == nil || c.State == valid && best.State != valid {
			best = &contracts[i]
		}
	}
	return best, nil
}

// succession is how long before its end a contract gets a successor.
const succession = 30 * 24 * time.Hour

// endsSoon says whether a contract ends soon: within a month, or in the last
// third of its time when it is shorter than that.
func (adm *Admin) endsSoon(c Contract) bool {
	v := c.Content.Validity
	margin := min(succession, time.Duration(v.NotAfter-v.NotBefore)*time.Second/3)
	return time.Unix(v.NotAfter, 0).Sub(adm.Now()) < margin
}

// until looks until it is so. It looks at least once, and once more at the end.
func (adm *Admin) until(ctx context.Context, look func() (bool, error)) error {
	for deadline := adm.Now().Add(adm.Wait); ; {
		if ok, err := look(); ok || err != nil {
			return err
		}
		if !adm.Now().Before(deadline) {
			return ErrWaiting
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(adm.Interval):
		}
	}
}
