package opslag

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// How long a file that no row names is kept: long enough to finish a form.
const (
	keepHeld      = 24 * time.Hour
	keepAnonymous = time.Hour

	partSize = 256 << 10 // bytes of a file per row: what is in memory at once
)

// What can be the matter with a file that somebody sends.
var (
	ErrNoFile     = errors.New("gegevens: dat bestand is er niet, of het hoort ergens anders bij")
	ErrTooLarge   = errors.New("gegevens: het bestand is te groot")
	ErrEmptyOne   = errors.New("gegevens: het bestand is leeg")
	ErrIncomplete = errors.New("gegevens: het bestand kwam niet helemaal aan")
	ErrTooMany    = errors.New("gegevens: er zijn te veel bestanden gestuurd")
)

// StoredFile is a file with who sent it, and whether a row has it.
type StoredFile struct {
	File  value.Attachment `json:"bestand"`
	Owner string           `json:"eigenaar,omitempty"` // user id; "" is whoever calls layer 2
	Bound bool             `json:"gebonden"`

	Repeated bool `json:"-"` // it was there already
}

// Upload is what is known of a file before its content is.
type Upload struct {
	value.Attachment
	Owner     string
	Key       string // the same for a repetition of the same submit; "" when there is none
	Anonymous bool   // sent without a login: kept shorter and counted
	Most      int64  // bytes
}

// Limits bound what is sent without a login; 0 is no limit.
type Limits struct {
	PerHour int   // files
	Held    int64 // bytes that wait for a row, together
}

// Files keeps files. A file comes in part by part, each in a short
// transaction of its own: on SQLite a slow upload would else keep every other
// writer waiting. Nobody sees a file before Accept.
type Files struct {
	db     *Database
	limits Limits
}

// NewFiles makes the access to the files.
func NewFiles(db *Database, l Limits) *Files { return &Files{db, l} }

// Incoming is a file whose content is here and that nobody sees yet.
type Incoming struct {
	Upload
	sum string
}

// Store takes the content of a new file. What it returns is there for nobody
// until Accept; Drop it when it must never be.
func (b *Files) Store(ctx context.Context, u Upload, content io.Reader) (*Incoming, error) {
	const doing = "bestand bewaren"
	if err := b.room(ctx, u); err != nil {
		return nil, translate(doing, err)
	}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	now, keep := b.db.moment(), keepHeld
	if u.Anonymous {
		keep = keepAnonymous
	}
	const begin = `INSERT INTO bestanden (id, naam, mediatype, eigenaar, sleutel, anoniem, aangemaakt_op, verloopt_op) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	if _, err := b.db.exec(ctx, begin, id, u.Name, u.Mediatype, Text(&u.Owner), Text(&u.Key), u.Anonymous, now, value.At(now.Add(keep))); err != nil {
		return nil, translate(doing, err)
	}
	in := &Incoming{Upload: u}
	in.ID = id
	if in.Size, in.sum, err = b.parts(ctx, id, u.Most, content); err != nil {
		return nil, errors.Join(translate(doing, err), b.Drop(context.WithoutCancel(ctx), id))
	}
	return in, nil
}

// Accept makes a file visible. When the same file came with the same key before,
// that one is the file, and it is Repeated: what is sent twice says the same twice.
// In a form somebody may choose another file; a caller that has no user says with
// its key that nothing else comes.
func (b *Files) Accept(ctx context.Context, in *Incoming) (f StoredFile, err error) {
	const (
		doing   = "bestand aannemen"
		earlier = `SELECT id, som = $3 AND naam = $4 AND mediatype = $5 FROM bestanden WHERE sleutel = $1 AND coalesce(eigenaar, '') = $2 AND som IS NOT NULL
			AND (verloopt_op IS NULL OR verloopt_op > $6) ORDER BY som = $3 AND naam = $4 AND mediatype = $5 DESC, id LIMIT 1`
		accept = "UPDATE bestanden SET grootte = $2, som = $3 WHERE id = $1"
	)
	err = b.db.within(ctx, func(tx *transaction) error {
		found, same := "", false
		if in.Key != "" {
			if err := tx.wait(ctx, b.db.dialect.turn, in.Key); err != nil {
				return err
			}
			err := tx.QueryRowContext(ctx, earlier, in.Key, in.Owner, in.sum, in.Name, in.Mediatype, b.db.moment()).Scan(&found, &same)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		switch {
		case same:
			_, err := tx.exec(ctx, "DELETE FROM bestanden WHERE id = $1", in.ID)
			in.ID, f.Repeated = found, true
			return err
		case found != "" && in.Owner == "":
			return &ReusedError{found}
		}
		n, err := tx.exec(ctx, accept, in.ID, in.Size, in.sum)
		if err == nil && n == 0 {
			err = ErrNoFile // it took so long that it expired
		}
		return err
	})
	if errors.Is(err, ErrKeyReused) {
		err = errors.Join(err, b.Drop(context.WithoutCancel(ctx), in.ID))
	}
	f.File, f.Owner = in.Attachment, in.Owner
	return f, translate(doing, err)
}

// Drop removes a file that no row has.
func (b *Files) Drop(ctx context.Context, id string) error {
	_, err := b.db.exec(ctx, "DELETE FROM bestanden WHERE id = $1 AND rij IS NULL", id)
	return translate("bestand weghalen", err)
}

// Read says what a file is; not what is in it.
func (b *Files) Read(ctx context.Context, id string) (StoredFile, error) {
	f := StoredFile{File: value.Attachment{ID: id}}
	const read = `SELECT naam, mediatype, grootte, eigenaar, rij IS NOT NULL FROM bestanden WHERE id = $1 AND som IS NOT NULL AND (verloopt_op IS NULL OR verloopt_op > $2)`
	err := b.db.read.QueryRowContext(ctx, read, id, b.db.moment()).Scan(&f.File.Name, &f.File.Mediatype, &f.File.Size, Text(&f.Owner), &f.Bound)
	return f, translate("bestand lezen", err)
}

// Content gives what is in a file, part by part.
func (b *Files) Content(ctx context.Context, id string) io.Reader {
	return &partReader{ctx: ctx, db: b.db, id: id}
}

// partReader reads one part at a time, each with a question of its own: a reader
// who is slow holds no connection to the database.
type partReader struct {
	ctx    context.Context //nolint:containedctx // io.Reader has no place for one
	db     *Database
	id     string
	number int
	buffer []byte
	rest   []byte // of buffer
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.number++
		if err := r.part(); err != nil {
			return 0, translate("bestand lezen", err)
		}
		if len(r.rest) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// collectEvery is after how many parts the memory of those before is cleared, when
// the database is in this process: its driver takes new memory for each, faster than
// Go clears it of its own accord. On a laptop two files at once would take what the
// whole component otherwise does.
const collectEvery = 16

// part reads the next part into the memory of the one before; nothing after the
// last.
func (r *partReader) part() error {
	if !r.db.dialect.remote && r.number%collectEvery == 0 {
		runtime.GC()
	}
	rows, err := r.db.query(r.ctx, "SELECT inhoud FROM bestandsdelen WHERE bestand = $1 AND volgnummer = $2", r.id, r.number)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		var content sql.RawBytes
		if err := rows.Scan(&content); err != nil {
			return err
		}
		r.buffer = append(r.buffer[:0], content...)
		r.rest = r.buffer
	}
	return rows.Err()
}

// Count is how many files there are, those that nobody sees included.
func (b *Files) Count(ctx context.Context) (n int, err error) {
	err = b.db.read.QueryRowContext(ctx, "SELECT count(*) FROM bestanden").Scan(&n)
	return n, translate("bestanden tellen", err)
}

// Purge removes the files that expired without a row.
func (b *Files) Purge(ctx context.Context) (int64, error) {
	now := b.db.moment()
	n, err := b.db.exec(ctx, "DELETE FROM bestanden WHERE verloopt_op < $1", now)
	if err == nil {
		_, err = b.db.exec(ctx, "DELETE FROM bestandstellingen WHERE uur < $1", value.At(now.Add(-48*time.Hour)))
	}
	return n, translate("verlopen bestanden opruimen", err)
}

// Run purges until the context ends.
func (b *Files) Run(ctx context.Context, log *slog.Logger) {
	keepClearing(ctx, log, 10*time.Minute, func(ctx context.Context) error {
		_, err := b.Purge(ctx)
		return err
	})
}

// room counts a file that is sent without a login, and refuses it when there were
// too many this hour or when too much of them waits.
func (b *Files) room(ctx context.Context, u Upload) error {
	if !u.Anonymous {
		return nil
	}
	if b.limits.Held > 0 {
		var held int64
		const sum = "SELECT CAST(coalesce(sum(coalesce(grootte, $1)), 0) AS BIGINT) FROM bestanden WHERE anoniem AND verloopt_op > $2"
		if err := b.db.read.QueryRowContext(ctx, sum, u.Most, b.db.moment()).Scan(&held); err != nil {
			return err
		}
		if held >= b.limits.Held {
			return ErrTooMany
		}
	}
	if b.limits.PerHour == 0 {
		return nil
	}
	const count = `INSERT INTO bestandstellingen (uur, aantal) VALUES ($1, 1)
		ON CONFLICT (uur) DO UPDATE SET aantal = bestandstellingen.aantal + 1 RETURNING aantal`
	n := 0
	err := b.db.write.QueryRowContext(ctx, count, value.At(b.db.now().Truncate(time.Hour))).Scan(&n)
	if err == nil && n > b.limits.PerHour {
		err = ErrTooMany
	}
	return err
}

// parts stores the content and gives its size and its sum.
func (b *Files) parts(ctx context.Context, id string, most int64, content io.Reader) (size int64, sum string, err error) {
	buffer, hash := make([]byte, partSize), sha256.New()
	for number := 1; ; number++ {
		n, err := io.ReadFull(content, buffer)
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			return 0, "", ErrIncomplete
		}
		if size += int64(n); size > most {
			return 0, "", ErrTooLarge
		}
		if n > 0 {
			_, _ = hash.Write(buffer[:n]) // never fails
			if _, err := b.db.exec(ctx, "INSERT INTO bestandsdelen (bestand, volgnummer, inhoud) VALUES ($1, $2, $3)", id, number, buffer[:n]); err != nil {
				return 0, "", err
			}
		}
		if ended && size == 0 {
			return 0, "", ErrEmptyOne
		}
		if ended {
			return size, hex.EncodeToString(hash.Sum(nil)), nil
		}
	}
}
