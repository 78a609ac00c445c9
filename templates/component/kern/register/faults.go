package register

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// problem says what an error of the store means for a caller. An *opslag.Outage
// package rest answers itself; what is left is our own fault, a 500.
func problem(err error) error {
	switch {
	case errors.Is(err, opslag.ErrNotFound):
		return rest.NotFound()
	case errors.Is(err, opslag.ErrStale):
		return rest.Stale()
	case errors.Is(err, opslag.ErrPlace):
		return noPlace()
	case errors.Is(err, opslag.ErrClosed):
		return rest.NewProblem(http.StatusConflict, "Deze zaak is afgesloten en verandert niet meer.")
	case errors.Is(err, opslag.ErrKeyReused):
		return rest.Reused("")
	case errors.Is(err, opslag.ErrStopped):
		return rest.NewProblem(http.StatusConflict, "De verwerking van deze zaak staat stil: er is een beperking of een bezwaar.")
	case errors.Is(err, opslag.ErrNoProcess):
		return rest.NewProblem(http.StatusConflict, "Deze versie van het proces is hier niet bekend.")
	case errors.Is(err, opslag.ErrMarked):
		return rest.NewProblem(http.StatusConflict, "Deze markering staat al op de zaak.")
	case errors.Is(err, opslag.ErrKept):
		return rest.NewProblem(http.StatusConflict, "Dit gaat pas weg met de zaak erover, als de bewaartermijn voorbij is, of het wordt blijvend bewaard.")
	case errors.Is(err, opslag.ErrInUse):
		return rest.NewProblem(http.StatusConflict, "Over dit gegeven loopt nog een zaak; het kan pas weg als die is afgesloten.")
	}
	if broken := ruleBroken(err); broken != nil {
		switch broken.Kind {
		case opslag.Unique:
			return rest.NewProblem(http.StatusConflict, "Dit gegeven bestaat al.")
		case opslag.Foreign:
			return rest.NewProblem(http.StatusConflict, "Een ander gegeven verwijst hiernaar.")
		}
		return rest.Invalid(rest.InBody("", "check", "Een waarde valt buiten de grenzen."))
	}
	return err
}

// problemAt is problem for what a collection at a path makes: of a key that was
// used before it says where that led.
func problemAt(err error, path string) error {
	if reused, ok := errors.AsType[*opslag.ReusedError](err); ok {
		return rest.Reused(path + "/" + reused.Result)
	}
	return problem(err)
}

// answerWithin is how long the store may take for one request: shorter than the
// server takes to give up, which then says nothing.
const answerWithin = 20 * time.Second

// store is a part of layer 1.
type store interface{ Distant() bool }

// soon is a handler that gives up when the store lets it wait, as one that is another
// program can: a network that loses what is sent, a table that somebody locked.
func soon(s store, f rest.HandlerFunc) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.Distant() {
			return f(w, r)
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		return f(w, r.WithContext(ctx))
	}
}

func ruleBroken(err error) *opslag.ConstraintError {
	broken, _ := errors.AsType[*opslag.ConstraintError](err)
	return broken
}
