package register

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Marks makes the internal routes of the marks on a zaak. Which right it takes
// to set one, layer 4 judges.
func Marks(z *opslag.Zaken) []rest.Route {
	h := marks{z}
	const all = "/zaken/{id}/markeringen"
	return []rest.Route{
		{Method: http.MethodGet, Pattern: all, Handler: ownOnly(h.list)},
		{Method: http.MethodPost, Pattern: all, Handler: ownOnly(h.set)},
		{Method: http.MethodPost, Pattern: all + "/{soort}/opheffen", Handler: ownOnly(h.lift)},
	}
}

type marks struct{ *opslag.Zaken }

const (
	maxMark   = 16 << 10 // bytes of JSON
	maxReason = 1000     // characters
)

func (h marks) list(w http.ResponseWriter, r *http.Request) error {
	if _, err := h.Read(r.Context(), r.PathValue("id")); err != nil {
		return problem(err)
	}
	all, err := h.Marks(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, all)
}

func (h marks) set(w http.ResponseWriter, r *http.Request) error {
	var n opslag.NewMark
	if err := rest.DecodeInternal(w, r, maxMark, &n); err != nil {
		return err
	}
	n.Reason = strings.TrimSpace(n.Reason)
	var faults []rest.Fault
	if n.Kind != opslag.MarkHold && n.Kind != opslag.MarkRestriction && n.Kind != opslag.MarkObjection {
		faults = append(faults, rest.InBody("/soort", "enum", "Kies bewaren, beperking of bezwaar."))
	}
	if n.Reason == "" || utf8.RuneCountInString(n.Reason) > maxReason {
		faults = append(faults, rest.InBody("/reden", "required", "Geef de reden, in hoogstens 1000 tekens."))
	}
	if n.SetBy == "" {
		faults = append(faults, rest.InBody("/gezetDoor", "required", "Zeg wie dit doet."))
	}
	if faults != nil {
		return rest.Invalid(faults...)
	}
	m, err := h.SetMark(r.Context(), r.PathValue("id"), n)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusCreated, m)
}

func (h marks) lift(w http.ResponseWriter, r *http.Request) error {
	var by struct {
		By string `json:"opgehevenDoor"`
	}
	if err := rest.DecodeInternal(w, r, maxMark, &by); err != nil {
		return err
	}
	if by.By == "" {
		return rest.Invalid(rest.InBody("/opgehevenDoor", "required", "Zeg wie dit doet."))
	}
	if err := h.LiftMark(r.Context(), r.PathValue("id"), r.PathValue("soort"), by.By); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
