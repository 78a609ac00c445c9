package migration

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// componentOf is the component with a register, of which every form asks a field:
// as a team writes it, through package model.
func componentOf(t testing.TB, register ...answers.Entity) *model.Component {
	t.Helper()
	c, faults := tryComponent(register)
	if c == nil {
		t.Fatal(faults)
	}
	return c
}

func tryComponent(register []answers.Entity) (*model.Component, error) {
	const head = "version: 1\ncomponent: {title: Proef, organisation: {name: Gemeente Proef}}\nregister: []\n"
	document, found := answers.Parse("fieldlab.yaml", []byte(head))
	if len(found) > 0 {
		return nil, found
	}
	a := document.Answers
	a.Register = register
	c, found := model.New(a, nil, model.Env{})
	if len(found) > 0 {
		return nil, found
	}
	return c, nil
}

// store is a database as a component has it, with the migrations that ran.
type store struct {
	d        ddl.Dialect
	own      *opslag.Database
	db       *sql.DB
	files    fstest.MapFS
	postgres string // address; "" on SQLite
	before   bool   // a version of before works on it
}

// eachStore runs f on both databases: PostgreSQL when TEST_DATABASE_URL has one.
func eachStore(t *testing.T, f func(t *testing.T, s *store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, newStore(t, ddl.SQLite)) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("TEST_DATABASE_URL") == "" {
			t.Skip("TEST_DATABASE_URL is not set")
		}
		t.Parallel()
		f(t, newStore(t, ddl.Postgres))
	})
}

func newStore(t testing.TB, d ddl.Dialect) *store {
	t.Helper()
	s := &store{d: d, files: fstest.MapFS{}}
	driver, address := "sqlite", filepath.Join(t.TempDir(), "proef.db")
	if d == ddl.Postgres {
		driver, s.postgres = "pgx", proef.FreshSchema(t, os.Getenv("TEST_DATABASE_URL"))
		address = s.postgres
	}
	var err error
	if s.own, err = opslag.Open(t.Context(), s.postgres, address); err != nil {
		t.Fatal(err)
	}
	if s.d == ddl.SQLite {
		address += "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	} else {
		address += "&default_query_exec_mode=exec" // no plan is kept of a table that changes
	}
	if s.db, err = sql.Open(driver, address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.db.Close(), s.own.Close() })
	return s
}

// migrate adds a migration and runs it, as a component does when it starts.
func (s *store) migrate(t testing.TB, text string) error {
	t.Helper()
	s.files[fmt.Sprintf("%s/%04d_stap.sql", s.d, len(s.files)+1)] = &fstest.MapFile{Data: []byte(text)}
	return s.own.Migrate(t.Context(), s.files)
}

// begin makes the tables of a component.
func (s *store) begin(t testing.TB, c *model.Component) {
	t.Helper()
	var all strings.Builder
	for _, e := range c.Entities {
		all.WriteString(s.d.Table(e))
	}
	if err := s.migrate(t, all.String()); err != nil {
		t.Fatal(err)
	}
}

// text is the file of a migration for this database.
func (s *store) text(m *Migration) string {
	if s.d == ddl.Postgres {
		return m.Postgres
	}
	return m.SQLite
}

// fill adds a row to every table: with everything in it, or with as little as can be.
func (s *store) fill(t testing.TB, c *model.Component, n int) {
	t.Helper()
	for _, e := range c.Entities {
		moment := "'2026-01-31T09:00:00Z'"
		if s.d == ddl.SQLite {
			moment = "1770000000000000"
		}
		columns := []string{"id", "aangemaakt_op", "gewijzigd_op", "versie"}
		values := []string{"'" + rowID(e, n) + "'", moment, moment, "1"}
		for i, f := range e.Fields {
			if !f.Required && (n+i)%2 == 1 {
				continue
			}
			columns, values = append(columns, f.Name.SQL), append(values, s.example(e, f, n))
		}
		text := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", e.Plural.SQL, strings.Join(columns, ", "), strings.Join(values, ", "))
		if _, err := s.db.ExecContext(t.Context(), text); err != nil && !(s.before && outside(err)) {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// outside says whether a value was refused that may not be any more: the one thing
// that a version of before hears of a new one.
func outside(err error) bool { return strings.Contains(err.Error(), "SQLSTATE 23514") }

// rowID has nothing of the name of the entity, which may change.
func rowID(e *model.Entity, n int) string {
	return fieldtype.UUID(fmt.Sprint("rij ", e.Name.Path, n), n)
}

func (s *store) example(e *model.Entity, f *model.Field, n int) string {
	switch {
	case f.Reference == e && n == 0:
		return "NULL"
	case f.Reference != nil:
		return fmt.Sprintf("(SELECT min(id) FROM %s)", f.Reference.Plural.SQL)
	case f.Type == "file":
		return "'" + f.Examples[n%len(f.Examples)].JSON + "'"
	}
	return literal(s.d, f, f.Examples[n%len(f.Examples)].Form)
}

// rows gives what a table holds: per id the text of each column.
func (s *store) rows(t testing.TB, table string) map[string]map[string]string {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), "SELECT * FROM "+table) //nolint:sqlclosecheck // closed below
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := map[string]string{}
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			row[columns[i]] = fmt.Sprint(v)
		}
		all[row["id"]] = row
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// value is what the only row of a table holds in a column.
func (s *store) value(t testing.TB, table, column string) string {
	t.Helper()
	for _, row := range s.rows(t, table) {
		return row[column]
	}
	return "no row"
}

// without leaves out what a fresh database has no reason to have: the columns that
// were kept, and the ones that package opslag makes for itself.
func without(all []string, kept []string) []string {
	return slices.DeleteFunc(all, func(line string) bool {
		for _, k := range readKept(kept) {
			if strings.HasPrefix(line, k.name()+" ") || k.column == "" && strings.HasPrefix(line, k.table+".") {
				return true
			}
		}
		return false
	})
}
