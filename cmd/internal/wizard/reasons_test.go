package wizard

import (
	"maps"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

func TestReasonsInOneAnswer(t *testing.T) {
	for answer, want := range map[string]map[string]string{
		"": nil, " ; ": nil,
		"Om te bezorgen":                     {"straat": "Om te bezorgen", "naam.volledigeNaam": "Om te bezorgen"},
		"Om te bezorgen; en te bellen":       {"straat": "Om te bezorgen; en te bellen", "naam.volledigeNaam": "Om te bezorgen; en te bellen"},
		"Nodig: om te bezorgen":              {"straat": "Nodig: om te bezorgen", "naam.volledigeNaam": "Nodig: om te bezorgen"},
		"straat: Om te bezorgen":             {"straat": "Om te bezorgen"},
		"straat: om te bezorgen; en snel":    {"straat": "om te bezorgen; en snel"},
		"Alles; naam.volledigeNaam: Wie het": {"straat": "Alles", "naam.volledigeNaam": "Wie het"},
		"straat: a; naam.volledigeNaam: b":   {"straat": "a", "naam.volledigeNaam": "b"},
		"straatt: Om te bezorgen":            {"straatt": "Om te bezorgen"}, // the rules refuse it
	} {
		p := answers.Purpose{Fields: []string{"straat", "naam.volledigeNaam"}}
		withReasons(&p, answer, nil)
		if !maps.Equal(p.Reasons, want) {
			t.Errorf("%q gives %v", answer, p.Reasons)
		}
		// What is shown gives the same again.
		shown := reasonsOf(p, nil)
		again := answers.Purpose{Fields: p.Fields}
		withReasons(&again, shown, nil)
		if !maps.Equal(again.Reasons, want) {
			t.Errorf("%q is shown as %q, which gives %v", answer, shown, again.Reasons)
		}
	}
	one := answers.Purpose{Fields: []string{"straat"}, Reasons: map[string]string{"straat": "Om te bezorgen"}}
	if got := reasonsOf(one, nil); got != "Om te bezorgen" {
		t.Errorf("one field is shown as %q", got)
	}
}

func TestReasonsFollowTheFields(t *testing.T) {
	p := answers.Purpose{Fields: []string{"straat", "plaats"}}
	withReasons(&p, "Om te bezorgen", nil)
	withFields(&p, []string{"plaats", "land"})
	if !slices.Equal(p.Fields, []string{"plaats", "land"}) || !maps.Equal(p.Reasons, map[string]string{"plaats": "Om te bezorgen"}) {
		t.Errorf("got %+v", p)
	}
	if withFields(&p, []string{"land"}); p.Reasons != nil {
		t.Errorf("got %+v", p)
	}
}
