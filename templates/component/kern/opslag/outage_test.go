package opslag

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// isOutage fails unless err says that the database cannot do it now, in our words.
func isOutage(t *testing.T, err error, kind OutageKind) {
	t.Helper()
	o, ok := errors.AsType[*Outage](err)
	if !ok || o.Kind != kind {
		t.Fatalf("want an outage of kind %d, got %T: %v", kind, err, err)
	}
	detail, wait := o.Unavailable()
	if detail == "" || wait < time.Second || strings.Contains(detail, "SQL") || !strings.HasPrefix(o.Error(), "gegevens: ") {
		t.Errorf("%q after %s; %v", detail, wait, o)
	}
}

// try makes a thing with a new name.
func try(ctx context.Context, db *Database) error {
	_, err := NewTable(db, thingSchema).Create(ctx, full(uuid.NewString()), Key{ID: uuid.NewString()})
	return err
}

// works fails unless the database does what it is asked, as if nothing happened.
func works(t *testing.T, db *Database) {
	t.Helper()
	if err := errors.Join(try(t.Context(), db), db.Ready(t.Context())); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSQLiteThatIsLocked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gegevens.db")
	db := opened(t, "", file)
	works(t, db)
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA busy_timeout = 50"); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", "file:"+file+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	isOutage(t, try(t.Context(), db), Locked)
	_, err = db.exec(t.Context(), "DELETE FROM dingen")
	isOutage(t, translate("wissen", err), Locked)
	isOutage(t, db.Ready(t.Context()), Locked)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	works(t, db)
}

func TestSQLiteThatIsFullOrReadOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gegevens.db")
	db := opened(t, "", file)
	works(t, db)
	set := func(pragma string) {
		t.Helper()
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
			t.Fatal(err)
		}
	}
	set("max_page_count = 1") // that is: as many as there are
	var err error
	for range 1000 {
		if err = try(t.Context(), db); err != nil {
			break
		}
	}
	isOutage(t, err, Full)
	isOutage(t, db.Ready(t.Context()), Full)
	if _, _, err := NewTable(db, thingSchema).List(t.Context(), Query{Limit: 1}); err != nil {
		t.Errorf("reading from a full disk: %v", err)
	}
	set("max_page_count = 1000000")
	works(t, db)
	set("query_only = 1")
	isOutage(t, try(t.Context(), db), ReadOnly)
	set("query_only = 0")
	works(t, db)
}

func TestSQLiteThatIsNotThere(t *testing.T) {
	_, err := Open(t.Context(), "", t.TempDir()) // a directory
	isOutage(t, err, Away)
}

// withSettings is the address of the database with settings of PostgreSQL, by turns a
// name and a value.
func withSettings(t *testing.T, settings ...string) string {
	t.Helper()
	databaseURL := os.Getenv("TEST_DATABASE_URL")
	if databaseURL == "" {
		t.Skip("TEST_DATABASE_URL is not set")
	}
	u, err := url.Parse(schemaOf(t, databaseURL))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for i := 0; i < len(settings); i += 2 {
		q.Set(settings[i], settings[i+1])
	}
	q.Set("application_name", "test-"+uuid.NewString()[:8])
	u.RawQuery = q.Encode()
	return u.String()
}

func TestPostgresThatIsLockedOrReadOnly(t *testing.T) {
	databaseURL := withSettings(t, "lock_timeout", "100ms")
	db, other := opened(t, databaseURL, ""), opened(t, databaseURL, "")
	works(t, db)
	tx, err := other.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "LOCK TABLE dingen IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	isOutage(t, try(t.Context(), db), Locked)
	_, _, err = NewTable(db, thingSchema).List(t.Context(), Query{Limit: 1})
	isOutage(t, err, Locked)
	late, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	isOutage(t, try(late, db), Away)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	works(t, db)
	_, err = db.write.ExecContext(t.Context(), "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$")
	isOutage(t, translate("bewaren", err), Full)
	for code, kind := range map[string]OutageKind{"40001": Clash, "40P01": Clash, "57P01": Away, "53300": Away, "57014": Locked, "08006": Away, "58030": Away, "25006": ReadOnly} {
		_, err = db.write.ExecContext(t.Context(), "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '"+code+"'; END $$")
		isOutage(t, translate("bewaren", err), kind)
	}
	u, _ := url.Parse(databaseURL)
	q := u.Query()
	q.Set("default_transaction_read_only", "on")
	u.RawQuery = q.Encode()
	readOnly, err := Open(t.Context(), u.String(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = readOnly.Close() }()
	isOutage(t, try(t.Context(), readOnly), ReadOnly)
	isOutage(t, readOnly.Ready(t.Context()), ReadOnly)
}

// TestPostgresThatGoesAway: its connections are ended under work that goes on, as
// when it is started again, and then it goes on itself.
func TestPostgresThatGoesAway(t *testing.T) {
	databaseURL := withSettings(t)
	db, other := opened(t, databaseURL, ""), opened(t, strings.Replace(databaseURL, "application_name=test", "application_name=other", 1), "")
	u, _ := url.Parse(databaseURL)
	var work sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		work.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := try(t.Context(), db); err != nil {
					if _, ok := errors.AsType[*Outage](err); !ok {
						t.Errorf("%T: %v", err, err)
					}
				}
			}
		})
	}
	for range 20 {
		time.Sleep(10 * time.Millisecond)
		if _, err := other.write.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", u.Query().Get("application_name")); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	work.Wait()
	time.Sleep(50 * time.Millisecond)
	for range 3 { // one may still meet a connection that is gone
		if try(t.Context(), db) == nil {
			break
		}
	}
	works(t, db)
}

func TestPostgresThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	begin := time.Now()
	_, err = Open(t.Context(), "postgres://iemand:geheim@"+address+"/geen?sslmode=disable", "")
	isOutage(t, err, Away)
	if strings.Contains(err.Error(), "geheim") || time.Since(begin) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(begin))
	}
}

// TestPostgresThatLetsNobodyIn: a database that is being restored or moved gives
// a reason of its own class.
func TestPostgresThatLetsNobodyIn(t *testing.T) {
	db := opened(t, withSettings(t), "")
	name, other := "dicht_"+strings.ReplaceAll(uuid.NewString()[:8], "-", ""), ""
	for _, s := range []string{"CREATE DATABASE " + name, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false"} {
		if _, err := db.write.ExecContext(t.Context(), s); err != nil {
			t.Skip("this user may make no database: ", err)
		}
	}
	t.Cleanup(func() { _, _ = db.write.ExecContext(context.Background(), "DROP DATABASE "+name) })
	if u, err := url.Parse(os.Getenv("TEST_DATABASE_URL")); err == nil {
		u.Path = "/" + name
		other = u.String()
	}
	_, err := Open(t.Context(), other, "")
	isOutage(t, err, Away)
}

// TestACancelledRequestIsNoOutage: who goes away says nothing of the database.
func TestACancelledRequestIsNoOutage(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		works(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := try(ctx, db)
		if _, ok := errors.AsType[*Outage](err); ok || !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v", err, err)
		}
		for range 20 { // also in the middle of it
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(500*time.Microsecond, cancel)
			err := try(ctx, db)
			if _, ok := errors.AsType[*Outage](err); ok {
				t.Errorf("%T: %v", err, err)
			}
			cancel()
		}
		works(t, db)
	})
}

// cutter passes everything on to PostgreSQL, until a commit has been sent and on is
// true: then the answer to it never comes.
type cutter struct {
	to string
	on atomic.Bool
}

func (c *cutter) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		var cut atomic.Bool
		pass := func(from, to net.Conn, seen func([]byte) bool) {
			defer func() { _, _ = from.Close(), to.Close() }()
			buffer := make([]byte, 64<<10)
			for {
				n, err := from.Read(buffer)
				if err != nil || !seen(buffer[:n]) {
					return
				}
				if _, err := to.Write(buffer[:n]); err != nil {
					return
				}
			}
		}
		go pass(client, server, func(b []byte) bool {
			if c.on.Load() && bytes.Contains(b, []byte("commit")) {
				cut.Store(true)
			}
			return true
		})
		go pass(server, client, func([]byte) bool { return !cut.Load() })
	}
}

// TestACommitWithoutAnAnswerIsSafeToRepeat: the row is there or it is not, and with
// the same key there is one.
func TestACommitWithoutAnAnswerIsSafeToRepeat(t *testing.T) {
	databaseURL := withSettings(t)
	u, err := url.Parse(databaseURL)
	if err != nil || u.Query().Get("sslmode") != "disable" {
		t.Skip("a connection with TLS cannot be cut at the right place")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c := &cutter{to: u.Host}
	go c.serve(l)
	u.Host = l.Addr().String()
	db := opened(t, u.String(), "")
	things := NewTable(db, thingSchema)
	works(t, db)
	key := Key{ID: uuid.NewString(), Fingerprint: "x"}
	c.on.Store(true)
	_, err = things.Create(t.Context(), full("één keer"), key)
	isOutage(t, err, Away)
	if o, _ := errors.AsType[*Outage](err); !o.Unsure {
		t.Error("it does not say that it may have been stored")
	}
	c.on.Store(false)
	again := full("één keer")
	created, err := things.Create(t.Context(), again, key)
	if err != nil || created {
		t.Errorf("the second time: %v, %v", created, err)
	}
	rows, count, err := things.List(t.Context(), Query{Sort: "-naam", Limit: 9})
	if err != nil || count != 2 || again.ID == "" || (rows[0].ID != again.ID && rows[1].ID != again.ID) {
		t.Errorf("%d rows, %v", count, err)
	}
}
