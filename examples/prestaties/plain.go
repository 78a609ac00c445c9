package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// kept are the tables in which a zaak that starts and goes on leaves rows; those that
// refer to another come after it.
var kept = []string{register, "zaken", "statussen", "idempotentiesleutels", "verwerkingen"}

// counts is how many rows they have.
func (d *database) counts(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	for _, table := range kept {
		n, err := d.count(ctx, table, "")
		if err != nil {
			return nil, err
		}
		all[table] = n
	}
	return all, nil
}

// sample are rows of a table that a pair left.
type sample struct {
	table   string
	columns []string
	rows    [][]any
	insert  string
}

type samples []sample

// text says how many rows there are of each table.
func (s samples) text() string {
	var parts []string
	for _, one := range s {
		parts = append(parts, fmt.Sprintf("%d %s", len(one.rows), one.table))
	}
	return strings.Join(parts, ", ")
}

// samples are the last rows of each table, as many as one pair leaves in it.
func (d *database) samples(ctx context.Context, before, after map[string]int64, pairs int64) (all samples, err error) {
	for _, table := range kept {
		n := int((after[table] - before[table] + pairs/2) / max(1, pairs))
		if n == 0 {
			continue
		}
		columns, err := d.columns(ctx, table)
		if err != nil {
			return nil, err
		}
		s := sample{table: table}
		for _, column := range columns {
			if column != "nummer" { // the database numbers the lines of the log itself
				s.columns = append(s.columns, column)
			}
		}
		var marks []string
		for i := range s.columns {
			marks = append(marks, "$"+strconv.Itoa(i+1))
		}
		names := strings.Join(s.columns, ", ")
		s.insert = "INSERT INTO " + table + " (" + names + ") VALUES (" + strings.Join(marks, ", ") + ")"
		if s.rows, err = d.rows(ctx, "SELECT "+names+" FROM "+table+" ORDER BY "+newest(table)+" DESC LIMIT "+strconv.Itoa(n), len(s.columns)); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// newest is the column by which the last rows of a table are found.
func newest(table string) string {
	switch table {
	case "verwerkingen":
		return "nummer"
	case "idempotentiesleutels":
		return "aangemaakt_op"
	}
	return "id"
}

func (d *database) rows(ctx context.Context, query string, width int) ([][]any, error) {
	rows, err := d.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all [][]any
	for rows.Next() {
		values, targets := make([]any, width), make([]any, width)
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, rows.Err()
}

// plain inserts rows like those of a pair, in two transactions, as minimal code would:
// with prepared statements, and one writer at a time on SQLite.
func plain(ctx context.Context, d *database, all samples, callers int, long time.Duration) (s speed, err error) {
	d.SetMaxOpenConns(callers)
	if !d.postgres {
		d.SetMaxOpenConns(1)
	}
	d.SetMaxIdleConns(callers)
	defer d.SetMaxOpenConns(0)
	before, _ := processor(os.Getpid())
	s.done, s.took, err = together(ctx, callers, long, func(int64) error {
		ids := map[string]string{register: uuid.NewString(), "zaken": uuid.NewString()}
		for half := range 2 {
			if err := d.half(ctx, all, half, ids); err != nil {
				return err
			}
		}
		return nil
	})
	after, _ := processor(os.Getpid())
	s.processor = after - before
	return s, err
}

// half is one of the two transactions: the first has the subject, the zaak and the first
// half of the other rows.
func (d *database) half(ctx context.Context, all samples, half int, ids map[string]string) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, s := range all {
		begin, end := 0, (len(s.rows)+1)/2
		if half == 1 {
			begin, end = end, len(s.rows)
		}
		for i := begin; i < end; i++ {
			if _, err := tx.ExecContext(ctx, s.insert, s.renewed(i, ids)...); err != nil {
				return fmt.Errorf("a plain insert in %s: %w", s.table, err)
			}
		}
	}
	return tx.Commit()
}

// renewed is a row with another identity.
func (s *sample) renewed(i int, ids map[string]string) []any {
	values := append([]any(nil), s.rows[i]...)
	for n, column := range s.columns {
		switch {
		case column == "id" && ids[s.table] != "":
			values[n] = ids[s.table]
		case column == "id", column == "sleutel", column == "identificatie":
			values[n] = uuid.NewString()
		case column == "onderwerp" && values[n] != nil:
			values[n] = ids[register]
		case column == "zaak" && values[n] != nil:
			values[n] = ids["zaken"]
		case column == "volgnummer":
			values[n] = i + 1
		case column == "trace":
			values[n] = random(16)
		case column == "span":
			values[n] = random(8)
		}
	}
	return values
}

func random(bytes int) string {
	raw := make([]byte, bytes)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}
