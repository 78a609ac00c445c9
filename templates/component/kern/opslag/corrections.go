package opslag

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Correction says that an employee put the stored data of a zaak right, and why.
// What stood there and what came is not in it: that would keep the mistake.
type Correction struct {
	ID     string         `json:"id"`
	Zaak   string         `json:"zaak"`
	Time   value.DateTime `json:"tijdstip"`
	SetBy  string         `json:"gezetDoor"`
	Role   string         `json:"rol"`
	Fields []string       `json:"velden"`
	Reason string         `json:"reden"`
}

const correctionColumns = "id, zaak, gezet_op, gezet_door, rol, velden, reden"

// Corrections gives the corrections of the data of a zaak, oldest first.
func (s *Zaken) Corrections(ctx context.Context, zaak string) ([]Correction, error) {
	const doing = "correcties lezen"
	rows, err := s.db.query(ctx, "SELECT "+correctionColumns+" FROM correcties WHERE zaak = $1 ORDER BY gezet_op, id", zaak)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []Correction{}
	for rows.Next() {
		var c Correction
		var fields string
		if err := rows.Scan(&c.ID, &c.Zaak, &c.Time, &c.SetBy, &c.Role, &fields, &c.Reason); err != nil {
			return nil, translate(doing, err)
		}
		if json.Unmarshal([]byte(fields), &c.Fields) != nil {
			return nil, translate(doing, errors.New("de velden zijn geen lijst"))
		}
		all = append(all, c)
	}
	return all, translate(doing, rows.Err())
}

// Correct is Replace for a correction: the row, what was done and the lines of the
// log are stored together or not at all. A closed zaak can be corrected too.
func (t *Table[T]) Correct(ctx context.Context, row *T, c Correction, lines ...logboek.Verwerking) error {
	id, err := newID()
	if err != nil {
		return err
	}
	fields, err := json.Marshal(c.Fields)
	if err != nil {
		return err
	}
	if err := t.arrange(ctx); err != nil {
		return err
	}
	m := t.schema.Meta(row)
	m.ChangedAt = t.db.moment()
	var n int64
	err = t.db.within(ctx, func(tx *transaction) error {
		if len(t.files) > 0 {
			if err := t.bind(ctx, tx, row); err != nil {
				return err
			}
		}
		if n, err = tx.exec(ctx, t.correct, t.values(row)...); err != nil {
			return err
		}
		if n == 0 { // what was bound is let go
			return errUnchanged
		}
		const insert = "INSERT INTO correcties (" + correctionColumns + ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
		if _, err := tx.exec(ctx, insert, id, c.Zaak, m.ChangedAt, c.SetBy, c.Role, string(fields), c.Reason); err != nil {
			return err
		}
		return tx.logLines(ctx, lines)
	})
	if errors.Is(err, errUnchanged) {
		err = t.whyNot(ctx, m.ID, m.Version)
	}
	if err == nil {
		m.Version++
	}
	return translate("verbeteren in "+t.schema.Name, err)
}
