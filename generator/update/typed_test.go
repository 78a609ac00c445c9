package update_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestMisnamed: a name that a person types is there, or nothing happens. Of every
// flag that takes one: --rename, --new and --step.
func TestMisnamed(t *testing.T) {
	t.Parallel()
	p := pack(map[string]string{"docs/x.md": ten})
	dir := made(t, p, sheet)
	rename := func(kind grow.Kind, of, old, now string) update.Request {
		return update.Request{Renames: []grow.Rename{{Kind: kind, Of: of, Old: old, New: now}}}
	}
	for name, c := range map[string]struct {
		r    update.Request
		want string // of Misnamed; "" is none
	}{
		"a step that is not there":  {rename(grow.Step, "", "a", "b"), "b"},
		"an entity that was not":    {rename(grow.Entity, "", "struik", "boom"), "struik"},
		"a field that was not":      {rename(grow.Field, "boom", "soorten", "soort"), "boom.soorten"},
		"a field of nothing":        {rename(grow.Field, "struik", "soort", "soort"), "struik.soort"},
		"a source that is not new":  {update.Request{Decided: migration.Decisions{New: []string{"source:bagg"}}}, "bagg"},
		"a field that is not new":   {update.Request{Decided: migration.Decisions{New: []string{"boom.srt"}}}, "boom.srt"},
		"a field in other letters":  {update.Request{Decided: migration.Decisions{New: []string{"Boom.Soort"}}}, ""},
		"zaken go nowhere":          {update.Request{Steps: map[string]string{"weg": "nergens"}}, "nergens"},
		"zaken stay on the process": {update.Request{Steps: map[string]string{"weg": "blijft"}}, ""},
	} {
		r := c.r
		r.Dir, r.Pack, r.Version, r.Typed = dir, p, "1.0.0", true
		_, err := update.Find(context.Background(), r)
		var got update.Misnamed
		if errors.As(err, &got); got.Name != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got.Name, err, c.want)
		}
		if got.Kind == grow.Entity && !slices.Contains(got.There, "boom") {
			t.Errorf("%s: there is %v", name, got.There)
		}
		r.Typed = false // of a command that knows what it says
		if _, err := update.Find(context.Background(), r); errors.As(err, &got) {
			t.Errorf("%s: refused although nobody typed it", name)
		}
	}
}
