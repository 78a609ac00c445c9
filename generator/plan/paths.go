package plan

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Longest path and longest name in it, in bytes. Windows allows 260 for the
// whole path, and the folder of the component needs room as well.
const (
	maxPath    = 180
	maxSegment = 100
)

// PathError says that a path cannot be, or not beside another one.
type PathError struct{ Text string }

// Error is part of error.
func (e PathError) Error() string { return e.Text }

// checkPaths checks each path, and that no two are the same file on a system
// that ignores case or normalises names. The manifest's own path is taken, and
// so is kern: what is not ours would be lost when kern is replaced.
func checkPaths(files []File, kern *takenPackages) error {
	var errs []error
	taken := map[string]string{}
	for _, own := range []string{ManifestPath, BasisPath, KernLinesPath} {
		taken[own] = own
	}
	folders := map[string]string{}
	for _, file := range files {
		if err := CheckPath(file.Path); err != nil {
			errs = append(errs, PathError{err.Error()})
			continue
		}
		key := fold(file.Path)
		if within(key, KernFolder) && file.Owner != Kern && (file.Template == "" || !kern.has(file.Path)) {
			errs = append(errs, PathError{fmt.Sprintf("%q lies in %s, which fieldlab replaces as a whole; give it another folder", file.Path, KernFolder)})
			continue
		}
		if other, found := taken[key]; found {
			errs = append(errs, PathError{fmt.Sprintf("%q and %q are the same file on some systems; rename one of them", other, file.Path)})
			continue
		}
		taken[key] = file.Path
		for folder := path.Dir(file.Path); folder != "."; folder = path.Dir(folder) {
			if other, found := folders[fold(folder)]; found && other != folder {
				errs = append(errs, PathError{fmt.Sprintf("folders %q and %q are the same on some systems; rename one of them", other, folder)})
				break
			}
			folders[fold(folder)] = folder
		}
	}
	for _, file := range files {
		if folder, found := folders[fold(file.Path)]; found {
			errs = append(errs, PathError{fmt.Sprintf("%q is a file and %q a folder", file.Path, folder)})
		}
	}
	return errors.Join(errs...)
}

// CheckPath says what is wrong with a path of a component: it must stay inside
// the component, outside .git, and be usable on every operating system.
func CheckPath(name string) error {
	what := pathFault(name)
	if what == "" {
		return nil
	}
	return fmt.Errorf("path %q %s", name, what)
}

func pathFault(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxPath:
		return fmt.Sprintf("is longer than %d bytes", maxPath)
	case !utf8.ValidString(name):
		return "is not valid UTF-8"
	case !norm.NFC.IsNormalString(name):
		return "is not in Unicode normal form C"
	case strings.HasPrefix(name, "/"):
		return "is absolute"
	case strings.Contains(name, `\`):
		return "holds a backslash"
	}
	for segment := range strings.SplitSeq(name, "/") {
		if what := segmentFault(segment); what != "" {
			return what
		}
	}
	return ""
}

func segmentFault(segment string) string {
	switch {
	case segment == "" || segment == "." || segment == "..":
		return "has an empty, . or .. segment"
	case len(segment) > maxSegment:
		return fmt.Sprintf("has a name longer than %d bytes", maxSegment)
	case strings.HasSuffix(segment, ".") || strings.HasSuffix(segment, " ") || strings.HasPrefix(segment, " "):
		return "has a name that begins or ends with a space, or ends with a dot"
	case strings.ContainsAny(segment, `<>:"|?*`):
		return "has a character that Windows does not allow"
	case strings.HasPrefix(segment, "-"):
		return "has a name that looks like an option"
	}
	for _, r := range segment {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return "has an invisible character"
		}
	}
	folded := fold(segment)
	if folded == ".git" || strings.HasPrefix(folded, "git~") {
		return "is inside .git"
	}
	if base, _, _ := strings.Cut(folded, "."); reserved[strings.TrimRight(base, " ")] {
		return "has a name that Windows reserves"
	}
	return ""
}

// reserved are the names of devices on Windows, with any extension.
var reserved = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true,
	"com0": true, "com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt0": true, "lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
	"com¹": true, "com²": true, "com³": true, "lpt¹": true, "lpt²": true, "lpt³": true,
}

// Fold gives the form in which two paths are the same file on a system that
// ignores case.
func Fold(name string) string { return fold(name) }

// fold gives the form in which two names are the same file on a system that
// ignores case.
func fold(name string) string {
	if isPlain(name) {
		return name
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// isPlain says whether folding would change nothing: most paths are plain.
func isPlain(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf || 'A' <= name[i] && name[i] <= 'Z' {
			return false
		}
	}
	return true
}
