package proef

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// mistake is what a source answers, with status 200, that is no answer.
type mistake struct {
	name, mediaType string
	body            func(Reply, asked) []byte
}

// mistakes are those that sources make, or what stands before them.
var mistakes = []mistake{
	{"een foutmelding", "application/json", func(Reply, asked) []byte {
		return []byte(`{"type":"about:blank","title":"Dit mag niet","status":403,"detail":"Geen toegang"}`)
	}},
	{"een pagina", "text/html", func(Reply, asked) []byte { return []byte("<!doctype html><title>Aanmelden</title>") }},
	{"een leeg object", "application/json", func(Reply, asked) []byte { return []byte("{}") }},
	{"iemand of iets anders", "application/json", func(reply Reply, q asked) []byte {
		raw, err := reply.Answer()
		if err != nil {
			return []byte("null")
		}
		const nobody = "999995947" // in any answers file
		for name := range q.values {
			q.values[name] = nobody
		}
		q.path = q.path[:strings.LastIndexByte(q.path, '/')+1] + nobody
		other, changed, err := q.put(reply.Path, raw)
		if err != nil || !changed {
			return []byte("null") // it does not say whose it is
		}
		return other
	}},
}

// sourceMistaken begins a zaak while the sources answer with what is no answer: it
// waits, or it is not there, and nothing is decided.
func sourceMistaken(t *testing.T, o *Setup) {
	t.Helper()
	path := o.asking(t)
	component := Start(t, o)
	for _, wrong := range mistakes {
		component.Bron.SetWrong(mistake{})
		before := component.countZaken()
		w := component.Begin(path)
		w.answers(1)
		component.Bron.SetWrong(wrong)
		v := w.visitor(path[0])
		page := v.FillIn(v.Open("/starten"), "/starten", path[0].Fields)
		if page.Status >= http.StatusInternalServerError {
			if got := component.countZaken(); got != before {
				t.Errorf("%s van een bron: er kwamen %d zaken bij", wrong.name, got-before)
			}
			continue
		}
		w.begun(page)
		var zaak struct {
			Step string `json:"huidigeStap"`
		}
		if component.API(start.LayerServices, "/zaken/"+w.Zaak, nil, &zaak); zaak.Step != path[1].Name {
			t.Errorf("%s van een bron: de zaak ging verder naar %s", wrong.name, zaak.Step)
		}
	}
}

// asked is what a question names by which the answer is one thing or one person.
type asked struct {
	path   string
	values map[string]string
}

// readAsked reads what a question names, and leaves its body as it was.
func readAsked(r *http.Request) asked {
	q := asked{path: r.URL.EscapedPath(), values: map[string]string{}}
	for name := range r.URL.Query() {
		q.person(name, r.URL.Query().Get(name))
	}
	raw, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	var body map[string]any
	if err == nil && json.Unmarshal(raw, &body) == nil {
		for name, v := range body {
			if list, ok := v.([]any); ok && len(list) > 0 {
				v = list[0]
			}
			if s, ok := value.Plain(v); ok {
				q.person(name, s)
			}
		}
	}
	return q
}

func (q asked) person(name, number string) {
	if strings.EqualFold(name, "burgerservicenummer") || strings.EqualFold(name, "bsn") {
		q.values[name] = number
	}
}

// put writes what the question names in an answer that gives the same, and says
// whether there was such a place: in what was found itself, and not in those it has
// to do with.
func (q asked) put(path string, raw []byte) (body []byte, changed bool, err error) {
	v, err := decoded(raw)
	if err != nil {
		return nil, false, err
	}
	name, oneThing := strings.CutPrefix(path[strings.LastIndexByte(path, '/')+1:], "{")
	if name = strings.TrimSuffix(name, "}"); oneThing && q.values[name] == "" {
		q.values[name], err = url.PathUnescape(q.path[strings.LastIndexByte(q.path, '/')+1:])
	}
	for name, value := range q.values {
		found := things(v)
		if object, ok := v.(map[string]any); ok && (oneThing || object[name] != nil) {
			found = []map[string]any{object}
		}
		for _, thing := range found {
			if thing[name] != nil {
				thing[name], changed = value, true
			}
		}
	}
	if err != nil {
		return nil, false, err
	}
	body, err = json.Marshal(v)
	return body, changed, err
}

// things are the objects of the first list that is reached through objects alone.
func things(v any) (all []map[string]any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if object, ok := item.(map[string]any); ok {
				all = append(all, object)
			}
		}
	case map[string]any:
		for _, below := range v {
			all = slices.Concat(all, things(below))
		}
	}
	return all
}

// decoded reads a document with its numbers as they are written.
func decoded(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}
