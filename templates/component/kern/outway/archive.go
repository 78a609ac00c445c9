package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// Named is one thing that is kept: a zaak, or a record of a table.
type Named struct {
	Kind string `json:"soort"`
	ID   string `json:"id"`
}

// Approval is what somebody approved the destruction of.
type Approval struct {
	Items    []Named `json:"teVernietigen"`
	By       string  `json:"door"`
	Approval string  `json:"goedkeuring"`
}

// Destruction is what came of an approval.
type Destruction struct {
	Declaration json.RawMessage `json:"verklaring,omitempty"`
	Skipped     []Skipped       `json:"overgeslagen"`
	Warning     string          `json:"waarschuwing,omitempty"`
}

// Skipped is something that was approved and not destroyed.
type Skipped struct {
	Named
	Why string `json:"waarom"`
}

const archiveAt = "/intern/archief"

// Archive gives what is due, as layer 2 says it.
func (s *Services) Archive(ctx context.Context) (json.RawMessage, error) {
	return s.archive(ctx, "archief lezen", archiveAt)
}

// Declarations gives the declarations of destruction, as layer 2 says them.
func (s *Services) Declarations(ctx context.Context) (json.RawMessage, error) {
	return s.archive(ctx, "verklaringen lezen", archiveAt+"/vernietigingen")
}

// Declaration gives one declaration with its lines.
func (s *Services) Declaration(ctx context.Context, id string) (json.RawMessage, error) {
	return s.archive(ctx, "verklaring lezen", archiveAt+"/vernietigingen/"+url.PathEscape(id))
}

func (s *Services) archive(ctx context.Context, name, path string) (raw json.RawMessage, err error) {
	_, err = s.send(ctx, call{name: name, method: http.MethodGet, path: path}, &raw)
	return raw, err
}

// Destroy destroys what was approved and is still due.
func (s *Services) Destroy(ctx context.Context, a Approval) (d Destruction, err error) {
	_, err = s.send(ctx, call{name: "vernietigen", method: http.MethodPost, path: archiveAt + "/vernietigingen", body: a}, &d)
	return d, err
}
