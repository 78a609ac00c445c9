package opslag

import (
	"testing"
	"testing/fstest"
	"time"
)

// TestAColumnUnderItsOldName: PostgreSQL keeps it for a version of before, SQLite does
// not. Between the two only the column of now goes along, and the trigger fills the
// other.
func TestAColumnUnderItsOldName(t *testing.T) {
	const trigger = "ALTER TABLE platen RENAME COLUMN een TO eerste;\nALTER TABLE platen ADD COLUMN een JSONB;\n" +
		"CREATE OR REPLACE FUNCTION overgang_1_x() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n    IF TG_OP = 'INSERT' THEN\n" +
		"        IF NEW.eerste IS NULL THEN NEW.eerste := NEW.een; ELSE NEW.een := NEW.eerste; END IF;\n    END IF;\n    RETURN NEW;\nEND $$;\n" +
		"CREATE TRIGGER overgang_1_x BEFORE INSERT OR UPDATE ON platen FOR EACH ROW EXECUTE FUNCTION overgang_1_x();\n"
	files := grownMigrations()
	files["sqlite/0002_later.sql"] = &fstest.MapFile{Data: []byte("ALTER TABLE platen RENAME COLUMN een TO eerste;")}
	files["postgres/0002_later.sql"] = &fstest.MapFile{Data: []byte(trigger)}
	everyWay(t, func(t *testing.T, there, here place) {
		db, err := Open(t.Context(), there.databaseURL, there.file)
		if err == nil {
			t.Cleanup(func() { _ = db.Close() })
			err = db.Migrate(t.Context(), files)
		}
		if err == nil {
			_, err = db.exec(t.Context(), "INSERT INTO platen (id, aangemaakt_op, gewijzigd_op, versie, eerste) VALUES ('a', $1, $1, 1, '{\"a\": 1}')", db.moment())
		}
		if err == nil {
			_, err = here.restore(t, copied(t, db, files), files)
		}
		if err != nil {
			t.Fatal(err)
		}
		now, err := Open(t.Context(), here.databaseURL, here.file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = now.Close() }()
		where := "platen WHERE eerste IS NOT NULL"
		if here.name == "postgres" {
			where += " AND een = eerste"
		}
		if n := rowsIn(t, now, where); n != 1 {
			t.Errorf("%d rows have what they had", n)
		}
	})
}

// TestRowsOfAMigration: what a migration put in a table comes from the copy, as it is
// there by now, and not twice.
func TestRowsOfAMigration(t *testing.T) {
	all := places(t)
	for from := range all {
		for to := range all {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				filled := grownMigrations("CREATE TABLE soorten (code TEXT PRIMARY KEY, boven TEXT REFERENCES soorten (code), naam TEXT NOT NULL);\nINSERT INTO soorten VALUES ('a', NULL, 'eerst'), ('b', 'a', 'ook');\nCREATE TABLE woorden (woord TEXT NOT NULL);\nINSERT INTO woorden VALUES ('een'), ('twee');")
				there, here := all[from](t), all[to](t)
				db := bare(t, there.databaseURL, there.file)
				if err := db.Migrate(t.Context(), filled); err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{"UPDATE soorten SET naam = 'later' WHERE code = 'a'", "DELETE FROM soorten WHERE code = 'b'", "DELETE FROM woorden WHERE woord = 'een'"} {
					if _, err := db.exec(t.Context(), text); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := here.restore(t, copied(t, db, filled), filled); err != nil {
					t.Fatal(err)
				}
				now := bare(t, here.databaseURL, here.file)
				for what, want := range map[string]int64{"soorten": 1, "soorten WHERE naam = 'later'": 1, "woorden": 1, "woorden WHERE woord = 'twee'": 1} {
					if got := int64(rowsIn(t, now, what)); got != want {
						t.Errorf("%s: %d, want %d", what, got, want)
					}
				}
			})
		}
	}
}

// TestTriggersRestWhileACopyIsPutBack: what a trigger of the team wrote when a row was
// made is in the copy, and goes on being written afterwards.
func TestTriggersRestWhileACopyIsPutBack(t *testing.T) {
	const tables = "CREATE TABLE soorten (code TEXT PRIMARY KEY);\nCREATE TABLE sporen (code TEXT NOT NULL);\n"
	team := fstest.MapFS{
		"sqlite/0001_sporen.sql":   {Data: []byte(tables + "CREATE TRIGGER \"spoor van\" AFTER INSERT ON soorten BEGIN INSERT INTO sporen VALUES (NEW.code); END;")},
		"postgres/0001_sporen.sql": {Data: []byte(tables + "CREATE FUNCTION spoor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO sporen VALUES (NEW.code); RETURN NEW; END $$;\nCREATE TRIGGER \"spoor van\" AFTER INSERT ON soorten FOR EACH ROW EXECUTE FUNCTION spoor();")},
	}
	all := places(t)
	for from := range all {
		for to := range all {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				there, here := all[from](t), all[to](t)
				db := bare(t, there.databaseURL, there.file)
				if err := db.Migrate(t.Context(), team); err != nil {
					t.Fatal(err)
				}
				if _, err := db.exec(t.Context(), "INSERT INTO soorten VALUES ('a'), ('b')"); err != nil {
					t.Fatal(err)
				}
				if _, err := here.restore(t, copied(t, db, team), team); err != nil {
					t.Fatal(err)
				}
				now := bare(t, here.databaseURL, here.file)
				if got := rowsIn(t, now, "sporen"); got != 2 {
					t.Errorf("%d rows of a trigger, want 2", got)
				}
				if _, err := now.exec(t.Context(), "INSERT INTO soorten VALUES ('c')"); err != nil || rowsIn(t, now, "sporen") != 3 {
					t.Error("the trigger does not work any more: ", err)
				}
			})
		}
	}
}

// TestTheQueueGoesAlong: what had been delivered does not go again, and what had not
// goes once.
func TestTheQueueGoesAlong(t *testing.T) {
	everyWay(t, func(t *testing.T, there, here place) {
		db := there.open(t)
		l := NewLogboek(db)
		fill(t, l, 0, 1, 5)
		first := newRegister(t, nil)
		stop := deliver(t, l, first.URL)
		delivered(t, db)
		stop()
		fill(t, l, 1, 1, 7)
		if _, err := here.restore(t, copied(t, db, migrations(t)), migrations(t)); err != nil {
			t.Fatal(err)
		}
		second := newRegister(t, nil)
		now := here.open(t)
		stop = deliver(t, NewLogboek(now), second.URL)
		delivered(t, now)
		stop()
		if got := second.got(); len(got) != 7 {
			t.Errorf("%d lines came: %v", len(got), got)
		}
	})
}

// delivered waits until every line is known to be delivered.
func delivered(t *testing.T, db *Database) {
	t.Helper()
	for until := time.Now().Add(15 * time.Second); rowsIn(t, db, "verwerkingen WHERE geleverd_op IS NULL") > 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("not every line was delivered")
		}
	}
}
