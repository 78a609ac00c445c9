package opslag

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
)

var lengths = regexp.MustCompile(`\(\d+(,-?\d+)?\)`)

// plainType is a type without how long it may be: a cast to a shorter one would cut
// a value off, and storing it is refused.
func plainType(declared string) string { return lengths.ReplaceAllString(declared, "") }

func readInPostgres(c storedColumn) string {
	name := quoted(c.name)
	switch {
	case plainType(c.declared) == "timestamp without time zone":
		return name + " AT TIME ZONE 'UTC'"
	case c.kind == anything, c.kind == texts:
		return name + "::text"
	case c.kind == integers:
		return name + "::bigint"
	case c.kind == floats:
		return name + "::double precision"
	}
	return name
}

func placeInPostgres(c storedColumn, n int) string {
	place := "$" + strconv.Itoa(n)
	switch c.kind {
	case integers:
		return place + "::bigint"
	case booleans:
		return place + "::boolean"
	case moments:
		if plainType(c.declared) == "timestamp without time zone" {
			return place + "::timestamptz AT TIME ZONE 'UTC'"
		}
		return place + "::timestamptz"
	case floats:
		return place + "::double precision"
	case texts:
		return place + "::text"
	case blobs:
		return place + "::bytea"
	}
	return place + "::text::" + plainType(c.declared)
}

// keysInSQLite looks at references between rows when all rows are there: until then
// a row may come before the one that it refers to. What a migration has the database
// do at each row (a trigger) was done when the row was made, and is in the copy: until
// the end there are none.
func keysInSQLite(ctx context.Context, tx *transaction, tables []string) (func() error, error) {
	var back []string
	for _, table := range tables {
		const of = " FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1 COLLATE NOCASE ORDER BY rowid"
		texts, err := tx.names(ctx, "SELECT sql"+of, table)
		if err != nil {
			return nil, err
		}
		back = append(back, texts...)
		if texts, err = tx.names(ctx, `SELECT 'DROP TRIGGER "' || replace(name, '"', '""') || '"'`+of, table); err != nil {
			return nil, err
		}
		if err := tx.all(ctx, texts...); err != nil {
			return nil, err
		}
	}
	return func() error {
		if err := tx.all(ctx, back...); err != nil {
			return err
		}
		tables, err := tx.names(ctx, `SELECT DISTINCT "table" FROM pragma_foreign_key_check`)
		if err == nil && len(tables) > 0 {
			err = &ConstraintError{Foreign, "verwijzingen van tabel " + tables[0]}
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = OFF")
		}
		return err
	}, nil
}

// keysInPostgres takes the references between rows away and puts them back when all
// rows are there, which looks at each of them. It is one transaction: nobody sees
// the tables without them. Triggers rest as well, but for those that fill a column
// under its old name, which no copy has.
func keysInPostgres(ctx context.Context, tx *transaction, tables []string) (func() error, error) {
	const keys = `SELECT 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND conparentid = 0 AND conrelid = quote_ident($1)::regclass ORDER BY conname`
	const drop = "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND conrelid = quote_ident($1)::regclass"
	const triggers = " FROM pg_trigger WHERE tgrelid = quote_ident($1)::regclass AND NOT tgisinternal AND tgparentid = 0 AND tgenabled <> 'D' AND tgname NOT LIKE 'overgang\\_%' ORDER BY tgname"
	const enable = "SELECT 'ALTER TABLE ' || tgrelid::regclass || ' ENABLE ' || CASE tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END || 'TRIGGER ' || quote_ident(tgname)" + triggers
	const disable = "SELECT 'ALTER TABLE ' || tgrelid::regclass || ' DISABLE TRIGGER ' || quote_ident(tgname)" + triggers
	var back []string
	for _, table := range tables {
		for after, before := range map[string]string{keys: drop, enable: disable} {
			texts, err := tx.names(ctx, after, table)
			if err != nil {
				return nil, err
			}
			back = append(back, texts...)
			if texts, err = tx.names(ctx, before, table); err != nil {
				return nil, err
			}
			if err := tx.all(ctx, texts...); err != nil {
				return nil, err
			}
		}
	}
	return func() error { return tx.all(ctx, back...) }, nil
}

// numbersInPostgres lets the numbers that the database gives out go on after the
// highest that is there. SQLite does so by itself.
func numbersInPostgres(ctx context.Context, tx *transaction, table string, columns []storedColumn) error {
	for _, c := range columns {
		if c.kind != integers {
			continue
		}
		var counter sql.NullString
		if err := tx.QueryRowContext(ctx, "SELECT pg_get_serial_sequence(quote_ident($1), $2)", table, c.name).Scan(&counter); err != nil {
			return err
		}
		if !counter.Valid {
			continue
		}
		text := fmt.Sprintf("SELECT setval($1::regclass, max(%s)) FROM %s HAVING max(%[1]s) > 0", quoted(c.name), quoted(table))
		if _, err := tx.ExecContext(ctx, text, counter.String); err != nil {
			return err
		}
	}
	return nil
}
