package register

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// partHeaders are the headers that a request of a series can have of its own. Who
// asks, and for which action, is that of the whole.
var partHeaders = []string{"If-Match", "Idempotency-Key", rest.FingerprintHeader, headerProcess, "Content-Type"}

// answerHeaders are those of an answer that say something.
var answerHeaders = []string{"Etag", "Location", "Retry-After", "Link"}

// anything stands for every text but an empty one in a condition.
const anything = "*"

// one does a request of a series.
func (s *Series) one(r *http.Request, p *part, earlier []partAnswer, begin time.Time) (partAnswer, error) {
	for from, want := range p.If {
		if got, _ := said(earlier, from); got != want && (want != anything || got == "") {
			return partAnswer{}, nil
		}
	}
	target, err := filledPath(p.Path, earlier)
	if err != nil {
		return partAnswer{}, err
	}
	body, err := p.filled(earlier, begin)
	if err != nil {
		return partAnswer{}, err
	}
	inner := r.Clone(r.Context())
	inner.Method, inner.Pattern = p.Method, ""
	inner.URL.Path, inner.URL.RawPath, inner.URL.RawQuery = target, "", p.Query
	inner.RequestURI = inner.URL.RequestURI()
	inner.Body, inner.ContentLength = http.NoBody, 0
	for _, name := range partHeaders {
		inner.Header.Del(name)
		if v := p.Header[name]; v != "" {
			inner.Header.Set(name, v)
		}
	}
	if len(body) > 0 {
		inner.Body, inner.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		if p.Header["Content-Type"] == "" {
			inner.Header.Set("Content-Type", "application/json")
		}
	}
	w := &answerWriter{header: http.Header{}}
	s.server.ServeHTTP(w, inner)
	return w.answer(), nil
}

// reference is a part of a path that is taken from an answer.
var reference = regexp.MustCompile(`\{([^{}]*)\}`)

// filledPath is a path with what earlier answers say in it: ids, and nothing else.
func filledPath(path string, earlier []partAnswer) (string, error) {
	missing := ""
	path = reference.ReplaceAllStringFunc(path, func(ref string) string {
		id, _ := said(earlier, ref[1:len(ref)-1])
		if !value.IsUUID(id) {
			missing = ref
		}
		return id
	})
	if missing != "" {
		return "", notSaid(missing)
	}
	return path, nil
}

func notSaid(ref string) error {
	return rest.Invalid(rest.InBody("/verzoeken", "reference", fmt.Sprintf("Geen eerder antwoord heeft %.40q.", ref)))
}

// said is what an earlier answer says, as text: of a field, 1.id, or its status, 1#.
func said(earlier []partAnswer, ref string) (string, bool) {
	at, field, _ := strings.Cut(ref, ".")
	place, ofStatus := strings.CutSuffix(at, "#")
	i, err := strconv.Atoi(place)
	if err != nil || i < 0 || i >= len(earlier) {
		return "", false
	}
	a := &earlier[i]
	if ofStatus {
		return strconv.Itoa(a.Status), true
	}
	if a.Status == 0 || a.Status >= http.StatusMultipleChoices {
		return "", false
	}
	if a.fields == nil && json.Unmarshal(a.Body, &a.fields) != nil {
		return "", false
	}
	var text string
	if json.Unmarshal(a.fields[field], &text) != nil {
		return "", false
	}
	return text, true
}

// filled is the body of a request with what earlier answers say in it. In a list,
// such as lines of the log, it comes into each.
func (p *part) filled(earlier []partAnswer, begin time.Time) ([]byte, error) {
	if len(p.Fill) == 0 && !p.Lasts {
		return p.Body, nil
	}
	var all []map[string]json.RawMessage
	one := json.Unmarshal(p.Body, &all) != nil
	if one {
		all = make([]map[string]json.RawMessage, 1)
		if json.Unmarshal(p.Body, &all[0]) != nil {
			all = nil
		}
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(of map[string]json.RawMessage) bool { return of == nil }) { // null is no object
		return nil, rest.Invalid(rest.InBody("/verzoeken", "type", "Dit heeft niet de juiste vorm."))
	}
	for field, ref := range p.Fill {
		text, ok := said(earlier, ref)
		if !ok {
			return nil, notSaid(ref)
		}
		raw, err := json.Marshal(text)
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i][field] = raw
		}
	}
	if p.Lasts {
		for i := range all {
			later(all[i], time.Since(begin))
		}
	}
	if one {
		return json.Marshal(all[0])
	}
	return json.Marshal(all)
}

// later puts off the end of a line. It was filled in by a layer with a clock of its
// own, so only how long it took is added.
func later(line map[string]json.RawMessage, by time.Duration) {
	var end time.Time
	if json.Unmarshal(line["einde"], &end) != nil || end.IsZero() {
		return
	}
	if raw, err := json.Marshal(end.Add(by)); err == nil {
		line["einde"] = raw
	}
}

// answerWriter keeps the answer to a request of a series.
type answerWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *answerWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write implements http.ResponseWriter.
func (w *answerWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *answerWriter) answer() partAnswer {
	a := partAnswer{Status: w.status, Body: w.body.Bytes()}
	for _, name := range answerHeaders {
		if v := w.header.Get(name); v != "" {
			if a.Header == nil {
				a.Header = map[string]string{}
			}
			a.Header[name] = v
		}
	}
	return a
}
