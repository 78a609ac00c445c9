package opslag

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Kop is what every row of the register has. Versie counts the changes, so that
// two people cannot undo each other's work unseen; it goes out as ETag.
type Kop struct {
	ID           string         `json:"id"`
	AangemaaktOp value.DateTime `json:"aangemaaktOp"`
	GewijzigdOp  value.DateTime `json:"gewijzigdOp"`
	Versie       int64          `json:"-"`
}

// Kolom is a column of a table and the field of the API that it holds.
type Kolom struct {
	SQL, JSON string
	Filter    bool // may be asked for in a query
	Sort      bool // may be sorted by
	Boolean   bool
	Personal  bool // about a person: handling it is written in the log
	BSN       bool // a burgerservicenummer: says whom the row is about
}

// Schema ties a type to its table.
type Schema[T any] struct {
	Naam     string // of the table
	Kolommen []Kolom
	Kop      func(*T) *Kop
	// Velden points at the fields, in the order of Kolommen: for reading and for
	// writing. A text that may be absent goes through Tekst.
	Velden func(*T) []any
}

// Tabel reads and writes one table of the register.
type Tabel[T any] struct {
	db      *Database
	schema  Schema[T]
	columns string  // all of them, with the head first
	offered []Kolom // for sorting and filtering

	read, insert, update, remove, count string
}

// headColumns are the columns of the head that one can sort by.
var headColumns = []Kolom{
	{SQL: "aangemaakt_op", JSON: "aangemaaktOp", Sort: true},
	{SQL: "gewijzigd_op", JSON: "gewijzigdOp", Sort: true},
}

// NewTabel makes the access to a table; its statements are written once.
func NewTabel[T any](db *Database, s Schema[T]) *Tabel[T] {
	var names, marks, sets strings.Builder
	for i, k := range s.Kolommen {
		n := strconv.Itoa(i + 5)
		names.WriteString(", " + k.SQL)
		marks.WriteString(", $" + n)
		sets.WriteString(", " + k.SQL + " = $" + n)
	}
	columns := "id, aangemaakt_op, gewijzigd_op, versie" + names.String()
	return &Tabel[T]{
		db: db, schema: s, columns: columns, offered: append(headColumns[:2:2], s.Kolommen...),
		read:   "SELECT " + columns + " FROM " + s.Naam + " WHERE id = $1",
		insert: "INSERT INTO " + s.Naam + " (" + columns + ") VALUES ($1, $2, $3, $4" + marks.String() + ")",
		// $2 is the moment of making, which stays; naming it here keeps the
		// numbers of the values the same as in insert.
		update: "UPDATE " + s.Naam + " SET aangemaakt_op = $2, gewijzigd_op = $3, versie = versie + 1" + sets.String() + " WHERE id = $1 AND versie = $4",
		// What a running zaak is about stays until the zaak is closed.
		remove: "DELETE FROM " + s.Naam + " WHERE id = $1 AND versie = $2 AND NOT EXISTS (SELECT 1 FROM zaken WHERE onderwerp = $1 AND einddatum IS NULL)",
		count:  "SELECT count(*) FROM " + s.Naam,
	}
}

// Naam is the name of the table.
func (t *Tabel[T]) Naam() string { return t.schema.Naam }

// Kolommen are the columns of the table.
func (t *Tabel[T]) Kolommen() []Kolom { return t.schema.Kolommen }

// Kop is the head of a row.
func (t *Tabel[T]) Kop(row *T) *Kop { return t.schema.Kop(row) }

// Velden points at the fields of a row, in the order of the columns.
func (t *Tabel[T]) Velden(row *T) []any { return t.schema.Velden(row) }

// targets points at all of a row, in the order of the columns.
func (t *Tabel[T]) targets(row *T) []any {
	k := t.schema.Kop(row)
	fields := t.schema.Velden(row)
	all := make([]any, 4, 5+len(fields)) // one more for the count of a list
	all[0], all[1], all[2], all[3] = &k.ID, &k.AangemaaktOp, &k.GewijzigdOp, &k.Versie
	return append(all, fields...)
}

// values are what targets points at: an absent value is nil, without a type,
// for a driver cannot ask a nil pointer for its value.
func (t *Tabel[T]) values(row *T) []any {
	all := t.targets(row)
	for i, target := range all {
		if _, ok := target.(*tekst); ok {
			continue // knows itself that "" is absent
		}
		v := reflect.ValueOf(target).Elem()
		if v.Kind() != reflect.Pointer {
			all[i] = v.Interface()
		} else if v.IsNil() {
			all[i] = nil
		} else {
			all[i] = v.Elem().Interface()
		}
	}
	return all
}

// Read gives one row.
func (t *Tabel[T]) Read(ctx context.Context, id string) (*T, error) {
	var row T
	s, err := t.db.read.prepare(ctx, t.read)
	if err == nil {
		err = s.QueryRowContext(ctx, id).Scan(t.targets(&row)...)
	}
	if err != nil {
		return nil, translate("read from "+t.schema.Naam, err)
	}
	return &row, nil
}

// Create stores a new row and fills in its head. With a key the same call twice
// makes one row: the second time row becomes the stored one and created is false.
// The lines of the log are stored together with a new row, both or neither.
func (t *Tabel[T]) Create(ctx context.Context, row *T, key string, lines ...logboek.Verwerking) (created bool, err error) {
	k := t.schema.Kop(row)
	if k.ID == "" {
		if k.ID, err = newID(); err != nil {
			return false, err
		}
	}
	k.AangemaaktOp, k.Versie = t.db.moment(), 1
	k.GewijzigdOp = k.AangemaaktOp
	doing := "store in " + t.schema.Naam
	// A column that was forgotten; what the driver says of it may quote a row.
	if columns, fields := len(t.schema.Kolommen), len(t.schema.Velden(row)); columns != fields {
		return false, fmt.Errorf("gegevens: %s heeft %d Kolommen en %d Velden; elk veld staat in allebei", t.schema.Naam, columns, fields)
	}
	if key == "" {
		_, err := t.change(ctx, lines, t.insert, t.values(row)...)
		return err == nil, translate(doing, err)
	}
	earlier := ""
	err = t.db.within(ctx, func(tx *transaction) error {
		if earlier, err = tx.claim(ctx, t.schema.Naam, key, k.ID, t.db.moment()); err != nil || earlier != "" {
			return err
		}
		if _, err = tx.exec(ctx, t.insert, t.values(row)...); err != nil {
			return err
		}
		return tx.logLines(ctx, lines)
	})
	if err != nil || earlier == "" {
		return err == nil, translate(doing, err)
	}
	stored, err := t.Read(ctx, earlier)
	if err == nil {
		*row = *stored
	}
	return false, err
}

// change runs one statement and, when it changes a row, stores the lines of the
// log in the same transaction.
func (t *Tabel[T]) change(ctx context.Context, lines []logboek.Verwerking, text string, args ...any) (n int64, err error) {
	if len(lines) == 0 {
		return t.db.exec(ctx, text, args...)
	}
	err = t.db.within(ctx, func(tx *transaction) error {
		if n, err = tx.exec(ctx, text, args...); err != nil || n == 0 {
			return err
		}
		return tx.logLines(ctx, lines)
	})
	return n, err
}

// Replace stores a row in place of the version that its head names, and the
// lines of the log with it.
func (t *Tabel[T]) Replace(ctx context.Context, row *T, lines ...logboek.Verwerking) error {
	k := t.schema.Kop(row)
	k.GewijzigdOp = t.db.moment()
	n, err := t.change(ctx, lines, t.update, t.values(row)...)
	if err == nil && n == 0 {
		err = t.whyNot(ctx, k.ID, k.Versie)
	}
	if err == nil {
		k.Versie++
	}
	return translate("change in "+t.schema.Naam, err)
}

// Delete removes a row, and stores the lines of the log.
func (t *Tabel[T]) Delete(ctx context.Context, id string, version int64, lines ...logboek.Verwerking) error {
	n, err := t.change(ctx, lines, t.remove, id, version)
	if err == nil && n == 0 {
		if err = t.whyNot(ctx, id, version); err == nil {
			err = ErrInUse
		}
	}
	return translate("remove from "+t.schema.Naam, err)
}

// whyNot tells why a change met no row.
func (t *Tabel[T]) whyNot(ctx context.Context, id string, version int64) error {
	row, err := t.Read(ctx, id)
	if err == nil && t.schema.Kop(row).Versie != version {
		err = ErrStale
	}
	return err
}

// Count is how many rows there are.
func (t *Tabel[T]) Count(ctx context.Context) (n int, err error) {
	err = t.db.read.QueryRowContext(ctx, t.count).Scan(&n)
	return n, translate("count "+t.schema.Naam, err)
}

// Tekst is a text field that may be absent: "" in Go, NULL in the database.
func Tekst(s *string) any { return (*tekst)(s) }

type tekst string

// Text is what one of the fields of a row holds, when it is a text; "" otherwise.
func Text(field any) string {
	switch f := field.(type) {
	case *string:
		return *f
	case *tekst:
		return string(*f)
	}
	return ""
}

// Value implements driver.Valuer.
func (t *tekst) Value() (driver.Value, error) {
	if t == nil || *t == "" {
		return nil, nil
	}
	return string(*t), nil
}

// Scan implements sql.Scanner.
func (t *tekst) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = ""
	case string:
		*t = tekst(v)
	case []byte:
		*t = tekst(v)
	default:
		return fmt.Errorf("gegevens: a text cannot be read from %T", src)
	}
	return nil
}
