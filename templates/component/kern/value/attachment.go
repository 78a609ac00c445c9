package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Attachment names a file that somebody added. What is in it stands in the store
// of files and never in a record: a record is read whole, a file is streamed.
type Attachment struct {
	ID        string `json:"id"`
	Name      string `json:"naam,omitempty"`
	Mediatype string `json:"mediatype,omitempty"`
	Size      int64  `json:"grootte,omitempty"` // bytes
}

// NewAttachment describes an uploaded file. Of the name only the last part is
// kept: browsers and people send paths. What is no media type becomes the one for
// unknown bytes.
func NewAttachment(name, mediatype string) (Attachment, error) {
	valid := utf8.ValidString(name)
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(unbroken(name), `\`, "/")))
	if m, _, err := mime.ParseMediaType(mediatype); err == nil && strings.Contains(m, "/") && len(m) <= 127 {
		mediatype = m
	} else {
		mediatype = "application/octet-stream"
	}
	if name == "" || name == "." || name == "/" || len(name) > 255 || !valid || strings.ContainsFunc(name, unicode.IsControl) {
		return Attachment{}, errors.New("Geef het bestand een naam zonder schuine strepen, hoogstens 255 tekens")
	}
	return Attachment{Name: name, Mediatype: mediatype}, nil
}

// String is the name and the size.
func (a Attachment) String() string { return fmt.Sprintf("%s (%s)", Shown(a.Name), ByteSize(a.Size)) }

// ByteSize is a number of bytes as people say it: 12 kB, 3,5 MB.
func ByteSize(n int64) string {
	const kB, MB = 1 << 10, 1 << 20
	if n < 1000*kB {
		return fmt.Sprintf("%d kB", (n+kB-1)/kB)
	}
	tenths := (n*10 + MB/2) / MB
	if tenths%10 == 0 {
		return fmt.Sprintf("%d MB", tenths/10)
	}
	return fmt.Sprintf("%d,%d MB", tenths/10, tenths%10)
}

// UnmarshalJSON takes a file by its id; whatever else is said of it, the store
// knows better.
func (a *Attachment) UnmarshalJSON(b []byte) error {
	type plain Attachment
	var p plain
	if err := json.Unmarshal(b, &p); err != nil || !IsUUID(p.ID) {
		return errors.New("Een bestand wordt genoemd met zijn id")
	}
	*a = Attachment(p)
	return nil
}

// ReadAttachment makes a file of decoded JSON. It reports false when that names
// none.
func ReadAttachment(v any) (Attachment, bool) {
	raw, err := json.Marshal(v)
	if err != nil {
		return Attachment{}, false
	}
	var a Attachment
	err = json.Unmarshal(raw, &a)
	return a, err == nil && v != nil
}

// Value implements driver.Valuer.
func (a Attachment) Value() (driver.Value, error) { return jsonValue(a) }

// Scan implements sql.Scanner. What is stored was judged when it came.
func (a *Attachment) Scan(src any) error {
	type stored Attachment
	var s stored
	if err := scanJSON(src, &s); err != nil {
		return err
	}
	*a = Attachment(s)
	return nil
}
