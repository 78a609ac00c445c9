package opslag

import (
	"context"
	"database/sql/driver"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// upkeep is what the tables need from time to time, by name of the table.
type upkeep struct {
	mu  sync.Mutex
	all map[string]func(context.Context) error
}

// keep remembers what a table needs.
func (d *Database) keep(table string, do func(context.Context) error) {
	d.upkeep.mu.Lock()
	defer d.upkeep.mu.Unlock()
	if d.upkeep.all == nil {
		d.upkeep.all = map[string]func(context.Context) error{}
	}
	d.upkeep.all[table] = do
}

// errDone lets the pool throw a connection away.
var errDone = driver.ErrBadConn

// keepEvery is how often the housekeeping is done.
const keepEvery = time.Minute

// Run does the housekeeping until the context ends, so that no request has to: keys of
// requests that have expired go, and the indexes and sort keys of the tables are seen
// to.
func (d *Database) Run(ctx context.Context, log *slog.Logger) {
	keepClearing(ctx, log, keepEvery, d.housekeep)
}

func (d *Database) housekeep(ctx context.Context) error {
	d.upkeep.mu.Lock()
	all := maps.Clone(d.upkeep.all)
	d.upkeep.mu.Unlock()
	err := d.purgeKeys(ctx)
	for _, table := range slices.Sorted(maps.Keys(all)) {
		err = errors.Join(err, all[table](ctx))
	}
	return err
}
