package opslag

import "context"

// removeAttached removes what hangs on a record of a table and means nothing
// without it, and says how many that were. Whatever removes a record calls it,
// in the transaction that does so.
func (t *transaction) removeAttached(ctx context.Context, table, id string) (files int64, err error) {
	return t.dropFiles(ctx, table, id)
}

// removeRecord removes a record at a version with what hangs on it; ErrStale
// when it is not at that version any more.
func (t *transaction) removeRecord(ctx context.Context, table, id string, version int64) (files int64, err error) {
	n, err := t.exec(ctx, "DELETE FROM "+table+" WHERE id = $1 AND versie = $2", id, version)
	if err == nil && n == 0 {
		err = ErrStale
	}
	if err != nil {
		return 0, err
	}
	return t.removeAttached(ctx, table, id)
}
