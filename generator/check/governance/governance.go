// Package governance holds a repository against what makes code public and usable by
// others: licence, documents, publiccode.yml and the criteria of CommonGroundChecker.
package governance

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule {
	return slices.Concat(criteriaRules(), repositoryRules(), publiccodeRules())
}

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{repo: r, to: to, texts: map[string][]byte{}}
	l.today, _ = time.Parse(time.DateOnly, r.Today) // without a day nothing is over
	for _, f := range r.Files() {
		l.paths = append(l.paths, f.Path)
		l.lower = append(l.lower, strings.ToLower(f.Path))
	}
	l.keep = l.wanted()
	if text, err := r.Read(".gitignore", keptBytes); err == nil {
		l.ignored = ignorePatterns(string(text))
	}
	return l
}

// look is what is known of one repository.
type look struct {
	repo  *check.Repo
	to    *check.Report
	today time.Time
	paths []string // of all files, in their order
	lower []string // the same in lower case

	keep  map[string]bool   // files of which the text is kept until the end
	texts map[string][]byte // their texts
	kept  int               // bytes of them

	ignored []ignorePattern // of .gitignore in the root

	complexity complexity
	lines      lineFacts
	documents  documentFacts
}

// What is kept of one file, as what is judged stands at its beginning, and of all.
const (
	keptBytes = 1 << 20
	keptTotal = 16 << 20
)

// wanted lists the files of which the whole text is needed at the end. They are few.
func (l *look) wanted() map[string]bool {
	keep := map[string]bool{}
	for _, name := range []string{
		"license", "license.md", "license.txt", "copying", "licence", "licence.md", "licence.txt", "copying.md", "copying.txt",
		"license.rst", "licence.rst", "copyright", "copyright.md", "copyright.txt", "notice", "notice.md", "notice.txt",
		"readme.md", "readme.rst", "readme.txt", "readme", "readme.adoc", ".github/readme.md", "docs/readme.md",
		"contributing.md", "contributing.rst", "package.json", "pyproject.toml", "composer.json", "setup.cfg", "reuse.toml", ".reuse/dep5",
		".gitignore", ".gitattributes", "go.mod", "authors", "authors.md",
	} {
		if f, ok := l.repo.Find(name); ok {
			keep[f.Path] = true
		}
	}
	for i, name := range l.lower {
		switch base := path.Base(name); {
		case base == "package.json" || base == "composer.json" || base == "pyproject.toml" || base == "go.mod" || base == "chart.yaml",
			base == "security.txt" && !l.isKern(i),
			strings.HasPrefix(base, "security.") && isProse(base) && strings.Count(name, "/") <= 1,
			base == "publiccode.yml" || base == "publiccode.yaml",
			strings.HasPrefix(name, "licenses/"):
			keep[l.paths[i]] = true
		}
	}
	for _, name := range l.deploymentFiles() {
		keep[name] = true
	}
	if name := l.openapiFile(); name != "" {
		keep[name] = true
	}
	return keep
}

func (l *look) isKern(i int) bool { return l.repo.Files()[i].Kern }

// isProse says whether a file is a text for people.
func isProse(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".md", ".rst", ".txt", ".adoc", "":
		return true
	}
	return false
}

// pictures and other formats that are never text.
var neverText = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".ico": true, ".webp": true, ".woff": true, ".woff2": true, ".ttf": true,
	".otf": true, ".eot": true, ".pdf": true, ".zip": true, ".gz": true, ".tgz": true, ".jar": true, ".mp4": true, ".xlsx": true, ".docx": true,
	".pptx": true, ".db": true, ".sqlite": true, ".so": true, ".dll": true, ".exe": true, ".pyc": true, ".class": true, ".mo": true,
}

func (l *look) Wants(f check.File) bool {
	if l.keep[f.Path] {
		return true
	}
	if f.Kern {
		return languageOf(f.Path) != noLanguage
	}
	return !neverText[f.Ext()]
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	if l.keep[f.Path] && l.kept < keptTotal {
		l.texts[f.Path] = slices.Clone(body[:min(len(body), keptBytes)])
		l.kept += len(l.texts[f.Path])
	}
	if lang := languageOf(f.Path); ignored(l.ignored, f.Path) {
		// committed all the same, and not read by Lizard
	} else if lang != noLanguage {
		l.complexity.count(ctx, lang, body)
	} else if slices.Contains(uncountedLanguages, f.Ext()) {
		l.complexity.uncounted = f.Path
	}
	if f.Kern {
		return
	}
	l.lookAtLines(ctx, f, body)
	l.lookAtDocument(f, body)
}

func (l *look) End(ctx context.Context) {
	for _, judge := range []func(){l.criteria, l.repository, l.publiccode} {
		if ctx.Err() != nil {
			return
		}
		judge()
	}
}

// text is what stands in a file that is kept, whatever the case of its name.
func (l *look) text(name string) (file string, text string, ok bool) {
	f, found := l.repo.Find(name)
	if !found {
		return "", "", false
	}
	body, ok := l.texts[f.Path]
	return f.Path, string(body), ok
}

// first is the first of these files that is there.
func (l *look) first(names ...string) (file string, text string, ok bool) {
	for _, name := range names {
		if file, text, ok = l.text(name); ok {
			return file, text, ok
		}
	}
	return "", "", false
}

// any says whether there is a path of which the lower-case form is so.
func (l *look) any(is func(lower string) bool) bool { return slices.ContainsFunc(l.lower, is) }

// find gives the first path of which the lower-case form is so.
func (l *look) find(is func(lower string) bool) (string, bool) {
	if i := slices.IndexFunc(l.lower, is); i >= 0 {
		return l.paths[i], true
	}
	return "", false
}

func (l *look) found(rule, kind, file string, line int, args ...string) {
	l.to.Add(check.Finding{Rule: rule, Case: kind, Path: file, Line: line, Args: args})
}
