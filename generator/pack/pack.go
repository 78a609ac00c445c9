// Package pack is what somebody lays over the built-in templates: a house style,
// a CI file, documents, a header. It is hostile input: it is data, and nothing
// of it runs.
package pack

import "io/fs"

// Folder is where a component keeps the pack it was made with.
const Folder = ".fieldlab/pakket"

// Pack is an own pack that was read and is sound in form.
type Pack struct {
	Name, Version, Title, Description string
	Header                            string // at the top of source files outside kern
	Sum                               string // sha256:... of all of it

	files fs.FS
}

// Read reads a pack. The error holds all that is wrong, with file and line, as a
// problem.List.
func Read(files fs.FS) (*Pack, error) { return nil, nil }

// Over is the built-in pack with this one laid over it.
func (p *Pack) Over(built fs.FS) fs.FS { return built }
