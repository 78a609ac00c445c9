package opslag

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Query is a question for a page of a list. Filters and Sort use the names of
// the API; a name that is not offered is an error.
type Query struct {
	Filters       []Filter
	Sort          string // name of a field, with - before it for the other way round
	Limit, Offset int
}

// Filter keeps the rows that have one of the values: exactly, with its capitals and
// accents, in the form of Unicode in which texts are stored.
type Filter struct {
	Name   string
	Values []string
}

// condition is the WHERE of a list: its text holds only our own column names,
// the values go along as arguments.
type condition struct {
	parts []string
	args  []any
}

func (c *condition) mark(arg any) string {
	c.args = append(c.args, arg)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *condition) oneOf(column string, values []any) {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = c.mark(v)
	}
	if len(marks) == 1 {
		c.parts = append(c.parts, column+" = "+marks[0])
		return
	}
	c.parts = append(c.parts, column+" IN ("+strings.Join(marks, ", ")+")")
}

// list is the text of a query for one page. It counts in the same statement:
// a second question to the database would cost as much as the first.
func (c *condition) list(columns, table, order string, limit, offset int) string {
	where := ""
	if len(c.parts) > 0 {
		where = " WHERE " + strings.Join(c.parts, " AND ")
	}
	// Without the CAST, SQLite prepares the statement again at every run.
	return "SELECT " + columns + ", (SELECT count(*) FROM " + table + where + ") FROM " + table + where +
		" ORDER BY " + order + " LIMIT CAST(" + c.mark(limit) + " AS INTEGER) OFFSET CAST(" + c.mark(offset) + " AS INTEGER)"
}

// counting is the text that only counts, for a page beyond the last one. Its
// arguments are those of list without the two of the page.
func (c *condition) counting(table string) (string, []any) {
	where := ""
	if len(c.parts) > 0 {
		where = " WHERE " + strings.Join(c.parts, " AND ")
	}
	return "SELECT count(*) FROM " + table + where, c.args[:len(c.args)-2]
}

// order is ORDER BY for one of the offered names; the id makes it complete.
func order(columns []Column, by string) (string, error) {
	if by == "" {
		return "id", nil
	}
	name, descending := strings.CutPrefix(by, "-")
	i := slices.IndexFunc(columns, func(col Column) bool { return col.Sort && col.JSON == name })
	if i < 0 {
		return "", errors.New("gegevens: op die naam wordt niet gesorteerd")
	}
	direction := ""
	if descending {
		direction = " DESC"
	}
	return cmp.Or(columns[i].key, columns[i].SQL) + direction + " NULLS LAST, id", nil
}

func where(columns []Column, filters []Filter) (*condition, error) {
	c := &condition{}
	for _, f := range filters {
		i := slices.IndexFunc(columns, func(col Column) bool { return col.Filter && col.JSON == f.Name })
		if i < 0 || len(f.Values) == 0 {
			return nil, errors.New("gegevens: op die naam wordt niet gefilterd")
		}
		values := make([]any, len(f.Values))
		for n, v := range f.Values {
			values[n] = value.NFC(v)
			if columns[i].boolean {
				values[n] = v == "true"
			}
		}
		c.oneOf(columns[i].SQL, values)
	}
	return c, nil
}

// List gives a page of rows and the number of all rows that fit.
func (t *Table[T]) List(ctx context.Context, q Query) ([]T, int, error) {
	doing := t.schema.Name + " opsommen"
	c, err := where(t.offered, q.Filters)
	if err != nil {
		return nil, 0, err
	}
	by, err := order(t.offered, q.Sort)
	if err != nil {
		return nil, 0, err
	}
	if err := t.arrange(ctx); err != nil {
		return nil, 0, err
	}
	var row T
	return listRows(ctx, t.db, doing, c, t.columns, t.schema.Name, by, q, &row, t.targets(&row))
}

// listRows reads into one row again and again and copies it: the pointers for
// Scan are made once. A scan gives fresh memory to whatever a copy would share.
func listRows[T any](ctx context.Context, db *Database, doing string, c *condition, columns, table, by string, q Query, row *T, targets []any) ([]T, int, error) {
	rows, err := db.query(ctx, c.list(columns, table, by, q.Limit, q.Offset), c.args...)
	if err != nil {
		return nil, 0, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	count := 0
	targets = append(targets, &count)
	results := make([]T, 0, min(q.Limit, 100))
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil && scanAbsent(rows.Scan, targets) != nil {
			return nil, 0, translate(doing, err)
		}
		results = append(results, *row)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, translate(doing, err)
	}
	if len(results) == 0 && q.Offset > 0 {
		text, args := c.counting(table)
		err := db.read.QueryRowContext(ctx, text, args...).Scan(&count)
		return results, count, translate(doing, err)
	}
	return results, count, nil
}
