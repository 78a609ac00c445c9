// Package templates embeds the built-in pack: the tree of a component, of
// which what does not depend on the answers is real Go that is compiled and
// tested in this repository, and what does is a small *.tmpl beside it.
package templates

import (
	"embed"
	"io/fs"
)

// The prefix all: takes along dot files, which a component is full of.
//
//go:embed all:component
var files embed.FS

// Component returns the built-in pack, rooted at the root of a component.
func Component() fs.FS {
	sub, err := fs.Sub(files, "component")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return sub
}
