package start

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// clocked is an answer of which the deadlines can be moved.
type clocked struct {
	*httptest.ResponseRecorder
	read, write []time.Time
}

func (c *clocked) SetReadDeadline(t time.Time) error  { c.read = append(c.read, t); return nil }
func (c *clocked) SetWriteDeadline(t time.Time) error { c.write = append(c.write, t); return nil }

// TestWhoMakesProgressGetsTime, and who sends a few bytes now and then does not.
func TestWhoMakesProgressGetsTime(t *testing.T) {
	for size, want := range map[int]int{progress - 1: 0, progress: 1, 3 * progress: 3} {
		w := &clocked{ResponseRecorder: httptest.NewRecorder()}
		r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(strings.Repeat("x", size))))
		patient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n, err := io.Copy(w, io.LimitReader(r.Body, int64(size))); err != nil || n != int64(size) {
				t.Errorf("%d bytes: %v", n, err)
			}
		})).ServeHTTP(w, r)
		if len(w.read) != want || len(w.write) < want {
			t.Errorf("%d bytes move the deadline of reading %d times and that of writing %d times, want %d", size, len(w.read), len(w.write), want)
		}
		for _, until := range w.read {
			if in := time.Until(until); in > readWithin || in < readWithin-5*time.Second {
				t.Errorf("%s more to read", in)
			}
		}
	}
	c := &clock{control: http.NewResponseController(httptest.NewRecorder()), until: time.Now().Add(time.Second)}
	if c.next(time.Hour) != c.until {
		t.Error("whoever is slow on purpose gets time for ever")
	}
}
