package nabootsing

import (
	"fmt"
	"slices"
	"sync/atomic"
)

// Gedrag is how a service behaves: as it should, or in one of the ways in which
// things go wrong. It is for tests and demonstrations.
type Gedrag int32

// The behaviours.
const (
	Gewoon              Gedrag = iota
	NietGevonden               // the source finds nothing (404)
	NietBevoegd                // the source does not know us (401)
	TeVaak                     // the source is asked too often (429)
	Storing                    // the source is out of order (503)
	Traag                      // the source answers later than a client waits
	Onbereikbaar               // the outway does not reach the inway
	ServiceWeg                 // the inway does not reach the service (502)
	TokenVerlopen              // the manager gives tokens that have expired
	ContractIngetrokken        // the contract is revoked; the manager gives no token
	LogStuk                    // the transaction logs cannot be written
)

// gedragingen says of each behaviour its name in JSON, what a person reads, and
// the status with which the source itself answers.
var gedragingen = [...]struct {
	naam, uitleg string
	status       int
}{
	Gewoon:              {"gewoon", "gewoon", 0},
	NietGevonden:        {"nietGevonden", "niet gevonden: de bron geeft 404", 404},
	NietBevoegd:         {"nietBevoegd", "niet bevoegd: de bron geeft 401", 401},
	TeVaak:              {"teVaak", "te vaak: de bron geeft 429", 429},
	Storing:             {"storing", "storing: de bron geeft 503", 503},
	Traag:               {"traag", "traag: het antwoord komt te laat", 0},
	Onbereikbaar:        {"onbereikbaar", "onbereikbaar: de outway bereikt de inway niet", 0},
	ServiceWeg:          {"serviceWeg", "dienst weg: de inway bereikt de dienst niet", 0},
	TokenVerlopen:       {"tokenVerlopen", "token verlopen: de inway weigert", 0},
	ContractIngetrokken: {"contractIngetrokken", "contract ingetrokken: er komt geen token", 0},
	LogStuk:             {"logStuk", "log stuk: het transactielog is niet te schrijven", 0},
}

// String is the name of a behaviour in JSON.
func (g Gedrag) String() string {
	if g < 0 || int(g) >= len(gedragingen) {
		return fmt.Sprintf("Gedrag(%d)", int32(g))
	}
	return gedragingen[g].naam
}

// gedragVan finds a behaviour by its name.
func gedragVan(naam string) (Gedrag, bool) {
	i := slices.Index(gedragNamen(), naam)
	return Gedrag(i), i >= 0
}

func gedragNamen() []string {
	var all []string
	for _, g := range gedragingen {
		all = append(all, g.naam)
	}
	return all
}

// schakelaar holds the behaviour of one service.
type schakelaar struct{ stand atomic.Int32 }

func (s *schakelaar) is() Gedrag { return Gedrag(s.stand.Load()) }

// Stel makes a service behave differently from now on. The tokens of the service
// that the outway has are dropped, so that it shows at once.
func (n *Nabootsing) Stel(dienst string, g Gedrag) {
	d := n.dienst(dienst)
	if d == nil || g < 0 || int(g) >= len(gedragingen) {
		n.log.Warn("dit gedrag is niet in te stellen", "dienst", dienst, "gedrag", g.String())
		return
	}
	d.gedrag.stand.Store(int32(g))
	d.token.vergeet()
}
