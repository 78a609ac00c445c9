package terminal

import (
	"context"
	"io"
	"time"

	"golang.org/x/term"
)

// patienceWithTerminal is how long a terminal may take to say where its cursor
// is. A slow line over the internet answers in a tenth of this.
const patienceWithTerminal = 700 * time.Millisecond

// filer is a stream with a file descriptor, as os.File is.
type filer interface{ Fd() uintptr }

func fd(stream any) uintptr {
	if f, ok := stream.(filer); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// Desk is where a person answers questions.
type Desk struct {
	Keyboard *Keyboard
	Cursor   bool // the cursor can be moved
	io       *IO
}

// Desk prepares for questions. Whether the cursor can be moved is found out by
// asking the terminal; one that does not answer gets plain questions. There is
// one desk: a second keyboard would wait for what the first one reads.
func (s *IO) Desk(ctx context.Context) (Desk, error) {
	if s.desk != nil {
		return *s.desk, nil
	}
	d, err := s.prepare(ctx)
	if err == nil {
		s.desk = &d
	}
	return d, err
}

func (s *IO) prepare(ctx context.Context) (Desk, error) {
	d := Desk{Keyboard: NewKeyboard(ctx, s.In, fd(s.In), patienceWithTerminal), io: s}
	if s.Plain {
		return d, nil
	}
	if moves, known := consoleMoves(fd(s.Err)); known {
		d.Cursor = moves
		return d, nil
	}
	state, err := term.MakeRaw(int(d.Keyboard.fd))
	if err != nil {
		return d, nil // no terminal that we can steer: plain questions
	}
	defer func() { _ = term.Restore(int(d.Keyboard.fd), state) }()
	d.Cursor, err = d.Keyboard.Probe(s.Err)
	return d, err
}

// Screen is the file descriptor of where the questions are shown.
func (d Desk) Screen() uintptr { return fd(d.io.Err) }

// Raw has every key come at once, and a pasted text as a whole, until the
// returned function is called.
func (d Desk) Raw() (restore func(), err error) {
	state, err := term.MakeRaw(int(d.Keyboard.fd))
	if err != nil {
		return nil, err
	}
	_, _ = io.WriteString(d.io.Err, "\x1b[?2004h")
	return func() {
		_, _ = io.WriteString(d.io.Err, "\x1b[?2004l")
		_ = term.Restore(int(d.Keyboard.fd), state)
	}, nil
}
