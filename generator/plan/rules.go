package plan

import (
	"io/fs"
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// Segments in the path of a template that stand for one item each.
const (
	entitySegment = "[entity]"
	sourceSegment = "[source]"
	// Of the sources that ask one service, the first.
	serviceSegment = "[service]"
)

// Paths that the generator itself fills.
const (
	// AnswersPath is where a component keeps its answers.
	AnswersPath = "fieldlab.yaml"
	// ManifestPath is where a component keeps what was generated.
	ManifestPath = ".fieldlab/manifest.json"
	// BasisPath and KernLinesPath are where it keeps its base; package base
	// writes them.
	BasisPath     = ".fieldlab/basis"
	KernLinesPath = ".fieldlab/kern"
)

// A rule applies to a file of the pack, or to a folder and all in it.
type rule struct {
	path string
	when func(*model.Component) bool
}

// conditions say when a file or folder is part of a component; what is not
// named here always is.
var conditions = []rule{
	{".github", func(c *model.Component) bool { return c.Delivery.GitHub }},
	{"deploy/openfsc/manager", func(c *model.Component) bool { return c.FSC.OwnPeer }},
	{"deploy/openfsc/controller", func(c *model.Component) bool { return c.FSC.OwnPeer }},
	{"deploy/openfsc/txlog", func(c *model.Component) bool { return c.FSC.OwnPeer }},
	{"deploy/openfsc/proef", func(c *model.Component) bool { return c.FSC.Compose }},
	{".gitlab-ci.yml", func(c *model.Component) bool { return c.Delivery.GitLab }},
}

// executables are the files with the executable bit; embedding loses it.
var executables = []string{}

// teamOwned are files and folders that the team continues to write itself. A
// migration that may have run somewhere is never changed, not by us either: a
// change to the tables is a new one. So is a decision: what was once decided stays written.
var teamOwned = []string{"CHANGELOG.md", "1-gegevens/migraties", "docs/besluiten"}

// wanted says whether the answers ask for the file.
func wanted(c *model.Component, name string) bool {
	target := outputOf(name)
	for _, rule := range conditions {
		if within(target, rule.path) && !rule.when(c) {
			return false
		}
	}
	return true
}

// outputOf is the path in the component of a file of the pack.
func outputOf(name string) string { return strings.TrimSuffix(name, render.Suffix) }

func ownerOf(name string) Owner {
	switch {
	case within(name, KernFolder):
		return Kern
	case matches(name, teamOwned):
		return Team
	}
	return Merged
}

func modeOf(name string) fs.FileMode {
	if path.Ext(name) == ".sh" || matches(name, executables) {
		return 0o755
	}
	return 0o644
}

func matches(name string, rules []string) bool {
	for _, rule := range rules {
		if within(name, rule) {
			return true
		}
	}
	return false
}

// within says whether name is the file or folder itself, or lies in it.
func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}
