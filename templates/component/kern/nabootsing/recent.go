package nabootsing

import (
	"slices"
	"sync"
	"time"
)

// maxRecent is how many calls are remembered of each service, so that the many
// to the own service do not push out those to a source.
const maxRecent = 50

// Aanroep is one call that came by. It holds no parameter and no answer.
type Aanroep struct {
	Tijd       time.Time `json:"tijd"`
	Dienst     string    `json:"dienst"`
	Methode    string    `json:"methode"`
	Status     int       `json:"status"`
	Code       string    `json:"code,omitempty"` // Fsc-Error-Code
	Transactie string    `json:"transactie,omitempty"`
}

type recent struct {
	mu    sync.Mutex
	calls []Aanroep // oldest first
}

func (r *recent) onthoud(a Aanroep) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, a)
	same, oldest := 0, -1
	for i, c := range r.calls {
		if c.Dienst == a.Dienst {
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
func (n *Nabootsing) Recent() []Aanroep {
	n.recent.mu.Lock()
	defer n.recent.mu.Unlock()
	calls := slices.Clone(n.recent.calls)
	slices.Reverse(calls)
	return calls
}
