package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"sync"
	"time"
)

// The terminal is asked where its cursor is with query, and answers with
// something that looks like report. The question library asks it with every
// question and would wait for ever for an answer that does not come.
const query = "\x1b[6n"

func report() *regexp.Regexp { return regexp.MustCompile(`\x1b\[\d+;\d+R`) }

// Bytes that a keyboard gives in raw mode.
const (
	ctrlC = 0x03
	ctrlD = 0x04
)

// Why a Keyboard stops reading.
var (
	// ErrNoReport says that the terminal does not tell where its cursor is.
	ErrNoReport = errors.New("the terminal does not answer")
	// ErrStopped says that the person typed Ctrl-C while we waited for the terminal.
	ErrStopped = errors.New("stopped at the keyboard")
)

// Keyboard reads what a person types. Unlike a file it stops waiting when its
// context ends or when the terminal owes an answer for too long.
type Keyboard struct {
	ctx      context.Context // ends every read; a reader has no other way to get one
	fd       uintptr
	patience time.Duration // how long the terminal may take to answer
	want     chan struct{}
	got      chan chunk

	mu      sync.Mutex
	buffer  []byte
	reading bool // the goroutine waits in a read
	owed    bool // the terminal still has to answer
	since   time.Time
	broken  error // why this question cannot be answered
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

// Fd is the file descriptor, for setting the mode of the terminal.
func (k *Keyboard) Fd() uintptr { return k.fd }

// Expect notes that the terminal has been asked where its cursor is.
func (k *Keyboard) Expect() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.owed, k.since = true, time.Now()
}

// Begin starts a new question: what went wrong in the one before is over.
func (k *Keyboard) Begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.owed, k.broken = false, nil
}

// Read gives what was typed. After ErrStopped or ErrNoReport it gives nothing
// else until Begin or Line: the question library overlooks errors. While the terminal owes an answer it gives the
// bytes up to that answer and no further: the question library throws away
// what follows it in one read. Ctrl-D stops, as Ctrl-C does.
func (k *Keyboard) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.buffer) == 0 && k.broken == nil {
		if err := k.fill(); errors.Is(err, ErrNoReport) {
			k.broken = err
		} else if err != nil {
			return 0, err
		}
	}
	if k.broken != nil {
		return 0, k.broken
	}
	end := len(k.buffer)
	if k.owed {
		if stop := bytes.IndexAny(k.buffer, string([]byte{ctrlC, ctrlD})); stop >= 0 && !report().Match(k.buffer) {
			k.buffer, k.broken = nil, ErrStopped
			return 0, ErrStopped
		}
		if at := bytes.IndexByte(k.buffer, 'R'); at >= 0 {
			end = at + 1
			k.owed = !report().Match(k.buffer[:end])
		}
	}
	n := copy(p, k.buffer[:end])
	for i := range n {
		if p[i] == ctrlD {
			p[i] = ctrlC
		}
	}
	k.buffer = k.buffer[n:]
	return n, nil
}

// fill waits for one read. The mutex is held; only one goroutine reads.
func (k *Keyboard) fill() error {
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
	if k.owed {
		timer := time.NewTimer(k.patience - time.Since(k.since))
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
		return ErrNoReport
	case <-k.ctx.Done():
		return k.ctx.Err()
	}
}

// Probe asks the terminal where its cursor is and says whether it answered in
// time. The terminal must be in raw mode. What was typed meanwhile is kept.
func (k *Keyboard) Probe(out io.Writer) (bool, error) {
	k.Expect()
	if _, err := io.WriteString(out, query); err != nil {
		return false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	defer func() { k.owed = false }()
	for {
		if at := report().FindIndex(k.buffer); at != nil {
			k.buffer = append(k.buffer[:at[0]:at[0]], k.buffer[at[1]:]...)
			return true, nil
		}
		if bytes.IndexByte(k.buffer, ctrlC) >= 0 {
			return false, ErrStopped
		}
		if err := k.fill(); errors.Is(err, ErrNoReport) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// Line reads one line in the ordinary mode of the terminal, without its end.
// An answer of the terminal that came too late is left out.
func (k *Keyboard) Line() (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.owed, k.broken = false, nil
	for {
		if at := bytes.IndexByte(k.buffer, '\n'); at >= 0 {
			line := string(report().ReplaceAll(k.buffer[:at], nil))
			k.buffer = k.buffer[at+1:]
			return Safe(line), nil
		}
		if err := k.fill(); err != nil {
			return "", err
		}
		if len(k.buffer) > longestLine {
			k.buffer = k.buffer[len(k.buffer)-longestLine:]
		}
	}
}

// longestLine bounds what somebody can paste into one answer.
const longestLine = 64 << 10

// Screen is where questions are shown. It tells the keyboard when the terminal
// is asked for something.
type Screen struct {
	Out      io.Writer
	Keyboard *Keyboard
	FD       uintptr
}

func (s Screen) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(query)) {
		s.Keyboard.Expect()
	}
	return s.Out.Write(p)
}

// Fd is the file descriptor, for asking the size of the terminal.
func (s Screen) Fd() uintptr { return s.FD }
