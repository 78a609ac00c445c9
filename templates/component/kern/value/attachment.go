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
)

// MaxAttachment is the largest file, in bytes. Larger files belong in a
// document store; the register keeps small proof.
const MaxAttachment = 1 << 20

// Attachment is a small file that somebody added.
type Attachment struct {
	Name      string `json:"naam"`
	Mediatype string `json:"mediatype"`
	Content   []byte `json:"inhoud"` // base64 in JSON
}

// NewAttachment makes an attachment of an uploaded file. Of the name only the
// last part is kept: browsers and people send paths.
func NewAttachment(name, mediatype string, content []byte) (*Attachment, error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if m, _, err := mime.ParseMediaType(mediatype); err == nil {
		mediatype = m
	} else {
		mediatype = "application/octet-stream"
	}
	a := Attachment{Name: name, Mediatype: mediatype, Content: content}
	return &a, a.check()
}

func (a Attachment) check() error {
	switch {
	case len(a.Content) == 0:
		return errors.New("Het bestand is leeg")
	case len(a.Content) > MaxAttachment:
		return errors.New("Het bestand is te groot: hoogstens 1 MB")
	case a.Name == "" || a.Name == "." || a.Name == "/" || len(a.Name) > 255 || strings.ContainsAny(a.Name, `/\`) || strings.ContainsFunc(a.Name, unicode.IsControl):
		return errors.New("Geef het bestand een naam zonder schuine strepen, hoogstens 255 tekens")
	}
	if _, _, err := mime.ParseMediaType(a.Mediatype); err != nil || !strings.Contains(a.Mediatype, "/") {
		return errors.New("Het soort bestand is onbekend")
	}
	return nil
}

// String is the name and the size.
func (a Attachment) String() string {
	return fmt.Sprintf("%s (%d kB)", a.Name, (len(a.Content)+1023)/1024)
}

// UnmarshalJSON accepts only a file that NewAttachment would have made.
func (a *Attachment) UnmarshalJSON(b []byte) error {
	type plain Attachment
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return errors.New("Een bestand heeft een naam, een mediatype en een inhoud in base64")
	}
	*a = Attachment(p)
	return a.check()
}

// ReadAttachment makes a file of decoded JSON. It reports false when that is not
// one that NewAttachment would have made.
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

// Scan implements sql.Scanner.
func (a *Attachment) Scan(src any) error { return scanJSON(src, a) }
