package opslag

import (
	"context"
	"errors"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// keepKeys is how long a request can be repeated with the same key.
const keepKeys = 24 * time.Hour

// Key is what a caller sends along to repeat a request safely, with a fingerprint
// of what was asked. The zero Key is none: then nothing can be repeated.
type Key struct{ ID, Fingerprint string }

// None says whether there is no key.
func (k Key) None() bool { return k.ID == "" }

// ErrKeyReused says that a key came with something else before.
var ErrKeyReused = errors.New("gegevens: de sleutel is eerder met iets anders gebruikt")

// ReusedError is ErrKeyReused with the id of what came of the first time.
type ReusedError struct{ Result string }

func (e *ReusedError) Error() string { return ErrKeyReused.Error() }

// Is makes it ErrKeyReused.
func (e *ReusedError) Is(target error) bool { return target == ErrKeyReused } //nolint:errorlint // that is what Is is for

// keysAtOnce is how many expired keys go with one statement: a request that comes in
// between waits for no more than that.
const keysAtOnce = 200

// purgeKeys removes the keys that have expired.
func (d *Database) purgeKeys(ctx context.Context) error {
	const purge = `DELETE FROM idempotentiesleutels WHERE (bereik, sleutel) IN
		(SELECT bereik, sleutel FROM idempotentiesleutels WHERE aangemaakt_op < $1 ORDER BY aangemaakt_op LIMIT 200) AND aangemaakt_op < $1`
	for {
		n, err := d.exec(ctx, purge, value.At(d.now().Add(-keepKeys)))
		if err != nil || n < keysAtOnce {
			return translate("verlopen sleutels wissen", err)
		}
	}
}

// claim takes a key for a new row. When somebody used it before for the same, it
// gives the id of what came of that; for something else a *ReusedError. It runs
// in the transaction that stores the row, so a key without a row, or a row
// without its key, cannot be.
func (t *transaction) claim(ctx context.Context, scope string, key Key, id string, now value.DateTime) (earlier string, err error) {
	expired := value.At(now.Add(-keepKeys))
	// A key that has expired and is still there counts as none.
	const claim = `INSERT INTO idempotentiesleutels (bereik, sleutel, resultaat, aangemaakt_op, vingerafdruk)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (bereik, sleutel) DO UPDATE
		SET resultaat = excluded.resultaat, aangemaakt_op = excluded.aangemaakt_op, vingerafdruk = excluded.vingerafdruk
		WHERE idempotentiesleutels.aangemaakt_op < $6`
	n, err := t.exec(ctx, claim, scope, key.ID, id, now, Text(&key.Fingerprint), expired)
	if err != nil || n == 1 {
		return "", err
	}
	var before Key
	if err := t.row(ctx, findKey, scope, key.ID).Scan(&earlier, Text(&before.Fingerprint)); err != nil {
		return "", err
	}
	return earlier, key.against(before, earlier)
}

const findKey = "SELECT resultaat, vingerafdruk FROM idempotentiesleutels WHERE bereik = $1 AND sleutel = $2"

// against compares a key with how it was used before. Of a request of before
// fingerprints were kept nothing is known.
func (k Key) against(before Key, result string) error {
	if k.Fingerprint != "" && before.Fingerprint != "" && k.Fingerprint != before.Fingerprint {
		return &ReusedError{result}
	}
	return nil
}

// Opened gives the zaak that was opened with a key: ErrNotFound when there is
// none any more, and a *ReusedError when it was opened with something else.
func (s *Zaken) Opened(ctx context.Context, key Key) (zaak string, err error) {
	return s.usedFor(ctx, zaakScope, key)
}

// Moved says whether a status was set on a zaak with a key, as Opened does for a new
// zaak.
func (s *Zaken) Moved(ctx context.Context, zaak string, key Key) error {
	_, err := s.usedFor(ctx, statusScope+zaak, key)
	return err
}

func (s *Zaken) usedFor(ctx context.Context, scope string, key Key) (result string, err error) {
	const find = findKey + " AND aangemaakt_op >= $3"
	var before Key
	if err := s.db.row(ctx, find, scope, key.ID, value.At(s.db.now().Add(-keepKeys))).Scan(&result, Text(&before.Fingerprint)); err != nil {
		return "", translate("sleutel opzoeken", err)
	}
	return result, key.against(before, result)
}

// zaakScope is where the keys of new zaken are, and statusScope, with the id of a
// zaak, where those of its statuses are.
const (
	zaakScope   = "zaken"
	statusScope = "statussen/"
)
