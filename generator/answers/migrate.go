package answers

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// migrate brings the tree of d to the version of f, one version at a time. A
// file from the future is refused at once: its other problems would only be
// ours.
func (d *Document) migrate() {
	top := d.tree.Content[0]
	node := child(top, "version")
	if node == nil || node.Kind != yaml.ScalarNode {
		return // the decoder says so
	}
	version, ok := integerOf(node.Value)
	if !ok || version == d.format.version {
		return
	}
	if p, ok := d.format.judge(version); !ok {
		d.refuse(node, p)
		return
	}
	for ; version < d.format.version; version++ {
		d.format.migrations[version](top)
	}
	node.Value = strconv.Itoa(d.format.version)
	source, err := encode(d.tree)
	if err != nil {
		d.refuse(node, problem.New(problem.NotYAML, "", err.Error()))
		return
	}
	d.Source = source
}

// judge says whether there is a way from version to the present one.
func (f format) judge(version int) (problem.Problem, bool) {
	if version > f.version {
		return problem.New(problem.VersionNewer, "version", version, f.version), false
	}
	for ; version < f.version; version++ {
		if f.migrations[version] == nil {
			return problem.New(problem.VersionUnknown, "version", version), false
		}
	}
	return problem.Problem{}, true
}

// checkVersion notices a version that Set changed.
func (d *Document) checkVersion() {
	node := child(d.tree.Content[0], "version")
	if node == nil || node.Kind != yaml.ScalarNode {
		return
	}
	version, ok := integerOf(node.Value)
	if !ok || version == d.format.version {
		return
	}
	p, ok := d.format.judge(version)
	if ok {
		p = problem.New(problem.VersionUnknown, "version", version)
	}
	d.problems = append(d.problems, p)
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
