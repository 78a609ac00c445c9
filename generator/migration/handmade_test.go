package migration

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// TestHandmade: what a team added to a table itself is there afterwards, whatever
// changes beside it.
func TestHandmade(t *testing.T) {
	t.Parallel()
	before := componentOf(t, entity("huis", field("a", "enum", required, values("x", "y")), field("b", "integer"), field("tuin", "reference", refers("tuin"))), entity("tuin", field("n", "text")))
	after := componentOf(t, entity("gebouw", field("c", "enum", values("x", "z")), field("tuin", "reference", refers("tuin"))), entity("tuin", field("n", "text")))
	renames := []grow.Rename{{Kind: grow.Entity, Old: "huis", New: "gebouw"}, {Kind: grow.Field, Of: "gebouw", Old: "a", New: "c"}}
	decided := Decisions{Replace: map[string]string{"gebouw.c.y": "z"}}
	m, questions, err := Of(before, after, renames, nil, decided)
	if err != nil || len(questions) > 0 {
		t.Fatal(err, questions)
	}
	own := map[ddl.Dialect]string{
		ddl.SQLite: `CREATE INDEX eigen ON huizen (eigen_kolom);
			CREATE TRIGGER eigen_trigger AFTER INSERT ON huizen BEGIN UPDATE huizen SET eigen_kolom = 'gezet' WHERE id = new.id; END;`,
		ddl.Postgres: `CREATE INDEX eigen ON huizen (eigen_kolom);
			CREATE FUNCTION zet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.eigen_kolom = 'gezet'; RETURN new; END $$;
			CREATE TRIGGER eigen_trigger BEFORE INSERT ON huizen FOR EACH ROW EXECUTE FUNCTION zet();`,
	}
	eachStore(t, func(t *testing.T, s *store) {
		s.begin(t, before)
		if err := s.migrate(t, "ALTER TABLE huizen ADD COLUMN eigen_kolom TEXT DEFAULT 'eigen';\n"+own[s.d]); err != nil {
			t.Fatal(err)
		}
		s.fill(t, before, 0)
		s.fill(t, before, 1)
		if err := s.migrate(t, s.text(m)); err != nil {
			t.Fatalf("%v\n%s", err, s.text(m))
		}
		for id, row := range s.rows(t, "gebouwen") {
			if row["eigen_kolom"] != "gezet" || row["c"] == "<nil>" {
				t.Errorf("row %s: %v", id, row)
			}
		}
		if all := strings.Join(s.schema(t), "\n"); !strings.Contains(all, "index (eigen_kolom) eigen") {
			t.Errorf("the index is gone:\n%s", all)
		}
		s.fill(t, after, 2)
	})
}

// TestHandmadeInTheWay: an index of the team on a column that SQLite must replace
// stops the migration, and nothing has happened.
func TestHandmadeInTheWay(t *testing.T) {
	t.Parallel()
	before := componentOf(t, only(field("a", "integer", required))...)
	m, _, err := Of(before, componentOf(t, only(field("a", "integer"))...), nil, nil, Decisions{})
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t, ddl.SQLite)
	s.begin(t, before)
	if err := s.migrate(t, "CREATE INDEX van_ons ON huizen (a);"); err != nil {
		t.Fatal(err)
	}
	s.fill(t, before, 0)
	had := strings.Join(s.schema(t), "\n")
	if err := s.migrate(t, m.SQLite); err == nil || !strings.Contains(err.Error(), "van_ons") {
		t.Errorf("got %v", err)
	}
	if has := strings.Join(s.schema(t), "\n"); has != had {
		t.Errorf("got\n%s\nwant\n%s", has, had)
	}
}

// TestCascadeInTheWay: rows that hang on those that step aside for a moment would go.
func TestCascadeInTheWay(t *testing.T) {
	t.Parallel()
	before := componentOf(t, entity("huis", field("tuin", "reference", refers("tuin"))), entity("tuin", field("n", "text")))
	after := componentOf(t, entity("huis", field("tuin", "reference", refers("tuin"), required)), entity("tuin", field("n", "text")))
	decided := Decisions{Defaults: map[string]string{"huis.tuin": rowID(before.Entities[0], 0)}}
	m, _, err := Of(before, after, nil, nil, decided)
	if err != nil {
		t.Fatal(err)
	}
	for own, want := range map[string]string{
		"CREATE TABLE eigen (huis TEXT REFERENCES huizen (id) ON DELETE CASCADE);":                        "eerst_triggers_en_cascades_weghalen",
		"CREATE TRIGGER eigen AFTER DELETE ON huizen BEGIN DELETE FROM tuinen; END;":                      "eerst_triggers_en_cascades_weghalen",
		"CREATE TABLE eigen (huis TEXT REFERENCES huizen (id)); INSERT INTO eigen SELECT id FROM huizen;": "",
	} {
		s := newStore(t, ddl.SQLite)
		s.begin(t, before)
		s.fill(t, before, 0)
		s.fill(t, before, 1)
		if err := s.migrate(t, own); err != nil {
			t.Fatal(err)
		}
		had := s.rows(t, "huizen")
		err := s.migrate(t, m.SQLite)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", own, err)
		}
		if has := s.rows(t, "huizen"); len(has) != len(had) {
			t.Errorf("%s: %v", own, has)
		}
	}
}

// TestDecisions: what cannot be is said, and what names nothing.
func TestDecisions(t *testing.T) {
	t.Parallel()
	before := componentOf(t, house)
	after := componentOf(t, with(house, field("hoogte", "integer", required, between(1, 9)), field("plek", "enum", required, values("a", "b")))...)
	for want, decided := range map[string]Decisions{
		"huis.hoogte cannot be 12":     {Defaults: map[string]string{"huis.hoogte": "12", "huis.plek": "a"}},
		"huis.plek cannot be A":        {Defaults: map[string]string{"huis.hoogte": "1", "huis.plek": "A"}},
		"huis.hogte is not the name":   {Defaults: map[string]string{"huis.hogte": "1"}},
		"huizen.niets is not the name": {Drop: []string{"huizen.niets"}},
		"weg is not the name":          {Drop: []string{"weg"}},
		"huis is not the name":         {Empty: []string{"huis"}},
		"huis.niets.x is not the name": {Replace: map[string]string{"huis.niets.x": "a"}},
	} {
		_, _, err := Of(before, after, nil, nil, decided)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", decided, err, want)
		}
	}
}
