package opslag

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// countedWaiting is how many lines are counted at most: after a week without the
// logbook there can be millions, and more than this says nothing new.
const countedWaiting = 100_000

// Waiting is how many lines wait for the logbook, up to 100 000, and when the first
// of them was begun; the zero time when none waits.
func (l *Logboek) Waiting(ctx context.Context) (count int, since time.Time, err error) {
	const doing = "wachtende regels tellen"
	const lines = `SELECT (SELECT count(*) FROM (SELECT 1 FROM verwerkingen WHERE geleverd_op IS NULL LIMIT CAST($1 AS INTEGER)) AS wachtend) +
		(SELECT COALESCE(sum(aantal), 0) FROM (SELECT aantal FROM getoonde_verwerkingen WHERE geleverd_op IS NULL LIMIT CAST($1 AS INTEGER)) AS getoond)`
	if err := l.db.read.QueryRowContext(ctx, lines, countedWaiting).Scan(&count); err != nil || count == 0 {
		return 0, since, translate(doing, err)
	}
	for _, table := range []string{"verwerkingen", "getoonde_verwerkingen"} {
		var first value.DateTime
		err = l.db.read.QueryRowContext(ctx, "SELECT begonnen_op FROM "+table+" WHERE geleverd_op IS NULL ORDER BY nummer LIMIT 1").Scan(&first)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return 0, since, translate(doing, err)
		case since.IsZero() || first.Before(since):
			since = first.Time
		}
	}
	if since.IsZero() { // just gone
		return 0, since, nil
	}
	return min(count, countedWaiting), since, nil
}

// StandingSince counts the open zaken of a zaaktype that came at a step before a
// moment and go on, by the version of the process on which they stay; 0 for those
// that follow the one of today.
func (s *Zaken) StandingSince(ctx context.Context, zaaktype, step string, before time.Time) (map[int64]int, error) {
	const doing = "zaken over hun termijn tellen"
	const standing = `SELECT COALESCE(blijft_op_versie, 0), count(*) FROM zaken
		WHERE huidige_stap = $1 AND zaaktype = $2 AND einddatum IS NULL AND gewijzigd_op < $3 AND ` + goesOn + ` GROUP BY blijft_op_versie`
	rows, err := s.db.query(ctx, standing, step, zaaktype, value.At(before))
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := map[int64]int{}
	for rows.Next() {
		var version int64
		var count int
		if err := rows.Scan(&version, &count); err != nil {
			return nil, translate(doing, err)
		}
		all[version] = count
	}
	return all, translate(doing, rows.Err())
}
