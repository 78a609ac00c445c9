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
	Filters []Filter
	Sort    string // name of a field, with - before it for the other way round
	Limit   int    // rows on a page
	// From is where the page begins or ends. Without it the page begins after Offset
	// rows, which costs more the further it is.
	From   *Place
	Offset int
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

// clone is the same condition, to which more can be added.
func (c *condition) clone() *condition { return &condition{slices.Clip(c.parts), slices.Clip(c.args)} }

// where is the text of the conditions together.
func (c *condition) where(more ...string) string {
	if len(c.parts)+len(more) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(slices.Concat(c.parts, more), " AND ")
}

// order is by which column a list stands, and what is to be known of it. What is
// alike there follows by id, in the same direction: so one index on both serves
// both directions.
type order struct {
	by     string // "" for the id
	down   bool
	absent bool // a row may have none, and comes last then in both directions
	unique bool // no two rows have the same
	kind   string
}

// orderOf is the order for one of the offered names.
func orderOf(columns []Column, by string) (order, error) {
	if by == "" {
		return order{}, nil
	}
	name, down := strings.CutPrefix(by, "-")
	i := slices.IndexFunc(columns, func(col Column) bool { return col.Sort && col.JSON == name })
	if i < 0 {
		return order{}, errors.New("gegevens: op die naam wordt niet gesorteerd")
	}
	c := columns[i]
	return order{by: cmp.Or(c.key, c.SQL), down: down, absent: !c.filled, unique: c.unique, kind: c.kind}, nil
}

// filter adds the filters to a list. When there is one, an index begins with it that
// has the order of a list without another.
func (l *listing) filter(columns []Column, filters []Filter) error {
	for _, f := range filters {
		i := slices.IndexFunc(columns, func(col Column) bool { return col.Filter && col.JSON == f.Name })
		if i < 0 || len(f.Values) == 0 {
			return errors.New("gegevens: op die naam wordt niet gefilterd")
		}
		values := make([]any, len(f.Values))
		for n, v := range f.Values {
			values[n] = value.NFC(v)
			if columns[i].boolean {
				values[n] = v == "true"
			}
		}
		if len(filters) == 1 && len(values) == 1 && l.by == "" {
			l.follow(columns[i].SQL, values[0])
		} else {
			l.filters.oneOf(columns[i].SQL, values)
		}
	}
	if len(filters) < 2 { // else the database may know a better way to count
		l.countBy = "id"
		if l.along != "" {
			l.countBy = l.along + ", id"
		}
	}
	return nil
}

// listing is the list that a query asks for.
func (t *Table[T]) listing(q Query) (*listing, error) {
	by, err := orderOf(t.offered, q.Sort)
	if err != nil {
		return nil, err
	}
	l := &listing{db: t.db, doing: t.schema.Name + " opsommen", columns: t.columns, table: t.schema.Name, order: by, filters: &condition{}}
	return l, l.filter(t.offered, q.Filters)
}

// Page gives a page of rows, and what is known of all that fit.
func (t *Table[T]) Page(ctx context.Context, q Query) (Page[T], error) {
	l, err := t.listing(q)
	if err != nil {
		return Page[T]{}, err
	}
	if err := t.arrange(ctx); err != nil {
		return Page[T]{}, err
	}
	var row T
	return pageOf(ctx, l, q, &row, t.targets(&row))
}

// Question stands for all that a Place in the list of a query depends on: it means
// nothing in the list of another.
func (t *Table[T]) Question(q Query) (string, error) {
	l, err := t.listing(q)
	if err != nil {
		return "", err
	}
	return l.question(), nil
}
