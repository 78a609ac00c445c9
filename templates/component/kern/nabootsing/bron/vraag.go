package bron

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxVraag is more than any question is long, in bytes.
const maxVraag = 4 << 20

// vraag is a request as the operations of a source see it.
type vraag struct {
	r       *http.Request
	pad     map[string]string // parameters of the path
	query   url.Values
	body    any                 // JSON; nil without one
	heeft   bool                // there is a body
	waarden map[string][]string // every plain value, by its name; in a body dotted: naam.voornamen
}

var (
	errTeGroot  = errors.New("bron: question too large")
	errGeenJSON = errors.New("bron: question is not JSON")
)

// leesVraag collects the parameters of a request: path, query and the plain
// values of a JSON body.
func leesVraag(r *http.Request, inPad map[string]string) (*vraag, error) {
	v := &vraag{r: r, pad: inPad, query: r.URL.Query(), waarden: map[string][]string{}}
	for naam, values := range v.query {
		v.waarden[naam] = values
	}
	for naam, value := range inPad {
		v.waarden[naam] = []string{value}
	}
	if r.Method == http.MethodGet || r.Body == nil {
		return v, nil
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxVraag+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > maxVraag:
		return nil, errTeGroot
	case len(bytes.TrimSpace(raw)) == 0:
		return v, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v.body); err != nil {
		return nil, errGeenJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errGeenJSON
	}
	v.heeft = true
	v.neem("", v.body, 0)
	return v, nil
}

// neem takes the plain values of a body under their dotted names.
func (v *vraag) neem(naam string, value any, diep int) {
	if diep > maxDiep {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			v.neem(strings.TrimPrefix(naam+"."+key, "."), below, diep+1)
		}
	case []any:
		for _, item := range value {
			v.neem(naam, item, diep+1)
		}
	default:
		if s, ok := gewoneWaarde(value); ok && naam != "" {
			v.waarden[naam] = append(v.waarden[naam], s)
		}
	}
}

// past says whether a case is the answer to the question. With "bij" every
// value there must be asked; without, nothing may be asked that the answer
// does not hold under the same name, and what it has no such name for is not
// judged.
func (g *geval) past(v *vraag) bool {
	if g.bij == nil {
		for naam, held := range g.houdt {
			for _, value := range v.waarden[naam] {
				if len(held) > 0 && !slices.Contains(held, gelijk(value)) {
					return false
				}
			}
		}
		return true
	}
	for naam, wanted := range g.bij {
		var asked []string
		for _, value := range v.waarden[naam] {
			if value != "" {
				asked = append(asked, gelijk(value))
			}
		}
		if len(wanted) == 0 && len(asked) > 0 {
			return false
		}
		for _, value := range wanted {
			if !slices.Contains(asked, value) {
				return false
			}
		}
	}
	return true
}

// verzamel gathers the plain values under a name anywhere in an answer. Of a
// dotted name of a question the last part counts.
func verzamel(v any, naam string, found []string) []string {
	naam = naam[strings.LastIndexByte(naam, '.')+1:]
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if s, ok := gewoneWaarde(value); ok && strings.EqualFold(key, naam) {
				found = append(found, gelijk(s))
				continue
			}
			found = verzamel(value, naam, found)
		}
	case []any:
		for _, value := range v {
			found = verzamel(value, naam, found)
		}
	}
	return found
}

// gelijk makes "1234 ab" and "1234AB" the same.
func gelijk(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// gewoneWaarde is a plain value as text.
func gewoneWaarde(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// inPad compares a path with the segments of an operation and gives the
// parameters in it.
func inPad(segments []string, path string) (map[string]string, bool) {
	given := strings.Split(path, "/")
	if len(given) != len(segments) {
		return nil, false
	}
	found := map[string]string{}
	for i, s := range segments {
		value, err := url.PathUnescape(given[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(s, "{"); ok && value != "" {
			found[strings.TrimSuffix(name, "}")] = value
			continue
		}
		if value != s {
			return nil, false
		}
	}
	return found, true
}

// zelfdePad compares templates of paths; the names of parameters may differ.
func zelfdePad(a, b []string) bool {
	return slices.EqualFunc(a, b, func(a, b string) bool {
		return a == b || strings.HasPrefix(a, "{") && strings.HasPrefix(b, "{")
	})
}
