package logboek

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"time"
)

// Ontvanger is where lines are delivered: the logbook of the organisation, or a
// file in development.
type Ontvanger interface {
	// Bezorg hands over lines in OTLP, and returns when they are safe there. The
	// error is ErrGeweigerd when the lines themselves are refused, or some of
	// them; every other error means that it makes sense to try again later.
	Bezorg(ctx context.Context, otlp []byte) error
}

// ErrGeweigerd says that the logbook does not take what is in the lines.
var ErrGeweigerd = errors.New("het logboek weigert de inhoud")

// LaterError is a failure of which the logbook said how long to wait.
type LaterError struct {
	Na  time.Duration
	Err error
}

func (e *LaterError) Error() string { return e.Err.Error() }

// Unwrap gives the failure itself.
func (e *LaterError) Unwrap() error { return e.Err }

// Bezorger delivers what waits, at least once and in order, for as long as it
// takes. Nothing is dropped: not when the logbook is away, not when it refuses.
type Bezorger struct {
	Wachtrij   Wachtrij
	Ontvanger  Ontvanger
	Toepassing Toepassing
	Bewaren    time.Duration // how long a delivered line stays
	Log        *slog.Logger

	// For tests; the zero value is what production has.
	Tempo Tempo
}

// Tempo is how fast a Bezorger works.
type Tempo struct {
	Kijken    time.Duration // between two looks at the queue
	Eerst     time.Duration // pause after a first failure; it doubles
	Hoogstens time.Duration // longest pause
	Onderhoud time.Duration // between two rounds of maintenance
	Beurt     time.Duration // how long the turn to deliver lasts; longer than one request
}

const (
	perKeer      = 200              // lines in one request
	perVerzoek   = 15 * time.Second // how long one request may take
	onderbroken  = 10 * time.Minute // a line that began so long ago will not end any more
	bijStoppen   = 2 * time.Second  // what can still go when the component stops
	geweigerdMax = 24 * time.Hour   // between two tries of a line that is refused
	alles        = 3                // so many refused and none taken: the logbook refuses everything
)

func (t Tempo) orNormal() Tempo {
	normal := Tempo{Kijken: time.Second, Eerst: time.Second, Hoogstens: time.Minute, Onderhoud: time.Minute, Beurt: 30 * time.Second}
	for _, p := range [][2]*time.Duration{{&t.Kijken, &normal.Kijken}, {&t.Eerst, &normal.Eerst}, {&t.Hoogstens, &normal.Hoogstens}, {&t.Onderhoud, &normal.Onderhoud}, {&t.Beurt, &normal.Beurt}} {
		if *p[0] == 0 {
			*p[0] = *p[1]
		}
	}
	return t
}

// Run delivers until the context ends, and then what can still go in a moment.
// What is left waits in the queue for the next start.
func (b Bezorger) Run(ctx context.Context) {
	b.Tempo = b.Tempo.orNormal()
	wie := rand.Text()
	pause, maintained := b.Tempo.Eerst, time.Time{}
	for ctx.Err() == nil {
		if time.Since(maintained) >= b.Tempo.Onderhoud {
			b.maintain(ctx)
			maintained = time.Now()
		}
		n, err := b.round(ctx, wie)
		wait := b.Tempo.Kijken
		switch {
		case err != nil && ctx.Err() == nil:
			wait = b.after(err, pause)
			pause = min(2*pause, b.Tempo.Hoogstens)
			b.Log.Error("het logboek dataverwerkingen krijgt zijn regels niet; ze blijven bewaard", "fout", err, "opnieuw", wait.Round(time.Millisecond).String())
		case n == perKeer: // there is more
			wait, pause = 0, b.Tempo.Eerst
		case err == nil:
			pause = b.Tempo.Eerst
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), bijStoppen)
	defer cancel()
	for n, err := perKeer, error(nil); n == perKeer && err == nil; {
		if n, err = b.round(last, wie); err != nil {
			b.Log.Warn("niet alle regels zijn bij het logboek dataverwerkingen; de rest volgt na de volgende start", "fout", err)
		}
	}
	if err := b.Wachtrij.Vrij(last, wie); err != nil {
		b.Log.Warn("het bezorgen aan het logboek dataverwerkingen is niet overgedragen", "fout", err)
	}
}

// after is how long to wait after a failure: what the logbook asks, or else the
// pause with some noise, so that processes do not come back together.
func (b Bezorger) after(err error, pause time.Duration) time.Duration {
	if later, ok := errors.AsType[*LaterError](err); ok && later.Na > 0 {
		return min(later.Na, 5*b.Tempo.Hoogstens)
	}
	return pause/2 + mathrand.N(pause)
}

// round delivers one batch and says how many lines went.
func (b Bezorger) round(ctx context.Context, wie string) (int, error) {
	lines, err := b.Wachtrij.Neem(ctx, wie, b.Tempo.Beurt, perKeer)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	return len(lines), (&batch{Bezorger: b}).deliver(ctx, lines)
}

// batch counts what became of the lines of one round.
type batch struct {
	Bezorger
	taken, refused int
}

// deliver hands lines over. When some are refused nobody says which: then the
// two halves go by themselves, until the one is found. That one waits; it does
// not hold up the others. A logbook that takes nothing at all is another
// matter: then everything waits. Lines may arrive twice, with the same span id.
func (b *batch) deliver(ctx context.Context, lines []Regel) error {
	err := b.send(ctx, lines)
	switch {
	case err == nil:
		b.taken += len(lines)
		return b.Wachtrij.Geleverd(ctx, lines)
	case !errors.Is(err, ErrGeweigerd):
		return err
	case len(lines) > 1:
		half := len(lines) / 2
		if err := b.deliver(ctx, lines[:half]); err != nil {
			return err
		}
		return b.deliver(ctx, lines[half:])
	}
	if b.refused++; b.refused > alles && b.taken == 0 {
		return err
	}
	later := min(b.Tempo.Hoogstens<<min(lines[0].Geweigerd, 20), geweigerdMax)
	b.Log.Error("het logboek dataverwerkingen weigert een regel; die blijft bewaard", "fout", err,
		"trace", lines[0].TraceID, "span", lines[0].SpanID, "keer", lines[0].Geweigerd+1, "opnieuw", later.String())
	return b.Wachtrij.Geweigerd(ctx, lines[0], later)
}

func (b Bezorger) send(ctx context.Context, lines []Regel) error {
	plain := make([]Verwerking, len(lines))
	for i := range lines {
		plain[i] = lines[i].Verwerking
	}
	body, err := OTLP(b.Toepassing, plain)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, perVerzoek)
	defer cancel()
	return b.Ontvanger.Bezorg(ctx, body)
}

// maintain ends lines whose end will not come and removes old ones.
func (b Bezorger) maintain(ctx context.Context) {
	n, err := b.Wachtrij.Sluit(ctx, onderbroken)
	if n > 0 {
		b.Log.Warn("verwerkingen zonder einde zijn als onderbroken vastgelegd", "aantal", n)
	}
	if err == nil {
		_, err = b.Wachtrij.Ruim(ctx, b.Bewaren)
	}
	if err != nil && ctx.Err() == nil {
		b.Log.Error("het onderhoud van het logboek dataverwerkingen is niet gelukt", "fout", err)
	}
}
