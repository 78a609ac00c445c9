package toegang

import (
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxCallers is of how many callers is remembered how much they asked, twice.
const maxCallers = 8192

// Limit bounds how many requests a caller makes in a minute. Somebody may do them
// all at once, and then has to wait. It may be used by many goroutines.
type Limit struct {
	perMinute int
	most      int              // callers
	now       func() time.Time // clock

	mu sync.Mutex
	// Who came since the last time that recent was full, and who came in the time
	// before that. Who is in neither begins anew, so that memory is bounded however
	// many addresses somebody has.
	recent, earlier map[caller]*rate.Limiter
}

// caller is a network or the name of a consumer.
type caller struct {
	network netip.Prefix
	afnemer string
}

// NewLimit makes a limit; nil, which limits nobody, for 0.
func NewLimit(perMinute int) *Limit {
	if perMinute <= 0 {
		return nil
	}
	return &Limit{perMinute: perMinute, most: maxCallers, now: time.Now, recent: map[caller]*rate.Limiter{}}
}

// OfSender counts a request of an address. It gives how long that has to wait, 0
// when it may go on.
func (l *Limit) OfSender(from netip.Prefix) time.Duration { return l.count(caller{network: from}) }

// OfAfnemer counts a request of a consumer, wherever it comes from.
func (l *Limit) OfAfnemer(a *Afnemer) time.Duration { return l.count(caller{afnemer: a.Name}) }

func (l *Limit) count(c caller) time.Duration {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	asked := l.recent[c]
	if asked == nil {
		if asked = l.earlier[c]; asked == nil {
			asked = rate.NewLimiter(rate.Limit(float64(l.perMinute)/time.Minute.Seconds()), l.perMinute)
		}
		if len(l.recent) >= l.most {
			l.recent, l.earlier = map[caller]*rate.Limiter{}, l.recent
		}
		l.recent[c] = asked
	}
	one := asked.ReserveN(now, 1)
	wait := one.DelayFrom(now)
	if wait > 0 {
		one.CancelAt(now) // a request that is refused costs nothing
	}
	return wait
}

// RetryAfter is a wait as the header of that name has it: whole seconds, never 0.
func RetryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second)))
}
