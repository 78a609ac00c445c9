package outway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// way plays the whole way to a source, in the time of the test.
type way func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (w way) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func reply(status int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(`{"naam":"x"}`))}
}

// inTime makes an Outway whose waiting takes no time outside the test.
func inTime(t *testing.T, w way) *Outway {
	t.Helper()
	o, err := NewOutway("http://outway", map[string]string{"bron": "$1$3$a", "ander": "$1$3$b"}, &http.Client{Transport: w}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *Outway) try(ctx context.Context, service string) *Fault {
	_, err := o.Ask(ctx, Bron{Service: service, Activity: activity, Fields: fields("naam")}, NewQuestion("zoek", http.MethodGet, "/"))
	f, _ := errors.AsType[*Fault](err)
	return f
}

func TestAServiceThatFailsIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent, down := 0, true
		o := inTime(t, func(r *http.Request) (*http.Response, error) {
			if sent++; down && r.Header.Get(fsc.HeaderGrant) == "$1$3$a" {
				return nil, errors.New("connection refused")
			}
			return reply(200), nil
		})
		for range 2 {
			if f := o.try(t.Context(), "bron"); f == nil || f.Kind != FaultConnection {
				t.Fatalf("the failure is %v", f)
			}
		}
		if sent != maxFailures {
			t.Errorf("%d attempts were made before the service was left alone, want %d", sent, maxFailures)
		}
		begin := time.Now()
		f := o.try(t.Context(), "bron")
		if f == nil || f.Kind != FaultResting || !f.Temporary() || f.Wait != pause || sent != maxFailures || time.Since(begin) != 0 || CauseOf(f) != CauseAway {
			t.Errorf("the failure is %+v after %v, %d sent", f, time.Since(begin), sent)
		}
		if f := o.try(t.Context(), "ander"); f != nil {
			t.Errorf("another service is left alone too: %v", f)
		}

		time.Sleep(pause) // the service is still down: one call tries and no more
		sent = 0
		if f := o.try(t.Context(), "bron"); f == nil || f.Kind != FaultConnection || sent != 1 {
			t.Errorf("the failure is %v, %d sent", f, sent)
		}
		if f := o.try(t.Context(), "bron"); f == nil || f.Kind != FaultResting {
			t.Errorf("the failure is %v", f)
		}

		time.Sleep(pause)
		down = false
		for range 3 {
			if f := o.try(t.Context(), "bron"); f != nil {
				t.Errorf("the service is back and still: %v", f)
			}
		}
	})
}

func TestOneCallTriesAtATime(t *testing.T) {
	now := time.Now()
	b := &breaker{}
	for range maxFailures {
		b.after(now, &Fault{Kind: FaultConnection})
	}
	later := now.Add(pause)
	if _, ok := b.allow(later); !ok {
		t.Fatal("nobody may try")
	}
	if wait, ok := b.allow(later); ok || wait <= 0 {
		t.Error("two calls try at once")
	}
	b.release() // the user who tried has gone
	if _, ok := b.allow(later); !ok {
		t.Error("nobody may try after a try that was given up")
	}
	b.after(later, nil)
	for range 2 {
		if _, ok := b.allow(later); !ok {
			t.Error("the service answered and is still left alone")
		}
	}
}

// Who refuses is there; only a disturbance counts.
func TestARefusalDoesNotOpenTheBreaker(t *testing.T) {
	for name, fault := range map[string]*Fault{
		"not found":        {Kind: FaultService, Status: 404},
		"question refused": {Kind: FaultService, Status: 400},
		"no access":        {Kind: FaultService, Status: 401},
		"contract revoked": {Kind: FaultFSC, Status: 403},
	} {
		b := &breaker{}
		for range 2 * maxFailures {
			b.after(time.Now(), fault)
		}
		if _, ok := b.allow(time.Now()); !ok {
			t.Errorf("%s: the service is left alone", name)
		}
	}
}

func TestABusyServiceIsGivenTheTimeItAsks(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		after  string
		waits  time.Duration // before it is asked again within one call; 0: not
		rests  time.Duration // how long the next call is kept away; 0: not
		cause  Cause
	}{
		"429 soon":           {429, "1", time.Second, 0, CauseBusy},
		"503 soon":           {503, "2", 2 * time.Second, 0, CauseAway},
		"429 later":          {429, "30", 0, 30 * time.Second, CauseBusy},
		"503 much later":     {503, "86400", 0, longestPause, CauseAway},
		"429 says nothing":   {429, "", firstPause / 2, 0, CauseBusy},
		"503 says nothing":   {503, "", firstPause / 2, 0, CauseAway},
		"no time at all":     {503, "onzin", firstPause / 2, 0, CauseAway},
		"an hour in seconds": {429, "-5", firstPause / 2, 0, CauseBusy},
		"500 does not count": {500, "30", firstPause / 2, 0, CauseAway},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var at []time.Time
				o := inTime(t, func(*http.Request) (*http.Response, error) {
					at = append(at, time.Now())
					return reply(c.status, "Retry-After", c.after), nil
				})
				f := o.try(t.Context(), "bron")
				if f == nil || CauseOf(f) != c.cause || !f.Temporary() {
					t.Fatalf("the failure is %+v", f)
				}
				switch {
				case c.waits == 0 && len(at) != 1:
					t.Errorf("tried %d times", len(at))
				case c.waits > 0 && (len(at) != attempts || at[1].Sub(at[0]) < c.waits || at[1].Sub(at[0]) > c.waits+2*firstPause):
					t.Errorf("tried %d times, the second after %v", len(at), at[1].Sub(at[0]))
				}
				sent := len(at)
				f = o.try(t.Context(), "bron")
				if rests := f.Kind == FaultResting; rests != (c.rests > 0) || rests && (f.Wait != c.rests || len(at) != sent) {
					t.Errorf("the next failure is %+v", f)
				}
			})
		})
	}
}

func TestRetryAfterAsADate(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		now.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):       0,
		"99999999999999999999":                            0,
	} {
		if got := retryAfter(reply(503, "Retry-After", value), now); got != want {
			t.Errorf("%s is %v, want %v", value, got, want)
		}
	}
}

func TestASlowServiceDoesNotHoldTheUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		o := inTime(t, func(r *http.Request) (*http.Response, error) {
			sent++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		o.Timeout = 3 * time.Second
		for range maxFailures {
			begin := time.Now()
			f := o.try(t.Context(), "bron")
			if f == nil || f.Kind != FaultConnection || !f.Temporary() || time.Since(begin) != o.Timeout || !strings.Contains(f.Error(), "3s") {
				t.Fatalf("after %v: %v", time.Since(begin), f)
			}
		}
		if sent != maxFailures {
			t.Errorf("%d calls were made: a slow service is not asked again within a call", sent)
		}
		if f := o.try(t.Context(), "bron"); f == nil || f.Kind != FaultResting {
			t.Errorf("a slow service is not left alone: %v", f)
		}
	})
}

// The calls to our own layer 2 have the same limit, and one attempt that hangs
// is not repeated.
func TestOwnServicesHaveALimitToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inTime(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		begin := time.Now()
		_, err := o.Do(t.Context(), activity, Question{Service: "bron", Operation: "lees", Method: http.MethodGet, Path: "/", Repeatable: true})
		if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultConnection || time.Since(begin) != DefaultTimeout {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// A user who closes the page says nothing of the service.
func TestAUserWhoLeavesDoesNotOpenTheBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inTime(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		for range 2 * maxFailures {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			if f := o.try(ctx, "bron"); f == nil || !errors.Is(f, context.Canceled) {
				t.Fatalf("the failure is %v", f)
			}
		}
	})
}
