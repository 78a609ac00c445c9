package governance

import (
	"context"
	"path"
	"strings"
)

// Limits of CommonGroundChecker on the complexity that Lizard counts.
const (
	maxMeanComplexity = 15
	maxComplexity     = 30
)

// complexity sums the cyclomatic complexity of functions as CommonGroundChecker reads it
// from Lizard: a function above 15 stands in Lizard's list twice (it is repeated among the
// warnings), and the checker counts both lines.
type complexity struct {
	files                   int
	functions, total, worst int
	uncounted               string // a file in a language that Lizard reads and we do not
}

func (c *complexity) add(count int) {
	c.functions++
	c.total += count
	c.worst = max(c.worst, count)
	if count > maxMeanComplexity {
		c.functions++
		c.total += count
	}
}

func (c *complexity) mean() float64 {
	if c.functions == 0 {
		return 0
	}
	return float64(c.total) / float64(c.functions)
}

// dialect is how a language writes conditions and begins functions.
type dialect int

const (
	noLanguage dialect = iota
	golang
	script // JavaScript and TypeScript
	java
	php
	python
)

var languages = map[string]dialect{
	".go": golang, ".java": java, ".php": php, ".py": python,
	".ts": script, ".tsx": script, ".js": script, ".jsx": script, ".cjs": script, ".mjs": script,
}

// uncountedLanguages are those that Lizard reads as well.
var uncountedLanguages = []string{
	".c", ".cpp", ".cc", ".cxx", ".h", ".hh", ".hpp", ".cs", ".kt", ".kts", ".rb", ".rs", ".scala", ".swift",
	".lua", ".m", ".mm", ".pl", ".pm", ".r", ".vue", ".zig", ".erl", ".hrl", ".sol", ".f90",
}

func languageOf(name string) dialect { return languages[strings.ToLower(path.Ext(name))] }

// count takes the functions of a source file.
func (c *complexity) count(ctx context.Context, lang dialect, body []byte) {
	c.files++
	if lang == python {
		c.countPython(ctx, body)
		return
	}
	r := reader{scanner: scanner{body: body, lang: lang}, to: c}
	if lang == php {
		r.skipPage()
	}
	for n := 0; r.next(); n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return
		}
		r.take()
	}
	r.finish()
}

// function is one that is being read.
type function struct {
	count  int
	braces int  // how deep its body begins; for an arrow without braces the depth around it
	parens int  // how deep in parentheses an arrow without braces begins
	arrow  bool // without braces: it ends with the expression
}

// reader follows braces and parentheses to know where functions begin and end.
type reader struct {
	scanner
	to     *complexity
	open   []function
	braces int
	parens []string // of each open parenthesis the word before it
	skip   int      // braces of a type that stands where a body could: not a body

	pending   bool // after a keyword that begins a function
	pendingAt int  // how deep in parentheses that was
	header    bool // after "name(...)", which a body may follow
	bodyless  int  // of PHP: extra conditions in the header, such as ?string
}

// nameOf is whether the token could be the name of a function.
func (r *reader) callable(word string) bool {
	switch word {
	case "", "if", "for", "while", "switch", "catch", "with", "synchronized", "try", "return", "new", "else", "do", "foreach", "elseif", "match", "await":
		return false
	}
	return true
}

func (r *reader) take() {
	if r.lang == script && r.last == "=>" && r.kind != newlineToken && r.text() != "{" {
		r.begin(true)
	}
	switch r.kind {
	case wordToken:
		r.word()
	case newlineToken:
		r.newline()
	case punctToken:
		r.punct()
	}
	if r.kind != newlineToken {
		r.before = r.last
		r.last = r.text()
		r.lastKind = r.kind
	}
}

func (r *reader) word() {
	switch r.text() {
	case "if", "for", "while", "catch", "case":
		r.condition()
	case "elseif", "foreach", "match":
		if r.lang == php || r.lang == script && r.text() == "elseif" {
			r.condition()
		}
	case "func":
		if r.lang == golang && r.last != "." && !r.pending {
			r.pending, r.pendingAt = true, len(r.parens)
		}
	case "function":
		if (r.lang == script || r.lang == php && len(r.open) == 0) && r.last != "." && r.last != "->" {
			r.pending, r.pendingAt = true, len(r.parens)
		}
	}
	if r.header && r.lang != golang && r.last != ":" && r.last != "throws" && r.last != "," && r.last != "." && r.last != "|" && r.text() != "throws" &&
		r.last != "<" && r.text() != "is" && r.text() != "extends" && r.last != "is" {
		r.header = false
	}
}

// newline ends what cannot go on over a line.
func (r *reader) newline() {
	if r.lang == golang && r.pending && len(r.parens) == r.pendingAt && r.skip == 0 {
		r.pending = false
	}
	if r.lang == script && r.lastKind != punctToken {
		r.endArrows(len(r.parens))
	}
}

func (r *reader) condition() {
	if n := len(r.open); n > 0 {
		r.open[n-1].count++
	} else if r.pending {
		r.bodyless++
	}
}

func (r *reader) punct() {
	switch r.text() {
	case "&&", "||", "?":
		r.condition()
	case "??":
		if r.lang == script {
			r.condition()
		}
	case "(", "[":
		r.openParen()
	case ")", "]":
		r.closeParen()
	case "{":
		r.openBrace()
	case "}":
		r.closeBrace()
	case ";", ",":
		r.separator()
	case "=", "=>", "->":
		r.header = false
	}
}

// openParen remembers the word before it: that of a constructor is not a function.
func (r *reader) openParen() {
	word := r.last
	if r.before == "new" || r.text() == "[" {
		word = ""
	} else {
		r.header = false
	}
	r.parens = append(r.parens, word)
}

func (r *reader) closeParen() {
	if len(r.parens) == 0 {
		return
	}
	r.endArrows(len(r.parens))
	word := r.parens[len(r.parens)-1]
	r.parens = r.parens[:len(r.parens)-1]
	if r.pending && len(r.parens) < r.pendingAt {
		r.pending = false
	}
	if r.text() == ")" {
		r.header = (r.lang == script || r.lang == java) && isWord(word) && r.callable(word)
	}
}

func (r *reader) separator() {
	if r.pending && len(r.parens) == r.pendingAt && r.skip == 0 {
		if r.lang == php && r.text() == ";" {
			r.to.add(1 + r.bodyless) // abstract
		}
		r.pending, r.bodyless = false, 0
	}
	if r.text() == ";" {
		r.header = false
	}
	r.endArrows(len(r.parens))
}

func (r *reader) openBrace() {
	r.braces++
	switch {
	case r.pending && len(r.parens) == r.pendingAt && (r.last == "interface" || r.last == "struct"):
		r.skip = r.braces
	case r.skip > 0:
	case r.pending && len(r.parens) == r.pendingAt:
		r.begin(false)
	case r.lang == script && r.last == "=>":
		r.begin(false)
	case r.header:
		r.begin(false)
	}
	r.header = false
}

func (r *reader) begin(arrow bool) {
	f := function{count: 1 + r.bodyless, braces: r.braces, parens: len(r.parens), arrow: arrow}
	if arrow {
		f.count = 1
	}
	r.open = append(r.open, f)
	r.pending, r.bodyless = false, 0
}

func (r *reader) closeBrace() {
	if r.skip == r.braces {
		r.skip = 0
	}
	r.endArrows(len(r.parens))
	if n := len(r.open); n > 0 && r.open[n-1].braces == r.braces && !r.open[n-1].arrow {
		r.end()
	}
	r.braces = max(0, r.braces-1)
	r.header = false
}

// endArrows ends the arrows without braces that began inside these parentheses.
func (r *reader) endArrows(parens int) {
	for n := len(r.open); n > 0 && r.open[n-1].arrow && r.open[n-1].parens >= parens && r.open[n-1].braces == r.braces; n = len(r.open) {
		r.end()
	}
}

func (r *reader) end() {
	n := len(r.open) - 1
	r.to.add(r.open[n].count)
	r.open = r.open[:n]
}

func (r *reader) finish() {
	for len(r.open) > 0 {
		r.end()
	}
}

func isWord(text string) bool {
	return text != "" && (isLetter(text[0]) || text[0] == '$' || text[0] == '#' || text[0] == '>')
}
