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

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// maxQuestion is more than any question is long, in bytes.
const maxQuestion = 4 << 20

// question is a request as the operations of a source see it.
type question struct {
	r       *http.Request
	path    map[string]string // parameters of the path
	query   url.Values
	body    any                 // JSON; nil without one
	hasBody bool                // there is a body
	values  map[string][]string // every plain value, by its name; in a body dotted: naam.voornamen
}

var (
	errTooLarge = errors.New("bron: question too large")
	errNotJSON  = errors.New("bron: question is not JSON")
)

// readQuestion collects the parameters of a request: path, query and the plain
// values of a JSON body.
func readQuestion(r *http.Request, inPath map[string]string) (*question, error) {
	q := &question{r: r, path: inPath, query: r.URL.Query(), values: map[string][]string{}}
	for name, values := range q.query {
		q.values[name] = values
	}
	for name, value := range inPath {
		q.values[name] = []string{value}
	}
	if r.Method == http.MethodGet || r.Body == nil {
		return q, nil
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxQuestion+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > maxQuestion:
		return nil, errTooLarge
	case len(bytes.TrimSpace(raw)) == 0:
		return q, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&q.body); err != nil {
		return nil, errNotJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	q.hasBody = true
	q.take("", q.body, 0)
	return q, nil
}

// take takes the plain values of a body under their dotted names.
func (q *question) take(name string, v any, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			q.take(strings.TrimPrefix(name+"."+key, "."), below, depth+1)
		}
	case []any:
		for _, item := range v {
			q.take(name, item, depth+1)
		}
	default:
		if s, ok := value.Plain(v); ok && name != "" {
			q.values[name] = append(q.values[name], s)
		}
	}
}

// past says whether a case is the answer to the question. With "bij" every
// value there must be asked; without, nothing may be asked that the answer
// does not hold under the same name, and what it has no such name for is not
// judged.
func (c *answerCase) past(q *question) bool {
	if c.when == nil {
		for name, held := range c.holds {
			for _, value := range q.values[name] {
				if len(held) > 0 && !slices.Contains(held, fold(value)) {
					return false
				}
			}
		}
		return true
	}
	for name, wanted := range c.when {
		var asked []string
		for _, value := range q.values[name] {
			if value != "" {
				asked = append(asked, fold(value))
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

// gather gathers the plain values under a name anywhere in an answer. Of a
// dotted name of a question the last part counts.
func gather(v any, name string, found []string) []string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			if s, ok := value.Plain(item); ok && strings.EqualFold(key, name) {
				found = append(found, s)
				continue
			}
			found = gather(item, name, found)
		}
	case []any:
		for _, item := range v {
			found = gather(item, name, found)
		}
	}
	return found
}

// fold makes "1234 ab" and "1234AB" the same.
func fold(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// matchPath compares a path with the segments of an operation and gives the
// parameters in it.
func matchPath(segments []string, path string) (map[string]string, bool) {
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

// samePath compares templates of paths; the names of parameters may differ.
func samePath(a, b []string) bool {
	return slices.EqualFunc(a, b, func(a, b string) bool {
		return a == b || strings.HasPrefix(a, "{") && strings.HasPrefix(b, "{")
	})
}
