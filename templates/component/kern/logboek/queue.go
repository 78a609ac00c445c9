package logboek

import (
	"context"
	"time"
)

// Line is a line that waits to be delivered. Number is its place in the order
// of writing; Version tells whether it was changed while it was on its way.
type Line struct {
	Number, Version int64
	Refused         int // how many times the logbook refused it
	Verwerking
}

// Queue is where lines wait until the logbook has them (layer 1).
type Queue interface {
	// Take gives at most that many lines that have ended, in the order in which
	// they were written, to the one that may deliver until then. Lines that stand
	// for several (Verwerking.Shown) come behind those, until they stand for that
	// many. It gives none when there are none, or when another process delivers.
	Take(ctx context.Context, owner string, turn time.Duration, limit int) ([]Line, error)
	// Delivered says that the logbook has these lines.
	Delivered(ctx context.Context, lines []Line) error
	// Refused says that the logbook refuses a line. It stays, for later.
	Refused(ctx context.Context, line Line, later time.Duration) error
	// Interrupt ends the lines that began longer ago than that and have no end.
	Interrupt(ctx context.Context, begunBefore time.Duration) (int64, error)
	// Purge removes lines that were delivered longer ago than that, and the oldest
	// that were delivered when there are more than most; 0 is as many as there are.
	Purge(ctx context.Context, deliveredBefore time.Duration, most int64) (int64, error)
	// Release lets another process deliver.
	Release(ctx context.Context, owner string) error
}
