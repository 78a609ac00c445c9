package opslag

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Each filter and each sort that a list offers has an index, and nothing else has one
// for a list: an index costs at every change. This package makes them by itself, as it
// does the sort keys, so that a team needs no migration to offer another.

// index is an index that a list goes along.
type index struct {
	name, columns string // "naam, id"
	where         string // which rows it has; "" for all
	valid, plain  bool   // of one that is there: it can be used, and has all rows in the usual order
}

// indexes are those of one table.
type indexes struct {
	db     *Database
	table  string
	wanted []index
	former func(name string) bool // is, or was, made by us for a list
	done   atomic.Bool
}

func (d *Database) indexesOf(table string, wanted []index, former func(string) bool) *indexes {
	return &indexes{db: d, table: table, wanted: wanted, former: former}
}

// listIndexes are those that a table needs for what it offers.
func (t *Table[T]) listIndexes() (all []index) {
	add := func(name, column string) {
		columns := column + ", id"
		if !slices.ContainsFunc(all, func(i index) bool { return i.columns == columns }) {
			all = append(all, index{name: name, columns: columns})
		}
	}
	for _, col := range t.offered {
		own := keyVersion + "_kp_" + value.KeySum(t.schema.Name, strings.Trim(col.SQL, `"`))
		if col.Filter || col.Sort && col.key == "" {
			add(own, col.SQL)
		}
	}
	for _, k := range t.keys.columns {
		add(k.name, k.key)
	}
	return all
}

// listIndexNames are the names of indexes that we make. Those of before are among
// them, and what every version takes away before a migration on SQLite (dropKeys).
var listIndexNames = regexp.MustCompile(`^volgorde[0-9]+_(op|af|kp)_[0-9a-z]+$`)

func isListIndex(name string) bool { return listIndexNames.MatchString(name) }

// largeTable is from how many rows on making an index takes so long that it is done
// beside the work.
const largeTable = 20_000

// arrange makes the indexes that are not there, when that does not take long: on
// PostgreSQL nobody can change a row of the table while one is made.
func (x *indexes) arrange(ctx context.Context) error {
	missing, _, err := x.look(ctx, x.db.read)
	if err == nil && len(missing) > 0 {
		err = x.db.patiently(ctx, Roll{}, func() error {
			return translate(x.doing(), x.db.within(ctx, func(tx *transaction) error { return x.make(ctx, tx) }))
		})
	}
	if err == nil && !x.db.dialect.remote {
		err = x.clear(ctx, x.db.write)
	}
	return translate(x.doing(), err)
}

func (x *indexes) doing() string { return "indexen van " + x.table }

// make makes what is not there, unless another process did.
func (x *indexes) make(ctx context.Context, tx *transaction) error {
	if err := tx.all(ctx, x.db.dialect.lock, x.db.dialect.brief); err != nil {
		return err
	}
	if x.db.dialect.remote {
		large := 0
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+x.table+" LIMIT $1) AS rijen", largeTable).Scan(&large); err != nil || large == largeTable {
			return err
		}
	}
	missing, _, err := x.look(ctx, tx)
	for _, i := range missing {
		if err == nil {
			err = x.free(ctx, tx, i.name)
		}
		if err == nil {
			err = tx.all(ctx, i.create(x.table, ""))
		}
	}
	return err
}

// free gives an index of another table a name of that table: it has ours when that
// table was called as this one is before, and then it went along.
func (x *indexes) free(ctx context.Context, in querier, name string) error {
	if x.db.dialect.elsewhere == "" {
		return nil
	}
	rows, err := in.QueryContext(ctx, x.db.dialect.elsewhere, name, x.table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	other := ""
	for rows.Next() {
		if err := rows.Scan(&other); err != nil {
			return err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || other == "" {
		return err
	}
	_, err = in.ExecContext(ctx, "ALTER INDEX "+name+" RENAME TO "+keyVersion+"_kp_"+value.KeySum(other, name))
	return err
}

func (i index) create(table, how string) string {
	text := "CREATE INDEX " + how + i.name + " ON " + table + " (" + i.columns + ")"
	if i.where != "" {
		text += " WHERE " + i.where
	}
	return text
}

// look says which indexes are missing, and which of ours nothing asks for. One that a
// team made serves as well. One that cannot be used is being made, or was left when
// that broke off; it is as good as missing, and its name is taken.
func (x *indexes) look(ctx context.Context, in querier) (missing, idle []index, err error) {
	there, err := x.there(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	used := map[string]bool{}
	for _, w := range x.wanted {
		fits := func(i index) bool {
			if !i.valid || w.where != "" {
				return i.valid && i.name == w.name
			}
			return (i.plain || i.name == w.name) && strings.ReplaceAll(i.columns, `"`, "") == strings.ReplaceAll(w.columns, `"`, "")
		}
		at := slices.IndexFunc(there, func(i index) bool { return fits(i) && i.name != w.name && !x.former(i.name) })
		if at < 0 {
			at = slices.IndexFunc(there, fits)
		}
		if at >= 0 {
			used[there[at].name] = true
			continue
		}
		missing = append(missing, w)
	}
	for _, i := range there {
		if x.former(i.name) && !used[i.name] {
			idle = append(idle, i)
		}
	}
	return missing, idle, nil
}

func (x *indexes) there(ctx context.Context, in querier) (all []index, err error) {
	rows, err := in.QueryContext(ctx, x.db.dialect.indexes, x.table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var i index
		if err := rows.Scan(&i.name, Text(&i.columns), &i.valid, &i.plain); err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

// turnOfIndexes is what one process at a time holds that makes indexes beside the work.
const turnOfIndexes = "SELECT pg_try_advisory_lock(726172635, hashtext('indexen'))"

// keep makes on PostgreSQL what takes long, while everybody works on, and takes away
// what nothing asks for. It is done when nothing is left to do; an index that only an
// earlier version uses stays as long as one serves.
func (x *indexes) keep(ctx context.Context) error {
	if !x.db.dialect.remote || x.done.Load() {
		return nil
	}
	missing, idle, err := x.look(ctx, x.db.read)
	if err != nil {
		return translate(x.doing(), err)
	}
	if len(missing)+len(idle) == 0 {
		x.done.Store(true)
		return nil
	}
	c, err := x.db.write.Conn(ctx)
	if err != nil {
		return translate(x.doing(), err)
	}
	// What was set is of this connection, and nobody else should get it.
	defer func() { _ = c.Raw(func(any) error { return errDone }); _ = c.Close() }()
	mine := false
	if err := c.QueryRowContext(ctx, turnOfIndexes).Scan(&mine); err != nil || !mine {
		return translate(x.doing(), err)
	}
	if _, err := c.ExecContext(ctx, "SET lock_timeout = 0; SET statement_timeout = 0"); err != nil {
		return translate(x.doing(), err)
	}
	return translate(x.doing(), x.beside(ctx, c))
}

// beside does the work of keep, looking again: another process may have done it.
func (x *indexes) beside(ctx context.Context, c *sql.Conn) error {
	there, err := x.there(ctx, c)
	if err != nil {
		return err
	}
	for _, i := range there { // nobody makes one now, so what cannot be used was left
		if !i.valid && (x.former(i.name) || slices.ContainsFunc(x.wanted, func(w index) bool { return w.name == i.name })) {
			if _, err := c.ExecContext(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+i.name); err != nil {
				return err
			}
		}
	}
	missing, _, err := x.look(ctx, c)
	if err != nil {
		return err
	}
	for _, i := range missing {
		if err := x.free(ctx, c, i.name); err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, i.create(x.table, "CONCURRENTLY ")); err != nil {
			return err
		}
	}
	return x.clear(ctx, c)
}

// clear takes away what nothing asks for, unless another process did.
func (x *indexes) clear(ctx context.Context, in querier) error {
	_, idle, err := x.look(ctx, in)
	if err != nil || x.db.serving.others.Load() {
		return err
	}
	how := ""
	if x.db.dialect.remote {
		how = "CONCURRENTLY "
	}
	for _, i := range idle {
		if _, err := in.ExecContext(ctx, "DROP INDEX "+how+"IF EXISTS "+i.name); err != nil {
			return err
		}
	}
	return nil
}
