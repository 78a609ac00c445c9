package outway

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxFouten   = 5                // failures in a row before a service is left alone
	rust        = 10 * time.Second // for how long
	langsteRust = time.Minute      // also when the service asks for more
	langWachten = 2 * time.Second  // a call itself waits this long for a busy service, not longer
)

// zekering is the circuit breaker of one service. After a number of failures in
// a row calls fail at once, so that a source that is away does not keep every
// user waiting. Then one call goes out to try; when that is answered all do.
type zekering struct {
	mu     sync.Mutex
	fouten int
	tot    time.Time // the service is left alone until then; zero: it is not
	proef  bool      // one call is trying
}

// mag says whether a call may go out now, and if not how long that lasts.
func (z *zekering) mag(now time.Time) (time.Duration, bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	switch wait := z.tot.Sub(now); {
	case z.tot.IsZero():
		return 0, true
	case wait > 0:
		return wait, false
	case z.proef:
		return time.Second, false
	}
	z.proef = true
	return 0, true
}

// los forgets a call of which the caller did not wait for the end.
func (z *zekering) los() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.proef = false
}

// na takes in how a call ended; fault is nil when it was answered. It says
// whether another may go out at once.
func (z *zekering) na(now time.Time, fault *Fout) bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.proef = false
	switch {
	case fault == nil || !fault.storing():
		z.fouten, z.tot = 0, time.Time{}
		return true
	case fault.Wacht > langWachten: // the service itself asks to be left alone
		z.tot = now.Add(min(fault.Wacht, langsteRust))
	}
	if z.fouten++; z.fouten >= maxFouten && !z.tot.After(now) {
		z.tot = now.Add(rust)
	}
	return z.tot.IsZero()
}

// perDienst holds one of something for each service, made when it is first
// needed. It may be used by many goroutines.
type perDienst[T any] struct {
	mu  sync.Mutex
	per map[string]*T
}

func (p *perDienst[T]) van(dienst string) *T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.per == nil {
		p.per = map[string]*T{}
	}
	if p.per[dienst] == nil {
		p.per[dienst] = new(T)
	}
	return p.per[dienst]
}

// retryAfter reads how long a busy service asks to be left alone (RFC 9110,
// section 10.2.3), in seconds or as a date; 0 when it does not say.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	value := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), 24*time.Hour)
	}
	return 0
}
