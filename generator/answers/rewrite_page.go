package answers

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// span is a part of a text, in bytes.
type span struct{ start, end int }

// page is a text with the places of its values: the YAML library says where
// they begin, and what they are says where they end.
type page struct {
	data  []byte
	lines []int // where each line begins
	spans map[*yaml.Node]span
	texts []span // the scalars, in order
}

func newPage(data []byte, top *yaml.Node) *page {
	p := &page{data: data, lines: []int{0}, spans: map[*yaml.Node]span{}}
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		p.lines[0] = len("\uFEFF")
	}
	for i, c := range data {
		if c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			p.lines = append(p.lines, i+1)
		}
	}
	p.measure(top, -1)
	return p
}

// offset is the place of a line and a column, which count from 1.
func (p *page) offset(line, column int) int {
	at := p.lines[line-1]
	for range column - 1 {
		if at >= len(p.data) {
			break
		}
		_, size := utf8.DecodeRune(p.data[at:])
		at += size
	}
	return at
}

// measure finds where n ends. Outer is the indentation of what n is in.
func (p *page) measure(n *yaml.Node, outer int) int {
	start := p.offset(n.Line, n.Column)
	end := start
	switch {
	case n.Kind == yaml.ScalarNode:
		end = p.scalarEnd(n, start, outer)
		if end > start {
			p.texts = append(p.texts, span{start, end})
		}
	case isFlow(n):
		end = start + 1
		for _, c := range n.Content {
			end = max(end, p.measure(c, outer))
		}
		end = p.closing(end)
	default:
		for i, c := range n.Content {
			inner := n.Column - 1
			if n.Kind == yaml.MappingNode && i%2 == 1 {
				inner = n.Content[i-1].Column - 1
			}
			end = max(end, p.measure(c, inner))
		}
	}
	p.spans[n] = span{start, end}
	return end
}

// closing is the place behind the bracket that closes a collection of which the
// last item ends at from.
func (p *page) closing(from int) int {
	for i := from; i < len(p.data); i++ {
		switch p.data[i] {
		case '#':
			i = p.lineEnd(i) - 1
		case ']', '}':
			return i + 1
		}
	}
	panic("answers: a bracket is not closed") // the YAML library would have said so
}

func (p *page) scalarEnd(n *yaml.Node, start, outer int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := start + 1; i < len(p.data); i++ {
			if p.data[i] == '\\' {
				i++
			} else if p.data[i] == '"' {
				return i + 1
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := start + 1; i < len(p.data); i++ {
			if p.data[i] != '\'' {
				continue
			}
			if i+1 == len(p.data) || p.data[i+1] != '\'' {
				return i + 1
			}
			i++
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return p.blockEnd(n, start, outer)
	}
	// Folding only changes white space: count what is none.
	left := 0
	for _, r := range n.Value {
		if !isSpace(r) {
			left++
		}
	}
	at := start
	for left > 0 {
		r, size := utf8.DecodeRune(p.data[at:])
		if at += size; !isSpace(r) {
			left--
		}
	}
	return at
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

// blockEnd is where a text behind | or > ends: at the end of its last line with
// something on it.
func (p *page) blockEnd(n *yaml.Node, start, outer int) int {
	end := p.lineEnd(start)
	if strings.Trim(n.Value, "\n") == "" {
		return end
	}
	header := string(p.data[start:end])
	if before, _, found := strings.Cut(header, " #"); found {
		header = before
	}
	indent := -1
	if at := strings.IndexAny(header, "123456789"); at >= 0 {
		indent = max(outer, 0) + int(header[at]-'0')
	}
	for at := p.next(start); at < len(p.data); at = p.next(at) {
		line := p.data[at:p.lineEnd(at)]
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		deep := len(line) - len(bytes.TrimLeft(line, " "))
		if indent < 0 {
			indent = deep
		}
		if deep < indent {
			break
		}
		end = at + len(line)
	}
	return end
}

// line is the number of the line that holds at, from 0.
func (p *page) line(at int) int {
	i, exact := slices.BinarySearch(p.lines, at)
	if exact {
		return i
	}
	return max(i-1, 0)
}

func (p *page) lineStart(at int) int { return p.lines[p.line(at)] }

// next is where the next line begins, or the end.
func (p *page) next(at int) int {
	if line := p.line(at); line+1 < len(p.lines) {
		return p.lines[line+1]
	}
	return len(p.data)
}

// lineEnd is the end of the line without its line end.
func (p *page) lineEnd(at int) int {
	end := p.next(at)
	for end > at && (p.data[end-1] == '\n' || p.data[end-1] == '\r') {
		end--
	}
	return end
}

// eol is the line end that is used around at.
func (p *page) eol(at int) string {
	for _, at := range []int{at, p.lines[0]} {
		if end, next := p.lineEnd(at), p.next(at); next > end {
			return string(p.data[end:next])
		}
	}
	return "\n"
}

// bare is the line that holds at without white space around it.
func (p *page) bare(at int) string {
	return string(bytes.TrimSpace(p.data[p.lineStart(at):p.lineEnd(at)]))
}

// comments are those outside the removed parts, without the white space around
// them.
func (p *page) comments(removed []span) []string {
	var found []string
	texts := p.texts
	for i := p.lines[0]; i < len(p.data); i++ {
		for len(texts) > 0 && texts[0].end <= i {
			texts = texts[1:]
		}
		if len(texts) > 0 && texts[0].start <= i {
			i = texts[0].end - 1
			continue
		}
		if p.data[i] != '#' {
			continue
		}
		end := p.lineEnd(i)
		if !slices.ContainsFunc(removed, func(s span) bool { return s.start <= i && i < s.end }) {
			found = append(found, strings.TrimSpace(string(p.data[i:end])))
		}
		i = end
	}
	return found
}
