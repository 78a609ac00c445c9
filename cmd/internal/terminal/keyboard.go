package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// The terminal is asked where its cursor is with query, and answers with
// something that looks like report: one that does not answer gets questions
// line by line.
const query = "\x1b[6n"

func report() *regexp.Regexp { return regexp.MustCompile(`\x1b\[\d+;\d+R`) }

// Why a Keyboard stops reading.
var (
	// ErrStopped says that the person typed Ctrl-C while we waited for the terminal.
	ErrStopped = errors.New("stopped at the keyboard")
	errLate    = errors.New("nothing was typed in time")
)

const (
	// pause is shorter than anybody needs between two lines: what comes within
	// it was pasted.
	pause = 20 * time.Millisecond
	// longestLine bounds what somebody can paste into one answer.
	longestLine = 64 << 10
)

// Keyboard reads what a person types. Unlike a file it stops waiting when its
// context ends.
type Keyboard struct {
	ctx      context.Context // ends every read; a reader has no other way to get one
	fd       uintptr
	patience time.Duration // how long the terminal may take to answer; 0: it is none, and nobody pastes
	want     chan struct{}
	got      chan chunk

	mu      sync.Mutex
	buffer  []byte
	reading bool  // the goroutine waits in a read
	err     error // the end of the input
}

type chunk struct {
	bytes []byte
	err   error
}

// NewKeyboard reads from in, whose file descriptor is fd.
func NewKeyboard(ctx context.Context, in io.Reader, fd uintptr, patience time.Duration) *Keyboard {
	k := &Keyboard{ctx: ctx, fd: fd, patience: patience, want: make(chan struct{}, 1), got: make(chan chunk, 1)}
	go k.serve(in)
	return k
}

// serve does the reads that may block. It reads only when somebody asked, so
// that it takes nothing that a later program should have.
func (k *Keyboard) serve(in io.Reader) {
	for range k.want {
		bytes := make([]byte, 4096)
		n, err := in.Read(bytes)
		k.got <- chunk{bytes[:n], err}
		if err != nil {
			return
		}
	}
}

// fill waits for one read, for ever when wait is 0. The mutex is held; only
// one goroutine reads.
func (k *Keyboard) fill(wait time.Duration) error {
	if k.err != nil {
		return k.err
	}
	if err := k.ctx.Err(); err != nil {
		return err
	}
	if !k.reading {
		k.reading = true
		k.want <- struct{}{}
	}
	var late <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case c := <-k.got:
		k.reading = false
		k.buffer, k.err = append(k.buffer, c.bytes...), c.err
		if len(c.bytes) == 0 {
			return c.err
		}
		return nil
	case <-late:
		return errLate
	case <-k.ctx.Done():
		return k.ctx.Err()
	}
}

// Probe asks the terminal where its cursor is and says whether it answered in
// time. The terminal must be in raw mode. What was typed meanwhile is kept.
func (k *Keyboard) Probe(out io.Writer) (bool, error) {
	if _, err := io.WriteString(out, query); err != nil {
		return false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	until := time.Now().Add(k.patience)
	for {
		if at := report().FindIndex(k.buffer); at != nil {
			k.buffer = append(k.buffer[:at[0]:at[0]], k.buffer[at[1]:]...)
			return true, nil
		}
		if bytes.IndexByte(k.buffer, ctrlC) >= 0 {
			return false, ErrStopped
		}
		if err := k.fill(max(time.Until(until), 1)); errors.Is(err, errLate) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// Line reads one line in the ordinary mode of the terminal, without its end.
// Lines that were pasted together are one. An answer of the terminal that came
// too late is left out.
func (k *Keyboard) Line() (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var lines []string
	for {
		at := bytes.IndexByte(k.buffer, '\n')
		if at >= 0 {
			lines = append(lines, Safe(string(report().ReplaceAll(k.buffer[:at], nil))))
			k.buffer = k.buffer[at+1:]
			if k.patience == 0 || len(k.buffer) == 0 && k.fill(pause) != nil {
				return k.pasted(lines), nil
			}
			continue
		}
		if err := k.fill(0); err != nil {
			return "", err
		}
		if len(k.buffer) > longestLine {
			k.buffer = k.buffer[len(k.buffer)-longestLine:]
		}
	}
}

// pasted makes one answer of lines that came together. What was pasted after
// the last of them waits in the terminal for an Enter, and belongs to it.
func (k *Keyboard) pasted(lines []string) string {
	if len(lines) > 1 {
		if state, err := term.MakeRaw(int(k.fd)); err == nil {
			for k.fill(pause) == nil {
			}
			_ = term.Restore(int(k.fd), state)
		}
		lines = append(lines, Safe(string(k.buffer)))
		k.buffer = nil
	}
	return oneLine(strings.Join(lines, "\n"))
}

// oneLine makes one line of a text of more, no longer than an answer can be.
func oneLine(text string) string {
	var parts []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	text = Safe(strings.Join(parts, " "))
	if len(text) > longestLine {
		text = strings.ToValidUTF8(text[:longestLine], "")
	}
	return text
}
