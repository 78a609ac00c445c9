package opslag

import (
	"context"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// ofZaak finds the lines of a zaak: those that name it, those that were done
// for the same action, and whatever was done for any of these. A line of
// another zaak is never among them. Lines that stand together in one row are found
// by a key ($2), or above all of them.
const ofZaak = `WITH RECURSIVE getoond AS (
		SELECT s.regel, g.trace, g.ouder, g.begonnen_op FROM getoonde_sleutels s JOIN getoonde_verwerkingen g ON g.nummer = s.regel / 512 WHERE s.sleutel = $2
	), genoemd (trace, span, ouder) AS (
		SELECT trace, span, ouder FROM verwerkingen WHERE zaak = $1
		UNION SELECT trace, NULL, ouder FROM getoond
	), boom (trace, span) AS (
		SELECT trace, span FROM genoemd WHERE span IS NOT NULL
		UNION SELECT v.trace, v.span FROM verwerkingen v JOIN genoemd g ON v.trace = g.trace AND v.ouder = g.ouder WHERE v.zaak IS NULL
		UNION SELECT v.trace, v.span FROM verwerkingen v JOIN boom b ON v.trace = b.trace AND v.ouder = b.span WHERE v.zaak IS NULL
	), mee AS (
		SELECT g.nummer, g.begonnen_op, g.aantal FROM getoonde_verwerkingen g JOIN boom b ON g.trace = b.trace AND g.ouder = b.span WHERE NOT g.met_zaak
		UNION SELECT g.nummer, g.begonnen_op, g.aantal FROM getoonde_verwerkingen g JOIN genoemd z ON g.trace = z.trace AND g.ouder = z.ouder WHERE NOT g.met_zaak
	), plaatsen (plaats) AS (
		SELECT 0 UNION ALL SELECT plaats + 1 FROM plaatsen WHERE plaats < (SELECT max(aantal) FROM mee) - 1
	), regels (samen, nummer, begonnen_op) AS (
		SELECT 0, nummer, begonnen_op FROM verwerkingen WHERE (trace, span) IN (SELECT trace, span FROM boom)
		UNION ALL SELECT 1, regel, begonnen_op FROM getoond
		UNION ALL SELECT 1, nummer * 512 + plaats, begonnen_op FROM mee JOIN plaatsen ON plaats < aantal
	) `

// List gives a page of the lines of a zaak, oldest first, and the number of all
// of them.
func (l *Logboek) List(ctx context.Context, zaak string, limit, offset int) ([]logboek.Verwerking, int, error) {
	const doing = "verwerkingen opsommen"
	const page = ofZaak + "SELECT samen, nummer, (SELECT count(*) FROM regels) FROM regels " +
		"ORDER BY begonnen_op, samen, nummer LIMIT CAST($3 AS INTEGER) OFFSET CAST($4 AS INTEGER)"
	found, count, err := l.spots(ctx, page, zaak, zaakKey(zaak), limit, offset)
	if err != nil {
		return nil, 0, translate(doing, err)
	}
	if len(found) == 0 && offset > 0 {
		err := l.db.read.QueryRowContext(ctx, ofZaak+"SELECT count(*) FROM regels", zaak, zaakKey(zaak)).Scan(&count)
		return []logboek.Verwerking{}, count, translate(doing, err)
	}
	lines, err := l.at(ctx, found)
	return lines, count, translate(doing, err)
}

// spot is where a line stands: in a row of its own or together with others.
type spot struct {
	together bool
	number   int64
}

// spots gives the places of a page of lines, and how many there are in all.
func (l *Logboek) spots(ctx context.Context, text string, args ...any) (all []spot, count int, err error) {
	rows, err := l.db.query(ctx, text, args...)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p spot
		var together int
		if err := rows.Scan(&together, &p.number, &count); err != nil {
			return nil, 0, err
		}
		p.together = together == 1
		all = append(all, p)
	}
	return all, count, rows.Err()
}

// at gives the lines of places, in that order. One that was removed meanwhile is
// left out.
func (l *Logboek) at(ctx context.Context, all []spot) ([]logboek.Verwerking, error) {
	var own, rows []any
	for _, p := range all {
		if !p.together {
			own = append(own, p.number)
		} else if row := p.number / perRow; !slices.Contains(rows, any(row)) {
			rows = append(rows, row)
		}
	}
	found := map[spot]logboek.Verwerking{}
	err := l.numbered(ctx, "SELECT "+lineColumns+", nummer FROM verwerkingen WHERE ", own, func(scan func(...any) error) error {
		var v logboek.Verwerking
		var number int64
		err := scanLine(scan, &v, &number)
		found[spot{false, number}] = v
		return err
	})
	if err != nil {
		return nil, err
	}
	err = l.numbered(ctx, "SELECT "+shownRow+" FROM getoonde_verwerkingen WHERE ", rows, func(scan func(...any) error) error {
		var v logboek.Verwerking
		var number int64
		if err := scanShown(scan, &number, &v); err != nil {
			return err
		}
		for i := range v.Shown {
			found[spot{true, shownLine(number, i)}] = v.Part(i)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	lines := make([]logboek.Verwerking, 0, len(all))
	for _, p := range all {
		if v, ok := found[p]; ok {
			lines = append(lines, v)
		}
	}
	return lines, nil
}

// numbered reads the rows with these numbers.
func (l *Logboek) numbered(ctx context.Context, text string, numbers []any, read func(scan func(...any) error) error) error {
	for some := range slices.Chunk(numbers, atOnce) {
		c := &condition{}
		c.oneOf("nummer", some)
		if err := l.each(ctx, text+c.parts[0], c.args, read); err != nil {
			return err
		}
	}
	return nil
}

// each reads rows. The text is one of many, so it is not kept.
func (l *Logboek) each(ctx context.Context, text string, args []any, read func(scan func(...any) error) error) error {
	rows, err := l.db.read.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// OfPerson gives the newest lines of the log about a person, or of what the person
// did for another, and those above them that say who did it: a line about a record
// stands under that of the action of an employee. Subjects are the pseudonyms of
// the person; zaken are those of the person, of which a line may name somebody
// else or nobody. Count is how many lines there are in all, without those above.
func (l *Logboek) OfPerson(ctx context.Context, subjects, zaken []string, limit, offset int) (lines []logboek.Verwerking, count int, err error) {
	const doing = "regels over een persoon"
	c := &condition{}
	text := aboutPerson(c, subjects, zaken[:min(len(zaken), 20*atOnce)])
	if err := l.db.read.QueryRowContext(ctx, text+"SELECT count(*) FROM regels", c.args...).Scan(&count); err != nil || count == 0 {
		return nil, count, translate(doing, err)
	}
	// UNION leaves out what was there: lines in a circle end too.
	text += ", eigen AS (SELECT samen, nummer, begonnen_op FROM regels ORDER BY begonnen_op DESC, samen DESC, nummer DESC LIMIT CAST(" + c.mark(limit) + " AS INTEGER) OFFSET CAST(" + c.mark(offset) + ` AS INTEGER)),
		boven (trace, span) AS (
			SELECT trace, span FROM verwerkingen WHERE nummer IN (SELECT nummer FROM eigen WHERE samen = 0)
			UNION SELECT trace, ouder FROM getoonde_verwerkingen WHERE ouder IS NOT NULL AND nummer IN (SELECT nummer / 512 FROM eigen WHERE samen = 1)
			UNION SELECT v.trace, v.ouder FROM verwerkingen v JOIN boven b ON v.trace = b.trace AND v.span = b.span WHERE v.ouder IS NOT NULL
		) SELECT 0, nummer, begonnen_op FROM verwerkingen WHERE (trace, span) IN (SELECT trace, span FROM boven)
		UNION ALL SELECT samen, nummer, begonnen_op FROM eigen WHERE samen = 1 ORDER BY 3 DESC, 1 DESC, 2 DESC`
	var found []spot
	err = l.each(ctx, text, c.args, func(scan func(...any) error) error {
		var p spot
		var together int
		err := scan(&together, &p.number, new(any))
		p.together = together == 1
		found = append(found, p)
		return err
	})
	if err == nil {
		lines, err = l.at(ctx, found)
	}
	return lines, count, translate(doing, err)
}

// aboutPerson is the beginning of a statement: the lines (regels) about a person or
// with one of these zaken. It is in parts, each with an index of its own: of the lines
// that are delivered there is one on the person, and the others are few.
func aboutPerson(c *condition, subjects, zaken []string) string {
	of := func(column string, values []any) string {
		c.oneOf(column, values)
		return c.parts[len(c.parts)-1]
	}
	const from = "SELECT nummer FROM verwerkingen WHERE "
	about := of("betrokkene", anys(subjects))
	own := from + "geleverd_op IS NOT NULL AND " + about + " UNION ALL " + from + "geleverd_op IS NULL AND " + about +
		" UNION ALL " + from + of("gemachtigde", anys(subjects))
	if len(zaken) > 0 {
		own += " UNION ALL " + from + of("zaak", anys(zaken))
	}
	keys := make([]any, 0, len(subjects)+len(zaken))
	for _, s := range subjects {
		keys = append(keys, personKey(s))
	}
	for _, z := range zaken {
		keys = append(keys, zaakKey(z))
	}
	return "WITH RECURSIVE regels AS (SELECT 0 AS samen, nummer, begonnen_op FROM verwerkingen WHERE nummer IN (" + own + `)
		UNION ALL SELECT 1, s.regel, g.begonnen_op FROM (SELECT DISTINCT regel FROM getoonde_sleutels WHERE ` + of("sleutel", keys) + `) s
			JOIN getoonde_verwerkingen g ON g.nummer = s.regel / 512) `
}
