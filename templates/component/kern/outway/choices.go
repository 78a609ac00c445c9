package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Choice is one record that another record may refer to.
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Choices lists the first hundred records of a collection of layer 2, sorted by
// label: the field by which people know a record, or "" when it has none.
func (s *Services) Choices(ctx context.Context, collection, label string) ([]Choice, error) {
	var page struct {
		Results []map[string]json.RawMessage `json:"results"`
	}
	_, err := s.send(ctx, call{name: "keuzes lezen", method: http.MethodGet, path: "/v1/" + url.PathEscape(collection), query: url.Values{"pageSize": {"100"}}}, &page)
	if err != nil {
		return nil, err
	}
	choices := []Choice{}
	for _, record := range page.Results {
		var k Choice
		if json.Unmarshal(record["id"], &k.ID) != nil {
			continue // a record without an id is nothing to refer to
		}
		if json.Unmarshal(record[label], &k.Label) != nil || k.Label == "" {
			k.Label = k.ID
		}
		choices = append(choices, k)
	}
	slices.SortFunc(choices, func(a, b Choice) int { return strings.Compare(value.SortKey(a.Label), value.SortKey(b.Label)) })
	return choices, nil
}
