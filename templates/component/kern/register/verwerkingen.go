package register

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
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

// ownOnly refuses a caller that comes from another organisation, or of which
// the token does not say clearly that it is our own.
func ownOnly(f rest.HandlerFunc) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if sub, iss := peers(r.Header); r.Header.Values(headerToken) != nil && (sub == "" || sub != iss) {
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
	return rest.WriteList(w, page, count, lines)
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

const headerToken = "Fsc-Authorization" // from the inway, which has judged it

// callerOf is the organisation on whose behalf we are called, when that is not
// our own (dpl.core.foreign_operation.processor); "" otherwise.
func callerOf(h http.Header) string {
	sub, iss := peers(h)
	if !isOIN(sub) || sub == iss {
		return ""
	}
	return "urn:nld:oin:" + sub
}

// peers are who calls (sub) and who offers the service (iss), which is us; ""
// without a token that can be read.
func peers(h http.Header) (sub, iss string) {
	given := h.Values(headerToken)
	if len(given) != 1 {
		return "", ""
	}
	token, ok := strings.CutPrefix(given[0], "Bearer ")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return "", ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", ""
	}
	var claims struct{ Sub, Iss string }
	if json.Unmarshal(raw, &claims) != nil {
		return "", ""
	}
	return claims.Sub, claims.Iss
}

func isOIN(s string) bool { return len(s) == 20 && strings.Trim(s, "0123456789") == "" }
