package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/examples/internal/specimen"
)

// clerk is the employee of the load.
var clerk = user{"medewerker-1", "burgerzaken"}

// clerkTitle is what people read for that role.
const clerkTitle = "Medewerker burgerzaken"

// begin starts a zaak as an inhabitant does, and gives its id.
func (c *component) begin(ctx context.Context, form any, n int64) (string, error) {
	headers := user{fmt.Sprintf("persoon-%d", n%100), "inwoner"}.headers()
	headers.Set("Idempotency-Key", uuid.NewString())
	_, raw, err := c.caller.expect(ctx, http.StatusCreated, http.MethodPost, c.url(layerProcess, "/v1/zaken"), headers, form)
	if err != nil {
		return "", err
	}
	var zaak struct{ ID string }
	err = json.Unmarshal(raw, &zaak)
	return zaak.ID, err
}

// decide completes the step of an employee.
func (c *component) decide(ctx context.Context, id string) error {
	headers := clerk.headers()
	headers.Set("Idempotency-Key", uuid.NewString())
	_, _, err := c.caller.expect(ctx, http.StatusOK, http.MethodPost, c.url(layerProcess, "/v1/zaken/"+id+"/"+stepOpen), headers, map[string]any{"uitkomst": "akkoord"})
	return err
}

// pair starts a zaak and decides about it.
func (c *component) pair(ctx context.Context, form any, n int64) error {
	id, err := c.begin(ctx, form, n)
	if err != nil {
		return err
	}
	return c.decide(ctx, id)
}

// form is the first form, filled in with the examples of the specification.
func (c *component) form(ctx context.Context) (any, error) {
	_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, c.url(layerProcess, "/v1/openapi.json"), nil, nil)
	if err != nil {
		return nil, err
	}
	var spec any
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, err
	}
	return specimen.Value(spec, specimen.At(spec, "paths", "/zaken", "post", "requestBody", "content", "application/json", "schema")), nil
}

// speed is what came of a load.
type speed struct {
	done      int64
	took      time.Duration
	processor time.Duration // of the components, or of this program
}

func (s speed) perSecond() float64 { return float64(s.done) / s.took.Seconds() }

func (s speed) each() time.Duration { return s.processor / time.Duration(max(1, s.done)) }

// together does something with so many callers at once, for so long; the first fault ends it.
func together(ctx context.Context, callers int, long time.Duration, do func(n int64) error) (done int64, took time.Duration, err error) {
	var count atomic.Int64
	var first atomic.Pointer[error]
	var all sync.WaitGroup
	begin := time.Now()
	for range callers {
		all.Go(func() {
			for time.Since(begin) < long && first.Load() == nil && ctx.Err() == nil {
				if err := do(count.Add(1)); err != nil {
					count.Add(-1)
					first.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	all.Wait()
	if fault := first.Load(); fault != nil {
		return 0, 0, *fault
	}
	return count.Load(), time.Since(begin), ctx.Err()
}

// pairs is that of pairs, over components on the same database.
func pairs(ctx context.Context, form any, callers int, long time.Duration, components ...*component) (s speed, err error) {
	before := processors(components)
	s.done, s.took, err = together(ctx, callers, long, func(n int64) error {
		return components[int(n)%len(components)].pair(ctx, form, n)
	})
	s.processor = processors(components) - before
	return s, err
}

func processors(components []*component) (all time.Duration) {
	for _, c := range components {
		used, _ := processor(c.cmd.Process.Pid)
		all += used
	}
	return all
}

// turns is how often a load and a plain one alternate.
const turns = 4

// and adds two up.
func (s speed) and(other speed) speed {
	return speed{s.done + other.done, s.took + other.took, s.processor + other.processor}
}

// left are the rows that one pair leaves, of the last pairs of some.
func (d *database) left(ctx context.Context, c *component, form any, callers int) (samples, error) {
	before, err := d.counts(ctx)
	if err != nil {
		return nil, err
	}
	some, err := pairs(ctx, form, callers, time.Second, c)
	if err != nil {
		return nil, err
	}
	if err := d.delivered(ctx); err != nil {
		return nil, err
	}
	after, err := d.counts(ctx)
	if err != nil {
		return nil, err
	}
	return d.samples(ctx, before, after, some.done)
}

// process measures pairs per second, and plain inserts of the same rows in turns.
func (m *measuring) process(ctx context.Context, c *component, db *database) error {
	form, err := c.form(ctx)
	if err != nil {
		return err
	}
	for n := range int64(20) { // warms up
		if err := c.pair(ctx, form, n); err != nil {
			return err
		}
	}
	for _, callers := range []int{1, 16} {
		rows, err := db.left(ctx, c, form, callers)
		if err != nil {
			return err
		}
		var our, their speed
		for range turns { // what else this machine does hits both
			one, err := pairs(ctx, form, callers, m.size.load/turns, c)
			if err != nil {
				return err
			}
			our = our.and(one)
			if err := db.delivered(ctx); err != nil {
				return err
			}
			if one, err = plain(ctx, db, rows, callers, m.size.load/turns/2); err != nil {
				return err
			}
			their = their.and(one)
		}
		m.add(row{
			Group: "process", What: fmt.Sprintf("start + complete of a zaak, %d at a time", callers), On: m.on,
			Value: our.perSecond(), Unit: "pairs/s", Ratio: our.perSecond() / their.perSecond(), Against: fmt.Sprintf("plain insert of the same rows (%s): %.0f/s", rows.text(), their.perSecond()), Aim: ">= 0.3",
		})
		if our.processor > 0 {
			m.add(row{
				Group: "process", What: fmt.Sprintf("processor time of a pair, %d at a time", callers), On: m.on,
				Value: ms(our.each()), Unit: "ms", Ratio: ratio(our.each(), their.each()), Against: fmt.Sprintf("plain insert, the database of PostgreSQL not counted: %.2f ms", ms(their.each())),
			})
		}
	}
	return nil
}

// two measures whether a second instance with a core of its own helps.
func (m *measuring) two(ctx context.Context, c *component) error {
	if err := c.stop(); err != nil {
		return err
	}
	c.cpu = "0"
	defer func() { c.cpu = "" }()
	if err := c.start(ctx); err != nil {
		return err
	}
	form, err := c.form(ctx)
	if err != nil {
		return err
	}
	other := *c
	other.cpu = "1"
	if other.data, err = os.MkdirTemp(c.data, "tweede"); err != nil {
		return err
	}
	if _, err := pairs(ctx, form, 4, time.Second, c); err != nil {
		return err
	}
	one, err := pairs(ctx, form, 16, m.size.load, c)
	if err != nil {
		return err
	}
	if err := other.start(ctx); err != nil {
		return err
	}
	defer func() { _ = other.stop() }()
	if _, err := pairs(ctx, form, 4, time.Second, &other); err != nil {
		return err
	}
	both, err := pairs(ctx, form, 16, m.size.load, c, &other)
	if err != nil {
		return err
	}
	m.add(row{
		Group: "process", What: "two instances with a core each, 16 at a time", On: m.on, Value: both.perSecond(), Unit: "pairs/s",
		Ratio: both.perSecond() / one.perSecond(), Against: fmt.Sprintf("one instance: %.0f/s", one.perSecond()), Aim: ">= 1.6",
	})
	return nil
}
