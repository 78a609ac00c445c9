package bundle

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Fault is one file of a bundle that is not as it was made.
type Fault struct {
	Path string `json:"path"`
	Why  string `json:"why"` // missing, changed, cut-off, extra, unreadable
}

// Verify holds every file of the bundle against its sum.
func Verify(ctx context.Context, dir string) ([]Fault, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, none(dir, err)
	}
	defer root.Close()
	// What is said of bundel.json is one fault among others.
	body, err := readSmall(root.FS(), SumsFile)
	if err != nil {
		return nil, none(dir, err)
	}
	known, err := parseSums(body)
	if err != nil {
		return nil, err
	}
	manifest, _ := Read(root.FS())
	faults, err := compare(ctx, root, known, manifest.Sizes)
	if err != nil {
		return nil, err
	}
	extra, err := extras(root.FS(), known)
	if err != nil {
		return nil, err
	}
	faults = append(faults, extra...)
	slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	return faults, nil
}

// compare reads all files, a few at a time: a stick is slow, and a sum takes a
// processor as long as reading takes a stick.
func compare(ctx context.Context, root *os.Root, known sums, sizes map[string]int64) (faults []Fault, err error) {
	names := make(chan string)
	var found sync.Mutex
	var workers sync.WaitGroup
	for range min(runtime.NumCPU(), 4) {
		workers.Go(func() {
			for name := range names {
				if why := judge(root, name, known[name], sizes); why != "" {
					found.Lock()
					faults = append(faults, Fault{Path: name, Why: why})
					found.Unlock()
				}
			}
		})
	}
	for _, name := range known.names() {
		if err = ctx.Err(); err != nil {
			break
		}
		names <- name
	}
	close(names)
	workers.Wait()
	return faults, err
}

// judge says what is wrong with a file; "" when nothing is.
func judge(root *os.Root, name, want string, sizes map[string]int64) string {
	info, err := root.Lstat(name)
	size, told := sizes[name]
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "missing"
	case err != nil:
		return "unreadable"
	case !info.Mode().IsRegular():
		return "changed"
	case told && info.Size() < size:
		return "cut-off"
	case told && info.Size() != size:
		return "changed"
	}
	switch sum, _, err := sumOfFile(root.FS(), name); {
	case err != nil:
		return "unreadable"
	case sum != want:
		return "changed"
	}
	return ""
}

// extras are files that no sum is known of. Of a folder with nothing known in it
// only the folder is named: a stick may hold somebody's holiday.
func extras(files fs.FS, known sums) (faults []Fault, err error) {
	folders := map[string]bool{".": true}
	for name := range known {
		for folder := path.Dir(name); !folders[folder]; folder = path.Dir(folder) {
			folders[folder] = true
		}
	}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			faults = append(faults, Fault{Path: name, Why: "unreadable"})
			return skip(entry)
		case name != "." && isOfSystem(entry.Name()):
			return skip(entry)
		case name == SumsFile || known[name] != "" || entry.IsDir() && folders[name]:
			return nil
		}
		if entry.IsDir() {
			name += "/"
		}
		faults = append(faults, Fault{Path: name, Why: "extra"})
		return skip(entry)
	})
	return faults, err
}

// skip leaves a folder alone; a file is left already.
func skip(entry fs.DirEntry) error {
	if entry != nil && entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}
