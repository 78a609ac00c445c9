package opslag

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
)

// errNoTables says that there is nothing to copy.
var errNoTables = errors.New("gegevens: in deze database staat geen component; kijk naar DATABASE_URL of DATA")

// Backup writes a copy of all that the component keeps, as it is at one moment,
// while the component goes on. It changes nothing, and brings nothing up to date.
// Skipped are tables in the same database that no migration makes.
func (d *Database) Backup(ctx context.Context, team fs.FS, h reservekopie.Header, to io.Writer) (s reservekopie.Summary, skipped []string, err error) {
	defer func() { err = translate("reservekopie maken", err) }()
	all, err := sets(team)
	if err != nil {
		return s, nil, err
	}
	options := &sql.TxOptions{ReadOnly: true}
	if d.dialect.remote {
		options.Isolation = sql.LevelRepeatableRead // one moment for all statements, as SQLite has by itself
	}
	begun, err := d.read.BeginTx(ctx, options)
	if err != nil {
		return s, nil, err
	}
	defer func() { _ = begun.Rollback() }() // nothing was changed
	tx := &transaction{Tx: begun}
	done, err := d.ran(ctx, tx, all)
	if err != nil {
		return s, nil, err
	}
	if len(done[all[0].table]) == 0 {
		return s, nil, errNoTables
	}
	h.Database, h.Migrations = d.dialect.name, nil
	for _, set := range all {
		files, err := d.files(set)
		if err != nil {
			return s, nil, err
		}
		for _, f := range files {
			if sum, ok := done[set.table][f.name]; ok {
				h.Migrations = append(h.Migrations, reservekopie.Migration{Set: set.table, Name: f.name, Sum: sum})
			}
		}
	}
	tables, skipped, err := d.tablesOf(ctx, tx, all)
	if err != nil {
		return s, nil, err
	}
	if _, err := tx.ExecContext(ctx, d.dialect.copying.ready); err != nil {
		return s, nil, err
	}
	w, err := reservekopie.NewWriter(to, h)
	if err != nil {
		return s, nil, &targetError{err}
	}
	for _, table := range tables {
		if passing[table] {
			continue
		}
		if err := d.copyTable(ctx, tx, table, w); err != nil {
			return s, nil, err
		}
	}
	if s, err = w.Close(); err != nil {
		return s, nil, &targetError{err}
	}
	return s, skipped, nil
}

// targetError is an error of where the copy goes, and not of the database.
type targetError struct{ err error }

func (e *targetError) Error() string { return "gegevens: reservekopie schrijven: " + e.err.Error() }

func (e *targetError) Unwrap() error { return e.err }

// copyTable writes the rows of a table, one in memory at a time.
func (d *Database) copyTable(ctx context.Context, tx *transaction, table string, w *reservekopie.Writer) error {
	columns, err := d.columnsOf(ctx, tx, table)
	if err != nil {
		return err
	}
	names, read := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], read[i] = c.name, d.dialect.copying.read(c)
	}
	if err := w.Table(table, names); err != nil {
		return &targetError{err}
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(read, ", ")+" FROM "+quoted(table)+onlyWhere[table])
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, c := range columns {
			values[i] = c.given(values[i])
		}
		if err := w.Row(values); err != nil {
			return &targetError{err}
		}
	}
	return rows.Err()
}
