package outway

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Mark is a mark on a zaak: a hold, a restriction or an objection.
type Mark struct {
	ID       string     `json:"id"`
	Kind     string     `json:"soort"`
	Reason   string     `json:"reden"`
	Since    time.Time  `json:"sinds"`
	SetBy    string     `json:"gezetDoor"`
	LiftedAt *time.Time `json:"opgehevenOp,omitempty"`
	LiftedBy string     `json:"opgehevenDoor,omitempty"`
}

// NewMark is what sets a mark.
type NewMark struct {
	Kind   string `json:"soort"`
	Reason string `json:"reden"`
	SetBy  string `json:"gezetDoor"`
}

func marksAt(zaak string) string { return "/intern/zaken/" + url.PathEscape(zaak) + "/markeringen" }

// Marks gives the marks that a zaak has and had, oldest first.
func (s *Services) Marks(ctx context.Context, zaak string) (all []Mark, err error) {
	_, err = s.send(ctx, call{name: "markeringen lezen", method: http.MethodGet, path: marksAt(zaak)}, &all)
	return all, err
}

// SetMark puts a mark on a zaak; an error with Status 409 when it is there already.
func (s *Services) SetMark(ctx context.Context, zaak string, n NewMark) (m Mark, err error) {
	_, err = s.send(ctx, call{name: "markering zetten", method: http.MethodPost, path: marksAt(zaak), body: n}, &m)
	return m, err
}

// LiftMark takes a mark off a zaak; an error with Status 404 when it is not there.
func (s *Services) LiftMark(ctx context.Context, zaak, kind, by string) error {
	body := map[string]string{"opgehevenDoor": by}
	_, err := s.send(ctx, call{name: "markering opheffen", method: http.MethodPost, path: marksAt(zaak) + "/" + url.PathEscape(kind) + "/opheffen", body: body}, nil)
	return err
}
