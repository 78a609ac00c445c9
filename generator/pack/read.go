package pack

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

// Limits on a pack. A house style has ten files and 50 kB.
const (
	maxFiles   = 300
	maxFolders = 300
	maxDepth   = 10      // folders in each other
	maxFile    = 1 << 20 // bytes of one
	maxTotal   = 4 << 20
	maxYAML    = 64 << 10
	maxSaid    = 100 // problems
)

// Read reads a pack. The error holds all that is wrong, with file and line, as a
// problem.List.
func Read(files fs.FS) (*Pack, error) {
	p, found := readAll(files)
	if len(found) > 0 {
		return nil, found
	}
	return p, nil
}

// readAll reads a pack, also one of which something is wrong.
func readAll(files fs.FS) (*Pack, problem.List) {
	r := &reader{in: files, pack: &Pack{files: map[string][]byte{}}}
	r.top()
	if r.pack.yaml != nil {
		r.found = append(r.found, r.pack.describe()...)
	}
	r.twice()
	r.judge()
	if len(r.pack.files) == 0 && r.pack.Header == "" && len(r.found) == 0 {
		r.add(problem.PackEmpty, FileName)
	}
	r.pack.Sum = r.pack.sumOf()
	return r.pack, r.found[:min(len(r.found), maxSaid)].Sorted()
}

type reader struct {
	in    fs.FS
	pack  *Pack
	found problem.List

	files, folders int
	total          int
	full           bool // a limit was passed: nothing more is read
}

func (r *reader) add(code problem.Code, file string, args ...any) {
	r.found = append(r.found, problem.New(code, "", args...).At(file, 0, 0))
}

// junk is what laptops put in a folder by themselves.
var junk = []string{".DS_Store", "Thumbs.db", "desktop.ini"}

// forPeople are the files beside pack.yaml that are for those who maintain it.
func forPeople(name string) bool {
	upper := strings.ToUpper(name)
	return strings.HasPrefix(name, ".") || slices.Contains(junk, name) ||
		slices.ContainsFunc([]string{"README", "LEESMIJ", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING", "SECURITY"}, func(known string) bool {
			return upper == known || strings.HasPrefix(upper, known+".")
		})
}

// top reads the folder itself.
func (r *reader) top() {
	entries, ok := r.entries(".")
	if !ok {
		return
	}
	hasYAML := false
	for _, entry := range entries {
		switch name := entry.Name(); {
		case name == FileName:
			hasYAML = true
			r.pack.yaml = r.file(FileName, entry, maxYAML)
		case name == FilesFolder && entry.IsDir():
			r.folder(FilesFolder, 1)
		case name == FilesFolder:
			r.add(problem.PackNotRegular, name)
		case forPeople(name):
		default:
			r.add(problem.PackUnknown, name, name)
		}
	}
	if !hasYAML {
		r.add(problem.PackNoYAML, FileName)
	}
}

// entries lists a folder, of which no more is read than a pack may hold.
func (r *reader) entries(name string) ([]fs.DirEntry, bool) {
	folder, err := r.in.Open(name)
	if err != nil {
		r.unreadable(name, err)
		return nil, false
	}
	defer folder.Close()
	listed, ok := folder.(fs.ReadDirFile)
	if !ok {
		r.add(problem.PackNotRegular, name)
		return nil, false
	}
	entries, err := listed.ReadDir(maxFiles + maxFolders + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		r.unreadable(name, err)
		return nil, false
	}
	if len(entries) > maxFiles+maxFolders {
		r.tooMany()
		return nil, false
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return entries, true
}

func (r *reader) tooMany() {
	if !r.full {
		r.add(problem.PackTooMany, FilesFolder, maxFiles, maxFolders)
	}
	r.full = true
}

// unreadable says that the system refused, without the path that it names.
func (r *reader) unreadable(name string, err error) {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	r.add(problem.PackUnreadable, name, err.Error())
}

func (r *reader) folder(name string, depth int) {
	if depth > maxDepth {
		r.add(problem.PackTooDeep, name, maxDepth)
		return
	}
	entries, ok := r.entries(name)
	if !ok {
		return
	}
	for _, entry := range entries {
		at := path.Join(name, entry.Name())
		switch {
		case r.full:
			return
		case slices.Contains(junk, entry.Name()):
		case entry.IsDir():
			if r.folders++; r.folders > maxFolders {
				r.tooMany()
				return
			}
			r.folder(at, depth+1)
		default:
			if r.files++; r.files > maxFiles {
				r.tooMany()
				return
			}
			if body := r.file(at, entry, maxFile); body != nil {
				r.pack.files[strings.TrimPrefix(at, FilesFolder+"/")] = body
			}
		}
	}
}

// file reads a regular file; nil when it is none, or too large. Text gets the
// line ends that all text of a component has, so that a pack has one sum on every
// system.
func (r *reader) file(name string, entry fs.DirEntry, most int) []byte {
	if !entry.Type().IsRegular() {
		r.add(problem.PackNotRegular, name)
		return nil
	}
	opened, err := r.in.Open(name)
	if err != nil {
		r.unreadable(name, err)
		return nil
	}
	defer opened.Close()
	if info, err := opened.Stat(); err != nil || !info.Mode().IsRegular() {
		r.add(problem.PackNotRegular, name)
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(opened, int64(most)+1))
	switch {
	case err != nil:
		r.unreadable(name, err)
		return nil
	case len(body) > most:
		r.add(problem.PackTooLarge, name, most)
		return nil
	}
	if r.total += len(body); r.total > maxTotal {
		r.add(problem.PackTotal, FilesFolder, maxTotal)
		r.full = true
		return nil
	}
	if !bytes.Contains(body, []byte{0}) {
		body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	}
	if body == nil {
		body = []byte{}
	}
	return body
}

// twice finds what would be one file, or one folder, of the component.
func (r *reader) twice() {
	taken, folders := map[string]string{}, map[string]string{}
	for _, name := range r.pack.Paths() {
		output := outputOf(name)
		if other, found := taken[plan.Fold(output)]; found {
			r.add(problem.PackTwice, FilesFolder+"/"+name, FilesFolder+"/"+other)
			continue
		}
		taken[plan.Fold(output)] = name
		for folder := path.Dir(output); folder != "."; folder = path.Dir(folder) {
			if other, found := folders[plan.Fold(folder)]; found && other != folder {
				r.add(problem.PackTwice, FilesFolder+"/"+name, FilesFolder+"/"+other)
				break
			}
			folders[plan.Fold(folder)] = folder
		}
	}
	for _, name := range r.pack.Paths() {
		if other, found := folders[plan.Fold(outputOf(name))]; found {
			r.add(problem.PackTwice, FilesFolder+"/"+name, FilesFolder+"/"+other)
		}
	}
}

// judge judges each file: its path, and its form as far as that is known before
// there is a component.
func (r *reader) judge() {
	for _, name := range r.pack.Paths() {
		if found := judgePath(name); len(found) > 0 {
			r.found = append(r.found, found...)
			continue
		}
		body := r.pack.files[name]
		if isTemplate(name) {
			for _, p := range turned(name, body) {
				r.found = append(r.found, p.At(FilesFolder+"/"+name, p.Line, 0))
			}
			for _, fault := range render.Check(name, body) {
				r.found = append(r.found, problemOf(fault))
			}
			continue
		}
		for _, p := range form(name, body) {
			r.found = append(r.found, p.At(FilesFolder+"/"+name, p.Line, 0))
		}
	}
}
