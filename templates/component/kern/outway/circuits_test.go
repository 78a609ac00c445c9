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
			o.try(t.Context(), "bron")
		}
		expect("after failures", CircuitOpen)
		time.Sleep(pause)
		expect("after the pause", CircuitHalfOpen)
		down = false
		o.try(t.Context(), "bron")
		expect("after an answer", CircuitClosed)
	})
}
