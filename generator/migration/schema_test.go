package migration

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
)

// schema tells what the tables of a team look like, one line per column and per
// index, in the same words for whoever made them.
func (s *store) schema(t testing.TB) []string {
	t.Helper()
	if s.d == ddl.Postgres {
		return s.postgresSchema(t)
	}
	return s.sqliteSchema(t)
}

// kernTables are not the team's.
var kernTables = regexp.MustCompile(`^(zaken|zaaknummers|statussen|idempotentiesleutels|verwerkingen|logboekbezorgers|tijdelijk|bestanden|bestandsdelen|bestandstellingen|markeringen|vernietigingen|vernietigingsregels|correcties|migraties|migraties_kern|sqlite_.*)$`)

func (s *store) list(t testing.TB, query string, args ...any) (all [][]string) {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), query, args...) //nolint:sqlclosecheck // closed below
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, _ := rows.Columns()
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			line = append(line, fmt.Sprint(v))
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	spaces    = regexp.MustCompile(`\s+`)
	byDefault = regexp.MustCompile(`(?i) DEFAULT ('(?:[^']|'')*'|[-+.\w]+)`)
)

// definition is the text of a column in SQLite's CREATE TABLE, in one form: no
// quotes around names, and no default, which SQLite needs to add a column.
func definition(text string) string {
	text = byDefault.ReplaceAllString(" "+text, "")
	return strings.TrimSpace(spaces.ReplaceAllString(strings.ReplaceAll(text, `"`, ""), " "))
}

func (s *store) sqliteSchema(t testing.TB) (all []string) {
	for _, table := range s.list(t, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'") {
		if kernTables.MatchString(table[0]) {
			continue
		}
		text := table[1]
		text = text[strings.IndexByte(text, '(')+1 : strings.LastIndexByte(text, ')')]
		for _, part := range splitColumns(text) {
			part = definition(part)
			name, rest, _ := strings.Cut(part, " ")
			all = append(all, table[0]+"."+name+" "+rest)
		}
	}
	for _, index := range s.list(t, "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL") {
		if !kernTables.MatchString(index[0]) && !strings.HasPrefix(index[1], "volgorde1_") {
			columns := index[2][strings.IndexByte(index[2], '('):]
			all = append(all, indexLine(index[0], definition(columns), index[1]))
		}
	}
	slices.Sort(all)
	return all
}

// indexLine begins with the first column, so that one on a column that was kept
// goes with it.
func indexLine(table, columns, name string) string {
	first, _, _ := strings.Cut(strings.Trim(columns, "()"), ",")
	return table + "." + first + " index " + columns + " " + name
}

// splitColumns cuts at the commas that stand between columns.
func splitColumns(text string) (all []string) {
	depth, quoted, from := 0, false, 0
	for i, r := range text {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			all, from = append(all, text[from:i]), i+1
		}
	}
	return append(all, text[from:])
}

func (s *store) postgresSchema(t testing.TB) (all []string) {
	for _, c := range s.list(t, `SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '-') FROM information_schema.columns WHERE table_schema = current_schema()`) {
		if !kernTables.MatchString(c[0]) && !strings.Contains(c[1], "volgorde1") {
			all = append(all, c[0]+"."+c[1]+" "+strings.Join(c[2:], " "))
		}
	}
	for _, c := range s.list(t, `SELECT r.relname, coalesce((SELECT attname FROM pg_attribute WHERE attrelid = r.oid AND attnum = c.conkey[1]), ''), c.conname, pg_get_constraintdef(c.oid)
		FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE c.connamespace = current_schema()::regnamespace AND c.contype <> 'n'`) {
		if !kernTables.MatchString(c[0]) {
			all = append(all, c[0]+"."+c[1]+" constraint "+whole(c[2])+" "+c[3])
		}
	}
	for _, c := range s.list(t, `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()`) {
		if !kernTables.MatchString(c[0]) && !strings.HasPrefix(c[1], "volgorde1_") {
			all = append(all, indexLine(c[0], c[2][strings.IndexByte(c[2], '('):], whole(c[1])))
		}
	}
	slices.Sort(all)
	return all
}

var cut = regexp.MustCompile(`^(check|fkey|idx)__|_pkey\d*$`)

// whole is a name that PostgreSQL did not cut; one that it did depends on what else
// there was at that moment, and so does that of a primary key.
func whole(name string) string {
	if len(name) > 59 || cut.MatchString(name) {
		return "…"
	}
	return name
}
