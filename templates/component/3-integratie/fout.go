package integratie

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Soort says on which side of the way something went wrong.
type Soort int

// The kinds of failure.
const (
	FoutVerbinding Soort = iota + 1 // the outway was not reached, or broke off
	FoutFSC                         // the outway or the inway refused (Fsc-Error-Code)
	FoutBron                        // the service itself answered with an error
	FoutInstelling                  // our own settings are not right
)

// Fout is a call that failed. It never holds what the service answered: that
// may be personal data, and the text of an error ends up in logs.
type Fout struct {
	Soort      Soort
	Dienst     string
	Operatie   string
	Status     int    // HTTP status; 0 when there was no answer
	Code       string // Fsc-Error-Code
	Transactie string

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
	case FoutVerbinding:
		return true
	case FoutInstelling:
		return false
	case FoutFSC:
		// A refused contract today can be accepted tomorrow; a request that FSC
		// calls wrong stays wrong.
		return f.Status != http.StatusBadRequest && f.Status != http.StatusMethodNotAllowed
	}
	switch f.Status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
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
		if r == '_' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 80)]
}
