package nabootsing

import (
	"cmp"
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

// recent holds the last calls, of each service in a ring of its own.
type recent struct {
	mu    sync.Mutex
	calls map[string]*ring // by service
	count uint64           // how many there were in all
}

// ring holds the last calls of one service, and of each its place among all.
type ring struct {
	calls [maxRecent]Call
	order [maxRecent]uint64
	next  int
}

func (r *recent) remember(a Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[string]*ring{}
	}
	of := r.calls[a.Service]
	if of == nil {
		of = &ring{}
		r.calls[a.Service] = of
	}
	r.count++
	of.calls[of.next], of.order[of.next] = a, r.count
	of.next = (of.next + 1) % maxRecent
}

// Recent gives the last calls, newest first.
func (n *StandIn) Recent() []Call {
	n.recent.mu.Lock()
	defer n.recent.mu.Unlock()
	type placed struct {
		Call
		order uint64
	}
	var all []placed
	for _, of := range n.recent.calls {
		for i, order := range of.order {
			if order > 0 {
				all = append(all, placed{of.calls[i], order})
			}
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(b.order, a.order) })
	calls := make([]Call, len(all))
	for i := range all {
		calls[i] = all[i].Call
	}
	return calls
}
