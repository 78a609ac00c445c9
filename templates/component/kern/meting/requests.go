package meting

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Requests measures the requests of one layer.
type Requests struct {
	// Transaction is the id that ties the line in the log to others, in other layers
	// too; nil: there is none.
	Transaction func(*http.Request) string

	meter *Meter
	layer string
	log   *slog.Logger

	mu    sync.RWMutex
	known map[kind]*series
}

// kind is what is told apart of requests.
type kind struct {
	pattern, method string
	code            int
}

// series is where requests of a kind are counted.
type series struct {
	count    interface{ Inc() }
	duration interface{ Update(seconds float64) }
}

// Requests makes the measuring of a layer, which also writes a line in this log for
// each request.
func (m *Meter) Requests(layer string, log *slog.Logger) *Requests {
	return &Requests{meter: m, layer: layer, log: log, known: map[kind]*series{}}
}

// maxKinds is how many kinds of one layer are told apart. A layer has far fewer; it
// is there so that no mistake of ours can fill the memory.
const maxKinds = 5000

// Watch measures every request and writes the line of it: the route and not the
// address, so that nothing that somebody puts in one, a burgerservicenummer
// included, stays anywhere.
func (q *Requests) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin, rec, done := time.Now(), &recorder{ResponseWriter: w}, false
		transaction := ""
		said := q.log.Enabled(r.Context(), slog.LevelInfo)
		if said && q.Transaction != nil {
			transaction = q.Transaction(r)
		}
		defer func() {
			took := time.Since(begin)
			switch {
			case rec.status == 0 && !done: // a panic that goes on to the server, which hangs up
				rec.status = http.StatusInternalServerError
			case rec.status == 0:
				rec.status = http.StatusOK
			}
			k := kind{r.Pattern, methodOf(r.Method), rec.status}
			s := q.series(k)
			s.count.Inc()
			s.duration.Update(took.Seconds())
			if said {
				q.log.LogAttrs(r.Context(), slog.LevelInfo, "verzoek", append([]slog.Attr{slog.String("methode", k.method), slog.String("route", routeOf(k.pattern)),
					slog.Int("status", k.code), slog.Int64("ms", took.Milliseconds()), slog.String("transactie", transaction)}, rec.notes...)...)
			}
		}()
		next.ServeHTTP(rec, r)
		done = true
	})
}

// series finds where a request is counted, or makes it.
func (q *Requests) series(k kind) *series {
	q.mu.RLock()
	s := q.known[k]
	q.mu.RUnlock()
	if s != nil {
		return s
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if s = q.known[k]; s != nil {
		return s
	}
	if len(q.known) >= maxKinds {
		k = kind{method: other, code: k.code}
	}
	route, method := routeOf(k.pattern), k.method
	if k.code == http.StatusMethodNotAllowed { // one series for all that an address does not know
		method = other
	}
	with := []string{"layer", q.layer, "route", route, "method", method}
	s = &series{
		duration: q.meter.seconds.GetOrCreatePrometheusHistogramExt(seconds.Name+labels(with...), buckets),
		count:    q.meter.requests.GetOrCreateCounter(requests.Name + labels(append(with, "code", strconv.Itoa(k.code))...)),
	}
	if len(q.known) < maxKinds {
		q.known[k] = s
	}
	return s
}

// other is what is said of a method that HTTP does not name: it can be any text.
const other = "andere"

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return other
}

// nowhere is the route of what no handler took.
const nowhere = "geen"

// routeOf is a pattern of http.ServeMux without its method.
func routeOf(pattern string) string {
	if _, path, found := strings.Cut(pattern, " "); found {
		pattern = path
	}
	if pattern == "" || pattern == "/" { // the last one takes what nothing else does
		return nowhere
	}
	return strings.TrimSuffix(pattern, "{$}")
}

// recorder remembers the status, and what the layer wants in the line of the request.
type recorder struct {
	http.ResponseWriter
	status int
	notes  []slog.Attr
}

// Note adds something to the line of the request.
func (rec *recorder) Note(key, value string) { rec.notes = append(rec.notes, slog.String(key, value)) }

// WriteHeader implements http.ResponseWriter.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= http.StatusOK { // below it is not the answer yet
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	return rec.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
