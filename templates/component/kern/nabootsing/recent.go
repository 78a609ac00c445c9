package nabootsing

import (
	"slices"
	"sync"
	"time"
)

// maxRecent is how many calls are remembered of each service, so that the many
// to the own service do not push out those to a source.
const maxRecent = 50

// Call is one call that came by. It holds no parameter and no answer.
type Call struct {
	Time        time.Time `json:"tijd"`
	Service     string    `json:"dienst"`
	Method      string    `json:"methode"`
	Status      int       `json:"status"`
	Code        string    `json:"code,omitempty"` // Fsc-Error-Code
	Transaction string    `json:"transactie,omitempty"`
}

type recent struct {
	mu    sync.Mutex
	calls []Call // oldest first
}

func (r *recent) remember(a Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, a)
	same, oldest := 0, -1
	for i, c := range r.calls {
		if c.Service == a.Service {
			if same++; oldest < 0 {
				oldest = i
			}
		}
	}
	if same > maxRecent {
		r.calls = slices.Delete(r.calls, oldest, oldest+1)
	}
}

// Recent gives the last calls, newest first.
func (n *StandIn) Recent() []Call {
	n.recent.mu.Lock()
	defer n.recent.mu.Unlock()
	calls := slices.Clone(n.recent.calls)
	slices.Reverse(calls)
	return calls
}
