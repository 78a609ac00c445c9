package outway

import "time"

// Circuit is whether calls to a service go out.
type Circuit int

// The states of a circuit, from good to bad.
const (
	CircuitClosed   Circuit = iota // they go out
	CircuitHalfOpen                // the pause is over, and the next one is a try
	CircuitOpen                    // the service failed too often, and is left alone
)

// state is that of one service at a moment.
func (b *breaker) state(now time.Time) Circuit {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return CircuitClosed
	case b.until.After(now):
		return CircuitOpen
	}
	return CircuitHalfOpen
}

// Circuits are those of all services for which there is a contract.
func (o *Outway) Circuits(now time.Time) map[string]Circuit {
	all := map[string]Circuit{}
	for service := range o.grants {
		all[service] = o.breakers.of(service).state(now)
	}
	return all
}
