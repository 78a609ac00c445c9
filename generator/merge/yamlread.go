package merge

import "strings"

// node is an entry of a YAML mapping or list, as it stands in the text. Nothing is
// written anew: what is not merged keeps its lines.
type node struct {
	lead   []string // empty lines and comments before it
	indent int
	dash   bool   // an entry of a list
	key    string // of a mapping, as it is written
	head   string // the line up to the value
	value  string // what stands on the line
	kids   []*node
	raw    []string // further lines that are no nodes: text, or brackets
}

// yamlReader reads the block form of YAML by indentation. What it does not know it
// refuses; then the lines decide.
type yamlReader struct {
	lines  []string
	failed bool
}

// readYAML gives the entries of a document, and the lines after the last.
func readYAML(lines []string) (nodes []*node, tail []string, ok bool) {
	r := &yamlReader{lines: lines}
	for i, line := range lines {
		words := strings.TrimLeft(line, " ")
		if strings.HasPrefix(words, "\t") || strings.HasPrefix(line, "...") || strings.HasPrefix(line, "%") ||
			strings.HasPrefix(line, "---") && (i > 0 && !blankOrComment(lines[:i]) || strings.TrimRight(line, " ") != "---") {
			return nil, nil, false
		}
	}
	nodes, at := r.nodes(0, len(lines), 0)
	return nodes, lines[at:], !r.failed && len(nodes) > 0
}

func blankOrComment(lines []string) bool {
	for _, line := range lines {
		if !skipped(line) {
			return false
		}
	}
	return true
}

// skipped lines say nothing.
func skipped(line string) bool {
	words := strings.TrimLeft(line, " ")
	return words == "" || words[0] == '#' || line == "---"
}

// nodes reads the entries between two lines, which all have the same indent, and
// gives the line after the last one.
func (r *yamlReader) nodes(from, to, depth int) ([]*node, int) {
	var all []*node
	at, indent := from, -1
	for i := from; i < to && !r.failed; {
		if skipped(r.lines[i]) {
			i++
			continue
		}
		if indent < 0 {
			indent = indentOf(r.lines[i])
		}
		if indentOf(r.lines[i]) != indent || depth > deepest {
			r.failed = true
			break
		}
		n := r.head(i)
		if r.failed || len(all) > 0 && all[0].dash != n.dash {
			r.failed = true
			break
		}
		n.lead = r.lines[at:i]
		end := r.end(i, to, n)
		r.body(n, i, end, depth)
		all = append(all, n)
		at, i = end, end
	}
	return all, at
}

// end is the line after the last one of the entry that starts at line i.
func (r *yamlReader) end(i, to int, n *node) int {
	end := i + 1
	if open, closed := r.brackets(i, to, n.value); open {
		return closed
	}
	text := strings.HasPrefix(n.value, "|") || strings.HasPrefix(n.value, ">")
	for j := i + 1; j < to; j++ {
		line := r.lines[j]
		if strings.TrimSpace(line) == "" || skipped(line) && (!text || indentOf(line) <= n.indent) {
			continue
		}
		inside := indentOf(line) > n.indent
		if !inside && !n.dash && n.value == "" && indentOf(line) == n.indent && isDash(line[n.indent:]) {
			inside = true // a list as far to the left as its key
		}
		if !inside {
			break
		}
		end = j + 1
	}
	return end
}

// brackets says whether the value is between brackets that close on a later line,
// and what line comes after that.
func (r *yamlReader) brackets(i, to int, value string) (open bool, end int) {
	if value == "" || value[0] != '[' && value[0] != '{' {
		return false, 0
	}
	if _, _, closed := readFlow(value, false); closed {
		return false, 0
	}
	text := value + "\n" + strings.Join(r.lines[i+1:min(to, i+1+longest)], "\n")
	_, rest, closed := readFlow(text, false)
	after, _, _ := strings.Cut(rest, "\n")
	if !closed || !skipped(after) {
		return false, 0
	}
	return true, i + 1 + strings.Count(text[:len(text)-len(rest)], "\n")
}

func isDash(words string) bool { return words == "-" || strings.HasPrefix(words, "- ") }

// head reads the first line of an entry.
func (r *yamlReader) head(i int) *node {
	line := r.lines[i]
	n := &node{indent: indentOf(line)}
	words := line[n.indent:]
	if isDash(words) {
		n.dash = true
		n.value = strings.TrimLeft(words[1:], " ")
		n.head = line[:len(line)-len(n.value)]
		return n
	}
	key, value, ok := cutKey(words)
	if !ok {
		r.failed = true
		return n
	}
	n.key, n.value = key, value
	n.head = line[:len(line)-len(value)]
	return n
}

// cutKey cuts `key: value`.
func cutKey(words string) (key, value string, ok bool) {
	if words == "" || strings.ContainsAny(words[:1], "{}[]#|>&*!%@`,") || strings.HasPrefix(words, "? ") || isDash(words) {
		return "", "", false
	}
	end := 0
	if words[0] == '"' || words[0] == '\'' {
		r := &flowReader{rest: words}
		if r.quoted(); r.failed {
			return "", "", false
		}
		end = len(words) - len(r.rest)
	}
	for i := end; i < len(words); i++ {
		switch {
		case words[i] == ':' && (i+1 == len(words) || words[i+1] == ' '):
			return unquoted(strings.TrimRight(words[:i], " ")), strings.TrimLeft(words[i+1:], " "), i > 0
		case words[i] == '#' && i > 0 && words[i-1] == ' ', end > 0 && words[i] != ' ':
			return "", "", false
		}
	}
	return "", "", false
}

// body reads what an entry holds. An entry of a list may hold a mapping that starts
// on its own line: the dash is then read as a space.
func (r *yamlReader) body(n *node, i, end, depth int) {
	if n.dash && n.value != "" {
		if _, _, isKey := cutKey(n.value); isKey || isDash(n.value) {
			lines := append([]string(nil), r.lines[i:end]...)
			lines[0] = lines[0][:n.indent] + " " + lines[0][n.indent+1:]
			inner := &yamlReader{lines: lines}
			kids, last := inner.nodes(0, len(lines), depth+1)
			if inner.failed || last != len(lines) {
				r.failed = true
				return
			}
			n.kids, n.value, n.head = kids, "", ""
			return
		}
	}
	if i+1 == end {
		return
	}
	bare := n.value == "" || strings.HasPrefix(n.value, "#") || (n.value[0] == '&' || n.value[0] == '!') && !strings.Contains(n.value, " ")
	if !bare {
		n.raw = r.lines[i+1 : end]
		return
	}
	kids, last := r.nodes(i+1, end, depth+1)
	if last != end {
		r.failed = true
	}
	n.kids = kids
}

// write gives the lines of an entry.
func (n *node) write(out []string) []string {
	out = append(out, n.lead...)
	if n.dash && n.head == "" {
		at := len(out)
		for i, kid := range n.kids {
			if i == 0 {
				// A comment would come between the dash and what belongs to it.
				out = append(out, kid.lead...)
				at = len(out)
				bare := *kid
				bare.lead = nil
				out = bare.write(out)
				continue
			}
			out = kid.write(out)
		}
		if at < len(out) && len(out[at]) > n.indent {
			out[at] = out[at][:n.indent] + "-" + out[at][n.indent+1:]
		}
		return out
	}
	out = append(out, n.head+n.value)
	out = append(out, n.raw...)
	for _, kid := range n.kids {
		out = kid.write(out)
	}
	return out
}

// text is the entry without what stands before it.
func (n *node) text() string {
	bare := *n
	bare.lead = nil
	return strings.Join(bare.write(nil), "\n")
}
