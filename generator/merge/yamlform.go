package merge

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlForm merges mappings by key and lists by what their entries are called.
var yamlForm = form{sound: soundYAML, merge: mergeYAML}

// soundYAML says that a text can be read and holds no key twice.
func soundYAML(lines []string) bool {
	if nodes, _, ok := readYAML(lines); ok {
		return uniqueNodes(nodes)
	}
	_, ok := yamlLeaves(lines)
	return ok
}

func uniqueNodes(nodes []*node) bool {
	known := map[string]bool{}
	for _, n := range nodes {
		if !uniqueNodes(n.kids) || !n.dash && known[n.key] {
			return false
		}
		known[n.key] = true
	}
	return true
}

func mergeYAML(s sides, _ Labels) merged {
	base, baseTail, okBase := readYAML(s.base.lines)
	ours, tail, okOurs := readYAML(s.ours.lines)
	theirs, theirTail, okTheirs := readYAML(s.theirs.lines)
	if !okOurs || !okTheirs || !okBase && !s.added {
		return merged{}
	}
	nodes, ok := mergeNodes(base, ours, theirs)
	if !ok {
		return merged{}
	}
	var lines []string
	for _, n := range nodes {
		lines = n.write(lines)
	}
	end, ok := mergeNotes(baseTail, tail, theirTail)
	if !ok {
		return merged{}
	}
	lines = append(lines, end...)
	if !yamlHolds(s, lines) {
		return merged{}
	}
	return merged{lines: lines, ok: true}
}

func mergeNodes(base, ours, theirs []*node) ([]*node, bool) {
	w := weaver[*node]{key: (*node).name, same: sameNode, both: mergeNode}
	all, ok := w.weave(base, ours, theirs)
	if !ok || len(ours) == 0 {
		return all, ok
	}
	for i, n := range all {
		if n.dash != ours[0].dash {
			return nil, false
		}
		if by := ours[0].indent - n.indent; by != 0 {
			all[i] = n.shifted(by)
		}
	}
	return all, true
}

func sameNode(a, b *node) bool {
	return slices.Equal(a.lead, b.lead) && a.text() == b.text()
}

// name is what an entry is called.
func (n *node) name() string {
	if !n.dash {
		return n.key
	}
	for _, word := range nameKeys {
		for _, kid := range n.kids {
			if kid.key == word && kid.value != "" {
				return word + ": " + unquoted(kid.value)
			}
		}
	}
	if len(n.kids) > 0 {
		return strings.TrimSpace(n.kids[0].text())
	}
	if value, rest, ok := readFlow(n.value, false); ok && strings.TrimSpace(rest) == "" {
		return part{value: value}.name()
	}
	return n.text()
}

// mergeNode merges an entry that both changed.
func mergeNode(base, ours, theirs *node) (*node, bool) {
	if base == nil {
		base = &node{}
	}
	lead, ok := mergeNotes(base.lead, ours.lead, theirs.lead)
	if !ok || ours.dash != theirs.dash {
		return nil, false
	}
	out := *ours
	out.lead = lead
	if out.value, out.raw, ok = mergeValue(base, ours, theirs); !ok {
		return nil, false
	}
	if len(ours.kids)+len(theirs.kids) == 0 {
		return &out, true
	}
	if (out.value != "" && out.value[0] != '#' && out.value[0] != '&' && out.value[0] != '!') || len(out.raw) > 0 {
		return nil, false // one made a mapping of what is a value for the other
	}
	out.kids, ok = mergeNodes(base.kids, ours.kids, theirs.kids)
	return &out, ok && len(out.kids) > 0
}

// mergeValue merges what stands on the line, with what follows when that is no entry.
func mergeValue(base, ours, theirs *node) (string, []string, bool) {
	b, o, t := base.whole(), ours.whole(), theirs.whole()
	switch {
	case o == t, t == b:
		return ours.value, ours.raw, true
	case o == b:
		return theirs.value, theirs.raw, true
	case ours.value == theirs.value && len(ours.raw) > 0 && len(theirs.raw) > 0 && strings.ContainsAny(ours.value[:1], "|>"):
		m := mergeLines(lineMerge{base: base.raw, ours: ours.raw, theirs: theirs.raw}, Labels{})
		return ours.value, m.lines, m.clashes == 0
	}
	was, wasNote, okBase := readFlow(b, false)
	mine, note, okOurs := readFlow(o, false)
	its, itsNote, okTheirs := readFlow(t, false)
	if !okOurs || !okTheirs || !okBase && b != "" {
		return "", nil, false
	}
	if !okBase {
		was = nil
	}
	value, ok := mergeFlow(was, mine, its)
	if !ok {
		return "", nil, false
	}
	switch {
	case note == itsNote || itsNote == wasNote:
	case note == wasNote:
		note = itsNote
	default:
		return "", nil, false
	}
	lines := strings.Split(value.text+note, "\n")
	return lines[0], lines[1:], true
}

func (n *node) whole() string {
	if len(n.raw) == 0 {
		return n.value
	}
	return n.value + "\n" + strings.Join(n.raw, "\n")
}

// mergeNotes merges comments and empty lines; what both added is kept.
func mergeNotes(base, ours, theirs []string) ([]string, bool) {
	switch {
	case slices.Equal(theirs, base), slices.Equal(ours, theirs):
		return ours, true
	case slices.Equal(ours, base):
		return theirs, true
	}
	m := mergeLines(lineMerge{base: base, ours: ours, theirs: theirs, solve: anywhere.solve}, Labels{})
	return m.lines, m.clashes == 0
}

// shifted is the entry with another indent.
func (n *node) shifted(by int) *node {
	out := *n
	shift := func(lines []string) []string {
		moved := make([]string, len(lines))
		for i, line := range lines {
			if moved[i] = line; strings.TrimSpace(line) != "" {
				moved[i] = strings.Repeat(" ", max(0, by)) + line[min(max(0, -by), indentOf(line)):]
			}
		}
		return moved
	}
	out.indent = n.indent + by
	out.lead, out.raw = shift(n.lead), shift(n.raw)
	if n.head != "" {
		out.head = shift([]string{n.head})[0]
	}
	out.kids = make([]*node, len(n.kids))
	for i, kid := range n.kids {
		out.kids[i] = kid.shifted(by)
	}
	return &out
}

// yamlHolds reads the result with another reader: all that a side brought has to be
// in it, and all that nobody took out.
func yamlHolds(s sides, lines []string) bool {
	base, _ := yamlLeaves(s.base.lines)
	ours, okOurs := yamlLeaves(s.ours.lines)
	theirs, okTheirs := yamlLeaves(s.theirs.lines)
	result, ok := yamlLeaves(lines)
	if !ok || !okOurs || !okTheirs {
		return false
	}
	for leaf := range ours {
		if !result[leaf] && (!base[leaf] || theirs[leaf]) {
			return false
		}
	}
	for leaf := range theirs {
		if !result[leaf] && !base[leaf] {
			return false
		}
	}
	return true
}

// yamlLeaves are the values of a document with the way to each; false when it
// cannot be read or holds a key twice.
func yamlLeaves(lines []string) (map[string]bool, bool) {
	var document yaml.Node
	if err := yaml.Unmarshal(joined(lines), &document); err != nil {
		return nil, false
	}
	leaves := map[string]bool{}
	return leaves, addLeaves(&document, "", leaves, 0)
}

func addLeaves(n *yaml.Node, way string, leaves map[string]bool, depth int) bool {
	if depth > deepest {
		return false
	}
	switch n.Kind {
	case yaml.MappingNode:
		known := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if known[key] || !addLeaves(n.Content[i+1], way+"\x00"+key, leaves, depth+1) {
				return false
			}
			known[key] = true
		}
	case yaml.SequenceNode, yaml.DocumentNode:
		for _, kid := range n.Content {
			if !addLeaves(kid, way+"\x00-", leaves, depth+1) {
				return false
			}
		}
	default:
		for line := range strings.Lines(n.Value + "\n") {
			leaves[way+"\x00"+strings.TrimSpace(line)] = true
		}
	}
	return true
}
