// Command verhuizing runs the component "Verhuizing doorgeven".
// Without arguments it starts all five layers.
package main

import (
	"embed"
	"os"

	diensten "git.duinstad.test/burgerzaken/verhuizing/2-diensten"
	proces "git.duinstad.test/burgerzaken/verhuizing/4-proces"
	interactie "git.duinstad.test/burgerzaken/verhuizing/5-interactie"
	"git.duinstad.test/burgerzaken/verhuizing/kern/start"
)

// rooms are the numbered folders: their files go along in the program.
//
//go:embed [1-5]-*
var rooms embed.FS

func main() {
	os.Exit(start.Main(os.Args[1:], os.Stdout, os.Stderr, start.Rooms{
		Files:   rooms,
		API:     diensten.New,
		Process: proces.New,
		Pages:   interactie.Pages,
	}))
}
