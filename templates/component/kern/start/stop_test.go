package start

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestStoppingIsRead(t *testing.T) {
	for _, c := range []struct {
		after, within string
		production    bool
		want          string
	}{
		{"", "", false, "{0s 5s} []"},
		{"", "", true, "{5s 25s} []"},
		{"0s", "40s", true, "{0s 40s} []"},
		{"10s", "", true, "{10s 25s} []"},
		{"5", "", true, `STOP_NA is "5"`},
		{"-1s", "", true, `STOP_NA is "-1s"`},
		{"", "1h", true, `STOP_BINNEN is "1h"`},
		{"", "0s", true, `STOP_BINNEN is "0s"`},
	} {
		s, faults := readStopping(environment("STOP_NA", c.after, "STOP_BINNEN", c.within), c.production)
		if got := fmt.Sprint(s, []string(faults)); !strings.Contains(got, c.want) {
			t.Errorf("STOP_NA=%s STOP_BINNEN=%s: %s, want %s", c.after, c.within, got, c.want)
		}
	}
}

// slow is a layer of which every request and the work in the background take long.
func slow(t *testing.T, request, work time.Duration, pairs ...string) (*Running, <-chan error) {
	t.Helper()
	begun := make(chan struct{})
	s, c := managed(t, func(context.Context, Settings) (Layer, error) {
		return Layer{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				close(begun)
				time.Sleep(request)
				_, _ = io.WriteString(w, "klaar")
			}),
			Run: func(ctx context.Context) {
				<-ctx.Done()
				time.Sleep(work)
			},
		}, nil
	}, pairs...)
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		resp, err := http.Post(r.URLs[LayerServices], "text/plain", strings.NewReader("x"))
		if err == nil {
			var body []byte
			body, err = io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err == nil && string(body) != "klaar" {
				err = fmt.Errorf("answered %q", body)
			}
		}
		answered <- err
	}()
	<-begun
	return r, answered
}

func TestWhatIsUnderWayIsFinished(t *testing.T) {
	r, answered := slow(t, 300*time.Millisecond, 100*time.Millisecond)
	if err := r.Stop(); err != nil {
		t.Error(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("a request that was under way is lost: %v", err)
	}
}

// TestStoppingHasAnEnd: whatever hangs, the process is gone before Kubernetes ends it,
// and it says what hung.
func TestStoppingHasAnEnd(t *testing.T) {
	t.Parallel()
	r, answered := slow(t, 10*time.Second, 0, "STOP_BINNEN", "1s")
	begin := time.Now()
	if err := r.Stop(); err == nil || !strings.Contains(err.Error(), "laag diensten was na 1s nog bezig") || time.Since(begin) > 5*time.Second {
		t.Errorf("a request that hangs: %v after %s", err, time.Since(begin))
	}
	if err := <-answered; err == nil {
		t.Error("the request is answered after all")
	}
	r, answered = slow(t, 0, 10*time.Second, "STOP_BINNEN", "1s")
	if err := <-answered; err != nil {
		t.Error(err)
	}
	begin = time.Now()
	if err := r.Stop(); err == nil || !strings.Contains(err.Error(), "op de achtergrond") || time.Since(begin) > 5*time.Second {
		t.Errorf("work that hangs: %v after %s", err, time.Since(begin))
	}
}
