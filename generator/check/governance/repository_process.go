package governance

import (
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// hasProgram says whether there is source code of a program, beside scripts of builds and
// settings.
func (l *look) hasProgram() bool {
	return slices.ContainsFunc(l.repo.Files(), func(f check.File) bool { return !f.Test && !f.Kern && isProgram(f.Path) })
}

func isProgram(name string) bool {
	base := strings.ToLower(path.Base(name))
	if strings.Contains(base, ".config.") || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".d.ts") {
		return false
	}
	switch path.Ext(base) {
	case ".go", ".py", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".java", ".kt", ".cs", ".php", ".rb", ".rs", ".scala", ".vue", ".svelte":
		return true
	}
	return false
}

// process looks for the changelog, the build server and the documents.
func (l *look) process() {
	if l.openapiFile() != "" || l.hasProgram() {
		l.to.Looked("repo-changelog", "repo-ci")
		if !l.hasChangelog() {
			l.found("repo-changelog", "", "", 0)
		}
		if !l.any(isCI) {
			l.found("repo-ci", "", "", 0)
		}
	}
	if !l.hasProgram() {
		return
	}
	l.to.Looked("repo-docs")
	docs := l.any(func(p string) bool {
		return strings.HasPrefix(p, "docs/") || strings.HasPrefix(p, "doc/") || strings.Contains(p, "/docs/") || strings.HasPrefix(p, "documentation/") || strings.HasPrefix(p, "documentatie/") || strings.HasPrefix(p, "wiki/")
	})
	if _, text, _ := l.first(readmeNames...); !docs && len(text) < 1500 {
		l.found("repo-docs", "", "", 0)
	}
}

func (l *look) hasChangelog() bool {
	return l.any(func(p string) bool {
		stem, _, _ := strings.Cut(path.Base(p), ".")
		stem = strings.ReplaceAll(stem, "_", "-")
		switch stem {
		case "changelog", "changes", "history", "releases", "release-notes", "releasenotes", "news", "wijzigingen", "change-log":
			return isProse(p) && strings.Count(p, "/") <= 2
		}
		// changesets, towncrier and release-please keep a piece for each change
		return strings.HasPrefix(p, ".changeset/") || strings.HasPrefix(p, "newsfragments/") || strings.HasPrefix(p, "changelog.d/") ||
			p == ".release-please-manifest.json" || strings.HasPrefix(p, "docs/changelog/")
	})
}

func isCI(p string) bool {
	switch p {
	case ".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml", "jenkinsfile", ".circleci/config.yml", ".travis.yml",
		"bitbucket-pipelines.yml", ".drone.yml", ".woodpecker.yml", ".woodpecker.yaml", ".appveyor.yml", "appveyor.yml", "cloudbuild.yaml", ".buildkite/pipeline.yml", "buildspec.yml":
		return true
	}
	for _, folder := range []string{".github/workflows/", ".forgejo/workflows/", ".gitea/workflows/", ".woodpecker/", ".azure-pipelines/", "azure-pipelines/", ".azuredevops/", ".tekton/", "pipelines/"} {
		if strings.HasPrefix(p, folder) && (strings.HasSuffix(p, ".yml") || strings.HasSuffix(p, ".yaml")) {
			return true
		}
	}
	return strings.HasPrefix(p, "jenkinsfile")
}

// tests looks for tests of a program, in what its language calls a test.
func (l *look) tests() {
	if !l.hasProgram() {
		return
	}
	l.to.Looked("repo-tests")
	empty := ""
	for _, f := range l.repo.Files() {
		lower := strings.ToLower(f.Path)
		if !f.Test && !strings.Contains(path.Base(lower), "test") && !strings.HasPrefix(lower, "src/test") && !strings.Contains(lower, "/src/test/") ||
			strings.Contains(lower, "/testdata/") || strings.Contains(lower, "/fixtures/") || strings.HasPrefix(path.Base(lower), "__init__") {
			continue
		}
		if !isProgram(f.Path) && !isTestScript(lower) {
			continue
		}
		if f.Size > 40 {
			return
		}
		empty = f.Path
	}
	if empty != "" {
		l.found("repo-tests", "empty", empty, 0)
		return
	}
	l.found("repo-tests", "missing", "", 0)
}

// isTestScript says whether a file holds tests in another form than a program.
func isTestScript(p string) bool {
	switch path.Ext(p) {
	case ".feature", ".robot", ".bats", ".sh", ".http", ".hurl":
		return true
	}
	return strings.HasSuffix(p, "postman_collection.json")
}

// styleFiles are settings of tools that keep or check a style.
var styleFiles = []string{
	".editorconfig", ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".flake8", ".pylintrc", "ruff.toml", ".ruff.toml", ".pre-commit-config.yaml", "biome.json", "biome.jsonc",
	"phpcs.xml", "phpcs.xml.dist", ".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs.dist", "phpstan.neon", "phpstan.neon.dist", "pint.json", ".styleci.yml", "checkstyle.xml", ".rubocop.yml",
	"tslint.json", ".stylelintrc", "rustfmt.toml", ".rustfmt.toml", ".clang-format", "stylecop.json", ".scalafmt.conf", "detekt.yml", ".prettierrc", "dprint.json", "deno.json", ".isort.cfg", "tox.ini",
	".jscsrc", ".jshintrc", "spotbugs-exclude.xml", "pmd.xml", "sonar-project.properties", ".swiftlint.yml", "formatter.xml", "eclipse-formatter.xml", ".oxlintrc.json",
}

// style looks for the settings of a formatter or a linter. Go needs none: gofmt has none.
func (l *look) style() {
	if !l.hasProgram() {
		return
	}
	onlyGo := !slices.ContainsFunc(l.repo.Files(), func(f check.File) bool {
		return !f.Test && !f.Kern && isProgram(f.Path) && f.Ext() != ".go" && f.Ext() != ".js"
	})
	if onlyGo && l.any(func(p string) bool { return p == "go.mod" }) {
		return
	}
	l.to.Looked("repo-style")
	if l.any(func(p string) bool {
		base := path.Base(p)
		return slices.Contains(styleFiles, base) || strings.HasPrefix(base, ".eslintrc") || strings.HasPrefix(base, "eslint.config.") || strings.HasPrefix(base, ".prettierrc") ||
			strings.HasPrefix(base, "prettier.config.") || strings.HasPrefix(base, "stylelint.config.") || strings.HasPrefix(base, ".stylelintrc") || strings.Contains(base, "checkstyle") || strings.Contains(base, "styleguide") || strings.Contains(base, "style-guide")
	}) {
		return
	}
	for i, p := range l.lower {
		text := string(l.texts[l.paths[i]])
		switch path.Base(p) {
		case "package.json":
			if strings.Contains(text, "eslint") || strings.Contains(text, "prettier") || strings.Contains(text, "biome") || strings.Contains(text, `"xo"`) || strings.Contains(text, `"standard"`) || strings.Contains(text, "projen") {
				return
			}
		case "pyproject.toml", "setup.cfg":
			if strings.Contains(text, "ruff") || strings.Contains(text, "black") || strings.Contains(text, "flake8") || strings.Contains(text, "pycodestyle") || strings.Contains(text, "isort") {
				return
			}
		case "composer.json":
			if strings.Contains(text, "php-cs-fixer") || strings.Contains(text, "phpcs") || strings.Contains(text, "php_codesniffer") || strings.Contains(text, "laravel/pint") {
				return
			}
		}
	}
	if !l.documents.styleInBuild && !l.says("style guide", "stijlgids", "coding style", "code style", "codestijl", "pep 8", "pep8", "prettier", "spotless") {
		l.found("repo-style", "", "", 0)
	}
}
