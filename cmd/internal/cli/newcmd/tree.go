package newcmd

import (
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// branch is a folder in the drawing, or a file when it has no children.
type branch struct {
	name     string
	size     int64
	count    int // files in it
	children []*branch
	file     bool
}

// grow makes a tree of a plan, which is sorted by path.
func grow(name string, files plan.Plan) *branch {
	root := &branch{name: name}
	for _, file := range files {
		at, size := root, int64(len(file.Body))
		segments := strings.Split(file.Path, "/")
		for i, segment := range segments {
			at.size += size
			at.count++
			at = at.child(segment)
			if i == len(segments)-1 {
				at.file, at.size = true, size
			}
		}
	}
	return root
}

// child finds a child or adds it.
func (b *branch) child(name string) *branch {
	for _, c := range b.children {
		if c.name == name {
			return c
		}
	}
	c := &branch{name: name}
	b.children = append(b.children, c)
	return c
}

// draw shows every file with its size.
func draw(dir string, files plan.Plan) string {
	var b strings.Builder
	root := grow(dir, files)
	fmt.Fprintf(&b, "%s/\n", strings.TrimRight(dir, "/"))
	root.draw(&b, "")
	return b.String()
}

// draw writes the children, each with a line from its folder.
func (b *branch) draw(w *strings.Builder, indent string) {
	for i, c := range b.children {
		joint, below := "├── ", "│   "
		if i == len(b.children)-1 {
			joint, below = "└── ", "    "
		}
		if c.file {
			fmt.Fprintf(w, "%s%s%s  (%s)\n", indent, joint, c.name, size(c.size))
			continue
		}
		fmt.Fprintf(w, "%s%s%s/\n", indent, joint, c.name)
		c.draw(w, indent+below)
	}
}

// overview gives the folders at the top, with how much is in each, and the
// files beside them in one line.
func overview(files plan.Plan, count func(int) string) (folders, loose string) {
	var b strings.Builder
	var names []string
	for _, c := range grow("", files).children {
		if c.file {
			names = append(names, c.name)
			continue
		}
		fmt.Fprintf(&b, "  %-14s %s\n", c.name+"/", count(c.count))
	}
	return b.String(), strings.Join(names, " ")
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1000)
	default:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1000/1000)
	}
}
