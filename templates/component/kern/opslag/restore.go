package opslag

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
)

// OpenAlone opens a database into which a copy is put: nobody else may have it
// open. SQLite gives its file to one connection only when it keeps no journal that
// others read along with, and then fills it quicker too.
func OpenAlone(ctx context.Context, databaseURL, file string) (*Database, error) {
	alone := strings.NewReplacer("journal_mode(WAL)", "journal_mode(DELETE)", "synchronous(NORMAL)", "synchronous(FULL)", "busy_timeout(5000)", "busy_timeout(500)")
	d, err := openWith(ctx, databaseURL, file, alone.Replace(sqliteOptions))
	if o, ok := errors.AsType[*Outage](err); ok && o.Kind == Locked && databaseURL == "" {
		return nil, errors.New("gegevens: er draait nog een component met dit databasebestand; stop dat eerst, en probeer het dan opnieuw")
	}
	if err != nil {
		return nil, err
	}
	if d.read != d.write {
		err = d.read.Close()
		d.read = d.write
	}
	d.write.SetMaxOpenConns(1)
	return d, err
}

// Restore puts a copy into an empty database, whole or not at all, and then brings
// it up to date with this program. Judge says whether a copy is the one that is
// meant, before anything is done.
func (d *Database) Restore(ctx context.Context, team fs.FS, from io.Reader, judge func(reservekopie.Header) error) (s reservekopie.Summary, err error) {
	defer func() { err = translateRestore(err) }()
	in, err := reservekopie.NewReader(from)
	if err != nil {
		return s, err
	}
	h := in.Header()
	if err := judge(h); err != nil {
		return s, &loadError{err.Error()}
	}
	all, err := sets(team)
	if err != nil {
		return s, err
	}
	wanted, err := d.wanted(all, h)
	if err != nil {
		return s, err
	}
	err = d.within(ctx, func(tx *transaction) error {
		if err := d.alone(ctx, tx); err != nil {
			return err
		}
		if err := d.prepare(ctx, tx, all, wanted); err != nil {
			return err
		}
		if s, err = d.load(ctx, tx, all, in); err != nil {
			return err
		}
		if err := d.migrate(ctx, tx, team, Roll{Stop: true}); err != nil {
			return err
		}
		return d.unsign(ctx, tx)
	})
	return s, err
}

// unsign takes the row of this process away: it goes when the tables are filled, and
// serves nobody.
func (d *Database) unsign(ctx context.Context, tx *transaction) error {
	if !d.dialect.remote {
		return nil
	}
	_, err := tx.exec(ctx, "DELETE FROM versies WHERE id = $1", d.serving.id)
	return err
}

// translateRestore leaves what is wrong with a copy as it is.
func translateRestore(err error) error {
	if reservekopie.IsFault(err) {
		return err
	}
	if _, ours := errors.AsType[*loadError](err); ours {
		return err
	}
	return translate("reservekopie terugzetten", err)
}

// wanted are the migrations that had run where the copy was made. They have to be
// those of this program, which only then makes the same tables.
func (d *Database) wanted(all []migrationSet, h reservekopie.Header) (map[string]map[string]bool, error) {
	newest := func(name string) error {
		version := ""
		if h.Version != "" {
			version = " " + h.Version
		}
		return fmt.Errorf("gegevens: de reservekopie is van een nieuwere versie van dit component, of van een ander: migratie %s zit niet in dit programma. Zet haar terug met versie%s of nieuwer", name, version)
	}
	known, wanted := map[string]map[string]string{}, map[string]map[string]bool{}
	for _, set := range all {
		sums, err := sumsOf(set, h.Database)
		if err != nil {
			return nil, err
		}
		if sums == nil {
			return nil, errors.New("gegevens: de reservekopie is van een soort database die dit programma niet kent")
		}
		known[set.table], wanted[set.table] = sums, map[string]bool{}
	}
	for _, m := range h.Migrations {
		sum, ok := known[m.Set][m.Name]
		switch {
		case !ok:
			return nil, newest(safeName(m.Name))
		case sum != m.Sum:
			return nil, fmt.Errorf("gegevens: migratie %s is veranderd nadat de reservekopie was gemaakt; zet haar terug met de versie van toen", m.Name)
		}
		wanted[m.Set][m.Name] = true
	}
	if len(wanted[all[0].table]) == 0 {
		return nil, errors.New("gegevens: in de reservekopie staat niet van welke versie zij is")
	}
	return wanted, nil
}

// safeName makes a text from a copy fit for a line on a screen.
func safeName(s string) string {
	return fmt.Sprintf("%.60q", s)
}

// alone waits for whoever brings the database up to date, and refuses while
// somebody works in it: who has looked at the empty tables goes on with what is
// not true any more.
func (d *Database) alone(ctx context.Context, tx *transaction) error {
	if _, err := tx.ExecContext(ctx, d.dialect.lock); err != nil {
		return err
	}
	if d.dialect.copying.others == "" {
		return nil
	}
	for until := time.Now().Add(goneWithin); ; {
		var n int
		if err := tx.QueryRowContext(ctx, d.dialect.copying.others).Scan(&n); err != nil || n == 0 {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("gegevens: er draait nog een component op deze database (%d verbindingen); stop eerst alle lagen, en probeer het dan opnieuw", n)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		if _, err := tx.ExecContext(ctx, d.dialect.copying.again); err != nil {
			return err
		}
	}
}

// goneWithin is how long a connection that was closed may still be seen.
const goneWithin = 2 * time.Second

// prepare makes the tables as they were where the copy was made. Tables that are
// as they have to be are used as they are, so that rights on them stay.
func (d *Database) prepare(ctx context.Context, tx *transaction, all []migrationSet, wanted map[string]map[string]bool) error {
	done, err := d.ran(ctx, tx, all)
	if err != nil {
		return err
	}
	ours, _, err := d.tablesOf(ctx, tx, all)
	if err != nil {
		return err
	}
	if err := d.occupied(ctx, tx, ours); err != nil {
		return err
	}
	same := true
	for _, set := range all {
		same = same && len(done[set.table]) == len(wanted[set.table])
		for name := range done[set.table] {
			same = same && wanted[set.table][name]
		}
	}
	if same {
		for _, table := range ours {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+quoted(table)); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := tx.ExecContext(ctx, d.dialect.free); err != nil {
		return err
	}
	for _, set := range all {
		ours = append(ours, set.table)
	}
	for _, table := range ours {
		if _, err := tx.ExecContext(ctx, "DROP TABLE IF EXISTS "+quoted(table)+d.dialect.drop); err != nil {
			return err
		}
	}
	for _, set := range all {
		if err := d.migrateSet(ctx, tx, set, Roll{Stop: true, only: wanted[set.table]}); err != nil {
			return err
		}
	}
	return nil
}

// load puts the rows into the tables.
func (d *Database) load(ctx context.Context, tx *transaction, all []migrationSet, in *reservekopie.Reader) (s reservekopie.Summary, err error) {
	tables, _, err := d.tablesOf(ctx, tx, all)
	if err != nil {
		return s, err
	}
	l := &loader{ctx: ctx, d: d, tx: tx, columns: map[string][]storedColumn{}}
	for _, table := range tables {
		if passing[table] {
			continue
		}
		if l.columns[table], err = d.columnsOf(ctx, tx, table); err != nil {
			return s, err
		}
	}
	if _, err := tx.ExecContext(ctx, d.dialect.copying.ready); err != nil {
		return s, err
	}
	join, err := d.dialect.copying.apart(ctx, tx, tables)
	if err != nil {
		return s, err
	}
	if s, err = in.Read(l); err != nil {
		return s, err
	}
	if err := errors.Join(l.flush(), l.closeStatement()); err != nil {
		return s, err
	}
	for table, columns := range l.columns {
		if _, came := s.Rows[table]; !came {
			return s, l.fault("ontbreekt in de reservekopie", table)
		}
		if err := d.dialect.copying.after(ctx, tx, table, columns); err != nil {
			return s, err
		}
	}
	return s, join()
}

// loadError says what of a copy does not fit in the tables. It holds no value.
type loadError struct{ text string }

func (e *loadError) Error() string { return e.text }

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
