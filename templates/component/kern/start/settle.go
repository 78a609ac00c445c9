package start

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// How often layer 4 asks whether layer 2 is there: soon at first, for both start
// at the same moment.
const (
	settleFirst  = 100 * time.Millisecond
	settleLatest = 5 * time.Second

	// How long the start itself waits: with layer 2 in the same process somebody looks
	// at the screen and wants to hear it there.
	firstWithin = 20 * time.Second
	firstApart  = 3 * time.Second
)

// settled is layer 4 once it has found that every zaak can go on. It takes no
// request before that: a zaak at a step that is gone would be nobody's. When people
// have to decide something first it does not start. When layer 2 is not there yet,
// as with layers that start apart, it waits and says that it is not ready; what
// turns out then still stops it.
func settled(ctx context.Context, s Settings, layer *proces.Process, warnings func() []string) (Layer, error) {
	patience := firstWithin
	if !s.Has(LayerServices) { // who runs apart may be waiting for it longer
		patience = firstApart
	}
	first, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := layer.Settle(first)
	if err == nil {
		return Layer{Handler: layer.Handler(), Run: layer.Run}, nil
	}
	if refused(err) || ctx.Err() != nil {
		return Layer{}, err
	}
	s.Log.Warn("het register is er nog niet; zolang neemt het proces geen verzoeken aan", "fout", err)
	g := &gate{ready: make(chan struct{}), warnings: warnings}
	return Layer{Handler: g, Settle: func(ctx context.Context) error {
		if err := settleLater(ctx, s, layer); err != nil {
			return err
		}
		g.open(layer.Handler())
		return nil
	}, Run: func(ctx context.Context) {
		select {
		case <-g.ready:
			layer.Run(ctx)
		case <-ctx.Done():
		}
	}}, nil
}

func refused(err error) bool {
	_, refusal := errors.AsType[*proces.Refusal](err)
	return refusal
}

// settleLater tries until layer 2 answers, or until people have to decide.
func settleLater(ctx context.Context, s Settings, layer *proces.Process) error {
	said := time.Now()
	for wait := settleFirst; ; wait = min(wait*2, settleLatest) {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait/2 + rand.N(wait)): // #nosec G404 -- Spreads attempts in time; it is no secret.
		}
		err := layer.Settle(ctx)
		if err == nil || refused(err) {
			return err
		}
		if time.Since(said) > time.Minute && ctx.Err() == nil {
			said = time.Now()
			s.Log.Warn("het register is er nog steeds niet; zolang neemt het proces geen verzoeken aan", "fout", err)
		}
	}
}

// gate answers that the layer is not ready until it is.
type gate struct {
	handler  atomic.Pointer[http.Handler]
	ready    chan struct{}
	warnings func() []string // what ends soon, or ended: it may be why the register is away
}

const waits = "Het proces wacht op het register en neemt nog geen verzoeken aan; probeer het zo nog eens."

func (g *gate) open(h http.Handler) {
	g.handler.Store(&h)
	close(g.ready)
}

// ServeHTTP implements http.Handler.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch h := g.handler.Load(); {
	case h != nil:
		(*h).ServeHTTP(w, r)
	case r.URL.Path == "/healthz/live":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}`))
	case r.URL.Path == "/healthz/ready":
		p := rest.NewProblem(http.StatusServiceUnavailable, waits)
		h := w.Header()
		h.Set("Content-Type", "application/problem+json")
		h.Set("Retry-After", "5")
		w.WriteHeader(p.Status)
		_ = json.NewEncoder(w).Encode(map[string]any{"title": p.Title, "status": p.Status, "detail": p.Detail, "waarschuwingen": g.warnings()})
	default:
		rest.Error(w, r, rest.NewProblem(http.StatusServiceUnavailable, waits).With("Retry-After", "5"))
	}
}
