package opslag

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Meta is what every row of the register has. Version counts the changes, so that
// two people cannot undo each other's work unseen; it goes out as ETag.
type Meta struct {
	ID        string         `json:"id"`
	CreatedAt value.DateTime `json:"aangemaaktOp"`
	ChangedAt value.DateTime `json:"gewijzigdOp"`
	Version   int64          `json:"-"`
}

// Column is a column of a table and the field of the API that it holds.
type Column struct {
	SQL, JSON string
	Filter    bool // may be asked for in a query
	Sort      bool // may be sorted by
	Personal  bool // about a person: handling it is written in the log
	BSN       bool // a burgerservicenummer: says whom the row is about
	KVK       bool // a KVK-nummer: says which company the row is about

	boolean bool   // its field is yes or no
	key     string // column with its place in an order, when it is a text
	kind    string // type of its field
	filled  bool   // every row has a value
	unique  bool   // and each another one
}

// Schema ties a type to its table.
type Schema[T any] struct {
	Name    string // of the table
	Columns []Column
	// Retention says how long a row is kept; nothing keeps it until somebody
	// removes it.
	Retention []Retention
	Meta      func(*T) *Meta
	// Fields points at the fields, in the order of Columns: for reading and for
	// writing. A text that may be absent goes through Text.
	Fields func(*T) []any
}

// Table reads and writes one table of the register.
type Table[T any] struct {
	db      *Database
	schema  Schema[T]
	columns string   // all of them, with the metadata first
	offered []Column // for sorting and filtering
	misfit  error    // what the type and its columns do not have alike
	files   []int    // which of the fields are files
	keys    sortKeys
	indexes *indexes

	// correct is update for a row of which a restriction or an objection stops the
	// processing: putting it right is what may be done then.
	read, insert, update, correct, remove, count string
}

// metaColumns are the columns of the metadata that one can sort by.
var metaColumns = []Column{
	{SQL: "aangemaakt_op", JSON: "aangemaaktOp", Sort: true, filled: true},
	{SQL: "gewijzigd_op", JSON: "gewijzigdOp", Sort: true, filled: true},
}

// NewTable makes the access to a table; its statements are written once.
func NewTable[T any](db *Database, s Schema[T]) *Table[T] {
	var names, marks, sets strings.Builder
	for i, col := range s.Columns {
		n := strconv.Itoa(i + 5)
		names.WriteString(", " + col.SQL)
		marks.WriteString(", $" + n)
		sets.WriteString(", " + col.SQL + " = $" + n)
	}
	columns := "id, aangemaakt_op, gewijzigd_op, versie" + names.String()
	stored := columns
	keys := s.keysOf()
	for i, k := range keys {
		n := strconv.Itoa(i + 5 + len(s.Columns))
		stored += ", " + k.key
		marks.WriteString(", $" + n)
		sets.WriteString(", " + k.key + " = $" + n)
	}
	// $2 is the moment of making, which stays; naming it here keeps the numbers of
	// the values the same as in insert.
	correct := "UPDATE " + s.Name + " SET aangemaakt_op = $2, gewijzigd_op = $3, versie = versie + 1" + sets.String() + " WHERE id = $1 AND versie = $4"
	t := &Table[T]{
		db: db, schema: s, columns: columns, misfit: s.misfit(), files: s.filesIn(), offered: append(metaColumns[:2:2], s.kinds(keys)...),
		keys:    sortKeys{columns: keys},
		read:    "SELECT " + columns + " FROM " + s.Name + " WHERE id = $1",
		insert:  "INSERT INTO " + s.Name + " (" + stored + ") VALUES ($1, $2, $3, $4" + marks.String() + ")",
		correct: correct,
		update:  correct + " AND NOT EXISTS (SELECT 1 FROM zaken WHERE onderwerp = $1 AND NOT " + goesOn + ")",
		// What a zaak is about stays with it.
		remove: "DELETE FROM " + s.Name + " WHERE id = $1 AND versie = $2 AND NOT EXISTS (SELECT 1 FROM zaken WHERE onderwerp = $1" + stays(s.Retention) + ")",
		count:  "SELECT count(*) FROM " + s.Name,
	}
	t.indexes = db.indexesOf(s.Name, t.listIndexes(), isListIndex)
	db.keep(s.Name, t.keep)
	return t
}

// kinds are the columns, with what their fields say of them.
func (s Schema[T]) kinds(keys []sortKey) []Column {
	all := slices.Clone(s.Columns)
	for _, k := range keys {
		all[k.field].key = k.key
	}
	for i, target := range s.Fields(new(T)) {
		if i < len(all) {
			kind := reflect.TypeOf(target).Elem()
			if kind.Kind() == reflect.Pointer {
				kind = kind.Elem()
			}
			all[i].boolean, all[i].kind = kind.Kind() == reflect.Bool, kind.String()
		}
	}
	return all
}

// Name is the name of the table.
func (t *Table[T]) Name() string { return t.schema.Name }

// Columns are the columns of the table.
func (t *Table[T]) Columns() []Column { return t.schema.Columns }

// Meta is the metadata of a row.
func (t *Table[T]) Meta(row *T) *Meta { return t.schema.Meta(row) }

// Fields points at the fields of a row, in the order of the columns.
func (t *Table[T]) Fields(row *T) []any { return t.schema.Fields(row) }

// targets points at all of a row, in the order of the columns.
func (t *Table[T]) targets(row *T) []any {
	m := t.schema.Meta(row)
	fields := t.schema.Fields(row)
	all := make([]any, 4, 5+len(fields)) // one more for the count of a list
	all[0], all[1], all[2], all[3] = &m.ID, &m.CreatedAt, &m.ChangedAt, &m.Version
	return append(all, fields...)
}

// values are what targets points at, with the sort keys behind it: an absent value
// is nil, without a type, for a driver cannot ask a nil pointer for its value. A
// text that is not in the one form of Unicode becomes so, in the row as well.
func (t *Table[T]) values(row *T) []any {
	all := t.targets(row)
	keys := make([]any, len(t.keys.columns))
	for i, target := range all {
		switch text := target.(type) {
		case *string:
			*text = value.NFC(*text)
		case *nullText:
			*text = nullText(value.NFC(string(*text)))
		}
		for n, k := range t.keys.columns {
			if k.field == i-4 {
				keys[n] = keyOf(target)
			}
		}
		if _, ok := target.(*nullText); ok {
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
	return append(all, keys...)
}

// Read gives one row.
func (t *Table[T]) Read(ctx context.Context, id string) (*T, error) {
	var row T
	err := t.db.row(ctx, t.read, id).Scan(t.targets(&row)...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) && scanAbsent(t.db.row(ctx, t.read, id).Scan, t.targets(&row)) == nil {
		err = nil
	}
	if err != nil {
		return nil, translate(t.schema.Name+" lezen", err)
	}
	return &row, nil
}

// Create stores a new row and fills in its metadata. With a key the same call twice
// makes one row: the second time row becomes the stored one and created is false.
// The key with another row is a *ReusedError.
// The lines of the log are stored together with a new row, both or neither.
func (t *Table[T]) Create(ctx context.Context, row *T, key Key, lines ...logboek.Verwerking) (created bool, err error) {
	m := t.schema.Meta(row)
	if m.ID == "" {
		if m.ID, err = newID(); err != nil {
			return false, err
		}
	}
	m.CreatedAt, m.Version = t.db.moment(), 1
	m.ChangedAt = m.CreatedAt
	doing := t.schema.Name + " bewaren"
	if t.misfit != nil {
		return false, t.misfit
	}
	if err := t.arrange(ctx); err != nil {
		return false, err
	}
	if key.None() && len(t.files) == 0 {
		_, err := t.change(ctx, lines, t.insert, t.values(row)...)
		return err == nil, translate(doing, err)
	}
	earlier := ""
	err = t.db.within(ctx, func(tx *transaction) error {
		if !key.None() {
			if earlier, err = tx.claim(ctx, t.schema.Name, key, m.ID, t.db.moment()); err != nil || earlier != "" {
				return err
			}
		}
		if len(t.files) > 0 {
			if err := t.bind(ctx, tx, row); err != nil {
				return err
			}
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
func (t *Table[T]) change(ctx context.Context, lines []logboek.Verwerking, text string, args ...any) (n int64, err error) {
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

// Replace stores a row in place of the version that its metadata names, and the
// lines of the log with it.
func (t *Table[T]) Replace(ctx context.Context, row *T, lines ...logboek.Verwerking) error {
	if err := t.arrange(ctx); err != nil {
		return err
	}
	m := t.schema.Meta(row)
	m.ChangedAt = t.db.moment()
	var n int64
	var err error
	if len(t.files) == 0 {
		n, err = t.change(ctx, lines, t.update, t.values(row)...)
	} else {
		n, err = t.withFiles(ctx, row, lines)
	}
	if err == nil && n == 0 {
		err = cmp.Or(t.whyNot(ctx, m.ID, m.Version), ErrStopped)
	} else if errors.Is(err, ErrNoFile) { // perhaps because somebody else replaced it first
		err = cmp.Or(t.whyNot(ctx, m.ID, m.Version), err)
	}
	if err == nil {
		m.Version++
	}
	return translate("wijzigen in "+t.schema.Name, err)
}

// Delete removes a row with what hangs on it, and stores the lines of the log.
func (t *Table[T]) Delete(ctx context.Context, id string, version int64, lines ...logboek.Verwerking) error {
	doing := "remove from " + t.schema.Name
	if t.Permanent() {
		if err := t.whyNot(ctx, id, version); err != nil {
			return translate(doing, err)
		}
		return ErrKept
	}
	var n int64
	err := t.db.within(ctx, func(tx *transaction) (err error) {
		if n, err = tx.exec(ctx, t.remove, id, version); err != nil || n == 0 {
			return err
		}
		if _, err := tx.removeAttached(ctx, t.schema.Name, id); err != nil {
			return err
		}
		return tx.logLines(ctx, lines)
	})
	if err == nil && n == 0 {
		if err = t.whyNot(ctx, id, version); err == nil {
			err = t.db.whyStays(ctx, id)
		}
	}
	return translate(doing, err)
}

// whyNot tells why a change met no row.
func (t *Table[T]) whyNot(ctx context.Context, id string, version int64) error {
	row, err := t.Read(ctx, id)
	if err == nil && t.schema.Meta(row).Version != version {
		err = ErrStale
	}
	return err
}

// Count is how many rows there are.
func (t *Table[T]) Count(ctx context.Context) (n int, err error) {
	err = t.db.read.QueryRowContext(ctx, t.count).Scan(&n)
	return n, translate(t.schema.Name+" tellen", err)
}

// Text is a text field that may be absent: "" in Go, NULL in the database.
func Text(s *string) any { return (*nullText)(s) }

type nullText string

// StringOf is what one of the fields of a row holds, when it is a text; "" otherwise.
func StringOf(field any) string {
	switch f := field.(type) {
	case *string:
		return *f
	case *nullText:
		return string(*f)
	}
	return ""
}

// Value implements driver.Valuer.
func (t *nullText) Value() (driver.Value, error) {
	if t == nil || *t == "" {
		return nil, nil
	}
	return string(*t), nil
}

// Scan implements sql.Scanner.
func (t *nullText) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = ""
	case string:
		*t = nullText(v)
	case []byte:
		*t = nullText(v)
	default:
		return fmt.Errorf("gegevens: een tekst is niet te lezen uit %T", src)
	}
	return nil
}
