package render

import (
	"bytes"
	"math"
	"unicode/utf8"
)

// layoutGo lays out the Go source that a template of ours made, as gofmt does. Those
// templates write everything within a line as gofmt does already; what depends on the
// answers is how deep a line stands, which columns line up, and which blank lines and
// empty lists there are. That takes a twentieth of the time of go/format, which
// tries each list out at every level above it.
//
// It is false for all that it does not know: then go/format does it.
func layoutGo(source []byte) ([]byte, bool) {
	l := &layout{source: source, rows: make([]row, 0, bytes.Count(source, []byte("\n"))+1)}
	if !l.read() {
		return nil, false
	}
	return l.write(), true
}

// layout is a source under way.
type layout struct {
	source []byte
	rows   []row
	open   []bracket
	named  bool // the package clause came
}

// row is a line of the result. Its cells line up with those of the rows beside it.
type row struct {
	indent int
	apart  bool // a blank line comes before it
	breaks bool // its columns begin anew
	alone  bool // it has no columns: a comment
	cells  [4][]byte
	count  int
	widths [3]int // of the columns that it is in; 0 ends them
}

// bracket is one that is open.
type bracket struct {
	kind   byte // one of the kinds below
	char   byte
	indent int // of the row in which it stands
	sizes  sizes
	path   []byte // of the last import
}

// What a bracket is for.
const (
	block   = 'b' // statements
	list    = 'l' // of a composite literal
	fields  = 'f' // of a struct
	group   = 'g' // of imports or variables
	operand = 'o' // a call, an index, parameters
)

// scanned is what stands in one line.
type scanned struct {
	code, comment []byte
	leading       int    // brackets of before that close at the very beginning
	rest          []byte // what comes behind those
	colon         int    // of the first element; -1 for none
	commas        int    // between the elements
	opens         bool   // a bracket that it opened is still open
}

func (l *layout) read() bool {
	blank := false
	rest := l.source
	for len(rest) > 0 {
		var line []byte
		if line, rest = cutLine(rest); len(line) == 0 {
			blank = true
			continue
		}
		for line[len(line)-1] == '{' && !bytes.HasSuffix(line, []byte("struct {")) { // an empty list is closed where it begins
			next, after := cutLine(rest)
			if len(next) == 0 || next[0] != '}' {
				break
			}
			line, rest = append(line[:len(line):len(line)], next...), after
		}
		blank = blank && len(l.rows) > 0
		if !l.placed(blank) || !l.line(line, blank) {
			return false
		}
		blank = false
	}
	return len(l.open) == 0
}

// cutLine takes the first line off, without the white space around it.
func cutLine(source []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(source, []byte("\n"))
	return bytes.Trim(line, " \t"), rest
}

// line adds a line to the rows.
func (l *layout) line(line []byte, blank bool) bool {
	if bytes.HasPrefix(line, []byte("//")) {
		return l.remark(line, blank)
	}
	depth := len(l.open)
	indent := 0
	if depth > 0 {
		indent = l.open[depth-1].indent + 1
	}
	s, ok := l.scan(line, &indent)
	if !ok {
		return false
	}
	r := row{indent: indent, apart: blank}
	if s.leading > 0 {
		return l.closing(r, s, blank)
	}
	if depth == 0 {
		if len(l.rows) > 0 && len(l.rows[len(l.rows)-1].cells[0]) == 2 && l.rows[len(l.rows)-1].alone {
			return false
		}
		if l.named = l.named || bytes.HasPrefix(line, []byte("package ")); !l.named {
			return false
		}
		r.add(s.code)
	} else if within := &l.open[depth-1]; !l.within(within, &r, s) {
		return false
	}
	if len(s.comment) > 0 {
		r.add(s.comment)
	}
	l.rows = append(l.rows, r)
	return true
}

// placed says whether gofmt has a blank line before the next row exactly when there is
// one: there is between declarations, and not where a bracket opened.
func (l *layout) placed(blank bool) bool {
	if len(l.rows) == 0 {
		return true
	}
	last := l.rows[len(l.rows)-1]
	if len(l.open) == 0 {
		return blank || last.alone
	}
	return !blank || last.indent != l.open[len(l.open)-1].indent
}

// remark adds a line that is a comment.
func (l *layout) remark(line []byte, blank bool) bool {
	indent := 0
	if len(l.open) > 0 {
		innermost := &l.open[len(l.open)-1]
		innermost.sizes.apart()
		indent = innermost.indent + 1
	} else if !l.documents(line) {
		return false
	}
	r := row{indent: indent, apart: blank, alone: true}
	r.add(line)
	l.rows = append(l.rows, r)
	return true
}

// documents says whether gofmt leaves a line of a comment before a declaration as it
// is: it makes some quotes curly, indents lists, puts directives last, and drops
// empty lines.
func (l *layout) documents(line []byte) bool {
	empty, directs := len(line) == 2, isDirective(line)
	plain := len(line) > 3 && line[2] == ' ' && (line[3] >= 'a' && line[3] <= 'z' || line[3] >= 'A' && line[3] <= 'Z')
	if !empty && !directs && !plain || bytes.Contains(line, []byte("``")) || bytes.Contains(line, []byte("''")) {
		return false
	}
	if len(l.rows) == 0 {
		return plain
	}
	before := l.rows[len(l.rows)-1].cells[0]
	if directs {
		return isDirective(before) || len(before) == 2
	}
	return !isDirective(before) && (!empty || len(before) > 2)
}

func isDirective(line []byte) bool { return bytes.HasPrefix(line, []byte("//go:")) }

// closing adds a line that begins with brackets of before.
func (l *layout) closing(r row, s scanned, blank bool) bool {
	if last := l.rows[len(l.rows)-1]; blank || s.opens || len(s.comment) > 0 || last.alone || bytes.HasSuffix(last.cells[0], []byte("(")) {
		return false
	}
	r.breaks = true
	switch {
	case len(s.rest) == 0, len(s.rest) == 1 && s.rest[0] == ',':
	case s.rest[0] == ' ' && len(s.rest) > 1 && (s.rest[1] == '"' || s.rest[1] == '`') && len(l.open) > 0 && l.open[len(l.open)-1].kind == fields:
	default:
		return false
	}
	r.add(s.code)
	l.rows = append(l.rows, r)
	return true
}

// within lays out a line that stands in a bracket.
func (l *layout) within(b *bracket, r *row, s scanned) bool {
	switch b.kind {
	case block:
		if isLabelled(s.code) {
			return false
		}
		r.add(s.code)
		r.breaks = s.opens
	case list:
		if r.apart {
			b.sizes.apart()
		}
		size := 0
		switch {
		case s.opens && s.colon >= 0 && s.code[s.colon+2] == ' ':
			return false
		case s.opens:
		case s.colon >= 0:
			size = s.colon
		case s.commas > 0:
			size = 1 // whatever it is, the next row begins anew
		default:
			size = len(bytes.TrimSuffix(s.code, []byte(",")))
		}
		r.breaks = b.sizes.element(size, s.commas+1)
		if s.colon >= 0 && !s.opens {
			r.add(s.code[:s.colon+1])
			r.add(bytes.TrimLeft(s.code[s.colon+1:], " "))
		} else {
			r.add(s.code)
		}
	case fields:
		return r.field(s)
	case group:
		path := s.code[max(0, bytes.IndexByte(s.code, '"')):]
		if !s.opens && (path[0] != '"' || !r.apart && bytes.Compare(b.path, path) >= 0) {
			return false // a variable, or imports that gofmt sorts
		}
		b.path = path
		r.add(s.code)
	default:
		return false
	}
	return true
}

// isLabelled says whether a statement is one that gofmt puts further to the left, or
// that is the first of several.
func isLabelled(code []byte) bool {
	for _, word := range []string{"case ", "default:", "switch ", "select "} {
		if bytes.HasPrefix(code, []byte(word)) {
			return true
		}
	}
	return code[len(code)-1] == ':'
}

// field lays out a field of a struct: its name, its type and its tag.
func (r *row) field(s scanned) bool {
	name, after, named := bytes.Cut(s.code, []byte(" "))
	if !named {
		r.add(s.code)
		return true
	}
	r.add(name)
	if s.opens {
		r.add(after)
		return true
	}
	if at := bytes.IndexByte(after, '`'); at > 0 && after[at-1] == ' ' {
		if len(s.comment) > 0 {
			return false
		}
		r.add(after[:at-1])
		r.add(after[at:])
	} else if bytes.ContainsAny(after, "\"` ") {
		return false
	} else {
		r.add(after)
	}
	return true
}

func (r *row) add(cell []byte) {
	r.cells[r.count] = cell
	r.count++
}

// sizes are those of the elements of a list, by which gofmt decides whether a row
// lines up with the one before it.
type sizes struct {
	last     int // of the element before; 0 when it took more than a row
	elements int // of the row before
	begun    bool
	far      bool // a blank line or a comment came between
	sum      float64
	count    int
}

func (s *sizes) apart() { s.far = true }

// element takes a row of so many elements, of which the first has a size, and says
// whether its columns begin anew.
func (s *sizes) element(size, elements int) (breaks bool) {
	breaks = true
	if s.last > 0 && size > 0 {
		const small, most = 40, 2.5
		if s.count == 0 || s.last <= small && size <= small {
			breaks = false
		} else {
			ratio := float64(size) / math.Exp(s.sum/float64(s.count))
			breaks = most*ratio <= 1 || most <= ratio
		}
	}
	breaks = breaks || !s.begun || s.elements > 1
	if breaks || s.far {
		s.sum, s.count = 0, 0
	}
	if size > 0 {
		s.sum += math.Log(float64(size))
		s.count++
	}
	s.last, s.elements, s.begun, s.far = size, elements, true, false
	return breaks
}

// write writes the rows with their columns.
func (l *layout) write() []byte {
	for from := 0; from < len(l.rows); {
		to := from + 1
		for to < len(l.rows) && !l.rows[to].breaks && !l.rows[to].apart && l.rows[to].indent == l.rows[from].indent {
			to++
		}
		columns(l.rows[from:to], 0)
		from = to
	}
	out := make([]byte, 0, len(l.source)+len(l.source)/8)
	for i := range l.rows {
		r := &l.rows[i]
		if r.apart {
			out = append(out, '\n')
		}
		for range r.indent {
			out = append(out, '\t')
		}
		for c, cell := range r.cells[:r.count] {
			out = append(out, cell...)
			if c+1 < r.count {
				for range r.widths[c] - utf8.RuneCount(cell) {
					out = append(out, ' ')
				}
			}
		}
		out = append(out, '\n')
	}
	return out
}

// columns gives the rows that have a cell in a column, one below the other, the same
// width there; the last cell of a row is in no column.
func columns(rows []row, column int) {
	for from := 0; from < len(rows); from++ {
		to, width := from, 0
		for ; to < len(rows) && rows[to].count > column+1; to++ {
			width = max(width, utf8.RuneCount(rows[to].cells[column])+1)
		}
		if to == from {
			continue
		}
		for i := range rows[from:to] {
			rows[from+i].widths[column] = width
		}
		columns(rows[from:to], column+1)
		from = to
	}
}
