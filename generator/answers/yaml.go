package answers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// load reads the YAML into a tree, in which aliases are not yet followed.
func load(data []byte) (tree *yaml.Node, found problem.List) {
	defer func() {
		if r := recover(); r != nil { // a mistake in the parser is no reason to fall over
			tree, found = nil, notYAML(data, fmt.Sprint(r))
		}
	}()
	shielded, marks := shieldQuestionMarks(data)
	decoder := yaml.NewDecoder(bytes.NewReader(shielded))
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
	if marks {
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

// meanings give the mistakes that teams really make a text of their own.
var meanings = []struct {
	message string
	code    problem.Code
}{
	{"mapping values are not allowed", problem.ColonInText},
	{"cannot start any token", problem.NeedsQuotes},
	{"found unexpected end of stream", problem.NotClosed},
	{"did not find expected key", problem.NotClosed},
	{"did not find expected ',' or", problem.NotClosed},
}

// notYAML turns what the YAML library said into a problem with a place. Tabs
// are the usual cause and come first.
func notYAML(data []byte, message string) problem.List {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n"), "\n")
	if found := tabs(lines); len(found) > 0 {
		return found
	}
	number := said(message, len(lines))
	if len(data) <= 64<<10 {
		number = firstBadLine(lines)
	}
	line := lines[number-1]
	column := 1 + len([]rune(line)) - len([]rune(strings.TrimLeft(line, " ")))
	if strings.Contains(message, "exceeded max depth") {
		return problem.List{problem.New(problem.TooDeep, "", maxDepth).At("", number, column)}
	}
	for _, m := range meanings {
		if strings.Contains(message, m.message) {
			return problem.List{problem.New(m.code, "").At("", number, column)}
		}
	}
	_, after, found := strings.Cut(strings.TrimPrefix(message, "yaml: "), ": ")
	if !found {
		after = strings.TrimPrefix(message, "yaml: ")
	}
	return problem.List{problem.New(problem.NotYAML, "", after).At("", number, column)}
}

// said is the line in the message of the library.
func said(message string, last int) int {
	_, after, _ := strings.Cut(message, "line ")
	digits, _, _ := strings.Cut(after, ":")
	line, err := strconv.Atoi(digits)
	if err != nil {
		return 1
	}
	return min(max(line, 1), last)
}

// tabs are the lines that are indented with a tab.
func tabs(lines []string) problem.List {
	var found problem.List
	for i, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && len(indent) < len(line) && len(found) < maxSame {
			found = append(found, problem.New(problem.TabIndent, "").At("", i+1, tab+1))
		}
	}
	return found
}

// firstBadLine finds the line from which the text is no YAML any more. The
// library names the line where the surrounding part began, or the one before;
// so cut the text ever shorter instead. A list that goes on over some lines is
// no YAML halfway; a few lines further decide.
func firstBadLine(lines []string) int {
	const further, rounds = 12, 8
	good := 0
	for round := 0; ; round++ {
		low, bad := good, len(lines)
		for bad-low > 1 {
			if middle := (low + bad) / 2; readable(lines[:middle]) {
				low = middle
			} else {
				bad = middle
			}
		}
		if round == rounds {
			return bad
		}
		good = 0
		for next := bad + 1; next <= min(bad+further, len(lines)); next++ {
			if readable(lines[:next]) {
				good = next
			}
		}
		if good == 0 {
			return bad
		}
	}
}

func readable(lines []string) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	text, _ := shieldQuestionMarks([]byte(strings.Join(lines, "\n")))
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var n yaml.Node
		if err := decoder.Decode(&n); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// Tree reads one document of YAML with the limits and the mistakes of an answers
// file, for who keeps another file in the same way. The tree holds no anchor,
// alias or tag; it is nil when there are problems, which all have a place.
func Tree(data []byte) (*yaml.Node, problem.List) {
	if found := checkText(data); len(found) > 0 {
		return nil, found
	}
	tree, found := load(data)
	if len(found) > 0 {
		return nil, found
	}
	in := inspector{}
	in.walk(tree.Content[0], 1)
	if len(in.problems) > 0 {
		return nil, in.problems
	}
	return tree.Content[0], nil
}
