package diensten

import (
	"errors"
	"net/http"

	gegevens "git.duinstad.test/burgerzaken/verhuizing/1-gegevens"
	"git.duinstad.test/burgerzaken/verhuizing/internal/rest"
)

// problem says what an error of the store means for a caller. What is left is
// our own fault, a 500.
func problem(err error) error {
	switch {
	case errors.Is(err, gegevens.ErrNotFound):
		return rest.NotFound()
	case errors.Is(err, gegevens.ErrStale):
		return rest.Stale()
	case errors.Is(err, gegevens.ErrClosed):
		return rest.NewProblem(http.StatusConflict, "Deze zaak is afgesloten en verandert niet meer.")
	case errors.Is(err, gegevens.ErrInUse):
		return rest.NewProblem(http.StatusConflict, "Over dit gegeven loopt nog een zaak; het kan pas weg als die is afgesloten.")
	}
	if broken := ruleBroken(err); broken != nil {
		switch broken.Kind {
		case gegevens.Unique:
			return rest.NewProblem(http.StatusConflict, "Dit gegeven bestaat al.")
		case gegevens.Foreign:
			return rest.NewProblem(http.StatusConflict, "Een ander gegeven verwijst hiernaar.")
		}
		return rest.Invalid(rest.InBody("", "check", "Een waarde valt buiten de grenzen."))
	}
	return err
}

func ruleBroken(err error) *gegevens.ConstraintError {
	broken, _ := errors.AsType[*gegevens.ConstraintError](err)
	return broken
}
