package opslag

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
)

// rewritten changes the text of a copy and makes its sum right again: what somebody
// would do who wants something in the database.
func rewritten(t *testing.T, in []byte, change func(string) string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	text := change(string(raw))
	if text == string(raw) {
		t.Fatal("nothing was changed")
	}
	at := strings.LastIndex(text, `{"einde"`)
	sum := sha256.Sum256([]byte(text[:at]))
	text = text[:at] + regexp.MustCompile(`"sha256":"\w*"`).ReplaceAllString(text[at:], `"sha256":"`+hex.EncodeToString(sum[:])+`"`)
	var to bytes.Buffer
	w := gzip.NewWriter(&to)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return to.Bytes()
}

// TestWhatDoesNotFitIsRefusedAndNothingStays: the names and values of a copy are
// never believed, and half of it is never kept.
func TestWhatDoesNotFitIsRefusedAndNothingStays(t *testing.T) {
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	value := func(column int, with string) func(string) string { // of the last row of dingen
		return func(s string) string {
			head := regexp.MustCompile(`(\{"tabel":"dingen",[^\n]*\n\[)([^\n]*)(\]\n)`)
			m := head.FindStringSubmatchIndex(s)
			values := strings.Split(s[m[4]:m[5]], ",")
			values[column] = with
			return s[:m[4]] + strings.Join(values, ",") + s[m[5]:]
		}
	}
	for name, c := range map[string]struct {
		change func(string) string
		want   string
	}{
		"a later version": {replace(`{"telling":"migraties","naam":"`, `{"telling":"migraties","naam":"x`), "Zet haar terug met de versie die haar maakte, of een nieuwere"},
		"a later version by number": {func(s string) string {
			return strings.Replace(strings.Replace(s, `"component":`, `"versie":"1.2.3","component":`, 1), `{"telling":"migraties","naam":"`, `{"telling":"migraties","naam":"x`, 1)
		}, `Zet haar terug met versie "1.2.3" of nieuwer`},
		"a table that is not ours":   {replace(`"tabel":"dingen"`, `"tabel":"pg_user\"; DROP TABLE zaken; --"`), "is hier niet"},
		"a table of migrations":      {replace(`"tabel":"dingen"`, `"tabel":"migraties"`), "is hier niet"},
		"sessions":                   {replace(`"tabel":"dingen"`, `"tabel":"tijdelijk"`), "is hier niet"},
		"a column that is not there": {replace(`"uitleg"`, `"uitleg) VALUES (1); --"`), "heeft hier geen kolom"},
		"a column twice":             {replace(`"naam","uitleg"`, `"naam","naam"`), "kolom twee keer"},
		"a column less":              {replace(`{"tabel":"statussen","kolommen":[`, `{"tabel":"statussen","kolommen":[]}`+"\n"+`{"tabel":"x","kolommen":[`), "meer kolommen"},
		"a text for a number":        {value(3, `"een"`), "in rij 1 in kolom versie iets wat daar niet kan staan"},
		"a text for a moment":        {value(1, `"gisteren"`), "in kolom aangemaakt_op iets"},
		"a number for a text":        {value(4, `7`), "in kolom naam iets"},
		"nothing where something is": {value(4, `null`), "past niet bij de beperking"},
		"a value outside its limits": {value(6, `99`), "past niet bij de beperking"},
		"a reference to nothing":     {value(15, `"er-is-niets"`), "beperking"},
		"no migrations": {func(s string) string {
			return regexp.MustCompile(`"migraties":\[.*\]`).ReplaceAllString(s, `"migraties":[]`)
		}, "niet van welke versie"},
		"a migration that is unknown": {replace(`"naam":"0001_zaken.sql"`, `"naam":"9999_later.sql"`), "nieuwere versie"},
		"a migration that changed":    {func(s string) string { return regexp.MustCompile(`"som":"\w`).ReplaceAllString(s, `"som":"zz`) }, "is veranderd"},
		"an unknown database": {func(s string) string {
			return regexp.MustCompile(`"database":"\w+"`).ReplaceAllString(s, `"database":"../.."`)
		}, "soort database"},
		"the same row twice": {func(s string) string {
			m := regexp.MustCompile(`\{"tabel":"zaaknummers",[^\n]*\n(\[[^\n]*\n)`).FindStringSubmatchIndex(s)
			return strings.Replace(s[:m[3]]+s[m[2]:m[3]]+s[m[3]:], `"zaaknummers":1`, `"zaaknummers":2`, 1)
		}, "beperking"},
		"a table that is missing": {func(s string) string {
			s = regexp.MustCompile(`\{"tabel":"markeringen"[^\n]*\n`).ReplaceAllString(s, "")
			return strings.Replace(s, `"markeringen":0,`, "", 1)
		}, "tabel markeringen ontbreekt"},
	} {
		for kind, at := range places(t) {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				there, here := at(t), at(t)
				db := there.open(t)
				if _, err := NewTable(db, thingSchema).Create(t.Context(), &thing{Name: "geheim ding", Count: new(int64(3))}, Key{}); err != nil {
					t.Fatal(err)
				}
				open(t, NewZaken(db, ""), NewZaak{Omschrijving: "x", Zaaktype: "proef", CurrentStep: "a"})
				before := here.open(t)
				if err := before.Close(); err != nil {
					t.Fatal(err)
				}
				_, err := here.restore(t, rewritten(t, copied(t, db, migrations(t)), c.change), migrations(t))
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if err != nil && strings.Contains(err.Error(), "geheim") {
					t.Errorf("the error quotes a value: %v", err)
				}
				after := here.open(t)
				for table, rows := range dump(t, after) {
					if len(rows) > 0 {
						t.Errorf("%d rows stay in %s", len(rows), table)
					}
				}
			})
		}
	}
}

// TestAVersionIsFitForAScreen: what a copy says of itself commands no terminal.
func TestAVersionIsFitForAScreen(t *testing.T) {
	db := places(t)["sqlite"](t).open(t)
	all, err := sets(migrations(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.wanted(all, reservekopie.Header{Database: sqlite.name, Version: "1.0\x1b[2J\n", Migrations: []reservekopie.Migration{{Set: all[0].table, Name: "9999_\x1b[2J.sql"}}})
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("%q", err)
	}
}

// TestADatabaseIsOfOne: a file with data of people is for nobody else on the machine.
func TestADatabaseIsOfOne(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are otherwise on Windows")
	}
	file := filepath.Join(t.TempDir(), "proef.db")
	for _, open := range []func(context.Context, string, string) (*Database, error){Open, OpenAlone} {
		db, err := open(t.Context(), "", file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.write.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS a (b)"); err != nil {
			t.Fatal(err)
		}
		all, err := filepath.Glob(file + "*")
		if err != nil || len(all) == 0 {
			t.Fatal(all, err)
		}
		for _, name := range all {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is %s: %v", filepath.Base(name), info.Mode(), err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOnlyIntoAnEmptyDatabaseThatNobodyUses.
func TestOnlyIntoAnEmptyDatabaseThatNobodyUses(t *testing.T) {
	for kind, at := range places(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			there := at(t)
			db := there.open(t)
			busy(t, db, 1, 3)
			good := copied(t, db, migrations(t))
			if _, err := there.restore(t, good, migrations(t)); err == nil || !strings.Contains(err.Error(), "er draait nog een component") {
				t.Errorf("while somebody uses it: %v", err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := there.restore(t, good, migrations(t))
			if err == nil || !strings.Contains(err.Error(), "niet leeg") || !strings.Contains(err.Error(), "zaken (3)") || !strings.Contains(err.Error(), "dingen (3)") || strings.Contains(err.Error(), "tijdelijk") {
				t.Errorf("into a full one: %v", err)
			}
			again := there.open(t)
			if n := rowsIn(t, again, "dingen"); n != 3 {
				t.Errorf("%d things are left", n)
			}
			// What a start leaves behind in a new database is in nobody's way.
			here := at(t)
			started := here.open(t)
			if _, err := started.exec(t.Context(), "INSERT INTO procesdefinities (zaaktype, versie, kenmerk, bpmn, gezien_op) VALUES ('ander', 1, 'k', '<bpmn/>', $1)", started.moment()); err != nil {
				t.Fatal(err)
			}
			if err := started.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := here.restore(t, good, migrations(t)); err != nil {
				t.Fatal(err)
			}
			after := here.open(t)
			if rowsIn(t, after, "procesdefinities WHERE zaaktype = 'proef'") != 1 || rowsIn(t, after, "procesdefinities") != 1 {
				t.Error("the processes are not those of the copy")
			}
			// It is the wrong one: nothing is opened, and nothing done.
			no := errors.New("een ander component")
			other := at(t)
			alone, err := OpenAlone(t.Context(), other.databaseURL, other.file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = alone.Close() }()
			if _, err := alone.Restore(t.Context(), migrations(t), bytes.NewReader(good), func(reservekopie.Header) error { return no }); err == nil || err.Error() != no.Error() {
				t.Errorf("the wrong one: %v", err)
			}
			empty, err := Open(t.Context(), other.databaseURL, other.file)
			if err == nil {
				_, _, err = empty.Backup(t.Context(), migrations(t), reservekopie.Header{}, io.Discard)
				_ = empty.Close()
			}
			if !errors.Is(err, errNoTables) {
				t.Errorf("a copy of nothing: %v", err)
			}
		})
	}
}

// TestATableOfSomebodyElseIsNamed, and does not go along.
func TestATableOfSomebodyElseIsNamed(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		if _, err := db.exec(t.Context(), "CREATE TABLE rapportage (id TEXT)"); err != nil {
			t.Fatal(err)
		}
		s, skipped, err := db.Backup(t.Context(), migrations(t), reservekopie.Header{}, io.Discard)
		if _, there := s.Rows["rapportage"]; err != nil || there || len(skipped) != 1 || skipped[0] != "rapportage" {
			t.Error(err, s.Rows, skipped)
		}
	})
}

// TestWhateverACopySays: it is refused and nothing stays, or the database is one that
// this component can copy again. (Package reservekopie fuzzes the reader; the database
// is too slow for that.)
func TestWhateverACopySays(t *testing.T) {
	from := place{file: filepath.Join(t.TempDir(), "van.db")}
	db := from.open(t)
	busy(t, db, 3, 4)
	good := copied(t, db, migrations(t))
	r := rand.New(rand.NewPCG(12, 34))
	refused := 0
	for range 150 {
		in := rewritten(t, good, func(text string) string {
			lines := strings.SplitAfter(text, "\n")
			for range 1 + r.IntN(3) {
				i, j := r.IntN(len(lines)-2), r.IntN(len(lines)-2)
				switch line := lines[i]; r.IntN(6) {
				case 0:
					lines[i], lines[j] = lines[j], line
				case 1:
					lines = slices.Insert(slices.Clone(lines), j, line)
				case 2:
					lines = slices.Delete(slices.Clone(lines), i, i+1)
				case 3:
					values := strings.Split(line, ",")
					values[r.IntN(len(values))] = []string{"null", "1", `"x"`, "-9223372036854775808", `{"base64":"AAAA"}`, `"\u0000"`, "1.5e300", "true"}[r.IntN(8)]
					lines[i] = strings.Join(values, ",")
				case 4:
					at := r.IntN(len(line))
					lines[i] = line[:at] + string(rune(32+r.IntN(95))) + line[at:]
				default:
					lines[i] = strings.Replace(line, `","`, `",null,"`, 1)
				}
			}
			if changed := strings.Join(lines, ""); changed != text && strings.Contains(changed, `{"einde"`) {
				return changed
			}
			return strings.Replace(text, "[", "[[", 1)
		})
		here := place{file: filepath.Join(t.TempDir(), "naar.db")}
		alone, err := OpenAlone(t.Context(), "", here.file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = alone.Restore(t.Context(), migrations(t), bytes.NewReader(in), anyCopy); err != nil {
			refused++
			tx := &transaction{Tx: must(alone.read.BeginTx(t.Context(), nil))}
			if tables, err := tx.names(t.Context(), "SELECT name FROM sqlite_schema"); err != nil || len(tables) > 0 {
				t.Fatal("something stays: ", tables, err)
			}
			_ = tx.Rollback()
		} else if _, _, err := alone.Backup(t.Context(), migrations(t), reservekopie.Header{}, io.Discard); err != nil {
			t.Error(err)
		}
		_ = alone.Close()
	}
	if refused < 100 {
		t.Errorf("only %d of 150 damaged copies were refused", refused)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
