package opslag

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

func full(name string) *thing {
	return &thing{
		Name: name, Help: "met 'aanhaling' en \"nog een\"", Count: new(int64(3)), Size: new(1.25), Price: new(value.Money(-1205)),
		Day: new(value.Date("2024-02-29")), Moment: new(value.MustDateTime("2026-03-29T02:30:00.123456+02:00")), On: new(false),
		Address: &value.Address{Straat: "Dorpsstraat", Huisnummer: 1, Postcode: "1234 AB", Woonplaats: "'s-Hertogenbosch"},
		Point:   &value.Point{Lon: 5.3, Lat: 51.69},
	}
}

func TestRowsComeBackAsTheyWent(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		for _, row := range []*thing{full("alles"), {Name: "bijna niets"}} {
			if created, err := things.Create(t.Context(), row, Key{}); err != nil || !created {
				t.Fatal(created, err)
			}
			got, err := things.Read(t.Context(), row.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, row) {
				t.Errorf("got %+v\nwant %+v", got, row)
			}
		}
		rows, count, err := things.List(t.Context(), Query{Limit: 20})
		if err != nil || count != 2 || rows[0].Help == "" || rows[1].Help != "" || rows[1].Count != nil || *rows[0].Count != 3 {
			t.Errorf("list: %v, %d, %+v", err, count, rows)
		}
	})
}

func TestForgottenColumnIsNamed(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		name := thingSchema.Columns[0].JSON
		for want, change := range map[string]func(*Schema[thing]){
			"veld " + name + ": staat in 1-gegevens in het type van thing en ontbreekt bij Columns": func(s *Schema[thing]) { s.Columns = s.Columns[1:] },
			"veld anders: staat in 1-gegevens bij Columns van thing en ontbreekt in het type": func(s *Schema[thing]) {
				s.Columns = append(slices.Clone(s.Columns), Column{SQL: "anders", JSON: "anders"})
			},
			"veld " + name + ": staat in 1-gegevens bij Columns van thing en ontbreekt bij Fields": func(s *Schema[thing]) {
				s.Fields = func(row *thing) []any { return thingSchema.Fields(row)[1:] }
			},
			"in een andere volgorde": func(s *Schema[thing]) {
				s.Columns = slices.Clone(s.Columns)
				slices.Reverse(s.Columns)
			},
		} {
			short := thingSchema
			change(&short)
			if _, err := NewTable(db, short).Create(t.Context(), full("x"), Key{}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	})
}

// TestTableAndTypeFit: what a migration forgot is named before anybody stores or
// reads a row.
func TestTableAndTypeFit(t *testing.T) {
	type row struct {
		Meta
		Name string `json:"naam"`
		On   bool   `json:"aan"`
	}
	schema := func(table, column string, on func(*row) any) Schema[row] {
		return Schema[row]{Name: table, Columns: []Column{{SQL: "naam", JSON: "naam"}, {SQL: column, JSON: "aan"}},
			Meta: func(r *row) *Meta { return &r.Meta }, Fields: func(r *row) []any { return []any{&r.Name, on(r)} }}
	}
	plain := func(r *row) any { return &r.On }
	eachStore(t, func(t *testing.T, db *Database) {
		if err := NewTable(db, thingSchema).Fits(t.Context()); err != nil {
			t.Errorf("a table that fits: %v", err)
		}
		for want, s := range map[string]Schema[row]{
			"maakt geen tabel weg":                            schema("weg", "aan", plain),
			"maakt geen kolom bestaat_niet in tabel dingen":   schema("dingen", "bestaat_niet", plain),
			"veld aan: kolom aan van dingen mag":              schema("dingen", "aan", plain),
			"neem een pointer (*bool), en bij tekst opslag.T": schema("dingen", "aan", plain),
		} {
			if err := NewTable(db, s).Fits(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	})
}

func TestOfTwoPeopleOneWins(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		row := full("samen")
		if _, err := things.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		errs := together(8, func(i int) error {
			mine := *row
			mine.Help = fmt.Sprint(i)
			return things.Replace(t.Context(), &mine)
		})
		if won, stale := countErrors(errs); won != 1 || stale != 7 {
			t.Errorf("%d won and %d were stale: %v", won, stale, errs)
		}
		if err := things.Delete(t.Context(), row.ID, 1); !errors.Is(err, ErrStale) {
			t.Errorf("delete of an old version: %v", err)
		}
		if err := things.Delete(t.Context(), row.ID, 2); err != nil {
			t.Error(err)
		}
		if err := things.Delete(t.Context(), row.ID, 2); !errors.Is(err, ErrNotFound) {
			t.Errorf("delete of nothing: %v", err)
		}
	})
}

// together runs f at the same time and gathers what came of it.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { errs[i] = f(i) })
	}
	wait.Wait()
	return errs
}

func countErrors(errs []error) (none, stale int) {
	for _, err := range errs {
		switch {
		case err == nil:
			none++
		case errors.Is(err, ErrStale):
			stale++
		}
	}
	return none, stale
}

func TestRepeatedCreateMakesOneRow(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		key := uuid.NewString()
		var ids sync.Map
		errs := together(6, func(int) error {
			row := full("herhaald")
			_, err := things.Create(t.Context(), row, Key{ID: key})
			ids.Store(row.ID, true)
			return err
		})
		if none, _ := countErrors(errs); none != 6 {
			t.Error(errs)
		}
		different := 0
		ids.Range(func(any, any) bool { different++; return true })
		if n, err := things.Count(t.Context()); n != 1 || err != nil || different != 1 {
			t.Errorf("%d rows, %d ids, %v", n, different, err)
		}
	})
}

func TestBrokenRulesHaveAKindAndNoValue(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		if _, err := things.Create(t.Context(), &thing{Name: "999993653"}, Key{}); err != nil {
			t.Fatal(err)
		}
		cases := map[Kind]*thing{
			Unique:  {Name: "999993653"},
			Check:   {Name: "te veel 999993653", Count: new(int64(21))},
			Foreign: {Name: "wees 999993653", Parent: uuid.NewString()},
		}
		for kind, row := range cases {
			_, err := things.Create(t.Context(), row, Key{})
			broken, ok := errors.AsType[*ConstraintError](err)
			if !ok || broken.Kind != kind {
				t.Errorf("kind %d: %v", kind, err)
			}
			if err != nil && strings.Contains(err.Error(), "999993653") {
				t.Errorf("the error holds the value: %v", err)
			}
		}
	})
}

func TestListFiltersSortsAndCounts(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		for i := range 25 {
			row := &thing{Name: fmt.Sprintf("ding %02d", 24-i), On: new(i%2 == 0), Day: new(value.Date("2026-01-02"))}
			if i < 20 {
				row.Count = new(int64(i + 1))
			}
			if _, err := things.Create(t.Context(), row, Key{}); err != nil {
				t.Fatal(err)
			}
		}
		cases := []struct {
			v           Query
			first       string
			rows, count int
		}{
			{Query{Limit: 10}, "ding 24", 10, 25},
			{Query{Limit: 10, Offset: 20}, "ding 04", 5, 25},
			{Query{Limit: 10, Offset: 40}, "", 0, 25},
			{Query{Limit: 10, Sort: "naam"}, "ding 00", 10, 25},
			{Query{Limit: 30, Sort: "-aantal"}, "ding 05", 25, 25},
			{Query{Limit: 30, Filters: []Filter{{"aan", []string{"true"}}}}, "ding 24", 13, 13},
			{Query{Limit: 30, Offset: 30, Filters: []Filter{{"aan", []string{"true"}}}}, "", 0, 13},
			{Query{Limit: 30, Filters: []Filter{{"dag", []string{"2026-01-02", "2026-01-03"}}, {"aan", []string{"false"}}}}, "ding 23", 12, 12},
		}
		for _, c := range cases {
			rows, count, err := things.List(t.Context(), c.v)
			if err != nil || len(rows) != c.rows || count != c.count || len(rows) > 0 && rows[0].Name != c.first {
				t.Errorf("%+v: %d rows of %d, %v", c.v, len(rows), count, err)
			}
		}
		for _, q := range []Query{{Sort: "uitleg"}, {Sort: "naam; DROP TABLE dingen"}, {Filters: []Filter{{"naam", []string{"x"}}}}} {
			if _, _, err := things.List(t.Context(), q); err == nil {
				t.Errorf("%+v is not refused", q)
			}
		}
	})
}

func TestTimesRoundTripAndSort(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things := NewTable(db, thingSchema)
		moment := time.Date(2026, 10, 25, 2, 30, 0, 123456789, time.FixedZone("", 2*3600))
		db.now = func() time.Time { moment = moment.Add(time.Second); return moment }
		for i := range 3 {
			if _, err := things.Create(t.Context(), &thing{Name: fmt.Sprint(i)}, Key{}); err != nil {
				t.Fatal(err)
			}
		}
		rows, _, err := things.List(t.Context(), Query{Limit: 3, Sort: "-aangemaaktOp"})
		if err != nil || rows[0].Name != "2" {
			t.Fatal(err, rows)
		}
		if got := rows[0].CreatedAt; got.Location() != time.UTC || got.Nanosecond() != 123456000 || !got.Equal(moment.Truncate(time.Microsecond)) {
			t.Errorf("%v", got.Time)
		}
	})
}
