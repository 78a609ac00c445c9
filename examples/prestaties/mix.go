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
	m.add(
		row{Group: "log", What: "lines of the log in the table per request", On: m.on, Value: float64(after.lines-lines.lines) / requests, Unit: "lines", Against: mixText, Aim: "<= 2"},
		row{Group: "log", What: "the table of the log with its indexes, per request", On: m.on, Value: float64(after.bytes-lines.bytes) / requests / 1000, Unit: "kB", Aim: "<= 1.5"},
		row{Group: "log", What: "what is delivered (file of development), per request", On: m.on, Value: float64(c.sizes().receiver-sent) / requests / 1000, Unit: "kB"},
		row{Group: "log", What: "requests of the mix, the last sixth of " + fmt.Sprint(6*m.size.load), On: m.on, Value: windows[5], Unit: "per s", Ratio: windows[5] / windows[0], Against: "the first sixth: " + number(windows[0]) + " per s", Aim: ">= 0.9"},
	)
	return nil
}

// logSize is how large the tables of the log are. A component of before has one, and
// since then another for lines that stand together, with its index in a third.
type logSize struct{ lines, bytes int64 }

func (d *database) lines(ctx context.Context) (s logSize, err error) {
	has := "SELECT count(*) FROM sqlite_schema WHERE name = 'getoonde_verwerkingen'"
	text := "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name IN ('verwerkingen', 'getoonde_verwerkingen', 'getoonde_sleutels'))"
	if d.postgres {
		has = "SELECT count(to_regclass('getoonde_verwerkingen'))"
		text = "SELECT coalesce(sum(pg_total_relation_size(to_regclass(n))), 0)::bigint FROM unnest(ARRAY['verwerkingen', 'getoonde_verwerkingen', 'getoonde_sleutels']) n"
	}
	var together int
	if err := d.QueryRowContext(ctx, has).Scan(&together); err != nil {
		return s, err
	}
	count := "SELECT coalesce(max(nummer), 0) FROM verwerkingen"
	if together > 0 {
		count = "SELECT (" + count + ") + (SELECT coalesce(max(nummer), 0) FROM getoonde_verwerkingen)"
	}
	if err := d.QueryRowContext(ctx, count).Scan(&s.lines); err != nil {
		return s, err
	}
	return s, d.QueryRowContext(ctx, text).Scan(&s.bytes)
}
