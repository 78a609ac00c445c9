package paginas

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// kept is something that layer 1 keeps for the pages for a short time.
type kept struct {
	Owner   string    `json:"eigenaar"` // pseudonym of the person whose it is
	Content []byte    `json:"inhoud"`
	Expires time.Time `json:"verlooptOp"`
}

func keptAt(kind, id string) string {
	return "/tijdelijk/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// keep keeps something under a kind and an id, in place of what was there.
func (c *client) keep(ctx context.Context, kind, id string, k kept) error {
	_, err := c.do(ctx, call{method: http.MethodPut, path: keptAt(kind, id), internal: true, body: k}, nil)
	return err
}

// kept gives what is kept; found is false when there is nothing, or nothing
// any more.
func (c *client) kept(ctx context.Context, kind, id string) (k kept, found bool, err error) {
	_, err = c.do(ctx, call{method: http.MethodGet, path: keptAt(kind, id), internal: true}, &k)
	if statusOf(err) == http.StatusNotFound {
		return k, false, nil
	}
	return k, err == nil, err
}

// forget removes something that is kept.
func (c *client) forget(ctx context.Context, kind, id string) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: keptAt(kind, id), internal: true}, nil)
	return err
}

// rename gives the zaken of a person to the later of two user ids.
func (c *client) rename(ctx context.Context, from, to string) error {
	_, err := c.do(ctx, call{method: http.MethodPost, path: "/personen", internal: true, body: map[string]string{"van": from, "naar": to}}, nil)
	return err
}
