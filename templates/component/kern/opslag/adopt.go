package opslag

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// inRecord is a file as an earlier kern kept it: in the record itself.
type inRecord struct {
	Name      string `json:"naam"`
	Mediatype string `json:"mediatype"`
	Content   []byte `json:"inhoud"`
}

// AdoptFiles moves the files that stand in the records themselves, as an earlier
// kern kept them, to the store of files. When there are none it does nothing.
func (t *Table[T]) AdoptFiles(ctx context.Context) error {
	for _, i := range t.files {
		for last := ""; ; {
			id, err := t.adoptNext(ctx, t.schema.Columns[i].SQL, last)
			if err != nil {
				return translate("bestanden van "+t.schema.Name+" verplaatsen", err)
			}
			if id == "" {
				break
			}
			last = id
		}
	}
	return nil
}

// adoptNext moves the file of the first record after last, and gives its id; ""
// when there is none.
func (t *Table[T]) adoptNext(ctx context.Context, column, last string) (id string, err error) {
	var raw string
	find := "SELECT id, CAST(" + column + " AS TEXT) FROM " + t.schema.Name + " WHERE id > $1 AND CAST(" + column + ` AS TEXT) LIKE '%"inhoud"%' ORDER BY id LIMIT 1`
	err = t.db.read.QueryRowContext(ctx, find, last).Scan(&id, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	var old inRecord
	if err != nil || json.Unmarshal([]byte(raw), &old) != nil || len(old.Content) == 0 {
		return id, err
	}
	store := NewFiles(t.db, Limits{})
	in, err := store.Store(ctx, Upload{Attachment: value.Attachment{Name: old.Name, Mediatype: old.Mediatype}, Most: int64(len(old.Content))}, bytes.NewReader(old.Content))
	if err != nil {
		return "", err
	}
	file, err := store.Accept(ctx, in)
	if err != nil {
		return "", err
	}
	return id, t.db.within(ctx, func(tx *transaction) error {
		// The text is compared, so that of two processes one moves it; the file of
		// the other expires.
		n, err := tx.exec(ctx, "UPDATE "+t.schema.Name+" SET "+column+" = $1 WHERE id = $2 AND CAST("+column+" AS TEXT) = $3", file.File, id, raw)
		if err == nil && n > 0 {
			_, err = tx.exec(ctx, "UPDATE bestanden SET tabel = $2, rij = $3, verloopt_op = NULL WHERE id = $1", file.File.ID, t.schema.Name, id)
		}
		return err
	})
}
