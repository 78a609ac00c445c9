// Package reservekopie is the file in which a component keeps a copy of its
// database: one form for SQLite and PostgreSQL, written and read row by row.
//
// It is text that is compressed with gzip, one JSON value per line: first an object
// that says what it is of; then for each table an object with its name and columns,
// and an array per row; and at the end an object with the number of rows of each
// table and a sum of all that went before. Who has no component any more can read
// it with anything that reads JSON.
//
// A value is one of those that SQLite keeps: null, an integer, a number with a
// point, a text, or bytes ({"base64": "…"}). A moment is in microseconds since
// 1970, a boolean is 0 or 1.
package reservekopie

import (
	"errors"
	"fmt"
	"time"
)

// Format is the version of the form. It goes up when older programs cannot read
// it any more.
const Format = 1

// maxLine bounds what is in memory of a row. A part of a file is 256 kB, and no
// request brings more than a row can hold.
const maxLine = 64 << 20

// maxSaid bounds a line that is no row: it becomes many times as much in memory, and
// that of a component is a few kB.
const maxSaid = 1 << 20

// Header says of what a file is the copy.
type Header struct {
	Format    int       `json:"reservekopie"`
	Component string    `json:"component"`
	Version   string    `json:"versie,omitempty"` // of the program that made it
	Database  string    `json:"database"`         // the kind: sqlite or postgres
	Made      time.Time `json:"gemaakt"`
	// Key recognises LOGBOEK_SLEUTEL without telling it: with another key nobody
	// finds what is theirs.
	Key        string      `json:"sleutel,omitempty"`
	Migrations []Migration `json:"migraties"`
}

// Migration is one that had run in the database. Set is the table that says so.
type Migration struct {
	Set  string `json:"telling"`
	Name string `json:"naam"`
	Sum  string `json:"som"`
}

// Summary is what a whole file holds.
type Summary struct {
	Header Header
	Rows   map[string]int64 // per table
}

// Total is the number of rows of all tables.
func (s Summary) Total() (n int64) {
	for _, rows := range s.Rows {
		n += rows
	}
	return n
}

// begin and end are the other lines with an object.
type begin struct {
	Table   string   `json:"tabel"`
	Columns []string `json:"kolommen"`
}

type end struct {
	Rows map[string]int64 `json:"einde"`
	Sum  string           `json:"sha256"`
}

// Fault says what is wrong with a file, for people and without a value of it.
type Fault struct {
	text string
	err  error // of reading it; nil when that is not what is wrong
}

func (f *Fault) Error() string { return f.text }

// Unwrap gives the error of reading.
func (f *Fault) Unwrap() error { return f.err }

// fault makes a Fault.
func fault(format string, args ...any) error { return &Fault{text: fmt.Sprintf(format, args...)} }

// What is wrong with a file as a whole.
var (
	errNoBackup = &Fault{text: "dit is geen reservekopie van een component; maak er een met: go run . reservekopie BESTAND. Is zij versleuteld, ontsleutel haar dan eerst"}
	errCutOff   = &Fault{text: "de reservekopie is afgebroken: het einde ontbreekt. Neem een andere, of haal het bestand opnieuw op"}
	errDamaged  = &Fault{text: "de reservekopie is beschadigd: er is iets in veranderd nadat zij was gemaakt. Neem een andere, of haal het bestand opnieuw op"}
	errBomb     = &Fault{text: "de reservekopie pakt uit tot veel meer dan een reservekopie kan zijn, en is daarom niet verder gelezen"}
)

// IsFault says whether an error is about what is in the file.
func IsFault(err error) bool {
	_, ok := errors.AsType[*Fault](err)
	return ok
}
