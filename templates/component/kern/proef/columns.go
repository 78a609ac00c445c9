package proef

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// filler puts rows in the tables of the team, as they are at a moment: also those
// that the team made by hand. It looks at the database and at nothing else.
type filler struct {
	*testing.T
	db       *sql.DB
	postgres bool
	kern     []string         // tables that are not the team's
	examples map[string][]any // "table.column": values that people wrote
	tried    map[string]error // table: why no row could be made
	made     int
}

// column is a column of a table.
type column struct {
	name, kind string
	required   bool
	filled     bool     // it fills itself when nobody names it
	refers     string   // the values that it can have, as SQL; "" for no other table
	to         string   // that table
	checks     []string // the rules of the database that name it
}

// tables are the tables of the team.
func (f *filler) tables() (all []string) {
	f.Helper()
	list := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`
	if f.postgres {
		list = `SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`
	}
	for _, row := range f.query(list) {
		if name := fmt.Sprint(row[0]); !slices.Contains(f.kern, name) {
			all = append(all, name)
		}
	}
	return all
}

// values gives what the tables hold, by "table.column".
func (f *filler) values() map[string][]any {
	f.Helper()
	all := map[string][]any{}
	for _, table := range f.tables() {
		for _, c := range f.columns(table) {
			read := c.name
			if f.postgres && strings.HasPrefix(c.kind, "json") {
				read += "::text"
			}
			for _, row := range f.query("SELECT " + quoted(read, c.name) + " FROM " + quotedName(table) + " WHERE " + quotedName(c.name) + " IS NOT NULL LIMIT 8") {
				all[table+"."+c.name] = append(all[table+"."+c.name], row[0])
			}
		}
	}
	return all
}

func quotedName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoted is an expression that begins with a name.
func quoted(expression, name string) string {
	return quotedName(name) + strings.TrimPrefix(expression, name)
}

func (f *filler) columns(table string) []column {
	f.Helper()
	var all []column
	if f.postgres {
		all = f.postgresColumns(table)
	} else {
		all = f.sqliteColumns(table)
	}
	return slices.DeleteFunc(all, func(c column) bool { return strings.Contains(c.name, value.KeyVersion) })
}

func (f *filler) sqliteColumns(table string) (all []column) {
	f.Helper()
	checks := checksIn(fmt.Sprint(f.query("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1", table)[0][0]))
	refers := map[string][2]string{}
	for _, row := range f.query(`SELECT "from", "table", coalesce("to", 'id') FROM pragma_foreign_key_list($1)`, table) {
		refers[fmt.Sprint(row[0])] = [2]string{fmt.Sprint(row[1]), fmt.Sprint(row[2])}
	}
	for _, row := range f.query(`SELECT name, lower(type), "notnull" OR pk > 0, dflt_value IS NOT NULL OR hidden > 0 OR (pk > 0 AND lower(type) = 'integer'), hidden > 0 FROM pragma_table_xinfo($1)`, table) {
		c := column{name: fmt.Sprint(row[0]), kind: fmt.Sprint(row[1]), required: row[2] == int64(1), filled: row[3] == int64(1)}
		if row[4] == int64(1) {
			continue // it is derived from others
		}
		f.finish(&c, refers, checks)
		all = append(all, c)
	}
	return all
}

func (f *filler) postgresColumns(table string) (all []column) {
	f.Helper()
	var checks []string
	for _, row := range f.query(`SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`, quotedName(table)) {
		checks = append(checks, fmt.Sprint(row[0]))
	}
	refers := map[string][2]string{}
	for _, row := range f.query(`SELECT a.attname::text, r.relname::text, b.attname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid
		JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
		WHERE c.conrelid = $1::regclass AND c.contype = 'f'`, quotedName(table)) {
		refers[fmt.Sprint(row[0])] = [2]string{fmt.Sprint(row[1]), fmt.Sprint(row[2])}
	}
	for _, row := range f.query(`SELECT column_name::text, data_type::text, is_nullable = 'NO', column_default IS NOT NULL OR is_identity = 'YES', is_generated = 'ALWAYS' OR is_identity = 'YES'
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, table) {
		c := column{name: fmt.Sprint(row[0]), kind: fmt.Sprint(row[1]), required: row[2] == true, filled: row[3] == true}
		if row[4] == true {
			continue
		}
		f.finish(&c, refers, checks)
		all = append(all, c)
	}
	return all
}

// finish adds what the table says of a column elsewhere.
func (f *filler) finish(c *column, refers map[string][2]string, checks []string) {
	if to, ok := refers[c.name]; ok {
		c.to = to[0]
		c.refers = "(SELECT min(" + quotedName(to[1]) + ") FROM " + quotedName(to[0]) + ")"
	}
	for _, check := range checks {
		if mentions(check, c.name) {
			c.checks = append(c.checks, check)
		}
	}
}

var beginsCheck = regexp.MustCompile(`(?i)\bCHECK\s*\(`)

// checksIn are the rules in a CREATE TABLE.
func checksIn(text string) (all []string) {
	for {
		at := beginsCheck.FindStringIndex(text)
		if at == nil {
			return all
		}
		text = text[at[1]:]
		depth, quote, end := 1, false, len(text)
		for i, r := range text {
			switch {
			case r == '\'':
				quote = !quote
			case quote:
			case r == '(':
				depth++
			case r == ')':
				depth--
			}
			if depth == 0 {
				end = i
				break
			}
		}
		all = append(all, text[:end])
		text = text[end:]
	}
}
