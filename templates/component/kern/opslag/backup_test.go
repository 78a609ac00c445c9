package opslag

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// place is where a database is: it can be opened, and opened alone.
type place struct{ name, databaseURL, file string }

func (p place) open(t *testing.T) *Database { return opened(t, p.databaseURL, p.file) }

// places gives a new place of each kind that there is here.
func places(t *testing.T) map[string]func(*testing.T) place {
	all := map[string]func(*testing.T) place{
		"sqlite": func(t *testing.T) place {
			return place{"sqlite", "", filepath.Join(t.TempDir(), "gegevens.db")}
		},
	}
	if databaseURL := os.Getenv("TEST_DATABASE_URL"); databaseURL != "" {
		all["postgres"] = func(t *testing.T) place { return place{"postgres", schemaOf(t, databaseURL), ""} }
	} else {
		t.Log("TEST_DATABASE_URL is not set: PostgreSQL is not tested")
	}
	return all
}

// everyWay tries it from each kind of place to each.
func everyWay(t *testing.T, try func(t *testing.T, there, here place)) {
	t.Helper()
	all := places(t)
	for from := range all {
		for to := range all {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				try(t, all[from](t), all[to](t))
			})
		}
	}
}

func anyCopy(reservekopie.Header) error { return nil }

func (p place) restore(t *testing.T, from []byte, team fs.FS) (reservekopie.Summary, error) {
	t.Helper()
	db, err := OpenAlone(t.Context(), p.databaseURL, p.file)
	if err != nil {
		return reservekopie.Summary{}, err
	}
	defer func() { _ = db.Close() }()
	return db.Restore(t.Context(), team, bytes.NewReader(from), anyCopy)
}

func copied(t *testing.T, db *Database, team fs.FS) []byte {
	t.Helper()
	var to bytes.Buffer
	if _, skipped, err := db.Backup(t.Context(), team, reservekopie.Header{Component: "proef"}, &to); err != nil || len(skipped) > 0 {
		t.Fatal(err, skipped)
	}
	return to.Bytes()
}

// rowsOf collects what is in a copy: per table its rows, in order, with JSON in one
// form, since PostgreSQL writes that its own way.
type rowsOf struct {
	tables map[string][]string
	table  string
}

func (r *rowsOf) Table(name string, columns []string) error {
	r.table = name
	r.tables[name] = []string{"kolommen: " + strings.Join(columns, ", ")}
	return nil
}

func (r *rowsOf) Row(values []any) error {
	for i, v := range values {
		var object map[string]any
		if text, ok := v.(string); ok && json.Unmarshal([]byte(text), &object) == nil {
			same, err := json.Marshal(object)
			if err != nil {
				return err
			}
			values[i] = string(same)
		}
	}
	r.tables[r.table] = append(r.tables[r.table], fmt.Sprintf("%#v", values))
	return nil
}

func contents(t *testing.T, in []byte) map[string][]string {
	t.Helper()
	r, err := reservekopie.NewReader(bytes.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	all := &rowsOf{tables: map[string][]string{}}
	if _, err := r.Read(all); err != nil {
		t.Fatal(err)
	}
	for _, rows := range all.tables {
		slices.Sort(rows)
	}
	return all.tables
}

// dump reads every row of every table with nothing of Backup: for databases of one
// kind.
func dump(t *testing.T, db *Database) map[string][]string {
	t.Helper()
	tx, err := db.read.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	names := func(text string, args ...any) []string {
		all, err := (&transaction{Tx: tx}).names(t.Context(), text, args...)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := map[string][]string{}
	for _, table := range names(db.dialect.copying.tables) {
		row := "x::text"
		if !db.dialect.remote {
			row = "'' || quote(" + strings.Join(names("SELECT name FROM pragma_table_info($1)", table), ") || ' ' || quote(") + ")"
		}
		where := onlyWhere[table]
		if passing[table] || strings.HasPrefix(table, "migraties") {
			continue
		}
		all[table] = names("SELECT " + row + " FROM " + table + " x" + where + " ORDER BY 1")
	}
	return all
}

// busy fills a database with something in every table.
func busy(t *testing.T, db *Database, seed uint64, n int) {
	t.Helper()
	ctx, r := t.Context(), rand.New(rand.NewPCG(seed, 1))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	text := func() string {
		signs := []rune("abcé\"\\'\n\t\r€😀 \u2028{}[],:<>&\u0001\u007fxyz0123456789")
		b := make([]rune, r.IntN(40))
		for i := range b {
			b[i] = signs[r.IntN(len(signs))]
		}
		return string(b)
	}
	things, zaken, files, log := NewTable(db, thingSchema), NewZaken(db, "00000001001299757000"), NewFiles(db, Limits{}), NewLogboek(db)
	parent := ""
	for i := range n {
		row := full(fmt.Sprintf("ding %d %s", i, text()))
		row.Help, row.Price, row.Size, row.Parent = text(), new(value.Money(r.Int64()-r.Int64())), new(math.Float64frombits(r.Uint64()&^(1<<62))), parent
		if i%3 == 0 {
			row = &thing{Name: fmt.Sprint("kaal ", i)}
		} else if i%5 == 0 {
			file := sent(t, files, Upload{Owner: "p-" + fmt.Sprint(i)}, strings.Repeat(text(), 20)+"x")
			row.File = &file
		}
		_, err := things.Create(ctx, row, Key{ID: fmt.Sprint("sleutel-", i)})
		must(err)
		parent = row.ID
		z, _, err := zaken.Create(ctx, NewZaak{Omschrijving: text(), Zaaktype: "proef", CurrentStep: "a", Subject: row.ID, Initiator: "p-iemand"}, Key{})
		must(err)
		if i%2 == 0 {
			_, _, _, err := zaken.Move(ctx, z.ID, 1, NewStatus{Statustype: "b", Resultaat: "toegekend", Statustoelichting: text()}, Key{})
			must(err)
		}
		write(t, log, line(logboek.NewTrace(), fmt.Sprint("regel ", i)))
	}
	sent(t, files, Upload{}, "van een formulier dat nog niet is verstuurd")
	must(NewTemporary(db).Put(ctx, "sessie", "a", Kept{Owner: "p", Content: []byte("geheim"), Expires: time.Now().Add(time.Hour)}))
	_, err := db.exec(ctx, "UPDATE verwerkingen SET geleverd_op = $1 WHERE nummer <= 2", db.moment())
	must(err)
	_, err = db.exec(ctx, "INSERT INTO procesdefinities (zaaktype, versie, kenmerk, bpmn, gezien_op) VALUES ('proef', 1, 'k', '<bpmn/>', $1)", db.moment())
	must(err)
}

// TestARestoredDatabaseEqualsTheOriginal in all four directions.
func TestARestoredDatabaseEqualsTheOriginal(t *testing.T) {
	everyWay(t, func(t *testing.T, there, here place) {
		db := there.open(t)
		busy(t, db, 7, 40)
		first := copied(t, db, migrations(t))
		s, err := here.restore(t, first, migrations(t))
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows["dingen"] != 40 || s.Rows["zaken"] != 40 || s.Rows["tijdelijk"] != 0 || s.Rows["bestanden"] == 0 {
			t.Errorf("rows: %v", s.Rows)
		}
		again := here.open(t)
		if want, got := contents(t, first), contents(t, copied(t, again, migrations(t))); !maps.EqualFunc(want, got, slices.Equal) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if err := NewTable(again, thingSchema).Fits(t.Context()); err != nil {
			t.Error(err)
		}
		if there.name == here.name {
			if want, got := dump(t, db), dump(t, again); !maps.EqualFunc(want, got, slices.Equal) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		}
		sameForTheComponent(t, db, again)
		numbersGoOn(t, again)
	})
}

// sameForTheComponent reads with what the component reads with.
func sameForTheComponent(t *testing.T, one, other *Database) {
	t.Helper()
	var lists [2][]thing
	var logs [2][]logboek.Line
	for i, db := range []*Database{one, other} {
		rows, _, err := NewTable(db, thingSchema).List(t.Context(), Query{Limit: 100, Sort: "naam"})
		if err != nil {
			t.Fatal(err)
		}
		lists[i], logs[i] = rows, waitingLines(t, NewLogboek(db))
	}
	if !reflect.DeepEqual(lists[0], lists[1]) {
		t.Errorf("things differ:\n%+v\n%+v", lists[0], lists[1])
	}
	if len(logs[0]) != 38 || !reflect.DeepEqual(logs[0], logs[1]) {
		t.Errorf("waiting lines differ: %d and %d", len(logs[0]), len(logs[1]))
	}
}

// numbersGoOn: numbers go on after the last, and rules hold.
func numbersGoOn(t *testing.T, db *Database) {
	t.Helper()
	z := open(t, NewZaken(db, ""), NewZaak{Omschrijving: "erna", Zaaktype: "proef", CurrentStep: "a"})
	if !strings.HasSuffix(z.Identificatie, "41") {
		t.Errorf("the next zaak is %s", z.Identificatie)
	}
	write(t, NewLogboek(db), line(logboek.NewTrace(), "erna"))
	if n := rowsIn(t, db, "verwerkingen"); n != 41 {
		t.Errorf("%d lines", n)
	}
	_, err := NewTable(db, thingSchema).Create(t.Context(), &thing{Name: "wees", Parent: "bestaat-niet"}, Key{})
	if rule, ok := errors.AsType[*ConstraintError](err); !ok || rule.Kind != Foreign {
		t.Errorf("references are not looked at any more: %v", err)
	}
	if n := rowsIn(t, db, "tijdelijk"); n != 0 {
		t.Errorf("%d sessions came along", n)
	}
}

// TestACopyIsOfOneMoment: while zaken are made, every status in the copy has its
// zaak, and every zaak its status.
func TestACopyIsOfOneMoment(t *testing.T) {
	for name, at := range places(t) {
		t.Run(name, func(t *testing.T) {
			there := at(t)
			db := there.open(t)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan int)
			go func() {
				n := 0
				for zaken := NewZaken(db, ""); ctx.Err() == nil; n++ {
					if _, _, err := zaken.Create(ctx, NewZaak{Omschrijving: "x", Zaaktype: "proef", CurrentStep: "a"}, Key{}); err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				}
				done <- n
			}()
			for i := range 5 {
				time.Sleep(20 * time.Millisecond)
				in := contents(t, copied(t, db, migrations(t)))
				if len(in["zaken"]) != len(in["statussen"]) || i == 4 && len(in["zaken"]) < 3 {
					t.Errorf("%d zaken with %d statuses", len(in["zaken"]), len(in["statussen"]))
				}
			}
			stop()
			<-done
		})
	}
}

// TestACopyOfAnOlderVersion is loaded as it was, and then brought up to date.
func TestACopyOfAnOlderVersion(t *testing.T) {
	everyWay(t, func(t *testing.T, there, here place) {
		db, err := Open(t.Context(), there.databaseURL, there.file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if err := db.Migrate(t.Context(), grownMigrations()); err != nil {
			t.Fatal(err)
		}
		if _, err := db.exec(t.Context(), "INSERT INTO platen (id, aangemaakt_op, gewijzigd_op, versie) VALUES ('a', $1, $1, 1)", db.moment()); err != nil {
			t.Fatal(err)
		}
		for _, set := range []string{"migraties", "migraties_kern"} { // as a kern of before left them
			if _, err := db.exec(t.Context(), "ALTER TABLE "+set+" DROP COLUMN vanaf"); err != nil {
				t.Fatal(err)
			}
		}
		later := grownMigrations("ALTER TABLE platen RENAME TO prenten; UPDATE prenten SET versie = 7;")
		old := copied(t, db, grownMigrations())
		if _, _, err := db.Backup(t.Context(), later, reservekopie.Header{}, new(bytes.Buffer)); err != nil {
			t.Errorf("a newer program cannot copy before it changes something: %v", err)
		}
		fresh, err := Open(t.Context(), here.databaseURL, here.file) // as a component that started once left it
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(fresh.Migrate(t.Context(), later), fresh.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := here.restore(t, old, later); err != nil {
			t.Fatal(err)
		}
		now, err := Open(t.Context(), here.databaseURL, here.file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = now.Close() }()
		if err := now.Migrate(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		if n := rowsIn(t, now, "prenten WHERE versie = 7"); n != 1 {
			t.Errorf("%d rows were brought up to date", n)
		}
		// And the other way round it is refused.
		newer, other := copied(t, now, later), places(t)[here.name](t)
		_, err = other.restore(t, newer, grownMigrations())
		if err == nil || !strings.Contains(err.Error(), "0002_later.sql") || !strings.Contains(err.Error(), "nieuwere versie") {
			t.Errorf("a copy of a newer version: %v", err)
		}
		if _, _, err := now.Backup(t.Context(), grownMigrations(), reservekopie.Header{}, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "nieuwere versie") {
			t.Errorf("an older program copies what it does not know: %v", err)
		}
	})
}
