package outway

import (
	"errors"
	"maps"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestCircuitsAreThoseOfAllServices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		o := inTime(t, func(*http.Request) (*http.Response, error) {
			if down {
				return nil, errors.New("connection refused")
			}
			return reply(200), nil
		})
		expect := func(when string, bron Circuit) {
			t.Helper()
			if got := o.Circuits(time.Now()); !maps.Equal(got, map[string]Circuit{"bron": bron, "ander": CircuitClosed}) {
				t.Errorf("%s: %v", when, got)
			}
		}
		expect("at the start", CircuitClosed)
		for range 2 { // with repeats that is more than enough failures
			if o.try(t.Context(), "bron") == nil {
				t.Error("a source that is away answers")
			}
		}
		expect("after failures", CircuitOpen)
		time.Sleep(pause)
		expect("after the pause", CircuitHalfOpen)
		down = false
		if f := o.try(t.Context(), "bron"); f != nil {
			t.Error(f)
		}
		expect("after an answer", CircuitClosed)
	})
}
