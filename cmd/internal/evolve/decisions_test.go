package evolve

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestInto: what is typed → what the engine is asked.
func TestInto(t *testing.T) {
	c := Decisions{
		Defaults: []string{"verhuizing.telefoon=06=1", "verhuizing.naam="}, Replace: []string{"verhuizing.soort.a.b=c"}, Empty: []string{"verhuizing.x"}, Drop: []string{"verhuizing.y", "bezwaar"},
		Renames: []string{"field:verhuizing.telefoon=mobiel", "step:oud=nieuw", "entity:a=b"}, New: []string{"field:verhuizing.z", "role:balie"}, Steps: []string{"weg=blijft"},
	}
	var got update.Request
	if err := c.Into(text.Load(text.Dutch), "fieldlab update", &got); err != nil {
		t.Fatal(err)
	}
	want := update.Request{
		Renames: []grow.Rename{{Kind: grow.Field, Of: "verhuizing", Old: "telefoon", New: "mobiel"}, {Kind: grow.Step, Old: "oud", New: "nieuw"}, {Kind: grow.Entity, Old: "a", New: "b"}},
		Steps:   map[string]string{"oud": "nieuw", "weg": "blijft"},
		Decided: migration.Decisions{
			Defaults: map[string]string{"verhuizing.telefoon": "06=1", "verhuizing.naam": ""}, Replace: map[string]string{"verhuizing.soort.a.b": "c"},
			Empty: []string{"verhuizing.x"}, Drop: []string{"verhuizing.y", "bezwaar"}, New: []string{"verhuizing.z", "role:balie"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if typed := strings.Join(c.Typed(), " "); !strings.Contains(typed, "--rename step:oud=nieuw") || !strings.Contains(typed, "--empty verhuizing.x") {
		t.Errorf("typed %s", typed)
	}
}

// TestIntoRefuses: all that is wrong at once, each with how it is written.
func TestIntoRefuses(t *testing.T) {
	for _, language := range text.Languages() {
		c := Decisions{
			Defaults: []string{"telefoon=1", "verhuizing.telefoon", ".x=1", "=1", ""}, Replace: []string{"a.b=c"}, Empty: []string{"", "a.b=c"}, Drop: []string{"a..b"},
			Renames: []string{"a=b", "field:telefoon=mobiel", "veld:a=b", "step:a", "step:=b", "step:a="}, New: []string{"x", "field:x", ":x", "step:"}, Steps: []string{"a", "=b", "a="},
		}
		var usage failure.Usage
		if err := c.Into(text.Load(language), "fieldlab update", &update.Request{}); !errors.As(err, &usage) {
			t.Fatal(err)
		}
		if lines := strings.Split(usage.Text, "\n"); len(lines) != 22 || strings.Contains(usage.Text, "[update.") {
			t.Errorf("%s: %d lines\n%s", language, len(lines), usage.Text)
		}
	}
}
