package opslag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Roll says how the tables are brought up to date while earlier versions of the
// component may be serving from them.
type Roll struct {
	// Stop says that earlier versions may fail from then on: somebody decided so.
	Stop bool
	Log  *slog.Logger // may be nil

	wait     time.Duration   // for an earlier version to leave; 0 is as long as one counts that went without a word
	only     map[string]bool // no more migrations than these; nil for all
	unsigned bool            // until now processes left no row in versies
}

// Every process on PostgreSQL has a row that says which migrations it knows, and
// touches it as long as it lives. On SQLite there is one process.
const (
	seenEvery = 10 * time.Second
	// unseenAfter is after how long without a sign a process is gone. It is also in
	// the statements of the dialect.
	unseenAfter = 30 * time.Second
)

const (
	// tableFor is how long a migration waits for a table that somebody else holds:
	// all that comes after it waits for the table too. It is less than the second
	// after which PostgreSQL calls two that wait for each other a deadlock, so that
	// the migration gives way, and not a request.
	tableFor = "SET LOCAL lock_timeout = '500ms'"
	// tablesWithin is how long it tries.
	tablesWithin = 2 * time.Minute
	tryAgain     = 3 * time.Second
)

// EarlierError says that a migration cannot run yet, because an earlier version
// that cannot go on beside it still serves from the database.
type EarlierError struct {
	Migration, Reason string
	Where             []string // names of machines
}

func (e *EarlierError) Error() string {
	reason := ""
	if e.Reason != "" {
		reason = " (" + e.Reason + ")"
	}
	return fmt.Sprintf("gegevens: migratie %s%s kan niet naast een vorige versie draaien, en die draait nog: %s. Er is niets veranderd. Stop eerst de vorige versie, bijvoorbeeld met kubectl scale --replicas=0; zij telt nog %s mee nadat zij voor het laatst gezien is. Of zet STILSTAND=ja: dan gaat de migratie door en geeft de vorige versie fouten tot zij weg is",
		e.Migration, reason, strings.Join(e.Where, ", "), unseenAfter)
}

// NewerError says that the database has tables of a later version, with which this
// one cannot work.
type NewerError struct {
	Migration string
	Needs     []string // migrations that this version would have to know
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("gegevens: de database is van een nieuwere versie: migratie %s is hier onbekend, en deze versie kan daar niet naast draaien. Start de nieuwere versie, of zet een reservekopie van voor die migratie terug. Op een laptop begint u opnieuw met: go run . reset", e.Migration)
}

// serving is what a process knows of the others on its database.
type serving struct {
	id      string // written before anything reads it
	version atomic.Pointer[knowledge]

	later  atomic.Bool           // the database has migrations that are not known here
	past   atomic.Pointer[error] // with which this version cannot work
	others atomic.Bool           // another version serves too
	round  atomic.Int64          // goes up when the last of those has gone

	begin, end sync.Once
	stop       context.CancelFunc
	done       chan struct{}
}

// knowledge is what a version knows: the names of its migrations, one on a line.
type knowledge struct {
	names string
	sets  []migrationSet
}

func (k *knowledge) has(set migrationSet, needs ...string) bool {
	return knows(strings.Split(k.names, "\n"), set, needs)
}

// patiently does something again that found a table held by somebody else, or an
// earlier version that may be leaving. On SQLite a process waits in the driver.
func (d *Database) patiently(ctx context.Context, r Roll, do func() error) error {
	for begin, told := time.Now(), false; ; {
		err := do()
		limit := time.Duration(0)
		if o, ok := errors.AsType[*Outage](err); ok && (o.Kind == Locked || o.Kind == Clash) {
			limit = tablesWithin
		} else if _, ok := errors.AsType[*EarlierError](err); ok {
			limit = cmp.Or(r.wait, unseenAfter+seenEvery/2)
		}
		switch late := time.Since(begin) >= limit; {
		case d.dialect.remote && late && limit == tablesWithin:
			return fmt.Errorf("%w; iets anders houdt een tabel langer dan %s vast: zoek in pg_stat_activity naar een transactie die openstaat. Er is niets veranderd", err, tablesWithin)
		case !d.dialect.remote || late:
			return err
		}
		if !told && r.Log != nil {
			told = true
			r.Log.WarnContext(ctx, "de tabellen zijn nog niet bij te werken; nieuwe poging over enkele seconden", "fout", err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(tryAgain/2 + rand.N(tryAgain/2)): // #nosec G404 -- Spreads attempts in time; it is no secret.
		}
	}
}

// mustWait says which earlier versions a migration would break.
func (d *Database) mustWait(ctx context.Context, tx *transaction, set migrationSet, m migration, unsigned bool) error {
	b := m.beside()
	if !d.dialect.remote || len(b.needs) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, d.dialect.serving, d.serving.id)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var where []string
	for rows.Next() {
		var name, known string
		if err := rows.Scan(&name, &known); err != nil {
			return err
		}
		if !knows(strings.Split(known, "\n"), set, b.needs) {
			where = append(where, name)
		}
	}
	if unsigned && rows.Err() == nil { // then the rows are closed as well
		n, err := d.nameless(ctx, tx)
		if err != nil {
			return err
		}
		if n > 0 {
			where = append(where, fmt.Sprintf("een versie met een kern die dit nog niet bijhield (verbindingen zonder naam: %d)", n))
		}
	}
	if len(where) > 0 {
		return errors.Join(rows.Err(), &EarlierError{set.where + "/" + m.name, b.reason, where})
	}
	return rows.Err()
}

// neverSigned says whether the kern that last worked on these tables left no row of its
// processes. Then they are only seen by their connections.
func (d *Database) neverSigned(ctx context.Context, tx *transaction) (bool, error) {
	if !d.dialect.remote {
		return false, nil
	}
	there, err := tx.names(ctx, d.dialect.copying.tables)
	return slices.Contains(there, setOfKern) && !slices.Contains(there, "versies"), err
}

// nameless counts the connections of our user that have no name, as those of such a
// kern. Ours have one.
func (d *Database) nameless(ctx context.Context, tx *transaction) (n int, err error) {
	if _, err := tx.ExecContext(ctx, d.dialect.copying.again); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND application_name = '' AND pid <> pg_backend_pid()").Scan(&n)
	return n, err
}

// knows says whether all migrations of a set that are needed are among those that
// are known.
func knows(known []string, set migrationSet, needs []string) bool {
	return !slices.ContainsFunc(needs, func(name string) bool { return !slices.Contains(known, set.table+"/"+name) })
}

// sign leaves the row of this process: first in the transaction that brought the
// tables up to date, so that whoever migrates next sees it. A command that empties or
// fills the tables leaves none, for it serves nobody.
func (d *Database) sign(ctx context.Context, in querier) error {
	if !d.dialect.remote {
		return nil
	}
	name, _ := os.Hostname()
	_, err := in.ExecContext(ctx, d.dialect.sign, d.serving.id, name, d.serving.version.Load().names)
	return err
}

// serve keeps the row of this process alive until the database is closed.
func (d *Database) serve(log *slog.Logger) {
	if !d.dialect.remote {
		return
	}
	s := &d.serving
	s.begin.Do(func() {
		ctx, stop := context.WithCancel(context.Background())
		s.stop, s.done = stop, make(chan struct{})
		go func() {
			defer close(s.done)
			for {
				select {
				case <-ctx.Done():
					return
				case <-time.After(seenEvery):
				}
				within, cancel := context.WithTimeout(ctx, seenEvery)
				if err := d.look(within); err != nil && log != nil && ctx.Err() == nil {
					log.WarnContext(ctx, "andere versies op deze database zijn niet na te gaan", "fout", translate("versies bijhouden", err))
				}
				cancel()
			}
		}()
	})
}

// look says that this process lives, and looks which others do and whether the
// tables are still those of a version that can go on beside this one.
func (d *Database) look(ctx context.Context) error {
	s := &d.serving
	if err := d.sign(ctx, d.write); err != nil {
		return err
	}
	own := s.version.Load()
	var others int
	if err := d.read.QueryRowContext(ctx, d.dialect.different, s.id, own.names).Scan(&others); err != nil {
		return err
	}
	if had := s.others.Swap(others > 0); had && others == 0 {
		s.round.Add(1)
	}
	for _, set := range own.sets {
		ran, err := doneMigrations(ctx, d.read, set.table)
		if err != nil {
			return err
		}
		if err := d.judge(set, ran); err != nil {
			s.past.Store(&err)
		}
	}
	return nil
}

// judge says whether this version can work with the migrations that ran and that it
// does not know.
func (d *Database) judge(set migrationSet, ran map[string]ranMigration) error {
	own := d.serving.version.Load()
	for name, r := range ran {
		name = strings.TrimSuffix(name, ".sql")
		if !r.said || own.has(set, name) { // a kern of before said nothing
			continue
		}
		d.serving.later.Store(true)
		if !own.has(set, r.needs...) {
			return &NewerError{set.where + "/" + name, r.needs}
		}
	}
	return nil
}

// leave ends the row of this process.
func (d *Database) leave() {
	s := &d.serving
	s.end.Do(func() {
		if s.stop == nil {
			return
		}
		s.stop()
		<-s.done
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_, _ = d.write.ExecContext(ctx, "DELETE FROM versies WHERE id = $1", s.id) // when it fails it counts for a while
	})
}
