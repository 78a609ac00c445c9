package quote

import "strings"

// MD returns s as one line of Markdown text without any markup: no headings,
// lists, links, images, code, tables, mathematics or HTML.
func MD(s string) string {
	line := inline(oneLine(s))
	if line == "" {
		return ""
	}
	switch line[0] {
	case '-', '+', '=', ':':
		return `\` + line
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < len(line) && (line[digits] == '.' || line[digits] == ')') {
		return line[:digits] + `\` + line[digits:]
	}
	return line
}

// MDCell returns s as the text of a table cell in Markdown.
func MDCell(s string) string { return inline(oneLine(s)) }

// inline escapes what has a meaning anywhere in a line.
func inline(line string) string {
	var b strings.Builder
	b.Grow(len(line) + 8)
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case strings.IndexByte("\\`*_[]<>#|~$&!", c) >= 0:
			b.WriteByte('\\')
		case c == ':' && strings.HasPrefix(line[i:], "://"):
			b.WriteByte('\\') // GitHub makes a link of a bare address
		case c == '.' && i >= 3 && strings.EqualFold(line[i-3:i], "www"):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}
