package migration

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// keptName is a column, or without one a table, that stayed.
type keptName struct {
	table, column string
	kind          string // type of the field that it was; "" when nobody knows
	since         string // the migration that left it; "" when nobody knows
}

func (k keptName) name() string {
	if k.column == "" {
		return k.table
	}
	return k.table + "." + k.column
}

func (k keptName) String() string {
	text := k.name()
	if k.kind != "" {
		text += " (" + k.kind + ")"
	}
	if k.since != "" {
		text += sinceWord + k.since
	}
	return text
}

const sinceWord = " sinds "

// readKept reads what the manifest remembers. What it cannot be is left out: it
// ends up in SQL.
func readKept(lines []string) (all []keptName) {
	for _, line := range lines {
		line, since, _ := strings.Cut(line, sinceWord)
		if !isMigration(since) {
			since = ""
		}
		name, rest, _ := strings.Cut(line, " (")
		kind := strings.TrimSuffix(rest, ")")
		if _, known := fieldtype.Of(kind); !known {
			kind = ""
		}
		table, column, dotted := strings.Cut(name, ".")
		if isName(table) && (!dotted || isName(column)) {
			all = append(all, keptName{table, column, kind, since})
		}
	}
	return all
}

// isName says whether s is a name as package naming makes them for SQL.
func isName(s string) bool {
	if s == "" || len(s) > 63 || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// field is the kept column as a field that need not be filled; nil when nobody
// knows what it held.
func (k keptName) field(names model.Names) *model.Field {
	t, known := fieldtype.Of(k.kind)
	if !known {
		return nil
	}
	names.SQL = k.column
	return &model.Field{Name: names, Type: k.kind, SQLite: t.SQLite, Postgres: t.Postgres}
}

// left gives what stays after this migration, sorted.
func (p *planner) left() []string {
	var all []string
	for _, k := range p.kept {
		all = append(all, k.String())
	}
	for _, b := range p.bridges {
		all = append(all, b.String())
	}
	slices.Sort(all)
	return slices.Compact(all)
}
