package opslag

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// A list that is sorted by a text is in the order of value.SortKey, in both
// databases and whatever their locale is. The key of each text that can be sorted
// by is stored beside it, in a column that this package makes and fills by itself:
// the tables of a team, and those of an earlier kern, need no migration for it.
type sortKeys struct {
	columns []sortKey
	made    atomic.Int64 // the columns are there, and every text has its key: the round in which
	making  sync.Mutex
}

// sortKey is the key of one text column.
type sortKey struct {
	field       int // which of the fields
	column, key string
	name        string // of the index
}

// keyVersion is in the names of what belongs to the keys.
const keyVersion = value.KeyVersion

func newSortKey(table, column string, field int) sortKey {
	name := strings.Trim(column, `"`)
	sum := value.KeySum(table, name)
	return sortKey{field: field, column: column, key: value.KeyColumn(table, name), name: keyVersion + "_op_" + sum}
}

// keysOf are the sort keys of a table: of each text that it offers to sort by.
func (s Schema[T]) keysOf() (all []sortKey) {
	for i, target := range s.Fields(new(T)) {
		if i < len(s.Columns) && s.Columns[i].Sort && isText(target) {
			all = append(all, newSortKey(s.Name, s.Columns[i].SQL, i))
		}
	}
	return all
}

func isText(target any) bool {
	switch target.(type) {
	case *string, *nullText:
		return true
	}
	return false
}

// keyOf is the key of a field; an absent text has none, and comes last.
func keyOf(target any) any {
	if text, ok := target.(*nullText); ok && *text == "" {
		return nil
	}
	return value.SortKey(StringOf(target))
}

// arrange makes the columns of the keys and gives every text its key, and makes the
// indexes, once in the life of a process: when it starts. It looks at what is there: a
// migration of a team, or an older version of this component, may have changed texts
// and not their keys.
func (t *Table[T]) arrange(ctx context.Context) error {
	if t.keys.made.Load() > 0 {
		return nil
	}
	return t.arrangeRound(ctx, 1)
}

// keep does what is left of that when a process runs, out of sight of users: once more
// when the last of another version, which made no keys of ours, has gone, and what
// takes long.
func (t *Table[T]) keep(ctx context.Context) error {
	if err := t.arrangeRound(ctx, t.db.serving.round.Load()+1); err != nil {
		return err
	}
	return t.indexes.keep(ctx)
}

func (t *Table[T]) arrangeRound(ctx context.Context, round int64) error {
	if t.keys.made.Load() >= round {
		return nil
	}
	if t.db.joined(ctx) != nil { // see Prepare
		return nil
	}
	t.keys.making.Lock()
	defer t.keys.making.Unlock()
	if t.keys.made.Load() >= round {
		return nil
	}
	for _, k := range t.keys.columns {
		if err := t.addKey(ctx, k); err != nil {
			return translate("sorteren van "+t.schema.Name+" voorbereiden", err)
		}
		if err := t.fillKey(ctx, k); err != nil {
			return translate("sorteren van "+t.schema.Name+" voorbereiden", err)
		}
	}
	if err := t.indexes.arrange(ctx); err != nil {
		return err
	}
	t.keys.made.Store(round)
	return nil
}

// Prepare does what the table needs before its first row is stored: in a transaction
// of others there is no room for it.
func (t *Table[T]) Prepare(ctx context.Context) error { return t.arrange(ctx) }

// addKey makes the column of a key when it is not there.
func (t *Table[T]) addKey(ctx context.Context, k sortKey) error {
	there, err := t.has(ctx, t.db.read.DB, k.key)
	if err != nil || there {
		return err
	}
	return t.db.patiently(ctx, Roll{}, func() error {
		return translate("een volgorde maken", t.db.within(ctx, func(tx *transaction) error { return t.makeKey(ctx, tx, k) }))
	})
}

// makeKey makes the column of a key, unless another process did.
func (t *Table[T]) makeKey(ctx context.Context, tx *transaction, k sortKey) error {
	if err := tx.all(ctx, t.db.dialect.lock, t.db.dialect.brief); err != nil {
		return err
	}
	if there, err := t.has(ctx, tx, k.key); err != nil || there {
		return err
	}
	return tx.all(ctx, "ALTER TABLE "+t.schema.Name+" ADD COLUMN "+k.key+" "+t.db.dialect.keyType)
}

// dropKeys takes the keys out of the tables before a migration on SQLite, which
// changes a table by copying it whole: SELECT * must give the columns of the team
// and no others. Our indexes go as well, for a column that has one cannot go. All are
// made again when the table is used.
func (d *Database) dropKeys(ctx context.Context, tx *transaction) error {
	if d.dialect.keys == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, d.dialect.keys, keyVersion)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var statement string
		var turn int // an index goes before its column
		if err := rows.Scan(&statement, &turn); err != nil {
			return err
		}
		all = append(all, statement)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.all(ctx, all...)
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// has says whether the table has a column.
func (t *Table[T]) has(ctx context.Context, in querier, column string) (bool, error) {
	return hasColumn(ctx, in, t.db.dialect, t.schema.Name, column)
}

func hasColumn(ctx context.Context, in querier, of dialect, table, column string) (bool, error) {
	rows, err := in.QueryContext(ctx, of.columns, table)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	there := false
	for rows.Next() {
		var name string
		var required bool
		if err := rows.Scan(&name, &required); err != nil {
			return false, err
		}
		there = there || name == column
	}
	return there, rows.Err()
}

// keysAtATime is how many keys are stored with one statement.
const keysAtATime = 500

// fillKey gives a key to every text that has none or that of another text. The end
// of a key is the beginning of its text.
func (t *Table[T]) fillKey(ctx context.Context, k sortKey) error {
	empty := "UPDATE " + t.schema.Name + " SET " + k.key + " = NULL WHERE " + k.column + " IS NULL AND " + k.key + " IS NOT NULL"
	if _, err := t.db.exec(ctx, empty); err != nil {
		return err
	}
	find := fmt.Sprintf("SELECT id, %[2]s FROM %[1]s WHERE id > $1 AND %[2]s IS NOT NULL AND (%[3]s IS NULL OR substr(%[2]s, 1, %[4]d) <> substr(%[3]s, %[5]s + 1) %[6]s) ORDER BY id LIMIT %[7]d",
		t.schema.Name, k.column, k.key, value.MostKey, fmt.Sprintf(t.db.dialect.keyEnd, k.key), t.db.dialect.bytewise, keysAtATime)
	for last := ""; ; {
		args, err := t.withoutKey(ctx, find, last)
		if err != nil || len(args) == 0 {
			return err
		}
		// The text is compared: somebody may just have changed it, and then its key.
		text := "UPDATE " + t.schema.Name + " SET " + k.key + " = nieuw.column2 FROM (VALUES " + marks(len(args)/3, 3) + ") AS nieuw WHERE " +
			t.schema.Name + ".id = nieuw.column1 AND " + t.schema.Name + "." + k.column + " = nieuw.column3"
		if _, err := t.db.write.ExecContext(ctx, text, args...); err != nil {
			return err
		}
		last = args[len(args)-3].(string)
	}
}

// withoutKey gives the id, the key and the text of rows after last.
func (t *Table[T]) withoutKey(ctx context.Context, find, last string) (args []any, err error) {
	rows, err := t.db.read.QueryContext(ctx, find, last)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		args = append(args, id, value.SortKey(text), text)
	}
	return args, rows.Err()
}

// marks are the places of the values of so many rows.
func marks(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}
