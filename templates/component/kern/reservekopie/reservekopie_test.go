package reservekopie

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// collected takes everything.
type collected struct{ all []any }

func (c *collected) Table(name string, columns []string) error {
	c.all = append(c.all, name, columns)
	return nil
}

func (c *collected) Row(values []any) error {
	c.all = append(c.all, values)
	return nil
}

func written(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	var to bytes.Buffer
	w, err := NewWriter(&to, Header{Component: "proef", Database: "sqlite", Made: time.Unix(0, 0).UTC(), Migrations: []Migration{{"migraties", "0001.sql", "abc"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Table("leeg", []string{"id"}); err != nil {
		t.Fatal(err)
	}
	if len(rows) > 0 {
		columns := make([]string, len(rows[0]))
		for i := range columns {
			columns[i] = fmt.Sprint("kolom ", i)
		}
		if err := w.Table("dingen", columns); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range rows {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}

func read(from io.Reader) ([]any, Summary, error) {
	r, err := NewReader(from)
	if err != nil {
		return nil, Summary{}, err
	}
	var all collected
	s, err := r.Read(&all)
	return all.all, s, err
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	for _, v := range []any{
		nil, int64(0), int64(-1), int64(math.MaxInt64), int64(math.MinInt64), 0.0, 1.0, -1.5, 0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e21,
		"", "tekst", "é€😀", "aan\"haling\\ \n\r\t\x00\x01\x1f\x7f", "\u2028<>&'", `{"base64":"aaaa"}`, "null", "[1,2]", "geen \xff UTF-8", strings.Repeat("lang ", 100_000),
		[]byte{}, []byte("bytes"), []byte{0, 255, '\n', '"'}, bytes.Repeat([]byte{1, 2, 3}, 100_000),
	} {
		all, s, err := read(bytes.NewReader(written(t, []any{v, "erna", v})))
		if err != nil {
			t.Fatalf("%.40q: %v", v, err)
		}
		got, _ := all[4].([]any)
		if !reflect.DeepEqual(got, []any{v, "erna", v}) {
			t.Errorf("got %.80q, want %.40q", got, v)
		}
		if s.Rows["dingen"] != 1 || s.Rows["leeg"] != 0 || s.Header.Component != "proef" || s.Total() != 1 {
			t.Errorf("summary %+v", s)
		}
	}
	for v, want := range map[float64]string{math.Inf(1): "+Inf", math.Inf(-1): "-Inf", math.NaN(): "NaN"} {
		if all, _, err := read(bytes.NewReader(written(t, []any{v}))); err != nil || !reflect.DeepEqual(all[4], []any{want}) {
			t.Errorf("%v came back as %v, %v", v, all, err)
		}
	}
	if zero, _, _ := read(bytes.NewReader(written(t, []any{math.Copysign(0, -1)}))); !math.Signbit(zero[4].([]any)[0].(float64)) {
		t.Error("minus zero lost its sign")
	}
}

// packed compresses lines; SUM stands for the sum of what is before its line.
func packed(text string) []byte {
	var to bytes.Buffer
	z := gzip.NewWriter(&to)
	before, last, found := strings.Cut(text, "\n{\"einde\"")
	if found {
		text = before + "\n{\"einde\"" + strings.Replace(last, "SUM", sumOf(before+"\n"), 1)
	}
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return to.Bytes()
}

const head = `{"reservekopie":1,"component":"proef","database":"sqlite","gemaakt":"2026-11-30T12:00:00Z","migraties":[]}` + "\n"

func TestWhatIsNoWholeBackupIsRefused(t *testing.T) {
	good := head + `{"tabel":"a","kolommen":["id","n"]}` + "\n" + `["x",1]` + "\n" + `{"einde":{"a":1},"sha256":"SUM"}` + "\n"
	if _, _, err := read(bytes.NewReader(packed(good))); err != nil {
		t.Fatal("the one that is good: ", err)
	}
	change := func(old, with string) []byte {
		if !strings.Contains(good, old) {
			t.Fatalf("nothing to change: %s", old)
		}
		return packed(strings.Replace(good, old, with, 1))
	}
	whole := packed(good)
	const row = "geen rij van tabel a met 2 kolommen"
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"nothing":                  {nil, "geen reservekopie"},
		"text":                     {[]byte("hallo"), "geen reservekopie"},
		"an empty gzip":            {packed(""), "geen reservekopie"},
		"another gzip":             {packed("hallo\n"), "geen reservekopie"},
		"other JSON":               {packed("{}\n"), "geen reservekopie"},
		"a later form":             {change(`"reservekopie":1`, `"reservekopie":2`), "nieuwere versie"},
		"more in the header":       {change(`"component"`, `"x":1,"component"`), "eerste regel"},
		"a header with more":       {change(`[]}`, `[]} 1`), "geen reservekopie"},
		"cut off":                  {whole[:len(whole)-20], "afgebroken"},
		"cut off in the header":    {whole[:60], "afgebroken"},
		"only the trailer is gone": {whole[:len(whole)-4], "afgebroken"},
		"no end":                   {packed(head + `{"tabel":"a","kolommen":["id"]}` + "\n"), "afgebroken"},
		"half a line":              {packed(head + `{"tabel":"a","kolommen":["id"]}` + "\n" + `["x`), "afgebroken"},
		"a changed value":          {packed(strings.Replace(strings.Replace(good, "SUM", sumOf(good[:strings.Index(good, `{"einde"`)]), 1), `["x",1]`, `["y",1]`, 1)), "beschadigd"},
		"a row less":               {change(`["x",1]`+"\n", ""), "beschadigd"},
		"a row more":               {change(`["x",1]`, `["x",1]`+"\n"+`["x",1]`), "beschadigd"},
		"a table less":             {change(`{"a":1}`, `{"a":1,"b":0}`), "beschadigd"},
		"something after the end":  {packed(good + "\n"), "na het einde"},
		"a row without a table":    {change(`{"tabel":"a","kolommen":["id","n"]}`+"\n", ""), "zonder tabel"},
		"a table twice":            {change(`["x",1]`, `{"tabel":"a","kolommen":["id","n"]}`), "al is geweest"},
		"an unknown line":          {change(`["x",1]`, `{"x":1}`), "geen einde"},
		"an empty line":            {change(`["x",1]`, ``), "geen einde"},
		"too few values":           {change(`["x",1]`, `["x"]`), row},
		"too many values":          {change(`["x",1]`, `["x",1,2]`), row},
		"an object":                {change(`["x",1]`, `["x",{"a":1}]`), row},
		"a list":                   {change(`["x",1]`, `["x",[1]]`), row},
		"true":                     {change(`["x",1]`, `["x",true]`), row},
		"too big a number":         {change(`["x",1]`, `["x",9223372036854775808]`), row},
		"infinity":                 {change(`["x",1]`, `["x",1e999]`), row},
		"a number with a sign":     {change(`["x",1]`, `["x",+1]`), row},
		"no base64":                {change(`["x",1]`, `["x",{"base64":"a"}]`), row},
		"base64 in another way":    {change(`["x",1]`, `["x",{"base64":"eB=="}]`), row},
		"a raw control character":  {change(`["x",1]`, "[\"\x01\",1]"), row},
		"a wrong escape":           {change(`["x",1]`, `["\x",1]`), row},
		"no UTF-8":                 {change(`["x",1]`, "[\"\xff\",1]"), row},
		"spaces":                   {change(`["x",1]`, `["x", 1]`), row},
	} {
		_, _, err := read(bytes.NewReader(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) || !IsFault(err) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	broken := errors.New("de schijf is weg")
	if _, _, err := read(io.MultiReader(bytes.NewReader(whole[:len(whole)-20]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a file that cannot be read: %v", err)
	}
	want, _, _ := read(bytes.NewReader(whole))
	for i := range whole { // some bytes of gzip mean nothing, such as the time
		other := bytes.Clone(whole)
		other[i] ^= 1
		if got, _, err := read(bytes.NewReader(other)); err == nil && !reflect.DeepEqual(got, want) || err != nil && !IsFault(err) {
			t.Errorf("byte %d was changed: %v, %v", i, got, err)
		}
	}
	for n := range whole {
		if _, _, err := read(bytes.NewReader(whole[:n])); err == nil {
			t.Fatalf("a backup of which %d of %d bytes came is whole", n, len(whole))
		}
	}
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestWhatIsNoRowIsShort: a line with names becomes many times as much in memory.
func TestWhatIsNoRowIsShort(t *testing.T) {
	header := `{"reservekopie":1,"component":"proef","database":"sqlite","migraties":[`
	many := strings.Repeat("{},", 1<<20) + "{}"
	for name, text := range map[string]string{
		"header": header + many + "]}\n",
		"table":  header + "]}\n" + `{"tabel":"a","kolommen":[` + strings.Repeat(`"",`, 1<<20) + `""]}` + "\n",
		"end":    header + "]}\n" + `{"einde":{"a":` + strings.Repeat(" ", 2<<20) + "1}}\n",
	} {
		var file bytes.Buffer
		z := gzip.NewWriter(&file)
		_, err := z.Write([]byte(text))
		if err := errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := readDiscarding(&file); !errors.Is(err, errBomb) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestABombIsRefused, and what we make ourselves never looks like one.
func TestABombIsRefused(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = io.WriteString(z, head+`{"tabel":"a","kolommen":["id"]}`+"\n")
	line := []byte(strings.Repeat(`["`+strings.Repeat("a", 1000)+`"]`+"\n", 1000))
	for range 200 {
		_, _ = z.Write(line)
	}
	_ = z.Close()
	if _, err := readDiscarding(&bomb); !errors.Is(err, errBomb) {
		t.Errorf("a bomb of many rows: %v", err)
	}
	bomb.Reset()
	z.Reset(&bomb)
	_, _ = io.WriteString(z, head+`{"tabel":"a","kolommen":["id"]}`+"\n[\"")
	for range 200 {
		_, _ = z.Write(line[2:1000])
	}
	for range 100_000 {
		_, _ = z.Write(bytes.Repeat([]byte("a"), 1000))
	}
	_ = z.Close()
	if _, err := readDiscarding(&bomb); !errors.Is(err, errBomb) {
		t.Errorf("a bomb of one row: %v", err)
	}
	if testing.Short() {
		return
	}
	bomb.Reset()
	z, err := gzip.NewWriterLevel(&bomb, gzip.NoCompression) // what it becomes is no sign
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(z, head+`{"tabel":"a","kolommen":["id"]}`+"\n[\"")
	for range maxLine>>20 + 1 {
		_, _ = z.Write(bytes.Repeat([]byte("a"), 1<<20))
	}
	_, _ = io.WriteString(z, "\"]\n")
	_ = z.Close()
	if _, err := readDiscarding(&bomb); !errors.Is(err, errBomb) {
		t.Errorf("a row that does not fit in memory: %v", err)
	}
	var to bytes.Buffer
	w, err := NewWriter(&to, Header{})
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Table("bestandsdelen", []string{"inhoud"})
	empty := make([]byte, 256<<10)
	for range 500 { // 128 MB of nothing: 170 in the file
		if err := w.Row([]any{empty}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := readDiscarding(&to); err != nil || n != 500 {
		t.Errorf("our own: %d rows, %v", n, err)
	}
}

type discarding int

func (*discarding) Table(string, []string) error { return nil }

func (d *discarding) Row([]any) error { *d++; return nil }

func readDiscarding(from io.Reader) (int, error) {
	var d discarding
	r, err := NewReader(from)
	if err == nil {
		_, err = r.Read(&d)
	}
	return int(d), err
}

// TestMemoryDoesNotGrowWithTheFile: 64 MB that cannot be compressed go through, in
// parts as files have them.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	part := make([]byte, 256<<10)
	_, _ = rand.Read(part)
	from, to := io.Pipe()
	go func() {
		w, err := NewWriter(to, Header{})
		if err == nil {
			err = w.Table("bestandsdelen", []string{"inhoud"})
		}
		for range 256 {
			if err == nil {
				err = w.Row([]any{part})
			}
		}
		if err == nil {
			_, err = w.Close()
		}
		_ = to.CloseWithError(err)
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if n, err := readDiscarding(from); err != nil || n != 256 {
		t.Fatal(n, err)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 32<<20 {
		t.Errorf("memory grew by %d MB", grown>>20)
	}
}

// FuzzRead: whatever comes, the reader ends with a fault or with what it would
// write itself.
func FuzzRead(f *testing.F) {
	f.Add([]byte(head + `{"tabel":"a","kolommen":["id","n"]}` + "\n" + `["x",1]` + "\n" + `{"einde":{"a":1},"sha256":"SUM"}` + "\n"))
	f.Add([]byte(head + `{"tabel":"a","kolommen":[]}` + "\n" + `[]` + "\n" + `[{"base64":"AAA="},null,1.5e3,{"tekst64":"/w=="}]` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := NewReader(bytes.NewReader(packed(string(text))))
		if err == nil {
			_, err = r.Read(&collected{})
		}
		if err != nil && !IsFault(err) {
			t.Fatalf("no sentence for people: %v", err)
		}
		_, _ = NewReader(bytes.NewReader(text)) // as it is, without gzip around it
	})
}

// FuzzRow: a row that is read is written as it was.
func FuzzRow(f *testing.F) {
	f.Add([]byte(`["x",1,null,1.5e+00,{"base64":"AAA="}]`), 5)
	f.Add([]byte(`["\u0041\\\"é"]`), 1)
	f.Fuzz(func(t *testing.T, line []byte, columns int) {
		values, ok := parseRow(append(line, '\n'), columns&63)
		if !ok {
			return
		}
		if len(values) != columns&63 {
			t.Fatalf("%d values", len(values))
		}
		w, err := NewWriter(io.Discard, Header{})
		if err != nil {
			t.Fatal(err)
		}
		w.columns = len(values)
		if err := w.Row(values); err != nil {
			t.Fatal(err)
		}
		if again, ok := parseRow(w.line, len(values)); !ok || !reflect.DeepEqual(values, again) {
			t.Fatalf("%q became %q", line, w.line)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	w, err := NewWriter(io.Discard, Header{})
	if err != nil {
		b.Fatal(err)
	}
	_ = w.Table("dingen", make([]string, 6))
	for b.Loop() {
		if err := w.Row([]any{"0193a1b2-0000-7000-8000-000000000000", int64(1764500000000000), int64(3), "Aangifte van verhuizing met een toelichting", nil, `{"straat":"Dorpsstraat","huisnummer":1}`}); err != nil {
			b.Fatal(err)
		}
	}
}
