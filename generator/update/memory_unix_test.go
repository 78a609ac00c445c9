//go:build unix

package update_test

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory returns the largest resident set of an ended process, in bytes.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin" || runtime.GOOS == "ios":
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
