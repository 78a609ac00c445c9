package terminal

import (
	"context"
	"runtime"
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
	Screen   Screen
	Cursor   bool // the cursor can be moved: the terminal says where it is
}

// Desk prepares for questions. Whether the cursor can be moved is found out by
// asking the terminal; one that does not answer gets plain questions.
func (s *IO) Desk(ctx context.Context) (Desk, error) {
	d := Desk{Keyboard: NewKeyboard(ctx, s.In, fd(s.In), patienceWithTerminal)}
	d.Screen = Screen{Out: s.Err, Keyboard: d.Keyboard, FD: fd(s.Err)}
	if s.Plain {
		return d, nil
	}
	if runtime.GOOS == "windows" {
		d.Cursor = true // the console is asked through the system, which always answers
		return d, nil
	}
	var err error
	d.Cursor, err = s.probe(d.Keyboard)
	return d, err
}

func (s *IO) probe(k *Keyboard) (bool, error) {
	state, err := term.MakeRaw(int(k.Fd()))
	if err != nil {
		return false, nil // no terminal that we can steer: plain questions
	}
	defer func() { _ = term.Restore(int(k.Fd()), state) }()
	return k.Probe(s.Err)
}
