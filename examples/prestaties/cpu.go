package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// processor is how much time of the processors the threads of a process have used; false
// where this system does not say it.
func processor(pid int) (all time.Duration, known bool) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, false
	}
	for _, file := range files {
		raw, err := os.ReadFile(file) // #nosec G304 -- A file of the system.
		if err != nil {
			continue // a thread that has ended
		}
		first, _, _ := strings.Cut(string(raw), " ")
		if ns, err := strconv.ParseInt(first, 10, 64); err == nil {
			all, known = all+time.Duration(ns), true
		}
	}
	return all, known
}

// machine says on what kind of machine this runs; not which one.
func machine() string {
	text := fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				text = strings.TrimSpace(value) + ", " + text
				break
			}
		}
	}
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		if fields := strings.Fields(string(raw)); len(fields) > 1 {
			if kb, err := strconv.Atoi(fields[1]); err == nil {
				text += fmt.Sprintf(", %d GB of memory", (kb+512<<10)>>20)
			}
		}
	}
	return text
}
