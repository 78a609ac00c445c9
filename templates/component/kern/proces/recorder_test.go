package proces

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// fakeRecorder is a log of processing in memory, until it is made to fail.
type fakeRecorder struct {
	mu         sync.Mutex
	lines      []logboek.Verwerking
	begin, end error
	calls      int
}

func (b *fakeRecorder) Begin(_ context.Context, lines ...logboek.Verwerking) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	return b.put(b.begin, lines)
}

func (b *fakeRecorder) End(_ context.Context, lines ...logboek.Verwerking) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	return b.put(b.end, lines)
}

// along writes lines that go along with other work, in one call.
func (b *fakeRecorder) along(lines []logboek.Verwerking) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range lines {
		fault := b.begin
		if !l.End.IsZero() {
			fault = b.end
		}
		if err := b.put(fault, []logboek.Verwerking{l}); err != nil {
			return err
		}
	}
	return nil
}

func (b *fakeRecorder) put(fault error, lines []logboek.Verwerking) error {
	if fault != nil {
		return fault
	}
	for _, l := range lines {
		same := func(o logboek.Verwerking) bool { return o.TraceID == l.TraceID && o.SpanID == l.SpanID }
		if i := slices.IndexFunc(b.lines, same); i >= 0 {
			b.lines[i] = l
		} else {
			b.lines = append(b.lines, l)
		}
	}
	return nil
}

func (b *fakeRecorder) set(begin, end error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin, b.end = begin, end
}

func (b *fakeRecorder) all() []logboek.Verwerking {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []logboek.Verwerking
	for i := range b.lines {
		all = append(all, b.lines[i].Expand()...)
	}
	return all
}

// restore undoes what was written since.
func (b *fakeRecorder) restore(lines []logboek.Verwerking) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = lines
}

// named gives the last line with a name.
func (b *fakeRecorder) named(t *testing.T, name string) logboek.Verwerking {
	t.Helper()
	for _, l := range slices.Backward(b.all()) {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("%q is not in the log", name)
	return logboek.Verwerking{}
}

var errLogboek = errors.New("log is away")
