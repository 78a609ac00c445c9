package migration

import (
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// only is a register of one entity, huis, with one field.
func only(f answers.Field) []answers.Entity { return []answers.Entity{entity("huis", f)} }

func decide(change func(*Decisions)) Decisions {
	d := Decisions{Defaults: map[string]string{}, Replace: map[string]string{}}
	change(&d)
	return d
}

func empty(d *Decisions) { d.Empty = []string{"huis.a"} }

func drop(what string) Decisions { return Decisions{Drop: []string{what}} }

func byDefaults(v string) Decisions {
	return decide(func(d *Decisions) { d.Defaults["huis.a"] = v })
}

func all(t *testing.T, cases map[string]change) {
	t.Parallel()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

func TestRenamed(t *testing.T) {
	name := func(kind grow.Kind, of, old, is string) grow.Rename {
		return grow.Rename{Kind: kind, Of: of, Old: old, New: is}
	}
	choice := field("a", "enum", required, values("x", "y"))
	all(t, map[string]change{
		"field": {before: only(choice), after: only(field("b", "enum", required, values("x", "y"))),
			renames: []grow.Rename{name(grow.Field, "huis", "a", "b")}, want: map[string]string{"huizen.b": "x"}},
		"field, to a reserved word": {before: only(field("a", "text")), after: only(field("group", "text")),
			renames: []grow.Rename{name(grow.Field, "huis", "a", "group")}, want: map[string]string{"huizen.group_": "A 1"}},
		"field, not said": {before: only(choice), after: only(field("b", "enum", required, values("x", "y"))), ask: []string{"rename huis.b"}},
		"field, said that it is new": {before: only(choice), after: only(field("b", "enum", values("x", "y"))), decided: Decisions{New: []string{"field:huis.b"}},
			want: map[string]string{"huizen.a": "x", "huizen.b": "<nil>"}, left: []string{"huizen.a (enum)"}},
		"entity without files": {before: []answers.Entity{entity("huis", choice, field("buur", "reference", refers("huis")), field("naam", "text", required))},
			after:   []answers.Entity{entity("gebouw", choice, field("buur", "reference", refers("gebouw")), field("naam", "text", required), field("extra", "text", required, defaultTo("x")))},
			renames: []grow.Rename{name(grow.Entity, "", "huis", "gebouw")}, want: map[string]string{"gebouwen.a": "x", "gebouwen.extra": "x"}},
		"entity and fields, beside": {before: []answers.Entity{entity("huis", choice, field("naam", "text", required))},
			after:   []answers.Entity{entity("gebouw", field("b", "enum", required, values("x", "z")), field("titel", "text", required))},
			decided: Decisions{Replace: map[string]string{"gebouw.b.y": "z"}},
			renames: []grow.Rename{name(grow.Entity, "", "huis", "gebouw"), name(grow.Field, "gebouw", "a", "b"), name(grow.Field, "gebouw", "naam", "titel")}, want: map[string]string{"gebouwen.b": "x"}},
		"entity": {before: []answers.Entity{entity("huis", choice, field("buur", "reference", refers("huis")), field("foto", "file"))},
			after:   []answers.Entity{entity("gebouw", choice, field("buur", "reference", refers("gebouw")), field("foto", "file"))},
			renames: []grow.Rename{name(grow.Entity, "", "huis", "gebouw")}, want: map[string]string{"gebouwen.a": "x"}},
		"entity and field": {before: only(choice), after: []answers.Entity{entity("gebouw", field("b", "enum", required, values("x", "y")))},
			renames: []grow.Rename{name(grow.Entity, "", "huis", "gebouw"), name(grow.Field, "gebouw", "a", "b")}, want: map[string]string{"gebouwen.b": "x"}},
		"entity, not said": {before: only(choice), after: []answers.Entity{entity("gebouw", choice)}, ask: []string{"rename gebouw"}},
		"two fields swap": {before: []answers.Entity{entity("huis", field("a", "integer"), field("b", "text", required))},
			after:   []answers.Entity{entity("huis", field("a", "text", required), field("b", "integer"))},
			renames: []grow.Rename{name(grow.Field, "huis", "a", "b"), name(grow.Field, "huis", "b", "a")}, want: map[string]string{"huizen.a": "B 1"}},
		"two entities swap": {before: []answers.Entity{entity("huis", choice), entity("tuin", field("a", "integer", required))},
			after:   []answers.Entity{entity("tuin", choice), entity("huis", field("a", "integer", required))},
			renames: []grow.Rename{name(grow.Entity, "", "huis", "tuin"), name(grow.Entity, "", "tuin", "huis")}, want: map[string]string{"tuinen.a": "x"}},
		"a new one takes the old name": {before: only(choice), after: []answers.Entity{entity("huis", field("b", "enum", required, values("x", "y")), field("a", "integer"))},
			renames: []grow.Rename{name(grow.Field, "huis", "a", "b")}, want: map[string]string{"huizen.b": "x", "huizen.a": "<nil>"}},
		"plural": {before: only(choice), after: []answers.Entity{{Name: "huis", Plural: "woningen", Fields: []answers.Field{choice}}}, want: map[string]string{"woningen.a": "x"}},
		"to a name that was kept": {before: only(choice), after: only(field("b", "enum", required, values("x", "y"))), kept: []string{"huizen.b (text)"},
			renames: []grow.Rename{name(grow.Field, "huis", "a", "b")}, ask: []string{"kept huis.b"}},
	})
}

func TestRemoved(t *testing.T) {
	two := []answers.Entity{entity("huis", field("a", "integer", required, between(1, 9)), field("n", "text"))}
	one := []answers.Entity{entity("huis", field("n", "text"))}
	pair := []answers.Entity{entity("huis", field("n", "text")), entity("tuin", field("huis", "reference", refers("huis"), required))}
	all(t, map[string]change{
		"field":                {before: two, after: one, want: map[string]string{"huizen.a": "1"}, left: []string{"huizen.a (integer)"}},
		"field, dropped":       {before: two, after: one, decided: drop("huis.a")},
		"file, dropped":        {before: []answers.Entity{entity("huis", field("a", "file"), field("n", "text"))}, after: one, decided: drop("huis.a")},
		"reference":            {before: pair, after: []answers.Entity{pair[0], entity("tuin", field("n", "text"))}, left: []string{"tuinen.huis (reference)"}},
		"entity":               {before: pair, after: pair[:1], left: []string{"tuinen"}},
		"entity, dropped":      {before: pair, after: pair[:1], decided: drop("tuin")},
		"both, dropped":        {before: append([]answers.Entity{entity("mens", field("n", "text"))}, pair...), after: []answers.Entity{entity("mens", field("n", "text"))}, decided: Decisions{Drop: []string{"huis", "tuin"}}},
		"what others refer to": {before: pair, after: []answers.Entity{entity("tuin", field("n", "text"))}, left: []string{"huizen", "tuinen.huis (reference)"}},
		"the same, dropped":    {before: pair, after: []answers.Entity{entity("tuin", field("n", "text"))}, decided: drop("huis"), left: []string{"tuinen.huis (reference)"}},
	})
}

// TestLongNames: PostgreSQL cuts a name that is too long, and puts a number behind
// it when there is one like that; each finds its own.
func TestLongNames(t *testing.T) {
	const long = "een vraag met zoveel woorden dat zij samen te veel zijn "
	one, other := field(long+"een", "enum", values("x", "y")), field(long+"twee", "enum", values("p", "q"))
	fewer := field(long+"twee", "enum", values("p", "q", "r"))
	short := field("kort", "enum", values("p", "q"))
	of := func(fields ...answers.Field) []answers.Entity { return []answers.Entity{entity("huis", fields...)} }
	to := func(old, is string) []grow.Rename {
		return []grow.Rename{{Kind: grow.Field, Of: "huis", Old: old, New: is}}
	}
	all(t, map[string]change{
		"the second changes":      {before: of(one, other), after: of(one, fewer)},
		"the second gets shorter": {before: of(one, other), after: of(one, short), renames: to(long+"twee", "kort"), want: map[string]string{"huizen.kort": "<nil>"}},
		"one gets as long":        {before: of(one, short), after: of(one, other), renames: to("kort", long+"twee")},
		"one goes":                {before: of(other, one), after: of(other), left: []string{"huizen.een_vraag_met_zoveel_woorden_dat_zij_samen_te_veel_zijn_een (enum)"}},
	})
}

// TestAgain: what was kept is used again, or in the way.
func TestAgain(t *testing.T) {
	n := field("n", "text")
	for name, c := range map[string]change{
		"as it was":         {after: []answers.Entity{entity("huis", n, field("a", "integer"))}, want: map[string]string{"huizen.a": "0"}},
		"required":          {after: []answers.Entity{entity("huis", n, field("a", "integer", required))}, ask: []string{"filled huis.a"}},
		"required, decided": {after: []answers.Entity{entity("huis", n, field("a", "integer", required))}, decided: byDefaults("7"), want: map[string]string{"huizen.a": "0"}},
		"wider":             {after: []answers.Entity{entity("huis", n, field("a", "decimal"))}, want: map[string]string{"huizen.a": "0"}},
		"another type":      {after: []answers.Entity{entity("huis", n, field("a", "date"))}, ask: []string{"kept huis.a"}},
		"dropped first":     {after: []answers.Entity{entity("huis", n, field("a", "date"))}, decided: drop("huis.a"), want: map[string]string{"huizen.a": "<nil>"}},
		"only dropped":      {after: []answers.Entity{entity("huis", n)}, decided: drop("huis.a")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with := []answers.Entity{entity("huis", n, field("a", "integer", required, between(0, 5)))}
			without := []answers.Entity{entity("huis", n)}
			first, _, err := Of(componentOf(t, with...), componentOf(t, without...), nil, nil, Decisions{})
			if err != nil {
				t.Fatal(err)
			}
			second, questions, err := Of(componentOf(t, without...), componentOf(t, c.after...), nil, first.Kept, c.decided)
			if err != nil {
				t.Fatal(err)
			}
			if c.ask != nil {
				if len(questions) != 1 || questions[0].Code+" "+questions[0].Key != c.ask[0] {
					t.Errorf("asked %+v", questions)
				}
				return
			}
			if len(withoutBridges(second.Kept)) != 0 {
				t.Errorf("kept %q", second.Kept)
			}
			eachStore(t, func(t *testing.T, s *store) {
				s.begin(t, componentOf(t, with...))
				s.fill(t, componentOf(t, with...), 0)
				for _, m := range []*Migration{first, second} {
					if err := s.migrate(t, s.text(m)); err != nil {
						t.Fatalf("%v\n%s", err, s.text(m))
					}
				}
				for place, want := range c.want {
					if got := s.value(t, "huizen", place[len("huizen."):]); got != want {
						t.Errorf("%s is %q, want %q", place, got, want)
					}
				}
				s.fill(t, componentOf(t, c.after...), 1)
			})
		})
	}
}

// TestEntityAgain: a table that was kept is not used again, for nobody remembers what
// is in it; it goes, or the new one gets another name.
func TestEntityAgain(t *testing.T) {
	t.Parallel()
	tree, with := entity("boom", field("n", "text")), answers.Entity{Name: "huis", Plural: "woningen", Fields: []answers.Field{field("a", "enum", required, values("x", "y"))}}
	both, one := componentOf(t, tree, with), componentOf(t, tree)
	first, _, err := Of(both, one, nil, nil, Decisions{})
	if err != nil || !slices.Equal(first.Kept, []string{"woningen"}) {
		t.Fatal(err, first)
	}
	if _, questions, err := Of(one, both, nil, first.Kept, Decisions{}); err != nil || len(questions) != 1 || questions[0].Code != AskKept || questions[0].Key != "huis" {
		t.Fatal(err, questions)
	}
	for _, name := range []string{"huis", "woningen"} {
		second, questions, err := Of(one, both, nil, first.Kept, drop(name))
		if err != nil || len(questions) > 0 || len(second.Kept) > 0 {
			t.Fatal(name, err, questions)
		}
		eachStore(t, func(t *testing.T, s *store) {
			s.begin(t, both)
			s.fill(t, both, 0)
			for _, m := range []*Migration{first, second} {
				if err := s.migrate(t, s.text(m)); err != nil {
					t.Fatalf("%v\n%s", err, s.text(m))
				}
			}
			if rows := s.rows(t, "woningen"); len(rows) != 0 {
				t.Errorf("%v", rows)
			}
			s.fill(t, both, 1)
		})
	}
}

func TestChanged(t *testing.T) {
	a := func(kind string, change ...func(*answers.Field)) []answers.Entity {
		return only(field("a", kind, change...))
	}
	place := func(v string) map[string]string { return map[string]string{"huizen.a": v} }
	all(t, map[string]change{
		"required":                           {before: a("text"), after: a("text", required), ask: []string{"filled huis.a"}},
		"required, decided":                  {before: a("text"), after: a("text", required), decided: byDefaults("x"), want: place("A 1")},
		"required, with a default":           {before: a("integer"), after: a("integer", required, defaultTo("3")), want: place("1")},
		"reference required":                 {before: a("reference", refers("huis")), after: []answers.Entity{entity("huis", field("a", "reference", refers("tuin"))), entity("tuin", field("n", "text"))}, ask: []string{"type huis.a"}},
		"not required":                       {before: a("enum", required, values("x", "y")), after: a("enum", values("x", "y")), want: place("x")},
		"a choice more":                      {before: a("enum", required, values("x", "y")), after: a("enum", required, values("x", "z", "y")), want: place("x")},
		"a choice less":                      {before: a("enum", values("x", "y")), after: a("enum", values("z", "y")), ask: []string{"value huis.a.x"}},
		"a choice replaced":                  {before: a("enum", required, values("x.y", "y")), after: a("enum", required, values("z'; --", "y")), decided: decide(func(d *Decisions) { d.Replace["huis.a.x.y"] = "z'; --" }), want: place("z'; --")},
		"a choice left out":                  {before: a("enum", values("x", "y")), after: a("enum", values("z", "y")), decided: decide(empty), want: place("<nil>")},
		"a choice by default":                {before: a("enum", required, values("x", "y")), after: a("enum", required, values("z", "y")), decided: byDefaults("y"), want: place("y")},
		"a choice in capitals":               {before: a("enum", required, values("ja", "nee")), after: a("enum", required, values("Ja", "Nee")), want: place("Ja")},
		"bounds wider":                       {before: a("integer", required, between(1, 3)), after: a("integer", required, between(0, 9)), want: place("1")},
		"no bounds":                          {before: a("money", required, between(1, 3)), after: a("money", required), want: place("100")},
		"bounds narrower":                    {before: a("integer", required), after: a("integer", required, between(5, 9)), ask: []string{"bounds huis.a"}},
		"bounds narrower, decided":           {before: a("integer", required), after: a("integer", required, between(5, 9)), decided: byDefaults("6"), want: place("6")},
		"bounds narrower, left out":          {before: a("integer"), after: a("integer", between(5, 9)), decided: decide(empty), want: place("<nil>")},
		"bounds narrower, optional, decided": {before: a("money"), after: a("money", between(5, 9)), decided: byDefaults("7,50"), want: place("750")},
		"longer":                             {before: a("text"), after: a("longtext"), want: nil},
		"integer to decimal":                 {before: a("integer", required, between(1, 9)), after: a("decimal", required, between(0, 9)), want: place("1")},
		"integer to money":                   {before: a("integer", required), after: a("money", required), want: place("100")},
		"money to decimal":                   {before: a("money", required), after: a("decimal", required)},
		"decimal to integer":                 {before: a("decimal"), after: a("integer"), ask: []string{"type huis.a"}},
		"decimal to integer, left out":       {before: a("decimal"), after: a("integer"), decided: decide(empty)},
		"decimal to money, left out":         {before: a("decimal"), after: a("money"), decided: decide(empty)},
		"money to integer, decided":          {before: a("money", required), after: a("integer", required, between(0, 9)), decided: byDefaults("4"), want: place("4")},
		"integer to text":                    {before: a("integer", required), after: a("text", required), want: place("1")},
		"decimal to text":                    {before: a("decimal", required), after: a("longtext", required)},
		"money to text":                      {before: a("money", required), after: a("text", required), want: place("12,50")},
		"boolean to text":                    {before: a("boolean", required), after: a("text", required), want: place("ja")},
		"date to text":                       {before: a("date", required), after: a("text", required)},
		"date to partial":                    {before: a("date", required), after: a("onvolledige-datum", required)},
		"date to moment":                     {before: a("date", required), after: a("datetime", required)},
		"moment to date":                     {before: a("datetime"), after: a("date"), ask: []string{"type huis.a"}},
		"moment to date, left out":           {before: a("datetime"), after: a("date"), decided: decide(empty), want: place("<nil>")},
		"moment to date, decided":            {before: a("datetime", required), after: a("date", required), decided: byDefaults("2026-01-31")},
		"text to integer":                    {before: a("text", required), after: a("integer", required, between(1, 5)), decided: byDefaults("4"), want: place("4")},
		"text to boolean":                    {before: a("text"), after: a("boolean"), decided: decide(empty), want: place("<nil>")},
		"text to choice":                     {before: a("text"), after: a("enum", values("A 1", "y")), ask: []string{"type huis.a"}},
		"text to choice, left out":           {before: a("text"), after: a("enum", values("A 1", "y")), decided: decide(empty), want: place("A 1")},
		"integer to choice":                  {before: a("integer"), after: a("enum", values("1", "y")), decided: decide(empty), want: place("1")},
		"choice to text":                     {before: a("enum", required, values("x", "y")), after: a("text", required), want: place("x")},
		"choice to boolean":                  {before: a("enum", required, values("ja", "misschien", "nee")), after: a("boolean", required), ask: []string{"value huis.a.misschien"}},
		"choice to boolean, replaced":        {before: a("enum", required, values("ja", "misschien", "nee")), after: a("boolean", required), decided: decide(func(d *Decisions) { d.Replace["huis.a.misschien"] = "nee" })},
		"boolean to choice":                  {before: a("boolean", required), after: a("enum", required, values("Ja", "nee", "weet niet")), want: place("Ja")},
		"boolean to other choices":           {before: a("boolean", required), after: a("enum", required, values("wel", "niet")), ask: []string{"value huis.a.ja", "value huis.a.nee"}},
		"address to anywhere":                {before: a("adres", required), after: a("adres-overal", required)},
		"abroad to anywhere":                 {before: a("adres-buitenland", required), after: a("adres-overal", required)},
		"address to text":                    {before: a("adres"), after: a("text"), ask: []string{"type huis.a"}},
		"phone to email":                     {before: a("phone"), after: a("email")},
		"text to reference":                  {before: a("text"), after: a("reference", refers("huis")), ask: []string{"type huis.a"}},
		"text to reference, left out":        {before: a("text"), after: a("reference", refers("huis")), decided: decide(empty), want: place("<nil>")},
		"reference to text":                  {before: a("reference", refers("huis")), after: a("text")},
		"text to file":                       {before: a("text"), after: a("file"), decided: decide(empty), want: place("<nil>")},
		"not filtered any more":              {before: a("date"), after: a("text")},
	})
}
