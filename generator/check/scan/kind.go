package scan

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Kind says by its path what sort of file it is.
type Kind int

// The kinds.
const (
	Other     Kind = iota // nothing a rule reads
	Code                  // source, also with markup in it
	Page                  // markup that people see
	Config                // settings
	Document              // text for people
	Generated             // made by a tool: lock files, bundles, lists of modules
)

var (
	codeExts = []string{".go", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro", ".py", ".php",
		".java", ".kt", ".kts", ".cs", ".rb", ".rs", ".scala", ".groovy", ".dart", ".ex", ".swift"}
	pageExts     = []string{".html", ".htm", ".twig", ".hbs", ".ejs", ".cshtml", ".jinja", ".jinja2", ".j2", ".gohtml", ".tmpl", ".liquid", ".njk"}
	configExts   = []string{".yaml", ".yml", ".json", ".toml", ".ini", ".properties", ".env", ".xml", ".conf", ".cfg", ".tf", ".tfvars", ".sh", ".ps1", ".bat", ".http", ".gradle"}
	documentExts = []string{".md", ".mdx", ".rst", ".adoc", ".txt", ".tex", ".org"}
)

// Of says what kind of file stands at a path.
func Of(name string) Kind {
	lower := strings.ToLower(name)
	base, ext := path.Base(lower), path.Ext(lower)
	switch {
	case generated(lower, base):
		return Generated
	case within(lower, "docs", "doc", "documentation", "documentatie", "documenten"):
		return Document
	case strings.HasSuffix(base, ".blade.php"):
		return Page
	case slices.Contains(codeExts, ext):
		return Code
	case slices.Contains(pageExts, ext):
		return Page
	case strings.HasPrefix(base, ".env"), base == ".npmrc", base == ".netrc", base == ".pypirc", base == "dockerfile", base == "makefile", base == ".htpasswd",
		strings.HasPrefix(base, "dockerfile."), slices.Contains(configExts, ext):
		return Config
	case slices.Contains(documentExts, ext), ext == "" && strings.HasPrefix(base, "readme"):
		return Document
	}
	return Other
}

var locks = []string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "composer.lock", "go.sum", "cargo.lock",
	"poetry.lock", "uv.lock", "pipfile.lock", "gemfile.lock", "chart.lock", "symfony.lock", "composer.phar", "bom.json", "gradlew", "mvnw", "gradlew.bat", "mvnw.cmd"}

func generated(lower, base string) bool {
	return slices.Contains(locks, base) || strings.HasSuffix(base, ".min.js") || strings.HasSuffix(base, ".map") || strings.HasSuffix(base, ".bundle.js") ||
		strings.HasSuffix(base, ".cdx.json") || strings.HasSuffix(base, ".spdx.json") || strings.HasSuffix(base, ".pb.go") || strings.HasSuffix(base, ".ipynb") ||
		strings.HasSuffix(base, ".postman_collection.json") ||
		within(lower, "dist", "generated", "swagger-ui", "third_party", "third-party", "bundles")
}

// Aside says whether a file is beside what runs for real: an example, a mock, a
// development set-up, a story, a script of the build, or a template of files to come.
func Aside(name string) bool {
	lower := strings.ToLower(name)
	if within(lower, "example", "examples", "sample", "samples", "voorbeeld", "voorbeelden", "demo", "demos", "mock", "mocks", "seed", "seeds", "seeders",
		"stub", "stubs", "fixtures", "fixture", "stories", ".storybook", "dev", "development", "local", ".devcontainer", "scripts", "script", "bin", "tools", "hack", "ci", "docker",
		".ci", ".github", ".gitlab", "testing", "test-data", "testdata", "test_data", "tutorial", "tutorials", "performance", "loadtest", "playwright", ".vscode", ".bruno", "postman") || hyphened(lower) {
		return true
	}
	base := path.Base(lower)
	if marked(base, "prod") || marked(base, "production") || marked(base, "productie") {
		return false
	}
	for _, mark := range []string{"example", "sample", "voorbeeld", ".dist", "template", "mock", "stories.", "story.", ".dev", "-dev", "_dev", "dev.",
		"local", "development", "test", "compose", "fixture", "seed", "demo", "stub"} {
		if marked(base, mark) {
			return true
		}
	}
	return strings.Contains(base, ".config.") || strings.Contains(base, "proxy.conf") || base == ".gitlab-ci.yml" || base == "makefile" || base == "bitbucket-pipelines.yml" ||
		base == "webpack.mix.js" || base == "gulpfile.js" || base == "setuptests.js" || base == "manage.py" || strings.HasPrefix(base, "gatsby-") || strings.HasPrefix(base, "webpack")
}

// marks are words that stand in the name of a folder with what is not for real.
var marks = []string{"example", "sample", "voorbeeld", "mock", "test", "fixture", "stub", "demo", "story"}

// hyphened says whether a folder of a path has such a word in its name: mocks-server.
func hyphened(lower string) bool {
	for part := range strings.SplitSeq(path.Dir(lower), "/") {
		if strings.HasSuffix(part, "mock") || strings.HasSuffix(part, "mocks") || strings.HasPrefix(part, "mock") {
			return true
		}
		if strings.ContainsAny(part, "-_") && slices.ContainsFunc(marks, func(mark string) bool { return marked(part, mark) }) {
			return true
		}
	}
	return false
}

// Development says whether a file sets up what runs on a laptop only.
func Development(name string) bool {
	lower := strings.ToLower(name)
	base := path.Base(lower)
	if marked(base, "prod") || marked(base, "production") || marked(base, "productie") {
		return false
	}
	return within(lower, "docker", "dev", "development", "local", ".devcontainer", "tutorial", "tutorials") ||
		slices.ContainsFunc([]string{"compose", "dev", "local", "development", "demo"}, func(mark string) bool { return marked(base, mark) })
}

// Sham says whether a file holds no real values by its own name: an example, a mock, data
// for a test.
func Sham(name string) bool {
	lower := strings.ToLower(name)
	if within(lower, "example", "examples", "sample", "samples", "voorbeeld", "voorbeelden", "mock", "mocks", "fixture", "fixtures", "stub", "stubs", "test-data", "testdata", "test_data",
		"seeds", "seeders", "stories", ".storybook", "testing") || hyphened(lower) {
		return true
	}
	base := path.Base(lower)
	if stem := strings.TrimSuffix(base, path.Ext(base)); strings.HasSuffix(stem, "demo") || strings.HasSuffix(stem, "mock") {
		return true
	}
	for _, mark := range []string{"example", "sample", "voorbeeld", "dist", "template", "mock", "stories", "test", "fixture", "stub"} {
		if marked(base, mark) {
			return true
		}
	}
	return false
}

// marked says whether a word stands in the name of a file as a part of its own.
func marked(base, mark string) bool {
	if strings.ContainsAny(mark, ".-_") {
		return strings.Contains(base, mark)
	}
	for _, part := range strings.FieldsFunc(base, func(c rune) bool { return c == '.' || c == '-' || c == '_' }) {
		if part == mark || part == mark+"s" || part == mark+"data" {
			return true
		}
	}
	return false
}

// Within says whether one of the folders of a path has one of the names, in lower case.
func Within(name string, names ...string) bool { return within(strings.ToLower(name), names...) }

// within says whether one of the folders of a path has one of the names.
func within(lower string, names ...string) bool {
	dir := path.Dir(lower)
	for part := range strings.SplitSeq(dir, "/") {
		if slices.Contains(names, part) {
			return true
		}
	}
	return false
}

// Description says whether a file describes an API or a form of data: examples are what
// such a file is for.
func Description(name string, body []byte) bool {
	ext := strings.ToLower(path.Ext(name))
	if ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return false
	}
	head := body[:min(len(body), 4096)]
	for _, mark := range []string{"openapi:", "swagger:", `"openapi"`, `"swagger"`, `"$schema": "http://json-schema`, `"$schema": "https://json-schema`, `"$schema":"http://json-schema`, "asyncapi:"} {
		if i := bytes.Index(head, []byte(mark)); i >= 0 && (i == 0 || bytes.IndexByte([]byte("\n\r{ \t,'\""), head[i-1]) >= 0) {
			return true
		}
	}
	return false
}
