package migration

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

func field(name, kind string, change ...func(*answers.Field)) answers.Field {
	f := answers.Field{Name: name, Type: kind}
	for _, c := range change {
		c(&f)
	}
	return f
}

func required(f *answers.Field) { f.Required = true }

func values(all ...string) func(*answers.Field) { return func(f *answers.Field) { f.Values = all } }

func between(low, high float64) func(*answers.Field) {
	return func(f *answers.Field) { f.Min, f.Max = &low, &high }
}

func refers(entity string) func(*answers.Field) {
	return func(f *answers.Field) { f.Entity = entity }
}

func defaultTo(s string) func(*answers.Field) { return func(f *answers.Field) { f.Default = s } }

func entity(name string, fields ...answers.Field) answers.Entity {
	return answers.Entity{Name: name, Fields: fields}
}

// change is one step from one register to another.
type change struct {
	before, after []answers.Entity
	renames       []grow.Rename
	kept          []string
	decided       Decisions

	says string            // in the migration
	want map[string]string // after it: "table.column" of the only row
	left []string          // kept
	ask  []string          // questions instead: "code key"
}

func (c change) run(t *testing.T) {
	before, after := componentOf(t, c.before...), componentOf(t, c.after...)
	m, questions, err := Of(before, after, c.renames, c.kept, c.decided)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, q := range questions {
		asked = append(asked, q.Code+" "+q.Key)
	}
	if !slices.Equal(asked, c.ask) {
		t.Fatalf("asked %q, want %q", asked, c.ask)
	}
	if c.ask != nil {
		return
	}
	if m == nil {
		if c.want != nil || c.says != "" {
			t.Fatal("no migration")
		}
		return
	}
	if !slices.Equal(withoutBridges(m.Kept), c.left) || !strings.Contains(m.SQLite, c.says) || !strings.Contains(m.Postgres, c.says) {
		t.Errorf("kept %q, want %q, says %q:\n%s\n%s", m.Kept, c.left, c.says, m.SQLite, m.Postgres)
	}
	if slices.Contains(m.Rewrites, "") {
		t.Errorf("rewrites %q", m.Rewrites)
	}
	head, _, _ := strings.Cut(m.SQLite, "\n\n")
	head, _, _ = strings.Cut(head, "\n-- SQLite ")
	for _, line := range strings.Split(head, "\n")[1:] { // the plan of an update shows these
		if !regexp.MustCompile(`^-- [a-z0-9_]+: \S`).MatchString(line) {
			t.Errorf("a line that does not begin with the table it is about: %s", line)
		}
	}
	eachStore(t, func(t *testing.T, s *store) {
		s.begin(t, before)
		s.fill(t, before, 0)
		if err := s.migrate(t, s.text(m)); err != nil {
			t.Fatalf("%v\n%s", err, s.text(m))
		}
		if s.d == ddl.Postgres && (m.Stop != "") != stopping[strings.TrimSuffix(t.Name(), "/postgres")] {
			t.Errorf("stops: %q", m.Stop)
		}
		for place, want := range c.want {
			table, column, _ := strings.Cut(place, ".")
			if got := s.value(t, table, column); got != want {
				t.Errorf("%s is %q, want %q\n%s", place, got, want, s.text(m))
			}
		}
		if s.d == ddl.Postgres && m.Stop == "" {
			s.asBefore(t, before, 20)
			s.fill(t, after, 22)
			s.asBefore(t, before, 24)
			s.agree(t, m.Kept)
		}
		s.contract(t, after, m)
		fresh := newStore(t, s.d)
		fresh.begin(t, after)
		if got, want := without(s.schema(t), m.Kept), fresh.schema(t); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), s.text(m))
		}
		s.fill(t, after, 1)
	})
}

var house = entity("huis", field("naam", "text", required))

func with(e answers.Entity, fields ...answers.Field) []answers.Entity {
	e.Fields = append(slices.Clone(e.Fields), fields...)
	return []answers.Entity{e}
}

func TestAdded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]change{
		"optional":                {after: with(house, field("telefoon", "phone")), want: map[string]string{"huizen.telefoon": "<nil>"}},
		"optional with a default": {after: with(house, field("kleur", "text", defaultTo("rood"))), want: map[string]string{"huizen.kleur": "<nil>"}},
		"required":                {after: with(house, field("hoogte", "integer", required)), ask: []string{"default huis.hoogte"}},
		"required, decided": {after: with(house, field("hoogte", "integer", required, between(-5, 5))), decided: Decisions{Defaults: map[string]string{"huis.hoogte": "-3"}},
			want: map[string]string{"huizen.hoogte": "-3"}},
		"required with a default": {after: with(house, field("plek", "enum", required, values("stad", "'t Gooi; -- x"), defaultTo("'t Gooi; -- x"))), want: map[string]string{"huizen.plek": "'t Gooi; -- x"}},
		"optional, decided":       {after: with(house, field("hoogte", "decimal")), decided: Decisions{Defaults: map[string]string{"Huis.hoogte": "2,5"}}, want: map[string]string{"huizen.hoogte": "2.5"}},
		"required file":           {after: with(house, field("foto", "file", required)), ask: []string{"no-value huis.foto"}},
		"required reference":      {after: with(house, field("buur", "reference", refers("huis"))), want: map[string]string{"huizen.buur": "<nil>"}},
		"an address, decided":     {after: with(house, field("adres", "adres", required)), decided: Decisions{Defaults: map[string]string{"huis.adres": "Kerkstraat 1 A, 1234 AB 's-Hertogenbosch"}}},
		"an amount, decided":      {after: with(house, field("prijs", "money", required, between(0, 10.5))), decided: Decisions{Defaults: map[string]string{"huis.prijs": "1,25"}}, want: map[string]string{"huizen.prijs": "125"}},
		"a moment, decided":       {after: with(house, field("moment", "datetime", required)), decided: Decisions{Defaults: map[string]string{"huis.moment": "2026-01-31T09:00:00+01:00"}}},
		"yes or no, decided":      {after: with(house, field("aan", "boolean", required)), decided: Decisions{Defaults: map[string]string{"huis.aan": "ja"}}},
		"a day, decided":          {after: with(house, field("dag", "date", required)), decided: Decisions{Defaults: map[string]string{"huis.dag": "2026-01-31"}}},
		"a reserved word":         {after: with(house, field("select", "text", required), field("table", "text")), decided: Decisions{Defaults: map[string]string{"huis.select": "x"}}, want: map[string]string{"huizen.select_": "x"}},
		"a hostile default":       {after: with(house, field("tekst", "longtext", required)), decided: Decisions{Defaults: map[string]string{"huis.tekst": "a\n-- b';\nDROP TABLE huizen; --"}}, want: map[string]string{"huizen.tekst": "a\n-- b';\nDROP TABLE huizen; --"}},
		"entity":                  {after: []answers.Entity{house, entity("order", field("group", "text"), field("huis", "reference", refers("huis"), required))}},
		"nothing":                 {after: []answers.Entity{house}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.before = []answers.Entity{house}
			c.run(t)
		})
	}
}
