// Package pack is what somebody lays over the built-in templates: a house style,
// a CI file, documents, a header. It is hostile input: it is data, and nothing
// of it runs.
package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

const (
	// Folder is where a component keeps the pack it was made with.
	Folder = ".fieldlab/pakket"
	// FileName is the file that says what a pack is.
	FileName = "pack.yaml"
	// FilesFolder is the folder of a pack with what is laid over the templates.
	FilesFolder = "files"
)

// Mark says which pack it is; fieldlab.yaml of a component has it.
type Mark struct{ Name, Version, Sum string }

// IsZero says whether it is of no pack.
func (m Mark) IsZero() bool { return m == Mark{} }

// Pack is an own pack that was read and is sound in form.
type Pack struct {
	Name, Version, Title, Description string
	Header                            string // at the top of source files outside kern
	Sum                               string // sha256:... of all of it

	yaml  []byte            // the text of pack.yaml
	files map[string][]byte // by path below files/
	trace *Trace            // nil: nothing is traced
}

// Mark is what the answers of a component say of it.
func (p *Pack) Mark() Mark { return Mark{p.Name, p.Version, p.Sum} }

// Why says why a component cannot be made with a pack, or without one.
type Why string

// The reasons of Refused.
const (
	NotGiven Why = "not-given" // the answers name a pack, and none is there
	Missing  Why = "missing"   // the component does not hold the pack that its answers name
	Edited   Why = "edited"    // what it holds is not what was taken in
	Other    Why = "other"     // the pack that was given is another than the answers name
)

// Refused says that pack and answers do not belong together.
type Refused struct {
	Why             Why
	Declared, Given Mark // Given is zero when there is none, or none that can be read
}

// Error is part of error.
func (r Refused) Error() string {
	return fmt.Sprintf("pack %s %s: %s", r.Declared.Name, r.Declared.Version, r.Why)
}

// Faulty is a pack of which something is wrong, with file and line.
type Faulty struct{ Problems problem.List }

// Error gives a line for each, in Dutch.
func (f Faulty) Error() string { return f.Problems.Error() }

// Stored reads the pack that a component keeps. It is a Refused when it is not
// there, or not the one that its answers name.
func Stored(component fs.FS, declared Mark) (*Pack, error) {
	at := ""
	for _, segment := range strings.Split(Folder, "/") {
		at = path.Join(at, segment)
		if info, err := fs.Lstat(component, at); err != nil || !info.IsDir() {
			return nil, Refused{Why: Missing, Declared: declared}
		}
	}
	sub, err := fs.Sub(component, Folder)
	if err != nil {
		return nil, err
	}
	p, found := readAll(sub)
	switch {
	case p.Sum != declared.Sum:
		return nil, Refused{Why: Edited, Declared: declared}
	case len(found) > 0: // as it was taken in, by a fieldlab that judged otherwise
		return nil, Faulty{found}
	case p.Mark() != declared:
		return nil, Refused{Why: Edited, Declared: declared, Given: p.Mark()}
	}
	return p, nil
}

// Stored are the files of the pack as a component keeps them.
func (p *Pack) Stored() []plan.File {
	files := []plan.File{{Path: Folder + "/" + FileName, Mode: 0o644, Body: p.yaml, Owner: plan.Merged}}
	for _, name := range p.Paths() {
		files = append(files, plan.File{Path: Folder + "/" + FilesFolder + "/" + name, Mode: 0o644, Body: p.files[name], Owner: plan.Merged})
	}
	return files
}

// Paths are the files of the pack, by their path below files/, sorted.
func (p *Pack) Paths() []string { return slices.Sorted(maps.Keys(p.files)) }

// Body is the text of one of them.
func (p *Pack) Body(name string) []byte { return p.files[name] }

// Has says whether the pack has a file.
func (p *Pack) Has(name string) bool {
	_, has := p.files[name]
	return has
}

// sumOf is the sum of a pack: the SHA-256 of a line for each file, sorted by path
// byte by byte:
//
//	path, NUL, SHA-256 of the file in hexadecimal, newline
func (p *Pack) sumOf() string {
	sums := map[string]string{FileName: plan.SumOf(p.yaml)}
	for name, body := range p.files {
		sums[FilesFolder+"/"+name] = plan.SumOf(body)
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(sum, "%s\x00%s\n", name, sums[name])
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// outputOf is the path in the component of a file of the pack.
func outputOf(name string) string { return strings.TrimSuffix(name, render.Suffix) }

func isTemplate(name string) bool { return strings.HasSuffix(name, render.Suffix) }
