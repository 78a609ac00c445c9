package outway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Headers that go along with a file between the layers.
const (
	HeaderOwner     = "Bestand-Eigenaar" // user id of who sends it
	HeaderAnonymous = "Bestand-Anoniem"  // "ja" when that person did not log in
)

// StoredFile is a file as layer 2 keeps it.
type StoredFile struct {
	File  value.Attachment `json:"bestand"`
	Owner string           `json:"eigenaar"`
	Bound bool             `json:"gebonden"` // a record has it
}

// Upload is what is known of a file before it is sent.
type Upload struct {
	Name, Mediatype string
	Owner           string // user id
	Key             string // the same for a repetition of the same submit
	Anonymous       bool
	Size            int64 // -1 when nobody knows
}

const filesPath = "/intern/bestanden"

func (s *Services) fileQuestion(ctx context.Context, name, method, path string) Question {
	q := Question{Service: s.service, Operation: name, Method: method, Path: path, Header: http.Header{}}
	identity.SetAPI(q.Header, s.API)
	identity.SetToken(q.Header, s.token)
	setTrace(ctx, q.Header)
	return q
}

// StoreFile sends a file on while it comes in.
func (s *Services) StoreFile(ctx context.Context, u Upload, content io.Reader) (f value.Attachment, err error) {
	q := s.fileQuestion(ctx, "bestand bewaren", http.MethodPost, filesPath)
	q.Header.Set("Content-Type", u.Mediatype)
	q.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": u.Name}))
	q.Header.Set(HeaderOwner, u.Owner)
	if u.Key != "" {
		q.Header.Set("Idempotency-Key", u.Key)
	}
	if u.Anonymous {
		q.Header.Set(HeaderAnonymous, "ja")
	}
	answer, err := s.outway.Stream(ctx, s.activity, q, content, u.Size)
	if err != nil {
		return f, err
	}
	defer func() { _ = answer.Body.Close() }()
	if json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&f) != nil {
		return f, errors.New("bestand bewaren: het antwoord van laag 2 is geen geldige JSON")
	}
	return f, nil
}

// File says what a file is; an error with Status 404 when it is not there.
func (s *Services) File(ctx context.Context, id string) (f StoredFile, err error) {
	_, err = s.send(ctx, call{name: "bestand opzoeken", method: http.MethodGet, path: filesPath + "/" + url.PathEscape(id)}, &f)
	return f, err
}

// FileContent gives what is in a file; whoever gets it closes its Body.
func (s *Services) FileContent(ctx context.Context, id string) (*Stream, error) {
	q := s.fileQuestion(ctx, "bestand lezen", http.MethodGet, filesPath+"/"+url.PathEscape(id)+"/inhoud")
	q.Header.Set("Accept", "application/octet-stream")
	return s.outway.Stream(ctx, s.activity, q, nil, 0)
}

// DropFile removes a file that no record has.
func (s *Services) DropFile(ctx context.Context, id string) error {
	_, err := s.send(ctx, call{name: "bestand weghalen", method: http.MethodDelete, path: filesPath + "/" + url.PathEscape(id)}, nil)
	return err
}
