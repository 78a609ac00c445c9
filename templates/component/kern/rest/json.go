package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	maxBody  = 2 << 20 // bytes of JSON; a file is streamed and never part of it
	maxDepth = 32
)

// body is a request body that was read and found to fit the contract. Decode
// takes the bytes without reading them again.
type body struct {
	*bytes.Reader
	raw []byte
}

// Close implements io.Closer.
func (body) Close() error { return nil }

// readBody reads at most maxBody bytes.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, tooLarge()
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge()
		}
		return nil, NewProblem(http.StatusBadRequest, "Het verzoek is niet helemaal aangekomen.")
	}
	r.Body = body{bytes.NewReader(raw), raw}
	return raw, nil
}

func tooLarge() *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, "Het verzoek is groter dan 2 MB.")
}

// Decode reads the body of a request into to. The contract has judged it
// already; what still does not fit is a 400 all the same.
func Decode(r *http.Request, to any) error {
	b, ok := r.Body.(body)
	raw := b.raw
	if !ok {
		var err error
		if raw, err = io.ReadAll(io.LimitReader(r.Body, maxBody)); err != nil {
			return err
		}
	}
	err := json.Unmarshal(raw, to)
	if err == nil {
		return nil
	}
	// The text of err may quote the value, so it stays here.
	pointer := ""
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		pointer = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
	}
	return Invalid(InBody(pointer, "type", "Dit heeft niet de juiste vorm."))
}

// parseJSON reads one JSON value strictly: nothing after it, no key twice, no
// text that a database cannot keep. encoding/json takes the last of two equal
// keys, another reader the first: then two systems see two different messages.
func parseJSON(raw []byte) (any, *Fault) {
	if !utf8.Valid(raw) {
		return nil, jsonFault("", "De inhoud is geen UTF-8.")
	}
	if v, ok := parseGood(raw); ok {
		return v, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, fault := parseValue(d, "", 0)
	if fault != nil {
		return nil, fault
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, jsonFault("", "Na de JSON staat nog iets.")
	}
	return v, nil
}

// parseGood reads what has nothing wrong with it, in one go: going through it piece by
// piece, which says what is wrong and where, costs several times as much. It gives
// false for anything that needs that.
func parseGood(raw []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil, false
	}
	end := d.InputOffset()
	if len(bytes.TrimLeft(raw[end:], " \t\r\n")) > 0 {
		return nil, false
	}
	// A key that stands twice in an object is one in what was read.
	keys, ok := keysIn(v, 0)
	return v, ok && keys == colons(raw[:end])
}

// keysIn counts the keys of all objects in a value; false when it is too deep or holds
// a text that a database cannot keep.
func keysIn(v any, depth int) (keys int, ok bool) {
	if depth > maxDepth {
		return 0, false
	}
	switch v := v.(type) {
	case string:
		return 0, strings.IndexByte(v, 0) < 0
	case map[string]any:
		keys = len(v)
		for _, below := range v {
			more, ok := keysIn(below, depth+1)
			if !ok {
				return 0, false
			}
			keys += more
		}
	case []any:
		for _, below := range v {
			more, ok := keysIn(below, depth+1)
			if !ok {
				return 0, false
			}
			keys += more
		}
	}
	return keys, true
}

// colons counts the colons of good JSON that are not in a text: one for each key.
func colons(raw []byte) (count int) {
	text := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case c == ':' && !text:
			count++
		}
	}
	return count
}

func jsonFault(pointer, detail string) *Fault {
	f := InBody(pointer, "json", detail)
	return &f
}

func parseValue(d *json.Decoder, at string, depth int) (any, *Fault) {
	if depth > maxDepth {
		return nil, jsonFault("", "De JSON is te diep genest.")
	}
	token, err := d.Token()
	if err != nil {
		return nil, jsonFault("", "De inhoud is geen geldige JSON.")
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return parseObject(d, at, depth)
		}
		return parseArray(d, at, depth)
	case string:
		if strings.IndexByte(t, 0) >= 0 {
			return nil, jsonFault(at, "Deze tekst bevat een teken dat niet bewaard kan worden.")
		}
	}
	return token, nil
}

func parseObject(d *json.Decoder, at string, depth int) (any, *Fault) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, jsonFault("", "De inhoud is geen geldige JSON.")
		}
		pointer := at + "/" + pointerSegment(key)
		if _, twice := object[key]; twice {
			return nil, jsonFault(pointer, "Deze naam staat er twee keer.")
		}
		v, fault := parseValue(d, pointer, depth+1)
		if fault != nil {
			return nil, fault
		}
		object[key] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, jsonFault("", "De inhoud is geen geldige JSON.")
	}
	return object, nil
}

func parseArray(d *json.Decoder, at string, depth int) (any, *Fault) {
	array := []any{}
	for d.More() {
		v, fault := parseValue(d, at, depth+1)
		if fault != nil {
			return nil, fault
		}
		array = append(array, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, jsonFault("", "De inhoud is geen geldige JSON.")
	}
	return array, nil
}

// pointerSegment is a key in a JSON pointer. A key that does not look like the
// name of a field may be data in the wrong place, and is not repeated.
func pointerSegment(key string) string {
	if len(key) > 64 || key == "" {
		return "?"
	}
	for i, c := range key {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-') {
			return "?"
		}
	}
	return key
}
