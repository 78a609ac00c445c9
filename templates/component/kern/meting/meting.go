// Package meting measures what a component does, for the people who keep it
// running: it counts requests and writes one line in the log for each, and gives
// Prometheus what it asks. Nothing here can hold personal data: a request is
// known by its route, such as /zaken/{id}, and never by its address, and every
// label has a limited number of values, whatever somebody sends.
package meting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	// The only file that knows this library.
	"github.com/VictoriaMetrics/metrics"
)

// Metric is what a number measures. Names are those of Prometheus, in English;
// people read the help.
type Metric struct{ Name, Help string }

// What is measured of requests.
var (
	requests = Metric{"component_http_requests_total", "Afgehandelde verzoeken. Fouten zijn die met een code die met 5 begint."}
	seconds  = Metric{"component_http_request_duration_seconds", "Hoe lang verzoeken duren, in seconden."}
)

// buckets are the upper bounds of durations, in seconds: from a read of one row
// to a question to a source that is slow.
var buckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// Sample is a number at this moment. Labels are names and values in turn.
type Sample struct {
	Metric Metric
	Labels []string
	Value  float64
}

// Source gives the numbers of one moment, when they are asked.
type Source func(context.Context) []Sample

// Meter holds everything that is measured in this process. It may be used by many
// goroutines.
type Meter struct {
	requests, seconds *metrics.Set // a set for each metric, so that each gets its own help

	mu      sync.Mutex
	sources []Source
}

// New makes a meter.
func New() *Meter { return &Meter{requests: metrics.NewSet(), seconds: metrics.NewSet()} }

// Add has a source asked from now on.
func (m *Meter) Add(s Source) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sources = append(m.sources, s)
}

// scrapeWithin is how long the sources may take together: Prometheus itself waits
// ten seconds.
const scrapeWithin = 5 * time.Second

// ServeHTTP answers Prometheus.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), scrapeWithin)
	defer cancel()
	var text bytes.Buffer
	m.write(ctx, &text)
	h := w.Header()
	h.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(text.Bytes())
}

// write writes everything in the text format of Prometheus.
func (m *Meter) write(ctx context.Context, w io.Writer) {
	m.mu.Lock()
	sources := slices.Clone(m.sources)
	m.mu.Unlock()
	head(w, requests, "counter")
	m.requests.WritePrometheus(w)
	head(w, seconds, "histogram")
	m.seconds.WritePrometheus(w)
	// The lines of one metric stand together, whichever source they come from, and
	// Prometheus refuses everything when one is there twice.
	found := map[Metric]map[string]float64{}
	for _, source := range sources {
		for _, s := range source(ctx) {
			if found[s.Metric] == nil {
				found[s.Metric] = map[string]float64{}
			}
			found[s.Metric][labels(s.Labels...)] = s.Value
		}
	}
	for _, metric := range slices.SortedFunc(maps.Keys(found), func(a, b Metric) int { return strings.Compare(a.Name, b.Name) }) {
		head(w, metric, "gauge")
		for _, with := range slices.Sorted(maps.Keys(found[metric])) {
			metrics.WriteGaugeFloat64(w, metric.Name+with, found[metric][with])
		}
	}
	metrics.WriteProcessMetrics(w) // memory, processor and open files, under the usual names
}

func head(w io.Writer, m Metric, kind string) {
	_, _ = fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", m.Name, strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(m.Help), m.Name, kind)
}

// quoted is how a value stands in a label. Anything else that cannot be printed is
// left out: a version can come from outside.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labels writes names and values in turn.
func labels(pairs ...string) string {
	if len(pairs) == 0 {
		return ""
	}
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		b.WriteString(pairs[i] + `="` + quoted.Replace(strings.ToValidUTF8(pairs[i+1], "?")) + `"`)
	}
	return b.String() + "}"
}

// Cached asks a source at most once in that time, whoever scrapes, and one at a
// time: what it asks of a database is then the same however many ask. The source
// says itself how long it may take: that the first one goes away does not count.
func Cached(keep time.Duration, source Source) Source {
	var mu sync.Mutex
	var asked time.Time
	var last []Sample
	return func(ctx context.Context) []Sample {
		mu.Lock()
		defer mu.Unlock()
		if asked.IsZero() || time.Since(asked) >= keep {
			last, asked = source(context.WithoutCancel(ctx)), time.Now()
		}
		return last
	}
}
