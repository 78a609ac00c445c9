package opslag

import (
	"context"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// keepKeys is how long a request can be repeated with the same key.
const keepKeys = 24 * time.Hour

// claim takes a key for a new row. When somebody used it before, it gives the id
// of what came of that. It runs in the transaction that stores the row, so a key
// without a row, or a row without its key, cannot be.
func (t *transaction) claim(ctx context.Context, scope, key, id string, now value.DateTime) (earlier string, err error) {
	if _, err := t.exec(ctx, "DELETE FROM idempotentiesleutels WHERE aangemaakt_op < $1", value.At(now.Add(-keepKeys))); err != nil {
		return "", err
	}
	const claim = `INSERT INTO idempotentiesleutels (bereik, sleutel, resultaat, aangemaakt_op)
		VALUES ($1, $2, $3, $4) ON CONFLICT (bereik, sleutel) DO NOTHING`
	n, err := t.exec(ctx, claim, scope, key, id, now)
	if err != nil || n == 1 {
		return "", err
	}
	const find = "SELECT resultaat FROM idempotentiesleutels WHERE bereik = $1 AND sleutel = $2"
	err = t.QueryRowContext(ctx, find, scope, key).Scan(&earlier)
	return earlier, err
}
