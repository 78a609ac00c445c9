package answers

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// inspector looks for what YAML allows anywhere and an answers file nowhere:
// anchors, aliases, tags and merge keys (they hide what a reader sees), keys
// that are no text, and trees without bound.
type inspector struct {
	problems problem.List
	path     []string // segments of the present key
	nodes    int
	aliases  map[string]bool // said already; once for each is enough
}

// walk returns false when the tree is too deep or too large to go on with.
func (in *inspector) walk(n *yaml.Node, depth int) bool {
	if depth > maxDepth {
		in.problems = problem.List{in.at(n, problem.TooDeep, maxDepth)}
		return false
	}
	if in.nodes++; in.nodes > maxNodes {
		in.problems = problem.List{in.at(n, problem.TooMany, maxNodes)}
		return false
	}
	if n.Kind == yaml.AliasNode {
		in.alias(n)
		return true
	}
	if n.Anchor != "" {
		in.add(n, problem.AnchorUsed, n.Anchor)
	}
	if n.Style&yaml.TaggedStyle != 0 {
		in.add(n, problem.TagUsed, n.Tag)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		in.scalar(n)
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if !in.within(index("", i), item, depth) {
				return false
			}
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			in.key(n.Content[i])
			if !in.within("."+n.Content[i].Value, n.Content[i+1], depth) {
				return false
			}
		}
	}
	return true
}

func (in *inspector) within(segment string, n *yaml.Node, depth int) bool {
	in.path = append(in.path, segment)
	ok := in.walk(n, depth+1)
	in.path = in.path[:len(in.path)-1]
	return ok
}

func (in *inspector) key(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		in.alias(n)
	case n.Kind != yaml.ScalarNode:
		in.add(n, problem.KeyNotText)
	case n.Tag == "!!merge":
		in.add(n, problem.MergeUsed)
	case n.Anchor != "":
		in.add(n, problem.AnchorUsed, n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		in.add(n, problem.TagUsed, n.Tag)
	default:
		in.scalar(n)
	}
}

func (in *inspector) alias(n *yaml.Node) {
	if in.aliases[n.Value] {
		return
	}
	if in.aliases == nil {
		in.aliases = map[string]bool{}
	}
	in.aliases[n.Value] = true
	in.add(n, problem.AliasUsed, n.Value)
}

// scalar refuses control characters that were written as an escape.
func (in *inspector) scalar(n *yaml.Node) {
	for _, r := range n.Value {
		if unwanted(r) {
			in.add(n, problem.ControlCharacter, codePoint(r))
			return
		}
	}
}

func (in *inspector) add(n *yaml.Node, code problem.Code, args ...any) {
	in.problems = append(in.problems, in.at(n, code, args...))
}

func (in *inspector) at(n *yaml.Node, code problem.Code, args ...any) problem.Problem {
	key := strings.TrimPrefix(strings.Join(in.path, ""), ".")
	return problem.New(code, key, args...).At("", n.Line, n.Column)
}
