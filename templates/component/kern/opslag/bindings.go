package opslag

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// filesIn are the places in Fields that hold a file, and their columns.
func (s Schema[T]) filesIn() (at []int) {
	for i, target := range s.Fields(new(T)) {
		switch target.(type) {
		case *value.Attachment, **value.Attachment:
			at = append(at, i)
		}
	}
	return at
}

// HasFiles says whether a row can have files.
func (t *Table[T]) HasFiles() bool { return len(t.files) > 0 }

// named are the files that a row names; nil where it names none.
func (t *Table[T]) named(row *T) []*value.Attachment {
	fields, all := t.schema.Fields(row), make([]*value.Attachment, len(t.files))
	for n, i := range t.files {
		switch f := fields[i].(type) {
		case *value.Attachment:
			all[n] = f
		case **value.Attachment:
			all[n] = *f
		}
	}
	return all
}

// invented makes the files that an invented row names without an id.
func (t *Table[T]) invented(ctx context.Context, row *T) error {
	store := NewFiles(t.db, Limits{})
	for _, f := range t.named(row) {
		if f == nil || f.ID != "" {
			continue
		}
		in, err := store.Store(ctx, Upload{Attachment: *f, Most: 1 << 10}, strings.NewReader("Verzonnen inhoud van "+f.Name+".\n"))
		if err != nil {
			return err
		}
		made, err := store.Accept(ctx, in)
		if err != nil {
			return err
		}
		*f = made.File
	}
	return nil
}

// FileError says in which field a row names a file that it cannot have.
type FileError struct{ Field string }

func (e *FileError) Error() string { return ErrNoFile.Error() + " (veld " + e.Field + ")" }

// Unwrap gives ErrNoFile.
func (e *FileError) Unwrap() error { return ErrNoFile }

// bind makes the files that a row names files of that row, in the transaction
// that stores it, and writes in the row what they are. A file that somebody else
// has is not there. What the row had before and does not name any more goes.
func (t *Table[T]) bind(ctx context.Context, tx *transaction, row *T) error {
	const (
		take = `UPDATE bestanden SET tabel = $2, rij = $3, verloopt_op = NULL
			WHERE id = $1 AND som IS NOT NULL AND (rij IS NULL AND verloopt_op > $4 OR tabel = $2 AND rij = $3)`
		read = "SELECT naam, mediatype, grootte FROM bestanden WHERE id = $1"
	)
	id := t.schema.Meta(row).ID
	before, err := t.namedBefore(ctx, tx, id)
	if err != nil {
		return err
	}
	var keep []string
	for n, f := range t.named(row) {
		if f == nil || f.ID == "" {
			continue
		}
		done, err := tx.exec(ctx, take, f.ID, t.schema.Name, id, t.db.moment())
		if err == nil && done == 0 {
			err = &FileError{t.schema.Columns[t.files[n]].JSON}
		}
		if err == nil {
			err = tx.QueryRowContext(ctx, read, f.ID).Scan(&f.Name, &f.Mediatype, &f.Size)
		}
		if err != nil {
			return err
		}
		keep = append(keep, f.ID)
	}
	for _, gone := range before {
		if !slices.Contains(keep, gone) {
			if _, err := tx.exec(ctx, "DELETE FROM bestanden WHERE id = $1 AND tabel = $2 AND rij = $3", gone, t.schema.Name, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// namedBefore are the ids of the files that the stored row names. A column that no
// field is about any more is not looked at: what is in it stays.
func (t *Table[T]) namedBefore(ctx context.Context, tx *transaction, id string) (ids []string, err error) {
	var columns []string
	files, targets := make([]*value.Attachment, len(t.files)), make([]any, len(t.files))
	for n, i := range t.files {
		columns = append(columns, t.schema.Columns[i].SQL)
		targets[n] = &files[n]
	}
	err = tx.QueryRowContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+t.schema.Name+" WHERE id = $1", id).Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) { // it is new
		return nil, nil
	}
	for _, f := range files {
		if f != nil && f.ID != "" {
			ids = append(ids, f.ID)
		}
	}
	return ids, err
}

// withFiles is change for a row that may name files. Nothing is bound when
// somebody else changed the row first.
func (t *Table[T]) withFiles(ctx context.Context, row *T, lines []logboek.Verwerking) (n int64, err error) {
	err = t.db.within(ctx, func(tx *transaction) error {
		if err := t.bind(ctx, tx, row); err != nil {
			return err
		}
		if n, err = tx.exec(ctx, t.update, t.values(row)...); err != nil {
			return err
		}
		if n == 0 {
			return errUnchanged
		}
		return tx.logLines(ctx, lines)
	})
	if errors.Is(err, errUnchanged) {
		return 0, nil
	}
	return n, err
}

// errUnchanged turns back a transaction that met no row.
var errUnchanged = errors.New("gegevens: er is niets veranderd")

// dropFiles removes the files of a row, and says how many.
func (t *transaction) dropFiles(ctx context.Context, table, row string) (int64, error) {
	return t.exec(ctx, "DELETE FROM bestanden WHERE tabel = $1 AND rij = $2", table, row)
}
