package render

import "bytes"

// scan reads a line of code, with the brackets that it opens and closes. Indent is
// that of the line, which becomes that of the bracket that it begins by closing.
func (l *layout) scan(line []byte, indent *int) (s scanned, ok bool) {
	s = scanned{code: line, colon: -1}
	begin := true // nothing but closing brackets came yet
	start := len(l.open)
	lowest := start
	for i := 0; i < len(line); i++ {
		c := line[i]
		closes := c == '}' || c == ')' || c == ']'
		if begin && !closes {
			begin, s.rest, lowest = false, line[i:], len(l.open)
		}
		switch {
		case closes:
			if len(l.open) == 0 {
				return s, false
			}
			last := l.open[len(l.open)-1]
			if pairOf(last.char) != c || last.kind == block && !begin && (len(line) > oneLine || line[i-1] == '{') {
				return s, false
			}
			if last.kind == fields && !begin && i-bytes.LastIndexByte(line[:i], '{') > oneStruct {
				return s, false
			}
			l.open = l.open[:len(l.open)-1]
			if begin {
				if s.leading == 0 {
					*indent = last.indent
				}
				s.leading++
			} else if len(l.open) < lowest {
				return s, false // a bracket of before, in the middle of a line
			}
		case c == '{' || c == '(' || c == '[':
			l.open = append(l.open, bracket{kind: kindOf(line, i), char: c, indent: *indent})
		case c == '"' || c == '`' || c == '\'':
			if i = textEnd(line, i); i < 0 {
				return s, false
			}
		case c == '/' && i+1 < len(line) && line[i+1] == '*':
			return s, false
		case c == '/' && i+1 < len(line) && line[i+1] == '/':
			s.code, s.comment = bytes.TrimRight(line[:i], " \t"), line[i:]
			if s.opens = len(l.open) > lowest; !s.opens && bytes.HasSuffix(s.code, []byte(",")) {
				s.commas-- // no element follows
			}
			return s, i > 0 && line[i-1] == ' '
		case c == '\t' || c == ' ' && line[i-1] == ' ' && !(s.colon >= 0 && len(bytes.TrimLeft(line[s.colon+1:i], " ")) == 0):
			return s, false // not as gofmt writes it
		case len(l.open) > lowest:
		case c == ':' && s.colon < 0 && s.commas == 0 && i+1 < len(line) && line[i+1] == ' ':
			s.colon = i
		case c == ',' && i+1 < len(line):
			s.commas++
		}
	}
	s.opens = len(l.open) > lowest
	return s, true
}

// oneLine is how long a line with a function in it may be that is laid out here:
// gofmt writes a longer one below each other.
const oneLine = 90

// oneStruct is the same of what is between the brackets of a struct.
const oneStruct = 30

// textEnd is where a literal ends that begins at a place in a line; -1 when it
// ends elsewhere.
func textEnd(line []byte, at int) int {
	quote := line[at]
	for i := at + 1; i < len(line); i++ {
		switch {
		case line[i] == quote:
			return i
		case line[i] == '\\' && quote != '`':
			i++
		}
	}
	return -1
}

func pairOf(open byte) byte {
	switch open {
	case '{':
		return '}'
	case '(':
		return ')'
	}
	return ']'
}

// kindOf says what the bracket at a place in a line is for. Between a block and a
// literal gofmt makes the difference itself: a space.
func kindOf(line []byte, at int) byte {
	before := line[:at]
	switch {
	case line[at] == '(' && (string(before) == "import " || string(before) == "var "):
		return group
	case line[at] != '{':
		return operand
	case bytes.HasSuffix(before, []byte("struct ")), bytes.HasSuffix(before, []byte("struct")):
		return fields
	case at == 0 || before[at-1] != ' ':
		return list
	case at > 1 && (before[at-2] == ':' || before[at-2] == ',' || before[at-2] == '{'):
		return list
	}
	return block
}
