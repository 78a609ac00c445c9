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

// maxDiep is deeper than any answer of a source that people can follow.
const maxDiep = 64

// knoop is one value of a JSON file, with its place in the file so that a
// mistake can be pointed at.
type knoop struct {
	plek   string // operaties[0].bij
	begin  int    // offset in the file
	eind   int
	waarde any // json.Delim of an object or a list, string, json.Number, bool or nil
	velden []veld
	items  []*knoop
}

// veld is one key of an object with its value.
type veld struct {
	naam  string
	onder *knoop
}

func (k *knoop) object() bool { return k.waarde == json.Delim('{') }
func (k *knoop) lijst() bool  { return k.waarde == json.Delim('[') }

// veld gives the value under a key, nil when it is not there.
func (k *knoop) veld(naam string) *knoop {
	for _, v := range k.velden {
		if v.naam == naam {
			return v.onder
		}
	}
	return nil
}

// lezer reads a JSON file and gathers what is wrong with it.
type lezer struct {
	naam   string // of the file
	data   []byte
	d      *json.Decoder
	fouten Fouten
}

// Fout is one mistake in an answers file, in words for who edits it. It never
// quotes an answer: that may be about a person.
type Fout struct {
	Bestand string
	Regel   int
	Plek    string // operaties[0].bij; "" for the file itself
	Tekst   string
}

// Fouten are all mistakes of the answers files at once.
type Fouten []Fout

// Error implements error: one mistake per line.
func (f Fouten) Error() string {
	var lines []string
	for i, fout := range f {
		if i == maxFouten {
			lines = append(lines, fmt.Sprintf("… en nog %d fouten", len(f)-i))
			break
		}
		line := fmt.Sprintf("%s, regel %d", fout.Bestand, fout.Regel)
		if fout.Plek != "" {
			line += ", " + fout.Plek
		}
		lines = append(lines, line+": "+fout.Tekst)
	}
	return strings.Join(lines, "\n")
}

// maxFouten is as many as somebody wants to see at once.
const maxFouten = 20

// fout notes a mistake at an offset.
func (l *lezer) fout(at int, plek, tekst string, args ...any) {
	line := 1 + bytes.Count(l.data[:min(max(at, 0), len(l.data))], []byte("\n"))
	l.fouten = append(l.fouten, Fout{Bestand: l.naam, Regel: line, Plek: plek, Tekst: fmt.Sprintf(tekst, args...)})
}

// lees reads one JSON document; nil when it is none, and then there is a Fout.
func (l *lezer) lees() *knoop {
	l.data = bytes.TrimPrefix(l.data, []byte("\ufeff")) // some editors begin a file with it
	if !utf8.Valid(l.data) {
		l.fout(0, "", "dit bestand is geen UTF-8; bewaar het als UTF-8")
		return nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(l.data, &whole); err != nil {
		l.syntax(err)
		return nil
	}
	l.d = json.NewDecoder(bytes.NewReader(l.data))
	l.d.UseNumber()
	return l.knoop("", 0)
}

// syntax says where the JSON ends to be JSON, and what is often the cause.
func (l *lezer) syntax(err error) {
	se, known := errors.AsType[*json.SyntaxError](err)
	if !known || strings.HasPrefix(se.Error(), "unexpected end") {
		l.fout(len(l.data), "", "het bestand houdt te vroeg op; mist er een haakje of een aanhalingsteken?")
		return
	}
	at := max(int(se.Offset)-1, 0)
	before := bytes.TrimRight(l.data[:min(at, len(l.data))], " \t\r\n")
	switch wrong := l.data[min(at, len(l.data)-1)]; {
	case bytes.HasSuffix(before, []byte(",")) && (wrong == '}' || wrong == ']'):
		l.fout(len(before)-1, "", "dit is geen geldige JSON: na het laatste onderdeel hoort geen komma")
	case wrong == '"' || wrong == '{' || wrong == '[':
		l.fout(len(before)-1, "", "dit is geen geldige JSON: mist hier een komma of een dubbele punt?")
	case wrong == '\'':
		l.fout(at, "", "dit is geen geldige JSON: gebruik dubbele aanhalingstekens")
	case wrong == '/' || wrong == '#':
		l.fout(at, "", "dit is geen geldige JSON: commentaar mag niet")
	default:
		l.fout(at, "", "dit is geen geldige JSON")
	}
}

// knoop reads the next value. The document is valid JSON, so only the depth and
// keys that are there twice can be wrong.
func (l *lezer) knoop(plek string, diep int) *knoop {
	token, err := l.d.Token()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			l.fout(int(l.d.InputOffset()), plek, "dit is niet te lezen")
		}
		return nil
	}
	k := &knoop{plek: plek, begin: int(l.d.InputOffset()), waarde: token}
	delim, nested := token.(json.Delim)
	if !nested {
		k.eind = k.begin
		return k
	}
	k.begin--
	if diep == maxDiep {
		l.fout(k.begin, plek, "dit is meer dan %d niveaus diep", maxDiep)
		return nil
	}
	for l.d.More() {
		var onder *knoop
		if delim == '{' {
			onder = l.onder(k, diep)
		} else {
			onder = l.knoop(fmt.Sprintf("%s[%d]", plek, len(k.items)), diep+1)
			k.items = append(k.items, onder)
		}
		if onder == nil {
			return nil
		}
	}
	_, _ = l.d.Token() // the closing one; the document is valid
	k.eind = int(l.d.InputOffset())
	return k
}

func (l *lezer) onder(k *knoop, diep int) *knoop {
	token, _ := l.d.Token()
	naam, _ := token.(string)
	at := int(l.d.InputOffset())
	onder := l.knoop(strings.TrimPrefix(k.plek+"."+sleutel(naam), "."), diep+1)
	if onder == nil {
		return nil
	}
	if k.veld(naam) != nil {
		l.fout(at, onder.plek, "deze sleutel staat hier twee keer")
	}
	k.velden = append(k.velden, veld{naam, onder})
	return onder
}

// sleutel keeps a key in a message to one short line.
func sleutel(naam string) string {
	if short := []rune(naam); len(short) > 40 {
		naam = string(short[:40]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, naam)
}

// gewoon is the value as encoding/json would give it.
func (k *knoop) gewoon() any {
	switch {
	case k.object():
		all := make(map[string]any, len(k.velden))
		for _, v := range k.velden {
			all[v.naam] = v.onder.gewoon()
		}
		return all
	case k.lijst():
		all := make([]any, len(k.items))
		for i, item := range k.items {
			all[i] = item.gewoon()
		}
		return all
	}
	return k.waarde
}
