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

// MDCode returns s as a code span on one line, safe in a table cell as well.
// An empty s gives an empty string.
func MDCode(s string) string {
	line := strings.TrimSpace(oneLine(s))
	if line == "" {
		return ""
	}
	longest, run := 0, 0
	for i := 0; i < len(line); i++ {
		if line[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		line = " " + line + " " // a backtick at the edge would join the fence
	}
	// A table is cut into cells before code spans are read (GFM 4.10).
	return fence + strings.ReplaceAll(line, "|", `\|`) + fence
}

// inline escapes what has a meaning anywhere in a line, and leaves alone what
// only looks like markup, because people read the source too.
func inline(line string) string {
	var b strings.Builder
	b.Grow(len(line) + 8)
	for i := 0; i < len(line); i++ {
		if needsEscape(line, i) {
			b.WriteByte('\\')
		}
		b.WriteByte(line[i])
	}
	return b.String()
}

func needsEscape(line string, i int) bool {
	at := func(i int) byte {
		if i < 0 || i >= len(line) {
			return ' '
		}
		return line[i]
	}
	switch c := line[i]; c {
	case '\\', '`', '*', '[', ']', '<', '>', '#', '|', '~', '$':
		return true
	case '_':
		return !isWord(at(i-1)) || !isWord(at(i+1)) // no emphasis inside a word (GFM 6.4)
	case '!':
		return at(i+1) == '['
	case '&':
		return isWord(at(i+1)) || at(i+1) == '#' // an entity
	case ':':
		return strings.HasPrefix(line[i:], "://") // GitHub makes a link of a bare address
	case '.':
		return i >= 3 && strings.EqualFold(line[i-3:i], "www")
	}
	return false
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
