package serve

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// bucket lets a burst through and then so many a second.
type bucket struct {
	left float64
	at   time.Time
}

// rate is how fast a bucket fills, and how much it holds.
type rate struct{ burst, perSecond float64 }

// level is what is in the bucket now.
func (b *bucket) level(r rate, now time.Time) float64 {
	if b.at.IsZero() {
		return r.burst
	}
	return min(r.burst, b.left+max(0, now.Sub(b.at).Seconds())*r.perSecond)
}

// take takes one out, if there is.
func (b *bucket) take(r rate, now time.Time) bool {
	left := b.level(r, now)
	if left < 1 {
		return false
	}
	b.left, b.at = left-1, now
	return true
}

// The rates of a board. Somebody who mistypes a code has ten tries; guessing one of
// a hundred codes among 10⁹ takes for ever at these.
var (
	wrongOfAddress = rate{burst: 10, perSecond: 1.0 / 6}
	wrongOfAll     = rate{burst: 100, perSecond: 5}
	ofTeam         = rate{burst: 6, perSecond: 2}
)

// guesses counts wrong codes. Its memory is a table that never grows: addresses
// that fall in the same place share it.
type guesses struct {
	mu    sync.Mutex
	seed  maphash.Seed
	table [4096]bucket
	all   bucket
}

func newGuesses() *guesses { return &guesses{seed: maphash.MakeSeed()} }

func (g *guesses) of(from netip.Addr) *bucket {
	return &g.table[maphash.Comparable(g.seed, networkOf(from))%uint64(len(g.table))]
}

// open says whether an address may still try a code.
func (g *guesses) open(from netip.Addr, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.of(from).level(wrongOfAddress, now) >= 1 && g.all.level(wrongOfAll, now) >= 1
}

// wrong counts a code that is of nobody.
func (g *guesses) wrong(from netip.Addr, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.of(from).take(wrongOfAddress, now) {
		g.all.take(wrongOfAll, now)
	}
}
