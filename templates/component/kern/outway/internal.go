package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Kept is something that the layers of this component keep in layer 1 for a
// short time, such as a session.
type Kept struct {
	Owner   string    `json:"eigenaar"`
	Content []byte    `json:"inhoud"`
	Expires time.Time `json:"verlooptOp"`
}

func keptAt(kind, id string) string {
	return "/intern/tijdelijk/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// Keep keeps something under a kind and an id, in place of what was there.
func (s *Services) Keep(ctx context.Context, kind, id string, k Kept) error {
	_, err := s.send(ctx, call{name: "tijdelijk bewaren", method: http.MethodPut, path: keptAt(kind, id), body: k}, nil)
	return err
}

// Kept gives what is kept; an error with Status 404 when there is nothing.
func (s *Services) Kept(ctx context.Context, kind, id string) (k Kept, err error) {
	_, err = s.send(ctx, call{name: "tijdelijk lezen", method: http.MethodGet, path: keptAt(kind, id)}, &k)
	return k, err
}

// Forget removes something that is kept.
func (s *Services) Forget(ctx context.Context, kind, id string) error {
	_, err := s.send(ctx, call{name: "tijdelijk wissen", method: http.MethodDelete, path: keptAt(kind, id)}, nil)
	return err
}

// Opened gives the zaak that was opened with a key: an error with Status 404 when
// there is none, and one that is Reused when it was opened with something else. The
// lines say for what it is asked.
func (s *Services) Opened(ctx context.Context, key Key, lines ...logboek.Verwerking) (zaak string, err error) {
	l := &series{}
	l.record(lines)
	may := []int{http.StatusNotFound, http.StatusConflict} // and then the lines are written
	at := l.add(part{Method: http.MethodGet, Path: "/intern/sleutels/" + key.ID + "/zaak", Header: keyed(Key{Fingerprint: key.Fingerprint}), May: may})
	if err := s.do(ctx, "sleutel opzoeken", true, l); err != nil {
		return "", err
	}
	if a := l.answers[at]; !a.done() {
		return "", a.fault(&Fault{Kind: FaultService, Service: s.service, Operation: "sleutel opzoeken"})
	}
	var found struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(l.answers[at].Body, &found)
	return found.ID, s.unreadable(err)
}

// Rename gives the zaken of a person to the later of two user ids.
func (s *Services) Rename(ctx context.Context, from, to string) error {
	_, err := s.send(ctx, call{name: "zaken bij een persoon zetten", method: http.MethodPost, path: "/intern/personen", body: map[string]string{"van": from, "naar": to}}, nil)
	return err
}
