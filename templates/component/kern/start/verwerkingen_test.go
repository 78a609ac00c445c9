package start

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
)

// TestProcessing: each activity comes once, with the sources that are asked for it,
// and that of inzage always; one that nobody described is not in the register.
func TestProcessing(t *testing.T) {
	a, b := logboek.Activity{URI: "urn:a"}, logboek.Activity{URI: "urn:b"}
	p := &Parts{
		Course: proces.Course{Activity: a, Activities: []logboek.Activity{a, b, a, logboek.NotYetRecorded}},
		Sources: []outway.Bron{
			{Title: "BAG", Activity: b, Fields: []outway.Field{{Title: "Straat"}}},
			{Title: "BRP", Activity: a},
		},
	}
	got := p.processing()
	if len(got) != 3 || got[0].URI != a.URI || got[1].URI != b.URI || got[2].URI != inzage.Activity.URI {
		t.Fatalf("activities %+v", got)
	}
	if !got[0].Kept || got[1].Kept || got[0].Sources[0].Title != "BRP" || got[1].Sources[0].Fields[0] != "Straat" || len(got[2].Sources) != 0 {
		t.Errorf("activities %+v", got)
	}
}
