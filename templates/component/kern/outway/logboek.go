package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// linesPerCall is how many lines layer 2 takes in one request.
const linesPerCall = 500

// NewLogboek is the log of processing that layer 2 keeps (POST
// /v1/verwerkingen). Its own calls are not processing of personal data and are
// not logged. A call that cannot be made is an error, a *Fault.
func NewLogboek(s *Services) logboek.Recorder { return recorder{s} }

type recorder struct{ services *Services }

// Ends keeps the ends of questions for whoever asks, to be written together with what
// came of the answers. Until then nobody may hear of those.
type Ends struct {
	mu       sync.Mutex
	lines    []logboek.Verwerking
	foreseen []logboek.Verwerking // with which a question has begun that is not put yet
}

// Take gives what was kept, to be written now.
func (e *Ends) Take() []logboek.Verwerking {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.abandon()
	lines := e.lines
	e.lines = nil
	return lines
}

// Keep keeps lines, also those that could not be written when they were taken.
func (e *Ends) Keep(lines ...logboek.Verwerking) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, lines...)
}

type endsKey struct{}

// KeepEnds is a context in which the ends of questions are kept.
func KeepEnds(ctx context.Context, in *Ends) context.Context {
	return context.WithValue(ctx, endsKey{}, in)
}

// Begin implements logboek.Recorder. What an earlier question of the same context
// ended with is written first: this one may build on its answer.
func (b recorder) Begin(ctx context.Context, lines ...logboek.Verwerking) error {
	kept, _ := ctx.Value(endsKey{}).(*Ends)
	if kept == nil {
		return b.write(ctx, lines)
	}
	ended := kept.Take()
	err := b.write(ctx, slices.Concat(ended, lines))
	if err != nil {
		kept.Keep(ended...)
	}
	return err
}

// End implements logboek.Recorder. What has been done is written down even when
// the caller has gone meanwhile.
func (b recorder) End(ctx context.Context, lines ...logboek.Verwerking) error {
	if kept, ok := ctx.Value(endsKey{}).(*Ends); ok {
		kept.Keep(lines...)
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.services.outway.timeout())
	defer cancel()
	return b.write(ctx, lines)
}

func (b recorder) write(ctx context.Context, lines []logboek.Verwerking) error {
	for len(lines) > 0 {
		n := min(len(lines), linesPerCall)
		body, err := json.Marshal(lines[:n])
		if err != nil {
			return err
		}
		// Asking twice does no harm: a line is known by its trace and span.
		q := Question{Service: b.services.service, Operation: "verwerkingen vastleggen", Method: http.MethodPost, Path: "/v1/verwerkingen",
			Header: http.Header{}, Body: body, Repeatable: true}
		identity.SetToken(q.Header, b.services.token)
		if _, err := b.services.outway.Do(ctx, logboek.Activity{Name: "logboek-dataverwerkingen", Title: "Logboek dataverwerkingen"}, q); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// setTrace passes the place in the trace on to layer 2. An outway of OpenFSC
// drops traceparent, so it also goes under a name of our own.
func setTrace(ctx context.Context, h http.Header) {
	tr := logboek.TraceFrom(ctx)
	tr.SetHeader(h)
	if text := tr.String(); text != "" {
		h.Set(logboek.HeaderTrace, text)
	}
}

// Verwerkingen reads one page of the lines of a zaak, oldest first, and how
// many there are in all.
func (s *Services) Verwerkingen(ctx context.Context, zaak string, page, size int) (VerwerkingenPage, error) {
	q := url.Values{"zaak": {zaak}, "page": {strconv.Itoa(max(page, 1))}, "pageSize": {strconv.Itoa(size)}}
	var p VerwerkingenPage
	_, err := s.send(ctx, call{name: "verwerkingen lezen", method: http.MethodGet, path: "/v1/verwerkingen", query: q}, &p)
	return p, err
}

// VerwerkingenPage is one page of lines.
type VerwerkingenPage struct {
	Count        int                  `json:"count"`
	Verwerkingen []logboek.Verwerking `json:"results"`
}
