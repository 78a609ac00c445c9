package logboek

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"
)

// Receiver is where lines are delivered: the logbook of the organisation, or a
// file in development.
type Receiver interface {
	// Deliver hands over lines in OTLP, and returns when they are safe there. The
	// error is ErrRefused when the lines themselves are refused, or some of
	// them; every other error means that it makes sense to try again later.
	Deliver(ctx context.Context, otlp []byte) error
}

// ErrRefused says that the logbook does not take what is in the lines.
var ErrRefused = errors.New("het logboek weigert de inhoud")

// LaterError is a failure of which the logbook said how long to wait.
type LaterError struct {
	After time.Duration
	Err   error
}

func (e *LaterError) Error() string { return e.Err.Error() }

// Unwrap gives the failure itself.
func (e *LaterError) Unwrap() error { return e.Err }

// Deliverer delivers what waits, at least once and in order, for as long as it
// takes. Nothing is dropped: not when the logbook is away, not when it refuses.
type Deliverer struct {
	Queue       Queue
	Receiver    Receiver
	Application Application
	Keep        time.Duration // how long a delivered line stays
	Most        int64         // how many stay at most; 0 for all
	Log         *slog.Logger

	// For tests; the zero value is what production has.
	Tempo Tempo
}

// Tempo is how fast a Deliverer works.
type Tempo struct {
	Poll         time.Duration // between two looks at the queue
	FirstPause   time.Duration // pause after a first failure; it doubles
	LongestPause time.Duration // longest pause
	Maintenance  time.Duration // between two rounds of maintenance
	Turn         time.Duration // how long the turn to deliver lasts; longer than one request
}

const (
	perBatch         = 200              // lines in one request
	perRequest       = 15 * time.Second // how long one request may take
	interruptedAfter = 10 * time.Minute // a line that began so long ago will not end any more
	whenStopping     = 2 * time.Second  // what can still go when the component stops
	refusedMax       = 24 * time.Hour   // between two tries of a line that is refused
	everything       = 3                // so many refused and none taken: the logbook refuses everything
)

func (t Tempo) orNormal() Tempo {
	normal := Tempo{Poll: time.Second, FirstPause: time.Second, LongestPause: time.Minute, Maintenance: time.Minute, Turn: 30 * time.Second}
	for _, p := range [][2]*time.Duration{{&t.Poll, &normal.Poll}, {&t.FirstPause, &normal.FirstPause}, {&t.LongestPause, &normal.LongestPause}, {&t.Maintenance, &normal.Maintenance}, {&t.Turn, &normal.Turn}} {
		if *p[0] == 0 {
			*p[0] = *p[1]
		}
	}
	return t
}

// Run delivers until the context ends, and then what can still go in a moment.
// What is left waits in the queue for the next start.
func (d Deliverer) Run(ctx context.Context) {
	d.Tempo = d.Tempo.orNormal()
	var beside sync.WaitGroup // trimming takes its time, and delivering must not wait for it
	beside.Go(func() {
		for ctx.Err() == nil {
			d.maintain(ctx)
			sleep(ctx, d.Tempo.Maintenance)
		}
	})
	defer beside.Wait()
	owner := rand.Text()
	pause := d.Tempo.FirstPause
	for ctx.Err() == nil {
		n, err := d.round(ctx, owner)
		wait := d.Tempo.Poll
		switch {
		case err != nil && ctx.Err() == nil:
			wait = d.after(err, pause)
			pause = min(2*pause, d.Tempo.LongestPause)
			d.Log.Error("het logboek dataverwerkingen krijgt zijn regels niet; ze blijven bewaard", "fout", err, "opnieuw", wait.Round(time.Millisecond).String())
		case n >= perBatch: // there is more
			wait, pause = 0, d.Tempo.FirstPause
		case err == nil:
			pause = d.Tempo.FirstPause
		}
		sleep(ctx, wait)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), whenStopping)
	defer cancel()
	for n, err := perBatch, error(nil); n >= perBatch && err == nil; {
		if n, err = d.round(last, owner); err != nil {
			d.Log.Warn("niet alle regels zijn bij het logboek dataverwerkingen; de rest volgt na de volgende start", "fout", err)
		}
	}
	if err := d.Queue.Release(last, owner); err != nil {
		d.Log.Warn("het bezorgen aan het logboek dataverwerkingen is niet overgedragen", "fout", err)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// after is how long to wait after a failure: what the logbook asks, or else the
// pause with some noise, so that processes do not come back together.
func (d Deliverer) after(err error, pause time.Duration) time.Duration {
	if later, ok := errors.AsType[*LaterError](err); ok && later.After > 0 {
		return min(later.After, 5*d.Tempo.LongestPause)
	}
	return pause/2 + mathrand.N(pause) // #nosec G404 -- Spreads attempts in time; it is no secret.
}

// round delivers one batch and says how many lines it had.
func (d Deliverer) round(ctx context.Context, owner string) (int, error) {
	lines, err := d.Queue.Take(ctx, owner, d.Tempo.Turn, perBatch)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	n := 0
	for i := range lines {
		n += max(1, len(lines[i].Shown))
	}
	return n, (&batch{Deliverer: d}).deliver(ctx, lines)
}

// batch counts what became of the lines of one round.
type batch struct {
	Deliverer
	taken, refused int
}

// deliver hands lines over. When some are refused nobody says which: then the
// two halves go by themselves, until the one is found. That one waits; it does
// not hold up the others. A logbook that takes nothing at all is another
// matter: then everything waits. Lines may arrive twice, with the same span id.
func (b *batch) deliver(ctx context.Context, lines []Line) error {
	err := b.send(ctx, lines)
	switch {
	case err == nil:
		b.taken += len(lines)
		return b.Queue.Delivered(ctx, lines)
	case !errors.Is(err, ErrRefused):
		return err
	case len(lines) > 1:
		half := len(lines) / 2
		if err := b.deliver(ctx, lines[:half]); err != nil {
			return err
		}
		return b.deliver(ctx, lines[half:])
	case len(lines[0].Shown) > 1:
		taken, err := b.parts(ctx, lines[0].Expand())
		switch {
		case err != nil:
			return err
		case taken == len(lines[0].Shown):
			b.taken++
			return b.Queue.Delivered(ctx, lines)
		case taken > 0:
			b.taken++ // the logbook takes something, so it does not refuse everything
		}
	}
	if b.refused++; b.refused > everything && b.taken == 0 {
		return err
	}
	later := min(b.Tempo.LongestPause<<min(lines[0].Refused, 20), refusedMax)
	b.Log.Error("het logboek dataverwerkingen weigert een regel; die blijft bewaard", "fout", err,
		"trace", lines[0].TraceID, "span", lines[0].SpanID, "keer", lines[0].Refused+1, "opnieuw", later.String())
	return b.Queue.Refused(ctx, lines[0], later)
}

// parts hands over the lines that one stands for, when together they are refused,
// and says how many were taken. As one it is refused when one of them is, and goes
// again later; then the others arrive again.
func (b *batch) parts(ctx context.Context, lines []Verwerking) (taken int, err error) {
	half := len(lines) / 2
	for _, some := range [][]Verwerking{lines[:half], lines[half:]} {
		err := b.post(ctx, some)
		more := len(some)
		switch {
		case errors.Is(err, ErrRefused) && len(some) > 1:
			more, err = b.parts(ctx, some)
		case errors.Is(err, ErrRefused):
			more, err = 0, nil
		}
		if err != nil {
			return taken, err
		}
		taken += more
	}
	return taken, nil
}

func (d Deliverer) send(ctx context.Context, lines []Line) error {
	plain := make([]Verwerking, len(lines))
	for i := range lines {
		plain[i] = lines[i].Verwerking
	}
	return d.post(ctx, plain)
}

func (d Deliverer) post(ctx context.Context, plain []Verwerking) error {
	body, err := OTLP(d.Application, plain)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, perRequest)
	defer cancel()
	return d.Receiver.Deliver(ctx, body)
}

// maintain ends lines whose end will not come and removes old ones.
func (d Deliverer) maintain(ctx context.Context) {
	n, err := d.Queue.Interrupt(ctx, interruptedAfter)
	if n > 0 {
		d.Log.Warn("verwerkingen zonder einde zijn als onderbroken vastgelegd", "aantal", n)
	}
	if err == nil {
		_, err = d.Queue.Purge(ctx, d.Keep, d.Most)
	}
	if err != nil && ctx.Err() == nil {
		d.Log.Error("het onderhoud van het logboek dataverwerkingen is niet gelukt", "fout", err)
	}
}
