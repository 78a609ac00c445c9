package opslag

import (
	"slices"
	"testing"
)

// TestBesides: what a migration says of earlier versions, and what is found when it
// says nothing.
func TestBesides(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"-- naast: elke vorige versie\nDROP TABLE x;":                                    nil,
		"-- naast: versies met 0003_a, 0004_b.sql\nDROP TABLE x;":                        {"0003_a", "0004_b"},
		"-- stilstand: x is nu een getal\nSELECT 1;":                                     {"0009_nu"},
		"-- een kop\n-- naast: elke vorige versie\nDROP TABLE x;":                        {"0009_nu"}, // not the first line
		"-- stilstand: \nSELECT 1;":                                                      {"0009_nu"}, // says nothing
		"CREATE TABLE x (id TEXT PRIMARY KEY);\nCREATE UNIQUE INDEX ON x (id);":          nil,
		"CREATE UNIQUE INDEX ON x (id);":                                                 {"0009_nu"},
		"create index x_y on x (y); ALTER TABLE x ADD COLUMN z TEXT;":                    nil,
		"ALTER TABLE x ADD COLUMN z TEXT REFERENCES y (id);":                             nil,
		"ALTER TABLE x ADD COLUMN z TEXT NOT NULL;":                                      {"0009_nu"},
		"ALTER TABLE x ADD COLUMN z TEXT NOT NULL DEFAULT 'NOT; --';":                    nil,
		"ALTER TABLE x ADD COLUMN z TEXT CHECK (z = 'DEFAULT a') NOT NULL;":              {"0009_nu"},
		"ALTER TABLE x ADD COLUMN z TEXT UNIQUE;":                                        {"0009_nu"},
		"ALTER TABLE x ADD COLUMN z TEXT, DROP COLUMN y;":                                {"0009_nu"},
		"CREATE TABLE x (id TEXT);\nALTER TABLE x ADD COLUMN z TEXT NOT NULL;":           nil,
		"ALTER TABLE x RENAME COLUMN a TO b;":                                            {"0009_nu"},
		"ALTER TABLE x ALTER COLUMN a SET NOT NULL;":                                     {"0009_nu"},
		"UPDATE x SET a = 'DROP TABLE x;';\n-- DROP TABLE x;\nINSERT INTO x VALUES (1);": nil,
		"DO $$ BEGIN UPDATE x SET a = 1; END $$;":                                        {"0009_nu"},
		"CREATE TABLE x (id TEXT /* foto's */);\nDROP TABLE y;\n-- foto's":               {"0009_nu"},
		"UPDATE x SET a = E'\\'';\nDROP TABLE y;":                                        {"0009_nu"},
		"UPDATE x SET a = $een$auto's$een$;\nDROP TABLE y;":                              {"0009_nu"},
		"ALTER TABLE x ADD COLUMN \"auto's\" TEXT;\nDROP TABLE y;":                       {"0009_nu"},
		"/* wat er bij komt;\n   zie E'x' */ ALTER TABLE x ADD COLUMN z TEXT; /* -- */":  nil,
		"DROP TABLE x":               {"0009_nu"},
		"":                           nil,
		"-- niets dan een opmerking": nil,
		"SELECT 'wat nooit eindigt":  {"0009_nu"},
		"-- naast: elke vorige versie, denk ik\nDROP TABLE x;": {"0009_nu"},
		"-- naast: elke vorige versie\r\nDROP TABLE x;":        nil,
	} {
		if got := (migration{name: "0009_nu.sql", text: text}).beside(); !slices.Equal(got.needs, want) {
			t.Errorf("%q needs %q, want %q", text, got.needs, want)
		}
	}
}

// TestMigrationsOfKernBreakNobody: a kern is replaced as a whole, in every component,
// and nobody chooses a moment at which nothing runs. What an earlier kern cannot stand
// beside is done in two: add now, take away in a kern of later.
func TestMigrationsOfKernBreakNobody(t *testing.T) {
	t.Parallel()
	all, err := sets(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, dialect := range []dialect{sqlite, postgres} {
		files, err := (&Database{dialect: dialect}).files(all[0])
		if err != nil || len(files) < 10 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			// Also where the first line says that it can: here that has to be seen.
			if found := breaking(f.text); len(found) > 0 || len(f.beside().needs) > 0 {
				t.Errorf("kern/opslag/migraties/%s/%s is in the way of an earlier kern: %q", dialect.name, f.name, found)
			}
		}
	}
}

func FuzzBesides(f *testing.F) {
	f.Add("-- naast: versies met 0001_a\nCREATE TABLE x (y TEXT DEFAULT 'a;''b');")
	f.Add("DO $$ BEGIN; END $$; -- ' \n SELECT 'x")
	f.Fuzz(func(t *testing.T, text string) {
		b := migration{name: "0001_x.sql", text: text}.beside()
		if found := breaking(text); len(found) == 0 && len(b.needs) > 0 && !firstLine.MatchString(text) {
			t.Errorf("%q: %+v", text, b)
		}
	})
}
