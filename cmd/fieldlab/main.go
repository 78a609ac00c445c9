// Command fieldlab asks a team about its data source and its process, and
// generates a component with the five layers of Common Ground.
package main

import (
	"os"
	"runtime/debug"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
)

// Filled by the linker in a release; see goreleaser.yml.
var version, commit, date string

func main() {
	// A run allocates less than the first collection at this setting frees:
	// collecting at the usual 100 takes a quarter of its processor time.
	debug.SetGCPercent(400)
	os.Exit(cli.Main(cli.Process(version, commit, date), os.Args[1:]))
}
