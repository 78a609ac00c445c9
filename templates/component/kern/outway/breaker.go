package outway

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxFailures  = 5                // failures in a row before a service is left alone
	pause        = 10 * time.Second // for how long
	longestPause = time.Minute      // also when the service asks for more
	longWait     = 2 * time.Second  // a call itself waits this long for a busy service, not longer
)

// breaker is the circuit breaker of one service. After a number of failures in
// a row calls fail at once, so that a source that is away does not keep every
// user waiting. Then one call goes out to try; when that is answered all do.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time // the service is left alone until then; zero: it is not
	trying   bool      // one call is trying
}

// allow says whether a call may go out now, and if not how long that lasts.
func (b *breaker) allow(now time.Time) (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch wait := b.until.Sub(now); {
	case b.until.IsZero():
		return 0, true
	case wait > 0:
		return wait, false
	case b.trying:
		return time.Second, false
	}
	b.trying = true
	return 0, true
}

// release forgets a call of which the caller did not wait for the end.
func (b *breaker) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// after takes in how a call ended; fault is nil when it was answered. It says
// whether another may go out at once.
func (b *breaker) after(now time.Time, fault *Fault) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	switch {
	case fault == nil || !fault.isOutage():
		b.failures, b.until = 0, time.Time{}
		return true
	case fault.Wait > longWait: // the service itself asks to be left alone
		b.until = now.Add(min(fault.Wait, longestPause))
	}
	if b.failures++; b.failures >= maxFailures && !b.until.After(now) {
		b.until = now.Add(pause)
	}
	return b.until.IsZero()
}

// perService holds one of something for each service, made when it is first
// needed. It may be used by many goroutines.
type perService[T any] struct {
	mu  sync.Mutex
	per map[string]*T
}

func (p *perService[T]) of(service string) *T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.per == nil {
		p.per = map[string]*T{}
	}
	if p.per[service] == nil {
		p.per[service] = new(T)
	}
	return p.per[service]
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
