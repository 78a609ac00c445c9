package bron

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxDepth is deeper than any answer of a source that people can follow.
const maxDepth = 64

// node is one value of a JSON file, with its place in the file so that a
// mistake can be pointed at.
type node struct {
	place  string // operaties[0].bij
	begin  int    // offset in the file
	end    int
	value  any // json.Delim of an object or a list, string, json.Number, bool or nil
	fields []field
	items  []*node
}

// field is one key of an object with its value.
type field struct {
	name  string
	below *node
}

func (n *node) object() bool { return n.value == json.Delim('{') }
func (n *node) list() bool   { return n.value == json.Delim('[') }

// field gives the value under a key, nil when it is not there.
func (n *node) field(name string) *node {
	for _, v := range n.fields {
		if v.name == name {
			return v.below
		}
	}
	return nil
}

// reader reads a JSON file and gathers what is wrong with it.
type reader struct {
	name   string // of the file
	data   []byte
	d      *json.Decoder
	faults Faults
}

// Fault is one mistake in an answers file, in words for who edits it. It never
// quotes an answer: that may be about a person.
type Fault struct {
	File  string
	Line  int
	Place string // operaties[0].bij; "" for the file itself
	Text  string
}

// Faults are all mistakes of the answers files at once.
type Faults []Fault

// Error implements error: one mistake per line.
func (f Faults) Error() string {
	var lines []string
	for i, fault := range f {
		if i == maxFaults {
			lines = append(lines, fmt.Sprintf("… en nog %d fouten", len(f)-i))
			break
		}
		line := fmt.Sprintf("%s, regel %d", fault.File, fault.Line)
		if fault.Place != "" {
			line += ", " + fault.Place
		}
		lines = append(lines, line+": "+fault.Text)
	}
	return strings.Join(lines, "\n")
}

// maxFaults is as many as somebody wants to see at once.
const maxFaults = 20

// fault notes a mistake at an offset.
func (r *reader) fault(at int, place, text string, args ...any) {
	line := 1 + bytes.Count(r.data[:min(max(at, 0), len(r.data))], []byte("\n"))
	r.faults = append(r.faults, Fault{File: r.name, Line: line, Place: place, Text: fmt.Sprintf(text, args...)})
}

// read reads one JSON document; nil when it is none, and then there is a Fault.
func (r *reader) read() *node {
	r.data = bytes.TrimPrefix(r.data, []byte("\ufeff")) // some editors begin a file with it
	if !utf8.Valid(r.data) {
		r.fault(0, "", "dit bestand is geen UTF-8; bewaar het als UTF-8")
		return nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(r.data, &whole); err != nil {
		r.syntax(err)
		return nil
	}
	r.d = json.NewDecoder(bytes.NewReader(r.data))
	r.d.UseNumber()
	return r.node("", 0)
}

// syntax says where the JSON ends to be JSON, and what is often the cause.
func (r *reader) syntax(err error) {
	se, known := errors.AsType[*json.SyntaxError](err)
	if !known || strings.HasPrefix(se.Error(), "unexpected end") {
		r.fault(len(r.data), "", "het bestand houdt te vroeg op; mist er een haakje of een aanhalingsteken?")
		return
	}
	at := max(int(se.Offset)-1, 0)
	before := bytes.TrimRight(r.data[:min(at, len(r.data))], " \t\r\n")
	switch wrong := r.data[min(at, len(r.data)-1)]; {
	case bytes.HasSuffix(before, []byte(",")) && (wrong == '}' || wrong == ']'):
		r.fault(len(before)-1, "", "dit is geen geldige JSON: na het laatste onderdeel hoort geen komma")
	case wrong == '"' || wrong == '{' || wrong == '[':
		r.fault(len(before)-1, "", "dit is geen geldige JSON: mist hier een komma of een dubbele punt?")
	case wrong == '\'':
		r.fault(at, "", "dit is geen geldige JSON: gebruik dubbele aanhalingstekens")
	case wrong == '/' || wrong == '#':
		r.fault(at, "", "dit is geen geldige JSON: commentaar mag niet")
	default:
		r.fault(at, "", "dit is geen geldige JSON")
	}
}

// node reads the next value. The document is valid JSON, so only the depth and
// keys that are there twice can be wrong.
func (r *reader) node(place string, depth int) *node {
	token, err := r.d.Token()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			r.fault(int(r.d.InputOffset()), place, "dit is niet te lezen")
		}
		return nil
	}
	n := &node{place: place, begin: int(r.d.InputOffset()), value: token}
	delim, nested := token.(json.Delim)
	if !nested {
		n.end = n.begin
		return n
	}
	n.begin--
	if depth == maxDepth {
		r.fault(n.begin, place, "dit is meer dan %d niveaus diep", maxDepth)
		return nil
	}
	for r.d.More() {
		var below *node
		if delim == '{' {
			below = r.below(n, depth)
		} else {
			below = r.node(fmt.Sprintf("%s[%d]", place, len(n.items)), depth+1)
			n.items = append(n.items, below)
		}
		if below == nil {
			return nil
		}
	}
	_, _ = r.d.Token() // the closing one; the document is valid
	n.end = int(r.d.InputOffset())
	return n
}

func (r *reader) below(n *node, depth int) *node {
	token, _ := r.d.Token()
	name, _ := token.(string)
	at := int(r.d.InputOffset())
	below := r.node(strings.TrimPrefix(n.place+"."+quoteKey(name), "."), depth+1)
	if below == nil {
		return nil
	}
	if n.field(name) != nil {
		r.fault(at, below.place, "deze sleutel staat hier twee keer")
	}
	n.fields = append(n.fields, field{name, below})
	return below
}

// quoteKey keeps a key in a message to one short line.
func quoteKey(name string) string {
	if short := []rune(name); len(short) > 40 {
		name = string(short[:40]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, name)
}

// plain is the value as encoding/json would give it.
func (n *node) plain() any {
	switch {
	case n.object():
		all := make(map[string]any, len(n.fields))
		for _, v := range n.fields {
			all[v.name] = v.below.plain()
		}
		return all
	case n.list():
		all := make([]any, len(n.items))
		for i, item := range n.items {
			all[i] = item.plain()
		}
		return all
	}
	return n.value
}
