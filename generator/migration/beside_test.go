package migration

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// asBefore works on a database as a version of before does: it makes rows, changes
// them and reads them, with every column that it knows and no other.
func (s *store) asBefore(t testing.TB, c *model.Component, n int) {
	t.Helper()
	s.before = true
	defer func() { s.before = false }()
	s.fill(t, c, n)
	s.fill(t, c, n+1)
	for _, e := range c.Entities {
		columns, sets := []string{"id", "aangemaakt_op", "gewijzigd_op", "versie"}, []string{"versie = versie + 1"}
		for _, f := range e.Fields {
			columns = append(columns, f.Name.SQL)
			if f.Reference == nil {
				sets = append(sets, f.Name.SQL+" = "+s.example(e, f, n+1))
			}
		}
		for _, text := range []string{
			fmt.Sprintf("UPDATE %s SET %s WHERE id = '%s'", e.Plural.SQL, strings.Join(sets, ", "), rowID(e, n)),
			fmt.Sprintf("SELECT %s FROM %s ORDER BY id", strings.Join(columns, ", "), e.Plural.SQL),
			fmt.Sprintf("SELECT %s FROM %s WHERE id = '%s' FOR UPDATE", strings.Join(columns, ", "), e.Plural.SQL, rowID(e, n)),
		} {
			if _, err := s.db.ExecContext(t.Context(), text); err != nil && !outside(err) {
				t.Fatalf("a version of before: %s: %v\n%s", text, err, s.history())
			}
		}
		// What it stored it reads back.
		row := s.rows(t, e.Plural.SQL)[rowID(e, n)]
		if row["versie"] != "2" { // refused
			continue
		}
		for _, f := range e.Fields {
			if want := s.stored(t, f, s.example(e, f, n+1)); f.Reference == nil && row[f.Name.SQL] != want && len(f.Values) == 0 {
				t.Errorf("a version of before stored %s in %s.%s and reads %s\n%s", want, e.Plural.SQL, f.Name.SQL, row[f.Name.SQL], s.history())
			}
		}
	}
}

// stored is a value as the database gives it.
func (s *store) stored(t testing.TB, f *model.Field, literal string) string {
	t.Helper()
	var v any
	if err := s.db.QueryRowContext(t.Context(), "SELECT CAST("+literal+" AS "+f.Postgres+")").Scan(&v); err != nil {
		t.Fatal(err)
	}
	if raw, ok := v.([]byte); ok {
		v = string(raw)
	}
	return fmt.Sprint(v)
}

func (s *store) history() string {
	var all []string
	for i := range len(s.files) {
		all = append(all, string(s.files[fmt.Sprintf("%s/%04d_stap.sql", s.d, i+1)].Data))
	}
	return strings.Join(all, "\n")
}

// last is the migration that ran last.
func (s *store) last() string { return fmt.Sprintf("%04d_stap", len(s.files)) }

// version is a component with the migration that made its tables.
type version struct {
	c         *model.Component
	migration string
}

// goOn lets each version that can go on beside the migration that was just run work
// on the tables, and gives those that can with the one that is now.
func (s *store) goOn(t testing.TB, versions []version, m *Migration) (left []version) {
	t.Helper()
	now := versions[len(versions)-1]
	if s.d != ddl.Postgres {
		return versions
	}
	line, _, _ := strings.Cut(m.Postgres, "\n")
	if (m.Stop != "") != strings.HasPrefix(line, "-- stilstand: ") {
		t.Errorf("stop %q, and the first line is %s", m.Stop, line)
	}
	if m.Stop != "" {
		return []version{now}
	}
	needs, some := strings.CutPrefix(line, "-- naast: versies met ")
	for i, v := range versions[:len(versions)-1] {
		knows := !some
		if some {
			knows = true
			for need := range strings.SplitSeq(needs, ", ") {
				knows = knows && v.migration >= need
			}
		}
		if knows {
			s.asBefore(t, v.c, 1000+100*len(s.files)+10*i)
			left = append(left, v)
		}
	}
	s.fill(t, now.c, 5000+len(s.files))
	s.agree(t, m.Kept)
	return append(left, now)
}

// agree: both versions read the same, whichever of them wrote it. A choice that is
// gone is another one in the new column.
func (s *store) agree(t testing.TB, kept []string) {
	t.Helper()
	all := readBridges(kept)
	for _, b := range all {
		if b.kind != oldColumn || slices.ContainsFunc(all, func(o bridge) bool { return o.kind == oldValue && o.table == b.table && o.column == b.column }) {
			continue
		}
		var differ int
		text := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s IS DISTINCT FROM %s", b.table, b.column, b.old)
		if err := s.db.QueryRowContext(t.Context(), text).Scan(&differ); err != nil || differ > 0 {
			t.Errorf("%s: %d, %v\n%s", text, differ, err, s.history())
		}
	}
}

// contract takes away what a migration left for a version of before.
func (s *store) contract(t testing.TB, c *model.Component, m *Migration) {
	t.Helper()
	kept := Since(m.Kept, "0002_stap")
	if len(readBridges(kept)) == 0 {
		return
	}
	last, questions, err := Of(c, c, nil, kept, Decisions{Drop: []string{DropBridges}})
	if err != nil || len(questions) > 0 || last == nil {
		t.Fatal(last, questions, err)
	}
	if line, _, _ := strings.Cut(last.Postgres, "\n"); line != "-- naast: versies met 0002_stap" {
		t.Errorf("the first line is %s", line)
	}
	if err := s.migrate(t, s.text(last)); err != nil {
		t.Fatalf("%v\n%s", err, s.text(last))
	}
}

// stopping are the changes of the other tests beside which no version of before can
// go on: those of a type that is kept otherwise, what takes a name that was another's,
// and what goes with all that is in it.
var stopping = map[string]bool{
	"TestRenamed/a_new_one_takes_the_old_name": true, "TestRenamed/two_entities_swap": true, "TestRenamed/two_fields_swap": true, "TestRenamed/entity": true,
	"TestChanged/not_filtered_any_more": true, "TestChanged/text_to_reference,_left_out": true, "TestChanged/date_to_partial": true, "TestChanged/boolean_to_text": true,
	"TestChanged/text_to_integer": true, "TestChanged/moment_to_date,_decided": true, "TestChanged/money_to_text": true, "TestChanged/abroad_to_anywhere": true,
	"TestChanged/date_to_moment": true, "TestChanged/date_to_text": true, "TestChanged/decimal_to_text": true, "TestChanged/decimal_to_integer,_left_out": true,
	"TestChanged/choice_to_boolean,_replaced": true, "TestChanged/address_to_anywhere": true, "TestChanged/integer_to_choice": true, "TestChanged/text_to_boolean": true,
	"TestChanged/money_to_decimal": true, "TestChanged/moment_to_date,_left_out": true, "TestChanged/money_to_integer,_decided": true, "TestChanged/text_to_file": true,
	"TestChanged/integer_to_text": true, "TestChanged/integer_to_money": true, "TestChanged/boolean_to_choice": true, "TestChanged/decimal_to_money,_left_out": true,
	"TestChanged/integer_to_decimal": true,
	"TestRemoved/file,_dropped":      true, "TestRemoved/both,_dropped": true, "TestRemoved/entity,_dropped": true, "TestRemoved/field,_dropped": true, "TestRemoved/the_same,_dropped": true,
}

func withoutBridges(kept []string) []string {
	return slices.DeleteFunc(slices.Clone(kept), func(line string) bool { return strings.HasPrefix(line, bridgeWord+" ") })
}

// TestSortKeysStay: a version of before stores the sort key of a text as well, which
// kern made beside it; it goes with what was left for that version.
func TestSortKeysStay(t *testing.T) {
	t.Parallel()
	before := []answers.Entity{entity("huis", field("a", "text"), field("n", "text"))}
	for name, c := range map[string]struct {
		after   []answers.Entity
		renames []grow.Rename
		drop    string
	}{
		"a field that is gone":   {after: []answers.Entity{entity("huis", field("n", "text"))}, drop: "huizen.a"},
		"a field renamed":        {after: []answers.Entity{entity("huis", field("b", "text"), field("n", "text"))}, renames: []grow.Rename{{Kind: grow.Field, Of: "huis", Old: "a", New: "b"}}, drop: DropBridges},
		"an entity that renamed": {after: []answers.Entity{entity("pand", field("a", "text"), field("n", "text"))}, renames: []grow.Rename{{Kind: grow.Entity, Old: "huis", New: "pand"}}, drop: DropBridges},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv("TEST_DATABASE_URL") == "" {
				t.Skip("TEST_DATABASE_URL is not set")
			}
			s := newStore(t, ddl.Postgres)
			was, is := componentOf(t, before...), componentOf(t, c.after...)
			s.begin(t, was)
			m, questions, err := Of(was, is, c.renames, nil, Decisions{})
			if err != nil || len(questions) > 0 {
				t.Fatal(questions, err)
			}
			do := func(text string) {
				t.Helper()
				if _, err := s.db.ExecContext(t.Context(), text); err != nil {
					t.Fatalf("%s: %v\n%s", text, err, s.history())
				}
			}
			do(`ALTER TABLE huizen ADD COLUMN a__volgorde1 TEXT COLLATE "C"`)
			s.fill(t, was, 0)
			if err := s.migrate(t, m.Postgres); err != nil {
				t.Fatalf("%v\n%s", err, m.Postgres)
			}
			do("INSERT INTO huizen (id, aangemaakt_op, gewijzigd_op, versie, a, n, a__volgorde1) VALUES ('x', now(), now(), 1, 'a', 'n', 'k')")
			do("UPDATE huizen SET a = 'b', a__volgorde1 = 'l'")
			last, questions, err := Of(is, is, nil, Since(m.Kept, "0002_stap"), Decisions{Drop: []string{c.drop}})
			if err != nil || len(questions) > 0 || last == nil || last.Stop != "" {
				t.Fatal(last, questions, err)
			}
			if err := s.migrate(t, last.Postgres); err != nil {
				t.Fatalf("%v\n%s", err, last.Postgres)
			}
			left := s.list(t, "SELECT column_name, table_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'a__volgorde1'")
			if strings.Contains(name, "field") != (len(left) == 0) {
				t.Errorf("the key: %v", left)
			}
		})
	}
}

// TestAWordThatIsNoChoice: a version of long ago writes any text. What was a choice
// since becomes another one, as somebody decided; anything else is refused, and not
// made empty.
func TestAWordThatIsNoChoice(t *testing.T) {
	t.Parallel()
	if os.Getenv("TEST_DATABASE_URL") == "" {
		t.Skip("TEST_DATABASE_URL is not set")
	}
	text, two, other := componentOf(t, only(field("a", "text"))...), componentOf(t, only(field("a", "enum", values("x", "y")))...), componentOf(t, only(field("a", "enum", values("x", "z")))...)
	s := newStore(t, ddl.Postgres)
	s.begin(t, text)
	first, _, err := Of(text, two, nil, nil, Decisions{Defaults: map[string]string{"huis.a": "x"}})
	if err != nil || first == nil {
		t.Fatal(first, err)
	}
	second, _, err := Of(two, other, nil, Since(first.Kept, "0002_stap"), Decisions{Replace: map[string]string{"huis.a.y": "z"}})
	if err != nil || second == nil || first.Stop+second.Stop != "" {
		t.Fatal(second, err)
	}
	for _, m := range []*Migration{first, second} {
		if err := s.migrate(t, m.Postgres); err != nil {
			t.Fatalf("%v\n%s", err, m.Postgres)
		}
	}
	const insert = "INSERT INTO huizen (id, aangemaakt_op, gewijzigd_op, versie, a) VALUES ('1', now(), now(), 1, "
	if _, err := s.db.ExecContext(t.Context(), insert+"'woord')"); err == nil || !outside(err) {
		t.Errorf("a word that is no choice: %v", err)
	}
	if _, err := s.db.ExecContext(t.Context(), insert+"'y')"); err != nil || s.value(t, "huizen", "a") != "z" {
		t.Errorf("a choice that is gone: %v, %s", err, s.value(t, "huizen", "a"))
	}
}
