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
var _ logboek.Wachtrij = (*Logboek)(nil)

const (
	bezorger = "logboek" // the only row of logboekbezorgers

	// waiting are the lines that can go: ended, and not put off.
	waiting = " FROM verwerkingen WHERE geleverd_op IS NULL AND geeindigd_op IS NOT NULL AND (bezorgen_vanaf IS NULL OR bezorgen_vanaf <= $1)"

	// One process delivers at a time, so that the lines of a trace go in order.
	// Whoever has the turn keeps it; another one gets it when its time is over.
	takeTurn = `INSERT INTO logboekbezorgers (naam, houder, tot) VALUES ($1, $2, $3) ON CONFLICT (naam) DO UPDATE SET houder = excluded.houder, tot = excluded.tot
		WHERE logboekbezorgers.houder = excluded.houder OR logboekbezorgers.tot < $4`
)

// Neem implements logboek.Wachtrij.
func (l *Logboek) Neem(ctx context.Context, wie string, tot time.Duration, aantal int) ([]logboek.Regel, error) {
	const doing = "regels voor het logboek nemen"
	now := l.db.now()
	var waits bool
	if err := l.db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1"+waiting+")", value.At(now)).Scan(&waits); err != nil || !waits {
		return nil, translate(doing, err)
	}
	n, err := l.db.exec(ctx, takeTurn, bezorger, wie, value.At(now.Add(tot)), value.At(now))
	if err != nil || n == 0 {
		return nil, translate(doing, err)
	}
	rows, err := l.db.query(ctx, "SELECT "+lineColumns+", nummer, versie, geweigerd"+waiting+" ORDER BY nummer LIMIT CAST($2 AS INTEGER)", value.At(now), aantal)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	var all []logboek.Regel
	for rows.Next() {
		var r logboek.Regel
		if err := scanLine(rows.Scan, &r.Verwerking, &r.Nummer, &r.Versie, &r.Geweigerd); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, r)
	}
	return all, translate(doing, rows.Err())
}

// Geleverd implements logboek.Wachtrij. A line that was changed meanwhile goes
// once more.
func (l *Logboek) Geleverd(ctx context.Context, lines []logboek.Regel) error {
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
				args = append(args, r.Nummer, r.Versie)
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

// Geweigerd implements logboek.Wachtrij.
func (l *Logboek) Geweigerd(ctx context.Context, r logboek.Regel, later time.Duration) error {
	_, err := l.db.exec(ctx, "UPDATE verwerkingen SET geweigerd = geweigerd + 1, bezorgen_vanaf = $1 WHERE nummer = $2", value.At(l.db.now().Add(later)), r.Nummer)
	return translate("een geweigerde regel bewaren", err)
}

// Sluit implements logboek.Wachtrij.
func (l *Logboek) Sluit(ctx context.Context, begonnenVoor time.Duration) (int64, error) {
	const end = "UPDATE verwerkingen SET geeindigd_op = $1, status = '" + string(logboek.Error) + "', fout = '" + logboek.Onderbroken + "', versie = versie + 1 " +
		"WHERE geleverd_op IS NULL AND geeindigd_op IS NULL AND begonnen_op < $2"
	now := l.db.now()
	n, err := l.db.exec(ctx, end, value.At(now), value.At(now.Add(-begonnenVoor)))
	return n, translate("onderbroken regels sluiten", err)
}

// Ruim implements logboek.Wachtrij. It takes small steps, so that nobody has to
// wait long.
func (l *Logboek) Ruim(ctx context.Context, geleverdVoor time.Duration) (int64, error) {
	const remove = "DELETE FROM verwerkingen WHERE nummer IN (SELECT nummer FROM verwerkingen WHERE geleverd_op < $1 LIMIT 1000)"
	before := value.At(l.db.now().Add(-geleverdVoor))
	for total := int64(0); ; {
		n, err := l.db.exec(ctx, remove, before)
		total += n
		if err != nil || n < 1000 {
			return total, translate("het logboek opruimen", err)
		}
	}
}

// Vrij implements logboek.Wachtrij.
func (l *Logboek) Vrij(ctx context.Context, wie string) error {
	_, err := l.db.exec(ctx, "DELETE FROM logboekbezorgers WHERE naam = $1 AND houder = $2", bezorger, wie)
	return translate("het bezorgen overdragen", err)
}
