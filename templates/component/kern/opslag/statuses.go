package opslag

import (
	"context"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Status is a step that a zaak came to. Outcome is that of the step before.
type Status struct {
	ID                string         `json:"id"`
	Zaak              string         `json:"zaak"`
	Statustype        string         `json:"statustype"`
	DatumStatusGezet  value.DateTime `json:"datumStatusGezet"`
	Outcome           string         `json:"uitkomst,omitempty"`
	Statustoelichting string         `json:"statustoelichting,omitempty"`
	SetBy             string         `json:"gezetDoor,omitempty"`
	Kind              string         `json:"soort,omitempty"` // StatusTransition, or "" for a step that was done
}

// StatusTransition is the kind of a status that came of a change of the process:
// the step before it was not done, it was there no more.
const StatusTransition = "overgang"

// NewStatus moves a zaak to a step. With a Resultaat that is the last one.
type NewStatus struct {
	Statustype        string `json:"statustype"`
	Outcome           string `json:"uitkomst"`
	Statustoelichting string `json:"statustoelichting"`
	SetBy             string `json:"gezetDoor"`
	Resultaat         string `json:"resultaat"`
}

const (
	statusColumns = "id, zaak, statustype, datum_status_gezet, uitkomst, statustoelichting, gezet_door, soort"
	readStatuses  = "SELECT " + statusColumns + " FROM statussen WHERE zaak = $1 ORDER BY volgnummer"
	readStatus    = "SELECT " + statusColumns + " FROM statussen WHERE id = $1"
)

func (s *Status) targets() []any {
	return []any{&s.ID, &s.Zaak, &s.Statustype, &s.DatumStatusGezet, Text(&s.Outcome), Text(&s.Statustoelichting), Text(&s.SetBy), Text(&s.Kind)}
}

// insert stores a status. Its number is the version of the zaak, which no two
// statuses of one zaak share.
func (s *Status) insert(ctx context.Context, tx *transaction, number int64) (err error) {
	if s.ID == "" {
		if s.ID, err = newID(); err != nil {
			return err
		}
	}
	const insert = "INSERT INTO statussen (" + statusColumns + ", volgnummer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	_, err = tx.exec(ctx, insert, append(s.targets(), number)...)
	return err
}

// Statuses gives the history of a zaak, oldest first.
func (s *Zaken) Statuses(ctx context.Context, zaak string) ([]Status, error) {
	rows, err := s.db.query(ctx, readStatuses, zaak)
	if err != nil {
		return nil, translate("statussen lezen", err)
	}
	defer func() { _ = rows.Close() }()
	all := []Status{}
	for rows.Next() {
		var status Status
		if err := rows.Scan(status.targets()...); err != nil {
			return nil, translate("statussen lezen", err)
		}
		all = append(all, status)
	}
	return all, translate("statussen lezen", rows.Err())
}

// Move moves a zaak to another step and writes that down, both or neither. Of
// two people who move the same version one succeeds, the other gets ErrStale.
// With a key the same call twice moves once. Version is that of the zaak
// afterwards.
func (s *Zaken) Move(ctx context.Context, zaak string, version int64, n NewStatus, key Key) (status *Status, now int64, created bool, err error) {
	status = &Status{
		Zaak: zaak, Statustype: n.Statustype, DatumStatusGezet: s.db.moment(),
		Outcome: n.Outcome, Statustoelichting: n.Statustoelichting, SetBy: n.SetBy,
	}
	if status.ID, err = newID(); err != nil {
		return nil, 0, false, err
	}
	earlier := ""
	err = s.db.within(ctx, func(tx *transaction) error {
		if !key.None() {
			if earlier, err = tx.claim(ctx, statusScope+zaak, key, status.ID, status.DatumStatusGezet); err != nil || earlier != "" {
				return err
			}
		}
		if err := s.step(ctx, tx, status, version, n.Resultaat); err != nil {
			return err
		}
		return status.insert(ctx, tx, version+1)
	})
	if err != nil {
		return nil, 0, false, translate("zaak naar een stap brengen", err)
	}
	if earlier == "" {
		return status, version + 1, true, nil
	}
	if status, err = s.status(ctx, earlier); err != nil {
		return nil, 0, false, err
	}
	z, err := s.Read(ctx, zaak)
	if err != nil {
		return nil, 0, false, err
	}
	return status, z.Version, false, nil
}

// step moves the zaak itself, if it is open, still at the version and not stopped
// by a mark.
func (s *Zaken) step(ctx context.Context, tx *transaction, to *Status, version int64, result string) error {
	end := value.Date("")
	if result != "" {
		end = value.DateOf(to.DatumStatusGezet.Time)
	}
	const move = `UPDATE zaken SET huidige_stap = $1, gewijzigd_op = $2, einddatum = $3, resultaat = $4, versie = versie + 1
		WHERE id = $5 AND versie = $6 AND einddatum IS NULL AND ` + goesOn
	n, err := tx.exec(ctx, move, to.Statustype, to.DatumStatusGezet, end, Text(&result), to.Zaak, version)
	if err != nil || n == 1 {
		return err
	}
	var z Zaak
	if err := tx.row(ctx, readZaak, to.Zaak).Scan(z.targets()...); err != nil {
		return err
	}
	if z.Einddatum != "" {
		return ErrClosed
	}
	if z.Version == version {
		return ErrStopped
	}
	return ErrStale
}

func (s *Zaken) status(ctx context.Context, id string) (*Status, error) {
	var status Status
	err := s.db.row(ctx, readStatus, id).Scan(status.targets()...)
	return &status, translate("status lezen", err)
}
