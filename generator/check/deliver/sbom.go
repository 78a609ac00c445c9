package deliver

import (
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// sbom is what a bill of materials says of its parts.
type sbom struct {
	path  string
	parts []part
}

type part struct{ kind, name, version string }

// isSBOM says by its name whether a file is one, in JSON.
func isSBOM(name string) bool {
	lower := strings.ToLower(name)
	switch lower {
	case "sbom.json", "bom.json", "cyclonedx.json", "sbom.cyclonedx.json":
		return true
	}
	return strings.HasSuffix(lower, ".cdx.json") || strings.HasSuffix(lower, ".spdx.json") || strings.HasSuffix(lower, ".sbom.json")
}

// bill holds the fields of both standards that are looked at.
type bill struct {
	BomFormat, SpecVersion string
	Components             []struct{ Type, Name, Version, Purl string }

	SpdxVersion, DataLicense, SPDXID, Name, DocumentNamespace string

	CreationInfo *struct {
		Created  string
		Creators []string
	}
	Packages []struct {
		Name, VersionInfo string
		ExternalRefs      []struct{ ReferenceLocator string }
	}
	Graph []json.RawMessage `json:"@graph"`
}

func (l *look) sbom(f check.File, body []byte) {
	if isAside(f) {
		return
	}
	var b bill
	if err := json.Unmarshal(body, &b); err != nil {
		line := 1
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line = check.LineAt(body, int(syntax.Offset))
		}
		l.add(check.Finding{Rule: ruleSBOMForm, Case: "json", Path: f.Path, Line: line})
		return
	}
	var missing []string
	kind := "CycloneDX"
	switch {
	case len(b.Graph) > 0: // SPDX 3, of which no more is looked at
		l.to.Looked(ruleSBOMForm)
		return
	case b.SpdxVersion != "" || b.SPDXID != "":
		kind, missing = "SPDX", b.spdx()
	case b.BomFormat != "" || strings.Contains(strings.ToLower(f.Path), "cdx"):
		missing = b.cycloneDX()
	default:
		return // a file with that name for something else
	}
	l.to.Looked(ruleSBOMForm)
	if len(missing) > 0 {
		l.add(check.Finding{Rule: ruleSBOMForm, Case: "field", Path: f.Path, Args: []string{kind, strings.Join(missing, ", ")}})
	} else if len(b.Components) == 0 && len(b.Packages) == 0 {
		l.add(check.Finding{Rule: ruleSBOMForm, Case: "empty", Path: f.Path})
	}
	l.sboms = append(l.sboms, sbom{f.Path, b.parts()})
}

func (b *bill) cycloneDX() (missing []string) {
	if b.BomFormat != "CycloneDX" {
		missing = append(missing, "bomFormat")
	}
	if b.SpecVersion == "" {
		missing = append(missing, "specVersion")
	}
	for i, c := range b.Components {
		if c.Name == "" || c.Type == "" {
			missing = append(missing, "components["+strconv.Itoa(i)+"].name, .type")
			break
		}
	}
	return missing
}

func (b *bill) spdx() (missing []string) {
	for _, one := range []struct{ name, value string }{
		{"spdxVersion", b.SpdxVersion}, {"dataLicense", b.DataLicense}, {"SPDXID", b.SPDXID}, {"name", b.Name}, {"documentNamespace", b.DocumentNamespace},
	} {
		if one.value == "" {
			missing = append(missing, one.name)
		}
	}
	if b.CreationInfo == nil || b.CreationInfo.Created == "" || len(b.CreationInfo.Creators) == 0 {
		missing = append(missing, "creationInfo")
	}
	return missing
}

// parts are those of Go and of npm, by their package URL.
func (b *bill) parts() []part {
	var urls []string
	for _, c := range b.Components {
		urls = append(urls, c.Purl)
	}
	for _, p := range b.Packages {
		for _, ref := range p.ExternalRefs {
			urls = append(urls, ref.ReferenceLocator)
		}
	}
	var all []part
	for _, one := range urls {
		rest, ok := strings.CutPrefix(one, "pkg:")
		if !ok {
			continue
		}
		kind, rest, _ := strings.Cut(rest, "/")
		rest, _, _ = strings.Cut(rest, "?")
		rest, _, _ = strings.Cut(rest, "#")
		at := strings.LastIndexByte(rest, '@')
		if at <= 0 || kind != "golang" && kind != "npm" {
			continue
		}
		name, err1 := url.PathUnescape(rest[:at])
		version, err2 := url.PathUnescape(rest[at+1:])
		if err1 == nil && err2 == nil {
			all = append(all, part{kind, strings.ToLower(name), version})
		}
	}
	return all
}

// modules are the versions of each name that a project uses.
type modules map[string][]string

// outdated holds each bill against what go.mod or package-lock.json says.
func (l *look) outdated() {
	for _, one := range l.sboms {
		for _, kind := range []struct{ name, file string }{{"golang", "go.mod"}, {"npm", "package-lock.json"}} {
			versions := l.nearest(one.path, kind.file)
			if versions == nil || !slices.ContainsFunc(one.parts, func(p part) bool { return p.kind == kind.name }) {
				continue
			}
			l.to.Looked(ruleSBOMCurrent)
			count, first := 0, part{}
			for _, p := range one.parts {
				if used := versions[p.name]; p.kind == kind.name && len(used) > 0 && !slices.Contains(used, p.version) {
					if count++; count == 1 {
						first = p
					}
				}
			}
			if count > 0 {
				l.add(check.Finding{Rule: ruleSBOMCurrent, Path: one.path, Args: []string{first.name, first.version, versions[first.name][0], kind.file, strconv.Itoa(count)}})
			}
		}
	}
}

// nearest are the versions of the lock in the folder of a file, or in one above it.
func (l *look) nearest(name, lock string) modules {
	for at := path.Dir(name); ; at = path.Dir(at) {
		file := path.Join(at, lock)
		if versions, known := l.locks[file]; known {
			return versions
		}
		if at == "." {
			return nil
		}
	}
}

// packageLock keeps the versions of the packages in package-lock.json.
func (l *look) packageLock(f check.File, body []byte) {
	var lock struct {
		Packages map[string]struct{ Version string }
	}
	if json.Unmarshal(body, &lock) != nil {
		return
	}
	versions := modules{}
	for name, one := range lock.Packages {
		if at := strings.LastIndex(name, "node_modules/"); at >= 0 && one.Version != "" {
			short := strings.ToLower(name[at+len("node_modules/"):])
			versions[short] = append(versions[short], one.Version)
		}
	}
	l.locks[f.Path] = versions
}
