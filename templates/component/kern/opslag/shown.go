package opslag

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// What a list showed is one row (logboek.Verwerking.Shown), and in an index of its
// own a number for each zaak and each person, with which it is found again. Of these
// lines there are most, and as rows of verwerkingen they were most of the work of a
// list and most of the file.

// perRow is how many lines a row may stand for, in the numbers of its lines.
const perRow = 512

// shownLine is the number of a line that a row stands for.
func shownLine(row int64, place int) int64 { return row*perRow + int64(place) }

const (
	insertShown = "INSERT INTO getoonde_verwerkingen (trace, span, ouder, begonnen_op, aantal, met_zaak, inhoud) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (trace, span) DO NOTHING RETURNING nummer"
	shownRow    = "nummer, trace, span, ouder, begonnen_op, inhoud"
)

// storeShown stores lines that stand for several. One that is there already is left
// as it is: it was complete.
func (t *transaction) storeShown(ctx context.Context, lines []logboek.Verwerking) error {
	for i := range lines {
		v := &lines[i]
		content, err := packed(v)
		if err != nil {
			return err
		}
		var number int64
		err = t.row(ctx, insertShown, v.TraceID, v.SpanID, orNull(v.ParentID), value.At(v.Begin), len(v.Shown), v.Shown[0].Zaak != "", content).Scan(&number)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		if err := t.eachPair(ctx, keysOf(v, number), &keyInserts); err != nil {
			return err
		}
	}
	return nil
}

// pairs are texts of a statement for 1, 2, 4 … 64 pairs of a key and a line.
type pairs [7]string

var (
	keyInserts = newPairs("INSERT INTO getoonde_sleutels (sleutel, regel) VALUES ", "(", ", ", ")", ", ")
	keyDeletes = newPairs("DELETE FROM getoonde_sleutels WHERE ", "sleutel = ", " AND regel = ", "", " OR ")
)

func newPairs(begin, open, between, closing, separator string) (texts pairs) {
	for size := range texts {
		all := make([]string, 1<<size)
		for i := range all {
			all[i] = open + "$" + strconv.Itoa(2*i+1) + between + "$" + strconv.Itoa(2*i+2) + closing
		}
		texts[size] = begin + strings.Join(all, separator)
	}
	return texts
}

func (t *transaction) eachPair(ctx context.Context, all []any, texts *pairs) error {
	for size := len(texts) - 1; len(all) > 0; {
		for 2<<size > len(all) {
			size--
		}
		if _, err := t.exec(ctx, texts[size], all[:2<<size]...); err != nil {
			return err
		}
		all = all[2<<size:]
	}
	return nil
}

// keysOf are the keys by which the lines of a row are found, each with its line, in
// the order of the index.
func keysOf(v *logboek.Verwerking, number int64) []any {
	type pair struct{ key, line int64 }
	all := make([]pair, 0, 2*len(v.Shown))
	for i, of := range v.Shown {
		if of.Zaak != "" {
			all = append(all, pair{zaakKey(of.Zaak), shownLine(number, i)})
		}
		if of.DataSubject != "" {
			all = append(all, pair{personKey(of.DataSubject), shownLine(number, i)})
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		if a.key < b.key || a.key == b.key && a.line < b.line {
			return -1
		}
		return 1
	})
	flat := make([]any, 0, 2*len(all))
	for _, p := range all {
		flat = append(flat, p.key, p.line)
	}
	return flat
}

// zaakKey and personKey are 63 bits of a hash: small, and the same text gives the
// same. Among a thousand million of them the chance that a text finds a line of
// another is one to nine thousand million, and nobody can choose these texts: an id
// is given out by us, and a pseudonym needs the key.
func zaakKey(id string) int64          { return key63("zaak\x00" + id) }
func personKey(pseudonym string) int64 { return key63("betrokkene\x00" + pseudonym) }

func key63(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1) // #nosec G115 -- One bit is shifted out.
}

// takeShown reads the rows for several lines that can go: one at least, and not
// many more lines than that.
func (l *Logboek) takeShown(ctx context.Context, now value.DateTime, limit int) (all []logboek.Line, err error) {
	const text = "SELECT " + shownRow + ", geweigerd FROM getoonde_verwerkingen" + waitingShown + " ORDER BY nummer LIMIT CAST($2 AS INTEGER)"
	rows, err := l.db.query(ctx, text, now, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for lines := 0; lines < limit && rows.Next(); {
		var r logboek.Line
		if err := scanShown(rows.Scan, &r.Number, &r.Verwerking, &r.Refused); err != nil {
			return nil, err
		}
		lines += len(r.Shown)
		all = append(all, r)
	}
	return all, rows.Err()
}

// scanShown reads a row that stands for several lines, and what stands behind its
// columns.
func scanShown(scan func(...any) error, number *int64, v *logboek.Verwerking, more ...any) error {
	var trace, span, parent string
	var begin value.DateTime
	var content []byte
	if err := scan(append([]any{number, &trace, &span, Text(&parent), &begin, &content}, more...)...); err != nil {
		return err
	}
	if err := unpacked(content, v); err != nil {
		return err
	}
	v.TraceID, v.SpanID, v.ParentID, v.Begin = trace, span, parent, begin.Time
	return nil
}
