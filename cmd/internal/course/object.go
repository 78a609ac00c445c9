package course

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// reader reads the keys of one file and goes on after a mistake, so that all of
// them come at once.
type reader struct {
	file  string
	above int // lines of the file before the keys
	found problem.List
}

// add notes a mistake at a node; without one at the top of the file.
func (r *reader) add(n *yaml.Node, key string, code problem.Code, args ...any) {
	r.note(n, problem.New(code, key, args...))
}

func (r *reader) note(n *yaml.Node, p problem.Problem) {
	line, column := 1, 1
	if n != nil {
		line, column = n.Line+r.above, max(n.Column, 1)
	}
	r.found = append(r.found, p.At(r.file, line, column))
}

// tree reads the keys. Nil says that they cannot be read.
func (r *reader) tree(text []byte) *yaml.Node {
	tree, found := answersTree(text)
	for _, p := range found {
		r.found = append(r.found, p.At(r.file, max(p.Line, 1)+r.above, max(p.Column, 1)))
	}
	return tree
}

// object is a mapping with the keys that it may have.
type object struct {
	r      *reader
	key    string // where it is
	node   *yaml.Node
	values map[string]*yaml.Node
}

// object reads n as a mapping; false when it is none.
func (r *reader) object(n *yaml.Node, key string, known ...string) (object, bool) {
	o := object{r: r, key: key, node: n, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		r.add(n, key, problem.WantMapping, found(n))
		return o, false
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch first, twice := lines[name.Value]; {
		case twice:
			r.add(name, o.at(name.Value), problem.KeyDuplicate, name.Value, first+r.above)
		case known != nil && !slices.Contains(known, name.Value):
			unknown := problem.New(problem.KeyUnknown, o.at(name.Value), name.Value, known)
			r.note(name, unknown.Suggest(near(name.Value, known)))
		default:
			o.values[name.Value] = value
		}
		lines[name.Value] = name.Line
	}
	return o, true
}

func (o object) at(name string) string {
	if o.key == "" {
		return name
	}
	return o.key + "." + name
}

func (o object) has(name string) bool { return o.values[name] != nil }

// need gives the value of a key that must be there.
func (o object) need(name string) *yaml.Node {
	n := o.values[name]
	if n == nil {
		o.r.add(o.node, o.at(name), problem.KeyMissing, name)
	}
	return n
}

// Limits on texts, in characters.
const (
	line  = 200
	block = 20_000
)

// text reads a text of at most limit characters; "" when the key is not there.
func (o object) text(name string, limit int) string {
	n := o.values[name]
	if n == nil {
		return ""
	}
	return o.r.text(n, o.at(name), limit)
}

// must reads a text that must be there.
func (o object) must(name string, limit int) string {
	if o.need(name) == nil {
		return ""
	}
	return o.text(name, limit)
}

func (r *reader) text(n *yaml.Node, key string, limit int) string {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.add(n, key, problem.WantText, found(n))
	case !hasText(n.Value):
		r.add(n, key, problem.ValueEmpty)
	case utf8.RuneCountInString(n.Value) > limit:
		r.add(n, key, problem.CourseTooLong, limit)
	case limit <= line && strings.ContainsAny(n.Value, "\n\t"):
		r.add(n, key, problem.ControlCharacter, "U+000A")
	default:
		return n.Value
	}
	return ""
}

// integer reads a number between two others; what is not there is 0.
func (o object) integer(name string, low, high int) int {
	n := o.values[name]
	if n == nil {
		return 0
	}
	if n.Kind != yaml.ScalarNode {
		o.r.add(n, o.at(name), problem.WantInteger, found(n))
		return 0
	}
	value, err := strconv.Atoi(n.Value)
	if err != nil || strconv.Itoa(value) != n.Value {
		o.r.add(n, o.at(name), problem.WantInteger, found(n))
		return 0
	}
	if value < low || value > high {
		o.r.add(n, o.at(name), problem.CourseRange, low, high)
		return 0
	}
	return value
}

// yes reads true or false.
func (o object) yes(name string) bool {
	n := o.values[name]
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		o.r.add(n, o.at(name), problem.WantBoolean, found(n))
	}
	return n.Value == "true"
}

// list gives the items of a list of at most limit; none when the key is not there.
func (o object) list(name string, limit int) []*yaml.Node {
	n := o.values[name]
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		o.r.add(n, o.at(name), problem.WantList, found(n))
		return nil
	case len(n.Content) > limit:
		o.r.add(n, o.at(name), problem.TooMany, limit)
		return nil
	}
	return n.Content
}

// found names what stands where something else was expected.
func found(n *yaml.Node) any {
	switch {
	case n.Kind == yaml.MappingNode:
		return problem.TermMapping
	case n.Kind == yaml.SequenceNode:
		return problem.TermList
	case n.Value == "":
		return problem.TermNothing
	}
	return n.Value
}

func item(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" }

// near is the candidate that somebody may have meant.
func near(word string, candidates []string) string {
	for _, candidate := range candidates {
		if problem.Distance(word, candidate) <= 2 {
			return candidate
		}
	}
	return ""
}
