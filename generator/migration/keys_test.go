package migration

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// sorted is a row with a text by which lists are sorted.
type sorted struct {
	opslag.Meta
	Name string `json:"naam"`
}

func sortedTable(s *store, table, column string) *opslag.Table[sorted] {
	return opslag.NewTable(s.own, opslag.Schema[sorted]{
		Name: table, Columns: []opslag.Column{{SQL: column, JSON: "naam", Sort: true}},
		Meta:   func(r *sorted) *opslag.Meta { return &r.Meta },
		Fields: func(r *sorted) []any { return []any{&r.Name} },
	})
}

// TestSortKeysFollow: the keys by which package opslag sorts go along with a table
// and a column that get another name, and a new one may take the old name.
func TestSortKeysFollow(t *testing.T) {
	t.Parallel()
	name := func(of, name string) answers.Entity { return entity(of, field(name, "text", required)) }
	before := componentOf(t, name("huis", "naam"))
	after := componentOf(t, name("gebouw", "titel"), name("huis", "naam"))
	m, questions, err := Of(before, after, []grow.Rename{{Kind: grow.Entity, Old: "huis", New: "gebouw"}, {Kind: grow.Field, Of: "gebouw", Old: "naam", New: "titel"}}, nil, Decisions{})
	if err != nil || len(questions) > 0 {
		t.Fatal(err, questions)
	}
	eachStore(t, func(t *testing.T, s *store) {
		s.begin(t, before)
		for _, text := range []string{"één", "Zes", "drie"} {
			if _, err := sortedTable(s, "huizen", "naam").Create(t.Context(), &sorted{Name: text}, opslag.Key{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.migrate(t, s.text(m)); err != nil {
			t.Fatalf("%v\n%s", err, s.text(m))
		}
		for table, column := range map[string]string{"gebouwen": "titel", "huizen": "naam"} {
			now := sortedTable(s, table, column)
			if err := now.Fits(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := now.Create(t.Context(), &sorted{Name: "een"}, opslag.Key{}); err != nil {
				t.Fatal(err)
			}
			page, err := now.Page(t.Context(), opslag.Query{Sort: "naam", Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, r := range page.Rows {
				got += r.Name + " "
			}
			if want := map[string]string{"gebouwen": "drie een één Zes ", "huizen": "een "}[table]; got != want || page.Count != len(page.Rows) {
				t.Errorf("%s: %q, want %q", table, got, want)
			}
		}
	})
}
