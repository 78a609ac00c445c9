// Command verhuizing runs the component "Verhuizing doorgeven".
// Without arguments it starts all five layers.
package main

import (
	"embed"
	"fmt"
	"os"

	"git.duinstad.test/burgerzaken/verhuizing/internal/component"
	"git.duinstad.test/burgerzaken/verhuizing/internal/start"
)

// The files that the layers need go along in the program.
//
//go:embed 1-gegevens/migraties 2-diensten/openapi.yaml 3-integratie/fsc.yaml 4-proces/openapi.yaml 4-proces/proces.bpmn
//go:embed "3-integratie/nabootsing/antwoorden/bag.json" "3-integratie/bronnen/bag.openapi.yaml"
var files embed.FS

func main() {
	c, err := component.New(files)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(start.Main(os.Args[1:], os.Stdout, os.Stderr, c))
}
