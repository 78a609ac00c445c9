package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// composed gives a value from JSON with its texts in the one form of Unicode in
// which we keep texts, so that what looks the same is the same: for a limit of the
// specification, for a filter, and for whoever sends a form twice.
func composed(v any) (same any, changed bool) {
	switch v := v.(type) {
	case string:
		text := value.NFC(v)
		return text, text != v
	case map[string]any:
		for name, given := range v {
			if text, other := composed(given); other {
				v[name], changed = text, true
			}
		}
		return v, changed
	case []any:
		for i, given := range v {
			if text, other := composed(given); other {
				v[i], changed = text, true
			}
		}
		return v, changed
	}
	return v, false
}

// composedBody is composed for the body of a request, for the handler too.
func composedBody(r *http.Request, raw []byte, v any) (any, error) {
	plain := !bytes.ContainsFunc(raw, func(c rune) bool { return c > 0x7f }) && !bytes.Contains(raw, []byte(`\u`))
	if plain {
		return v, nil
	}
	v, changed := composed(v)
	if !changed {
		return v, nil
	}
	again, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	r.Body = body{bytes.NewReader(again), again}
	return v, nil
}

// composedQuery is composed for the values of a parameter in the query.
func (p *param) composedQuery(r *http.Request, query url.Values, given []string) []string {
	if p.in != "query" || !slices.ContainsFunc(given, func(s string) bool { return value.NFC(s) != s }) {
		return given
	}
	for i, s := range given {
		given[i] = value.NFC(s)
	}
	query[p.name] = given
	r.URL.RawQuery = query.Encode()
	return given
}
