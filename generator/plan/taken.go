package plan

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// UnknownPackage says that kern has no package of that name.
type UnknownPackage struct {
	Name     string
	Packages []string // that it has
}

// Error is part of error.
func (u UnknownPackage) Error() string {
	return fmt.Sprintf("kern has no package %q; it has %s", u.Name, strings.Join(u.Packages, ", "))
}

// takenPackages are the packages of kern that a team maintains itself.
type takenPackages struct{ names, packages []string }

// takenOf checks the names against the packages of the pack.
func takenOf(pack fs.FS, names []string) (*takenPackages, error) {
	if len(names) == 0 {
		return nil, nil
	}
	packages, err := PackagesIn(pack)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.Contains(packages, name) {
			return nil, UnknownPackage{Name: name, Packages: packages}
		}
	}
	return &takenPackages{names, packages}, nil
}

// judgeSuffix ends the tests of kern in which a library judges that no component has.
// They stay here when a team takes the package.
const judgeSuffix = "_judge_test.go"

func (t *takenPackages) has(name string) bool {
	return t != nil && !strings.HasSuffix(name, judgeSuffix) && Takes(t.names, t.packages, name)
}

// PackagesIn lists the packages of kern in a pack or component, by their path
// from kern.
func PackagesIn(files fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(files, KernFolder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path.Base(name) == "testdata":
			return fs.SkipDir
		case !entry.IsDir():
			names = append(names, name)
		}
		return nil
	})
	return Packages(names), err
}

// Packages lists the packages of kern among paths, by their path from kern.
func Packages(paths []string) []string {
	var packages []string
	for _, name := range paths {
		folder, inside := strings.CutPrefix(path.Dir(name), KernFolder+"/")
		if inside && path.Ext(name) == ".go" && !within(folder, "testdata") && !strings.Contains("/"+folder+"/", "/testdata/") {
			packages = append(packages, folder)
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

// Takes says whether a file, or a folder, belongs to one of the taken packages
// of kern: it lies in its folder, and not in that of another package below it.
func Takes(taken, packages []string, name string) bool {
	return len(taken) > 0 && slices.Contains(taken, nearest(name, func(at string) bool {
		_, found := slices.BinarySearch(packages, at)
		return found || slices.Contains(taken, at)
	}))
}

// PackageOf is the one of these packages of kern that a file is of; "" for none.
func PackageOf(packages []string, name string) string {
	return nearest(name, func(at string) bool { return slices.Contains(packages, at) })
}

// nearest is the nearest path from kern, upwards from a file or folder in it, that
// is one that is asked for; "" for none.
func nearest(name string, is func(at string) bool) string {
	at, isKern := strings.CutPrefix(name, KernFolder+"/")
	for ; isKern && at != "."; at = path.Dir(at) {
		if is(at) {
			return at
		}
	}
	return ""
}

// PathFor is the path of a file of the pack for an entity or source, of which
// item is the File of the name.
func PathFor(template, item string) string {
	return strings.NewReplacer(entitySegment, item, sourceSegment, item, serviceSegment, item).Replace(outputOf(template))
}
