package migration

import (
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/generator/quote"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The kinds of things that PostgreSQL gives a name of its own.
const (
	checks  = "check"
	fkeys   = "fkey"
	indexes = "idx"
)

// mostPostgres is how long a name can be.
const mostPostgres = 63

// postgresName is the name that PostgreSQL gives to what is made without one. When
// that does not fit it cuts, and puts a number behind what is no longer unique: then
// known is false, and the name has to be looked up.
func postgresName(table, column, label string) (name string, known bool) {
	if label == indexes {
		column += "_id"
	}
	name = table + "_" + column + "_" + label
	return name, len(name) <= mostPostgres
}

// givenName is the name that a thing gets in a migration.
func givenName(table, column, label string) string {
	if name, known := postgresName(table, column, label); known {
		return name
	}
	return label + "__" + value.KeySum(table, column)
}

// lookUp does something to a thing of which only the column is known. More than one,
// because the team made one too, or none, stops the migration.
func lookUp(table, column, label, do string) string {
	number := func(of string) string {
		return "(SELECT attnum FROM pg_attribute WHERE attrelid = " + quote.SQL(table) + "::regclass AND attname = " + quote.SQL(of) + ")"
	}
	find := fmt.Sprintf("SELECT conname INTO STRICT naam FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s AND conkey = ARRAY[%s]",
		quote.SQL(table), quote.SQL(label[:1]), number(column))
	if label == indexes {
		find = fmt.Sprintf("SELECT c.relname INTO STRICT naam FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND i.indkey::text = %s || ' ' || %s",
			quote.SQL(table), number(column), number("id"))
	}
	return fmt.Sprintf("DO $$ DECLARE naam text; BEGIN\n    %s;\n    EXECUTE format(%s, naam);\nEND $$", find, quote.SQL(do))
}

// dropNamed drops a rule or an index of a column.
func dropNamed(table, column, label string) string {
	do := "ALTER TABLE " + table + " DROP CONSTRAINT "
	if label == indexes {
		do = "DROP INDEX "
	}
	if name, known := postgresName(table, column, label); known {
		return do + name
	}
	return lookUp(table, column, label, do+"%I")
}

// renameNamed gives a rule or an index the name that goes with its table and column,
// which have their new names already; "" when it has that name.
func renameNamed(oldTable, oldColumn, table, column, label string) string {
	from, known := postgresName(oldTable, oldColumn, label)
	to := givenName(table, column, label)
	do := "ALTER TABLE " + table + " RENAME CONSTRAINT %s TO " + to
	if label == indexes {
		do = "ALTER INDEX %s RENAME TO " + to
	}
	switch {
	case !known:
		return lookUp(table, column, label, fmt.Sprintf(do, "%I"))
	case from == to:
		return ""
	}
	return fmt.Sprintf(do, from)
}
