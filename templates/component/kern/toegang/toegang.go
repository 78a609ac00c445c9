// Package toegang is about who comes in: the certificates that the layers show
// each other, the consumers of layer 2 from outside this component (afnemers),
// and how many requests one caller may make. What stands in a file is read again
// when that changes, so that nothing has to stop for it.
package toegang

import (
	"context"
	"strings"
)

// Gate is what a layer knows of who comes in. The zero value knows no consumers
// and limits nobody.
type Gate struct {
	Afnemers *Afnemers // nil: there are none
	Limit    *Limit    // nil: as many as they like
	Proxies  Proxies   // who may say for whom a request is
}

// WithoutAfnemers is the gate of a layer that only other layers call.
func (g Gate) WithoutAfnemers() Gate {
	g.Afnemers = nil
	return g
}

type contextKey struct{}

// NewContext returns a context that carries the consumer that asks.
func NewContext(ctx context.Context, a *Afnemer) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// FromContext gives the consumer that asks; nil when it is this component itself.
func FromContext(ctx context.Context) *Afnemer {
	a, _ := ctx.Value(contextKey{}).(*Afnemer)
	return a
}

// Faults are all the things that are wrong with a file, in Dutch.
type Faults []string

func (f Faults) Error() string { return strings.Join(f, "; ") }

func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
