package deliver

import (
	"strconv"
	"strings"
)

// text reads a line that is YAML, with or without expressions in it.
func (t *template) text(line raw, trimmed string, column int) {
	if rest, ok := strings.CutPrefix(trimmed, "- "); ok || trimmed == "-" {
		t.item(line, rest, column)
		return
	}
	name, value, found := cutKey(trimmed)
	if !found {
		t.holder(column, false).open = true // a text over several lines, or what nobody can read
		return
	}
	into := t.holder(column, false)
	n := &node{path: line.path, line: line.line, dot: t.dot}
	into.set(name, n)
	t.value(n, line, value, column)
}

// item reads an item of a list, of which the first key may stand on the same line.
func (t *template) item(line raw, rest string, column int) {
	list := t.holder(column, true)
	list.isSeq = true
	inner := column + 2 + len(rest) - len(strings.TrimLeft(rest, " "))
	rest = strings.TrimSpace(rest)
	n := &node{path: line.path, line: line.line, dot: t.dot}
	list.items = append(list.items, n)
	t.stack = append(t.stack, frame{inner, n})
	switch name, value, found := cutKey(rest); {
	case strings.HasPrefix(rest, "{{"):
		t.graft(n, expressionOf(rest), line)
		if n.text = rest; n.isMap {
			n.text = ""
		}
	case found:
		n.isMap = true
		first := &node{path: line.path, line: line.line, dot: t.dot}
		n.set(name, first)
		t.value(first, line, value, inner)
	default:
		n.text = unquoted(rest)
	}
}

// value reads what stands behind a key.
func (t *template) value(n *node, line raw, value string, column int) {
	switch {
	case value == "":
		n.null = true
	case value[0] == '|' || value[0] == '>':
		t.block = column
		n.text = value
	case strings.HasPrefix(value, "{{"):
		if expression := expressionOf(value); strings.HasPrefix(expression, "if ") || strings.HasPrefix(expression, "with ") {
			n.open, n.text = true, value
		} else {
			t.graft(n, expression, line)
			n.text = value
			if n.isMap || n.isSeq {
				n.text = ""
			}
		}
	case value[0] == '{' || value[0] == '[':
		if strings.Contains(value, "{{") {
			n.open = true
			return
		}
		if read, err := document(line.path, []byte(value)); err == nil {
			n.keys, n.items, n.isMap, n.isSeq = read.keys, read.items, read.isMap, read.isSeq
			relocate(n, line, 0)
		}
	default:
		n.text = unquoted(value)
	}
}

// relocate gives what was read of one line the number of that line.
func relocate(n *node, line raw, depth int) {
	if depth > maxDepth {
		return
	}
	n.path, n.line = line.path, line.line
	for _, k := range n.keys {
		relocate(k.value, line, depth+1)
	}
	for _, item := range n.items {
		relocate(item, line, depth+1)
	}
}

// graft puts into a node what an expression makes.
func (t *template) graft(into *node, action string, line raw) {
	var made *node
	switch name, isInclude := includeOf(action); {
	case isInclude:
		body, known := t.c.defines[name]
		if !known || t.depth >= maxIncludes || t.c.left <= 0 {
			into.open = true
			return
		}
		made = t.c.parse(body, "?", t.depth+1)
	case strings.Contains(action, "toYaml"):
		ref := valuesIn(action, t.dot)
		if ref == "" {
			into.open = true
			return
		}
		value, known := t.c.lookup(ref)
		if !known {
			into.open = true
		}
		if made = value; made == nil {
			return
		}
		if made.isEmpty() && made.path != "" { // what is said about it is said there
			into.path, into.line = made.path, made.line
		}
	default:
		if !into.isMap && !into.isSeq && into.null {
			into.text = "{{" + action + "}}"
			return
		}
		into.open = into.open || !isQuiet(action)
		return
	}
	adopt(into, made)
}

// isQuiet says whether an expression is sure to add no key.
func isQuiet(action string) bool {
	return strings.HasPrefix(action, "fail") || strings.HasPrefix(action, "/*") || strings.HasPrefix(action, "$")
}

// adopt takes over what another node holds.
func adopt(into, made *node) {
	if len(into.keys) == 0 && len(into.items) == 0 && made.path != "" && (made.isMap || made.isSeq) {
		into.path, into.line = made.path, made.line
	}
	into.keys = append(into.keys, made.keys...)
	into.items = append(into.items, made.items...)
	into.isMap = into.isMap || made.isMap
	into.isSeq = into.isSeq || made.isSeq
	into.open = into.open || made.open
}

// includeOf is the name in include "name" or template "name".
func includeOf(action string) (name string, ok bool) {
	for _, word := range []string{"include ", "template "} {
		at := strings.Index(action, word)
		if at < 0 || at > 0 && action[at-1] != ' ' && action[at-1] != '(' {
			continue
		}
		rest := strings.TrimSpace(action[at+len(word):])
		if rest == "" || rest[0] != '"' && rest[0] != '`' {
			return "", true
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return "", true
		}
		return rest[1 : 1+end], true
	}
	return "", false
}

// indentOf is the column that an expression gives its lines.
func indentOf(action string) (column int, said bool) {
	at := strings.LastIndex(action, "indent ")
	if at < 0 {
		return 0, false
	}
	rest := strings.TrimSpace(action[at+len("indent "):])
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	column, err := strconv.Atoi(rest[:end])
	return column, err == nil && column < 1000
}

// cutKey cuts a line in a key and what stands behind it.
func cutKey(text string) (name, value string, found bool) {
	if text == "" {
		return "", "", false
	}
	if text[0] == '"' || text[0] == '\'' {
		end := strings.IndexByte(text[1:], text[0])
		if end < 0 || !strings.HasPrefix(text[end+2:], ":") {
			return "", "", false
		}
		return text[1 : end+1], strings.TrimSpace(withoutRemark(text[end+3:])), true
	}
	at := strings.Index(text, ": ")
	if strings.HasSuffix(text, ":") && at < 0 {
		at = len(text) - 1
	}
	if at <= 0 || strings.ContainsAny(text[:at], "{}\"'[]") {
		if at = strings.Index(text, ": #"); at <= 0 {
			return "", "", false
		}
	}
	return strings.TrimSpace(text[:at]), strings.TrimSpace(withoutRemark(text[at+1:])), true
}

// withoutRemark takes a remark off a value.
func withoutRemark(text string) string {
	if at := strings.Index(text, " #"); at >= 0 && !strings.ContainsAny(text[:at], "\"'") {
		return text[:at]
	}
	return text
}

// unquoted is a scalar without its quotes.
func unquoted(text string) string {
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	return text
}
