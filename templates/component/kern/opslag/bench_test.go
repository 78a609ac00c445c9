package opslag

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// fewRows is what the long list is compared with. BENCH_ROWS says how long that is.
const fewRows = 1000

func manyRows() int {
	n, _ := strconv.Atoi(cmp.Or(os.Getenv("BENCH_ROWS"), "100000"))
	return n
}

// eachBench opens a database of each kind, apart for each number of rows.
func eachBench(b *testing.B, f func(b *testing.B, open func(rows int) *Database)) {
	b.Run("sqlite", func(b *testing.B) {
		f(b, func(rows int) *Database {
			return benchDatabase(b, "", filepath.Join(b.TempDir(), fmt.Sprint(rows, ".db")))
		})
	})
	b.Run("postgres", func(b *testing.B) {
		databaseURL := os.Getenv("TEST_DATABASE_URL")
		if databaseURL == "" {
			b.Skip("TEST_DATABASE_URL is not set")
		}
		f(b, func(int) *Database { return benchDatabase(b, schemaOf(b, databaseURL), "") })
	})
}

func benchDatabase(b *testing.B, databaseURL, file string) *Database {
	b.Helper()
	db, err := Open(context.Background(), databaseURL, file)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(context.Background(), namedMigrations()); err != nil {
		b.Fatal(err)
	}
	return db
}

// median is how long something takes, once in a while.
func median(b *testing.B, all []time.Duration) time.Duration {
	b.Helper()
	slices.Sort(all)
	return all[len(all)/2]
}

// compared measures something by turns on few rows and on many: x-few is how many
// times as long it takes on many.
func compared(b *testing.B, few, many func() error) {
	var all [2][]time.Duration
	for b.Loop() {
		for i, do := range []func() error{few, many} {
			begin := time.Now()
			if err := do(); err != nil {
				b.Fatal(err)
			}
			all[i] = append(all[i], time.Since(begin))
		}
	}
	f, m := median(b, all[0]), median(b, all[1])
	b.ReportMetric(float64(m)/float64(f), "x-few")
	b.ReportMetric(float64(m.Nanoseconds())/1000, "us-many")
}

// BenchmarkLists is a page of a list of many rows against the same page of a list of
// few: the first page, the last, one within, and each sort and each filter.
func BenchmarkLists(b *testing.B) {
	eachBench(b, func(b *testing.B, open func(int) *Database) {
		var tables [2]*Table[named]
		for i, rows := range []int{fewRows, manyRows()} {
			db := open(rows)
			tables[i] = NewTable(db, namedSchema)
			if err := tables[i].Fits(b.Context()); err != nil {
				b.Fatal(err)
			}
			fillNamed(b, db, rows)
			analysed(b, db, "namen")
		}
		page := func(t *Table[named], q Query) func() error {
			return func() error {
				_, err := t.Page(b.Context(), q)
				return err
			}
		}
		both := func(name string, q Query) {
			b.Run(name, func(b *testing.B) { compared(b, page(tables[0], q), page(tables[1], q)) })
		}
		for _, by := range namedSorts {
			q := Query{Sort: by, Limit: 20}
			both("sort="+by+"/first", q)
			q.From = &Place{Way: End}
			both("sort="+by+"/last", q)
		}
		for _, f := range []Filter{{"kleur", []string{"café"}}, {"kleur", []string{"Ja"}}, {"aan", []string{"true"}}, {"dag", []string{"2026-01-02"}}} {
			q := Query{Filters: []Filter{f}, Limit: 20}
			both("filter="+f.Name+"="+f.Values[0]+"/first", q)
			q.From = &Place{Way: End}
			both("filter="+f.Name+"="+f.Values[0]+"/last", q)
		}
		b.Run("number/deepest", func(b *testing.B) {
			compared(b, page(tables[0], Query{Limit: 20, Offset: fewRows - 20}), page(tables[1], Query{Sort: "naam", Limit: 20, Offset: min(manyRows(), 10_000) - 20}))
		})
	})
}

// BenchmarkZaken is the same for the lists of zaken that layer 4 asks.
func BenchmarkZaken(b *testing.B) {
	eachBench(b, func(b *testing.B, open func(int) *Database) {
		var zaken [2]*Zaken
		for i, rows := range []int{fewRows, manyRows()} {
			db := open(rows)
			zaken[i] = NewZaken(db, "")
			if err := zaken[i].Arrange(b.Context()); err != nil {
				b.Fatal(err)
			}
			fillZaken(b, db, rows)
			analysed(b, db, "zaken")
		}
		for name, q := range zakenAsked() {
			q.Limit = 20
			for page, from := range map[string]*Place{"first": nil, "last": {Way: End}} {
				q.From = from
				read := func(z *Zaken) func() error {
					return func() error {
						_, err := z.Page(b.Context(), q)
						return err
					}
				}
				b.Run(name+"/"+page, func(b *testing.B) { compared(b, read(zaken[0]), read(zaken[1])) })
			}
		}
	})
}

// analysed lets PostgreSQL look at what there is, as it does by itself after a while.
func analysed(b *testing.B, db *Database, table string) {
	b.Helper()
	if db.dialect.remote {
		if _, err := db.write.ExecContext(b.Context(), "VACUUM ANALYZE "+table); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIndexesOnInsert is what the indexes of lists cost: making a row with them
// against making one without (x-without is how many times as long it takes).
func BenchmarkIndexesOnInsert(b *testing.B) {
	eachBench(b, func(b *testing.B, open func(int) *Database) {
		var doing [2]func() error
		for i, with := range []bool{false, true} {
			db := open(i)
			table, n := NewTable(db, namedSchema), 0
			if err := table.Fits(b.Context()); err != nil {
				b.Fatal(err)
			}
			fillNamed(b, db, 20_000)
			for _, x := range table.indexes.wanted {
				if with {
					break
				}
				if _, err := db.write.ExecContext(b.Context(), "DROP INDEX "+x.name); err != nil {
					b.Fatal(err)
				}
			}
			doing[i] = func() error {
				n++
				row := named{Name: fmt.Sprint("Émile ", n), Nick: "Em", Colour: "Ja", Size: new(float64(n)), On: new(true)}
				_, err := table.Create(b.Context(), &row, Key{})
				return err
			}
		}
		b.Run("register", func(b *testing.B) { compared(b, doing[0], doing[1]) })
		for i, with := range []bool{false, true} {
			db := open(2 + i)
			zaken := NewZaken(db, "")
			fillZaken(b, db, 20_000)
			if with {
				if err := zaken.Arrange(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			doing[i] = func() error {
				_, _, err := zaken.Create(b.Context(), NewZaak{Omschrijving: "zaak", Zaaktype: "soort", CurrentStep: "stap-1", Initiator: "p-1"}, Key{})
				return err
			}
		}
		b.Run("zaak", func(b *testing.B) { compared(b, doing[0], doing[1]) })
	})
}
