package outway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Soort says on which side of the way something went wrong.
type Soort int

// The kinds of failure.
const (
	FoutVerbinding  Soort = iota + 1 // the outway was not reached, or broke off
	FoutFSC                          // the outway or the inway refused (Fsc-Error-Code)
	FoutBron                         // the service itself answered with an error
	FoutInstelling                   // our own settings are not right
	FoutRust                         // nothing was sent: the service failed so often that it is left alone
	FoutToegang                      // who gives out tokens for the source refuses us
	FoutVraag                        // nothing was sent: the question cannot be put like this
	FoutVastlegging                  // it cannot be written down that this is asked
)

// String is the name of the kind, for a log.
func (s Soort) String() string {
	return [...]string{"onbekend", "verbinding", "fsc", "bron", "instelling", "rust", "toegang", "vraag", "vastlegging"}[max(0, min(s, FoutVastlegging))]
}

// Fout is a call that failed. It never holds what the service answered: that
// may be personal data, and the text of an error ends up in logs.
type Fout struct {
	Soort      Soort
	Dienst     string
	Bron       string // title of the source, for people; "" when it is not one
	Operatie   string
	Status     int    // HTTP status; 0 when there was no answer
	Code       string // Fsc-Error-Code
	Transactie string
	Wacht      time.Duration // how long the service asks to be left alone; 0 when it does not say

	reden   string
	oorzaak error
}

func (f *Fout) because(s Soort, err error) { f.Soort, f.oorzaak = s, err }

func (f *Fout) Error() string {
	var what string
	switch f.Soort {
	case FoutFSC:
		what = fmt.Sprintf("FSC weigert de aanroep met %d %s", f.Status, f.Code)
	case FoutBron:
		what = fmt.Sprintf("de dienst antwoordt met status %d", f.Status)
	case FoutInstelling:
		what = "de instellingen kloppen niet"
	case FoutRust:
		what = "de dienst gaf steeds geen antwoord en wordt even met rust gelaten"
	case FoutToegang:
		what = "er is geen toegang tot de bron"
	case FoutVraag:
		what = "de vraag kan zo niet gesteld worden"
	case FoutVastlegging:
		what = "de verwerking is niet vast te leggen"
	default:
		what = "de outway is niet bereikbaar"
	}
	if f.reden != "" {
		what += ": " + f.reden
	}
	if f.oorzaak != nil {
		what += ": " + f.oorzaak.Error()
	}
	text := fmt.Sprintf("%s (%s): %s", f.Dienst, f.Operatie, what)
	if f.Transactie != "" {
		text += " [transactie " + f.Transactie + "]"
	}
	return text
}

// Unwrap gives the cause, such as a context that was cancelled.
func (f *Fout) Unwrap() error { return f.oorzaak }

// Tijdelijk says whether it makes sense to try again later.
func (f *Fout) Tijdelijk() bool {
	switch f.Soort {
	case FoutVerbinding, FoutRust, FoutVastlegging:
		return true
	case FoutInstelling, FoutToegang, FoutVraag:
		return false
	case FoutFSC:
		// A refused contract today can be accepted tomorrow; a request that FSC
		// calls wrong stays wrong.
		return f.Status != http.StatusBadRequest && f.Status != http.StatusMethodNotAllowed
	}
	return f.Status == http.StatusTooManyRequests || weg(f.Status)
}

// storing says whether this looks like a service that is away or overloaded,
// which is what opens the circuit. A refusal does not: who refuses is there.
func (f *Fout) storing() bool {
	switch f.Soort {
	case FoutVerbinding:
		return true
	case FoutFSC:
		return f.Status >= http.StatusInternalServerError
	case FoutBron:
		return f.Tijdelijk()
	}
	return false
}

// opnieuw says whether the same call may go better at once: a disturbance, or a
// token that has run out and that the outway renews.
func (f *Fout) opnieuw() bool {
	return f.storing() || f.Soort == FoutFSC && f.Status == http.StatusUnauthorized
}

func weg(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// Oorzaak is what a failure means to the person who waits for an answer.
type Oorzaak int

// The causes. Each has a sentence of its own in layer 4.
const (
	OorzaakOnbekend    Oorzaak = iota
	OorzaakWeg                 // the source or the way to it is away
	OorzaakDruk                // the source has too many questions to answer
	OorzaakToegang             // contract, token or key: the source does not let us in
	OorzaakAfgewezen           // the source does not take this question
	OorzaakOnleesbaar          // the answer is not what the source promises
	OorzaakVastlegging         // we cannot write down that we ask
)

// OorzaakVan gives the cause of a failed call; OorzaakOnbekend for an error that
// is not a *Fout.
func OorzaakVan(err error) Oorzaak {
	f, ok := errors.AsType[*Fout](err)
	if !ok {
		return OorzaakOnbekend
	}
	switch f.Soort {
	case FoutVastlegging:
		return OorzaakVastlegging
	case FoutInstelling, FoutToegang:
		return OorzaakToegang
	case FoutVraag:
		return OorzaakAfgewezen
	case FoutVerbinding, FoutRust:
		return OorzaakWeg
	}
	switch {
	case f.Status == http.StatusTooManyRequests:
		return OorzaakDruk
	case f.Status >= http.StatusInternalServerError:
		return OorzaakWeg
	case f.Soort == FoutFSC, f.Status == http.StatusUnauthorized, f.Status == http.StatusForbidden:
		return OorzaakToegang
	case f.Status < http.StatusBadRequest:
		return OorzaakOnleesbaar
	}
	return OorzaakAfgewezen
}

// Status is the HTTP status with which the service itself answered; 0 when it
// did not.
func Status(err error) int {
	if f, ok := errors.AsType[*Fout](err); ok && f.Soort == FoutBron {
		return f.Status
	}
	return 0
}

// code keeps an Fsc-Error-Code to the form that such codes have, because it
// comes from outside and goes into the log.
func code(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || r >= 'A' && r <= 'Z' { // no digits: no code has them, and data may
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 80)]
}
