package deliver

import (
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// languages are extensions of files with source of a program.
var languages = []string{".go", ".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".php", ".java", ".kt", ".cs", ".rb", ".rs", ".vue", ".svelte", ".scala", ".ex"}

// pages are files of what runs on the web; a command for a laptop has none of them.
var pages = []string{"manage.py", "artisan", "bin/console", "public/index.php", "Procfile", "wsgi.py", "asgi.py", "angular.json", "next.config.js", "next.config.mjs", "next.config.ts", "nuxt.config.js", "nuxt.config.ts"}

// builders make an image without a Dockerfile.
var builders = []string{".ko.yaml", "project.toml", "skaffold.yaml", "werf.yaml", "Earthfile", "docker-bake.hcl", "flake.nix", "Procfile", "build.gradle", "build.gradle.kts", "pom.xml"}

// survey looks at the names of all files.
func (l *look) survey() {
	for _, f := range l.r.Files() {
		name := strings.ToLower(f.Name())
		switch {
		case strings.HasPrefix(name, "dockerfile") || strings.HasPrefix(name, "containerfile") || strings.HasSuffix(name, ".dockerfile"):
			l.images = l.images || !isAside(f)
		case name == "kustomization.yaml" || name == "kustomization.yml":
			l.helmed = true
		case slices.Contains(languages, f.Ext()):
			switch {
			case f.Test:
				l.tests = true
			case strings.Contains(name, ".config.") || strings.HasPrefix(name, "."): // settings of a tool
			case !isAside(f):
				l.code = true
			}
		}
	}
}

// haven looks at what Haven asks of an application: in a container, with manifests, with
// figures. That it can be several is for the rule about replicas.
func (l *look) haven() {
	if !l.code {
		return
	}
	if l.serves || l.helmed || slices.ContainsFunc(pages, l.r.Has) {
		l.to.Looked(ruleHavenImage)
		if !l.images && !slices.ContainsFunc(builders, l.hasBuilder) {
			l.add(check.Finding{Rule: ruleHavenImage})
		}
		l.to.Looked(ruleHavenManifests)
		if !l.helmed && len(l.charts) == 0 {
			l.add(check.Finding{Rule: ruleHavenManifests})
		}
	}
	if l.helmed {
		l.to.Looked(ruleHavenMetrics)
		if !l.metrics {
			l.add(check.Finding{Rule: ruleHavenMetrics})
		}
	}
}

func (l *look) hasBuilder(name string) bool {
	if l.r.Has(name) {
		return true
	}
	for _, f := range l.r.Files() {
		if path.Base(f.Path) == name && strings.Count(f.Path, "/") == 1 {
			return true
		}
	}
	return false
}
