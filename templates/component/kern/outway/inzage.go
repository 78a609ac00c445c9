package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
)

// Inzage asks layer 2 what is known about one person. The number is in the body,
// so that it comes into no address and no log of the outway.
func (s *Services) Inzage(ctx context.Context, search inzage.Search) (r inzage.Report, err error) {
	_, err = s.send(ctx, call{name: "inzage", method: http.MethodPost, path: "/intern/inzage", body: search, activity: inzage.Activity}, &r)
	return r, err
}

// NewCorrection puts the data of a zaak right.
type NewCorrection struct {
	Collection string                     `json:"verzameling"`
	Data       map[string]json.RawMessage `json:"gegevens"`
	Reason     string                     `json:"reden"`
	SetBy      string                     `json:"gezetDoor"`
	Role       string                     `json:"rol"`
}

func correctionsAt(zaak string) string {
	return "/intern/zaken/" + url.PathEscape(zaak) + "/correcties"
}

// Corrections gives the corrections of the data of a zaak, oldest first.
func (s *Services) Corrections(ctx context.Context, zaak string) (all []inzage.Correction, err error) {
	_, err = s.send(ctx, call{name: "correcties lezen", method: http.MethodGet, path: correctionsAt(zaak)}, &all)
	return all, err
}

// Correct changes the record that a zaak is about, when it still has the version.
func (s *Services) Correct(ctx context.Context, zaak, version string, n NewCorrection) error {
	_, err := s.send(ctx, call{name: "gegevens verbeteren", method: http.MethodPost, path: correctionsAt(zaak), body: n, ifMatch: version, activity: inzage.Activity}, nil)
	return err
}
