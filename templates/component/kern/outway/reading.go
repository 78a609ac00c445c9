package outway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
)

// What is wrong with an answer that is none. Nothing of the answer is in it.
var (
	errNoAnswer  = errors.New("de bron belooft een antwoord en geeft er geen")
	errMediaType = errors.New("het antwoord is geen JSON, of meldt een fout")
	errJSON      = errors.New("het antwoord is geen geldige JSON")
	errDeep      = errors.New("het antwoord is dieper of heeft langere namen dan van een bron te verwachten is")
	errOther     = errors.New("het antwoord is niet wat de bron belooft")
	errElse      = errors.New("het antwoord gaat over iets of iemand anders dan gevraagd is")
)

// put puts a question and reads the answer. What the answer holds comes along when
// it is a failure as well: the log says whose data was in it.
func (o *Outway) put(ctx context.Context, b Bron, q Question) (answer any, f finding, transaction string, err error) {
	reply, err := o.Do(ctx, b.Activity, q)
	if fault, ok := errors.AsType[*Fault](err); ok {
		if fault.nothing {
			return nil, finding{hint: fault.hint}, fault.Transaction, nil
		}
		return nil, f, fault.Transaction, err
	}
	if err != nil {
		return nil, f, "", err
	}
	answer, err = read(reply)
	if err == nil && answer != nil {
		var ok bool
		answer = b.canonicalIn(answer, o.base)
		switch f, ok = q.contract.find(answer); {
		case !ok:
			err = errOther
		case q.elsewhere(f):
			err = errElse
		}
	}
	if err != nil {
		return answer, finding{}, reply.Transaction, &Fault{Kind: FaultService, Service: b.Service, Operation: q.Operation, Status: reply.Status,
			Transaction: reply.Transaction, reason: err.Error(), Elsewhere: errors.Is(err, errElse)}
	}
	f.hint = o.hint(reply.Header)
	return answer, f, reply.Transaction, nil
}

// read reads the JSON of an answer; nil when the source says that there is nothing.
func read(reply *Reply) (answer any, err error) {
	switch {
	case reply.Status == http.StatusNoContent:
		return nil, nil //nolint:nilnil // that is what it says
	case reply.Status == http.StatusAccepted, reply.Status == http.StatusResetContent, len(bytes.TrimSpace(reply.Body)) == 0:
		return nil, errNoAnswer // 202: not yet
	case !isJSON(reply.Header):
		return nil, errMediaType
	}
	d := json.NewDecoder(bytes.NewReader(reply.Body))
	d.UseNumber() // an identification of twenty digits is not a float
	if d.Decode(&answer) != nil {
		return nil, errJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	switch {
	case answer == nil:
		return nil, errOther
	case !readable(answer, maxDeep, maxPath):
		return nil, errDeep
	}
	return answer, nil
}

// How deep an answer can be, and how long in bytes the names on the way to a value
// together. What is shown of an answer has the way to it as a text: without these
// a small answer could ask for all memory there is.
const (
	maxDeep = 100
	maxPath = 2000
)

func readable(v any, deep, length int) bool {
	if deep < 0 || length < 0 {
		return false
	}
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if !readable(below, deep-1, length-len(name)) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(below any) bool { return !readable(below, deep-1, length) })
	}
	return true
}

// isJSON says whether an answer is JSON, and not of the kind that tells what went
// wrong. A source that says nothing of it is believed.
func isJSON(h http.Header) bool {
	kind := mediaType(h)
	return kind == "" || kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json") && kind != "application/problem+json"
}

func mediaType(h http.Header) string {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// saysNothing says whether a refusal means that nothing was found. A page for
// people does not: that comes from something that stands before the source, or from
// a path that is wrong.
func (q Question) saysNothing(resp *http.Response, body []byte) bool {
	if resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusGone || !q.contract.NotFound {
		return false
	}
	kind := mediaType(resp.Header)
	body = bytes.TrimSpace(body)
	return (kind == "" || strings.HasSuffix(kind, "json") || len(body) == 0 && !strings.Contains(kind, "html")) && (len(body) == 0 || json.Valid(body))
}
