package bundle

import (
	"context"
	"io"
	"os"
	"testing"
)

// endlessly is a source that sends without end, and counts it.
type endlessly struct{ sent int64 }

func (e *endlessly) Read(p []byte) (int, error) {
	if e.sent += int64(len(p)); e.sent > 64<<20 {
		return 0, io.ErrNoProgress
	}
	return len(p), nil
}

func (e *endlessly) open(context.Context, string, int64) (io.ReadCloser, error) {
	return io.NopCloser(e), nil
}
func (e *endlessly) tries() int     { return 1 }
func (e *endlessly) String() string { return "" }
func (e *endlessly) Close() error   { return nil }

// TestEndlessFile: of a file that is larger than the bundle says no more comes in than
// shows that.
func TestEndlessFile(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	fatal(t, err)
	defer root.Close()
	e := &endlessly{}
	wants(t, fetch(t.Context(), e, root, piece{name: "a", sum: aSum, size: 5, to: "a"}), "bundle.changed")
	if e.sent > 1<<20 {
		t.Errorf("%d bytes came in", e.sent)
	}
}
