package opslag

import (
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// pictured is a row with two files.
type pictured struct {
	Meta
	One *value.Attachment `json:"een,omitempty"`
	Two *value.Attachment `json:"twee,omitempty"`
}

var picturedSchema = Schema[pictured]{
	Name:    "platen",
	Columns: []Column{{SQL: "een", JSON: "een"}, {SQL: "twee", JSON: "twee"}},
	Meta:    func(p *pictured) *Meta { return &p.Meta },
	Fields:  func(p *pictured) []any { return []any{&p.One, &p.Two} },
}

func grownMigrations(later ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sqlite/0001_platen.sql":   {Data: []byte("CREATE TABLE platen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL, een TEXT, twee TEXT);")},
		"postgres/0001_platen.sql": {Data: []byte("CREATE TABLE platen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMPTZ NOT NULL, gewijzigd_op TIMESTAMPTZ NOT NULL, versie BIGINT NOT NULL, een JSONB, twee JSONB);")},
	}
	for _, text := range later {
		files["sqlite/0002_later.sql"] = &fstest.MapFile{Data: []byte(text)}
		files["postgres/0002_later.sql"] = files["sqlite/0002_later.sql"]
	}
	return files
}

// TestAFileOfAFieldThatIsGone: its column was kept, and so is the file, whatever
// happens to the row; it goes with the row.
func TestAFileOfAFieldThatIsGone(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		if err := db.Reset(t.Context(), grownMigrations()); err != nil {
			t.Fatal(err)
		}
		b := NewFiles(db, Limits{})
		one, two, three := sent(t, b, Upload{}, "een"), sent(t, b, Upload{}, "twee"), sent(t, b, Upload{}, "drie")
		row := &pictured{One: &value.Attachment{ID: one.ID}, Two: &value.Attachment{ID: two.ID}}
		if _, err := NewTable(db, picturedSchema).Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		less := picturedSchema
		less.Columns = less.Columns[:1]
		less.Fields = func(p *pictured) []any { return []any{&p.One} }
		row.One = &value.Attachment{ID: three.ID}
		if err := NewTable(db, less).Replace(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		for id, there := range map[string]bool{one.ID: false, two.ID: true, three.ID: true} {
			if _, err := b.Read(t.Context(), id); (err == nil) != there {
				t.Errorf("file %s: %v, want it there: %v", id, err, there)
			}
		}
		if err := NewTable(db, less).Delete(t.Context(), row.ID, row.Version); err != nil {
			t.Fatal(err)
		}
		if n := rowsIn(t, db, "bestanden"); n != 0 {
			t.Errorf("%d files stay behind", n)
		}
	})
}

// TestResetAfterARename: what a migration gave another name goes as well.
func TestResetAfterARename(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		for _, rename := range []string{"ALTER TABLE platen RENAME TO prenten;", "-- anders\nalter table \"platen\" rename to \"prenten\";"} {
			for range 2 {
				if err := db.Reset(t.Context(), grownMigrations(rename)); err != nil {
					t.Fatalf("%s: %v", rename, err)
				}
				if _, err := db.exec(t.Context(), "INSERT INTO prenten (id, aangemaakt_op, gewijzigd_op, versie) VALUES ('a', $1, $1, 1)", db.moment()); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
