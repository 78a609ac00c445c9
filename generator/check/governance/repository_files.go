package governance

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// ignoreSecrets looks whether Git leaves the file with the settings of a laptop alone, when
// there are signs that people make one; and the keys beside certificates.
func (l *look) ignoreSecrets() {
	if !l.hasProgram() {
		return
	}
	file, text, there := l.text(".gitignore")
	rule := "repo-ignore-secrets"
	var missing []string
	patterns := ignorePatterns(text)
	if l.usesEnv() {
		l.to.Looked(rule)
		if !ignored(patterns, ".env") {
			missing = append(missing, ".env")
		}
	}
	if l.any(func(p string) bool {
		return !check.IsTest(p) && hasKey(p)
	}) {
		l.to.Looked(rule)
		if !ignored(patterns, "server.key") && !l.any(func(p string) bool { return path.Ext(p) == ".key" }) {
			missing = append(missing, "*.key")
		}
	}
	if len(missing) == 0 {
		return
	}
	fix := &check.Fix{Path: ".gitignore", Text: strings.Join(missing, "\n") + "\n", Create: !there}
	if there {
		fix.Path, fix.Start, fix.End = file, len(text), len(text)
		if text != "" && !strings.HasSuffix(text, "\n") {
			fix.Text = "\n" + fix.Text
		}
	}
	if there && len(text) >= keptBytes {
		fix = nil
	}
	l.to.Add(check.Finding{Rule: rule, Path: file, Args: []string{strings.Join(missing, ", ")}, Fix: fix})
}

// hasKey says whether somebody made a key with a file: with a request for a certificate, and
// with the certificate of a server or client. That of an authority came from elsewhere.
func hasKey(p string) bool {
	switch path.Ext(p) {
	case ".csr":
		return true
	case ".crt", ".pem":
		for word := range strings.FieldsFuncSeq(p, func(c rune) bool { return strings.ContainsRune("/-_. ", c) }) {
			switch word {
			case "server", "client", "tls", "mtls", "ssl", "localhost", "selfsigned", "nginx", "inway", "outway":
				return true
			}
		}
	}
	return false
}

// usesEnv says whether developers make a file .env here: there is an example of it. Who
// commits .env itself, as Symfony does with defaults, is judged by what stands in it.
func (l *look) usesEnv() bool {
	if l.any(func(p string) bool { return path.Base(p) == ".env" }) {
		return false
	}
	return l.any(func(p string) bool {
		switch path.Base(p) {
		case ".env.example", ".env.dist", ".env.sample", ".env.template", "env.example", ".env-example", ".env.local.example", "dotenv-example", ".env.voorbeeld":
			return true
		}
		return false
	})
}

// committedOutput looks for what tools make or fetch, and somebody committed.
func (l *look) committedOutput() {
	if !l.hasProgram() {
		return
	}
	l.to.Looked("repo-committed-output")
	seen := map[string]bool{}
	say := func(folder string) {
		if !seen[folder] {
			seen[folder] = true
			l.found("repo-committed-output", "", folder, 0, folder)
		}
	}
	for _, folder := range l.fetched() {
		say(folder)
	}
	action := l.any(func(p string) bool { return p == "action.yml" || p == "action.yaml" })
	for i, p := range l.lower {
		name := l.paths[i]
		dir, base, ext := path.Dir(p), path.Base(p), path.Ext(p)
		switch {
		case l.isKern(i) || l.repo.Files()[i].Test:
		case ext == ".pyc" || ext == ".class" && !strings.Contains(p, "resources"):
			say(path.Dir(name))
		case strings.HasSuffix(dir, "/target/classes") || strings.Contains(p, "target/classes/"):
			say(name[:strings.Index(p, "target/classes")+len("target/classes")])
		case !action && (ext == ".js" || ext == ".css" || base == "index.html"):
			if at := strings.Index("/"+p, "/dist/"); at >= 0 && l.repo.Has(path.Join(name[:at], "package.json")) {
				say(name[:at+len("dist")])
			}
		}
	}
}

// fetchedFolders are made by a tool from one of the files beside them.
var fetchedFolders = map[string][]string{
	"node_modules":     {"package.json"},
	".next":            {"package.json"},
	".nuxt":            {"package.json"},
	"vendor":           {"composer.json"},
	"bower_components": {"bower.json", "package.json"},
	".venv":            {"pyproject.toml", "requirements.txt", "setup.py"},
	"venv":             {"pyproject.toml", "requirements.txt", "setup.py"},
	".gradle":          {"build.gradle", "build.gradle.kts"},
}

// fetched lists the folders that the index passed over, that Git does not leave alone, and
// that a tool made. A folder vendor of Go, or of scripts of a page, is somebody's choice.
func (l *look) fetched() []string {
	return slices.DeleteFunc(slices.Clone(l.repo.PassedOver()), func(folder string) bool {
		return !slices.ContainsFunc(fetchedFolders[path.Base(folder)], func(manifest string) bool {
			return l.repo.Has(path.Join(path.Dir(folder), manifest))
		})
	})
}

// largeKinds are formats that a build, a dump or somebody's desk gives, with the size from
// which they weigh. Pictures, fonts and documents belong to a project more often.
var largeKinds = map[string]int64{
	".exe": 1, ".dll": 1, ".so": 1, ".dylib": 1, ".jar": 1, ".war": 1, ".ear": 1, ".phar": 1, ".zip": 1, ".tar": 1, ".gz": 1, ".tgz": 1, ".7z": 1, ".rar": 1, ".bz2": 1, ".xz": 1,
	".iso": 1, ".dmg": 1, ".deb": 1, ".rpm": 1, ".apk": 1, ".bin": 1, ".dump": 1, ".bak": 1, ".sqlite": 1, ".sqlite3": 1, ".db": 1, ".mdb": 1, ".psd": 1, ".pst": 1,
	".mp4": 5, ".mov": 5, ".avi": 5, ".mkv": 5, ".pptx": 5, ".ppt": 5, ".tif": 5, ".tiff": 5,
}

func (l *look) largeFiles() {
	l.to.Looked("repo-large-file")
	for _, f := range l.repo.Files() {
		if limit := largeKinds[f.Ext()]; limit > 0 && f.Size > limit<<20 && !f.Test && f.Name() != "gradle-wrapper.jar" && !strings.HasPrefix(f.Path, ".yarn/") {
			l.found("repo-large-file", "", f.Path, 0, fmt.Sprintf("%.1f", float64(f.Size)/(1<<20)))
		}
	}
}

// lockfiles looks beside each manifest, and in the folders above it, for what pins the
// versions. Who publishes a library for others may leave that to them.
func (l *look) lockfiles() {
	above := func(dir string, names ...string) bool {
		for {
			for _, name := range names {
				if l.repo.Has(path.Join(dir, name)) {
					return true
				}
			}
			if dir == "." {
				return false
			}
			dir = path.Dir(dir)
		}
	}
	for i, p := range l.lower {
		file, dir := l.paths[i], path.Dir(l.paths[i])
		text, ok := l.texts[file]
		if !ok || l.repo.Files()[i].Test || l.isKern(i) {
			continue
		}
		switch path.Base(p) {
		case "package.json":
			if needsNodeLock(text) {
				l.lock(file, "package-lock.json", above(dir, "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "bun.lock", "deno.lock"))
			}
		case "composer.json":
			if needsComposerLock(text) {
				l.lock(file, "composer.lock", above(dir, "composer.lock"))
			}
		case "go.mod":
			if strings.Contains(string(text), "require ") && strings.Contains(string(text), ".") {
				l.lock(file, "go.sum", above(dir, "go.sum", "go.work.sum") || l.repo.Has(path.Join(dir, "vendor", "modules.txt")))
			}
		case "pyproject.toml":
			if strings.Contains(string(text), "[tool.poetry.dependencies]") {
				l.lock(file, "poetry.lock", above(dir, "poetry.lock", "uv.lock", "pdm.lock"))
			}
		}
	}
}

func (l *look) lock(file, name string, there bool) {
	l.to.Looked("repo-lockfile")
	if !there {
		l.found("repo-lockfile", "", file, 0, name)
	}
}

func needsNodeLock(text []byte) bool {
	var manifest struct {
		Private                                             any
		Main, Module, Exports, Types, Files, Bin            any
		Dependencies, DevDependencies, OptionalDependencies map[string]any
	}
	if json.Unmarshal(text, &manifest) != nil {
		return false
	}
	library := manifest.Private != true && (manifest.Main != nil || manifest.Module != nil || manifest.Exports != nil || manifest.Types != nil || manifest.Files != nil)
	return !library && len(manifest.Dependencies)+len(manifest.DevDependencies)+len(manifest.OptionalDependencies) > 0
}

func needsComposerLock(text []byte) bool {
	var manifest struct {
		Type    string
		Require map[string]any
	}
	if json.Unmarshal(text, &manifest) != nil || manifest.Type != "" && manifest.Type != "project" {
		return false
	}
	for name := range manifest.Require {
		if strings.Contains(name, "/") {
			return true
		}
	}
	return false
}

// windowsNames cannot be files on Windows, whatever their extension.
var windowsNames = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// portable looks for files that not every laptop can have. Links out of the repository
// are said by the engine.
func (l *look) portable() {
	l.to.Looked("repo-portable")
	first := map[string]string{}
	for i, p := range l.lower {
		if other, ok := first[p]; ok {
			l.found("repo-portable", "case", l.paths[i], 0, other)
		} else {
			first[p] = l.paths[i]
		}
		for part := range strings.SplitSeq(p, "/") {
			stem, _, _ := strings.Cut(part, ".")
			if slices.Contains(windowsNames, stem) || strings.ContainsAny(part, `<>:"|?*\`) || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.ContainsFunc(part, unicode.IsControl) {
				l.found("repo-portable", "windows", l.paths[i], 0, part)
				break
			}
		}
	}
}

// securityTxt looks at security.txt files: a contact, and a day until which it holds.
func (l *look) securityTxt() {
	for i, p := range l.lower {
		if path.Base(p) != "security.txt" || l.repo.Files()[i].Test || l.isKern(i) {
			continue
		}
		text := string(l.texts[l.paths[i]])
		if strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "<%") || strings.Contains(text, "${") {
			continue // a template: what comes out of it is not known
		}
		l.to.Looked("repo-security-txt")
		l.securityFields(l.paths[i], text)
	}
}

func (l *look) securityFields(file, text string) {
	const rule = "repo-security-txt"
	contact, expires, number := false, 0, 0
	for line := range strings.Lines(text) {
		number++
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "contact":
			contact = true
			if !strings.HasPrefix(value, "mailto:") && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "tel:") {
				l.found(rule, "contact-uri", file, number, value)
			}
		case "expires":
			expires++
			until, err := time.Parse(time.RFC3339, strings.ToUpper(value))
			switch {
			case err != nil:
				l.found(rule, "expires-format", file, number, value)
			case until.Before(l.today):
				l.found(rule, "expired", file, number, value)
			}
		}
	}
	if !contact {
		l.found(rule, "contact", file, 0)
	}
	switch {
	case expires == 0:
		l.found(rule, "expires", file, 0)
	case expires > 1:
		l.found(rule, "expires-twice", file, 0)
	}
}
