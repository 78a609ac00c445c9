package opslag

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var plans atomic.Int64

// explained gives the plan of a query. On PostgreSQL it is that of a prepared
// statement, made for these arguments or for any.
func explained(t *testing.T, c *sql.Conn, d *Database, mode, text string, args []any) string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN " + text
	if d.dialect.remote {
		literals := make([]string, len(args))
		for i, arg := range args {
			if moment, ok := arg.(time.Time); ok {
				arg = moment.Format(time.RFC3339Nano)
			}
			literals[i] = "'" + strings.ReplaceAll(fmt.Sprint(arg), "'", "''") + "'"
		}
		name := fmt.Sprintf("plan%d", plans.Add(1))
		explain = "EXPLAIN EXECUTE " + name
		if len(args) > 0 {
			explain += " (" + strings.Join(literals, ", ") + ")"
		}
		for _, do := range []string{"SET plan_cache_mode = " + mode, "PREPARE " + name + " AS " + text} {
			if _, err := c.ExecContext(t.Context(), do); err != nil {
				t.Fatalf("%s: %v", do, err)
			}
		}
		args = nil
	}
	rows, err := c.QueryContext(t.Context(), explain, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	for rows.Next() {
		var line string
		targets := []any{&line}
		if !d.dialect.remote {
			targets = []any{new(any), new(any), new(any), &line}
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}

// slow is what a plan may not have: going through a table, or sorting what it found.
// A merge may sort the rows of its parts, which are no more than a page each.
var merged = regexp.MustCompile(`(?s)^MERGE.*`)

var slow = regexp.MustCompile(`(?m)Seq Scan|Bitmap|^[ >-]*(Incremental )?Sort  |^SCAN (namen|zaken)$|USE TEMP B-TREE`)

// asked are the queries of all pages of a list: from both ends, from a row, by number,
// and how many there are.
func asked(l *listing, e edge) map[string]func() (string, []any) {
	all := map[string]func() (string, []any){"count": l.counting}
	for _, back := range []bool{false, true} {
		for _, p := range l.parts(back) {
			name := fmt.Sprintf("part %d, back %v", p, back)
			at := e
			if p == absent {
				at.value = nil
			}
			all["end of "+name] = func() (string, []any) { return l.text(l.columns+", "+l.stored(), p, nil, back, 21) }
			all["within "+name] = func() (string, []any) { return l.text(l.columns+", "+l.stored(), p, &at, back, 101) }
		}
	}
	return all
}

// inModes does something for each way in which a planner can be asked.
func inModes(t *testing.T, db *Database, tables string, f func(c *sql.Conn, mode string)) {
	c, err := db.write.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if db.dialect.remote {
		if _, err := c.ExecContext(t.Context(), "VACUUM ANALYZE "+tables); err != nil {
			t.Fatal(err)
		}
		f(c, "force_custom_plan")
		f(c, "force_generic_plan")
		return
	}
	f(c, "as a component runs")
	if _, err := c.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	f(c, "with statistics")
}

// TestNoListScansATable: each filter and each sort that a table offers goes along an
// index, in both directions, on every page.
func TestNoListScansATable(t *testing.T) {
	eachOf(t, []string{"C.UTF-8", "en_US", "ICU"}, func(t *testing.T, db *Database) {
		table := NewTable(db, namedSchema)
		if err := table.Fits(t.Context()); err != nil {
			t.Fatal(err)
		}
		fillNamed(t, db, 20_000)
		inModes(t, db, "namen", func(c *sql.Conn, mode string) {
			for name, bad := range plansOfNamed(t, table, c, mode) {
				t.Errorf("%s, %s:\n%s", mode, name, bad)
			}
		})
	})
}

// fillNamed puts many rows in a table, with values that few and that many rows have.
func fillNamed(t testing.TB, db *Database, n int) {
	t.Helper()
	day, moment := "'2026-01-0' || (i % 9 + 1)", "$1"
	on := "i % 10 = 0"
	if db.dialect.remote {
		day, moment = "('2026-01-0' || (i % 9 + 1))::date", "$1::timestamptz"
	}
	many := `INSERT INTO namen (id, aangemaakt_op, gewijzigd_op, versie, naam, naam__volgorde1, roepnaam, roepnaam__volgorde1, kleur, maat, prijs, dag, moment, aan)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS INTEGER)) SELECT 'id ' || (1000000 + i), ` + moment + `, ` + moment + `, 1, 'naam ' || i, 'naam ' || i,
		CASE WHEN i % 3 > 0 THEN 'roep' || i END, CASE WHEN i % 3 > 0 THEN 'roep' || i END, CASE WHEN i % 5 > 0 THEN 'Ja' WHEN i % 200 = 0 THEN 'café' END,
		CASE WHEN i % 3 > 0 THEN i % 77 END, CASE WHEN i % 3 > 0 THEN i END, CASE WHEN i % 3 > 0 THEN ` + day + ` END, CASE WHEN i % 100 > 0 THEN ` + moment + ` END, CASE WHEN i % 3 > 0 THEN ` + on + ` END FROM n`
	if _, err := db.write.ExecContext(t.Context(), many, db.moment(), n); err != nil {
		t.Fatal(err)
	}
}

// plansOfNamed are the plans of lists of which one is slow, or that do not use a filter.
func plansOfNamed(t *testing.T, table *Table[named], c *sql.Conn, mode string) map[string]string {
	t.Helper()
	bad := map[string]string{}
	judge := func(q Query) {
		l, err := table.listing(q)
		if err != nil {
			t.Fatal(err)
		}
		e := edge{id: "id 1010000"}
		if l.by != "" {
			if err := c.QueryRowContext(t.Context(), "SELECT "+l.stored()+" FROM namen WHERE "+l.by+" IS NOT NULL LIMIT 1 OFFSET 5000").Scan(&e.value); err != nil {
				t.Fatal(err)
			}
		}
		for name, query := range asked(l, e) {
			text, args := query()
			plan := explained(t, c, table.db, mode, text, args)
			found := strings.Contains(plan, "Index Cond") || strings.Contains(plan, "SEARCH")
			if slow.MatchString(plan) || !found && (len(q.Filters) > 0 || strings.HasPrefix(name, "within")) {
				bad[fmt.Sprintf("%+v: %s", q, name)] = text + "\n" + plan
			}
		}
	}
	for _, by := range namedSorts {
		judge(Query{Sort: by})
	}
	for _, f := range []Filter{{"kleur", []string{"café"}}, {"kleur", []string{"Ja"}}, {"kleur", []string{"nee"}}, {"aan", []string{"true"}}, {"aan", []string{"false"}}, {"dag", []string{"2026-01-02"}}} {
		judge(Query{Filters: []Filter{f}})
	}
	return bad
}

// TestWithoutAnIndexAListScans: the test above sees it.
func TestWithoutAnIndexAListScans(t *testing.T) {
	eachOf(t, []string{"ICU"}, func(t *testing.T, db *Database) {
		table := NewTable(db, namedSchema)
		if err := table.Fits(t.Context()); err != nil {
			t.Fatal(err)
		}
		fillNamed(t, db, 20_000)
		for _, i := range table.indexes.wanted {
			if _, err := db.write.ExecContext(t.Context(), "DROP INDEX "+i.name); err != nil {
				t.Fatal(err)
			}
			inModes(t, db, "namen", func(c *sql.Conn, mode string) {
				if len(plansOfNamed(t, table, c, mode)) == 0 {
					t.Errorf("%s: nobody misses %s on (%s)", mode, i.name, i.columns)
				}
			})
			if _, err := db.write.ExecContext(t.Context(), i.create("namen", "")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// zakenAsked are the lists of zaken that are offered or that layer 4 asks, with the
// index of each.
func zakenAsked() map[string]ZakenQuery {
	return map[string]ZakenQuery{
		"zaken_van_type":        {Zaaktype: "soort"},
		"zaken_van_initiator":   {Initiator: "p-7"},
		"zaken_van_gemachtigde": {Representative: "p-8"},
		"zaken_op_stap":         {CurrentStep: []string{"stap-1"}},
		"zaken_lopend":          {Open: new(true)},
		"zaken_gesloten":        {Open: new(false)},
		"identificatie":         {Query: Query{Sort: "identificatie"}},
		"identificatie ":        {Query: Query{Sort: "-identificatie"}},
		"zaken_startdatum":      {Query: Query{Sort: "startdatum"}},
		"zaken_startdatum ":     {Query: Query{Sort: "-startdatum"}},
		"zaken_gewijzigd_op":    {Query: Query{Sort: "gewijzigdOp"}},
		"zaken_gewijzigd_op ":   {Query: Query{Sort: "-gewijzigdOp"}},
		// Of layer 4: all zaken and those of one person, and tasks.
		"zaken_van_type ":      {Zaaktype: "soort", Query: Query{Sort: "-identificatie"}},
		"zaken_van_initiator ": {Zaaktype: "soort", Initiator: "p-7", Query: Query{Sort: "-identificatie"}},
		"zaken_van_":           {Zaaktype: "soort", Initiator: "p-7", Representative: "p-8", Query: Query{Sort: "-identificatie"}},
		"zaken_taken":          {Zaaktype: "soort", Open: new(true), CurrentStep: []string{"stap-1"}, Query: Query{Sort: "gewijzigdOp"}},
		"zaken_taken ":         {Zaaktype: "soort", Open: new(true), CurrentStep: []string{"stap-1", "stap-2", "stap-9"}, Query: Query{Sort: "gewijzigdOp"}},
		"zaken_eigen_taken":    {Zaaktype: "soort", Open: new(true), Initiator: "p-7", CurrentStep: []string{"stap-1", "stap-2"}, Query: Query{Sort: "gewijzigdOp"}},
		"zaken_eigen_taken ":   {Zaaktype: "soort", Open: new(true), Initiator: "p-7", Representative: "p-8", CurrentStep: []string{"stap-1"}, Query: Query{Sort: "gewijzigdOp"}},
	}
}

// TestNoListOfZakenScansTheTable is the same for zaken.
func TestNoListOfZakenScansTheTable(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		if err := zaken.Arrange(t.Context()); err != nil {
			t.Fatal(err)
		}
		fillZaken(t, db, 20_000)
		inModes(t, db, "zaken", func(c *sql.Conn, mode string) {
			for name, q := range zakenAsked() {
				for what, plan := range plansOfZaken(t, zaken, c, mode, q) {
					if slow.MatchString(merged.ReplaceAllStringFunc(plan, withoutSort)) || !strings.Contains(plan, strings.TrimSpace(name)) && !strings.Contains(name, "identificatie") && what != "count" {
						t.Errorf("%s, %s, %s:\n%s", mode, name, what, plan)
					}
				}
			}
		})
	})
}

func plansOfZaken(t *testing.T, zaken *Zaken, c *sql.Conn, mode string, q ZakenQuery) map[string]string {
	t.Helper()
	l, err := zaken.listing(q)
	if err != nil {
		t.Fatal(err)
	}
	e := edge{}
	if err := c.QueryRowContext(t.Context(), "SELECT id, "+l.stored()+" FROM zaken LIMIT 1 OFFSET 5000").Scan(&e.id, &e.value); err != nil {
		t.Fatal(err)
	}
	plans := map[string]string{}
	for what, query := range asked(l, e) {
		text, args := query()
		plans[what] = explained(t, c, zaken.db, mode, text, args)
	}
	return plans
}

func withoutSort(plan string) string {
	return strings.ReplaceAll(plan, "USE TEMP B-TREE FOR ORDER BY", "")
}

// fillZaken puts zaken in the table: two processes, of which one is over, and most
// zaken closed.
func fillZaken(t testing.TB, db *Database, n int) {
	t.Helper()
	day, moment := "'2026-01-0' || (i % 9 + 1)", "$1 + i"
	if db.dialect.remote {
		day, moment = "('2026-01-0' || (i % 9 + 1))::date", "$1::timestamptz + i * interval '1 second'"
	}
	many := `INSERT INTO zaken (id, aangemaakt_op, gewijzigd_op, versie, identificatie, omschrijving, zaaktype, startdatum, einddatum, huidige_stap, resultaat, initiator, gemachtigde)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS INTEGER)) SELECT 'id ' || (1000000 + i), ` + moment + `, ` + moment + `, 1, 'ZAAK-2026-' || (1000000000 + i), 'zaak',
		CASE WHEN i % 4 > 0 THEN 'soort' ELSE 'vorige' END, ` + day + `, CASE WHEN i % 10 > 0 THEN ` + day + ` END, CASE WHEN i % 10 > 0 THEN 'eind' ELSE 'stap-' || (i / 10 % 3) END, CASE WHEN i % 10 > 0 THEN 'af' END,
		CASE WHEN i % 80 = 0 THEN 'p-7' ELSE 'p-' || (i * 7919 % 5003) END, CASE WHEN i % 160 = 0 THEN 'p-8' WHEN i % 5 = 0 THEN 'p-' || (i * 31 % 503) END FROM n`
	if _, err := db.write.ExecContext(t.Context(), many, db.moment(), n); err != nil {
		t.Fatal(err)
	}
}

// TestEachIndexOfZakenServes: without it a list is slow, or goes along another.
func TestEachIndexOfZakenServes(t *testing.T) {
	db := opened(t, "", t.TempDir()+"/gegevens.db")
	zaken := NewZaken(db, "")
	if err := zaken.Arrange(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := []string{"identificatie"}
	for _, i := range zakenIndexes {
		names = append(names, i.name)
	}
	for name := range zakenAsked() {
		if name = strings.TrimSpace(name); name != "zaken_van_" && !slices.Contains(names, name) {
			t.Errorf("%s is no index", name)
		}
	}
	for _, name := range names {
		if _, asked := zakenAsked()[name]; !asked {
			t.Errorf("nothing asks for %s", name)
		}
	}
}
