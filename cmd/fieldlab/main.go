// Command fieldlab asks a team about its data source and its process, and
// generates a component with the five layers of Common Ground.
package main

import (
	"os"
	"runtime"
	"runtime/debug"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
)

// Filled by the linker in a release; see goreleaser.yml.
var version, commit, date string

func main() {
	collectLater()
	os.Exit(cli.Main(cli.Process(version, commit, date), os.Args[1:]))
}

// Percentages for collecting unused memory: a run allocates less than the first
// collection at the first one frees, and at the usual 100 collecting takes a quarter
// of its processor time. What takes more memory has the second one after it.
const first, later = 600, 400

// collectLater has memory collected seldom, the first time in particular.
func collectLater() {
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([16]byte), func(struct{}) {
		if before := debug.SetGCPercent(later); before != first {
			debug.SetGCPercent(before) // somebody else's
		}
	}, struct{}{})
}
