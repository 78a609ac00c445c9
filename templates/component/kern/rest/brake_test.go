package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// slow is a server whose clock and waiting are in the hands of a test.
func slow(t *testing.T) (ask func(from, token string) int, waits *[]time.Duration, clock *time.Time, b *brake) {
	t.Helper()
	h, _ := newServer(t, func(o *Options) { o.Token = "geheim" })
	clock, waits = new(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), new([]time.Duration)
	b = &h.(*server).brake
	b.now = func() time.Time { return *clock }
	b.sleep = func(_ context.Context, wait time.Duration) { *waits = append(*waits, wait) }
	return func(from, token string) int {
		r := httptest.NewRequest(http.MethodGet, "/v1/dingen", nil)
		r.RemoteAddr = from
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}, waits, clock, b
}

// TestGuessingATokenGetsSlower, for who guesses and for nobody else.
func TestGuessingATokenGetsSlower(t *testing.T) {
	ask, waits, clock, _ := slow(t)
	for range 12 {
		if got := ask("192.0.2.1:1000", "fout"); got != http.StatusUnauthorized {
			t.Fatal(got)
		}
		if got := ask("192.0.2.1:2000", "geheim"); got != http.StatusOK {
			t.Fatalf("a good token from the same address: %d", got)
		}
		ask("192.0.2.2:1000", "")
	}
	want := "[100ms 200ms 400ms 800ms 1.6s 3.2s 4s 4s 4s]"
	if got := fmt.Sprint(*waits); got != want {
		t.Errorf("waits %s, want %s", got, want)
	}
	*waits = nil
	ask("192.0.2.3:1", "fout")
	*clock = clock.Add(forgetAfter + time.Second)
	ask("192.0.2.1:3000", "fout")
	if len(*waits) > 0 {
		t.Errorf("somebody else, or somebody long ago, waits %s", *waits)
	}
	for i := range 6 { // one network of IPv6 is one sender
		ask(fmt.Sprintf("[2001:db8::%x]:1", i+1), "fout")
	}
	if len(*waits) != 3 {
		t.Errorf("another address in the same network: waits %s", *waits)
	}
}

// TestTheBrakeStaysSmall, whoever pushes it: neither addresses nor waiting
// requests pile up, and on an internal address it is the same brake.
func TestTheBrakeStaysSmall(t *testing.T) {
	ask, _, _, b := slow(t)
	for i := range 3 * maxAddresses {
		ask(fmt.Sprintf("10.%d.%d.1:1", i/256, i%256), "fout")
	}
	if n := len(b.guesses); n > maxAddresses {
		t.Errorf("%d addresses are remembered", n)
	}
	stop := make(chan struct{})
	b.sleep = func(context.Context, time.Duration) { <-stop }
	var work sync.WaitGroup
	for range 2 * maxWaiting {
		work.Go(func() { ask("192.0.2.9:1", "fout") })
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		b.mu.Lock()
		waiting, times := b.waiting, 0
		if g := b.guesses[netip.MustParsePrefix("192.0.2.9/32")]; g != nil {
			times = g.times
		}
		b.mu.Unlock()
		if times == 2*maxWaiting {
			if waiting != maxWaiting {
				t.Errorf("%d requests wait", waiting)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the requests do not come in")
		}
	}
	if got := ask("192.0.2.9:1", "geheim"); got != http.StatusOK {
		t.Errorf("a good token while others wait: %d", got)
	}
	close(stop)
	work.Wait()
	if b.waiting != 0 {
		t.Errorf("%d requests still wait", b.waiting)
	}
}

// TestWhoLeavesDoesNotWait: the wait ends with the request.
func TestWhoLeavesDoesNotWait(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	begin := time.Now()
	new(brake).pause(ctx, time.Minute)
	if took := time.Since(begin); took > 10*time.Second {
		t.Error(took)
	}
}
