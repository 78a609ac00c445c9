//go:build !windows

package terminal

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Suspend puts this program aside, as Ctrl-Z does, and comes back when the
// person takes it up again.
func Suspend() {
	back := make(chan os.Signal, 1)
	signal.Notify(back, syscall.SIGCONT)
	defer signal.Stop(back)
	if syscall.Kill(0, syscall.SIGTSTP) != nil {
		return
	}
	select {
	case <-back:
	case <-time.After(time.Second): // nobody could take it up again, so that it was not put aside
	}
}

// consoleMoves: a terminal here is asked.
func consoleMoves(uintptr) (moves, known bool) { return false, false }
