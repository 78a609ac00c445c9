package opslag

import (
	"context"
	"log/slog"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Kept is something that the layers keep for a short time: a session, or a form
// that somebody has not sent yet.
type Kept struct {
	Owner   string // pseudonym of the person whose it is
	Content []byte
	Expires time.Time
}

// Temporary keeps things for a short time.
type Temporary struct{ db *Database }

// NewTemporary makes the access to what is kept for a short time.
func NewTemporary(db *Database) *Temporary { return &Temporary{db} }

// Put keeps something under a kind and an id, in place of what was there.
func (t *Temporary) Put(ctx context.Context, kind, id string, k Kept) error {
	const put = `INSERT INTO tijdelijk (soort, id, eigenaar, inhoud, verloopt_op) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (soort, id) DO UPDATE SET eigenaar = excluded.eigenaar, inhoud = excluded.inhoud, verloopt_op = excluded.verloopt_op`
	_, err := t.db.exec(ctx, put, kind, id, k.Owner, k.Content, value.At(k.Expires))
	return translate("tijdelijk bewaren", err)
}

// Count is how much is kept of a kind for owners whose pseudonym begins so.
func (t *Temporary) Count(ctx context.Context, kind, owners string) (n int, err error) {
	s, err := t.db.read.prepare(ctx, "SELECT count(*) FROM tijdelijk WHERE soort = $1 AND eigenaar LIKE $2")
	if err == nil {
		err = s.QueryRowContext(ctx, kind, owners+"%").Scan(&n)
	}
	return n, translate("tijdelijk tellen", err)
}

// Get gives what is kept; ErrNotFound when there is nothing, or nothing any more.
func (t *Temporary) Get(ctx context.Context, kind, id string) (k Kept, err error) {
	const get = "SELECT eigenaar, inhoud, verloopt_op FROM tijdelijk WHERE soort = $1 AND id = $2 AND verloopt_op > $3"
	s, err := t.db.read.prepare(ctx, get)
	if err != nil {
		return k, translate("tijdelijk lezen", err)
	}
	var expires value.DateTime
	err = s.QueryRowContext(ctx, kind, id, t.db.moment()).Scan(&k.Owner, &k.Content, &expires)
	k.Expires = expires.Time
	return k, translate("tijdelijk lezen", err)
}

// Delete forgets something. That it is not there is no error.
func (t *Temporary) Delete(ctx context.Context, kind, id string) error {
	_, err := t.db.exec(ctx, "DELETE FROM tijdelijk WHERE soort = $1 AND id = $2", kind, id)
	return translate("tijdelijk wissen", err)
}

// Purge forgets what has expired, in small steps so that nobody has to wait long.
func (t *Temporary) Purge(ctx context.Context) error {
	const purge = "DELETE FROM tijdelijk WHERE (soort, id) IN (SELECT soort, id FROM tijdelijk WHERE verloopt_op <= $1 LIMIT 1000)"
	for {
		n, err := t.db.exec(ctx, purge, t.db.moment())
		if err != nil || n < 1000 {
			return translate("verlopen gegevens wissen", err)
		}
	}
}

// purgeEvery is how often what has expired is removed. It counts as gone before
// that: Get does not give it.
const purgeEvery = time.Minute

// Run removes what has expired until the context ends.
func (t *Temporary) Run(ctx context.Context, log *slog.Logger) {
	keepClearing(ctx, log, purgeEvery, t.Purge)
}

// keepClearing removes what has expired every now and then, until the context ends:
// nobody's request waits for it. A failure is tried again the next time.
func keepClearing(ctx context.Context, log *slog.Logger, every time.Duration, purge func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := purge(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "het opruimen is niet gelukt; later opnieuw", "fout", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
