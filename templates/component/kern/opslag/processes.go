package opslag

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Definition is a process under which zaken can have begun.
type Definition struct {
	Version int64          `json:"versie"`  // 1 for the first of its zaaktype
	Sum     string         `json:"kenmerk"` // of what it does: the same sum is the same process
	BPMN    string         `json:"bpmn,omitempty"`
	Seen    value.DateTime `json:"gezienOp"`
}

// OpenAt counts open zaken that stand at the same step under the same process.
type OpenAt struct {
	Step  string `json:"stap"`
	Began int64  `json:"begonnen"` // version under which they began; 0 when it is not known
	Stays int64  `json:"blijft"`   // version on which they stay; 0 when they follow the process of today
	Count int    `json:"aantal"`
}

// OtherType counts the zaken of another zaaktype.
type OtherType struct {
	Zaaktype string `json:"zaaktype"`
	Count    int    `json:"aantal"`
	Ours     bool   `json:"eigen"` // a process with this name ran here
}

// ErrNoProcess says that there is no process with this version.
var ErrNoProcess = errors.New("gegevens: die versie van het proces is er niet")

// turnOfProcesses makes those who store a definition, or move zaken for one, wait
// for each other: several replicas start at the same moment.
const turnOfProcesses = "processen"

// Definitions gives the processes of a zaaktype without their text, the first one
// first.
func (s *Zaken) Definitions(ctx context.Context, zaaktype string) ([]Definition, error) {
	const doing = "procesdefinities lezen"
	rows, err := s.db.query(ctx, "SELECT versie, kenmerk, gezien_op FROM procesdefinities WHERE zaaktype = $1 ORDER BY versie", zaaktype)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []Definition{}
	for rows.Next() {
		var d Definition
		if err := rows.Scan(&d.Version, &d.Sum, &d.Seen); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, d)
	}
	return all, translate(doing, rows.Err())
}

// Definition gives one version with its text.
func (s *Zaken) Definition(ctx context.Context, zaaktype string, version int64) (d Definition, err error) {
	err = s.db.read.QueryRowContext(ctx, "SELECT versie, kenmerk, bpmn, gezien_op FROM procesdefinities WHERE zaaktype = $1 AND versie = $2", zaaktype, version).
		Scan(&d.Version, &d.Sum, &d.BPMN, &d.Seen)
	return d, translate("een procesdefinitie lezen", err)
}

// Define gives a process its version: the one that it has, or the next. Zaken
// from before versions were kept get the first one, when it has their step. The
// text is kept as it was seen last: titles may change within a version.
func (s *Zaken) Define(ctx context.Context, zaaktype string, d Definition, steps []string) (version int64, err error) {
	err = s.db.within(ctx, func(tx *transaction) error {
		if err := tx.wait(ctx, s.db.dialect.turn, turnOfProcesses); err != nil {
			return err
		}
		const known = "UPDATE procesdefinities SET bpmn = $1 WHERE zaaktype = $2 AND kenmerk = $3 RETURNING versie"
		err := tx.QueryRowContext(ctx, known, d.BPMN, zaaktype, d.Sum).Scan(&version)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(max(versie), 0) + 1 FROM procesdefinities WHERE zaaktype = $1", zaaktype).Scan(&version); err != nil {
			return err
		}
		const insert = "INSERT INTO procesdefinities (zaaktype, versie, kenmerk, bpmn, gezien_op) VALUES ($1, $2, $3, $4, $5)"
		if _, err := tx.exec(ctx, insert, zaaktype, version, d.Sum, d.BPMN, s.db.moment()); err != nil || version > 1 {
			return err
		}
		for some := range slices.Chunk(steps, atOnce) {
			c := &condition{}
			mark, kind := c.mark(version), c.mark(zaaktype)
			c.oneOf("huidige_stap", anys(some))
			if _, err := tx.exec(ctx, "UPDATE zaken SET procesversie = "+mark+" WHERE procesversie IS NULL AND zaaktype = "+kind+" AND "+c.parts[0], c.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return version, translate("een procesdefinitie bewaren", err)
}

// versionOf is the version under which a new zaak begins: the one that is said,
// when it is there, and otherwise the newest. 0 when there is none yet.
func (s *Zaken) versionOf(ctx context.Context, zaaktype string, said int64) (version int64, err error) {
	key := fmt.Sprintf("%s\x00%d", zaaktype, said)
	if _, known := s.versions.Load(key); known && said > 0 {
		return said, nil
	}
	text, args := "SELECT COALESCE(max(versie), 0) FROM procesdefinities WHERE zaaktype = $1", []any{zaaktype}
	if said > 0 {
		text, args = text+" AND versie = $2", append(args, said)
	}
	err = s.db.row(ctx, text, args...).Scan(&version)
	switch {
	case err != nil:
		return 0, translate("de versie van een proces", err)
	case said > 0 && version == 0:
		return 0, ErrNoProcess
	case said > 0:
		s.versions.Store(key, true) // a definition never goes away
	}
	return version, nil
}

// OpenSteps says at which steps open zaken of a zaaktype stand.
func (s *Zaken) OpenSteps(ctx context.Context, zaaktype string) ([]OpenAt, error) {
	const doing = "zaken per stap"
	const count = `SELECT huidige_stap, COALESCE(procesversie, 0), COALESCE(blijft_op_versie, 0), count(*) FROM zaken
		WHERE einddatum IS NULL AND zaaktype = $1 GROUP BY huidige_stap, procesversie, blijft_op_versie ORDER BY 1, 2, 3`
	rows, err := s.db.read.QueryContext(ctx, count, zaaktype)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []OpenAt{}
	for rows.Next() {
		var at OpenAt
		if err := rows.Scan(&at.Step, &at.Began, &at.Stays, &at.Count); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, at)
	}
	return all, translate(doing, rows.Err())
}

// OtherTypes counts the zaken, closed ones too, of other zaaktypes than this one.
func (s *Zaken) OtherTypes(ctx context.Context, zaaktype string) ([]OtherType, error) {
	const doing = "zaken van een ander zaaktype"
	const count = `SELECT zaaktype, count(*), zaaktype IN (SELECT zaaktype FROM procesdefinities) FROM zaken WHERE zaaktype <> $1 GROUP BY zaaktype ORDER BY zaaktype`
	rows, err := s.db.read.QueryContext(ctx, count, zaaktype)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []OtherType{}
	for rows.Next() {
		var o OtherType
		if err := rows.Scan(&o.Zaaktype, &o.Count, &o.Ours); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, o)
	}
	return all, translate(doing, rows.Err())
}

// Transition is what a change of the process does with the open zaken at a step.
type Transition struct {
	Zaaktype string
	From, To string
	Text     string // for the history
	// Stays, when it is not 0, is the version on which zaken that began under
	// Began (0: not known) stay from now on. They do not move then, and To and
	// Text do not count.
	Stays, Began int64
}

// Moved is a zaak that a Transition was about.
type Moved struct{ ID, Initiator string }

// Carry applies a transition to at most so many zaken, in no order (to sort very
// many for each call would take most of the time), and gives them. Line makes their lines for the log of processing, which are stored
// with it or nothing is. A zaak of which the processing stands still is left
// alone: it goes along when that is lifted.
func (s *Zaken) Carry(ctx context.Context, tr Transition, most int, line func(Moved) logboek.Verwerking) ([]Moved, error) {
	const doing = "zaken overzetten"
	now := s.db.moment()
	var all []Moved
	err := s.db.within(ctx, func(tx *transaction) error {
		if err := tx.wait(ctx, s.db.dialect.turn, turnOfProcesses); err != nil {
			return err
		}
		var err error
		var statuses []Status
		var numbers []int64
		if all, statuses, numbers, err = tr.apply(ctx, tx, most, now); err != nil {
			return err
		}
		for i := range statuses {
			if err := statuses[i].insert(ctx, tx, numbers[i]); err != nil {
				return err
			}
		}
		var lines []logboek.Verwerking
		for _, m := range all {
			lines = append(lines, line(m))
		}
		return tx.logLines(ctx, lines)
	})
	if err != nil {
		return nil, translate(doing, err)
	}
	return all, nil
}

// apply changes the zaken themselves, and gives their new statuses with the
// numbers of those.
func (tr Transition) apply(ctx context.Context, tx *transaction, most int, now value.DateTime) (all []Moved, statuses []Status, numbers []int64, err error) {
	c := &condition{}
	set := "blijft_op_versie = " + c.mark(nullable(tr.Stays))
	if tr.Stays == 0 {
		set += ", huidige_stap = " + c.mark(tr.To) + ", gewijzigd_op = " + c.mark(now) + ", versie = versie + 1"
	}
	which := "zaaktype = " + c.mark(tr.Zaaktype) + " AND huidige_stap = " + c.mark(tr.From) + " AND einddatum IS NULL AND " + goesOn
	if tr.Stays != 0 {
		which += " AND blijft_op_versie IS NULL AND COALESCE(procesversie, 0) = " + c.mark(tr.Began)
	}
	text := "UPDATE zaken SET " + set + " WHERE " + which + " AND id IN (SELECT id FROM zaken WHERE " + which +
		" LIMIT CAST(" + c.mark(most) + " AS INTEGER)) RETURNING id, versie, initiator"
	rows, err := tx.QueryContext(ctx, text, c.args...)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var m Moved
		var version int64
		if err := rows.Scan(&m.ID, &version, Text(&m.Initiator)); err != nil {
			return nil, nil, nil, err
		}
		all = append(all, m)
		if tr.Stays == 0 {
			statuses = append(statuses, Status{Zaak: m.ID, Statustype: tr.To, DatumStatusGezet: now, Statustoelichting: tr.Text, Kind: StatusTransition})
			numbers = append(numbers, version)
		}
	}
	return all, statuses, numbers, rows.Err()
}

// number is a number that may be absent: 0 in Go, NULL in the database.
type number int64

// Scan implements sql.Scanner.
func (n *number) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*n = 0
	case int64:
		*n = number(v)
	default:
		return fmt.Errorf("gegevens: een getal is niet te lezen uit %T", src)
	}
	return nil
}

// nullable is a version as it is stored: 0 is none.
func nullable(version int64) any {
	if version == 0 {
		return nil
	}
	return version
}
