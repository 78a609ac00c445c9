package answers

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// SplitSet cuts the argument of --set into key and value.
func SplitSet(argument string) (key, value string, err error) {
	key, value, ok := strings.Cut(argument, "=")
	if key = strings.TrimSpace(key); !ok || key == "" {
		return "", "", problem.New(problem.SetForm, "", argument)
	}
	return key, value, nil
}

// Set gives the key (component.title, register[0].fields[1].type) a value.
// What is missing on the way is added; an index may be one past the end. A
// value for a list or a mapping is written as YAML: [github, gitlab]. Comments
// stay; Source, Answers and Problems follow. When Set fails nothing changes.
//
// Afterwards look at Problems: a value can be refused, and a missing answer
// can have come.
func (d *Document) Set(key, value string) error {
	if d.tree == nil {
		return d.problems.Err()
	}
	steps, ok := parsePath(key)
	if !ok {
		return problem.New(problem.SetPath, "", key)
	}
	for _, r := range value {
		if unwanted(r) {
			return problem.New(problem.SetNotText, key, value)
		}
	}
	tree := clone(d.tree)
	node, place := tree.Content[0], root
	if node.Kind != yaml.MappingNode {
		return problem.New(problem.WantMapping, "", found(node))
	}
	for _, step := range steps {
		if node, place, ok = step.from(node, place); !ok {
			return d.lost(key, step, place)
		}
	}
	if p, ok := assign(node, place, key, value); !ok {
		return p
	}
	source, err := encode(tree)
	if err != nil || len(source) > maxBytes {
		return problem.New(problem.SetNotText, key, value)
	}
	before := *d
	d.tree, d.Source = tree, source
	d.read()
	d.arrange()
	// A comment can change what the encoder makes of a value of several lines:
	// what was written has to be what was meant.
	if again, _ := Parse(d.File, source); len(d.Problems()) == 0 && !reflect.DeepEqual(again.Answers, d.Answers) {
		*d = before
		return problem.New(problem.SetNotText, key, value)
	}
	return nil
}

// lost explains why a key leads nowhere.
func (d *Document) lost(key string, at step, place *shape) error {
	p := problem.New(problem.SetPath, "", key)
	if place != nil && at.name != "" && len(place.keys) > 0 {
		p = problem.New(problem.KeyUnknown, key, at.name, place.names()).Suggest(suggest(at.name, place.names()))
	}
	return p
}

// step is one part of a key: a name or an index.
type step struct {
	name  string
	index int
}

func parsePath(key string) ([]step, bool) {
	var steps []step
	for _, part := range strings.Split(key, ".") {
		name, indexes, _ := strings.Cut(part, "[")
		if name == "" {
			return nil, false
		}
		steps = append(steps, step{name: name})
		for indexes != "" {
			digits, rest, closed := strings.Cut(indexes, "]")
			i, ok := integerOf(digits)
			if !closed || !ok || i < 0 || rest != "" && rest[0] != '[' {
				return nil, false
			}
			steps = append(steps, step{index: i})
			indexes = strings.TrimPrefix(rest, "[")
		}
		if strings.HasSuffix(part, "[") || len(steps) > maxDepth {
			return nil, false
		}
	}
	return steps, true
}

// from goes one step down in n, which has the shape s, and makes what is not
// there. It returns s when the step is not possible.
func (st step) from(n *yaml.Node, s *shape) (*yaml.Node, *shape, bool) {
	if st.name == "" {
		return st.item(n, s)
	}
	var next *shape
	switch s.kind {
	case mapping, operation:
		k, ok := s.find(st.name)
		if !ok {
			return nil, s, false
		}
		next = k.shape
	case stepField:
		k, ok := s.elem.find(st.name)
		if !ok {
			return nil, s.elem, false
		}
		next = k.shape
	case texts, outcomes:
		next = &shape{kind: text}
	default:
		return nil, s, false
	}
	if !becomeMapping(n, s) {
		return nil, s, false
	}
	if value := child(n, st.name); value != nil {
		return value, next, value.Kind != yaml.AliasNode
	}
	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: st.name}, value)
	return value, next, true
}

func (st step) item(n *yaml.Node, s *shape) (*yaml.Node, *shape, bool) {
	if s.kind != list {
		return nil, s, false
	}
	if absent(n) {
		become(n, yaml.SequenceNode, s)
	}
	if n.Kind != yaml.SequenceNode || st.index > len(n.Content) {
		return nil, s, false
	}
	if st.index == len(n.Content) {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"})
		if len(n.Content) == 1 && !s.flow {
			n.Style &^= yaml.FlowStyle // a list that was [] grows as lines
		}
	}
	item := n.Content[st.index]
	return item, s.elem, item.Kind != yaml.AliasNode
}

// becomeMapping makes n a mapping when it has no value yet, or is the short
// form of one.
func becomeMapping(n *yaml.Node, s *shape) bool {
	switch {
	case n.Kind == yaml.MappingNode:
		return true
	case absent(n):
		become(n, yaml.MappingNode, s)
		return true
	case n.Kind == yaml.ScalarNode && (s.kind == operation || s.kind == stepField):
		name := *n
		name.HeadComment, name.LineComment, name.FootComment = "", "", ""
		become(n, yaml.MappingNode, s)
		n.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: "name"}, &name}
		return true
	}
	return false
}

func become(n *yaml.Node, k yaml.Kind, s *shape) {
	n.Kind, n.Tag, n.Value, n.Style = k, "", "", 0
	if s.flow {
		n.Style = yaml.FlowStyle
	}
}

// assign puts value in n. Text stays as it is; other things are YAML.
func assign(n *yaml.Node, s *shape, key, value string) (problem.Problem, bool) {
	switch s.kind {
	case text, operation, stepField:
		if s.kind == text || !strings.HasPrefix(value, "{") {
			n.Kind, n.Tag, n.Value, n.Content = yaml.ScalarNode, "!!str", value, nil
			if n.Style &= yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle; value == "" {
				n.Style = yaml.DoubleQuotedStyle
			}
			return problem.Problem{}, true
		}
	case integer, number, boolean:
		n.Kind, n.Tag, n.Value, n.Style, n.Content = yaml.ScalarNode, "", value, 0, nil
		tree, _ := load([]byte(value))
		if tree == nil || tree.Content[0].Kind != yaml.ScalarNode {
			return problem.New(wanted[s.kind], key, strconv.Quote(value)), false
		}
		n.Tag = tree.Content[0].Tag
		if n.Tag == "!!str" { // wrong, and the decoder will say what is right
			n.Style = yaml.DoubleQuotedStyle
		}
		return problem.Problem{}, true
	}
	tree, problems := load([]byte(value))
	if tree == nil {
		return problems[0].At("", 0, 0), false
	}
	made := tree.Content[0]
	made.HeadComment, made.LineComment, made.FootComment = n.HeadComment, n.LineComment, n.FootComment
	forget(made)
	*n = *made
	return problem.Problem{}, true
}

// forget drops the places in a value that is not in the file.
func forget(n *yaml.Node) {
	n.Line, n.Column = 0, 0
	for _, c := range n.Content {
		forget(c)
	}
}

func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i := range n.Content {
		c.Content[i] = clone(n.Content[i])
	}
	return &c
}

// encode writes the tree with its comments, two spaces of indentation.
func encode(tree *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(tree); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}
