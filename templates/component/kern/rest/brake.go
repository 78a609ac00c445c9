package rest

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// The brake on guessing tokens. The first wrong ones from an address are a slip
// and cost nothing; after that each waits longer.
const (
	freeGuesses  = 3
	firstWait    = 100 * time.Millisecond
	longestWait  = 4 * time.Second
	forgetAfter  = 10 * time.Minute
	maxAddresses = 1024 // that are remembered
	maxWaiting   = 64   // requests that wait at the same time
)

// brake slows down who guesses at the token, per address. A good token is never
// held up: many callers can share one address.
type brake struct {
	mu      sync.Mutex
	guesses map[netip.Prefix]*guess
	waiting int

	now   func() time.Time                              // nil: the clock
	sleep func(ctx context.Context, wait time.Duration) // nil: a timer
}

// guess is how often an address was wrong, and when for the last time.
type guess struct {
	times int
	last  time.Time
}

// hold lets a request with a wrong token wait.
func (b *brake) hold(ctx context.Context, from netip.Prefix) {
	if wait, ok := b.begin(from); ok {
		b.pause(ctx, wait)
		b.mu.Lock()
		b.waiting--
		b.mu.Unlock()
	}
}

// begin counts a wrong token and says how long it waits. When too many wait
// already it waits no more: then they would be what holds this component up.
func (b *brake) begin(from netip.Prefix) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.now != nil {
		now = b.now()
	}
	g := b.guesses[from]
	if g == nil || now.Sub(g.last) > forgetAfter {
		b.forget(now)
		g = &guess{}
		if b.guesses == nil {
			b.guesses = map[netip.Prefix]*guess{}
		}
		b.guesses[from] = g
	}
	g.last = now
	if g.times++; g.times <= freeGuesses || b.waiting >= maxWaiting {
		return 0, false
	}
	b.waiting++
	return min(longestWait, firstWait<<min(g.times-freeGuesses-1, 10)), true
}

// forget makes place for one more address: what is old goes, and when that is
// not enough the one that was quiet the longest.
func (b *brake) forget(now time.Time) {
	if len(b.guesses) < maxAddresses {
		return
	}
	var quiet netip.Prefix
	for from, g := range b.guesses {
		if now.Sub(g.last) > forgetAfter {
			delete(b.guesses, from)
		} else if at := b.guesses[quiet]; at == nil || g.last.Before(at.last) {
			quiet = from
		}
	}
	if len(b.guesses) >= maxAddresses {
		delete(b.guesses, quiet)
	}
}

func (b *brake) pause(ctx context.Context, wait time.Duration) {
	if b.sleep != nil {
		b.sleep(ctx, wait)
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
