package opslag

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Decision is who decided that what is due is destroyed, and how.
type Decision struct {
	By       string // name
	Approval string // the list that was approved, or an approval in advance
}

// ErrNotDue says that something is not due, or not any more.
var ErrNotDue = errors.New("gegevens: dit is niet aan de beurt om vernietigd te worden")

// Decide begins a declaration of destruction and gives its id.
func (a *Archive) Decide(ctx context.Context, d Decision) (id string, err error) {
	if id, err = newID(); err != nil {
		return "", err
	}
	const insert = "INSERT INTO vernietigingen (id, besloten_op, door, goedkeuring, wijze) VALUES ($1, $2, $3, $4, $5)"
	_, err = a.db.exec(ctx, insert, id, a.db.moment(), d.By, d.Approval, a.db.dialect.wipes)
	return id, translate("een verklaring van vernietiging beginnen", err)
}

// Destroy removes one thing that is due with all that belongs to it, and writes
// that in the declaration with the id: all of it happens, or nothing. What
// somebody else destroyed, changed or held meanwhile is ErrNotDue. The lines of
// the log of processing are stored with it.
func (a *Archive) Destroy(ctx context.Context, declaration string, d Due, lines ...logboek.Verwerking) error {
	err := a.db.within(ctx, func(tx *transaction) error {
		counts := map[string]int64{}
		var err error
		if d.Kind == KindZaak {
			err = a.removeZaak(ctx, tx, d, counts)
		} else {
			err = a.removeLoose(ctx, tx, d, counts)
		}
		if errors.Is(err, ErrStale) {
			err = ErrNotDue
		}
		if err != nil {
			return err
		}
		if err := tx.logLines(ctx, lines); err != nil {
			return err
		}
		return a.write(ctx, tx, declaration, d, counts)
	})
	return translate("vernietigen", err)
}

// partsOfZaak are the tables with rows of one zaak, which go with it and are
// counted in the declaration.
var partsOfZaak = []string{"statussen", "markeringen", "correcties"}

// removeZaak removes a zaak, what belongs to it, its keys and its record.
// Touching the zaak first makes whoever wants to mark it wait.
func (a *Archive) removeZaak(ctx context.Context, tx *transaction, d Due, counts map[string]int64) error {
	const touch = "UPDATE zaken SET markeringen = NULL WHERE id = $1 AND versie = $2 AND einddatum IS NOT NULL AND markeringen IS NULL"
	n, err := tx.exec(ctx, touch, d.ID, d.version)
	if err == nil && n == 0 {
		err = ErrNotDue
	}
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, "DELETE FROM idempotentiesleutels WHERE bereik = 'statussen/' || $1 OR resultaat = $1", d.ID); err != nil {
		return err
	}
	for _, table := range partsOfZaak {
		if counts[table], err = tx.exec(ctx, "DELETE FROM "+table+" WHERE zaak = $1", d.ID); err != nil {
			return err
		}
	}
	if counts["zaken"], err = tx.exec(ctx, "DELETE FROM zaken WHERE id = $1", d.ID); err != nil {
		return err
	}
	if d.Record == "" {
		return nil
	}
	// Of two zaken about one record the last one takes it along.
	var others int64
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM zaken WHERE onderwerp = $1", d.Record).Scan(&others); err != nil || others > 0 {
		return err
	}
	return a.removeCounted(ctx, tx, a.subject.name, d.Record, d.recordVersion, counts)
}

// removeLoose removes a record about which there is no zaak.
func (a *Archive) removeLoose(ctx context.Context, tx *transaction, d Due, counts map[string]int64) error {
	var zaken int64
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM zaken WHERE onderwerp = $1", d.ID).Scan(&zaken); err != nil {
		return err
	}
	if zaken > 0 {
		return ErrNotDue
	}
	return a.removeCounted(ctx, tx, d.Kind, d.ID, d.version, counts)
}

func (a *Archive) removeCounted(ctx context.Context, tx *transaction, table, id string, version int64, counts map[string]int64) error {
	files, err := tx.removeRecord(ctx, table, id, version)
	if err != nil {
		return err
	}
	if counts[table] = 1; files > 0 {
		counts["bestanden"] = files
	}
	_, err = tx.exec(ctx, "DELETE FROM idempotentiesleutels WHERE bereik = $1 AND resultaat = $2", table, id)
	return err
}

// write adds a line to a declaration.
func (a *Archive) write(ctx context.Context, tx *transaction, declaration string, d Due, counts map[string]int64) error {
	id, err := newID()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO vernietigingsregels (id, vernietiging, vernietigd_op, soort, identificatie, zaaktype, resultaat, begin, einde, termijn, ingang, ingegaan_op, vervallen_op, bron, aantallen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	_, err = tx.exec(ctx, insert, id, declaration, a.db.moment(), d.Kind, d.Identificatie, Text(&d.Zaaktype), Text(&d.Resultaat), d.Begin, d.End,
		d.Term, string(d.From), d.Since, d.Expired, Text(&d.Source), string(raw))
	return err
}

// Finish ends a declaration: one of nothing is taken away. What else is past its
// day goes along, and the space that came free is wiped; that takes no longer than
// patience, when that is not zero.
func (a *Archive) Finish(ctx context.Context, declaration string, patience time.Duration) error {
	const doing = "een verklaring van vernietiging afronden"
	const empty = "DELETE FROM vernietigingen WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM vernietigingsregels WHERE vernietiging = $1)"
	if _, err := a.db.exec(ctx, empty, declaration); err != nil {
		return translate(doing, err)
	}
	if _, err := a.db.exec(ctx, "DELETE FROM idempotentiesleutels WHERE aangemaakt_op < $1", value.At(a.db.now().Add(-keepKeys))); err != nil {
		return translate(doing, err)
	}
	if err := NewTemporary(a.db).Purge(ctx); err != nil {
		return err
	}
	tables := append([]string{"zaken", "bestanden", "bestandsdelen", "idempotentiesleutels", "tijdelijk"}, partsOfZaak...)
	for _, t := range a.tables {
		tables = append(tables, t.name)
	}
	if patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	return a.db.wipe(ctx, tables)
}

// wipe gives back the space of rows that were removed from tables. Nothing of
// them is left in it then.
func (d *Database) wipe(ctx context.Context, tables []string) error {
	for _, statement := range d.dialect.wipe(tables) {
		if err := d.clean(ctx, statement); err != nil {
			return fmt.Errorf("gegevens: de vrijgekomen ruimte is nog niet gewist; dat doet de database later: %w", translate("wissen", err))
		}
	}
	return nil
}

// clean runs a statement that wipes. That of SQLite answers that somebody was
// reading, and fails not: then the journal still has what was removed.
func (d *Database) clean(ctx context.Context, statement string) error {
	if d.dialect.remote {
		_, err := d.write.ExecContext(ctx, statement)
		return err
	}
	var busy, pages, moved int
	err := d.write.QueryRowContext(ctx, statement).Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = errReading
	}
	return err
}

var errReading = errors.New("iemand leest nog")
