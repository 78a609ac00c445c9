package opslag

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// loader stores the rows of a copy. The names of tables and columns come from the
// database: those in the copy are only compared with them.
type loader struct {
	ctx     context.Context
	d       *Database
	tx      *transaction
	columns map[string][]storedColumn

	table     string
	order     []storedColumn // of the values of a row
	rows      int            // of a full statement
	statement *sql.Stmt      // for that many
	args      []any
	size      int
	stored    int64
}

func (l *loader) fault(what, table string) error {
	return &loadError{"de reservekopie past niet bij dit component: tabel " + table + " " + what}
}

// A statement has at most so many rows, and so many bytes that are in memory.
const (
	rowsAtATime  = 500
	bytesAtATime = 1 << 20
)

// Table implements reservekopie.Sink.
func (l *loader) Table(name string, columns []string) error {
	if err := errors.Join(l.flush(), l.closeStatement()); err != nil {
		return err
	}
	there, ok := l.columns[name]
	if !ok {
		return l.fault("is hier niet", safeName(name))
	}
	l.table, l.order, l.stored = name, nil, 0
	for _, column := range columns {
		i := slices.IndexFunc(there, func(c storedColumn) bool { return c.name == column })
		if i < 0 {
			return l.fault("heeft hier geen kolom "+safeName(column), name)
		}
		if slices.Contains(l.order, there[i]) {
			return l.fault("heeft een kolom twee keer", name)
		}
		l.order = append(l.order, there[i])
	}
	if len(l.order) != len(there) {
		return l.fault("heeft hier meer kolommen", name)
	}
	l.rows = max(1, min(rowsAtATime, l.d.dialect.copying.places/max(1, len(l.order))))
	return nil
}

// Row implements reservekopie.Sink.
func (l *loader) Row(values []any) error {
	for i, v := range values {
		made, ok := l.order[i].taken(v, l.d.dialect.remote)
		if !ok {
			return l.fault(fmt.Sprintf("heeft in rij %d in kolom %s iets wat daar niet kan staan", l.stored+int64(len(l.args)/len(l.order))+1, l.order[i].name), l.table)
		}
		switch made := made.(type) {
		case string:
			l.size += len(made)
		case []byte:
			l.size += len(made)
		}
		l.args = append(l.args, made)
	}
	if len(l.args) >= l.rows*len(l.order) || l.size >= bytesAtATime {
		return l.flush()
	}
	return nil
}

// flush stores what has been collected.
func (l *loader) flush() error {
	if len(l.args) == 0 {
		return nil
	}
	n := len(l.args) / len(l.order)
	var err error
	switch {
	case n < l.rows:
		_, err = l.tx.ExecContext(l.ctx, l.text(n), l.args...)
	case l.statement == nil:
		if l.statement, err = l.tx.PrepareContext(l.ctx, l.text(n)); err != nil {
			break
		}
		fallthrough
	default:
		_, err = l.statement.ExecContext(l.ctx, l.args...)
	}
	clear(l.args) // what was stored need not be kept in memory
	l.args, l.size = l.args[:0], 0
	if err != nil {
		err = translate("rijen van "+l.table+" terugzetten", err)
		if outage, ok := errors.AsType[*Outage](err); ok {
			return outage
		}
		return &loadError{fmt.Sprintf("de reservekopie past niet bij dit component: rij %d tot en met %d van tabel %s: %v", l.stored+1, l.stored+int64(n), l.table, err)}
	}
	l.stored += int64(n)
	return nil
}

// text is the statement that stores n rows.
func (l *loader) text(n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + quoted(l.table) + " (")
	for i, c := range l.order {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoted(c.name))
	}
	b.WriteString(")" + l.d.dialect.copying.insert + " VALUES ")
	for row := range n {
		b.WriteString([]string{"(", ", ("}[min(row, 1)])
		for i, c := range l.order {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(l.d.dialect.copying.place(c, row*len(l.order)+i+1))
		}
		b.WriteString(")")
	}
	return b.String()
}

func (l *loader) closeStatement() error {
	if l.statement == nil {
		return nil
	}
	err := l.statement.Close()
	l.statement = nil
	return err
}
