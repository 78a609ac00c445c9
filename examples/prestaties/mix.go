package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

// mixText says what the mix is.
const mixText = "of 20 requests: 4 lists of tasks, 2 lists of zaken, 6 zaken read, 2 started, 2 completed (layer 4), 2 lists and 2 records of the register (layer 2); a list has 20 results"

// mix is a load as of a day: most of it looks, some of it changes.
type mix struct {
	c    *component
	form any
	mu   sync.Mutex
	open []string // zaken that wait for an employee
	ids  []string // records of the register
	done atomic.Int64
}

func newMix(ctx context.Context, c *component) (*mix, error) {
	form, err := c.form(ctx)
	if err != nil {
		return nil, err
	}
	m := &mix{c: c, form: form}
	for n := range int64(40) { // for the lists to be full
		if err := c.pair(ctx, form, n); err != nil {
			return nil, err
		}
		if err := m.start(ctx, n); err != nil {
			return nil, err
		}
	}
	_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, c.url(layerServices, "/v1/"+register+"?pageSize=50"), nil, nil)
	if err != nil {
		return nil, err
	}
	var list struct{ Results []struct{ ID string } }
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	for _, r := range list.Results {
		m.ids = append(m.ids, r.ID)
	}
	return m, nil
}

// one is the n-th request.
func (m *mix) one(ctx context.Context, n int64) error {
	defer m.done.Add(1)
	look := func(layer int, path string, u user) error {
		_, _, err := m.c.caller.expect(ctx, http.StatusOK, http.MethodGet, m.c.url(layer, path), u.headers(), nil)
		return err
	}
	switch turn := n % 20; {
	case turn < 4:
		return look(layerProcess, "/v1/taken?rol="+clerk.role, clerk)
	case turn < 6:
		return look(layerProcess, "/v1/zaken", clerk)
	case turn < 12:
		return look(layerProcess, "/v1/zaken/"+m.waiting(n), clerk)
	case turn < 14:
		return m.start(ctx, n)
	case turn < 16:
		return m.complete(ctx)
	case turn < 18:
		return look(layerServices, "/v1/"+register, user{})
	}
	return look(layerServices, "/v1/"+register+"/"+m.ids[n%int64(len(m.ids))], user{})
}

func (m *mix) start(ctx context.Context, n int64) error {
	id, err := m.c.begin(ctx, m.form, n)
	if err == nil {
		m.mu.Lock()
		m.open = append(m.open, id)
		m.mu.Unlock()
	}
	return err
}

// waiting is one of the zaken that wait.
func (m *mix) waiting(n int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.open[n%int64(len(m.open))]
}

// complete takes the zaak that waits longest.
func (m *mix) complete(ctx context.Context) error {
	m.mu.Lock()
	if len(m.open) < 20 { // others must have something to read
		m.mu.Unlock()
		return m.start(ctx, 1)
	}
	id := m.open[0]
	m.open = m.open[1:]
	m.mu.Unlock()
	return m.c.decide(ctx, id)
}

// logged measures what the log of processing keeps of a request in the mix.
func (m *measuring) logged(ctx context.Context, c *component, db *database) error {
	load, err := newMix(ctx, c)
	if err != nil {
		return err
	}
	if err := db.delivered(ctx); err != nil {
		return err
	}
	lines, err := db.lines(ctx)
	if err != nil {
		return err
	}
	sent := c.sizes().receiver
	var windows []float64 // requests per second, in equal parts of the time
	for range 6 {
		done, took, err := together(ctx, 8, m.size.load, func(n int64) error { return load.one(ctx, load.done.Load()+n) })
		if err != nil {
			return err
		}
		windows = append(windows, float64(done)/took.Seconds())
	}
	after, err := db.lines(ctx)
	if err != nil {
		return err
	}
	if err := db.delivered(ctx); err != nil {
		return err
	}
	requests := float64(load.done.Load())
	perRequest := float64(after.lines-lines.lines) / requests
	perLine := float64(after.bytes) / float64(max(1, after.rows))
	m.add(
		row{Group: "log", What: "lines of the log in its tables per request", On: m.on, Value: perRequest, Unit: "lines", Against: mixText, Aim: "<= 2"},
		row{Group: "log", What: "the tables of the log with their indexes, per request", On: m.on, Value: perRequest * perLine / 1000, Unit: "kB", Aim: "<= 1.5"},
		row{Group: "log", What: "requests of the mix, the last sixth of " + fmt.Sprint(6*m.size.load), On: m.on, Value: windows[5], Unit: "per s", Ratio: windows[5] / windows[0], Against: "the first sixth: " + number(windows[0]) + " per s", Aim: ">= 0.9"},
	)
	if grew := c.sizes().receiver - sent; grew > 0 { // a file that began anew says nothing
		m.add(row{Group: "log", What: "what is delivered (file of development), per request", On: m.on, Value: float64(grew) / requests / 1000, Unit: "kB"})
	}
	return nil
}

// logSize is how large the tables of the log are: the lines that were ever in them, and
// those that are there now, for what was delivered makes way.
type logSize struct{ lines, rows, bytes int64 }

// tables are those of the log: the second and the third hold what lists have shown, and
// an older component has them not.
func (d *database) tables(ctx context.Context) (names []string, err error) {
	for _, table := range []string{"verwerkingen", "getoonde_verwerkingen", "getoonde_sleutels"} {
		columns, err := d.columns(ctx, table)
		if err != nil {
			return nil, err
		}
		if len(columns) > 0 {
			names = append(names, table)
		}
	}
	return names, nil
}

// lines adds the tables of the log up. A line has a number, and a key is no line.
func (d *database) lines(ctx context.Context) (s logSize, err error) {
	names, err := d.tables(ctx)
	if err != nil {
		return s, err
	}
	for _, table := range names {
		var lines, rows, bytes int64
		text := "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = '" + table + "')"
		if d.postgres {
			text = "SELECT pg_total_relation_size('" + table + "')"
		}
		if err := d.QueryRowContext(ctx, text).Scan(&bytes); err != nil {
			return s, err
		}
		if table != "getoonde_sleutels" {
			if err := d.QueryRowContext(ctx, "SELECT coalesce(max(nummer), 0), count(*) FROM "+table).Scan(&lines, &rows); err != nil { // #nosec G202 -- Names of this program.
				return s, err
			}
		}
		s.lines, s.rows, s.bytes = s.lines+lines, s.rows+rows, s.bytes+bytes
	}
	return s, nil
}
