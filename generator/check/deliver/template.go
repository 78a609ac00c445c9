package deliver

import (
	"bytes"
	"strings"
)

// A template of a chart is no YAML until helm has filled it in, and helm is not run here:
// a chart can name any file and any function. So the text is read by its indentation, as
// a person reads it. What an expression puts there is looked up when it is plain (a value
// of values.yaml, a template of the chart itself), and otherwise said to be unknown.

// chart is what a template may refer to.
type chart struct {
	folder  string
	file    *node            // Chart.yaml
	values  *node            // values.yaml
	defines map[string][]raw // bodies of {{ define }}
	left    int              // nodes that may still be made
}

// raw is a line of a template.
type raw struct {
	path string
	line int
	text string
}

// frame is a mapping or list that is being read, and the column of what is in it.
type frame struct {
	column int
	node   *node
}

// branch is a control structure that is open.
type branch struct {
	dot  string // what the dot was before it
	skip bool   // what is in it is not there by default
	kind string
}

// template reads the lines of one document.
type template struct {
	c     *chart
	stack []frame
	open  []branch
	dot   string
	block int // column of the key of a block of text; -1 outside one
	depth int // of includes
	root  *node
	lines []raw
}

const maxIncludes = 8

// parse reads lines as the value of a mapping or list; the dot means what is given.
func (c *chart) parse(lines []raw, dot string, depth int) *node {
	t := &template{c: c, dot: dot, depth: depth, block: -1, root: &node{dot: dot}, lines: lines}
	if len(lines) > 0 {
		t.root.path, t.root.line = lines[0].path, lines[0].line
	}
	t.stack = []frame{{-1, t.root}}
	for i := 0; i < len(lines); i++ {
		if c.left--; c.left < 0 {
			t.root.open = true
			break
		}
		t.one(lines[i])
	}
	return t.root
}

// split makes lines of a file: without comments, an expression over several lines as one.
func split(path string, body []byte) []raw {
	var lines []raw
	number := 0
	var long *raw
	for line := range bytes.Lines(body) {
		number++
		text := strings.TrimRight(string(line), "\r\n\t ")
		if long != nil {
			long.text += " " + strings.TrimSpace(text)
		} else {
			lines = append(lines, raw{path, number, text})
			long = &lines[len(lines)-1]
		}
		if opens(long.text) && len(long.text) < 10_000 {
			continue
		}
		long.text = withoutComments(long.text)
		long = nil
	}
	return lines
}

// opens says whether an expression does not end on its line.
func opens(text string) bool {
	return strings.LastIndex(text, "{{") > strings.LastIndex(text, "}}")
}

func withoutComments(text string) string {
	for {
		from := strings.Index(text, "{{/*")
		if other := strings.Index(text, "{{- /*"); other >= 0 && (from < 0 || other < from) {
			from = other
		}
		if from < 0 {
			return text
		}
		to := strings.Index(text[from:], "}}")
		if to < 0 {
			return text[:from]
		}
		text = strings.TrimRight(text[:from]+text[from+to+2:], " ")
	}
}

// sections cuts lines at ---.
func sections(lines []raw) [][]raw {
	var all [][]raw
	from := 0
	for i, line := range lines {
		if strings.HasPrefix(line.text, "---") {
			all = append(all, lines[from:i])
			from = i + 1
		}
	}
	return append(all, lines[from:])
}

// define takes the bodies of {{ define "x" }} out of lines, and gives what is left.
func (c *chart) define(lines []raw) []raw {
	var rest []raw
	name, depth := "", 0
	for _, line := range lines {
		trimmed := strings.TrimSpace(line.text)
		action := expressionOf(trimmed)
		word, after, _ := strings.Cut(action, " ")
		switch {
		case name == "" && word == "define":
			if name = strings.Trim(strings.TrimSpace(after), "\"`"); name == "" {
				name = "?"
			}
			depth = 1
			c.defines[name] = nil
			if strings.Count(trimmed, "{{") > 1 { // all on one line
				c.defines[name] = []raw{{line.path, line.line, oneLine(trimmed)}}
				name = ""
			}
			continue
		case name == "":
			rest = append(rest, line)
			continue
		}
		depth += balance(line.text)
		if depth <= 0 {
			name = ""
			continue
		}
		c.defines[name] = append(c.defines[name], line)
	}
	return rest
}

// oneLine is what stands between {{ define }} and {{ end }} on one line.
func oneLine(text string) string {
	from, to := strings.Index(text, "}}"), strings.LastIndex(text, "{{")
	if from < 0 || to < from+2 {
		return ""
	}
	return strings.TrimSpace(text[from+2 : to])
}

// balance is how many structures a line opens less those it ends.
func balance(text string) int {
	n := 0
	for {
		from := strings.Index(text, "{{")
		if from < 0 {
			return n
		}
		to := strings.Index(text[from:], "}}")
		if to < 0 {
			return n
		}
		word, _, _ := strings.Cut(expressionOf(text[from:from+to+2]), " ")
		switch word {
		case "if", "with", "range", "block", "define":
			n++
		case "end":
			n--
		}
		text = text[from+to+2:]
	}
}

// expressionOf is what stands in the first {{ }} of a text that begins with it; "" for
// another text.
func expressionOf(text string) string {
	rest, ok := strings.CutPrefix(text, "{{")
	if !ok {
		return ""
	}
	end := strings.Index(rest, "}}")
	if end < 0 {
		return ""
	}
	return strings.TrimSpace(strings.Trim(rest[:end], "-"))
}

// one reads one line.
func (t *template) one(line raw) {
	trimmed := strings.TrimLeft(line.text, " ")
	column := len(line.text) - len(trimmed)
	if t.block >= 0 && trimmed != "" && column <= t.block && !strings.HasPrefix(trimmed, "{{") {
		t.block = -1
	}
	switch {
	case trimmed == "", trimmed[0] == '#':
	case strings.HasPrefix(trimmed, "{{"):
		t.action(line, trimmed, column)
	case t.block >= 0 || t.skipped():
	default:
		t.text(line, trimmed, column)
	}
}

func (t *template) skipped() bool {
	for _, b := range t.open {
		if b.skip {
			return true
		}
	}
	return false
}

// action reads a line that begins with an expression.
func (t *template) action(line raw, trimmed string, column int) {
	action := expressionOf(trimmed)
	word, rest, _ := strings.Cut(action, " ")
	rest = strings.TrimSpace(rest)
	net := balance(trimmed)
	switch {
	case net == 0 && (word == "if" || word == "with" || word == "range"): // begins and ends here
		t.unknown(column)
	case word == "if":
		t.open = append(t.open, branch{dot: t.dot, kind: "if", skip: t.c.off(rest, t.dot)})
	case word == "with":
		b := branch{dot: t.dot, kind: "with", skip: t.c.off(rest, t.dot)}
		t.open, t.dot = append(t.open, b), reference(rest, t.dot)
	case word == "range":
		b := branch{dot: t.dot, kind: "range", skip: t.c.off(rest, t.dot)}
		t.open, t.dot = append(t.open, b), "?"
	case word == "define" || word == "block":
		t.open = append(t.open, branch{dot: t.dot, kind: word})
	case word == "else":
		t.otherwise(rest)
	case word == "end":
		if n := len(t.open); n > 0 {
			t.dot, t.open = t.open[n-1].dot, t.open[:n-1]
		}
	case t.block >= 0 || t.skipped():
	case strings.HasPrefix(word, "$") && strings.Contains(action, "="), word == "fail", word == "required", strings.HasPrefix(word, "/*"):
	case strings.Contains(trimmed, "}}:"): // a key that is made
		t.unknown(column)
	default:
		t.included(line, action, column)
	}
}

// otherwise is the other half of an if: of one that is on, it is off.
func (t *template) otherwise(rest string) {
	n := len(t.open)
	if n == 0 {
		return
	}
	b := &t.open[n-1]
	t.dot = b.dot
	b.skip = false
	if rest != "" { // else if
		_, condition, _ := strings.Cut(rest, " ")
		b.skip = t.c.off(condition, t.dot)
	}
}

// unknown says of the place at a column that anything may stand there.
func (t *template) unknown(column int) {
	if t.block < 0 && !t.skipped() {
		t.holder(column, false).open = true
	}
}

// included puts there what an expression makes.
func (t *template) included(line raw, action string, column int) {
	if at, said := indentOf(action); said {
		column = at
	}
	into := t.holder(column, false)
	t.graft(into, action, line)
}

// holder is the mapping or list to which what stands in a column belongs.
func (t *template) holder(column int, dash bool) *node {
	for len(t.stack) > 1 {
		top := t.stack[len(t.stack)-1]
		if top.column < column || top.column == column && (dash || !top.node.isSeq) {
			break
		}
		t.stack = t.stack[:len(t.stack)-1]
	}
	top := &t.stack[len(t.stack)-1]
	if top.column == column && !(dash && top.node.isMap) {
		return top.node
	}
	// Deeper than what is being read: the value of its last key, or of its last item.
	value := top.node
	if n := len(top.node.keys); n > 0 {
		value = top.node.keys[n-1].value
	} else if n := len(top.node.items); n > 0 && !dash {
		value = top.node.items[n-1]
	}
	t.stack = append(t.stack, frame{column, value})
	return value
}
