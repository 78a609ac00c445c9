package opslag

import (
	"context"
	"database/sql"
	"errors"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// joint is work of several calls that belongs together: in one transaction, or
// only with its lines of the log in one go. It is of one goroutine.
type joint struct {
	db    *Database
	tx    *transaction // nil: every call by itself
	lines []logboek.Verwerking
	fault error // why a part of it failed: then nothing of it may stay
}

type jointKey struct{}

// jointIn is the work of which a call is a part; nil when it stands alone.
func jointIn(ctx context.Context) *joint {
	w, _ := ctx.Value(jointKey{}).(*joint)
	return w
}

// joined is the transaction of this database in which a call takes part; nil for
// none.
func (d *Database) joined(ctx context.Context) *transaction {
	if w := jointIn(ctx); w != nil && w.db == d {
		return w.tx
	}
	return nil
}

// Together does f in one transaction: all that f does here with the context that it
// gets is kept, with its lines of the log, or nothing. What f reads it reads in that
// transaction too. f must not use that context in a goroutine of its own.
func (d *Database) Together(ctx context.Context, f func(context.Context) error) error {
	w := &joint{db: d}
	failed := false
	err := d.within(ctx, func(tx *transaction) error {
		w.tx = tx
		if err := f(context.WithValue(ctx, jointKey{}, w)); err != nil {
			failed = true
			return err
		}
		if w.fault != nil {
			return w.fault
		}
		if err := translate("schrijven in het logboek", tx.upsertLines(ctx, w.lines)); err != nil {
			return &LinesError{err}
		}
		return nil
	})
	if failed && w.fault != nil { // f may say it in words of its own
		d.trouble.note(w.fault)
	}
	if _, ok := errors.AsType[*LinesError](err); failed || ok {
		return err
	}
	return translate("samen bewaren", err)
}

// LinesError says that the lines of work could not be stored, so that none of it was
// done.
type LinesError struct{ Err error }

func (e *LinesError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *LinesError) Unwrap() error { return e.Err }

// Gather does f, of which every call stands by itself, and stores all the lines that
// it wrote in one go. When they cannot be stored nobody may see what f read.
func (l *Logboek) Gather(ctx context.Context, f func(context.Context) error) error {
	w := &joint{db: l.db}
	if err := f(context.WithValue(ctx, jointKey{}, w)); err != nil {
		return err
	}
	if err := l.Write(ctx, w.lines...); err != nil {
		return &LinesError{err}
	}
	return nil
}

// gather keeps lines for when the work is done. It says whether it did: lines that
// stand alone are written at once, and so are those of a transaction that does not
// take part.
func gather(ctx context.Context, of *transaction, lines []logboek.Verwerking) bool {
	w := jointIn(ctx)
	if w == nil || of != nil && of != w.tx {
		return false
	}
	w.lines = append(w.lines, lines...)
	return true
}

// join does f as a part of the transaction that goes on. When it fails that one
// cannot be kept, whatever becomes of the error.
func (t *transaction) join(ctx context.Context, f func(*transaction) error) error {
	err := f(t)
	if err != nil {
		jointIn(ctx).fault = err
	}
	return err
}

// scanner is a row to be read.
type scanner interface{ Scan(...any) error }

// noRow is a row that could not be asked for.
type noRow struct{ err error }

// Scan implements scanner.
func (r noRow) Scan(...any) error { return r.err }

// row reads one row. What goes wrong Scan says.
func (d *Database) row(ctx context.Context, text string, args ...any) scanner {
	if tx := d.joined(ctx); tx != nil {
		return tx.row(ctx, text, args...)
	}
	s, err := d.read.prepare(ctx, text)
	if err != nil {
		return noRow{err}
	}
	return s.QueryRowContext(ctx, args...)
}

// query reads rows in the transaction.
func (t *transaction) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if s := t.statement(ctx, text); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return t.QueryContext(ctx, text, args...)
}
