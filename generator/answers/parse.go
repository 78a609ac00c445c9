package answers

import (
	"fmt"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Limits on the file. The format is at most nine levels deep; a big component
// has a few thousand values.
const (
	maxBytes = 1 << 20
	maxDepth = 20
	maxNodes = 50_000
	maxSame  = 20  // problems of one kind where a whole file can be full of them
	maxShown = 200 // problems in all; nobody reads more
)

// Parse reads an answers file. The file name is only shown in problems. The
// document is never nil; with problems its answers are what could be read.
// All mistakes of form come at once, except that a text that is no YAML has
// one problem only.
func Parse(file string, data []byte) (*Document, problem.List) {
	return current.parse(file, data)
}

// format is a version of the answers format with the way to it from older ones.
type format struct {
	version    int
	migrations map[int]func(top *yaml.Node) // from version n to n+1
}

// current is the format of this program. There is no older one yet.
var current = format{version: Version}

func (f format) parse(file string, data []byte) (*Document, problem.List) {
	d := &Document{File: file, Source: data, Positions: Positions{}, format: f}
	d.problems = checkText(data)
	if len(d.problems) == 0 {
		d.tree, d.problems = load(data)
	}
	if len(d.problems) == 0 {
		d.migrate()
	}
	if d.tree != nil && len(d.problems) == 0 {
		d.read()
	}
	d.arrange()
	return d, d.problems
}

// arrange gives the problems their place and order, and cuts a list that is
// too long to read.
func (d *Document) arrange() {
	d.problems = d.Place(d.problems).Sorted()
	if more := len(d.problems) - maxShown; more > 0 {
		d.problems = append(d.problems[:maxShown:maxShown], problem.New(problem.MoreProblems, "", more).At(d.File, 0, 0))
	}
}

// read decodes the tree anew.
func (d *Document) read() {
	in := inspector{}
	if !in.walk(d.tree.Content[0], 1) {
		d.problems = in.problems
		return
	}
	dec := decoder{positions: Positions{}, problems: in.problems}
	d.Answers = dec.answers(d.tree.Content[0])
	d.Positions, d.problems = dec.positions, dec.problems
	d.checkVersion()
}

// checkText judges the bytes before any YAML is read.
func checkText(data []byte) problem.List {
	if len(data) > maxBytes {
		return problem.List{problem.New(problem.FileTooLarge, "", "1 MiB")}
	}
	line, column := 1, 1
	var found problem.List
	for i := 0; i < len(data); {
		r, size := rune(data[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(data[i:])
		}
		switch {
		case r == utf8.RuneError && size == 1:
			return problem.List{problem.New(problem.NotUTF8, "", i+1).At("", line, column)}
		case r == '\n' || r == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			line, column = line+1, 0
		case unwanted(r) && r != '\r' && !(r == '\uFEFF' && i == 0):
			if found = append(found, problem.New(problem.ControlCharacter, "", codePoint(r)).At("", line, column)); len(found) == maxSame {
				return found
			}
		}
		i += size
		column++
	}
	return found
}

// unwanted says whether r has no place in a text of a team: control
// characters, byte order marks, and line ends that editors do not count.
func unwanted(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case r < 0x20, r >= 0x7F && r <= 0x9F, r == '\u2028', r == '\u2029', r == '\uFEFF', r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return false
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }
