// Package quote writes a value into a language so that it cannot break out of
// its place: whatever a team answers, the result is one literal, one scalar,
// one comment or one line of text, and reads back as what was answered.
//
// Characters that a language cannot hold at all (NUL in SQL, most control
// characters in XML) are left out; bytes that are no UTF-8 become U+FFFD.
package quote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Go returns v (a string, boolean, number, nil or slice of strings) as a Go
// literal.
func Go(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return goText(v)
	case []string:
		if v == nil {
			return "nil"
		}
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = goText(s)
		}
		return "[]string{" + strings.Join(quoted, ", ") + "}"
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return fmt.Sprint(v)
	}
	return goText(fmt.Sprint(v))
}

// goText prefers back quotes for text with double quotes in it, such as JSON,
// when those are all that needs to be escaped.
func goText(s string) string {
	quoted := strconv.Quote(s)
	if raw := strings.ReplaceAll(quoted, `\"`, `"`); raw != quoted && raw == `"`+s+`"` && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return quoted
}

// GoComment returns s as one line for behind "// ". It can neither end the
// comment nor be taken for a directive or for the mark of generated code.
func GoComment(s string) string {
	line := strings.ReplaceAll(oneLine(s), "*/", "* /")
	for _, directive := range []string{"+build", "go:", "line ", "export ", "extern ", "nolint", "Code generated "} {
		if strings.HasPrefix(line, directive) {
			return "- " + line
		}
	}
	return line
}

// SQL returns s as an SQL string literal in single quotes.
func SQL(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// Shell returns s as one word for a POSIX shell, in single quotes.
func Shell(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// JSON returns v as JSON in which <, > and & are escaped, so that it can stand
// in HTML as well. Map keys are sorted. A value that has no JSON (a function,
// a NaN) becomes null.
func JSON(v any) string { return encode(v, true) }

func encode(v any, escapeHTML bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(escapeHTML)
	if err := encoder.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// YAML returns v as YAML on one line: plain when that is safe for every
// reader of YAML 1.1 and 1.2, else double-quoted; lists and mappings in flow
// style. YAML wants keys of at most 1024 characters.
func YAML(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if plainYAML(v) {
			return v
		}
		return escapeYAML(encode(v, false))
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v)
	}
	return escapeYAML(encode(v, false))
}

// escapeYAML makes JSON readable for YAML parsers: what JSON allows unescaped
// but YAML does not (DEL, C1 controls, byte order marks, line separators)
// becomes \uXXXX; it can only be inside a string.
func escapeYAML(text string) string {
	for i, r := range text {
		if r < utf8.RuneSelf && r != 0x7F || unicode.IsPrint(r) {
			continue
		}
		var b strings.Builder
		b.WriteString(text[:i])
		for _, r := range text[i:] {
			switch {
			case r < utf8.RuneSelf && r != 0x7F || unicode.IsPrint(r):
				b.WriteRune(r)
			case r > 0xFFFF:
				fmt.Fprintf(&b, `\U%08X`, r)
			default:
				fmt.Fprintf(&b, `\u%04X`, r)
			}
		}
		return b.String()
	}
	return text
}

// notText are the plain scalars that some reader of YAML takes for something
// other than text.
var notText = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true,
	"true": true, "false": true, "null": true, "nan": true, "inf": true, "infinity": true,
}

// plainYAML says whether s can stand without quotes, also inside [ ] and { }
// and as a key. Strict on purpose: letters, digits and - _ . / behind a letter.
func plainYAML(s string) bool {
	if s == "" || len(s) > 200 || notText[strings.ToLower(s)] {
		return false
	}
	previous := rune(0)
	for i, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r > 0xA0 && unicode.IsLetter(r) && r != utf8.RuneError:
		case i > 0 && (r >= '0' && r <= '9' || r == '_' || r == '.' || r == '/' || r == '-'):
		case i > 0 && r == ' ' && previous != ' ':
		default:
			return false
		}
		previous = r
	}
	return previous != ' '
}

// HTML returns s as text or attribute value (in quotes) for HTML.
func HTML(s string) string { return markup(s, false) }

// XML returns s as text or attribute value (in quotes) for XML 1.0. Line ends
// and tabs are character references, so that they survive in an attribute.
func XML(s string) string { return markup(s, true) }

func markup(s string, xml bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&#34;")
		case '\'':
			b.WriteString("&#39;")
		case '\t', '\n', '\r':
			if xml || r == '\r' {
				fmt.Fprintf(&b, "&#%d;", r)
			} else {
				b.WriteRune(r)
			}
		default:
			if inXML(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// inXML says whether XML 1.0 allows r; HTML allows no more than that.
func inXML(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// oneLine makes every run of white space one space and drops control and
// format characters, among them those that turn the direction of text around.
func oneLine(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case unicode.IsPrint(r):
			if space {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		case unicode.IsControl(r):
			space = b.Len() > 0
		}
	}
	return b.String()
}
