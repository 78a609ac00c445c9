package opslag

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// namedRows are rows with much that is alike and much that is absent.
func namedRows(t *testing.T, table *Table[named], n int) []named {
	t.Helper()
	random := rand.New(rand.NewPCG(14, uint64(n)))
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	some := func() bool { return random.IntN(3) > 0 }
	var all []named
	for range n {
		table.db.now = func() time.Time { return begin.Add(time.Duration(random.IntN(n/4+1)) * time.Microsecond) }
		row := named{Name: peopleSorted[random.IntN(len(peopleSorted))]}
		if some() {
			row.Nick = peopleSorted[random.IntN(5)]
		}
		if some() {
			row.Colour = []string{"café", "cafe", "Ja"}[random.IntN(3)]
		}
		if some() {
			row.Size = new([]float64{-2, 0, 0.1, 1e300, 10.5}[random.IntN(5)])
		}
		if some() {
			row.Price = new(value.Money(random.IntN(7) - 3))
		}
		if some() {
			row.Day = new(value.Date(fmt.Sprintf("%04d-01-0%d", []int{999, 2026}[random.IntN(2)], random.IntN(3)+1)))
		}
		if some() {
			row.Moment = new(value.At(begin.Add(time.Duration(random.IntN(9)-4) * 1e6 * time.Hour)))
		}
		if some() {
			row.On = new(random.IntN(2) == 0)
		}
		if _, err := table.Create(t.Context(), &row, Key{}); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	table.db.now = time.Now
	return all
}

// placeOf is the place of a row in an order: whether it has one, and a text that is
// compared byte by byte.
func placeOf(row *named, by string) (has bool, place string) {
	number := func(f float64) string { // the order of numbers, as text
		order := slices.Index([]float64{-3, -2, -1, 0, 0.1, 1, 2, 3, 10.5, 1e300}, f)
		return string(rune('a' + order))
	}
	moment := func(m value.DateTime) string { return fmt.Sprintf("%020d", m.UnixMicro()+1<<60) }
	switch by {
	case "naam":
		return true, value.SortKey(row.Name)
	case "roepnaam":
		return row.Nick != "", value.SortKey(row.Nick)
	case "maat":
		return row.Size != nil, number(deref(row.Size))
	case "prijs":
		return row.Price != nil, number(float64(deref(row.Price)))
	case "dag":
		return row.Day != nil, string(deref(row.Day))
	case "moment":
		return row.Moment != nil, moment(deref(row.Moment))
	case "aangemaaktOp":
		return true, moment(row.CreatedAt)
	case "gewijzigdOp":
		return true, moment(row.ChangedAt)
	}
	return true, ""
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// listedInGo are the ids of the rows of a list, in its order.
func listedInGo(rows []named, q Query) (ids []string) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(row named) bool {
		return slices.ContainsFunc(q.Filters, func(f Filter) bool {
			have := map[string]string{"kleur": row.Colour, "dag": string(deref(row.Day)), "aan": ""}
			if row.On != nil {
				have["aan"] = fmt.Sprint(*row.On)
			}
			return !slices.Contains(f.Values, have[f.Name])
		})
	})
	by, down := strings.CutPrefix(q.Sort, "-")
	slices.SortFunc(rows, func(a, b named) int {
		hasA, placeA := placeOf(&a, by)
		hasB, placeB := placeOf(&b, by)
		switch {
		case hasA != hasB && hasA:
			return -1
		case hasA != hasB:
			return 1
		case !hasA:
			placeA, placeB = "", ""
		}
		order := cmp.Or(cmp.Compare(placeA, placeB), cmp.Compare(a.ID, b.ID))
		if down {
			return -order
		}
		return order
	})
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func idsOf(rows []named) (ids []string) {
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

var namedSorts = []string{"", "naam", "-naam", "roepnaam", "-roepnaam", "maat", "-maat", "prijs", "-prijs", "dag", "-dag", "moment", "-moment",
	"aangemaaktOp", "-aangemaaktOp", "gewijzigdOp", "-gewijzigdOp"}

var namedFilters = [][]Filter{
	nil, {{"kleur", []string{"café"}}}, {{"aan", []string{"true"}}}, {{"dag", []string{"2026-01-02"}}}, {{"kleur", []string{"niets"}}},
	{{"kleur", []string{"café"}}, {"aan", []string{"false"}}}, {{"dag", []string{"2026-01-02", "0999-01-01"}}, {"aan", []string{"true"}}},
	{{"kleur", []string{"Ja"}}, {"dag", []string{"0999-01-03"}}, {"aan", []string{"true"}}},
}

// TestEveryListIsWholeInBothDirections walks every list from its first page to its
// last and back, and by number, against a sort in Go.
func TestEveryListIsWholeInBothDirections(t *testing.T) {
	eachOf(t, []string{"ICU"}, func(t *testing.T, db *Database) {
		table := NewTable(db, namedSchema)
		rows := namedRows(t, table, 120)
		for _, by := range namedSorts {
			for _, filters := range namedFilters {
				for _, size := range []int{1, 7, 20, 100} {
					if size == 1 && len(filters) != 1 {
						continue
					}
					q := Query{Sort: by, Filters: filters, Limit: size}
					walkBothWays(t, table, q, listedInGo(rows, q))
				}
			}
		}
	})
}

func walkBothWays(t *testing.T, table *Table[named], q Query, want []string) {
	t.Helper()
	page := func(from *Place, offset int) Page[named] {
		t.Helper()
		q.From, q.Offset = from, offset
		p, err := table.Page(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if p.Count != len(want) || p.More {
			t.Errorf("%+v: counted %d, want %d", q, p.Count, len(want))
		}
		return p
	}
	first := page(nil, 0)
	if first.Previous != nil || (first.Last == nil) != (len(want) <= q.Limit) {
		t.Errorf("%+v: the first page has a previous one, or no last one: %+v", q, first)
	}
	var got []string
	for p := first; ; p = page(p.Next, 0) {
		if numbered := page(nil, len(got)); !slices.Equal(idsOf(numbered.Rows), idsOf(p.Rows)) {
			t.Errorf("%+v: by number another page", q)
		}
		got = append(got, idsOf(p.Rows)...)
		if p.Next == nil {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v: forward\ngot  %v\nwant %v", q, got, want)
	}
	if first.Last == nil {
		return
	}
	got = nil
	for p := page(first.Last, 0); ; p = page(p.Previous, 0) {
		if (p.Next == nil) != (len(got) == 0) {
			t.Errorf("%+v: the last page is not the last one, or another is", q)
		}
		got = append(idsOf(p.Rows), got...)
		if p.Previous == nil {
			break
		}
		if len(got)%q.Limit != len(want)%q.Limit {
			t.Errorf("%+v: back the pages begin elsewhere", q)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v: back\ngot  %v\nwant %v", q, got, want)
	}
	beyond := page(nil, len(want)+q.Limit)
	if len(beyond.Rows) > 0 || beyond.Next != nil || beyond.Previous == nil {
		t.Errorf("%+v: beyond the last page: %+v", q, beyond)
	}
}

// TestAListThatChanges: who reads on while rows come and go sees every row that was
// there all the time, once.
func TestAListThatChanges(t *testing.T) {
	eachOf(t, []string{"ICU"}, func(t *testing.T, db *Database) {
		table := NewTable(db, namedSchema)
		rows := namedRows(t, table, 60)
		random := rand.New(rand.NewPCG(1, 4))
		var passing []*named
		change := func() {
			for range 3 {
				row := &named{Name: peopleSorted[random.IntN(len(peopleSorted))]}
				if random.IntN(2) == 0 {
					row.Size = new(float64(random.IntN(3)))
				}
				if _, err := table.Create(t.Context(), row, Key{}); err != nil {
					t.Fatal(err)
				}
				passing = append(passing, row)
			}
			for len(passing) > 5 {
				i := random.IntN(len(passing))
				if err := table.Delete(t.Context(), passing[i].ID, 1); err != nil {
					t.Fatal(err)
				}
				passing = slices.Delete(passing, i, i+1)
			}
		}
		for _, by := range []string{"", "naam", "-naam", "maat", "-maat"} {
			want := listedInGo(rows, Query{Sort: by})
			for _, back := range []bool{false, true} {
				q, got := Query{Sort: by, Limit: 7}, []string(nil)
				if back {
					q.From = &Place{Way: End}
				}
				for {
					p, err := table.Page(t.Context(), q)
					if err != nil {
						t.Fatal(err)
					}
					ids := idsOf(p.Rows)
					if q.From = p.Next; back {
						q.From = p.Previous
						if q.From == nil { // filled up from the beginning, with what was seen already
							ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(got, id) })
						}
						got = append(ids, got...)
					} else {
						got = append(got, ids...)
					}
					if q.From == nil {
						break
					}
					change()
				}
				got = slices.DeleteFunc(got, func(id string) bool { return !slices.Contains(want, id) })
				if !slices.Equal(got, want) {
					t.Errorf("%s, back %v:\ngot  %v\nwant %v", by, back, got, want)
				}
			}
		}
	})
}

// TestCountingEnds: a long list is counted as far as one counts, and its last page is
// full.
func TestCountingEnds(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		table := NewTable(db, thingSchema)
		if err := table.Fits(t.Context()); err != nil {
			t.Fatal(err)
		}
		const many = `INSERT INTO dingen (id, aangemaakt_op, gewijzigd_op, versie, naam)
			WITH RECURSIVE n (i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1000 + CAST($2 AS INTEGER)) SELECT CAST(i AS TEXT), $1, $1, 1, 'naam ' || i FROM n`
		for n, c := range map[int]struct {
			count, last int
			more        bool
		}{1000: {1000, 20, false}, 999: {999, 19, false}, 1001: {1000, 20, true}} {
			if _, err := db.write.ExecContext(t.Context(), "DELETE FROM dingen"); err != nil {
				t.Fatal(err)
			}
			if _, err := db.write.ExecContext(t.Context(), many, db.moment(), n); err != nil {
				t.Fatal(err)
			}
			p, err := table.Page(t.Context(), Query{Limit: 20})
			if err != nil || p.Count != c.count || p.More != c.more {
				t.Errorf("%d rows: %d, %v, %v", n, p.Count, p.More, err)
			}
			p, err = table.Page(t.Context(), Query{Limit: 20, From: p.Last})
			if err != nil || p.Count != c.count || p.More != c.more || len(p.Rows) != c.last || p.Rows[c.last-1].ID != fmt.Sprint(1000+n) {
				t.Errorf("%d rows, the last page: %d, %d, %v", n, len(p.Rows), p.Count, err)
			}
		}
	})
}

// TestAPlaceOfAnotherList is refused, and so is none at all.
func TestAPlaceOfAnotherList(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		table := NewTable(db, thingSchema)
		for by, places := range map[string][]Place{
			"":             {{Way: After, Value: "sx", ID: "x"}, {Way: 'x', ID: "x"}, {}},
			"naam":         {{Way: After, Value: "ix", ID: "x"}, {Way: Before, Value: "?", ID: "x"}, {Way: Before, Value: "f", ID: "x"}},
			"aangemaaktOp": {{Way: After, ID: "x"}, {Way: After, Value: "t1.5", ID: "x"}},
		} {
			for _, p := range places {
				if _, err := table.Page(t.Context(), Query{Sort: by, Limit: 5, From: &p}); err != ErrPlace { //nolint:errorlint // the same one
					t.Errorf("%s %+v: %v", by, p, err)
				}
			}
		}
	})
}
