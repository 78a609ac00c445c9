package opslag

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
)

// OutageKind is why a database that is there otherwise cannot do something now.
type OutageKind int

// The kinds of outage.
const (
	Away     OutageKind = iota + 1 // it does not answer, or lets nobody in
	Locked                         // somebody else holds what is needed
	Clash                          // two did the same at one moment, and this one gave way
	Full                           // there is no room to store anything
	ReadOnly                       // it takes no changes
)

// outages has what a caller hears of each kind, and how long it had better wait:
// longer where a person has to do something first.
var outages = map[OutageKind]struct {
	text string
	wait time.Duration
}{
	Away:     {"De database is nu niet bereikbaar. Probeer het zo nog eens.", 2 * time.Second},
	Locked:   {"De database is nu bezet: iets anders houdt de gegevens vast. Probeer het zo nog eens.", 3 * time.Second},
	Clash:    {"Iemand anders deed hetzelfde op hetzelfde moment. Probeer het nog eens.", time.Second},
	Full:     {"De opslag is vol: er kan niets meer bij. De beheerder moet eerst ruimte maken; probeer het daarna nog eens.", 30 * time.Second},
	ReadOnly: {"De opslag neemt nu geen wijzigingen aan. De beheerder moet dat eerst verhelpen; probeer het daarna nog eens.", 30 * time.Second},
}

// Outage is the error of a database that cannot do something now. Nothing is wrong
// with what was asked: the same can be asked again.
type Outage struct {
	Kind OutageKind
	// Unsure says that the connection was lost while a transaction ended: it may have
	// been stored. Whoever repeats it with the same Idempotency-Key, or with the same
	// If-Match, does nothing twice.
	Unsure bool

	doing, cause string
	starting     bool // the server is there and does not take us yet
}

func (e *Outage) Error() string { return "gegevens: " + e.doing + ": " + e.cause }

// Unavailable is what a caller hears of it, and how long that one had better wait.
func (e *Outage) Unavailable() (detail string, wait time.Duration) {
	o := outages[e.Kind]
	if e.Unsure {
		o.text += " Of het verzoek is uitgevoerd, is niet zeker. Stuurt u het opnieuw met dezelfde Idempotency-Key of If-Match, dan gebeurt er niets dubbel."
	}
	return o.text, o.wait
}

// sqliteOutages are primary result codes of SQLite; the higher bits say more.
var sqliteOutages = map[int]struct {
	kind  OutageKind
	cause string
}{
	5:  {Locked, "een ander proces houdt het databasebestand vast (SQLITE_BUSY)"},
	6:  {Locked, "een tabel wordt vastgehouden (SQLITE_LOCKED)"},
	15: {Locked, "het bestand is niet te vergrendelen (SQLITE_PROTOCOL)"},
	13: {Full, "de schijf of de database is vol (SQLITE_FULL)"},
	8:  {ReadOnly, "het databasebestand of de map ervan is alleen te lezen (SQLITE_READONLY)"},
	3:  {ReadOnly, "het databasebestand mag niet gebruikt worden (SQLITE_PERM)"},
	10: {Away, "het databasebestand is niet te lezen of te schrijven (SQLITE_IOERR)"},
	14: {Away, "het databasebestand is niet te openen (SQLITE_CANTOPEN)"},
}

// postgresOutages are classes and codes of PostgreSQL (SQLSTATE).
var postgresOutages = map[string]OutageKind{
	"08": Away, "57P": Away, "53": Away, "28": Away, "58": Away, "3D000": Away,
	"57014": Locked, "55P03": Locked, "40001": Clash, "40P01": Clash,
	"53100": Full, "25006": ReadOnly,
}

// outageOf says whether an error of a driver is that of a database that cannot do
// it now; nil when it is something else.
func outageOf(doing string, err error) *Outage {
	if e, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		if o, known := sqliteOutages[e.Code()&0xff]; known {
			return &Outage{Kind: o.kind, doing: doing, cause: fmt.Sprintf("%s, code %d", o.cause, e.Code())}
		}
		return nil
	}
	// A refusal to connect holds the reason of the server.
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		for _, n := range []int{5, 3, 2} { // the code itself, and then its class
			if kind := postgresOutages[e.Code[:min(n, len(e.Code))]]; kind != 0 {
				return refused(doing, kind, e)
			}
		}
		if _, ok := errors.AsType[*pgconn.ConnectError](err); ok { // whatever its reason, it does not let us in
			return refused(doing, Away, e)
		}
		return nil
	}
	away := func(cause string) *Outage { return &Outage{Kind: Away, doing: doing, cause: cause} }
	if e, ok := errors.AsType[*net.OpError](err); ok {
		cause := "geen verbinding met de database (" + e.Op + ")"
		if e.Op == "dial" {
			cause += "; kijk of zij draait en of DATABASE_URL klopt"
		}
		return away(cause)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return away("geen verbinding met de database; kijk naar DATABASE_URL")
	}
	for _, broken := range []error{context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn, sql.ErrConnDone} {
		if errors.Is(err, broken) {
			return away("de verbinding met de database viel weg, of het antwoord kwam te laat")
		}
	}
	if pgconn.SafeToRetry(err) { // a connection that was closed before it was used
		return away("de verbinding met de database was al gesloten")
	}
	return nil
}

func refused(doing string, kind OutageKind, e *pgconn.PgError) *Outage {
	o := &Outage{Kind: kind, doing: doing, cause: fmt.Sprintf("PostgreSQL weigert met SQLSTATE %s van %s", e.Code, e.Routine)}
	switch {
	case e.Code == "57P03", e.Code == "53300": // it starts, or has too many connections
		o.starting = true
	case e.Code == "3D000", strings.HasPrefix(e.Code, "28"): // no such database, or not for us
		o.cause += "; kijk naar DATABASE_URL"
	}
	return o
}

// commit ends a transaction. When it is not known whether the database did, the
// error says so.
func commit(tx *sql.Tx) error {
	err := tx.Commit()
	if err == nil || errors.Is(err, sql.ErrTxDone) || errors.Is(err, context.Canceled) {
		return err
	}
	if o := outageOf("vastleggen", err); o != nil {
		o.Unsure = o.Kind == Away
		return o
	}
	return err
}

// trouble is the last change that the database could not store, for a while: a
// question gives an answer as always on a disk that is full.
type trouble struct{ last atomic.Pointer[troubled] }

type troubled struct {
	outage *Outage
	until  time.Time
}

// troubleLasts is how long a change that failed makes that we are not ready. When
// it is over the next change shows how it is.
const troubleLasts = 10 * time.Second

// note remembers how a change went.
func (t *trouble) note(err error) {
	if err == nil {
		if t.last.Load() != nil {
			t.last.Store(nil)
		}
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	o, ok := errors.AsType[*Outage](err)
	if !ok {
		o = outageOf("wijzigen", err)
	}
	if o != nil && o.Kind != Clash {
		t.last.Store(&troubled{o, time.Now().Add(troubleLasts)})
	}
}

// now is the outage that lasts; nil when there is none.
func (t *trouble) now() error {
	if last := t.last.Load(); last != nil && time.Now().Before(last.until) {
		return last.outage
	}
	return nil
}

// passes says whether this goes by when one waits a moment, as when somebody
// starts the database or opens the file at the same time.
func (e *Outage) passes() bool { return e.Kind == Locked || e.starting }

// Distant says whether the database is another program, which can let us wait.
func (t *Table[T]) Distant() bool { return t.db.dialect.remote }

// Distant says whether the database is another program, which can let us wait.
func (s *Zaken) Distant() bool { return s.db.dialect.remote }

// Distant says whether the database is another program, which can let us wait.
func (l *Logboek) Distant() bool { return l.db.dialect.remote }

// Distant says whether the database is another program, which can let us wait.
func (t *Temporary) Distant() bool { return t.db.dialect.remote }
