package opslag

import (
	"context"
	"errors"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The log is trimmed in steps of so many rows, with a rest after each of so many
// times what it took: on SQLite whoever writes waits for a step, and in one go the
// trimming of some hundred thousand rows took nearly all there is to write.
const (
	linesAtOnce = 200
	shownAtOnce = 20
	rests       = 4
)

// Purge implements logboek.Queue. What was not delivered stays, however old it is
// and however many there are.
func (l *Logboek) Purge(ctx context.Context, deliveredBefore time.Duration, most int64) (total int64, err error) {
	const byAge, byNumber = "geleverd_op < $1 ORDER BY geleverd_op", "geleverd_op IS NOT NULL AND nummer <= $1 ORDER BY nummer"
	before := value.At(l.db.now().Add(-deliveredBefore))
	for _, kind := range []struct {
		table string
		step  func(ctx context.Context, which string, arg any) (int64, error)
	}{{"verwerkingen", l.purgeLines}, {"getoonde_verwerkingen", l.purgeShown}} {
		n, err := steps(ctx, kind.step, byAge, before)
		if total += n; err == nil && most > 0 {
			var last int64
			if err = l.db.read.QueryRowContext(ctx, "SELECT COALESCE(max(nummer), 0) FROM "+kind.table).Scan(&last); err == nil && last > most {
				n, err = steps(ctx, kind.step, byNumber, last-most)
				total += n
			}
		}
		if err != nil {
			return total, translate("het logboek opruimen", err)
		}
	}
	return total, nil
}

// steps takes steps until there is nothing left.
func steps(ctx context.Context, step func(context.Context, string, any) (int64, error), which string, arg any) (total int64, err error) {
	for {
		begin := time.Now()
		n, err := step(ctx, which, arg)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
		select {
		case <-ctx.Done():
			return total, ctx.Err()
		case <-time.After(rests * time.Since(begin)):
		}
	}
}

func (l *Logboek) purgeLines(ctx context.Context, which string, arg any) (int64, error) {
	const remove = "DELETE FROM verwerkingen WHERE nummer IN (SELECT nummer FROM verwerkingen WHERE "
	return l.db.exec(ctx, remove+which+" LIMIT CAST($2 AS INTEGER))", arg, linesAtOnce)
}

// purgeShown removes some rows that stand for several lines, with their keys.
func (l *Logboek) purgeShown(ctx context.Context, which string, arg any) (n int64, err error) {
	const remove = "DELETE FROM getoonde_verwerkingen WHERE nummer IN (SELECT nummer FROM getoonde_verwerkingen WHERE "
	err = l.db.within(ctx, func(tx *transaction) error {
		rows, err := tx.QueryContext(ctx, remove+which+" LIMIT CAST($2 AS INTEGER)) RETURNING "+shownRow, arg, shownAtOnce)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		var keys []any
		for ; rows.Next(); n++ {
			var number int64
			var v logboek.Verwerking
			if err := scanShown(rows.Scan, &number, &v); err != nil {
				return err
			}
			keys = append(keys, keysOf(&v, number)...)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		return tx.eachPair(ctx, keys, &keyDeletes)
	})
	return n, err
}
