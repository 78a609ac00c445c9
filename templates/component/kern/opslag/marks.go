package opslag

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The kinds of marks on a zaak. Each of them keeps the zaak from being destroyed;
// the last two stop its processing as well.
const (
	MarkHold        = "bewaren"   // needed for something else, such as a case in court
	MarkRestriction = "beperking" // AVG article 18
	MarkObjection   = "bezwaar"   // AVG article 21
)

// What can be the matter with a mark, or with a zaak that has one.
var (
	ErrMarked  = errors.New("gegevens: die markering staat al op de zaak")
	ErrStopped = errors.New("gegevens: de verwerking van de zaak staat stil")
)

// goesOn is the condition of SQL on a zaak of which the processing is not
// stopped: at most a hold is on it.
const goesOn = "(markeringen IS NULL OR markeringen = '" + MarkHold + "')"

// Mark is a mark on a zaak. When it was lifted it says that too.
type Mark struct {
	ID       string          `json:"id"`
	Zaak     string          `json:"zaak"`
	Kind     string          `json:"soort"`
	Reason   string          `json:"reden"`
	Since    value.DateTime  `json:"sinds"`
	SetBy    string          `json:"gezetDoor"`
	LiftedAt *value.DateTime `json:"opgehevenOp,omitempty"`
	LiftedBy string          `json:"opgehevenDoor,omitempty"`
}

// NewMark is what a caller says to set a mark.
type NewMark struct {
	Kind   string `json:"soort"`
	Reason string `json:"reden"`
	SetBy  string `json:"gezetDoor"`
}

// Marks are the kinds of marks that are on a zaak now, in one column.
type Marks []string

// Scan implements sql.Scanner.
func (m *Marks) Scan(src any) error {
	var all nullText
	if err := all.Scan(src); err != nil {
		return err
	}
	*m = nil
	if all != "" {
		*m = strings.Split(string(all), ",")
	}
	return nil
}

// Value implements driver.Valuer.
func (m Marks) Value() (driver.Value, error) {
	if len(m) == 0 {
		return nil, nil
	}
	return strings.Join(m, ","), nil
}

const markColumns = "id, zaak, soort, reden, sinds, gezet_door, opgeheven_op, opgeheven_door"

// Marks gives the marks that a zaak has and had, oldest first.
func (s *Zaken) Marks(ctx context.Context, zaak string) ([]Mark, error) {
	const doing = "markeringen lezen"
	rows, err := s.db.query(ctx, "SELECT "+markColumns+" FROM markeringen WHERE zaak = $1 ORDER BY sinds, id", zaak)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []Mark{}
	for rows.Next() {
		var m Mark
		if err := rows.Scan(&m.ID, &m.Zaak, &m.Kind, &m.Reason, &m.Since, &m.SetBy, &m.LiftedAt, Text(&m.LiftedBy)); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, m)
	}
	return all, translate(doing, rows.Err())
}

// SetMark puts a mark on a zaak, open or closed. A kind that is on it already is
// ErrMarked.
func (s *Zaken) SetMark(ctx context.Context, zaak string, n NewMark) (*Mark, error) {
	m := &Mark{Zaak: zaak, Kind: n.Kind, Reason: n.Reason, Since: s.db.moment(), SetBy: n.SetBy}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	m.ID = id
	err = s.changeMarks(ctx, zaak, func(tx *transaction) error {
		const insert = `INSERT INTO markeringen (id, zaak, soort, reden, sinds, gezet_door) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (zaak, soort) WHERE opgeheven_op IS NULL DO NOTHING`
		n, err := tx.exec(ctx, insert, m.ID, zaak, m.Kind, m.Reason, m.Since, m.SetBy)
		if err == nil && n == 0 {
			err = ErrMarked
		}
		return err
	})
	if err != nil {
		return nil, translate("een markering zetten", err)
	}
	return m, nil
}

// LiftMark takes a mark off a zaak; that it was there stays written. A kind that
// is not on it is ErrNotFound.
func (s *Zaken) LiftMark(ctx context.Context, zaak, kind, by string) error {
	err := s.changeMarks(ctx, zaak, func(tx *transaction) error {
		const lift = "UPDATE markeringen SET opgeheven_op = $1, opgeheven_door = $2 WHERE zaak = $3 AND soort = $4 AND opgeheven_op IS NULL"
		n, err := tx.exec(ctx, lift, s.db.moment(), by, zaak, kind)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		return err
	})
	return translate("een markering opheffen", err)
}

// changeMarks changes the marks of a zaak, and the column of the zaak with what
// is on it now. Touching the zaak first makes two changes wait for each other,
// and whoever moves or destroys the zaak meanwhile.
func (s *Zaken) changeMarks(ctx context.Context, zaak string, change func(*transaction) error) error {
	return s.db.within(ctx, func(tx *transaction) error {
		n, err := tx.exec(ctx, "UPDATE zaken SET markeringen = markeringen WHERE id = $1", zaak)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		now, err := marksNow(ctx, tx, zaak)
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, "UPDATE zaken SET markeringen = $1 WHERE id = $2", now, zaak)
		return err
	})
}

func marksNow(ctx context.Context, tx *transaction, zaak string) (now Marks, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT soort FROM markeringen WHERE zaak = $1 AND opgeheven_op IS NULL ORDER BY soort", zaak)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			return nil, fmt.Errorf("gegevens: markeringen: %w", err)
		}
		now = append(now, kind)
	}
	return now, rows.Err()
}
