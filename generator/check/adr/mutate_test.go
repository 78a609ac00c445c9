package adr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// mutation is a specification in which one thing was changed.
type mutation struct {
	name string // base and change, such as "klein30.yaml delete /info/contact"
	base string
	body []byte
}

// bases are the specifications that are mutated, and how each is written.
var bases = map[string][]string{
	"klein":    {"klein30.yaml", "klein30.json", "klein31.yaml"},
	"klein30":  {"klein30.yaml"},
	"klein31":  {"klein31.yaml", "klein31.json"},
	"diensten": {"diensten.yaml", "diensten.json"},
	"proces":   {"proces.yaml"},
}

var mutationsOnce sync.Once
var allMutations []mutation

// mutations gives all of them, made once for all tests.
func mutations(t testing.TB) []mutation {
	t.Helper()
	mutationsOnce.Do(func() { allMutations = makeMutations(t) })
	return allMutations
}

// makeMutations makes all of them, the bases themselves first: what mutations.txt says, and
// of a small specification each member deleted and each renamed.
func makeMutations(t testing.TB) []mutation {
	t.Helper()
	trees := map[string]*yaml.Node{}
	var all []mutation
	for _, name := range []string{"diensten.yaml", "diensten.json", "klein30.yaml", "klein30.json", "klein31.yaml", "klein31.json", "proces.yaml"} {
		trees[name] = readTree(t, strings.TrimSuffix(name, filepath.Ext(name))+".yaml")
		all = append(all, mutation{name, name, written(t, name, trees[name])})
	}
	seen := map[string]bool{}
	add := func(base, change string) {
		if seen[base+change] {
			return
		}
		seen[base+change] = true
		tree := copyTree(trees[base])
		if mutate(tree.Content[0], change) {
			all = append(all, mutation{base + " " + change, base, written(t, base, tree)})
		} else if base == "klein30.yaml" || !strings.HasPrefix(base, "klein") {
			t.Errorf("there is nothing to change: %s %s", base, change)
		}
	}
	list, err := os.ReadFile("testdata/spectral/mutations.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSpace(line)
		if base, change, ok := strings.Cut(line, " "); ok && line[0] != '#' {
			for _, name := range bases[base] {
				add(name, change)
			}
		}
	}
	for _, pointer := range members(trees["klein30.yaml"].Content[0], "") {
		add("klein30.yaml", "delete "+pointer)
		add("klein30.yaml", "rename "+pointer+" anders")
	}
	return all
}

func readTree(t testing.TB, name string) *yaml.Node {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata/spectral", name))
	if err != nil {
		t.Fatal(err)
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(body, &tree); err != nil {
		t.Fatal(err)
	}
	return &tree
}

func copyTree(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = copyTree(child)
	}
	return &c
}

// written gives a tree as YAML or JSON, whichever the name asks.
func written(t testing.TB, name string, tree *yaml.Node) []byte {
	t.Helper()
	var out bytes.Buffer
	if strings.HasSuffix(name, ".json") {
		asJSON(t, &out, tree.Content[0])
		return out.Bytes()
	}
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(tree); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJSON(t testing.TB, out *bytes.Buffer, n *yaml.Node) {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		out.WriteString("{")
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				out.WriteString(",\n")
			}
			key, _ := json.Marshal(n.Content[i].Value)
			out.Write(key)
			out.WriteString(": ")
			asJSON(t, out, n.Content[i+1])
		}
		out.WriteString("}")
	case yaml.SequenceNode:
		out.WriteString("[")
		for i, c := range n.Content {
			if i > 0 {
				out.WriteString(", ")
			}
			asJSON(t, out, c)
		}
		out.WriteString("]")
	default:
		var value any
		if err := n.Decode(&value); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
}

// members gives the pointers of all members of objects in a tree.
func members(n *yaml.Node, pointer string) []string {
	var all []string
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode {
			p := pointer + "/" + escape(n.Content[i].Value)
			all = append(all, p)
			i++
			all = append(all, members(n.Content[i], p)...)
		} else {
			all = append(all, members(n.Content[i], fmt.Sprintf("%s/%d", pointer, i))...)
		}
	}
	return all
}

// escape writes a key in a pointer; a space has its own escape, as in a list it ends one.
func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", " ", "~2").Replace(key)
}

func unescape(part string) string {
	return strings.NewReplacer("~2", " ", "~1", "/", "~0", "~").Replace(part)
}

// mutate makes one change; false when there is nothing to change:
//
//	delete POINTER
//	rename POINTER KEY
//	set POINTER YAML     also when it is not there yet
//	append POINTER YAML  to an array
//	bare POINTER         the key without quotes
func mutate(root *yaml.Node, change string) bool {
	op, rest, _ := strings.Cut(change, " ")
	pointer, value, _ := strings.Cut(rest, " ")
	parts := strings.Split(pointer, "/")[1:]
	if op == "append" {
		array := down(root, parts)
		if array == nil || array.Kind != yaml.SequenceNode {
			return false
		}
		array.Content = append(array.Content, parsed(value))
		return true
	}
	parent, last := down(root, parts[:len(parts)-1]), unescape(parts[len(parts)-1])
	if parent == nil {
		return false
	}
	i := indexOf(parent, last)
	switch {
	case op == "set" && i < 0 && parent.Kind == yaml.MappingNode:
		parent.Content = append(parent.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: last}, parsed(value))
	case i < 0:
		return false
	case op == "set" && parent.Kind == yaml.MappingNode:
		parent.Content[i+1] = parsed(value)
	case op == "set":
		parent.Content[i] = parsed(value)
	case op == "delete" && parent.Kind == yaml.MappingNode:
		parent.Content = append(parent.Content[:i:i], parent.Content[i+2:]...)
	case op == "delete":
		parent.Content = append(parent.Content[:i:i], parent.Content[i+1:]...)
	case op == "rename" && parent.Kind == yaml.MappingNode:
		parent.Content[i] = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: unescape(value)}
	case op == "bare" && parent.Kind == yaml.MappingNode:
		parent.Content[i] = &yaml.Node{Kind: yaml.ScalarNode, Value: last}
	default:
		return false
	}
	return true
}

func parsed(value string) *yaml.Node {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(value), &n); err != nil || len(n.Content) != 1 {
		panic("no YAML: " + value)
	}
	return n.Content[0]
}

func indexOf(n *yaml.Node, key string) int {
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode {
			if n.Content[i].Value == key {
				return i
			}
			i++
		} else if fmt.Sprint(i) == key {
			return i
		}
	}
	return -1
}

func down(n *yaml.Node, parts []string) *yaml.Node {
	for _, part := range parts {
		i := indexOf(n, unescape(part))
		if i < 0 {
			return nil
		}
		if n.Kind == yaml.MappingNode {
			i++
		}
		n = n.Content[i]
	}
	return n
}
