package start

import (
	"io"
	"net/http"
	"time"
)

// How long a request may take: a form is here within readWithin, and a file as
// long as it keeps coming at the speed of a bad connection.
const (
	readWithin  = 30 * time.Second
	writeWithin = 60 * time.Second
	inAll       = 20 * time.Minute // whatever the speed

	progress = 64 << 10 // bytes that buy as much time again
)

// patient gives a request that makes progress more time, in both directions: a
// photo takes minutes on a telephone, and who sends nothing is not waited for.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(&slowWriter{ResponseWriter: w, clock: newClock(w)}, r)
			return
		}
		c := newClock(w)
		r.Body = &slowBody{ReadCloser: r.Body, clock: c}
		next.ServeHTTP(&slowWriter{ResponseWriter: w, clock: c}, r)
	})
}

// clock moves the deadlines of one request.
type clock struct {
	control *http.ResponseController
	until   time.Time
}

func newClock(w http.ResponseWriter) *clock {
	return &clock{http.NewResponseController(w), time.Now().Add(inAll)}
}

func (c *clock) next(d time.Duration) time.Time {
	if t := time.Now().Add(d); t.Before(c.until) {
		return t
	}
	return c.until
}

// more gives time to read and to answer afterwards. A writer that has no deadlines
// is one of a test.
func (c *clock) more() {
	_ = c.control.SetReadDeadline(c.next(readWithin))
	_ = c.control.SetWriteDeadline(c.next(readWithin + writeWithin))
}

func (c *clock) moreToWrite() { _ = c.control.SetWriteDeadline(c.next(writeWithin)) }

type slowBody struct {
	io.ReadCloser
	clock *clock
	since int // bytes since the deadline moved
}

// Read implements io.Reader.
func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.since += n; b.since >= progress {
		b.since = 0
		b.clock.more()
	}
	return n, err
}

type slowWriter struct {
	http.ResponseWriter
	clock *clock
	since int
}

// Write implements http.ResponseWriter.
func (w *slowWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	if w.since += n; w.since >= progress {
		w.since = 0
		w.clock.moreToWrite()
	}
	return n, err
}

// Unwrap lets net/http reach the real writer.
func (w *slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
