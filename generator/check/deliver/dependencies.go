package deliver

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// isRequirements says by its name whether a file lists packages of Python that run.
func isRequirements(name string) bool {
	lower := strings.ToLower(name)
	if !strings.HasPrefix(lower, "requirements") || !strings.HasSuffix(lower, ".txt") {
		return false
	}
	for _, word := range []string{"dev", "test", "doc", "lint", "ci.", "local"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	return true
}

// dependencies looks at what a project is built of.
func (l *look) dependencies(f check.File, body []byte) {
	if isAside(f) {
		return
	}
	switch f.Name() {
	case "go.mod":
		l.goModule(f, body)
	case "package.json":
		l.packageJSON(f, body)
	case "package-lock.json":
		l.packageLock(f, body)
	case "composer.json":
		l.composerJSON(f, body)
	case "pom.xml":
		l.pom(f, body)
	default:
		if isRequirements(f.Name()) {
			l.requirements(f, body)
		} else {
			l.versionFile(f, body)
		}
	}
}

// floating says of dependencies that tomorrow they may be others. With a lock file they are
// not: it holds the version of each, and the commit of what comes from Git.
func (l *look) floating(kind string, f check.File, line int, args ...string) {
	if l.locked(f) {
		return
	}
	l.add(check.Finding{Rule: ruleDepsFloating, Case: kind, Path: f.Path, Line: line, Args: args})
}

// lockFiles are what pins the dependencies that a file names, by that file.
var lockFiles = map[string][]string{
	"package.json":  {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "bun.lock", "deno.lock"},
	"composer.json": {"composer.lock"},
}

// locked looks for a lock file beside a file and, as in a workspace, in the folders above.
func (l *look) locked(f check.File) bool {
	for dir := path.Dir(f.Path); ; dir = path.Dir(dir) {
		if slices.ContainsFunc(lockFiles[f.Name()], func(name string) bool { return l.r.Has(path.Join(dir, name)) }) {
			return true
		}
		if dir == "." {
			return false
		}
	}
}

// goModule reads the versions, and looks for a replacement that is on one laptop only.
func (l *look) goModule(f check.File, body []byte) {
	versions, replaced := modules{}, map[string]bool{}
	block, number := "", 0
	for line := range bytes.Lines(body) {
		number++
		text, _, _ := strings.Cut(strings.TrimSpace(string(line)), "//")
		fields := strings.Fields(text)
		switch {
		case len(fields) == 0:
			continue
		case fields[0] == ")":
			block = ""
			continue
		case len(fields) == 2 && fields[1] == "(":
			block = fields[0]
			continue
		}
		verb := block
		if verb == "" {
			verb, fields = fields[0], fields[1:]
		}
		switch {
		case verb == "require" && len(fields) >= 2:
			name := strings.ToLower(fields[0])
			versions[name] = append(versions[name], fields[1])
		case verb == "replace" && len(fields) >= 3:
			replaced[strings.ToLower(fields[0])] = true
			if at := slices.Index(fields, "=>"); at >= 0 && at+1 < len(fields) {
				l.local(f, number, fields[0], strings.Trim(fields[at+1], `"`), "go.mod")
			}
		}
	}
	for name := range replaced {
		delete(versions, name)
	}
	l.to.Looked(ruleDepsLocal)
	l.locks[f.Path] = versions
}

// local looks whether a folder that a dependency comes from is in the repository.
func (l *look) local(f check.File, line int, name, target, marker string) {
	isPath := strings.HasPrefix(target, "./") || strings.HasPrefix(target, "../") || target == ".." || strings.HasPrefix(target, "/")
	if !isPath && (len(target) < 3 || target[1] != ':') {
		return
	}
	l.to.Looked(ruleDepsLocal)
	at := path.Join(path.Dir(f.Path), target)
	if strings.HasPrefix(target, "/") || !isPath || at == ".." || strings.HasPrefix(at, "../") {
		l.add(check.Finding{Rule: ruleDepsLocal, Case: "outside", Path: f.Path, Line: line, Args: []string{name, target}})
		return
	}
	if marker != "" && !l.r.Has(path.Join(at, marker)) && !l.r.Has(".gitmodules") {
		l.add(check.Finding{Rule: ruleDepsLocal, Case: "missing", Path: f.Path, Line: line, Args: []string{name, target}})
	}
}

var fromGit = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(git\+|git://|git@|github:|gitlab:|bitbucket:)|^https?://[^#]*\.git(#|$)|^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]+(#|$)`)
})

// isBranch says whether what stands behind # is nothing, or a branch.
func isBranch(ref string) bool {
	switch ref {
	case "", "main", "master", "develop", "dev", "HEAD":
		return true
	}
	return false
}

func (l *look) packageJSON(f check.File, body []byte) {
	var read struct{ Dependencies, DevDependencies, OptionalDependencies map[string]string }
	if json.Unmarshal(body, &read) != nil {
		return
	}
	var loose names
	for _, section := range []struct {
		key  string
		deps map[string]string
	}{{"dependencies", read.Dependencies}, {"devDependencies", read.DevDependencies}, {"optionalDependencies", read.OptionalDependencies}} {
		lineOf := linesOfKeys(body, section.key)
		for name, version := range section.deps {
			l.to.Looked(ruleDepsFloating)
			target, isFile := strings.CutPrefix(version, "file:")
			if link, isLink := strings.CutPrefix(version, "link:"); isLink {
				target, isFile = link, true
			}
			switch version := strings.TrimSpace(version); {
			case isFile:
				if !strings.HasPrefix(target, ".") && !strings.HasPrefix(target, "/") {
					target = "./" + target
				}
				l.local(f, lineOf(name), name, target, "")
			case version == "" || version == "*" || version == "x" || version == "latest" || version == "next":
				loose.add(lineOf(name), name)
			case fromGit().MatchString(version):
				if _, ref, _ := strings.Cut(version, "#"); isBranch(ref) {
					l.floating("branch", f, lineOf(name), name)
				}
			}
		}
	}
	l.loose(f, loose)
}

// names are those in a file about which the same is to be said: once, at the first.
type names struct {
	line int
	all  []string
}

func (n *names) add(line int, name string) {
	if n.line == 0 || line < n.line {
		n.line = line
	}
	n.all = append(n.all, name)
}

// loose says which dependencies of a file may be any version.
func (l *look) loose(f check.File, n names) {
	if len(n.all) == 0 {
		return
	}
	slices.Sort(n.all)
	if len(n.all) > 5 {
		n.all = append(n.all[:5], "…")
	}
	l.floating("any", f, n.line, strings.Join(n.all, ", "))
}

// lineOfKey is the line of a key in a part of a JSON file.
func lineOfKey(body []byte, section, name string) int { return linesOfKeys(body, section)(name) }

// linesOfKeys is lineOfKey for many keys: the file is gone through once, when the first of
// them is asked.
func linesOfKeys(body []byte, section string) func(name string) int {
	lines := sync.OnceValue(func() map[string]int {
		from := max(bytes.Index(body, []byte(`"`+section+`"`)), 0)
		number := bytes.Count(body[:from], []byte("\n")) + 1
		first := map[string]int{}
		for i := from; i < len(body); i++ {
			switch body[i] {
			case '\n':
				number++
			case '"':
				end := i + 1
				for end < len(body) && body[end] != '"' && body[end] != '\n' {
					if body[end] == '\\' {
						end++
					}
					end++
				}
				if text := string(body[i+1 : min(end, len(body))]); first[text] == 0 {
					first[text] = number
				}
				if i = end; end < len(body) && body[end] == '\n' {
					i-- // a text that does not end on its line is none
				}
			}
		}
		return first
	})
	return func(name string) int { return lines()[name] }
}

func (l *look) composerJSON(f check.File, body []byte) {
	var read struct {
		Require    map[string]string
		RequireDev map[string]string `json:"require-dev"`
		Config     struct{ Platform map[string]string }
	}
	if json.Unmarshal(body, &read) != nil {
		return // a list where PHP writes an empty object, say
	}
	var loose names
	for key, deps := range map[string]map[string]string{"require": read.Require, "require-dev": read.RequireDev} {
		lineOf := linesOfKeys(body, key)
		for name, version := range deps {
			if !strings.Contains(name, "/") {
				continue // PHP itself and its extensions
			}
			l.to.Looked(ruleDepsFloating)
			switch version := strings.TrimSpace(version); {
			case version == "*" || version == "@dev":
				loose.add(lineOf(name), name)
			case version == "dev-master" || version == "dev-main" || version == "dev-develop":
				l.floating("branch", f, lineOf(name), name)
			}
		}
	}
	l.loose(f, loose)
	if version := read.Config.Platform["php"]; version != "" {
		l.runtime(f.Path, lineOfKey(body, "platform", "php"), "php", version)
	} else if only := onlyPHP(read.Require["php"]); only != "" {
		l.runtime(f.Path, lineOfKey(body, "require", "php"), "php", only)
	}
}

// onlyPHP is the newest version that a constraint allows, when it allows none that is
// newer than its first number; "" when it allows more.
func onlyPHP(constraint string) string {
	constraint = strings.TrimSpace(constraint)
	rest, caret := strings.CutPrefix(constraint, "^")
	switch {
	case strings.ContainsAny(constraint, "|,<> "):
		return ""
	case caret && strings.HasPrefix(rest, "7"), caret && strings.HasPrefix(rest, "5"):
		return map[byte]string{'7': "7.4", '5': "5.6"}[rest[0]]
	case strings.HasSuffix(constraint, ".*") && strings.Count(constraint, ".") == 2:
		return strings.TrimSuffix(constraint, ".*")
	case strings.HasPrefix(constraint, "~") && strings.Count(constraint, ".") == 2:
		return constraint[1:]
	}
	return ""
}

var bare = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?\s*(;.*)?$`)
})

func (l *look) requirements(f check.File, body []byte) {
	text := string(body)
	if strings.Contains(text, "--hash") || strings.Contains(text, "\n-c ") || strings.HasPrefix(text, "-c ") {
		l.to.Looked(ruleDepsFloating)
		return // the versions stand in what is named there
	}
	number := 0
	var loose names
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, " #")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		l.to.Looked(ruleDepsFloating)
		rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(line, "-e "), "--editable "))
		switch {
		case strings.HasPrefix(rest, "git+"):
			if address, _, _ := strings.Cut(rest, "#"); strings.LastIndexByte(address, '@') < strings.LastIndexByte(address, '/') {
				l.floating("branch", f, number, address)
			}
		case strings.HasPrefix(rest, "../"), strings.HasPrefix(rest, "file:///"):
			l.local(f, number, path.Base(rest), strings.TrimPrefix(rest, "file://"), "")
		case line[0] != '-' && bare().MatchString(line):
			loose.add(number, bare().FindStringSubmatch(line)[1])
		}
	}
	l.loose(f, loose)
}

func (l *look) pom(f check.File, body []byte) {
	if !bytes.Contains(body, []byte("<dependency>")) {
		return
	}
	l.to.Looked(ruleDepsFloating)
	for _, word := range []string{"LATEST", "RELEASE"} {
		if at := bytes.Index(body, []byte("<version>"+word+"</version>")); at >= 0 {
			l.floating("any", f, check.LineAt(body, at), word)
		}
	}
}
