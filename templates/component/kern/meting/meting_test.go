package meting

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const person = "999993653" // a test number; it must not come back anywhere

// sample matches a line of the text format of Prometheus.
var sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",? ?)+\})? (\S+)$`)

// scraped reads the answer to Prometheus: the value of each line, by name and labels.
// It fails on what Prometheus would refuse.
func scraped(t *testing.T, h http.Handler) (values map[string]float64, text string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("%d %s", w.Code, w.Header())
	}
	values, kinds, last := map[string]float64{}, map[string]string{}, ""
	seen := map[string]bool{}
	for line := range strings.Lines(w.Body.String()) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, kind, _ := strings.Cut(rest, " ")
			kinds[name] = kind
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		found := sample.FindStringSubmatch(line)
		if found == nil {
			t.Errorf("Prometheus cannot read %q", line)
			continue
		}
		value, err := strconv.ParseFloat(found[3], 64)
		if _, twice := values[found[1]+found[2]]; err != nil || twice {
			t.Errorf("%q is there twice, or is no number: %v", line, err)
		}
		values[found[1]+found[2]] = value
		family := found[1]
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if base := strings.TrimSuffix(found[1], suffix); kinds[base] == "histogram" {
				family = base
			}
		}
		if strings.HasPrefix(family, "component_") && (kinds[family] == "" || family != last && seen[family]) {
			t.Errorf("%q has no type, or its lines do not stand together", line)
		}
		last, seen[family] = family, true
	}
	return values, w.Body.String()
}

// watched is a server with a few routes that is measured, and its log.
func watched(t *testing.T) (m *Meter, ask func(method, target string) int, log *bytes.Buffer) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /zaken/{zaak}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /zaken/{zaak}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	mux.HandleFunc("GET /fout", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints) // not the answer yet
		w.WriteHeader(http.StatusBadGateway)
	})
	mux.HandleFunc("GET /paniek", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/vrij", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("begin")) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	m, log = New(), &bytes.Buffer{}
	requests := m.Requests("proces", slog.New(slog.NewTextHandler(log, nil)).With("laag", "proces"))
	requests.Transaction = func(*http.Request) string { return "t-1" }
	h := requests.Watch(mux)
	return m, func(method, target string) int {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Method = method
		w := httptest.NewRecorder()
		func() {
			defer func() { _ = recover() }()
			h.ServeHTTP(w, r)
		}()
		return w.Code
	}, log
}

func TestRequestsAreCounted(t *testing.T) {
	m, ask, log := watched(t)
	for range 3 {
		ask("GET", "/zaken/"+person+"?bsn="+person)
	}
	ask("POST", "/zaken/1")
	ask("GET", "/fout")
	ask("GET", "/paniek")
	ask("GET", "/")
	ask("GET", "/"+person)
	ask("HEAD", "/zaken/1")
	values, text := scraped(t, m)
	for with, want := range map[string]float64{
		`route="/zaken/{zaak}",method="GET",code="200"`:  3,
		`route="/zaken/{zaak}",method="HEAD",code="200"`: 1,
		`route="/zaken/{zaak}",method="POST",code="201"`: 1,
		`route="/fout",method="GET",code="502"`:          1,
		`route="/paniek",method="GET",code="500"`:        1,
		`route="/",method="GET",code="200"`:              1,
		`route="geen",method="GET",code="404"`:           1,
	} {
		if got := values[`component_http_requests_total{layer="proces",`+with+`}`]; got != want {
			t.Errorf("%s: %v, want %v", with, got, want)
		}
	}
	const duration, of = "component_http_request_duration_seconds", `{layer="proces",route="/zaken/{zaak}",method="GET"`
	if values[duration+"_count"+of+"}"] != 3 || values[duration+"_bucket"+of+`,le="+Inf"}`] != 3 || values[duration+"_bucket"+of+`,le="10"}`] != 3 {
		t.Errorf("the durations:\n%s", text)
	}
	if strings.Contains(text, person) || strings.Contains(log.String(), person) {
		t.Errorf("the number of a person is told:\n%s\n%s", text, log)
	}
	if want := `msg=verzoek laag=proces methode=GET route=/zaken/{zaak} status=200 ms=0 transactie=t-1` + "\n"; !strings.Contains(log.String(), want) {
		t.Errorf("the log has no %q:\n%s", want, log)
	}
	if !strings.Contains(text, "# HELP component_http_requests_total Afgehandelde") || !strings.Contains(text, "process_resident_memory_bytes ") {
		t.Errorf("not all is there:\n%s", text)
	}
}

// TestNobodyFillsTheMemory: whatever somebody asks, the number of lines does not grow.
func TestNobodyFillsTheMemory(t *testing.T) {
	m, ask, log := watched(t)
	methods := []string{"GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "BSN" + person, "get", "x\"}"}
	for i := range 2000 {
		number := strconv.Itoa(i)
		for _, target := range []string{"/zaken/" + number, "/" + number, "/vrij?" + number} {
			ask(methods[i%len(methods)], target)
		}
		ask("M"+number, "/vrij")
	}
	_, text := scraped(t, m)
	lines := strings.Count(text, "\ncomponent_http_requests_total{")
	if lines == 0 || lines > 30 {
		t.Errorf("%d kinds of requests:\n%.3000s", lines, text)
	}
	for _, told := range []string{text, log.String()} {
		if strings.Contains(told, person) || strings.Contains(told, "M7") {
			t.Error("a method that somebody made up is told")
		}
	}
}

// TestWhatAnAddressDoesNotKnowIsOneKind: the methods that HTTP names are seven, and
// none of those that an address refuses needs a series of its own.
func TestWhatAnAddressDoesNotKnowIsOneKind(t *testing.T) {
	m, ask, _ := watched(t)
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH"} {
		if status := ask(method, "/vrij"); status != http.StatusMethodNotAllowed {
			t.Fatal(method, status)
		}
	}
	values, text := scraped(t, m)
	if got := values[`component_http_requests_total{layer="proces",route="/vrij",method="andere",code="405"}`]; got != 5 {
		t.Errorf("%v of 5 stand together:\n%s", got, text)
	}
}

func TestKindsHaveALimit(t *testing.T) {
	m := New()
	q := m.Requests("proces", slog.New(slog.DiscardHandler))
	for i := range maxKinds + 100 {
		q.series(kind{"/" + strconv.Itoa(i), "GET", 200}).count.Inc()
	}
	values, text := scraped(t, m)
	if lines := strings.Count(text, "\ncomponent_http_requests_total{"); lines != maxKinds+1 || len(q.known) != maxKinds {
		t.Errorf("%d lines and %d kinds, want %d", lines, len(q.known), maxKinds)
	}
	if got := values[`component_http_requests_total{layer="proces",route="geen",method="andere",code="200"}`]; got != 100 {
		t.Errorf("what does not fit is counted %v times", got)
	}
}

func TestSourcesAreAskedAtAScrape(t *testing.T) {
	m := New()
	hostile := Metric{"component_test", "Met \\ en\neen regel."}
	m.Add(func(context.Context) []Sample {
		return []Sample{{hostile, []string{"a", `x"} 1` + "\n" + `b\`, "b", "caf\xff\u00e9"}, 1.5}, {Metric: Metric{"component_a", "A."}, Value: math.Inf(1)}}
	})
	m.Add(func(context.Context) []Sample {
		return []Sample{{hostile, []string{"a", "2"}, 1}, {hostile, []string{"a", "2"}, 2}}
	})
	values, text := scraped(t, m)
	if values[`component_test{a="x\"} 1\nb\\",b="caf?é"}`] != 1.5 || values[`component_test{a="2"}`] != 2 || !math.IsInf(values["component_a"], 1) {
		t.Errorf("the numbers:\n%.600s", text)
	}
	if !strings.Contains(text, `# HELP component_test Met \\ en\neen regel.`+"\n") {
		t.Errorf("the help:\n%.600s", text)
	}
}

func TestCachedAsksOnceInAWhile(t *testing.T) {
	var asked atomic.Int32
	source := Cached(30*time.Millisecond, func(ctx context.Context) []Sample {
		asked.Add(1)
		if ctx.Err() != nil {
			t.Error("the one who went away decides for the others")
		}
		return []Sample{{Value: 7}}
	})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if got := source(gone); len(got) != 1 || got[0].Value != 7 {
			t.Error(got)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	time.Sleep(40 * time.Millisecond)
	if source(t.Context()); asked.Load() != 2 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// nothing is a writer of which nobody reads the answer.
type nothing struct{ header http.Header }

func (n nothing) Header() http.Header         { return n.header }
func (n nothing) Write(p []byte) (int, error) { return len(p), nil }
func (n nothing) WriteHeader(int)             {}

// BenchmarkWatch is what measuring adds to one request.
func BenchmarkWatch(b *testing.B) {
	h := New().Requests("proces", slog.New(slog.DiscardHandler)).Watch(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r, w := httptest.NewRequest(http.MethodGet, "/", nil), nothing{http.Header{}}
	r.Pattern = "/v1/zaken/{id}"
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
