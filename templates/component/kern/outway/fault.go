package outway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// FaultKind says on which side of the way something went wrong.
type FaultKind int

// The kinds of failure.
const (
	FaultConnection FaultKind = iota + 1 // the outway was not reached, or broke off
	FaultFSC                             // the outway or the inway refused (Fsc-Error-Code)
	FaultService                         // the service itself answered with an error
	FaultSettings                        // our own settings are not right
	FaultResting                         // nothing was sent: the service failed so often that it is left alone
	FaultAccess                          // who gives out tokens for the source refuses us
	FaultQuestion                        // nothing was sent: the question cannot be put like this
	FaultRecording                       // it cannot be written down that this is asked
)

// String is the name of the kind, for a log.
func (s FaultKind) String() string {
	return [...]string{"onbekend", "verbinding", "fsc", "bron", "instelling", "rust", "toegang", "vraag", "vastlegging"}[max(0, min(s, FaultRecording))]
}

// Fault is a call that failed. It never holds what the service answered: that
// may be personal data, and the text of an error ends up in logs.
type Fault struct {
	Kind        FaultKind
	Service     string
	Bron        string // title of the source, for people; "" when it is not one
	Operation   string
	Status      int    // HTTP status; 0 when there was no answer
	Code        string // Fsc-Error-Code
	Transaction string
	Wait        time.Duration // how long the service asks to be left alone; 0 when it does not say
	// Reused says that the key of a call to our own layer 2 came with something
	// else before. Made is the id of what came of that.
	Reused bool
	Made   string

	Elsewhere bool // the answer is about somebody or something else than was asked

	nothing bool   // it is how this source says that it found nothing
	hint    string // of a stand-in, with that
	reason  string
	cause   error
}

func (f *Fault) because(s FaultKind, err error) { f.Kind, f.cause = s, err }

func (f *Fault) Error() string {
	var what string
	switch f.Kind {
	case FaultFSC:
		what = fmt.Sprintf("FSC weigert de aanroep met %d %s", f.Status, f.Code)
	case FaultService:
		what = fmt.Sprintf("de dienst antwoordt met status %d", f.Status)
	case FaultSettings:
		what = "de instellingen kloppen niet"
	case FaultResting:
		what = "de dienst gaf steeds geen antwoord en wordt even met rust gelaten"
	case FaultAccess:
		what = "er is geen toegang tot de bron"
	case FaultQuestion:
		what = "de vraag kan zo niet gesteld worden"
	case FaultRecording:
		what = "de verwerking is niet vast te leggen"
	default:
		what = "de outway is niet bereikbaar"
	}
	if f.reason != "" {
		what += ": " + f.reason
	}
	if f.cause != nil {
		what += ": " + f.cause.Error()
	}
	text := fmt.Sprintf("%s (%s): %s", f.Service, f.Operation, what)
	if f.Transaction != "" {
		text += " [transactie " + f.Transaction + "]"
	}
	return text
}

// Unwrap gives the cause, such as a context that was cancelled.
func (f *Fault) Unwrap() error { return f.cause }

// Temporary says whether it makes sense to try again later.
func (f *Fault) Temporary() bool {
	switch f.Kind {
	case FaultConnection, FaultResting, FaultRecording:
		return true
	case FaultSettings, FaultAccess, FaultQuestion:
		return false
	case FaultFSC:
		// A refused contract today can be accepted tomorrow; a request that FSC
		// calls wrong stays wrong.
		return f.Status != http.StatusBadRequest && f.Status != http.StatusMethodNotAllowed
	}
	return f.Status == http.StatusTooManyRequests || isAway(f.Status)
}

// isOutage says whether this looks like a service that is away or overloaded,
// which is what opens the circuit. A refusal does not: who refuses is there.
func (f *Fault) isOutage() bool {
	switch f.Kind {
	case FaultConnection:
		return true
	case FaultFSC:
		return f.Status >= http.StatusInternalServerError
	case FaultService:
		return f.Temporary()
	}
	return false
}

// mayRetry says whether the same call may go better at once: a disturbance, or a
// token that has run out and that the outway renews.
func (f *Fault) mayRetry() bool {
	return f.isOutage() || f.Kind == FaultFSC && f.Status == http.StatusUnauthorized
}

func isAway(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// Cause is what a failure means to the person who waits for an answer.
type Cause int

// The causes. Each has a sentence of its own in layer 4.
const (
	CauseUnknown    Cause = iota
	CauseAway             // the source or the way to it is away
	CauseBusy             // the source has too many questions to answer
	CauseAccess           // contract, token or key: the source does not let us in
	CauseRejected         // the source does not take this question
	CauseUnreadable       // the answer is not what the source promises
	CauseElsewhere        // the answer is to another question
	CauseRecording        // we cannot write down that we ask
)

// CauseOf gives the cause of a failed call; CauseUnknown for an error that
// is not a *Fault.
func CauseOf(err error) Cause {
	f, ok := errors.AsType[*Fault](err)
	if !ok {
		return CauseUnknown
	}
	switch f.Kind {
	case FaultRecording:
		return CauseRecording
	case FaultSettings, FaultAccess:
		return CauseAccess
	case FaultQuestion:
		return CauseRejected
	case FaultConnection, FaultResting:
		return CauseAway
	}
	switch {
	case f.Elsewhere:
		return CauseElsewhere
	case f.Status == http.StatusTooManyRequests:
		return CauseBusy
	case f.Status >= http.StatusInternalServerError:
		return CauseAway
	case f.Kind == FaultFSC, f.Status == http.StatusUnauthorized, f.Status == http.StatusForbidden:
		return CauseAccess
	case f.Status < http.StatusBadRequest, f.Status == http.StatusNotFound, f.Status == http.StatusGone: // that is no refusal, and here no answer either
		return CauseUnreadable
	}
	return CauseRejected
}

// Status is the HTTP status with which the service itself answered; 0 when it
// did not.
func Status(err error) int {
	if f, ok := errors.AsType[*Fault](err); ok && f.Kind == FaultService {
		return f.Status
	}
	return 0
}

// Reused says whether the key of a call came with something else before, and what
// came of that; "" when it is not known.
func Reused(err error) (made string, ok bool) {
	f, is := errors.AsType[*Fault](err)
	if !is || !f.Reused {
		return "", false
	}
	return f.Made, true
}

// reused reads a refusal of our own layer 2: with an address it is because of the
// key. Of that address only an id is kept.
func (f *Fault) reused(status int, location string) {
	if f.Reused = status == http.StatusConflict && location != ""; f.Reused {
		if last := location[strings.LastIndexByte(location, '/')+1:]; value.IsUUID(last) {
			f.Made = last
		}
	}
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
