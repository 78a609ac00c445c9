// Package examples holds the answers of real cases, to learn from and to start
// with. Each folder is one case; its fieldlab.yaml needs no other file.
package examples

import (
	"embed"
	"io/fs"
)

// A folder that holds a go.mod cannot be embedded from: a complete component
// belongs in a folder below the case.
//
//go:embed */fieldlab.yaml */cursus/[0-9]*.md */cursus/cursus.yaml
//go:embed */README.md
var files embed.FS

// Names lists the examples, sorted.
func Names() []string {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names
}

// Answers returns the answers file of an example.
func Answers(name string) ([]byte, bool) {
	data, err := fs.ReadFile(files, name+"/fieldlab.yaml")
	return data, err == nil
}

// File is a file of an example, by its name in the folder of the example.
type File struct {
	Name string
	Body []byte
}

// Files returns what there is to read of an example: its answers, and what is said
// about it.
func Files(name string) []File {
	var all []File
	for _, file := range []string{"README.md", "fieldlab.yaml"} {
		if body, err := fs.ReadFile(files, name+"/"+file); err == nil {
			all = append(all, File{Name: file, Body: body})
		}
	}
	return all
}

// Course returns the course of an example, as files; false when it has none.
func Course(name string) (fs.FS, bool) {
	course, err := fs.Sub(files, name+"/cursus")
	if err != nil {
		return nil, false
	}
	_, err = fs.Stat(course, "cursus.yaml")
	return course, err == nil
}
