package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"crypto/rand"

	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL
	_ "modernc.org/sqlite"             // SQLite
)

// database is the store of a component, to fill and to look into beside it.
type database struct {
	*sql.DB
	postgres bool
}

// open opens the store of a component as the component does.
func (c *component) open() (*database, error) {
	if c.database != "" {
		db, err := sql.Open("pgx", c.database)
		return &database{db, true}, err
	}
	path := filepath.ToSlash(c.file())
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	db, err := sql.Open("sqlite", "file://"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_txlock=immediate&_inttotime=1&_time_integer_format=unix_micro&_timezone=UTC")
	return &database{db, false}, err
}

// schema makes an empty schema in a database of PostgreSQL, and gives its address and
// what removes it.
func schema(ctx context.Context, server string) (address string, remove func(), err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, fmt.Errorf("DATABASE: %w", err)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	name := "prestaties_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(ctx, "CREATE SCHEMA "+name); err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), func() {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		_, _ = db.ExecContext(limited, "DROP SCHEMA "+name+" CASCADE")
		_ = db.Close()
	}, nil
}

// columns are those of a table: an older component has fewer.
func (d *database) columns(ctx context.Context, table string) ([]string, error) {
	query := "SELECT name FROM pragma_table_info($1)"
	if d.postgres {
		query = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
	}
	return d.texts(ctx, query, table)
}

func (d *database) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := d.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// count is the number of rows of a table that fit.
func (d *database) count(ctx context.Context, table, where string) (n int64, err error) {
	err = d.QueryRowContext(ctx, "SELECT count(*) FROM "+table+" WHERE "+cmp.Or(where, "1 = 1")).Scan(&n) // #nosec G202 -- Names of this program.
	return n, err
}

// series are the numbers from a on, as a table with column i.
func (d *database) series(from, to int) string {
	if d.postgres {
		return fmt.Sprintf("(SELECT generate_series(%d::bigint, %d) AS i) AS reeks", from, to-1)
	}
	return fmt.Sprintf("(WITH RECURSIVE r (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM r WHERE i < %d) SELECT i FROM r) AS reeks", from, to-1)
}

// uuid is a different id for each number, of a kind: in the order of the numbers, as
// those of the component are in that of time.
func (d *database) uuid(kind int, number string) string {
	if d.postgres {
		return fmt.Sprintf("'01900000-%04d-7000-8000-' || lpad(to_hex((%s)::bigint), 12, '0')", kind, number)
	}
	return fmt.Sprintf("printf('01900000-%04d-7000-8000-%%012x', %s)", kind, number)
}

// moment is so many seconds after the first of 2026.
func (d *database) moment(seconds string) string {
	if d.postgres {
		return "(timestamptz '2026-01-01 00:00:00+00' + (" + seconds + ") * interval '1 second')"
	}
	return fmt.Sprintf("(%d + (%s) * 1000000)", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), seconds)
}

// day is a date as text, so many days after the first of 2020.
func (d *database) day(days string) string {
	if d.postgres {
		return "to_char(date '2020-01-01' + (" + days + ")::int, 'YYYY-MM-DD')"
	}
	return "date('2020-01-01', '+' || (" + days + ") || ' days')"
}

// primes have no factor in common with what spread divides by, so that it gives every
// remainder.
var primes = []int{7919, 7927, 7933, 7937, 7949, 7951, 7963, 7993, 8009}

// spread is another number below most for each i, in no order that shows.
func spread(most, salt int) string {
	return fmt.Sprintf("((i * %d + %d) %% %d)", primes[salt], salt, most)
}

// fill puts rows in a table, with an expression of SQL for each column; columns that the
// table does not have are left out. What is joined comes behind the numbers i.
func (d *database) fill(ctx context.Context, table string, from, to int, joined string, values map[string]string) error {
	const step = 100_000
	there, err := d.columns(ctx, table)
	if err != nil {
		return err
	}
	var names, expressions []string
	for _, column := range there {
		if expression, ok := values[column]; ok {
			if d.postgres {
				var kind string
				const find = "SELECT udt_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 AND column_name = $2"
				if err := d.QueryRowContext(ctx, find, table, column).Scan(&kind); err != nil {
					return err
				}
				expression = "(" + expression + ")::" + kind
			}
			names, expressions = append(names, column), append(expressions, expression)
		}
	}
	for begin := from; begin < to; begin += step {
		end := min(to, begin+step)
		text := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(expressions, ", ") + " FROM " + d.series(begin, end) + joined // #nosec G202 -- Names of this program.
		if _, err := d.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("filling %s: %w", table, err)
		}
	}
	return nil
}

// settle lets the database look at what it has, as it does by itself after a while.
func (d *database) settle(ctx context.Context) error {
	text := "PRAGMA wal_checkpoint(TRUNCATE)"
	if d.postgres {
		text = "VACUUM ANALYZE"
	}
	_, err := d.ExecContext(ctx, text)
	return err
}

// delivered waits until the log of processing is delivered, or until it takes too long:
// what is delivered beside a measurement counts in it.
func (d *database) delivered(ctx context.Context) error {
	tables, err := d.tables(ctx)
	if err != nil {
		return err
	}
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		waiting := int64(0)
		for _, table := range tables {
			if table == "getoonde_sleutels" {
				continue
			}
			n, err := d.count(ctx, table, "geleverd_op IS NULL")
			if err != nil {
				return err
			}
			waiting += n
		}
		if waiting == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}

// quiet waits until a component has nothing to do: after it starts on many rows it may
// make indexes, and that is not what is measured.
func (c *component) quiet(ctx context.Context, db *database) error {
	const look, enough = 500 * time.Millisecond, 4
	last, known := processor(c.cmd.Process.Pid)
	for still, until := 0, time.Now().Add(10*time.Minute); still < enough && time.Now().Before(until); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(look):
		}
		now, _ := processor(c.cmd.Process.Pid)
		busy := known && now-last > look/10
		last = now
		if db.postgres && !busy {
			var n int
			if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_progress_create_index").Scan(&n); err != nil {
				return err
			}
			busy = n > 0
		}
		if still++; busy {
			still = 0
		}
	}
	return nil
}
