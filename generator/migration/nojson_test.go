package migration

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// TestNoJSON: a text in a column of SQLite that is no JSON stops no migration. The
// trial of a component puts it there, where a column had another name before.
func TestNoJSON(t *testing.T) {
	t.Parallel()
	s := newStore(t, ddl.SQLite)
	do := func(text string) {
		t.Helper()
		if _, err := s.db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	do("CREATE TABLE IF NOT EXISTS bestanden (id TEXT, tabel TEXT)")
	do("CREATE TABLE huizen (a TEXT NOT NULL, foto TEXT)")
	do(`INSERT INTO huizen VALUES ('tekst', 'tekst'), ('{"straat":"A"}', '{"id":"1"}'), ('', NULL)`)
	for _, kind := range []string{"adres", "adres-buitenland"} {
		c, _ := conversionOf(&model.Field{Type: kind}, &model.Field{Type: "adres-overal"})
		do("UPDATE huizen SET a = " + c.expression(ddl.SQLite, "a"))
	}
	do(dropColumn{table: "huizen", column: "foto", file: true}.sql(ddl.SQLite))
	var n int
	if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM huizen WHERE a = 'tekst' OR json_valid(a) AND json_extract(a, '$.type') = 'AdresBuitenland'").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d rows are as they should be: %v", n, err)
	}
}
