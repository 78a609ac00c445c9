package nabootsing

import (
	"fmt"
	"slices"
	"sync/atomic"
)

// Behaviour is how a service behaves: as it should, or in one of the ways in which
// things go wrong. It is for tests and demonstrations.
type Behaviour int32

// The behaviours.
const (
	Normal          Behaviour = iota
	NotFound                  // the source finds nothing (404)
	NotAuthorised             // the source does not know us (401)
	TooOften                  // the source is asked too often (429)
	Outage                    // the source is out of order (503)
	Slow                      // the source answers later than a client waits
	Unreachable               // the outway does not reach the inway
	ServiceAway               // the inway does not reach the service (502)
	TokenExpired              // the manager gives tokens that have expired
	ContractRevoked           // the contract is revoked; the manager gives no token
	LogBroken                 // the transaction logs cannot be written
)

// behaviours says of each behaviour its name in JSON, what a person reads, and
// the status with which the source itself answers.
var behaviours = [...]struct {
	name, help string
	status     int
}{
	Normal:          {"gewoon", "gewoon", 0},
	NotFound:        {"nietGevonden", "niet gevonden: de bron geeft 404", 404},
	NotAuthorised:   {"nietBevoegd", "niet bevoegd: de bron geeft 401", 401},
	TooOften:        {"teVaak", "te vaak: de bron geeft 429", 429},
	Outage:          {"storing", "storing: de bron geeft 503", 503},
	Slow:            {"traag", "traag: het antwoord komt te laat", 0},
	Unreachable:     {"onbereikbaar", "onbereikbaar: de outway bereikt de inway niet", 0},
	ServiceAway:     {"serviceWeg", "dienst weg: de inway bereikt de dienst niet", 0},
	TokenExpired:    {"tokenVerlopen", "token verlopen: de inway weigert", 0},
	ContractRevoked: {"contractIngetrokken", "contract ingetrokken: er komt geen token", 0},
	LogBroken:       {"logStuk", "log stuk: het transactielog is niet te schrijven", 0},
}

// String is the name of a behaviour in JSON.
func (b Behaviour) String() string {
	if b < 0 || int(b) >= len(behaviours) {
		return fmt.Sprintf("Gedrag(%d)", int32(b))
	}
	return behaviours[b].name
}

// behaviourOf finds a behaviour by its name.
func behaviourOf(name string) (Behaviour, bool) {
	i := slices.Index(behaviourNames(), name)
	return Behaviour(i), i >= 0 // #nosec G115 -- A place in a list of a few; -1 is told apart.
}

func behaviourNames() []string {
	var all []string
	for _, g := range behaviours {
		all = append(all, g.name)
	}
	return all
}

// toggle holds the behaviour of one service.
type toggle struct{ position atomic.Int32 }

func (s *toggle) is() Behaviour { return Behaviour(s.position.Load()) }

// Set makes a service behave differently from now on. The tokens of the service
// that the outway has are dropped, so that it shows at once.
func (n *StandIn) Set(service string, b Behaviour) {
	d := n.service(service)
	if d == nil || b < 0 || int(b) >= len(behaviours) {
		n.log.Warn("dit gedrag is niet in te stellen", "dienst", service, "gedrag", b.String())
		return
	}
	d.behaviour.position.Store(int32(b))
	d.token.forget()
}
