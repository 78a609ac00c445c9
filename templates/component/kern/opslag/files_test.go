package opslag

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// sent stores a file and accepts it.
func sent(t *testing.T, b *Files, u Upload, content string) value.Attachment {
	t.Helper()
	u.Name, u.Mediatype, u.Most = "bewijs.pdf", "application/pdf", 1<<20
	in, err := b.Store(t.Context(), u, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Accept(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return f.File
}

func TestAFileComesBackAsItWent(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b := NewFiles(db, Limits{})
		for _, size := range []int{1, partSize - 1, partSize, partSize + 1, 3*partSize + 7} {
			content := bytes.Repeat([]byte("x\x00\xff"), size/3+1)[:size]
			u := Upload{Attachment: value.Attachment{Name: "a", Mediatype: "a/b"}, Most: 1 << 20}
			in, err := b.Store(t.Context(), u, bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.Read(t.Context(), in.ID); !errors.Is(err, ErrNotFound) {
				t.Errorf("a file that was not accepted is there: %v", err)
			}
			if _, err := b.Accept(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(b.Content(t.Context(), in.ID))
			if f, _ := b.Read(t.Context(), in.ID); err != nil || !bytes.Equal(got, content) || f.File.Size != int64(size) || f.Bound {
				t.Errorf("%d bytes: %d came back, %+v, %v", size, len(got), f, err)
			}
		}
		u := Upload{Attachment: value.Attachment{Name: "a", Mediatype: "a/b"}, Most: partSize}
		for want, content := range map[error]io.Reader{
			ErrTooLarge: bytes.NewReader(make([]byte, partSize+1)), ErrEmptyOne: strings.NewReader(""),
			ErrIncomplete: io.MultiReader(strings.NewReader("half"), failing{}),
		} {
			if _, err := b.Store(t.Context(), u, content); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		if n := rowsIn(t, db, "bestanden"); n != 5 {
			t.Errorf("%d files are there, want 5: what was refused stays", n)
		}
	})
}

type failing struct{}

// Read implements io.Reader.
func (failing) Read([]byte) (int, error) { return 0, io.ErrNoProgress }

func rowsIn(t *testing.T, db *Database, table string) (n int) {
	t.Helper()
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A row has its files to itself: with the row they come, change and go.
func TestFilesGoWithTheirRow(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b, things := NewFiles(db, Limits{}), NewTable(db, thingSchema)
		one, two := sent(t, b, Upload{}, "een"), sent(t, b, Upload{}, "twee")
		row := &thing{Name: "a", File: &value.Attachment{ID: one.ID, Name: "verzonnen", Size: 9}}
		if _, err := things.Create(t.Context(), row, Key{}); err != nil || row.File.Name != "bewijs.pdf" || row.File.Size != 3 {
			t.Fatalf("%+v %v", row.File, err)
		}
		if got, err := things.Read(t.Context(), row.ID); err != nil || *got.File != *row.File {
			t.Errorf("%+v %v", got, err)
		}
		other := &thing{Name: "b", File: &value.Attachment{ID: one.ID}}
		var wrong *FileError
		if _, err := things.Create(t.Context(), other, Key{}); !errors.As(err, &wrong) || wrong.Field != "bestand" {
			t.Errorf("a second row takes the file: %v", err)
		}
		if n := rowsIn(t, db, "dingen"); n != 1 {
			t.Errorf("%d rows", n)
		}
		row.File = &value.Attachment{ID: uuid.NewString()}
		if err := things.Replace(t.Context(), row); !errors.Is(err, ErrNoFile) {
			t.Errorf("a file that never was: %v", err)
		}
		row.File = &value.Attachment{ID: one.ID} // what stays, stays
		if err := things.Replace(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		stale := *row
		row.File = &value.Attachment{ID: two.ID}
		if err := things.Replace(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Read(t.Context(), one.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("the file that was replaced is there: %v", err)
		}
		stale.Version--
		if err := things.Replace(t.Context(), &stale); !errors.Is(err, ErrStale) {
			t.Errorf("a stale row: %v", err)
		}
		if f, err := b.Read(t.Context(), two.ID); err != nil || !f.Bound {
			t.Errorf("a change that failed took the file: %+v %v", f, err)
		}
		three := sent(t, b, Upload{}, "drie")
		stale.File = &value.Attachment{ID: three.ID}
		if err := things.Replace(t.Context(), &stale); !errors.Is(err, ErrStale) {
			t.Errorf("a stale row with a new file: %v", err)
		}
		for id, bound := range map[string]bool{two.ID: true, three.ID: false} {
			if f, err := b.Read(t.Context(), id); err != nil || f.Bound != bound {
				t.Errorf("after a change that failed: %+v %v", f, err)
			}
		}
		if err := b.Drop(t.Context(), three.ID); err != nil {
			t.Fatal(err)
		}
		if err := things.Delete(t.Context(), row.ID, row.Version); err != nil {
			t.Fatal(err)
		}
		if files, parts := rowsIn(t, db, "bestanden"), rowsIn(t, db, "bestandsdelen"); files+parts != 0 {
			t.Errorf("%d files and %d parts stay behind", files, parts)
		}
	})
}

// An invented row names its file without an id: the file is made with it.
func TestInventedRowsHaveFiles(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, b := NewTable(db, thingSchema), NewFiles(db, Limits{})
		if _, err := Fill(t.Context(), things, []*thing{{Name: "a", File: &value.Attachment{Name: "a.txt", Mediatype: "text/plain"}}, {Name: "b"}}); err != nil {
			t.Fatal(err)
		}
		rows, _, err := things.List(t.Context(), Query{Limit: 2})
		if err != nil || rows[0].File == nil || rows[1].File != nil {
			t.Fatal(rows, err)
		}
		if content, err := io.ReadAll(b.Content(t.Context(), rows[0].File.ID)); err != nil || int64(len(content)) != rows[0].File.Size {
			t.Errorf("%q %v", content, err)
		}
	})
}

// A file that waits for a form is part of what is known of a person.
func TestAFileThatWaitsIsKnownOfThePerson(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b, things := NewFiles(db, Limits{}), NewTable(db, thingSchema)
		sent(t, b, Upload{Owner: "p-1"}, "wacht")
		sent(t, b, Upload{Owner: "p-2"}, "van een ander")
		bound := sent(t, b, Upload{Owner: "p-1"}, "hoort ergens bij")
		if _, err := things.Create(t.Context(), &thing{Name: "a", File: &bound}, Key{}); err != nil {
			t.Fatal(err)
		}
		all, err := NewTemporary(db).OfPerson(t.Context(), "p-1")
		if err != nil || len(all) != 1 || all[0].Kind != "bestand" || all[0].Expires.Before(time.Now()) {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// What an earlier kern kept in the record itself is moved once, whole.
func TestFilesInRecordsAreAdopted(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, b := NewTable(db, thingSchema), NewFiles(db, Limits{})
		var ids []string
		for _, name := range []string{"a", "b", "c"} {
			row := &thing{Name: name}
			if _, err := things.Create(t.Context(), row, Key{}); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.ID)
		}
		for _, id := range ids[:2] {
			if _, err := db.exec(t.Context(), "UPDATE dingen SET bestand = $1 WHERE id = $2", `{"naam": "oud.pdf", "mediatype": "application/pdf", "inhoud": "JVBERg=="}`, id); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := things.AdoptFiles(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for n, id := range ids {
			row, err := things.Read(t.Context(), id)
			if err != nil || (row.File == nil) != (n == 2) {
				t.Fatalf("%+v %v", row, err)
			}
			if n == 2 {
				continue
			}
			content, err := io.ReadAll(b.Content(t.Context(), row.File.ID))
			if f, _ := b.Read(t.Context(), row.File.ID); err != nil || string(content) != "%PDF" || f.File != *row.File || !f.Bound || f.File.Size != 4 {
				t.Errorf("%q %+v %v", content, f, err)
			}
		}
		if n := rowsIn(t, db, "bestanden"); n != 2 {
			t.Errorf("%d files", n)
		}
	})
}

func TestTheSameFormTwiceNamesTheSameFile(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b, things := NewFiles(db, Limits{}), NewTable(db, thingSchema)
		u := Upload{Owner: "p-1", Key: "sleutel"}
		first := sent(t, b, u, "een")
		row := &thing{Name: "a", File: &value.Attachment{ID: first.ID}}
		if _, err := things.Create(t.Context(), row, Key{ID: "k"}); err != nil {
			t.Fatal(err)
		}
		again := sent(t, b, u, "een")
		if again.ID != first.ID {
			t.Error("the same file has another id")
		}
		if created, err := things.Create(t.Context(), &thing{Name: "a", File: &value.Attachment{ID: again.ID}}, Key{ID: "k"}); err != nil || created {
			t.Errorf("%t %v", created, err)
		}
		u.Owner = "p-2"
		if sent(t, b, u, "een").ID == first.ID {
			t.Error("somebody else gets the file")
		}
		u.Owner = "p-1"
		if sent(t, b, u, "anders").ID == first.ID {
			t.Error("another content is the same file")
		}
		u.Owner = ""
		if one := sent(t, b, u, "een"); sent(t, b, u, "een").ID != one.ID {
			t.Error("a caller without a user does not get the same file")
		}
		u.Most = 10
		in, err := b.Store(t.Context(), u, strings.NewReader("anders"))
		if err != nil {
			t.Fatal(err)
		}
		before := rowsIn(t, db, "bestanden")
		if _, err := b.Accept(t.Context(), in); !errors.Is(err, ErrKeyReused) || rowsIn(t, db, "bestanden") != before-1 {
			t.Errorf("its key is used for something else: %v", err)
		}
		if sent(t, b, Upload{Owner: "p-1"}, "een").ID == first.ID {
			t.Error("without a key the same file is given")
		}
	})
}

// What waits too long goes; what a row has stays.
func TestFilesExpire(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b, things := NewFiles(db, Limits{}), NewTable(db, thingSchema)
		now := time.Now()
		db.now = func() time.Time { return now }
		kept := sent(t, b, Upload{}, "blijft")
		if _, err := things.Create(t.Context(), &thing{Name: "a", File: &value.Attachment{ID: kept.ID}}, Key{}); err != nil {
			t.Fatal(err)
		}
		held, anonymous := sent(t, b, Upload{}, "een"), sent(t, b, Upload{Anonymous: true}, "twee")
		for _, c := range []struct {
			after         time.Duration
			removed, left int
		}{{59 * time.Minute, 0, 3}, {61 * time.Minute, 1, 2}, {23 * time.Hour, 0, 2}, {25 * time.Hour, 1, 1}, {1000 * time.Hour, 0, 1}} {
			db.now = func() time.Time { return now.Add(c.after) }
			if n, err := b.Purge(t.Context()); err != nil || int(n) != c.removed || rowsIn(t, db, "bestanden") != c.left {
				t.Errorf("after %s %d are removed and %d left: %v", c.after, n, rowsIn(t, db, "bestanden"), err)
			}
		}
		for _, gone := range []string{held.ID, anonymous.ID} {
			if _, err := things.Create(t.Context(), &thing{Name: gone, File: &value.Attachment{ID: gone}}, Key{}); !errors.Is(err, ErrNoFile) {
				t.Errorf("an expired file is taken: %v", err)
			}
		}
	})
}

// Somebody who clicks twice sends the same file twice, at the same moment: both
// are the same file, or the second form would be another one than the first.
func TestTheSameFileAtTheSameMomentIsOne(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b := NewFiles(db, Limits{})
		for range 20 {
			u := Upload{Attachment: value.Attachment{Name: "bewijs.pdf", Mediatype: "application/pdf"}, Owner: "p-een", Key: uuid.NewString(), Most: 10}
			const clicks = 4
			var waiting [clicks]*Incoming
			for i := range waiting {
				in, err := b.Store(t.Context(), u, strings.NewReader("een"))
				if err != nil {
					t.Fatal(err)
				}
				waiting[i] = in
			}
			ids := make(chan string, clicks)
			for _, in := range waiting {
				go func() {
					f, err := b.Accept(t.Context(), in)
					if err != nil {
						t.Error(err)
					}
					ids <- f.File.ID
				}()
			}
			first := <-ids
			for range clicks - 1 {
				if id := <-ids; id != first {
					t.Fatal("two files")
				}
			}
		}
	})
}

// A form that is sent once more, after its file expired and before that was
// removed, has the file that comes along now.
func TestAFileThatExpiredIsNotTheSame(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		b := NewFiles(db, Limits{})
		now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
		db.now = func() time.Time { return now }
		u := Upload{Anonymous: true, Owner: "p-een", Key: uuid.NewString()}
		first := sent(t, b, u, "een")
		if again := sent(t, b, u, "een"); again.ID != first.ID {
			t.Error("the same file twice is two files")
		}
		now = now.Add(61 * time.Minute)
		again := sent(t, b, u, "een")
		if _, err := b.Read(t.Context(), again.ID); err != nil {
			t.Errorf("the file that came along is not there: %v", err)
		}
	})
}

func TestAnonymousFilesAreLimited(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
		db.now = func() time.Time { return now }
		b := NewFiles(db, Limits{PerHour: 2, Held: 1 << 30})
		u := Upload{Anonymous: true, Most: 10, Attachment: value.Attachment{Name: "a", Mediatype: "a/b"}}
		try := func() error {
			in, err := b.Store(t.Context(), u, strings.NewReader("12345"))
			if err == nil {
				_, err = b.Accept(t.Context(), in)
			}
			return err
		}
		for n, want := range []error{nil, nil, ErrTooMany} {
			if err := try(); !errors.Is(err, want) {
				t.Errorf("file %d: %v", n+1, err)
			}
		}
		now = now.Add(time.Hour)
		if err := try(); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		b.limits = Limits{Held: 5}
		if err := try(); !errors.Is(err, ErrTooMany) {
			t.Errorf("more than may wait: %v", err)
		}
		u.Anonymous = false
		if err := try(); err != nil {
			t.Errorf("with a login: %v", err)
		}
	})
}
