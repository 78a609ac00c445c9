// Package tests takes zaken through all five layers, along every path of
// proces.bpmn, and holds the rooms against each other. What is tried stands in
// kern/proef. A test of the team comes in a file beside this one.
package tests

import (
	"os"
	"testing"

	diensten "git.duinstad.test/burgerzaken/verhuizing/2-diensten"
	proces "git.duinstad.test/burgerzaken/verhuizing/4-proces"
	interactie "git.duinstad.test/burgerzaken/verhuizing/5-interactie"
	"git.duinstad.test/burgerzaken/verhuizing/kern/proef"
	"git.duinstad.test/burgerzaken/verhuizing/kern/start"
)

var rooms = start.Rooms{
	Files:   os.DirFS(".."),
	API:     diensten.New,
	Process: proces.New,
	Pages:   interactie.Pages,
}

func TestComponent(t *testing.T) { proef.Run(t, rooms) }
