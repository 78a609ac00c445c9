package opslag

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Logboek is the queue from which lines are delivered.
var _ logboek.Queue = (*Logboek)(nil)

const (
	deliverer = "logboek" // the only row of logboekbezorgers

	// waiting are the lines that can go: ended, and not put off.
	waiting = " FROM verwerkingen WHERE geleverd_op IS NULL AND geeindigd_op IS NOT NULL AND (bezorgen_vanaf IS NULL OR bezorgen_vanaf <= $1)"
	// What stands for several lines has ended.
	waitingShown = " WHERE geleverd_op IS NULL AND (bezorgen_vanaf IS NULL OR bezorgen_vanaf <= $1)"

	// One process delivers at a time, so that the lines of a trace go in order.
	// Whoever has the turn keeps it; another one gets it when its time is over.
	takeTurn = `INSERT INTO logboekbezorgers (naam, houder, tot) VALUES ($1, $2, $3) ON CONFLICT (naam) DO UPDATE SET houder = excluded.houder, tot = excluded.tot
		WHERE logboekbezorgers.houder = excluded.houder OR logboekbezorgers.tot < $4`
)

// Take implements logboek.Queue.
func (l *Logboek) Take(ctx context.Context, owner string, turn time.Duration, limit int) ([]logboek.Line, error) {
	const doing = "regels voor het logboek nemen"
	now := l.db.now()
	var waits bool
	if err := l.db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1"+waiting+") OR EXISTS (SELECT 1 FROM getoonde_verwerkingen"+waitingShown+")", value.At(now)).Scan(&waits); err != nil || !waits {
		return nil, translate(doing, err)
	}
	n, err := l.db.exec(ctx, takeTurn, deliverer, owner, value.At(now.Add(turn)), value.At(now))
	if err != nil || n == 0 {
		return nil, translate(doing, err)
	}
	rows, err := l.db.query(ctx, "SELECT "+lineColumns+", nummer, versie, geweigerd"+waiting+" ORDER BY nummer LIMIT CAST($2 AS INTEGER)", value.At(now), limit)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	var all []logboek.Line
	for rows.Next() {
		var r logboek.Line
		if err := scanLine(rows.Scan, &r.Verwerking, &r.Number, &r.Version, &r.Refused); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, translate(doing, err)
	}
	shown, err := l.takeShown(ctx, value.At(now), limit)
	return append(all, shown...), translate(doing, err)
}

// Delivered implements logboek.Queue. A line that was changed meanwhile goes
// once more.
func (l *Logboek) Delivered(ctx context.Context, lines []logboek.Line) error {
	now := l.db.moment()
	for some := range slices.Chunk(lines, markedAtOnce) {
		var own, several strings.Builder
		args, shown := []any{now}, []any{now}
		or := func(b *strings.Builder) {
			if b.Len() > 0 {
				b.WriteString(" OR ")
			}
		}
		for _, r := range some {
			if forSeveral(r.Verwerking) {
				or(&several)
				shown = append(shown, r.Number)
				several.WriteString("nummer = $" + strconv.Itoa(len(shown)))
				continue
			}
			or(&own)
			args = append(args, r.Number, r.Version)
			own.WriteString("nummer = $" + strconv.Itoa(len(args)-1) + " AND versie = $" + strconv.Itoa(len(args)))
		}
		err := l.db.within(ctx, func(tx *transaction) error {
			if err := tx.mark(ctx, "verwerkingen", own.String(), args); err != nil {
				return err
			}
			return tx.mark(ctx, "getoonde_verwerkingen", several.String(), shown)
		})
		if err != nil {
			return translate("regels als geleverd merken", err)
		}
	}
	return nil
}

// markedAtOnce is how many lines are marked in one transaction: on SQLite whoever
// writes waits for it.
const markedAtOnce = 100

func (t *transaction) mark(ctx context.Context, table, where string, args []any) error {
	if where == "" {
		return nil
	}
	_, err := t.exec(ctx, "UPDATE "+table+" SET geleverd_op = $1 WHERE "+where, args...)
	return err
}

// Refused implements logboek.Queue.
func (l *Logboek) Refused(ctx context.Context, r logboek.Line, later time.Duration) error {
	table := "verwerkingen"
	if forSeveral(r.Verwerking) {
		table = "getoonde_verwerkingen"
	}
	_, err := l.db.exec(ctx, "UPDATE "+table+" SET geweigerd = geweigerd + 1, bezorgen_vanaf = $1 WHERE nummer = $2", value.At(l.db.now().Add(later)), r.Number)
	return translate("een geweigerde regel bewaren", err)
}

// Interrupt implements logboek.Queue.
func (l *Logboek) Interrupt(ctx context.Context, begunBefore time.Duration) (int64, error) {
	const end = "UPDATE verwerkingen SET geeindigd_op = $1, status = '" + string(logboek.Error) + "', fout = '" + logboek.Interrupted + "', versie = versie + 1 " +
		"WHERE geleverd_op IS NULL AND geeindigd_op IS NULL AND begonnen_op < $2"
	now := l.db.now()
	n, err := l.db.exec(ctx, end, value.At(now), value.At(now.Add(-begunBefore)))
	return n, translate("onderbroken regels sluiten", err)
}

// Release implements logboek.Queue.
func (l *Logboek) Release(ctx context.Context, owner string) error {
	_, err := l.db.exec(ctx, "DELETE FROM logboekbezorgers WHERE naam = $1 AND houder = $2", deliverer, owner)
	return translate("het bezorgen overdragen", err)
}
