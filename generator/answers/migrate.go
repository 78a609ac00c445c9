package answers

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// migrate brings the tree of d to the version of f, one version at a time. A
// file from the future is refused at once: its other problems would only be
// ours.
func (f format) migrate(d *Document) {
	top := d.tree.Content[0]
	node := child(top, "version")
	if node == nil || node.Kind != yaml.ScalarNode {
		return // the decoder says so
	}
	version, ok := integerOf(node.Value)
	switch {
	case !ok || version == f.version:
		return
	case version > f.version:
		d.refuse(node, problem.New(problem.VersionNewer, "version", version, f.version))
		return
	}
	for ; version < f.version; version++ {
		step := f.migrations[version]
		if step == nil {
			d.refuse(node, problem.New(problem.VersionUnknown, "version", version))
			return
		}
		step(top)
	}
	node.Value = strconv.Itoa(f.version)
	source, err := encode(d.tree)
	if err != nil {
		d.refuse(node, problem.New(problem.NotYAML, "", err.Error()))
		return
	}
	d.Source = source
}

// refuse leaves the document without a tree: nothing more is read from it.
func (d *Document) refuse(n *yaml.Node, p problem.Problem) {
	d.problems = append(d.problems, p.At("", n.Line, n.Column))
	d.tree = nil
}

// child returns the value of key in the mapping n, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind == yaml.ScalarNode && n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
