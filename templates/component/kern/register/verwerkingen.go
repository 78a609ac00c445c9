package register

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Verwerkingen makes the routes of the log of data processing. They are for the
// layers of this component itself: nobody else may write or read our log.
func Verwerkingen(l *opslag.Logboek) []rest.Route {
	h := verwerkingen{l}
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/verwerkingen", Handler: ownOnly(soon(l, h.list))},
		{Method: http.MethodPost, Pattern: "/verwerkingen", Handler: ownOnly(soon(l, h.write))},
	}
}

type verwerkingen struct{ logboek *opslag.Logboek }

// own are the operations of the specification that are for the layers of this
// component alone.
var own = []string{"GET /verwerkingen", "POST /verwerkingen", "DELETE /zaken/{id}"}

// Own says whether an operation of the specification is for the layers of this
// component alone: no consumer can be given it.
func Own(method, pattern string) bool { return slices.Contains(own, method+" "+pattern) }

// ownOnly refuses a consumer, a caller that comes from another organisation, and
// one of which the token does not say clearly that it is our own.
func ownOnly(f rest.HandlerFunc) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		sub, iss := toegang.Peers(r.Header)
		if foreign := r.Header.Values(toegang.HeaderPeer) != nil && (sub == "" || sub != iss); foreign || toegang.FromContext(r.Context()) != nil {
			return rest.NewProblem(http.StatusForbidden, "Dit is alleen voor de lagen van dit component zelf.")
		}
		return f(w, r)
	}
}

func (h verwerkingen) list(w http.ResponseWriter, r *http.Request) error {
	page := rest.ReadPage(r)
	lines, count, err := h.logboek.List(r.Context(), page.Query().Get("zaak"), page.Size, page.Offset())
	if err != nil {
		return problem(err)
	}
	return rest.WriteList(w, page, rest.Found{Count: count}, lines)
}

func (h verwerkingen) write(w http.ResponseWriter, r *http.Request) error {
	var lines []logboek.Verwerking
	if err := rest.Decode(r, &lines); err != nil {
		return err
	}
	var faults []rest.Fault
	for _, err := range logboek.Check(lines) {
		if wrong, ok := errors.AsType[*logboek.Violation](err); ok {
			faults = append(faults, rest.InBody(fmt.Sprintf("/%d/%s", wrong.Line, wrong.Field), "check", wrong.What))
		}
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	if err := h.logboek.Write(r.Context(), lines...); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// callerOf is on whose behalf we are called, when that is not this component
// (dpl.core.foreign_operation.processor): a consumer or, through the inway, another
// organisation; "" otherwise. OIN is ours.
func callerOf(r *http.Request, oin string) string {
	if a := toegang.FromContext(r.Context()); a != nil {
		return a.URI(oin)
	}
	sub, iss := toegang.Peers(r.Header)
	if !isOIN(sub) || sub == iss {
		return ""
	}
	return "urn:nld:oin:" + sub
}

func isOIN(s string) bool { return len(s) == 20 && strings.Trim(s, "0123456789") == "" }
