package terminal

import (
	"context"
	"fmt"
	"time"
)

// patience is how long work may take before the person is told about it.
const patience = 500 * time.Millisecond

// Working runs the work and, when it takes longer than half a second, says
// what is going on. A screen sees the seconds; elsewhere it is one line.
func (s *IO) Working(ctx context.Context, what string, work func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	first := time.NewTimer(patience)
	defer first.Stop()
	select {
	case err := <-done:
		return err
	case <-first.C:
	}
	if !s.ErrTerminal || s.Plain {
		fmt.Fprintln(s.Err, what)
		return <-done
	}
	return s.count(what, done)
}

// count redraws one line every second until the work is done, then wipes it.
func (s *IO) count(what string, done <-chan error) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	fmt.Fprintf(s.Err, "%s", what)
	for seconds := 1; ; seconds++ {
		select {
		case err := <-done:
			fmt.Fprint(s.Err, "\r\x1b[K")
			return err
		case <-tick.C:
			fmt.Fprintf(s.Err, "\r\x1b[K%s %d s", what, seconds)
		}
	}
}

// Following is Working for work that can say how far it is: what is asked again
// whenever the line is drawn.
func (s *IO) Following(ctx context.Context, what func() string, work func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	tick := time.NewTicker(patience)
	defer tick.Stop()
	said := false
	for {
		select {
		case err := <-done:
			if said && s.ErrTerminal && !s.Plain {
				fmt.Fprint(s.Err, "\r\x1b[K")
			}
			return err
		case <-tick.C:
			switch {
			case s.ErrTerminal && !s.Plain:
				fmt.Fprintf(s.Err, "\r\x1b[K%s", what())
			case !said:
				fmt.Fprintln(s.Err, what())
			}
			said = true
		}
	}
}
