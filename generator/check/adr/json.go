package adr

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// jsonReader reads JSON itself, for the line and column of everything: encoding/json
// gives none, and YAML does not know all of JSON (pairs of surrogates) and is slow.
type jsonReader struct {
	builder
	body         []byte
	at           int
	line, column int32
}

func (d *Document) readJSON(body []byte) error {
	r := &jsonReader{builder: builder{d: d}, body: body, line: 1, column: 1}
	r.space()
	n, err := r.value(nil)
	if err != nil {
		return err
	}
	d.root = n
	if r.space(); r.at < len(r.body) {
		if r.body[r.at] == '{' {
			return errSeveral
		}
		return r.wrong("unexpected " + r.here())
	}
	return nil
}

func (r *jsonReader) wrong(message string) error {
	return &syntaxError{int(r.line), int(r.column), message}
}

// here is what stands at the reader, for people.
func (r *jsonReader) here() string {
	if r.at >= len(r.body) {
		return "end of the file"
	}
	c, _ := utf8.DecodeRune(r.body[r.at:])
	return strconv.QuoteRune(c)
}

// next goes n bytes on, none of which ends a line.
func (r *jsonReader) next(n int) {
	for _, c := range r.body[r.at : r.at+n] {
		if c&0xC0 != 0x80 {
			r.column++
		}
	}
	r.at += n
}

func (r *jsonReader) space() {
	for ; r.at < len(r.body); r.at++ {
		switch r.body[r.at] {
		case ' ', '\t', '\r':
			r.column++
		case '\n':
			r.line++
			r.column = 1
		default:
			return
		}
	}
}

// take takes one character when it comes.
func (r *jsonReader) take(c byte) bool {
	if r.space(); r.at < len(r.body) && r.body[r.at] == c {
		r.at++
		r.column++
		return true
	}
	return false
}

func (r *jsonReader) value(parent *node) (*node, error) {
	n, err := r.node()
	if err != nil {
		return nil, err
	}
	r.space()
	n.parent, n.line, n.column = parent, r.line, r.column
	if r.at >= len(r.body) {
		return nil, r.wrong("unexpected " + r.here())
	}
	switch r.body[r.at] {
	case '{':
		n.kind = isObject
		return n, r.members(n)
	case '[':
		n.kind = isArray
		return n, r.items(n)
	case '"':
		n.kind = isText
		n.text, err = r.quoted()
		return n, err
	}
	return n, r.plain(n)
}

func (r *jsonReader) deeper() error {
	if r.depth++; r.depth > maxDepth {
		return errTooDeep
	}
	r.at++
	r.column++
	return nil
}

func (r *jsonReader) members(n *node) error {
	if err := r.deeper(); err != nil {
		return err
	}
	for first := true; !r.take('}'); first = false {
		if !first && !r.take(',') {
			return r.wrong("expected , or } and not " + r.here())
		}
		r.space()
		if r.at >= len(r.body) || r.body[r.at] != '"' {
			return r.wrong("expected a key in quotes and not " + r.here())
		}
		line, column := r.line, r.column
		key, err := r.quoted()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return r.wrong("expected : and not " + r.here())
		}
		c, err := r.value(n)
		if err != nil {
			return err
		}
		c.key, c.keyLine, c.keyColumn = key, line, column
		n.children = append(n.children, c)
	}
	r.depth--
	r.tidy(n)
	return nil
}

func (r *jsonReader) items(n *node) error {
	if err := r.deeper(); err != nil {
		return err
	}
	for first := true; !r.take(']'); first = false {
		if !first && !r.take(',') {
			return r.wrong("expected , or ] and not " + r.here())
		}
		c, err := r.value(n)
		if err != nil {
			return err
		}
		c.key, c.keyLine, c.keyColumn = strconv.Itoa(len(n.children)), c.line, c.column
		n.children = append(n.children, c)
	}
	r.depth--
	return nil
}

// quoted reads a text in quotes.
func (r *jsonReader) quoted() (string, error) {
	plain := true
	end := r.at + 1
	for ; ; end++ {
		if end >= len(r.body) || r.body[end] == '\n' {
			return "", r.wrong("a text that does not end")
		}
		if c := r.body[end]; c == '"' {
			break
		} else if c == '\\' {
			plain = false
			end++
		} else if c >= utf8.RuneSelf || c < ' ' {
			plain = false
		}
	}
	raw := r.body[r.at : end+1]
	if plain {
		r.at += len(raw)
		r.column += int32(len(raw)) // #nosec G115 -- A file is smaller than that.
		return string(raw[1 : len(raw)-1]), nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", r.wrong("a text that is no JSON")
	}
	r.next(len(raw))
	return text, nil
}

// plain reads a number, true, false or null.
func (r *jsonReader) plain(n *node) error {
	end := r.at
	for end < len(r.body) && !bytes.ContainsRune([]byte(" \t\r\n,:{}[]\""), rune(r.body[end])) {
		end++
	}
	raw := r.body[r.at:end]
	switch string(raw) {
	case "null":
		n.kind = isNull
	case "true", "false":
		n.kind = isBool
	default:
		if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') || !json.Valid(raw) {
			return r.wrong("unexpected " + r.here())
		}
		n.kind = isNumber
	}
	n.text = string(raw)
	r.next(len(raw))
	return nil
}
