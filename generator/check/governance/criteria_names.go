package governance

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// What CommonGroundChecker takes for what, by the name in lower case.

var (
	dockerFiles   = []string{"dockerfile", "dockerfile.dev", "dockerfile.prod", "dockerfile.local"}
	composeFiles  = []string{"docker-compose.yml", "docker-compose.yaml", "docker-compose.dev.yml", "docker-compose.prod.yml"}
	sourceEndings = []string{
		".py", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".java", ".c", ".cpp", ".cc", ".cxx", ".h", ".hpp", ".cs", ".go", ".rs", ".php",
		".rb", ".swift", ".kt", ".kts", ".scala", ".sc", ".groovy", ".gradle", ".sh", ".bash", ".pl", ".pm", ".r", ".m", ".jl", ".lua", ".clj",
		".cljs", ".hs", ".ex", ".exs", ".erl", ".coffee",
	}
	sbomFiles = []string{
		"sbom.json", "sbom.xml", "sbom.yaml", "sbom.yml", "sbom.spdx", "sbom.spdx.json", "sbom.cdx.json", "bom.json", "bom.xml", "bom.yaml",
		"bom.yml", "cyclonedx.json", "cyclonedx.xml", "spdx.json", "spdx.yaml", "spdx.yml",
	}
)

func isSourceCode(p string) bool {
	for _, folder := range []string{"node_modules/", ".git/", "dist/", "build/", ".next/"} {
		if strings.HasPrefix(p, folder) {
			return false
		}
	}
	for _, folder := range []string{"/__pycache__/", "/.venv/", "/venv/"} {
		if strings.Contains(p, folder) {
			return false
		}
	}
	return slices.Contains(sourceEndings, path.Ext(p))
}

func isSBOM(p string) bool {
	return slices.Contains(sbomFiles, path.Base(p)) || strings.HasSuffix(p, ".spdx.json") || strings.HasSuffix(p, ".cdx.json") ||
		strings.Contains(p, "/sbom/") || strings.Contains(p, "/cyclonedx/")
}

func isDocumentation(p string) bool {
	switch path.Base(p) {
	case "readme.md", "readme.rst", "mkdocs.yml", "docusaurus.config.js", "docusaurus.config.ts":
		return true
	}
	return p == "documentation/index.md" || p == "swagger-ui/index.html" || strings.HasPrefix(p, "docs/") ||
		strings.Contains(p, "/docs/") || strings.Contains(p, "/documentation/")
}

var checkerTest = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|/)tests?/|(^|/)__tests__/|\.(test|spec)\.(ts|tsx|js|jsx|py|java|go|rb|php|cs)$|(^|/)pytest\.ini$|(^|/)(jest|vitest)\.config\.(js|cjs|mjs|ts)$|(^|/)go\.test$|(^|/)tox\.ini$`)
})

// isCheckerTest does not see x_test.go and test_x.py outside a folder of tests.
func isCheckerTest(p string) bool { return checkerTest().MatchString(p) }

func isContributing(p string) bool {
	switch path.Base(p) {
	case "contributing.md", "contributing.rst", "contributing.txt":
		return true
	}
	return false
}

func isConduct(p string) bool {
	switch path.Base(p) {
	case "code_of_conduct.md", "code-of-conduct.md", "codeofconduct.md", "code_of_conduct.rst":
		return true
	}
	return false
}

func isSecurity(p string) bool {
	switch path.Base(p) {
	case "security.md", "security.txt", "security.rst":
		return true
	}
	return false
}
