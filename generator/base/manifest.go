package base

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

var (
	regexSum     = regexp.MustCompile(`^[0-9a-f]{64}$`)
	regexPackage = regexp.MustCompile(`^[a-z][a-z0-9]*(/[a-z][a-z0-9]*)*$`)
)

// ReadManifest reads the manifest of a component, also of the version before
// this one, which has no base beside it.
func ReadManifest(component fs.FS) (plan.Manifest, error) {
	body, err := readFile(component, plan.ManifestPath)
	if err != nil {
		return plan.Manifest{}, err
	}
	return ParseManifest(body)
}

// ParseManifest reads the text of a manifest.
func ParseManifest(body []byte) (plan.Manifest, error) {
	fault := func(code Code, detail string) (plan.Manifest, error) {
		return plan.Manifest{}, Fault{Code: code, Path: plan.ManifestPath, Detail: detail}
	}
	if bytes.Count(body, []byte("{")) > 2*maxFiles { // each row takes far more room than it has here
		return fault(TooLarge, "")
	}
	var format struct{ Version int }
	if err := json.Unmarshal(body, &format); err != nil {
		return fault(Damaged, "")
	}
	switch {
	case format.Version > plan.ManifestVersion:
		return fault(Newer, strconv.Itoa(format.Version))
	case format.Version == 1:
		return fault(TooOld, "1")
	case format.Version < 1:
		return fault(Damaged, "")
	}
	var manifest plan.Manifest
	if err := json.Unmarshal(body, &manifest); err != nil {
		return fault(Damaged, "")
	}
	if len(manifest.Files) > maxFiles || len(manifest.Taken) > 1000 || len(manifest.Kept) > maxFiles {
		return fault(TooLarge, "")
	}
	for _, name := range manifest.Taken {
		if !regexPackage.MatchString(name) {
			return fault(BadPath, name)
		}
	}
	before := ""
	for _, row := range manifest.Files {
		switch {
		case plan.CheckPath(row.Path) != nil, row.Path <= before, own(row.Path):
			return fault(BadPath, row.Path)
		case strings.HasPrefix(row.Path, plan.KernFolder+"/") && len(manifest.Taken) == 0:
			return fault(BadPath, row.Path)
		case !regexSum.MatchString(row.SHA256), row.Owner != plan.Merged && row.Owner != plan.Team,
			row.Written != "" && !regexSum.MatchString(row.Written):
			return fault(Damaged, row.Path)
		}
		before = row.Path
	}
	if !regexSum.MatchString(manifest.Kern) {
		return fault(Damaged, "")
	}
	return manifest, nil
}

// own says whether a path is that of a file of the base itself, in any case.
func own(path string) bool {
	folded := plan.Fold(path)
	return folded == plan.ManifestPath || folded == RoomsPath || folded == KernPath
}
