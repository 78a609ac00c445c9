package reservekopie

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// What is compressed far more than data of people ever is, is taken for a bomb by
// Reader. Writer therefore compresses less where it would come near: what it makes
// can always be read.
const (
	bombFrom    = 64 << 20 // bytes unpacked: less is never a bomb
	bombFactor  = 200
	densestEver = 100 // where Writer begins to compress less
)

// Writer writes a copy.
type Writer struct {
	out     counter
	zip     *gzip.Writer
	sparing bool // it compresses less from here on
	buffer  *bufio.Writer
	sum     hash.Hash
	plain   int64 // bytes before compressing
	line    []byte
	table   string
	columns int
	summary Summary
}

// counter counts what goes through.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// NewWriter begins a copy.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	h.Format = Format
	b := &Writer{out: counter{Writer: w}, sum: sha256.New(), summary: Summary{Header: h, Rows: map[string]int64{}}}
	var err error
	if b.zip, err = gzip.NewWriterLevel(&b.out, gzip.BestSpeed); err != nil {
		return nil, err
	}
	b.buffer = bufio.NewWriterSize(b.zip, 64<<10)
	return b, b.object(h)
}

// Table begins the rows of a table.
func (b *Writer) Table(name string, columns []string) error {
	if _, twice := b.summary.Rows[name]; twice {
		return fmt.Errorf("reservekopie: tabel %s komt twee keer", name)
	}
	b.table, b.columns = name, len(columns)
	b.summary.Rows[name] = 0
	return b.object(begin{name, columns})
}

// Row writes one row of the table: nil, int64, float64, string and []byte.
func (b *Writer) Row(values []any) error {
	if len(values) != b.columns {
		return fmt.Errorf("reservekopie: een rij van %s met %d waarden", b.table, len(values))
	}
	line := append(b.line[:0], '[')
	for i, v := range values {
		if i > 0 {
			line = append(line, ',')
		}
		switch v := v.(type) {
		case nil:
			line = append(line, "null"...)
		case int64:
			line = strconv.AppendInt(line, v, 10)
		case float64:
			line = appendFloat(line, v)
		case string:
			line = appendText(line, v)
		case []byte:
			line = append(line, `{"base64":"`...)
			line = base64.StdEncoding.AppendEncode(line, v)
			line = append(line, `"}`...)
		default:
			return fmt.Errorf("reservekopie: tabel %s: waarde %d is een %T", b.table, i+1, v)
		}
	}
	line = append(line, "]\n"...)
	b.line = line
	if cap(b.line) > 1<<20 { // one large row need not be kept in memory
		b.line = nil
	}
	if len(line) > maxLine {
		return fmt.Errorf("reservekopie: een rij van tabel %s is groter dan %d MB", b.table, maxLine>>20)
	}
	b.summary.Rows[b.table]++
	return b.write(line)
}

// appendFloat always shows that it is not an integer. What JSON has no number for
// goes as a text.
func appendFloat(line []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.AppendQuote(line, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strconv.AppendFloat(line, v, 'e', -1, 64)
}

const hexadecimal = "0123456789abcdef"

// appendText writes a text as JSON. One that is no UTF-8, which JSON cannot have,
// is kept byte for byte.
func appendText(line []byte, s string) []byte {
	if !utf8.ValidString(s) {
		line = append(line, `{"tekst64":"`...)
		line = base64.StdEncoding.AppendEncode(line, []byte(s))
		return append(line, `"}`...)
	}
	line = append(line, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7f {
			continue
		}
		line = append(append(line, s[from:i]...), '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
		from = i + 1
	}
	return append(append(line, s[from:]...), '"')
}

func (b *Writer) object(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.write(append(line, '\n'))
}

func (b *Writer) write(line []byte) error {
	_, _ = b.sum.Write(line) // never fails (hash.Hash)
	for piece := range slices.Chunk(line, 64<<10) {
		if _, err := b.buffer.Write(piece); err != nil {
			return err
		}
		b.plain += int64(len(piece))
		if !b.sparing && b.plain > bombFrom/2 && b.plain > densestEver*b.out.n {
			if err := b.spare(); err != nil {
				return err
			}
		}
	}
	return nil
}

// spare goes on in a new part of the gzip file, of which no byte is less than an
// eighth of what it stands for.
func (b *Writer) spare() error {
	b.sparing = true
	err := errors.Join(b.buffer.Flush(), b.zip.Close())
	if err != nil {
		return err
	}
	if b.zip, err = gzip.NewWriterLevel(&b.out, gzip.HuffmanOnly); err != nil {
		return err
	}
	b.buffer.Reset(b.zip)
	return nil
}

// Close ends the copy. Without it the file is of no use.
func (b *Writer) Close() (Summary, error) {
	err := b.object(end{b.summary.Rows, hex.EncodeToString(b.sum.Sum(nil))})
	return b.summary, errors.Join(err, b.buffer.Flush(), b.zip.Close())
}
