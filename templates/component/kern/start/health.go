package start

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
)

// healthAnswer is what the beheerpoort says of this process: good, or a problem
// (RFC 9457) with the same fields besides.
type healthAnswer struct {
	Title    string            `json:"title,omitempty"`
	Status   any               `json:"status"` // "ok", or the number of a problem
	Detail   string            `json:"detail,omitempty"`
	Version  string            `json:"versie"`
	Commit   string            `json:"commit"`
	Date     string            `json:"datum"`
	Layers   map[string]string `json:"lagen,omitempty"` // "ok", or why not
	Warnings []string          `json:"waarschuwingen,omitempty"`
}

func answerHealth(w http.ResponseWriter, status int, a healthAnswer) {
	b := built()
	a.Version, a.Commit, a.Date = b.Version, b.Commit, b.Date
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if status != http.StatusOK {
		a.Title, a.Status = "Tijdelijk niet beschikbaar", status
		h.Set("Content-Type", "application/problem+json")
		h.Set("Retry-After", "5")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a)
}

// layersWithin is how long the layers may take to say whether they are ready.
const layersWithin = 3 * time.Second

// ready says whether all layers of this process are, and none once it stops.
func (b *beheer) ready(w http.ResponseWriter, r *http.Request) {
	if b.running.leaving.Load() {
		answerHealth(w, http.StatusServiceUnavailable, healthAnswer{Detail: stops})
		return
	}
	b.mu.Lock()
	started := b.started
	b.mu.Unlock()
	if !started {
		answerHealth(w, http.StatusServiceUnavailable, healthAnswer{Detail: "Dit component start nog."})
		return
	}
	states := b.ask(r.Context())
	answer := healthAnswer{Status: "ok", Layers: map[string]string{}}
	status := http.StatusOK
	for _, s := range states {
		answer.Warnings = append(answer.Warnings, s.warnings...)
		if answer.Layers[s.layer] = "ok"; !s.ready {
			answer.Layers[s.layer] = s.detail
			status, answer.Detail = http.StatusServiceUnavailable, "Nog niet elke laag is klaar; in lagen staat welke niet."
		}
	}
	answerHealth(w, status, answer)
}

// layerState is what a layer says of itself.
type layerState struct {
	layer    string
	ready    bool
	detail   string
	warnings []string
}

// ask asks each layer, without going over the network.
func (b *beheer) ask(ctx context.Context) []layerState {
	ctx, cancel := context.WithTimeout(ctx, layersWithin)
	defer cancel()
	b.mu.Lock()
	layers := b.layers[:len(b.layers):len(b.layers)]
	b.mu.Unlock()
	var all []layerState
	for _, l := range layers {
		all = append(all, askLayer(ctx, l))
	}
	return all
}

func askLayer(ctx context.Context, l layerHandler) layerState {
	s := layerState{layer: l.name}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/healthz/ready", nil)
	if err != nil {
		return s
	}
	answer := &inMemory{header: http.Header{}, status: http.StatusOK}
	l.handler.ServeHTTP(answer, req)
	s.ready = answer.status == http.StatusOK
	var said struct {
		Detail   string   `json:"detail"`
		Warnings []string `json:"waarschuwingen"`
	}
	_ = json.Unmarshal(answer.body.Bytes(), &said) // that of layer 5 is text
	s.warnings = said.Warnings
	if s.detail = said.Detail; s.detail == "" {
		s.detail = string(bytes.TrimSpace(answer.body.Bytes()))
	}
	return s
}

// inMemory is an answer that goes nowhere.
type inMemory struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (w *inMemory) Header() http.Header         { return w.header }
func (w *inMemory) Write(p []byte) (int, error) { return w.body.Write(p) }
func (w *inMemory) WriteHeader(status int)      { w.status = status }

// layerReady is the metric of what ready says.
var layerReady = meting.Metric{Name: "component_layer_ready", Help: "1 als de laag klaar is voor verzoeken, 0 als zij dat niet is."}

// samples says of each layer whether it is ready.
func (b *beheer) samples(ctx context.Context) []meting.Sample {
	leaving := b.running.leaving.Load()
	var all []meting.Sample
	for _, s := range b.ask(ctx) {
		all = append(all, meting.Sample{Metric: layerReady, Labels: []string{"layer", s.layer}, Value: oneIf(s.ready && !leaving)})
	}
	return all
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
