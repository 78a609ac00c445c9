package outway

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// streamTimeout is how long one file may be under way. A file goes as fast as
// the connection of the person who sends it.
const streamTimeout = 20 * time.Minute

// Stream is the answer to a call that is too large to keep. Whoever gets one
// closes its Body.
type Stream struct {
	Header http.Header
	Body   io.ReadCloser
}

// closing ends the call when its answer is closed.
type closing struct {
	io.ReadCloser
	end context.CancelFunc
}

// Close implements io.Closer.
func (c closing) Close() error {
	defer c.end()
	return c.ReadCloser.Close()
}

// Stream makes a call of which the body, or the answer, is streamed. It is tried
// once: what was read of a body is gone. Size is -1 when nobody knows it.
func (o *Outway) Stream(ctx context.Context, a logboek.Activity, q Question, content io.Reader, size int64) (*Stream, error) {
	fault := &Fault{Kind: FaultSettings, Service: q.Service, Operation: q.Operation}
	grant := o.grants[q.Service]
	if a.Name == "" || grant == "" {
		fault.reason = "de verwerkingsactiviteit of de grant hash van deze dienst ontbreekt; zie 3-integratie/fsc.yaml"
		return nil, fault
	}
	breaker := o.breakers.of(q.Service)
	if wait, ok := breaker.allow(time.Now()); !ok {
		return nil, &Fault{Kind: FaultResting, Service: q.Service, Operation: q.Operation, Wait: wait}
	}
	within, cancel := context.WithTimeout(ctx, streamTimeout)
	resp, fault := o.open(within, a, q, grant, content, size) //nolint:bodyclose // whoever gets the Stream closes it
	if fault == nil {
		breaker.after(time.Now(), nil)
		return &Stream{resp.Header, closing{resp.Body, cancel}}, nil
	}
	cancel()
	if fault.Kind == FaultConnection && ctx.Err() == nil && content == nil {
		breaker.after(time.Now(), fault)
	} else {
		breaker.release() // perhaps it was the sender who went away: that says nothing of the service
	}
	return nil, fault
}

// open sends the call and gives the answer when it is a success.
func (o *Outway) open(ctx context.Context, a logboek.Activity, q Question, grant string, content io.Reader, size int64) (*http.Response, *Fault) {
	req, fault := o.attempt(ctx, q, grant)
	if req == nil {
		return nil, fault
	}
	if content != nil {
		req.Body, req.ContentLength = io.NopCloser(content), size
	}
	begin := time.Now()
	resp, err := o.client.Do(req)
	if err != nil {
		fault.because(FaultConnection, inTransit(err))
		o.record(ctx, a, q, fault.Transaction, begin, 0, fault)
		return nil, fault
	}
	switch {
	case resp.Header.Get(fsc.HeaderErrorCode) != "":
		fault.because(FaultFSC, nil)
		fault.Code = code(resp.Header.Get(fsc.HeaderErrorCode))
	case resp.StatusCode >= http.StatusMultipleChoices:
		fault.because(FaultService, nil)
	default:
		o.record(ctx, a, q, fault.Transaction, begin, resp.StatusCode, nil)
		return resp, nil
	}
	_ = resp.Body.Close()
	fault.Status, fault.Wait = resp.StatusCode, retryAfter(resp, time.Now())
	o.record(ctx, a, q, fault.Transaction, begin, resp.StatusCode, fault)
	return nil, fault
}
