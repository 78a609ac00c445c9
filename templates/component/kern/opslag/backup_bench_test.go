package opslag

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// many fills a database with rows of a log and with large files.
func many(t *testing.T, db *Database, rows, megabytes int) {
	t.Helper()
	log := NewLogboek(db)
	for done := 0; done < rows; done += 1000 {
		var lines []logboek.Verwerking
		for i := range 1000 {
			lines = append(lines, line(logboek.NewTrace(), fmt.Sprint("regel ", done+i)))
		}
		write(t, log, lines...)
	}
	files := NewFiles(db, Limits{})
	for range megabytes / 10 {
		in, err := files.Store(t.Context(), Upload{Attachment: value.Attachment{Name: "a", Mediatype: "application/pdf"}, Most: 10 << 20}, io.LimitReader(rand.Reader, 10<<20))
		if err == nil {
			_, err = files.Accept(t.Context(), in)
		}
		if err == nil {
			_, err = db.exec(t.Context(), "UPDATE bestanden SET tabel = 'dingen', rij = 'x', verloopt_op = NULL")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestCopyingIsQuickAndNeedsLittleMemory measures against what the databases bring
// themselves, and says what it found.
func TestCopyingIsQuickAndNeedsLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it fills a database")
	}
	rows, megabytes := 5_000, 20
	if os.Getenv("METEN") != "" {
		rows, megabytes = 300_000, 500
	}
	for kind, at := range places(t) {
		t.Run(kind, func(t *testing.T) {
			there, here := at(t), at(t)
			db := there.open(t)
			many(t, db, rows, megabytes)
			file := filepath.Join(t.TempDir(), "kopie")
			to, err := os.Create(file)
			if err != nil {
				t.Fatal(err)
			}
			var peak uint64
			measured := func(do func() error) time.Duration {
				t.Helper()
				stop, done := make(chan struct{}), make(chan struct{})
				runtime.GC()
				var before runtime.MemStats
				runtime.ReadMemStats(&before)
				peak = 0
				go func() {
					defer close(done)
					for {
						var now runtime.MemStats
						runtime.ReadMemStats(&now)
						peak = max(peak, now.HeapInuse-min(before.HeapInuse, now.HeapInuse))
						select {
						case <-stop:
							return
						case <-time.After(5 * time.Millisecond):
						}
					}
				}()
				begin := time.Now()
				err := do()
				took := time.Since(begin)
				close(stop)
				<-done
				if err != nil {
					t.Fatal(err)
				}
				if peak > 64<<20 {
					t.Errorf("%d MB in use", peak>>20)
				}
				return took
			}
			var s reservekopie.Summary
			backup := measured(func() (err error) {
				s, _, err = db.Backup(t.Context(), migrations(t), reservekopie.Header{}, to)
				return err
			})
			size, _ := to.Seek(0, io.SeekCurrent)
			t.Logf("copied %d rows (%d MB) in %s: %.0f rows/s, %d MB memory", s.Total(), size>>20, backup, float64(s.Total())/backup.Seconds(), peak>>20)
			if own := ownWay(t, there, db); own > 0 {
				t.Logf("the database itself: %s; ratio %.1f", own, backup.Seconds()/own.Seconds())
			}
			_ = db.Close()
			in, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = in.Close() }()
			alone, err := OpenAlone(t.Context(), here.databaseURL, here.file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = alone.Close() }()
			restore := measured(func() error {
				_, err := alone.Restore(t.Context(), migrations(t), in, anyCopy)
				return err
			})
			t.Logf("restored in %s: %.0f rows/s, %d MB memory", restore, float64(s.Total())/restore.Seconds(), peak>>20)
		})
	}
}

// ownWay is how long the database takes for a copy of its own; 0 when that cannot
// be had here.
func ownWay(t *testing.T, at place, db *Database) time.Duration {
	begin := time.Now()
	if at.databaseURL == "" {
		if _, err := db.write.ExecContext(t.Context(), "VACUUM INTO $1", filepath.Join(t.TempDir(), "vacuum.db")); err != nil {
			t.Fatal(err)
		}
		return time.Since(begin)
	}
	dump, err := exec.LookPath("pg_dump")
	if err != nil {
		t.Log("no pg_dump here")
		return 0
	}
	var schema string
	if err := db.read.QueryRowContext(t.Context(), "SELECT current_schema()").Scan(&schema); err != nil {
		t.Fatal(err)
	}
	var faults bytes.Buffer
	c := exec.CommandContext(t.Context(), dump, "--format=custom", "--compress=1", "--schema="+schema, "--file="+filepath.Join(t.TempDir(), "dump"), os.Getenv("TEST_DATABASE_URL"))
	c.Stderr = &faults
	if err := c.Run(); err != nil {
		t.Fatal(err, faults.String())
	}
	return time.Since(begin)
}
