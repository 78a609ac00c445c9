package governance

import (
	"bytes"
	"context"
)

// pythonic reads Python, where indents say what belongs to a function.
type pythonic struct {
	to    *complexity
	body  []byte
	at    int
	open  []pythonFunction
	depth int // open brackets
}

type pythonFunction struct{ indent, count int }

func (c *complexity) countPython(ctx context.Context, body []byte) {
	p := pythonic{to: c, body: body}
	for n := 0; p.at < len(body); n++ {
		if n&0xff == 0 && ctx.Err() != nil {
			return
		}
		p.line()
	}
	p.dedent(-1)
}

// line reads a statement: a line, and those after it as far as brackets are open.
func (p *pythonic) line() {
	indent := 0
	for ; p.at < len(p.body) && (p.body[p.at] == ' ' || p.body[p.at] == '\t'); p.at++ {
		if indent++; p.body[p.at] == '\t' {
			indent += 7
		}
	}
	if p.at >= len(p.body) {
		return
	}
	if b := p.body[p.at]; b == '\n' || b == '\r' || b == '#' {
		p.rest()
		return
	}
	p.dedent(indent)
	first := true
	for p.at < len(p.body) {
		start := p.at
		switch b := p.body[p.at]; {
		case b == '\n' && p.depth == 0:
			p.at++
			return
		case b == '#':
			p.rest()
			if p.depth == 0 {
				return
			}
		case b == '"' || b == '\'':
			p.quoted(b)
		case isLetter(b):
			for p.at < len(p.body) && (isLetter(p.body[p.at]) || isDigit(p.body[p.at])) {
				p.at++
			}
			p.word(string(p.body[start:p.at]), indent, first)
			first = first && string(p.body[start:p.at]) == "async"
		case b == '\\':
			p.at = min(p.at+2, len(p.body))
		default:
			p.bracket(b)
			p.at++
		}
	}
}

func (p *pythonic) bracket(b byte) {
	switch b {
	case '(', '[', '{':
		p.depth++
	case ')', ']', '}':
		p.depth = max(0, p.depth-1)
	}
}

func (p *pythonic) word(word string, indent int, first bool) {
	switch word {
	case "def":
		if first {
			p.open = append(p.open, pythonFunction{indent, 1})
		}
	case "if", "elif", "for", "while", "except", "finally", "and", "or":
		p.condition()
	case "case":
		if first && p.pattern() {
			p.condition()
		}
	}
}

func (p *pythonic) condition() {
	if n := len(p.open); n > 0 {
		p.open[n-1].count++
	}
}

// pattern says whether the word case begins a branch of match and is not a name.
func (p *pythonic) pattern() bool {
	line, _, _ := bytes.Cut(p.body[p.at:], []byte("\n"))
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 0 && !bytes.ContainsAny(line[:1], "=.,:+-*/%&|^") && bytes.IndexByte(line, ':') > 0
}

// dedent ends the functions that are deeper than, or beside, a line.
func (p *pythonic) dedent(indent int) {
	for n := len(p.open) - 1; n >= 0 && p.open[n].indent >= indent; n-- {
		p.to.add(p.open[n].count)
		p.open = p.open[:n]
	}
}

func (p *pythonic) rest() {
	if i := bytes.IndexByte(p.body[p.at:], '\n'); i >= 0 {
		p.at += i + 1
	} else {
		p.at = len(p.body)
	}
}

func (p *pythonic) quoted(quote byte) {
	long := []byte{quote, quote, quote}
	if bytes.HasPrefix(p.body[p.at:], long) {
		p.at += 3
		for p.at < len(p.body) && !bytes.HasPrefix(p.body[p.at:], long) {
			if p.body[p.at] == '\\' {
				p.at++
			}
			p.at++
		}
		p.at = min(p.at+3, len(p.body))
		return
	}
	for p.at++; p.at < len(p.body) && p.body[p.at] != quote && p.body[p.at] != '\n'; p.at++ {
		if p.body[p.at] == '\\' {
			p.at++
		}
	}
	if p.at = min(p.at, len(p.body)); p.at < len(p.body) && p.body[p.at] == quote {
		p.at++
	}
}
