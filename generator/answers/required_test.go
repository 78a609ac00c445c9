package answers

import (
	"bytes"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// TestRequiredKeysNeedAValue goes over every required key of the format, at
// every depth. A key that is there with nothing behind it is as wrong as a key
// that is not there, and is shown on its own line.
func TestRequiredKeysNeedAValue(t *testing.T) {
	schema := compiled(t)
	full := filled(key{shape: root})
	if _, problems := Parse("", encoded(t, full)); len(problems) > 0 {
		t.Fatalf("the file with every key is wrong already:\n%v", problems)
	}
	cases := 0
	walkRequired(full, key{shape: root}, "", func(mapping *yaml.Node, i int, k key, path string) {
		for _, nothing := range nothings[k.shape.kind] {
			cases++
			value := mapping.Content[i+1]
			mapping.Content[i+1] = nothing
			text := encoded(t, full)
			mapping.Content[i+1] = value
			_, problems := Parse("", text)
			if !names(problems, path, lineOf(t, text, path)) {
				t.Errorf("%s with nothing behind it (%s): %v\n%s", path, show(t, nothing), problems, text)
			}
			if schema.Validate(asEditor(t, text)) == nil {
				t.Errorf("%s with nothing behind it (%s): the schema sees nothing wrong", path, show(t, nothing))
			}
		}
		cases++
		content := mapping.Content
		mapping.Content = append(append([]*yaml.Node{}, content[:i]...), content[i+2:]...)
		text := encoded(t, full)
		mapping.Content = content
		if _, problems := Parse("", text); !names(problems, path, 0) {
			t.Errorf("without %s: %v", path, problems)
		}
	})
	if cases < 60 {
		t.Errorf("only %d cases seen", cases)
	}
}

// nothings are the ways to write nothing behind a key.
var nothings = map[kind][]*yaml.Node{
	text:    {plainNode(""), plainNode("~"), quotedNode(""), quotedNode("  ")},
	integer: {plainNode(""), plainNode("~")},
	list:    {plainNode(""), plainNode("~"), {Kind: yaml.SequenceNode, Style: yaml.FlowStyle}},
	mapping: {plainNode(""), plainNode("~"), {Kind: yaml.MappingNode, Style: yaml.FlowStyle}},
}

func plainNode(value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: value} }
func quotedNode(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: value, Style: yaml.DoubleQuotedStyle}
}

// filled is a value for k in which every key at every depth has one.
func filled(k key) *yaml.Node {
	switch s := k.shape; s.kind {
	case text:
		if len(k.enum) > 0 {
			return plainNode(k.enum[0])
		}
		return plainNode("a")
	case integer, number:
		return plainNode("1")
	case boolean:
		return plainNode("true")
	case list:
		return &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{filled(key{shape: s.elem, enum: k.enum})}}
	case texts, outcomes:
		return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{plainNode("a"), plainNode("b")}}
	case stepField:
		return filled(key{shape: s.elem})
	default:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, each := range s.keys {
			n.Content = append(n.Content, plainNode(each.name), filled(each))
		}
		return n
	}
}

// walkRequired yields every required key below n, with the place of its name
// in the content of the mapping that holds it.
func walkRequired(n *yaml.Node, k key, path string, yield func(mapping *yaml.Node, i int, k key, path string)) {
	switch s := k.shape; s.kind {
	case list:
		walkRequired(n.Content[0], key{shape: s.elem}, index(path, 0), yield)
	case stepField:
		walkRequired(n, key{shape: s.elem}, path, yield)
	case mapping, operation:
		for i, each := range s.keys {
			at := join(path, each.name)
			if each.required {
				yield(n, 2*i, each, at)
			}
			walkRequired(n.Content[2*i+1], each, at, yield)
		}
	}
}

func encoded(t *testing.T, n *yaml.Node) []byte {
	t.Helper()
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	if err := encoder.Encode(n); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func show(t *testing.T, n *yaml.Node) string { return strings.TrimSpace(string(encoded(t, n))) }

// lineOf finds the line of the last name in path by reading the text anew.
func lineOf(t *testing.T, text []byte, path string) int {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	n, line := document.Content[0], 0
	for _, part := range strings.Split(path, ".") {
		name, indexed := strings.CutSuffix(part, "[0]")
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				line, n = n.Content[i].Line, n.Content[i+1]
				break
			}
		}
		if indexed {
			n = n.Content[0]
		}
	}
	return line
}

// names says whether the problems name path, or for a mapping a key in it, on
// that line; line 0 is any line.
func names(problems problem.List, path string, line int) bool {
	for _, p := range problems {
		if (p.Key == path || strings.HasPrefix(p.Key, path+".")) && (line == 0 || p.Line == line) {
			return true
		}
	}
	return false
}
