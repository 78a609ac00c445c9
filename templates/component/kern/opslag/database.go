// Package opslag is layer 1: it keeps the register and the zaken. Nothing but
// this package speaks SQL, and only layer 2, diensten, speaks to this package.
//
// The same text runs on SQLite, on a laptop, and on PostgreSQL, in production.
// Whatever differs between the two stands in dialect.go and in the migrations.
// No error of this package holds a value from a row: errors end up in logs.
package opslag

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Database is a connection to the store, safe for concurrent use.
//
// SQLite has one writer at a time. With one connection for writing, writers
// wait for each other in Go, in order; with more they find the file locked and
// some wait very long. On PostgreSQL both names are the same pool.
type Database struct {
	read, write *pool
	dialect     dialect
	now         func() time.Time
	listed      atomic.Int64 // texts of lists that were prepared
	trouble     trouble
	serving     serving
	upkeep      upkeep
}

// pool is a pool of connections with the statements that were prepared on it.
type pool struct {
	*sql.DB
	statements sync.Map // text: *sql.Stmt
	count      atomic.Int64
}

// sqliteOptions are settings of the driver: wait for a lock, readers do not
// block the writer, what is removed is overwritten, times as microseconds, which
// sort and are quick to read.
const sqliteOptions = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)" +
	"&_pragma=secure_delete(1)&_txlock=immediate&_inttotime=1&_time_integer_format=unix_micro&_timezone=UTC"

// Open opens PostgreSQL when databaseURL is given and the SQLite file otherwise,
// which it makes when it is not there.
func Open(ctx context.Context, databaseURL, file string) (*Database, error) {
	return openWith(ctx, databaseURL, file, sqliteOptions)
}

func openWith(ctx context.Context, databaseURL, file, options string) (*Database, error) {
	d := &Database{now: time.Now}
	var err error
	if databaseURL != "" {
		err = d.openPostgres(databaseURL)
	} else {
		err = d.openSQLite(file, options)
	}
	if err != nil {
		return nil, err
	}
	if err := d.connect(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// busyFor is how long opening waits for another process, as busy_timeout does
// for everything after it.
const busyFor = 5 * time.Second

// connect makes the first connection. The first process that opens a new SQLite
// file switches it to WAL, and for that lock SQLite itself does not wait. Neither
// does PostgreSQL while it starts.
func (d *Database) connect(ctx context.Context) error {
	for until := time.Now().Add(busyFor); ; {
		err := d.Ready(ctx)
		if o, ok := errors.AsType[*Outage](err); !ok || !o.passes() || time.Now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// connectWithin is how long a connection to PostgreSQL may take to be made, when
// DATABASE_URL does not say (connect_timeout). Without it an address that nobody
// answers keeps everybody waiting for minutes.
const connectWithin = 5 * time.Second

func (d *Database) openPostgres(databaseURL string) error {
	if !strings.HasPrefix(databaseURL, "postgres://") && !strings.HasPrefix(databaseURL, "postgresql://") {
		return errors.New("gegevens: DATABASE_URL moet beginnen met postgres://")
	}
	c, err := pgx.ParseConfig(databaseURL)
	if err != nil { // the text of err may hold the password
		return errors.New("gegevens: DATABASE_URL is geen adres van een PostgreSQL-database")
	}
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, connectWithin)
	if c.RuntimeParams["application_name"] == "" { // who restores a copy looks whether a component is connected
		c.RuntimeParams["application_name"] = "component " + c.RuntimeParams["search_path"]
	}
	db := stdlib.OpenDB(*c, stdlib.OptionAfterConnect(along(c)))
	db.SetMaxOpenConns(max(10, 4*runtime.NumCPU()))
	db.SetMaxIdleConns(max(10, 4*runtime.NumCPU()))
	db.SetConnMaxLifetime(30 * time.Minute)
	both := &pool{DB: db}
	d.read, d.write, d.dialect = both, both, postgres
	return nil
}

// Sealed says whether everything between this program and the database goes
// through TLS, or through a socket of this machine. What the URL does not say the
// driver takes from its own settings (PGSSLMODE), and so does this.
func Sealed(databaseURL string) (bool, error) {
	c, err := pgconn.ParseConfig(databaseURL)
	if err != nil { // the text of err may hold the password
		return false, errors.New("DATABASE_URL is geen adres van een PostgreSQL-database, of noemt een certificaat dat niet te lezen is")
	}
	socket := func(host string) bool { return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") }
	sealed := c.TLSConfig != nil || socket(c.Host)
	for _, other := range c.Fallbacks { // tried when the first does not work
		sealed = sealed && (other.TLSConfig != nil || socket(other.Host))
	}
	return sealed, nil
}

func (d *Database) openSQLite(file, options string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("gegevens: %s: %w", file, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("gegevens: de map van de database: %w", err)
	}
	// For who runs this alone, as a copy is: SQLite itself would let everybody on this
	// machine read it. What is wrong with the file, opening says.
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err == nil { // #nosec G304 -- A setting names the file.
		_ = f.Close()
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	dsn := "file://" + (&url.URL{Path: path}).EscapedPath() + options
	open := func(connections int) (*pool, error) {
		db, err := sql.Open("sqlite", dsn)
		if err != nil {
			return nil, fmt.Errorf("gegevens: %s: %w", file, err)
		}
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		return &pool{DB: db}, nil
	}
	if d.write, err = open(1); err != nil {
		return err
	}
	d.read, err = open(2 * runtime.NumCPU())
	d.dialect = sqlite
	return err
}

// Close closes all connections.
func (d *Database) Close() error {
	d.leave()
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Ready says whether the database answers, and whether it stores what it is given.
func (d *Database) Ready(ctx context.Context) error {
	var one int
	if err := d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return translate("verbinden", err)
	}
	if past := d.serving.past.Load(); past != nil {
		return *past
	}
	return d.trouble.now()
}

// prepare gives the prepared statement of a text; a text is prepared once. The
// texts are ours and few, so they are kept.
func (p *pool) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := p.statements.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if other, loaded := p.statements.LoadOrStore(text, s); loaded {
		_ = s.Close()
		return other.(*sql.Stmt), nil
	}
	p.count.Add(1)
	return s, nil
}

// query reads rows.
func (d *Database) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if tx := d.joined(ctx); tx != nil {
		return tx.query(ctx, text, args...)
	}
	s, err := d.read.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// exec changes rows outside a transaction, or in the one of the context, and reports
// how many.
func (d *Database) exec(ctx context.Context, text string, args ...any) (n int64, err error) {
	if tx := d.joined(ctx); tx != nil {
		err = tx.join(ctx, func(*transaction) error {
			n, err = tx.exec(ctx, text, args...)
			return err
		})
		return n, err
	}
	defer func() { d.trouble.note(err) }()
	s, err := d.write.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// transaction is a transaction with prepared statements.
type transaction struct {
	*sql.Tx
	pool     *pool
	prepared map[string]*sql.Stmt // of the pool, for this connection
	missed   []string             // texts that were not prepared
	remote   bool
}

// within runs f in one transaction: all of it is kept or nothing. It joins the
// transaction of the context when there is one; see Together.
func (d *Database) within(ctx context.Context, f func(*transaction) error) (err error) {
	if tx := d.joined(ctx); tx != nil {
		return tx.join(ctx, f)
	}
	defer func() {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil { // it was ended because of that
			err = ctx.Err()
		}
		d.trouble.note(err)
	}()
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	t := &transaction{Tx: tx, pool: d.write, prepared: map[string]*sql.Stmt{}, remote: d.dialect.remote}
	if err := f(t); err != nil {
		return err
	}
	if err := commit(tx); err != nil {
		return err
	}
	d.write.remember(ctx, t.missed)
	return nil
}

// mostStatements is how many texts stay prepared: those of every day are fewer, and
// one that is made for an occasion does not come again.
const mostStatements = 200

// remember prepares the texts that a transaction used, for the next one: within it
// SQLite has no connection left to do that.
func (p *pool) remember(ctx context.Context, texts []string) {
	for _, text := range texts {
		if p.count.Load() >= mostStatements {
			return
		}
		_, _ = p.prepare(ctx, text) // or it stays as it is
	}
}

// exec changes rows and reports how many. A text that was prepared before the
// transaction began is not prepared again.
func (t *transaction) exec(ctx context.Context, text string, args ...any) (int64, error) {
	result, err := t.run(ctx, text, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t *transaction) run(ctx context.Context, text string, args []any) (sql.Result, error) {
	if s := t.statement(ctx, text); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.ExecContext(ctx, text, args...)
}

// row reads one row, or what a change gives back.
func (t *transaction) row(ctx context.Context, text string, args ...any) *sql.Row {
	if s := t.statement(ctx, text); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return t.QueryRowContext(ctx, text, args...)
}

// statement is the prepared one of a text; nil when there is none yet.
func (t *transaction) statement(ctx context.Context, text string) *sql.Stmt {
	s := t.prepared[text]
	if s == nil {
		found, ok := t.pool.statements.Load(text)
		if !ok {
			if len(t.missed) < mostStatements {
				t.missed = append(t.missed, text)
			}
			return nil
		}
		s = t.StmtContext(ctx, found.(*sql.Stmt))
		t.prepared[text] = s
	}
	return s
}

// all does one statement after the other.
func (t *transaction) all(ctx context.Context, texts ...string) error {
	for _, text := range texts {
		if _, err := t.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// wait lets a transaction wait for others with the same text, with a statement of
// the dialect; "" is a database on which every transaction does.
func (t *transaction) wait(ctx context.Context, statement, text string) error {
	if statement == "" {
		return nil
	}
	_, err := t.ExecContext(ctx, statement, text)
	return err
}

// moment is now, as the database keeps it.
func (d *Database) moment() value.DateTime { return value.At(d.now()) }

// newID makes an id that sorts by the moment of making.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("gegevens: een nieuw id: %w", err)
	}
	return id.String(), nil
}
