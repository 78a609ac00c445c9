package reservekopie

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// parseRow reads a row as Writer writes it: nothing else that JSON allows.
func parseRow(line []byte, columns int) ([]any, bool) {
	rest, ok := bytes.CutPrefix(line, []byte("["))
	if !ok {
		return nil, false
	}
	values := make([]any, 0, columns)
	for len(values) < columns {
		var v any
		if v, rest, ok = parseValue(rest); !ok {
			return nil, false
		}
		values = append(values, v)
		if len(values) < columns {
			if rest, ok = bytes.CutPrefix(rest, []byte(",")); !ok {
				return nil, false
			}
		}
	}
	return values, string(rest) == "]\n"
}

func parseValue(in []byte) (v any, rest []byte, ok bool) {
	if len(in) == 0 {
		return nil, nil, false
	}
	switch in[0] {
	case 'n':
		rest, ok = bytes.CutPrefix(in, []byte("null"))
		return nil, rest, ok
	case '"':
		return parseText(in)
	case '{':
		if rest, ok = bytes.CutPrefix(in, []byte(`{"base64":"`)); ok {
			return parseBytes(rest)
		}
		if rest, ok = bytes.CutPrefix(in, []byte(`{"tekst64":"`)); !ok {
			return nil, nil, false
		}
		raw, rest, ok := parseBytes(rest)
		text, _ := raw.([]byte)
		return string(text), rest, ok
	}
	return parseNumber(in)
}

func parseNumber(in []byte) (any, []byte, bool) {
	n := bytes.IndexAny(in, ",]")
	if n < 1 || in[0] == '+' {
		return nil, nil, false
	}
	text, rest := string(in[:n]), in[n:]
	if !bytes.ContainsAny(in[:n], ".eE") {
		v, err := strconv.ParseInt(text, 10, 64)
		return v, rest, err == nil
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, rest, err == nil && !math.IsInf(v, 0)
}

func parseBytes(in []byte) (any, []byte, bool) {
	n := bytes.IndexByte(in, '"')
	if n < 0 {
		return nil, nil, false
	}
	raw := make([]byte, base64.StdEncoding.DecodedLen(n))
	size, err := base64.StdEncoding.Strict().Decode(raw, in[:n])
	rest, ok := bytes.CutPrefix(in[n:], []byte(`"}`))
	return raw[:size], rest, ok && err == nil
}

// parseText reads a text; most have nothing that was escaped.
func parseText(in []byte) (any, []byte, bool) {
	escaped := false
	for i := 1; i < len(in); i++ {
		switch c := in[i]; {
		case c < ' ':
			return nil, nil, false
		case c == '\\':
			escaped = true
			i++
		case c == '"':
			raw, rest := in[:i+1], in[i+1:]
			if !utf8.Valid(raw) {
				return nil, nil, false
			}
			if !escaped {
				return string(raw[1 : len(raw)-1]), rest, true
			}
			var text string
			err := json.Unmarshal(raw, &text)
			return text, rest, err == nil
		}
	}
	return nil, nil, false
}
