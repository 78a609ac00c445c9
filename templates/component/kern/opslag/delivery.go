package opslag

import (
	"context"
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
	if err := l.db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1"+waiting+")", value.At(now)).Scan(&waits); err != nil || !waits {
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
	return all, translate(doing, rows.Err())
}

// Delivered implements logboek.Queue. A line that was changed meanwhile goes
// once more.
func (l *Logboek) Delivered(ctx context.Context, lines []logboek.Line) error {
	now := l.db.moment()
	err := l.db.within(ctx, func(tx *transaction) error {
		for len(lines) > 0 {
			n := min(len(lines), 100)
			var where strings.Builder
			args := []any{now}
			for i, r := range lines[:n] {
				if i > 0 {
					where.WriteString(" OR ")
				}
				args = append(args, r.Number, r.Version)
				where.WriteString("nummer = $" + strconv.Itoa(len(args)-1) + " AND versie = $" + strconv.Itoa(len(args)))
			}
			if _, err := tx.exec(ctx, "UPDATE verwerkingen SET geleverd_op = $1 WHERE "+where.String(), args...); err != nil {
				return err
			}
			lines = lines[n:]
		}
		return nil
	})
	return translate("regels als geleverd merken", err)
}

// Refused implements logboek.Queue.
func (l *Logboek) Refused(ctx context.Context, r logboek.Line, later time.Duration) error {
	_, err := l.db.exec(ctx, "UPDATE verwerkingen SET geweigerd = geweigerd + 1, bezorgen_vanaf = $1 WHERE nummer = $2", value.At(l.db.now().Add(later)), r.Number)
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

// Purge implements logboek.Queue. It takes small steps, so that nobody has to
// wait long.
func (l *Logboek) Purge(ctx context.Context, deliveredBefore time.Duration) (int64, error) {
	const remove = "DELETE FROM verwerkingen WHERE nummer IN (SELECT nummer FROM verwerkingen WHERE geleverd_op < $1 LIMIT 1000)"
	before := value.At(l.db.now().Add(-deliveredBefore))
	for total := int64(0); ; {
		n, err := l.db.exec(ctx, remove, before)
		total += n
		if err != nil || n < 1000 {
			return total, translate("het logboek opruimen", err)
		}
	}
}

// Release implements logboek.Queue.
func (l *Logboek) Release(ctx context.Context, owner string) error {
	_, err := l.db.exec(ctx, "DELETE FROM logboekbezorgers WHERE naam = $1 AND houder = $2", deliverer, owner)
	return translate("het bezorgen overdragen", err)
}
