package opslag

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// listing is one list: what is in it and in which order.
//
// A page is read from the row at its edge, along an index that has the order of the
// list: that costs the same everywhere in the list, and does not depend on how long
// it is. Rows without a value come last in both directions, and databases put them
// elsewhere; so they are read apart, as the second part of the list.
type listing struct {
	db             *Database
	doing          string
	columns, table string
	order
	filters *condition
	// each is a column that has one of these values, when each value with the order
	// has an index of its own: the pages of all are read, and merged.
	each   string
	values []any
	// along is the column of the filter with which the index begins that has the order;
	// "" leaves the choice to the database.
	along   string
	countBy string // how to go through what is counted; "" leaves it to the database
}

// follow keeps the rows with a value along an index on this column and the order. On
// PostgreSQL both stand in the order and as limits: of one value it knows that it makes
// no difference to the order, and then it goes through all rows in the order of another
// index when it expects many with this value, of which there may be none.
func (l *listing) follow(column string, value any) {
	if !l.db.dialect.remote {
		l.filters.oneOf(column, []any{value})
		return
	}
	mark := l.filters.mark(value) // the first one
	l.along = column
	l.filters.parts = append(l.filters.parts, column+" >= "+mark, column+" <= "+mark)
}

// part is one of the two parts of a list.
type part int

const (
	whole  part = iota // every row has a value
	filled             // those that have one
	absent             // those that have none
)

// edge is a row next to a page.
type edge struct {
	value any
	id    string
	here  bool // the page begins with this row itself
}

func (l *listing) parts(back bool) []part {
	if !l.absent {
		return []part{whole}
	}
	if back {
		return []part{absent, filled}
	}
	return []part{filled, absent}
}

// from is the part of the list with this row.
func (l *listing) partOf(e edge) part {
	switch {
	case !l.absent:
		return whole
	case e.value == nil:
		return absent
	}
	return filled
}

// orderBy is ORDER BY. In the part without values the value is named as well: only
// then does PostgreSQL see that the index has this order.
func (l *listing) orderBy(back bool) string {
	direction := ""
	if l.down != back {
		direction = " DESC"
	}
	return " ORDER BY " + strings.Join(l.places(), direction+", ") + direction
}

// places are the columns by which the list stands.
func (l *listing) places() (all []string) {
	for _, column := range []string{l.along, l.by} {
		if column != "" {
			all = append(all, column)
		}
	}
	if !l.unique {
		all = append(all, "id")
	}
	return all
}

// beyond are the conditions of a part of the list, from an edge.
func (l *listing) beyond(c *condition, p part, e *edge, back bool) {
	if p == absent {
		c.parts = append(c.parts, l.by+" IS NULL")
	}
	if e == nil {
		if p == filled {
			c.parts = append(c.parts, l.db.dialect.filled(l.by, l.table))
		}
		return
	}
	sign := " >"
	if l.down != back {
		sign = " <"
	}
	if e.here {
		sign += "="
	}
	places, marks := l.places(), []string(nil)
	if p == absent {
		places = []string{"id"}
	}
	for _, column := range places {
		switch column {
		case l.along:
			marks = append(marks, "$1")
		case l.by:
			marks = append(marks, c.mark(e.value))
		default:
			marks = append(marks, c.mark(e.id))
		}
	}
	if len(places) == 1 {
		c.parts = append(c.parts, places[0]+sign+" "+marks[0])
		return
	}
	c.parts = append(c.parts, "("+strings.Join(places, ", ")+")"+sign+" ("+strings.Join(marks, ", ")+")")
}

// stored is the column by which the list stands as the database keeps it, so that a
// driver makes nothing else of it.
func (l *listing) stored() string {
	const named = " AS volgwaarde"
	if l.by == "" {
		return "NULL" + named
	}
	return l.db.dialect.stored(l.by) + named
}

// text is the query for a number of rows of a part, from an edge. The limit stands in
// the text: of one that it does not know, PostgreSQL expects a tenth of the table, and
// then sorting that seems better than following an index.
func (l *listing) text(columns string, p part, e *edge, back bool, limit int) (string, []any) {
	c := l.filters.clone()
	l.beyond(c, p, e, back)
	tail := l.orderBy(back) + " LIMIT " + strconv.Itoa(limit)
	if l.each == "" {
		return "SELECT " + columns + " FROM " + l.table + c.where() + tail, c.args
	}
	all := make([]string, len(l.values))
	for i, v := range l.values {
		all[i] = "SELECT * FROM (SELECT " + columns + " FROM " + l.table + c.where(l.each+" = "+c.mark(v)) + tail + ") AS deel" + strconv.Itoa(i)
	}
	if len(all) == 1 {
		return all[0], c.args
	}
	return strings.Join(all, " UNION ALL ") + tail, c.args
}

// counting is the query that counts, as far as one counts.
func (l *listing) counting() (string, []any) {
	c := l.filters.clone()
	if l.each != "" {
		c.oneOf(l.each, l.values)
	}
	by := ""
	if l.countBy != "" {
		by = " ORDER BY " + l.countBy
	}
	return "SELECT count(*) FROM (SELECT 1 FROM " + l.table + c.where() + by + " LIMIT " + strconv.Itoa(MostCounted+1) + ") AS geteld", c.args
}

// question stands for all that a place in this list depends on.
func (l *listing) question() string {
	text, args := l.text("id", l.parts(false)[0], nil, false, 1)
	return fmt.Sprintf("%s %s %q %q", l.db.dialect.name, l.kind, text, args)
}

// mostListed is how many texts of lists are prepared at most: filters can be put
// together in very many ways.
const mostListed = 500

// queryList asks for rows of a list.
func (d *Database) queryList(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if _, known := d.read.statements.Load(text); !known && d.listed.Add(1) > mostListed {
		return d.read.QueryContext(ctx, text, args...)
	}
	return d.query(ctx, text, args...)
}

// place is next to this row.
func (e edge) place(w Way) *Place {
	p := &Place{Way: w, ID: e.id}
	switch v := e.value.(type) {
	case nil:
	case string:
		p.Value = "s" + v
	case []byte:
		p.Value = "s" + string(v)
	case int64:
		p.Value = "i" + strconv.FormatInt(v, 10)
	case float64:
		p.Value = "f" + strconv.FormatFloat(v, 'x', -1, 64)
	case time.Time:
		p.Value = "t" + strconv.FormatInt(v.UnixMicro(), 10)
	default:
		p.Value = "?" // of a kind that no list is sorted by: refused when it comes back
	}
	return p
}

// edge is the row that a place is next to.
func (l *listing) edge(p Place) (*edge, error) {
	e := edge{id: p.ID}
	if p.Way != After && p.Way != Before {
		return nil, ErrPlace
	}
	if p.Value == "" {
		if l.by != "" && !l.absent {
			return nil, ErrPlace
		}
		return &e, nil
	}
	text := p.Value[1:]
	n, err := strconv.ParseInt(text, 10, 64)
	switch p.Value[0] {
	case 's':
		e.value, err = text, nil
	case 'i':
		e.value = n
	case 't':
		e.value = time.UnixMicro(n).UTC()
	case 'f':
		e.value, err = strconv.ParseFloat(text, 64)
	default:
		err = ErrPlace
	}
	if err != nil || l.by == "" {
		return nil, ErrPlace
	}
	return &e, nil
}
