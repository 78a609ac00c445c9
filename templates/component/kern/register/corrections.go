package register

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

const maxCorrection = 2 << 20 // bytes of JSON

// correction is what layer 4 says to put the data of a zaak right.
type correction struct {
	Collection string          `json:"verzameling"`
	Data       json.RawMessage `json:"gegevens"` // a merge patch
	Reason     string          `json:"reden"`
	SetBy      string          `json:"gezetDoor"`
	Role       string          `json:"rol"`
}

func (c *correction) faults() (all []rest.Fault) {
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" || utf8.RuneCountInString(c.Reason) > maxReason {
		all = append(all, rest.InBody("/reden", "required", "Geef de reden, in hoogstens 1000 tekens."))
	}
	if c.SetBy == "" {
		all = append(all, rest.InBody("/gezetDoor", "required", "Zeg wie dit doet."))
	}
	if c.Role == "" {
		all = append(all, rest.InBody("/rol", "required", "Zeg in welke rol dit gebeurt."))
	}
	return all
}

func (z *Inzage) corrections(w http.ResponseWriter, r *http.Request) error {
	all, err := z.correctionsOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, all)
}

// correct changes the record that a zaak is about, also of a zaak that is closed.
// The change itself goes the way of every change, so that the specification
// judges it; what it is for goes along in the context, where nobody outside this
// process can put it.
func (z *Inzage) correct(w http.ResponseWriter, r *http.Request) error {
	var c correction
	if err := rest.DecodeInternal(w, r, maxCorrection, &c); err != nil {
		return err
	}
	if faults := c.faults(); faults != nil {
		return rest.Invalid(faults...)
	}
	zaak, err := z.Zaken.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	known := false
	for _, of := range z.API.Collections {
		known = known || of.Path == c.Collection
	}
	if zaak.Subject == "" || !known || z.server == nil {
		return rest.NewProblem(http.StatusConflict, "Bij deze zaak zijn geen gegevens bewaard die te verbeteren zijn.")
	}
	what := &opslag.Correction{Zaak: zaak.ID, SetBy: c.SetBy, Role: c.Role, Reason: c.Reason}
	inner := r.Clone(context.WithValue(r.Context(), correctionKey{}, what))
	inner.Method, inner.URL.Path, inner.URL.RawPath, inner.URL.RawQuery = http.MethodPatch, "/v1/"+c.Collection+"/"+zaak.Subject, "", ""
	inner.Body, inner.ContentLength = io.NopCloser(bytes.NewReader(c.Data)), int64(len(c.Data))
	inner.Header.Set("Content-Type", "application/merge-patch+json")
	inner.Header.Del("Idempotency-Key")
	z.server.ServeHTTP(w, inner)
	return nil
}

type correctionKey struct{}

// correctionFrom is the correction that a change is part of; nil when it is an
// ordinary one.
func correctionFrom(ctx context.Context) *opslag.Correction {
	c, _ := ctx.Value(correctionKey{}).(*opslag.Correction)
	return c
}

// changed names the columns in which two rows differ.
func (c collection[T]) changed(old, row *T) ([]string, error) {
	before, err := asObject(old)
	if err != nil {
		return nil, err
	}
	after, err := asObject(row)
	var names []string
	for _, col := range c.table.Columns() {
		if !reflect.DeepEqual(before[col.JSON], after[col.JSON]) {
			names = append(names, col.JSON)
		}
	}
	if err == nil && len(names) == 0 {
		err = rest.Invalid(rest.InBody("", "unchanged", "Er is niets veranderd: verbeter minstens één gegeven."))
	}
	return names, err
}
