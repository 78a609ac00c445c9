package source

import "bytes"

// What a byte of a file is.
const (
	plain   byte = iota // code, or text of a page
	inside              // in a string, between its quotes
	quote               // a quote that opens or ends a string
	comment             // for people
)

// syntax is what has to be known of a language to tell its comments and strings from
// the rest.
type syntax struct {
	lines    []string    // what begins a comment up to the end of the line
	blocks   [][2]string // what begins and ends a longer one
	quotes   string      // quotes of strings that end with their line
	long     string      // quotes of strings that may run on
	triple   bool        // three quotes make a string that runs on
	document bool        // such a string that is a statement is a comment
	spaced   bool        // a comment begins after a blank only
	raw      bool        // in a string that may run on, a backslash is a backslash
}

var (
	likeC = [][2]string{{"/*", "*/"}}

	goSyntax     = syntax{lines: []string{"//"}, blocks: likeC, quotes: `"'`, long: "`", raw: true}
	scriptSyntax = syntax{lines: []string{"//"}, blocks: [][2]string{{"/*", "*/"}, {"<!--", "-->"}}, quotes: `"'`, long: "`"}
	jvmSyntax    = syntax{lines: []string{"//"}, blocks: likeC, quotes: `"'`, triple: true}
	phpSyntax    = syntax{lines: []string{"//", "#"}, blocks: likeC, long: `"'`}
	mixedSyntax  = syntax{lines: []string{"//", "#"}, blocks: [][2]string{{"/*", "*/"}, {"<!--", "-->"}}, quotes: `"'`} // PHP in a page
	pythonSyntax = syntax{lines: []string{"#"}, quotes: `"'`, triple: true, document: true}
	sqlSyntax    = syntax{lines: []string{"--", "//"}, blocks: likeC, long: "'", quotes: "`\"", raw: true}
	pageSyntax   = syntax{blocks: [][2]string{{"<!--", "-->"}, {"{#", "#}"}, {"{{--", "--}}"}, {"{{/*", "*/}}"}, {"{% comment %}", "{% endcomment %}"}}, quotes: `"'`}
	styleSyntax  = syntax{blocks: likeC, quotes: `"'`}
	hashSyntax   = syntax{lines: []string{"#"}, quotes: `"'`, spaced: true}
	noSyntax     = syntax{}
)

func (t *text) syntax() syntax {
	switch t.kind {
	case golang:
		return goSyntax
	case script:
		return scriptSyntax
	case jvm:
		return jvmSyntax
	case php:
		if bytes.HasPrefix(bytes.TrimSpace(t.body[:min(len(t.body), 100)]), []byte("<?php")) && !bytes.Contains(t.body, []byte("?>")) {
			return phpSyntax
		}
		return mixedSyntax
	case python:
		return pythonSyntax
	case sql:
		return sqlSyntax
	case page:
		return pageSyntax
	case style:
		return styleSyntax
	case settings:
		return hashSyntax
	default:
		return noSyntax
	}
}

// reader goes through a file from front to back, once.
type reader struct {
	syntax
	body  []byte
	marks []byte
	at    int
	vain  [256]int // up to where no quote ends what such a quote begins
}

// read marks every byte of the file.
func (t *text) read() {
	if t.marks != nil {
		return
	}
	t.marks = make([]byte, len(t.body))
	r := &reader{syntax: t.syntax(), body: t.body, marks: t.marks}
	begins := r.begins()
	for r.at < len(r.body) {
		if b := r.body[r.at]; !begins[b] || !r.comment() && !r.string() {
			r.at++
		}
	}
}

// begins are the bytes with which a comment or a string can begin.
func (r *reader) begins() (all [256]bool) {
	for _, c := range r.syntax.lines {
		all[c[0]] = true
	}
	for _, c := range r.blocks {
		all[c[0][0]] = true
	}
	for _, q := range []byte(r.quotes + r.long) {
		all[q] = true
	}
	return all
}

func (r *reader) has(what string) bool {
	return len(r.body)-r.at >= len(what) && string(r.body[r.at:r.at+len(what)]) == what
}

// to marks everything up to an offset and goes there.
func (r *reader) to(end int, as byte) {
	for i := r.at; i < end; i++ {
		r.marks[i] = as
	}
	r.at = end
}

// until gives the offset after the next occurrence, or the end.
func (r *reader) until(from int, what string) int {
	if i := bytes.Index(r.body[from:], []byte(what)); i >= 0 {
		return from + i + len(what)
	}
	return len(r.body)
}

func (r *reader) comment() bool {
	for _, b := range r.blocks {
		if r.has(b[0]) {
			r.to(r.until(r.at+len(b[0]), b[1]), comment)
			return true
		}
	}
	for _, c := range r.lines {
		if r.has(c) && r.mayBegin(c) {
			end := r.at
			if i := bytes.IndexByte(r.body[r.at:], '\n'); i >= 0 {
				end += i
			} else {
				end = len(r.body)
			}
			r.to(end, comment)
			return true
		}
	}
	return false
}

// mayBegin leaves the slashes of an address, a colour in a style, and an attribute of PHP.
func (r *reader) mayBegin(c string) bool {
	before := byte('\n')
	if r.at > 0 {
		before = r.body[r.at-1]
	}
	switch {
	case c == "//":
		return before != ':'
	case r.spaced:
		return before == '\n' || before == ' ' || before == '\t'
	case c == "#":
		return !r.has("#[")
	}
	return true
}

func (r *reader) string() bool {
	q := r.body[r.at]
	three := string([]byte{q, q, q})
	switch {
	case r.triple && r.has(three):
		end := r.until(r.at+3, three)
		if r.document && r.isStatement() {
			r.to(end, comment)
			return true
		}
		r.span(end, 3)
	case bytes.IndexByte([]byte(r.quotes), q) >= 0:
		r.span(r.closing(q, true), 1)
	case bytes.IndexByte([]byte(r.long), q) >= 0:
		r.span(r.closing(q, false), 1)
	default:
		return false
	}
	return true
}

// isStatement says whether a string begins its line: a docstring of Python.
func (r *reader) isStatement() bool {
	start := bytes.LastIndexByte(r.body[:r.at], '\n') + 1
	return len(bytes.TrimSpace(r.body[start:r.at])) == 0
}

// span marks a string with n quotes on each side.
func (r *reader) span(end, n int) {
	r.to(min(r.at+n, end), quote)
	if r.at < end-n {
		r.to(end-n, inside)
	}
	r.to(end, quote)
}

// closing gives the offset after the quote that ends a string. One that has to end with
// its line and does not is an apostrophe. What was looked through in vain is not looked
// through again, so that no text takes more than its length.
func (r *reader) closing(q byte, line bool) int {
	if line && r.at < r.vain[q] {
		return r.at + 1
	}
	escapes := line || !r.raw
	i := r.at + 1
	for ; i < len(r.body) && (r.body[i] != '\n' || !line); i++ {
		switch b := r.body[i]; {
		case b == '\\' && escapes:
			i++
		case b == q:
			return i + 1
		}
	}
	if line {
		r.vain[q] = i
		return r.at + 1
	}
	return len(r.body)
}
