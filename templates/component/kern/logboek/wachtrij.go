package logboek

import (
	"context"
	"time"
)

// Regel is a line that waits to be delivered. Nummer is its place in the order
// of writing; Versie tells whether it was changed while it was on its way.
type Regel struct {
	Nummer, Versie int64
	Geweigerd      int // how many times the logbook refused it
	Verwerking
}

// Wachtrij is where lines wait until the logbook has them (layer 1).
type Wachtrij interface {
	// Neem gives at most that many lines that have ended, in the order in which
	// they were written, to the one that may deliver until then. It gives none
	// when there are none, or when another process delivers.
	Neem(ctx context.Context, wie string, tot time.Duration, aantal int) ([]Regel, error)
	// Geleverd says that the logbook has these lines.
	Geleverd(ctx context.Context, lines []Regel) error
	// Geweigerd says that the logbook refuses a line. It stays, for later.
	Geweigerd(ctx context.Context, line Regel, later time.Duration) error
	// Sluit ends the lines that began longer ago than that and have no end.
	Sluit(ctx context.Context, begonnenVoor time.Duration) (int64, error)
	// Ruim removes lines that were delivered longer ago than that.
	Ruim(ctx context.Context, geleverdVoor time.Duration) (int64, error)
	// Vrij lets another process deliver.
	Vrij(ctx context.Context, wie string) error
}
