package repository

import (
	"fmt"
	"strings"
)

// setting is one line of a configuration of Git: [section "sub"] key = value.
// Section and key are in lower case, as their case has no meaning.
type setting struct {
	section, sub, key, value string
}

// parseConfig reads a configuration of Git in the order of the lines, which
// decides what wins. go-git gives the lines of one section together, and then it
// is not known any more whether a line stood before or after an include.
func parseConfig(body string) ([]setting, error) {
	p := configReader{rest: strings.TrimPrefix(strings.ReplaceAll(body, "\r\n", "\n"), "\ufeff"), line: 1}
	var out []setting
	var section, sub string
	for {
		p.skipBlank()
		if p.rest == "" {
			return out, nil
		}
		if p.rest[0] == '[' {
			var err error
			if section, sub, err = p.header(); err != nil {
				return out, err
			}
			continue
		}
		key, value, err := p.pair()
		if err != nil {
			return out, err
		}
		if section != "" { // before the first one git takes a line, and nothing asks for it
			out = append(out, setting{section, sub, key, value})
		}
	}
}

// configReader walks through a configuration.
type configReader struct {
	rest string
	line int
}

func (p *configReader) wrong() error {
	return fmt.Errorf("repository: line %d is no setting of Git", p.line)
}

// next takes one byte; 0 at the end.
func (p *configReader) next() byte {
	if p.rest == "" {
		return 0
	}
	c := p.rest[0]
	p.rest = p.rest[1:]
	if c == '\n' {
		p.line++
	}
	return c
}

// skipBlank skips white space and comments.
func (p *configReader) skipBlank() {
	for p.rest != "" {
		switch c := p.rest[0]; {
		case c == '#' || c == ';':
			p.skipLine()
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.next()
		default:
			return
		}
	}
}

func (p *configReader) skipLine() {
	for p.rest != "" && p.rest[0] != '\n' {
		p.next()
	}
}

// header reads [section], [section "sub"] or the old [section.sub].
func (p *configReader) header() (section, sub string, err error) {
	p.next()
	name := p.while(func(c byte) bool { return isWord(c) || c == '.' })
	section, sub, _ = strings.Cut(strings.ToLower(name), ".")
	p.while(func(c byte) bool { return c == ' ' || c == '\t' })
	if strings.HasPrefix(p.rest, `"`) {
		p.next()
		var b strings.Builder
		for {
			c := p.next()
			if c == '"' {
				break
			}
			if c == '\\' {
				c = p.next()
			}
			if c == 0 || c == '\n' {
				return "", "", p.wrong()
			}
			b.WriteByte(c)
		}
		section, sub = strings.ToLower(name), b.String()
	}
	if name == "" || p.next() != ']' {
		return "", "", p.wrong()
	}
	return section, sub, nil
}

// pair reads key = value; a key alone is true.
func (p *configReader) pair() (key, value string, err error) {
	key = strings.ToLower(p.while(isWord))
	p.while(func(c byte) bool { return c == ' ' || c == '\t' })
	switch {
	case key == "" || key[0] == '-' || key[0] >= '0' && key[0] <= '9':
		return "", "", p.wrong()
	case p.rest == "" || strings.ContainsRune("\n#;", rune(p.rest[0])):
		p.skipLine()
		return key, "true", nil
	case p.next() != '=':
		return "", "", p.wrong()
	}
	value, err = p.value()
	return key, value, err
}

// value reads what stands behind =: white space around it and comments are not
// part of it, unless they stand in quotes.
func (p *configReader) value() (string, error) {
	var b strings.Builder
	quoted, end := false, 0 // end is where the value ends without trailing space
	for {
		c := p.next()
		switch {
		case c == 0 || c == '\n':
			if quoted {
				return "", p.wrong()
			}
			return b.String()[:end], nil
		case !quoted && (c == '#' || c == ';'):
			p.skipLine()
			continue
		case !quoted && (c == ' ' || c == '\t' || c == '\r'):
			if b.Len() > 0 {
				b.WriteByte(c)
			}
			continue
		case c == '"':
			quoted = !quoted
		case c == '\\':
			switch c = p.next(); c {
			case '\n':
				continue
			case 'n', 't', 'b':
				b.WriteByte(map[byte]byte{'n': '\n', 't': '\t', 'b': '\b'}[c])
			case '\\', '"':
				b.WriteByte(c)
			default:
				return "", p.wrong()
			}
		default:
			b.WriteByte(c)
		}
		end = b.Len()
	}
}

// while takes the bytes for which ok says so.
func (p *configReader) while(ok func(byte) bool) string {
	n := 0
	for n < len(p.rest) && ok(p.rest[n]) {
		n++
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func isWord(c byte) bool {
	return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
