package opslag

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
		return d.migrate(ctx, tx, team, Roll{Stop: true})
	})
	return s, err
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
		version := "de versie die haar maakte, of een nieuwere"
		if h.Version != "" {
			version = "versie " + safeName(h.Version) + " of nieuwer"
		}
		return fmt.Errorf("gegevens: de reservekopie is van een nieuwere versie van dit component, of van een ander: migratie %s zit niet in dit programma. Zet haar terug met %s", name, version)
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
	for _, table := range tables { // what goes away anyway, and what a migration put there: the copy has it as it was
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+quoted(table)); err != nil {
			return s, err
		}
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
