package nabootsing

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// promised is what the stand-in may add to a call, in the median and after the
// first token.
const promised = 2 * time.Millisecond

// BenchmarkCall compares calls of our own layer 2 through outway, mutual TLS
// and inway with direct ones: go test -bench . ./kern/nabootsing
func BenchmarkCall(b *testing.B) {
	layer2 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"01a2015c-799d-785d-9491-fb76c4c20dbc","naam":"een antwoord"}`)
	}))
	defer layer2.Close()
	p := newRig(b, func(o *Options) { o.ServicesURL, o.Log = layer2.URL, slog.New(slog.DiscardHandler) })
	outway := httptest.NewServer(p)
	defer outway.Close()
	grant := p.grants["eigen-diensten"]
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	call := func(address string) time.Duration {
		begin := time.Now()
		req, err := http.NewRequestWithContext(b.Context(), "GET", address+"/v1/zaken", nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set(fsc.HeaderGrant, grant)
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
		return time.Since(begin)
	}
	call(outway.URL) // the first token
	var direct, through []time.Duration
	for b.Loop() { // by turns, so that a busy machine slows both
		direct = append(direct, call(layer2.URL))
		through = append(through, call(outway.URL))
	}
	added := median(through) - median(direct)
	b.ReportMetric(float64(median(direct).Microseconds()), "direct-µs")
	b.ReportMetric(float64(median(through).Microseconds()), "nabootsing-µs")
	b.ReportMetric(float64(added.Microseconds()), "erbij-µs")
	b.ReportMetric(float64(median(through))/float64(median(direct)), "verhouding")
	if len(through) > 100 && added > promised {
		b.Errorf("the stand-in adds %s to a call; at most %s was promised", added, promised)
	}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
