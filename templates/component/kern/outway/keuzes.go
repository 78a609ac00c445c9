package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Keuze is one record that another record may refer to.
type Keuze struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Keuzes lists the first hundred records of a collection of layer 2, sorted by
// label: the field by which people know a record, or "" when it has none.
func (d *Diensten) Keuzes(ctx context.Context, collection, label string) ([]Keuze, error) {
	var page struct {
		Results []map[string]json.RawMessage `json:"results"`
	}
	_, err := d.send(ctx, call{name: "keuzes lezen", method: http.MethodGet, path: "/v1/" + url.PathEscape(collection), query: url.Values{"pageSize": {"100"}}}, &page)
	if err != nil {
		return nil, err
	}
	choices := []Keuze{}
	for _, record := range page.Results {
		var k Keuze
		if json.Unmarshal(record["id"], &k.ID) != nil {
			continue // a record without an id is nothing to refer to
		}
		if json.Unmarshal(record[label], &k.Label) != nil || k.Label == "" {
			k.Label = k.ID
		}
		choices = append(choices, k)
	}
	slices.SortFunc(choices, func(a, b Keuze) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return choices, nil
}
