package main

import (
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

// stopWithin is how long a program may take to stop.
const stopWithin = 15 * time.Second

// startGroup starts cmd with all that it starts itself: go run is not the program, and
// stopping it alone would leave that behind. The function that it gives stops them, as
// Ctrl-C does, and says when they would not; so does the end of the context of cmd. ended
// says that cmd ended by itself.
func startGroup(cmd *exec.Cmd) (stop func() error, ended <-chan error, err error) {
	ownGroup(cmd)
	cmd.Cancel = func() error { interruptGroup(cmd.Process.Pid); return nil }
	cmd.WaitDelay = stopWithin
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("%s start niet: %w", cmd.Args[0], err)
	}
	gone, result := make(chan struct{}), make(chan error, 1)
	go func() {
		result <- cmd.Wait()
		close(gone)
	}()
	stop = sync.OnceValue(func() error {
		select {
		case <-gone:
			return nil
		default:
		}
		interruptGroup(cmd.Process.Pid)
		select {
		case <-gone:
			return nil
		case <-time.After(stopWithin):
			killGroup(cmd.Process.Pid)
			<-gone
			return errors.New("het stopt niet na Ctrl-C")
		}
	})
	return stop, result, nil
}
