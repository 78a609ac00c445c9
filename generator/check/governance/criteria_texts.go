package governance

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// licenseCriterion reads the licence as the checker does: one of four names in the root.
func (l *look) licenseCriterion() {
	l.to.Looked(bonusRule)
	file, ok := l.find(func(p string) bool {
		return slices.Contains([]string{"license", "license.md", "license.txt", "copying"}, p)
	})
	if !ok {
		l.falls("license", "none", "")
		l.found(bonusRule, "", "", 0)
		return
	}
	name := licenceName(string(l.texts[file]))
	if name == "" {
		l.falls("license", "unknown", file)
	}
	if !strings.Contains(name, "EUPL") {
		l.found(bonusRule, "", file, 0)
	}
}

// licenceName recognises a licence by its text; "" when it does not.
func licenceName(text string) string {
	lower := strings.ToLower(text)
	for _, id := range []string{"EUPL-1.2", "EUPL-1.1", "EUPL-1.0", "MIT", "Apache-2.0", "GPL-3.0", "GPL-2.0", "AGPL-3.0", "LGPL-3.0", "MPL-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "CC0-1.0"} {
		if strings.Contains(lower, "spdx-license-identifier: "+strings.ToLower(id)) {
			return id
		}
	}
	if strings.Contains(lower, "european union public licen") || strings.Contains(lower, "eupl") {
		for _, version := range []string{"1.2", "1.1", "1.0"} {
			if strings.Contains(lower, version) {
				return "EUPL-" + version
			}
		}
		return "EUPL"
	}
	for _, known := range []string{"mit license", "apache license", "gnu general public license", "gnu lesser general public", "gnu affero general public", "mozilla public license", "bsd 2-clause", "bsd 3-clause", "isc license", "creative commons zero"} {
		if strings.Contains(lower, known) {
			return known
		}
	}
	return ""
}

var ownerPatterns = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)copyright\s*(?:\(c\)|©)?\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?\s*)?(?:by\s+)?(.+)`),
		regexp.MustCompile(`(?i)(.+?)\s+copyright\s*(?:\(c\)|©)?\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?`),
		regexp.MustCompile(`(?i)all rights reserved\.?\s*(?:by\s+)?(.+)`),
	}
})

type ownerWords struct{ split, parts, by, copyright, rights, year, space, letter, name, angle *regexp.Regexp }

var ownerCleaning = sync.OnceValue(func() ownerWords {
	return ownerWords{
		split:     regexp.MustCompile(`\s+-\s+|\s+—\s+|\s+–\s+|\s+\|\s+`),
		parts:     regexp.MustCompile(`(?i),|\band\b|&`),
		by:        regexp.MustCompile(`(?i)^by\s+`),
		copyright: regexp.MustCompile(`(?i)^copyright\s*(?:\(c\)|©)?\s*`),
		rights:    regexp.MustCompile(`(?i)\b(?:copyright\s*(?:\(c\)|©)?|all rights reserved)\b`),
		year:      regexp.MustCompile(`\b\d{4}(?:\s*[-–]\s*\d{4})?\b`),
		space:     regexp.MustCompile(`\s+`),
		letter:    regexp.MustCompile(`(?i)[a-z]`),
		name:      regexp.MustCompile(`name\s*=\s*(?:"([^"]+)"|'([^']+)')`),
		angle:     regexp.MustCompile(`<[^>]+>|\([^)]*\)`),
	}
})

func ownerName(value string) string {
	w := ownerCleaning()
	value = strings.Trim(value, ": \t\r\n")
	value = w.by.ReplaceAllString(value, "")
	value = w.copyright.ReplaceAllString(value, "")
	value = w.rights.ReplaceAllString(value, "")
	value = w.year.ReplaceAllString(value, "")
	value = strings.TrimRight(value, ")]}>")
	return strings.TrimSpace(w.space.ReplaceAllString(value, " "))
}

func isOwner(name string) bool {
	lower := strings.ToLower(name)
	switch lower {
	case "all", "copyright", "rights", "reserved", "license":
		return false
	}
	for _, part := range []string{"holder of the work", "notice for the work", "law applicable", "original work", "licensee", "licence", "license", "article", "granted hereunder", "patent", "trademark", "modifications he/she"} {
		if strings.Contains(lower, part) {
			return false
		}
	}
	return len(name) >= 2 && len(name) <= 120 && ownerCleaning().letter.MatchString(name) && len(strings.Fields(name)) <= 8
}

// hasOwner says whether the checker sees an owner in a text. It takes the text of the EUPL
// itself for one ("use is covered by a right of the"), so that it proves little.
func hasOwner(text string) bool {
	lines := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if lines++; lines > 250 {
			return false
		}
		if lower := strings.ToLower(line); !strings.Contains(lower, "copyright") && !strings.Contains(lower, "all rights reserved") {
			continue
		}
		for _, pattern := range ownerPatterns() {
			m := pattern.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			candidate := ownerCleaning().split.Split(m[1], 2)[0]
			for _, part := range ownerCleaning().parts.Split(candidate, -1) {
				if isOwner(ownerName(part)) {
					return true
				}
			}
		}
	}
	return false
}

func (l *look) copyrightCriterion() {
	for _, name := range []string{"copyright", "copyright.md", "copyright.txt", "notice", "notice.md", "notice.txt", "license", "license.md", "license.txt", "readme.md", "readme.rst", "readme.txt", "package.json", "pyproject.toml"} {
		_, text, ok := l.text(name)
		if !ok {
			continue
		}
		if hasOwner(text) || name == "package.json" && hasAuthor(text) {
			return
		}
		if name == "pyproject.toml" {
			for _, m := range ownerCleaning().name.FindAllStringSubmatch(text, -1) {
				if isOwner(ownerName(m[1] + m[2])) {
					return
				}
			}
		}
	}
	l.falls("copyrightowner", "none", "")
}

func hasAuthor(text string) bool {
	var manifest struct {
		Author       any
		Contributors []any
		Maintainers  []any
	}
	if json.Unmarshal([]byte(text), &manifest) != nil {
		return false
	}
	for _, who := range slices.Concat([]any{manifest.Author}, manifest.Contributors, manifest.Maintainers) {
		if fields, ok := who.(map[string]any); ok {
			who = fields["name"]
		}
		if name, ok := who.(string); ok && isOwner(ownerName(ownerCleaning().angle.ReplaceAllString(name, ""))) {
			return true
		}
	}
	return false
}

type versionPatterns struct {
	semver, pyproject, chart *regexp.Regexp
	readme                   []*regexp.Regexp
}

var versionReading = sync.OnceValue(func() versionPatterns {
	const version = `(\d+\.\d+\.\d+(?:[-+][\w.-]+)?)`
	return versionPatterns{
		semver:    regexp.MustCompile(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*))?(?:\+([\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*))?$`),
		pyproject: regexp.MustCompile(`(?m)^version\s*=\s*["']([^"']+)["']|^\s*project\.version\s*=\s*["']([^"']+)["']`),
		chart:     regexp.MustCompile(`(?m)^version\s*:\s*([\w.+-]+)`),
		readme: []*regexp.Regexp{
			regexp.MustCompile(`(?i)\bversion\s*[:=]\s*v?` + version),
			regexp.MustCompile(`(?i)\brelease\s*[:=]\s*v?` + version),
			regexp.MustCompile(`(?i)\bcurrent\s+version\s*[:=]?\s*v?` + version),
			regexp.MustCompile(`(?i)img\.shields\.io/[^\s)"']*/(?:version|release)[^\s)"']*/v?` + version),
			regexp.MustCompile(`\bv` + version + `\b`),
		},
	}
})

// manifestVersion is the version that a manifest says.
func manifestVersion(name, text string) string {
	switch name {
	case "package.json":
		var manifest struct{ Version any }
		if json.Unmarshal([]byte(text), &manifest) == nil {
			version, _ := manifest.Version.(string)
			return strings.Trim(strings.TrimSpace(version), `'"`)
		}
	case "pyproject.toml":
		if m := versionReading().pyproject.FindStringSubmatch(text); m != nil {
			return m[1] + m[2]
		}
	case "chart.yaml":
		if m := versionReading().chart.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// semverCriterion looks for the version where files can say it. A release or a tag on the
// platform comes before that, and is not seen here.
func (l *look) semverCriterion() {
	version, file := l.version()
	switch {
	case version == "":
		l.to.Miss(criterionPrefix+"semver", "", "publication")
	case !versionReading().semver.MatchString(strings.TrimSpace(version)):
		l.falls("semver", "bad", file, version)
	}
}

func (l *look) version() (version, file string) {
	manifests := []string{"package.json", "pyproject.toml", "chart.yaml"}
	for _, name := range manifests {
		if file, text, ok := l.text(name); ok {
			if version := manifestVersion(name, text); version != "" {
				return version, file
			}
		}
	}
	for _, name := range manifests {
		seen := 0
		for i, p := range l.lower {
			if path.Base(p) != name {
				continue
			}
			if seen++; seen > 5 {
				break
			}
			if version := manifestVersion(name, string(l.texts[l.paths[i]])); version != "" {
				return version, l.paths[i]
			}
		}
	}
	for _, name := range []string{"readme.md", "readme.rst", "readme.txt", "readme.adoc"} {
		file, text, _ := l.text(name)
		for _, pattern := range versionReading().readme {
			if m := pattern.FindStringSubmatch(text); m != nil {
				return m[1], file
			}
		}
	}
	return "", ""
}

// layerWords are the substrings by which the checker names a layer. They prove nothing
// about the layer ("openapi.json" is a service, "requirements" has "ui"), so that the
// criterion says only whether the checker is content.
var layerWords = [][]string{
	{"frontend", "portal", "ui", "interface", "react", "vue", "angular", "next", "nuxt"},
	{"process", "orchestration", "bff", "camunda", "flowable", "workflow", "bpmn"},
	{"integration", "gateway", "nlx", "zgw", "zaak", "proxy", "connector"},
	{"service", "api", "backend", "rest", "graphql", "grpc"},
	{"database", "register", "data", "storage", "persistence", "postgres", "mysql", "mongodb", "redis"},
}

func (l *look) layerCriterion() {
	_, readme, _ := l.first("readme.md", "readme.txt", "readme.rst", "readme")
	readme = strings.ToLower(readme)
	says := func(word string) bool {
		return strings.Contains(readme, word) || l.any(func(p string) bool { return strings.Contains(p, word) })
	}
	layers := 0
	for _, words := range layerWords {
		if slices.ContainsFunc(words, says) {
			layers++
		}
	}
	switch {
	case layers == 0:
		l.falls("fivelayer", "none", "")
	case layers > 1 && !slices.ContainsFunc([]string{"common ground", "commonground", "5-lagen", "vijf lagen", "layered architecture"}, says):
		l.falls("fivelayer", "unnamed", "")
	}
}
