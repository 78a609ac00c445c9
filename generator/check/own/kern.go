package own

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// kern holds the files of kern against their sums.
func (l *look) kern() {
	if l.base == nil {
		return
	}
	l.to.Looked(ruleChanged)
	paths, same := l.kernOnDisk()
	if len(paths) == 0 {
		l.to.Add(check.Finding{Rule: ruleChanged, Case: "nothing", Path: plan.KernFolder})
		return
	}
	packages := plan.Packages(paths)
	taken := rowsIn(l.manifest, plan.KernFolder+"/")
	for _, name := range paths {
		_, ours := l.base.Kern[name]
		switch {
		case same[name] || taken[name] || plan.Takes(l.manifest.Taken, packages, name):
		case !ours:
			l.to.Add(check.Finding{Rule: ruleChanged, Case: "added", Path: name})
		case name == plan.VersionPath: // counts for nothing, and the next update sets it right
		default:
			l.changed(name, plan.PackageOf(packages, name))
		}
	}
	for name := range l.base.Kern {
		if _, found := slices.BinarySearch(paths, name); !found {
			l.to.Add(check.Finding{Rule: ruleChanged, Case: "missing", Path: name})
		}
	}
}

func (l *look) changed(name, pkg string) {
	f := check.Finding{Rule: ruleChanged, Case: "changed", Path: name, Args: []string{pkg}}
	if pkg == "" {
		f.Case, f.Args = "loose", nil
	}
	l.to.Add(f)
}

// kernOnDisk lists the files of kern, sorted, and which of them are as fieldlab wrote
// them: what the engine found of that, or else by their sums.
func (l *look) kernOnDisk() (paths []string, same map[string]bool) {
	same = map[string]bool{}
	for _, f := range l.r.Files() {
		if strings.HasPrefix(f.Path, plan.KernFolder+"/") {
			paths = append(paths, f.Path)
			if f.Kern {
				same[f.Path] = true
			}
		}
	}
	if len(same) == 0 {
		same = pristine(l.r, l.base)
	}
	return paths, same
}

// rowsIn are the paths that the manifest has in a folder.
func rowsIn(m plan.Manifest, folder string) map[string]bool {
	rows := map[string]bool{}
	for _, row := range m.Files {
		if strings.HasPrefix(row.Path, folder) {
			rows[row.Path] = true
		}
	}
	return rows
}

// gone names the files outside kern that are not there any more, so that the next update
// asks what to do with them.
func (l *look) gone() {
	for _, row := range l.manifest.Files {
		if row.Owner != plan.Merged || strings.HasPrefix(row.Path, plan.KernFolder+"/") {
			continue
		}
		l.to.Looked(ruleGone)
		if l.r.Has(row.Path) {
			continue
		}
		if _, err := fs.Lstat(l.r.FS(), row.Path); err == nil {
			continue // Git leaves it alone, or it is a link: there it is
		}
		l.to.Add(check.Finding{Rule: ruleGone, Path: row.Path})
	}
}

// older says that there is a newer fieldlab than the one that made the component.
func (l *look) older(version string) {
	mine, known := numbersOf(version)
	theirs, said := numbersOf(l.manifest.Generator)
	if !known || !said {
		return
	}
	l.to.Looked(ruleVersion)
	if slices.Compare(theirs, mine) < 0 {
		l.to.Add(check.Finding{Rule: ruleVersion, Path: plan.ManifestPath, Args: []string{l.manifest.Generator, version}})
	}
}

// numbersOf are the three numbers of a released version; what is built by hand has none.
func numbersOf(version string) (numbers []int, ok bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "-")
	version, _, _ = strings.Cut(version, "+")
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return nil, false
	}
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

// migrations is the folder of which nothing that is there ever changes.
const migrations = "1-gegevens/migraties/"

// migration remembers one, and says when another one has its number.
func (l *look) migration(name string, body []byte) {
	l.sums[name] = plan.SumOf(body)
	folder := name[:strings.LastIndexByte(name, '/')+1]
	number, _, numbered := strings.Cut(name[len(folder):], "_")
	if n, err := strconv.Atoi(number); numbered && err == nil {
		l.to.Looked(ruleMigration)
		key := folder + strconv.Itoa(n)
		if before := l.numbers[key]; before != "" {
			l.to.Add(check.Finding{Rule: ruleMigration, Case: "twice", Path: name, Args: []string{number, before}})
		}
		l.numbers[key] = name
	}
}

// migrated holds the migrations against what they were when fieldlab made them.
func (l *look) migrated() {
	for _, row := range l.manifest.Files {
		if !strings.HasPrefix(row.Path, migrations) || row.Owner != plan.Team {
			continue
		}
		l.to.Looked(ruleMigration)
		sum, found := l.sums[row.Path]
		switch _, err := fs.Lstat(l.r.FS(), row.Path); {
		case found && (sum == row.SHA256 || sum == row.Written):
		case found:
			l.to.Add(check.Finding{Rule: ruleMigration, Case: "changed", Path: row.Path})
		case err != nil:
			l.to.Add(check.Finding{Rule: ruleMigration, Case: "gone", Path: row.Path})
		default:
			l.to.Miss(ruleMigration, row.Path, "unreadable")
		}
	}
}

// inBase is the text of a file in the base.
func (l *look) inBase(name string) ([]byte, bool) {
	if l.base == nil {
		return nil, false
	}
	body, ok := l.base.Files[name]
	return body, ok
}
