// Package templates embeds the built-in pack: the tree of a component, of
// which what does not depend on the answers is real Go that is compiled and
// tested in this repository, and what does is a small *.tmpl beside it.
package templates

import (
	"embed"
	"io/fs"
	"sync"
)

// The prefix all: takes along dot files, which a component is full of.
//
//go:embed all:component
var files embed.FS

// Component returns the built-in pack, rooted at the root of a component: each
// time the same one.
func Component() fs.FS { return component() }

var component = sync.OnceValue(func() *pack {
	sub, err := fs.Sub(files, "component")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return &pack{FS: sub}
})

// pack is a pack that is part of the program, so that it never changes.
type pack struct {
	fs.FS
	memory sync.Map
}

// Memory is where whoever reads the pack keeps what need not be read again: of a
// hundred components only the first one parses the templates.
func (p *pack) Memory() *sync.Map { return &p.memory }

// ReadFile is part of fs.ReadFileFS.
func (p *pack) ReadFile(name string) ([]byte, error) { return fs.ReadFile(p.FS, name) }

// ReadDir is part of fs.ReadDirFS.
func (p *pack) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.FS, name) }
