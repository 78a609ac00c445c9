package pack

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// A comment is how a kind of file holds the header.
type comment struct{ open, line, end string }

// comments are the kinds of file that get a header. Not JSON, which has no
// comments; not Markdown, which people read; not HTML, XML, SVG and BPMN, where
// something else has to come first or pages would carry it along; and not a list
// such as .dockerignore.
var comments = map[string]comment{
	".go":   {line: "// "},
	".js":   {line: "// "},
	".sql":  {line: "-- "},
	".yaml": {line: "# "},
	".yml":  {line: "# "},
	".sh":   {line: "# "},
	".toml": {line: "# "},
	".css":  {open: "/*\n", line: " * ", end: " */\n"},

	"Dockerfile": {line: "# "},
}

// commentOf is how a file holds a header.
func commentOf(output string) (comment, bool) {
	if kind, ok := comments[path.Base(output)]; ok {
		return kind, true
	}
	kind, ok := comments[path.Ext(output)]
	return kind, ok
}

// headed puts the header of the pack at the top of a file, with an empty line
// below it: what follows may be a build constraint or the comment of a package.
func (p *Pack) headed(file plan.File) []byte {
	kind, known := commentOf(file.Path)
	if p.Header == "" || !known || file.Owner == plan.Kern || file.Template == "" || strings.HasPrefix(file.Path, ".fieldlab/") {
		return file.Body
	}
	var header bytes.Buffer
	header.WriteString(kind.open)
	for line := range strings.SplitSeq(p.Header, "\n") {
		header.WriteString(strings.TrimRight(kind.line+plainly(line), " ") + "\n")
	}
	header.WriteString(kind.end)
	first, rest := directives(file.Path, file.Body)
	if bytes.HasPrefix(rest, header.Bytes()) {
		return file.Body
	}
	header.WriteString("\n")
	return append(append(bytes.Clone(first), header.Bytes()...), rest...)
}

// steering is what a program takes for more than a comment: a Dockerfile names with
// it the program that reads the rest, and YAML the schema that an editor fetches.
var steering = regexp.MustCompile(`(?i)^\s*(syntax\s*=|escape\s*=|check\s*=|yaml-language-server\s*:|%yaml)`)

// plainly is a line of the header that is a comment and nothing else.
func plainly(line string) string {
	if steering.MatchString(line) {
		return "- " + quote.GoComment(line)
	}
	return quote.GoComment(line)
}

// directives are the lines that mean nothing on any other line but the first: which
// program runs a file, which syntax it has, by which schema an editor reads it.
func directives(name string, body []byte) (first, rest []byte) {
	at := 0
	for line := range bytes.Lines(body) {
		words := strings.ToLower(strings.ReplaceAll(string(line), " ", ""))
		isDirective := at == 0 && strings.HasPrefix(words, "#!") ||
			strings.HasPrefix(words, "#yaml-language-server:") || strings.HasPrefix(words, "%yaml") ||
			path.Base(name) == "Dockerfile" && (strings.HasPrefix(words, "#syntax=") || strings.HasPrefix(words, "#escape=") || strings.HasPrefix(words, "#check="))
		if !isDirective {
			break
		}
		at += len(line)
	}
	return body[:at], body[at:]
}
