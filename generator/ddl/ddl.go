// Package ddl writes the tables of a register as SQL: the first migration of a
// component and all that come after it say the same of the same field.
package ddl

import (
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// Dialect is a database: also the name of the folder of its migrations.
type Dialect string

// The databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Table is the table of an entity with its indexes.
func (d Dialect) Table(e *model.Entity) string {
	moment := "TIMESTAMP"
	if d == Postgres {
		moment = "TIMESTAMPTZ"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n    id TEXT PRIMARY KEY,\n    aangemaakt_op %[2]s NOT NULL,\n    gewijzigd_op %[2]s NOT NULL,\n    versie BIGINT NOT NULL", e.Plural.SQL, moment)
	for _, f := range e.Fields {
		b.WriteString(",\n    " + d.Column(f))
	}
	b.WriteString("\n);\n")
	for _, f := range e.Fields {
		if Indexed(f) {
			b.WriteString(d.Index(e.Plural.SQL, f.Name.SQL))
		}
	}
	return b.String()
}

// Column is a column of a table, as CREATE TABLE has it.
func (d Dialect) Column(f *model.Field) string {
	text := f.Name.SQL + " " + d.Type(f)
	if f.Required {
		text += " NOT NULL"
	}
	if check := Check(f, f.Name.SQL); check != "" {
		text += " CHECK (" + check + ")"
	}
	if f.Reference != nil {
		text += " REFERENCES " + f.Reference.Plural.SQL + " (id)"
	}
	return text
}

// Type is the type of the column of a field.
func (d Dialect) Type(f *model.Field) string {
	if d == Postgres {
		return f.Postgres
	}
	return f.SQLite
}

// Check is what the values of a field must meet, in a column with that name; ""
// when every value of the type will do.
func Check(f *model.Field, column string) string {
	if len(f.Values) > 0 {
		choices := make([]string, len(f.Values))
		for i, v := range f.Values {
			choices[i] = quote.SQL(v.Raw)
		}
		return column + " IN (" + strings.Join(choices, ", ") + ")"
	}
	bound := func(n *float64) string {
		if f.Type == "money" { // kept in cents
			return fmt.Sprint(*n) + " * 100"
		}
		return fmt.Sprint(*n)
	}
	switch {
	case f.Min != nil && f.Max != nil:
		return column + " BETWEEN " + bound(f.Min) + " AND " + bound(f.Max)
	case f.Min != nil:
		return column + " >= " + bound(f.Min)
	case f.Max != nil:
		return column + " <= " + bound(f.Max)
	}
	return ""
}

// Indexed says whether the column of a field has an index.
func Indexed(f *model.Field) bool { return f.Filter || f.Reference != nil }

// Index is the statement that makes the index of a column.
func (d Dialect) Index(table, column string) string {
	name := ""
	if d == SQLite { // it wants a name for each, and they live side by side
		name = " " + table + "_" + column + "_idx"
	}
	return fmt.Sprintf("CREATE INDEX%s ON %s (%s, id);\n", name, table, column)
}
