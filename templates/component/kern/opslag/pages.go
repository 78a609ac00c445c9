package opslag

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
)

// Page is a page of a list, and what is known of the list as a whole.
type Page[T any] struct {
	Rows  []T
	Count int  // how many there are on all pages together, up to MostCounted
	More  bool // and there are more than that
	// Where the other pages are; nil when there is no such page. Last is there when
	// there is any other page.
	Next, Previous, Last *Place
}

// MostCounted is how far a list is counted: counting on would take as long as the
// list is.
const MostCounted = 1000

// Place is a place in a list, between two rows or at the end of it.
type Place struct {
	Way   Way
	Value string // what the row has in the column by which the list stands, as text
	ID    string // of the row
}

// Way is on which side of a Place the page is.
type Way byte

// The ways to go from a Place.
const (
	After  Way = 'n' // the page begins after this row
	Before Way = 'p' // it ends before this row
	End    Way = 'l' // it is the last page; there is no row
)

// ErrPlace says that a Place is none of this list.
var ErrPlace = errors.New("gegevens: die plaats is er niet in deze lijst")

// atOnceRead is how many rows are asked for: of few numbers, as each is a statement
// that is prepared.
func atOnceRead(n int) int {
	for _, most := range []int{21, 101} {
		if n <= most {
			return most
		}
	}
	return n
}

// reader reads rows of a list into one row again and again and copies it: the
// pointers for Scan are made once. A scan gives fresh memory to whatever a copy
// would share.
type reader[T any] struct {
	*listing
	row     *T
	targets []any // of the row, its id first

	rows  []T
	edges []edge // of rows
	count int    // -1 when it was not counted yet
}

func pageOf[T any](ctx context.Context, l *listing, q Query, row *T, targets []any) (Page[T], error) {
	r := &reader[T]{listing: l, row: row, targets: targets, count: -1}
	p, err := r.page(ctx, q)
	return p, translate(l.doing, err)
}

func (r *reader[T]) page(ctx context.Context, q Query) (p Page[T], err error) {
	q.Limit = max(q.Limit, 1)
	from, back, first, size := (*edge)(nil), false, q.From == nil && q.Offset <= 0, q.Limit
	switch {
	case q.From == nil && q.Offset > 0:
		from, err = r.skip(ctx, q.Offset)
		if err == nil && from == nil { // beyond the last row
			err = r.counted(ctx)
			return r.found(p, false, r.count > 0), err
		}
	case q.From != nil && q.From.Way == End:
		back = true
		if err = r.counted(ctx); err == nil && r.count <= MostCounted && r.count%q.Limit > 0 {
			size = r.count % q.Limit // so that the pages before it are full
		}
	case q.From != nil:
		back = q.From.Way == Before
		from, err = r.edge(*q.From)
	}
	if err == nil {
		err = r.read(ctx, from, back, size+1)
	}
	if err != nil {
		return p, err
	}
	more := len(r.rows) > size
	if back && !more && (len(r.rows) < q.Limit && q.From.Way == Before || len(r.rows) == 0) {
		// So near to the beginning a page is the first, and that one is full.
		back, first = false, true
		r.rows, r.edges = nil, nil
		if err := r.read(ctx, nil, false, q.Limit+1); err != nil {
			return p, err
		}
		size, more = q.Limit, len(r.rows) > q.Limit
	}
	r.rows, r.edges = r.rows[:min(size, len(r.rows))], r.edges[:min(size, len(r.edges))]
	if back {
		slices.Reverse(r.rows)
		slices.Reverse(r.edges)
		more, first = q.From.Way == Before, !more
	}
	err = r.counted(ctx)
	return r.found(p, more, !first), err
}

// found fills in what is known. Next and previous say whether there is such a page.
func (r *reader[T]) found(p Page[T], next, previous bool) Page[T] {
	p.Rows, p.Count, p.More = r.rows, min(r.count, MostCounted), r.count > MostCounted
	if next || previous {
		p.Last = &Place{Way: End}
	}
	switch n := len(r.edges); {
	case n == 0 && previous && r.count > 0:
		p.Previous = p.Last
	case n == 0:
		p.Last = nil
	default:
		if next {
			p.Next = r.edges[n-1].place(After)
		}
		if previous {
			p.Previous = r.edges[0].place(Before)
		}
	}
	return p
}

// read reads so many rows from an edge; without one from the beginning, or back from
// the end.
func (r *reader[T]) read(ctx context.Context, from *edge, back bool, n int) error {
	parts := r.parts(back)
	if from != nil {
		parts = parts[slices.Index(parts, r.partOf(*from)):]
	}
	for i, p := range parts {
		if i > 0 {
			from = nil
		}
		if err := r.readPart(ctx, p, from, back, n); err != nil || len(r.rows) >= n {
			return err
		}
	}
	return nil
}

// readPart reads of one part. It counts in the same statement: a second question to
// the database would cost as much as the first.
func (r *reader[T]) readPart(ctx context.Context, p part, from *edge, back bool, n int) error {
	columns, count := r.columns+", "+r.stored(), 0
	counts := r.count < 0 && r.each == "" && len(r.rows) == 0
	if counts {
		text, _ := r.counting() // with the arguments that the list begins with
		columns += ", (" + text + ")"
	}
	text, args := r.text(columns, p, from, back, atOnceRead(n-len(r.rows)))
	rows, err := r.db.queryList(ctx, text, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var stored any
	targets := append(r.targets[:len(r.targets):len(r.targets)], &stored)
	if counts {
		targets = append(targets, &count)
	}
	for len(r.rows) < n && rows.Next() {
		if err := rows.Scan(targets...); err != nil && scanAbsent(rows.Scan, targets) != nil {
			return err
		}
		r.rows = append(r.rows, *r.row)
		r.edges = append(r.edges, edge{value: stored, id: *r.targets[0].(*string)})
		if counts {
			r.count = count
		}
	}
	return rows.Err()
}

// counted sees to it that the list is counted.
func (r *reader[T]) counted(ctx context.Context) error {
	if r.count >= 0 {
		return nil
	}
	text, args := r.counting()
	rows, err := r.db.queryList(ctx, text, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		if err := rows.Scan(&r.count); err != nil {
			return err
		}
	}
	return rows.Err()
}

// skip finds the row that comes after so many others; nil when there are not that
// many. It reads the index only, and the page is read from there.
func (l *listing) skip(ctx context.Context, n int) (*edge, error) {
	columns := "id, " + l.stored()
	if l.by != "" {
		columns = "id, " + l.by + ", " + l.stored() // a merge is in the order of what it shows
	}
	for _, p := range l.parts(false) {
		text, args := l.text(columns, p, nil, false, n+1)
		e := edge{here: true}
		targets := []any{&e.id, &e.value}
		if l.by != "" {
			targets = []any{&e.id, new(any), &e.value}
		}
		err := l.db.read.QueryRowContext(ctx, "SELECT * FROM ("+text+") AS rij LIMIT 1 OFFSET "+strconv.Itoa(n), args...).Scan(targets...)
		if !errors.Is(err, sql.ErrNoRows) {
			return &e, err
		}
		passed := 0
		if err := l.db.read.QueryRowContext(ctx, "SELECT count(*) FROM ("+text+") AS rijen", args...).Scan(&passed); err != nil {
			return nil, err
		}
		n -= passed
	}
	return nil, nil //nolint:nilnil // No row and no error.
}
