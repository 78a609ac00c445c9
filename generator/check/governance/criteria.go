package governance

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// criterion is one of the 17 of CommonGroundChecker.
type criterion struct {
	name   string
	weight float64
}

// The criteria in the order of the checker, with its weights. All of them are notes: what a
// standard asks has a rule of its own, and the checker judges many by the name of a file.
var criteriaList = []criterion{
	{"sourcecode", 1},
	{"openapi", 1},
	{"license", 1},
	{"copyrightowner", .75},
	{"publiccode", 1},
	{"docker", 1},
	{"dockerimage", 1},
	{"sbom", .75},
	{"documentation", 1},
	{"tests", .75},
	{"complexity", .75},
	{"contributing", .5},
	{"codeofconduct", .5},
	{"security", .75},
	{"semver", .75},
	{"fivelayer", .75},
	{"helmchart", 1},
}

// failing are the findings for which the checker says fail; for the others it says warn,
// which is half the points.
var failing = []string{"sourcecode/none", "openapi/none", "license/none", "publiccode/none", "publiccode/yaml", "docker/none", "complexity/high", "semver/bad", "helmchart/none"}

const (
	criterionPrefix = "repo-cg-"
	bonusRule       = "repo-cg-eupl"
	checkerURL      = "https://github.com/Hugo-ter-Doest/CommonGroundChecker"
	checkerSource   = "CommonGroundChecker (Hugo ter Doest, 2026-04)"
)

func criteriaRules() []check.Rule {
	rules := make([]check.Rule, 0, len(criteriaList)+1)
	for _, c := range criteriaList {
		rule := check.Rule{
			ID: criterionPrefix + c.name, Group: check.Repository, Severity: check.Note,
			Source: checkerSource + ", " + c.name, URL: checkerURL, Official: []string{c.name},
		}
		if c.name == "dockerimage" {
			rule.By = check.Person // the address of a published image is given on the page of the checker
		}
		rules = append(rules, rule)
	}
	return append(rules, check.Rule{
		ID: bonusRule, Group: check.Repository, Severity: check.Note,
		Source: checkerSource + ", EUPL bonus", URL: checkerURL, Official: []string{"euplBonusPoints"},
	})
}

// CommonGround is the score that CommonGroundChecker gives with its own weights to a
// repository that is offered as a register: how many of its 17 criteria pass, and which are
// open. An image cannot be seen in files, so the criterion dockerimage is always open here;
// and the version counts only when a file says it.
func CommonGround(result *check.Result) (score, passed int, open []string) {
	verdicts := map[string]check.Verdict{}
	for _, v := range result.Verdicts {
		verdicts[v.Rule.ID] = v
	}
	if _, ok := verdicts[bonusRule]; !ok {
		return 0, 0, nil
	}
	sum, all := 0.0, 0.0
	for _, c := range criteriaList {
		points := 0.0
		switch standing(c.name, verdicts) {
		case "pass":
			points = 1
			passed++
		case "warn":
			points = .5
			open = append(open, c.name)
		default:
			open = append(open, c.name)
		}
		sum += points * c.weight
		all += c.weight
	}
	score = int(sum/all*100 + .5)
	if verdicts[bonusRule].Outcome == check.Met {
		score += 10
	}
	return min(score, 100), passed, open
}

// standing is what the checker says of a criterion: pass, warn or fail.
func standing(name string, verdicts map[string]check.Verdict) string {
	v := verdicts[criterionPrefix+name]
	switch {
	case name == "dockerimage", v.Outcome == check.NotChecked && len(v.Findings) == 0:
		return "warn"
	case len(v.Findings) > 0 && slices.Contains(failing, name+"/"+v.Findings[0].Case):
		return "fail"
	case len(v.Findings) > 0:
		return "warn"
	case name == "publiccode" && !slices.ContainsFunc(verdicts["publiccode-known-keys"].Findings, func(f check.Finding) bool { return len(f.Args) > 0 && f.Args[0] == "nl" }):
		return "warn" // without nl, which the official parser refuses
	}
	return "pass"
}

// criteria judges them all.
func (l *look) criteria() {
	for _, c := range criteriaList {
		if c.name != "dockerimage" {
			l.to.Looked(criterionPrefix + c.name)
		}
	}
	l.treeCriteria()
	l.openapiCriterion()
	l.licenseCriterion()
	l.copyrightCriterion()
	l.publiccodeCriterion()
	l.complexityCriterion()
	l.semverCriterion()
	l.layerCriterion()
	l.helmCriterion()
}

func (l *look) falls(name, kind, file string, args ...string) {
	l.found(criterionPrefix+name, kind, file, 0, args...)
}

// treeCriteria are those that look at names only.
func (l *look) treeCriteria() {
	if !l.any(isSourceCode) {
		l.falls("sourcecode", "none", "")
	}
	dockerfile := l.any(func(p string) bool { return slices.Contains(dockerFiles, path.Base(p)) })
	compose := l.any(func(p string) bool { return slices.Contains(composeFiles, path.Base(p)) })
	chart := l.any(func(p string) bool { return p == "chart.yaml" || strings.Contains(p, "/chart.yaml") })
	switch {
	case !dockerfile && !compose && !chart:
		l.falls("docker", "none", "")
	case !dockerfile:
		l.falls("docker", "dockerfile", "")
	case !compose:
		l.falls("docker", "compose", "")
	}
	for name, is := range map[string]func(string) bool{
		"sbom": isSBOM, "documentation": isDocumentation, "tests": isCheckerTest,
		"contributing": isContributing, "codeofconduct": isConduct, "security": isSecurity,
	} {
		if !l.any(is) {
			l.falls(name, "none", "")
		}
	}
}

// openapiFile is the description that the checker reads.
func (l *look) openapiFile() string {
	for _, name := range []string{
		"openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json",
		"api/openapi.yaml", "api/openapi.yml", "api/openapi.json", "api/swagger.yaml", "api/swagger.yml", "api/swagger.json",
		"docs/openapi.yaml", "docs/openapi.yml", "docs/swagger.yaml", ".openapi.yaml",
	} {
		if f, ok := l.repo.Find(name); ok {
			return f.Path
		}
	}
	file, _ := l.find(func(p string) bool {
		if !strings.Contains(p, "/") {
			return false
		}
		switch path.Base(p) {
		case "openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json":
			return true
		}
		return false
	})
	return file
}

func (l *look) openapiCriterion() {
	file := l.openapiFile()
	if file == "" {
		l.falls("openapi", "none", "")
		return
	}
	if text, ok := l.texts[file]; ok && !strings.Contains(string(text), "info:") && !strings.Contains(string(text), `"info"`) {
		l.falls("openapi", "info", file)
	}
}

func (l *look) publiccodeCriterion() {
	file, ok := l.publiccodeFile()
	if !ok {
		l.falls("publiccode", "none", "")
		return
	}
	var parsed map[string]yaml.Node
	if err := yaml.Unmarshal(l.texts[file], &parsed); err != nil {
		l.falls("publiccode", "yaml", file)
		return
	}
	missing := func(names ...string) string {
		return strings.Join(slices.DeleteFunc(names, func(name string) bool { _, ok := parsed[name]; return ok }), ", ")
	}
	if names := missing("publiccodeYmlVersion", "name", "url", "legal"); names != "" {
		l.falls("publiccode", "required", file, names)
	} else if names := missing("description", "maintenance", "categories"); names != "" {
		l.falls("publiccode", "recommended", file, names)
	}
}

func (l *look) complexityCriterion() {
	c := l.complexity
	switch {
	case c.mean() > maxMeanComplexity || c.worst > maxComplexity:
		l.falls("complexity", "high", "", fmt.Sprintf("%.1f", c.mean()), fmt.Sprint(c.worst))
	case c.uncounted != "":
		l.to.Miss(criterionPrefix+"complexity", c.uncounted, "uncounted-language")
	case c.functions == 0 && c.files > 0: // without any source the checker is content
		l.falls("complexity", "none", "")
	}
}

// deploymentFiles are the first three YAML files in the order of paths that the checker
// takes for manifests. Others are not read by it, whatever stands in them.
func (l *look) deploymentFiles() []string {
	var files []string
	for i, p := range l.lower {
		if !strings.HasSuffix(p, ".yaml") && !strings.HasSuffix(p, ".yml") {
			continue
		}
		if strings.Contains(p, "deployment") || strings.Contains(p, "template") || strings.Contains(p, "k8s") || strings.Contains(p, "kubernetes") {
			if files = append(files, l.paths[i]); len(files) == 3 {
				break
			}
		}
	}
	return files
}

func (l *look) helmCriterion() {
	chart := l.any(func(p string) bool { return strings.HasSuffix(p, "chart.yaml") })
	manifests := l.any(func(p string) bool {
		return strings.Contains(p, "k8s/") || strings.Contains(p, "kubernetes/") || strings.Contains(p, "deploy/") ||
			strings.Contains(p, "chart/templates/") || strings.Contains(p, "helm/") || strings.HasSuffix(p, ".yaml") && strings.Contains(p, "manifest")
	})
	if !chart && !manifests {
		l.falls("helmchart", "none", "")
		return
	}
	files := l.deploymentFiles()
	combined := ""
	for _, file := range files {
		combined += strings.ToLower(string(l.texts[file])) + "\n"
	}
	has := func(text string) bool { return strings.Contains(combined, text) }
	var missing []string
	for name, there := range map[string]bool{
		"resources.limits": has("resources:") && has("limits:"),
		"livenessProbe":    has("livenessprobe:"),
		"readinessProbe":   has("readinessprobe:"),
		"securityContext":  has("securitycontext:") || has("runasnonroot:"),
		"NetworkPolicy":    has("networkpolicy") || l.any(func(p string) bool { return strings.Contains(p, "networkpolic") }),
	} {
		if !there {
			missing = append(missing, name)
		}
	}
	if slices.Sort(missing); len(missing) > 2 {
		l.falls("helmchart", "few", "", strings.Join(files, ", "), strings.Join(missing, ", "))
	}
}
