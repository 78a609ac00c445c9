package start

import (
	"io/fs"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
)

// heapGrows is by how many per cent the heap may grow before Go cleans up. What a
// component keeps is small, ten megabytes or so, and what a request makes is as large
// every few hundred of them: at 100, as Go has it, cleaning up is a seventh of the time
// of the processor, and at 200 half of that.
const heapGrows = 200

// cleanLessOften sets that, unless somebody chose otherwise with GOGC. Near the limit of
// limitMemory Go cleans up as often as it has to.
func cleanLessOften(env func(string) string) {
	if env("GOGC") == "" {
		debug.SetGCPercent(heapGrows)
	}
}

// memoryFiles are where Linux says how much memory a container may use: cgroup v2,
// and the older v1.
var memoryFiles = []string{"memory.max", "memory/memory.limit_in_bytes"}

// limitMemory has Go clean up in time in a container with little memory: without a
// limit the heap may double first, and then Kubernetes ends the process. Go reads the
// processors that a container may use by itself, and not the memory. A tenth is left
// for what is not on the heap. GOMEMLIMIT, when it is set, wins.
func limitMemory(env func(string) string, cgroup fs.FS) (limit int64) {
	if env("GOMEMLIMIT") != "" {
		return 0
	}
	for _, name := range memoryFiles {
		raw, err := fs.ReadFile(cgroup, name)
		if err != nil {
			continue
		}
		most, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
		if err != nil || most <= 0 || most > math.MaxInt64/2 { // "max", or what v1 has for it
			return 0
		}
		limit = most / 10 * 9
		debug.SetMemoryLimit(limit)
		return limit
	}
	return 0
}
