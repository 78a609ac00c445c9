package reservekopie

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"maps"
)

// Reader reads a copy, of which nothing is believed.
type Reader struct {
	in      *source
	zip     *gzip.Reader
	lines   *bufio.Reader
	long    []byte // a line that does not fit in the buffer of lines
	sum     hash.Hash
	plain   int64
	line    int
	header  Header
	columns int
}

// source counts what is read, and keeps what went wrong with reading itself.
type source struct {
	io.Reader
	n   int64
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// Sink takes what is read. What it took counts when Read gives no error.
type Sink interface {
	Table(name string, columns []string) error
	Row(values []any) error // the values are the sink's
}

// NewReader reads the header.
func NewReader(r io.Reader) (*Reader, error) {
	b := &Reader{in: &source{Reader: r}, sum: sha256.New()}
	var err error
	if b.zip, err = gzip.NewReader(bufio.NewReaderSize(b.in, 64<<10)); err != nil {
		if b.in.err != nil {
			return nil, b.unreadable()
		}
		return nil, errNoBackup
	}
	b.lines = bufio.NewReaderSize(b.zip, 64<<10)
	line, err := b.next()
	if err != nil {
		return nil, err
	}
	var known struct {
		Format *int `json:"reservekopie"`
	}
	if json.Unmarshal(line, &known) != nil || known.Format == nil {
		return nil, errNoBackup
	}
	if *known.Format != Format {
		return nil, fault("de reservekopie heeft vorm %d en dit programma kent vorm %d; neem een nieuwere versie van het component", *known.Format, Format)
	}
	if err := strictly(line, &b.header); err != nil {
		return nil, fault("de eerste regel van de reservekopie klopt niet")
	}
	_, _ = b.sum.Write(line)
	return b, nil
}

// Header is what the copy says of itself.
func (b *Reader) Header() Header { return b.header }

// Read gives all tables and rows to the sink, and then looks whether they are all
// there and as they were written.
func (b *Reader) Read(to Sink) (Summary, error) {
	rows, table := map[string]int64{}, ""
	for {
		line, err := b.next()
		if err != nil {
			return Summary{}, err
		}
		if line[0] == '[' {
			if table == "" {
				return Summary{}, fault("regel %d van de reservekopie is een rij zonder tabel", b.line)
			}
			values, ok := parseRow(line, b.columns)
			if !ok {
				return Summary{}, fault("regel %d van de reservekopie is geen rij van tabel %s met %d kolommen", b.line, table, b.columns)
			}
			if err := to.Row(values); err != nil {
				return Summary{}, err
			}
			rows[table]++
			_, _ = b.sum.Write(line)
			continue
		}
		var next begin
		if strictly(line, &next) == nil && next.Table != "" {
			if _, twice := rows[next.Table]; twice {
				return Summary{}, fault("regel %d van de reservekopie begint een tabel die al is geweest", b.line)
			}
			if err := to.Table(next.Table, next.Columns); err != nil {
				return Summary{}, err
			}
			table, b.columns = next.Table, len(next.Columns)
			rows[table] = 0
			_, _ = b.sum.Write(line)
			continue
		}
		return Summary{Header: b.header, Rows: rows}, b.finish(line, rows)
	}
}

// finish judges the last line, after which nothing may come.
func (b *Reader) finish(line []byte, rows map[string]int64) error {
	var last end
	if strictly(line, &last) != nil || last.Rows == nil {
		return fault("regel %d van de reservekopie is geen tabel, geen rij en geen einde", b.line)
	}
	if !maps.Equal(last.Rows, rows) || last.Sum != hex.EncodeToString(b.sum.Sum(nil)) {
		return errDamaged
	}
	switch _, err := b.lines.ReadByte(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return b.reading(err)
	}
	return fault("na het einde van de reservekopie staat nog iets")
}

// next is the next line, until the one after it is read.
func (b *Reader) next() ([]byte, error) {
	b.line++
	b.long = b.long[:0]
	if cap(b.long) > 1<<20 {
		b.long = nil
	}
	for {
		part, err := b.lines.ReadSlice('\n')
		b.plain += int64(len(part))
		if b.plain > bombFrom && b.plain > bombFactor*b.in.n || len(b.long)+len(part) > maxLine {
			return nil, errBomb
		}
		if err == nil && len(b.long) == 0 {
			return part, nil
		}
		b.long = append(b.long, part...)
		if len(b.long) > maxSaid && b.long[0] != '[' {
			return nil, errBomb
		}
		switch {
		case err == nil:
			return b.long, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, b.reading(err)
		}
	}
}

// reading is what an error of reading says of the file.
func (b *Reader) reading(err error) error {
	switch _, corrupt := errors.AsType[flate.CorruptInputError](err); {
	case b.in.err != nil:
		return b.unreadable()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if b.line == 1 && b.plain == 0 {
			return errNoBackup
		}
		return errCutOff
	case corrupt, errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return errDamaged
	}
	return err
}

func (b *Reader) unreadable() error {
	return &Fault{text: "de reservekopie is niet te lezen: " + b.in.err.Error(), err: b.in.err}
}

// strictly reads an object that has nothing that we do not know.
func strictly(line []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errDamaged
	}
	return nil
}
