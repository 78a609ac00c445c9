package answers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
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
	d := &Document{File: file, Source: data, Positions: Positions{}}
	d.problems = checkText(data)
	if len(d.problems) == 0 {
		d.tree, d.problems = load(data)
	}
	if len(d.problems) == 0 {
		f.migrate(d)
	}
	if d.tree != nil && len(d.problems) == 0 {
		d.read()
	}
	d.problems = d.Place(d.problems).Sorted()
	return d, d.problems
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
			found = append(found, problem.New(problem.ControlCharacter, "", codePoint(r)).At("", line, column))
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

// load reads the YAML into a tree, in which aliases are not yet followed.
func load(data []byte) (tree *yaml.Node, found problem.List) {
	defer func() {
		if r := recover(); r != nil { // a mistake in the parser is no reason to fall over
			tree, found = nil, notYAML(data, fmt.Sprint(r))
		}
	}()
	readable, shielded := shieldQuestionMarks(data)
	decoder := yaml.NewDecoder(bytes.NewReader(readable))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		return nil, problem.List{problem.New(problem.FileEmpty, "").At("", 1, 1)}
	} else if err != nil {
		return nil, notYAML(data, err.Error())
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, problem.List{problem.New(problem.MultipleDocuments, "").At("", second.Line, second.Column)}
	} else if !errors.Is(err, io.EOF) {
		return nil, notYAML(data, err.Error())
	}
	top := first.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return nil, problem.List{problem.New(problem.FileEmpty, "").At("", 1, 1)}
	}
	if shielded {
		restoreQuestionMarks(&first)
	}
	return &first, nil
}

// shield stands for a question mark while the YAML library reads. The library
// takes "{title: Woont u samen?, …}" for a mistake, which YAML 1.2 allows and
// teams write all the time. One character for one, so that columns stay right.
const shield = "\uE03F"

// shieldQuestionMarks replaces the question marks that cannot be the beginning
// of a key: those right behind something else than white space or a bracket.
func shieldQuestionMarks(data []byte) ([]byte, bool) {
	if bytes.IndexByte(data, '?') < 0 || bytes.Contains(data, []byte(shield)) {
		return data, false
	}
	out := make([]byte, 0, len(data)+64)
	for i, c := range data {
		if c == '?' && i > 0 && !bytes.ContainsRune([]byte(" \t\r\n,[]{}"), rune(data[i-1])) {
			out = append(out, shield...)
			continue
		}
		out = append(out, c)
	}
	return out, true
}

func restoreQuestionMarks(n *yaml.Node) {
	for _, s := range []*string{&n.Value, &n.Tag, &n.Anchor, &n.HeadComment, &n.LineComment, &n.FootComment} {
		if strings.Contains(*s, shield) {
			*s = strings.ReplaceAll(*s, shield, "?")
		}
	}
	for _, c := range n.Content {
		restoreQuestionMarks(c)
	}
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// notYAML turns what the YAML library said into a problem with a place. Tabs
// are the usual cause and get a text of their own.
func notYAML(data []byte, message string) problem.List {
	var found problem.List
	lines := strings.Split(strings.ReplaceAll(string(data), "\r", ""), "\n")
	for i, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && len(indent) < len(line) {
			found = append(found, problem.New(problem.TabIndent, "").At("", i+1, tab+1))
		}
	}
	if len(found) > 0 {
		return found
	}
	message = strings.TrimPrefix(message, "yaml: ")
	line := 1
	if match := yamlLine.FindStringSubmatch(message); match != nil {
		line, _ = strconv.Atoi(match[1])
		line = min(max(line, 1), len(lines))
		message = strings.Replace(message, match[0], "", 1)
	}
	return problem.List{problem.New(problem.NotYAML, "", message).At("", line, 1)}
}
