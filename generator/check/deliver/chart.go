package deliver

import (
	"context"
	"errors"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// plain judges the manifests that are no chart.
func (l *look) plain(ctx context.Context) {
	s := &set{kinds: map[string]bool{}, kustomize: map[string]bool{}}
	for _, file := range l.manifests {
		if ctx.Err() != nil {
			return
		}
		if strings.Contains(string(file.body), "{{") {
			continue // a template of another tool
		}
		all, ok := l.read(file.path, file.body)
		if !ok {
			continue
		}
		l.metrics = l.metrics || saysMetrics(file.body)
		for _, n := range all {
			for _, one := range n.at("images").list() {
				if n.at("kind").word() == "Kustomization" {
					l.kustomized(s, one)
				}
			}
			s.add(n)
		}
	}
	if len(s.documents) > 0 {
		l.helmed = l.helmed || len(s.pods) > 0
		l.judge(s)
	}
}

func (l *look) kustomized(s *set, one *node) {
	if one.at("newTag") != nil || one.at("digest") != nil {
		s.kustomize[one.at("name").word()] = true
	}
}

// maxYAML is the size of a file of which nobody wrote every line: reading it takes a
// second for every three megabytes.
const maxYAML = 1 << 20

// read reads a file that has to be YAML.
func (l *look) read(name string, body []byte) ([]*node, bool) {
	l.to.Looked(ruleYAML)
	if len(body) > maxYAML {
		l.to.Miss(ruleYAML, name, "too-much")
		return nil, false
	}
	all, err := documents(name, body)
	if err == nil {
		return all, true
	}
	if errors.Is(err, errTooMuch) {
		l.to.Miss(ruleYAML, name, "too-much")
		return nil, false
	}
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	f := check.Finding{Rule: ruleYAML, Path: name, Args: []string{what}}
	if m := lineOf().FindStringSubmatch(what); m != nil {
		f.Line, f.Args[0] = number(m[1]), m[2]
		if strings.HasPrefix(m[2], "did not find") {
			f.Line++ // the parser of package yaml counts from 0, its scanner from 1
		}
	}
	l.add(f)
	return nil, false
}

var lineOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^line (\d+): (.*)`) })

func number(text string) int {
	n := 0
	for i := 0; i < len(text) && n < 1<<28; i++ {
		n = 10*n + int(text[i]-'0')
	}
	return n
}

func (l *look) one(file *held) *node {
	if file == nil {
		return &node{}
	}
	all, ok := l.read(file.path, file.body)
	if !ok || len(all) == 0 || all[0] == nil {
		return &node{path: file.path, line: 1, open: !ok}
	}
	return all[0]
}

// chart judges one chart.
func (l *look) chart(at string, f *folder) {
	c := &chart{folder: at, file: l.one(f.file), values: l.one(f.values), defines: map[string][]raw{}, left: maxNodes}
	l.form(c, f)
	if f.values != nil {
		l.defaults(c)
	}
	if len(f.templates) == 0 {
		return
	}
	l.helmed = true
	var bodies [][]raw
	for _, file := range f.templates {
		l.metrics = l.metrics || saysMetrics(file.body)
		bodies = append(bodies, c.define(split(file.path, file.body)))
	}
	s := &set{c: c, kinds: map[string]bool{}, kustomize: map[string]bool{}}
	for i, lines := range bodies {
		if path.Ext(f.templates[i].path) == ".tpl" {
			continue
		}
		for _, section := range sections(lines) {
			n := c.parse(section, "", 0)
			n.encrypts = encrypts(section)
			s.add(n)
		}
	}
	l.metrics = l.metrics || f.values != nil && saysMetrics(f.values.body)
	if c.left <= 0 {
		l.to.Miss(ruleKubeSecurity, at, "too-much")
		return
	}
	l.judge(s)
}

// encrypts says whether a template can ask for encryption, also when it does not do so by
// itself: who installs it fills that in.
func encrypts(section []raw) bool {
	for _, line := range section {
		if strings.Contains(line.text, "tls") || strings.Contains(line.text, "cert") {
			return true
		}
	}
	return false
}

// saysMetrics says whether a manifest tells where to fetch figures.
func saysMetrics(body []byte) bool {
	text := string(body)
	return strings.Contains(text, "prometheus.io/") || strings.Contains(text, "ServiceMonitor") || strings.Contains(text, "PodMonitor") ||
		strings.Contains(text, "/metrics") || strings.Contains(text, "opentelemetry.io/inject")
}

// version is what Helm takes for one.
var version = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^v?\d+(\.\d+)?(\.\d+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
})

var isNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^version:[ \t]*\d+(\.\d+)?[ \t]*(#.*)?\r?$`) })

var semver = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
})

// form looks at Chart.yaml.
func (l *look) form(c *chart, f *folder) {
	if f.file == nil || c.file.open {
		return
	}
	name := f.file.path
	if strings.Contains(string(f.file.body), "{{") {
		return // made by a tool before it is packed
	}
	l.to.Looked(ruleChartForm, ruleChartDescribe)
	found := func(rule, kind string, at *node, args ...string) {
		line := 1
		if at != nil {
			line = at.line
		}
		l.add(check.Finding{Rule: rule, Case: kind, Path: name, Line: line, Args: args})
	}
	api, said := c.file.at("apiVersion"), c.file.at("version")
	switch {
	case api.word() != "v1" && api.word() != "v2":
		found(ruleChartForm, "api", api)
	case api.word() == "v1":
		found(ruleChartDescribe, "v1", api)
	}
	switch text := said.word(); {
	case text == "":
		found(ruleChartForm, "version", said)
	case isNumber().Match(f.file.body): // without quotes YAML makes a number of 1.2, and helm refuses it
		found(ruleChartForm, "number", said, text)
	case !version().MatchString(text):
		found(ruleChartForm, "semver", said, text)
	case !semver().MatchString(text):
		found(ruleChartDescribe, "loose", said, text)
	}
	if c.file.at("name").word() == "" {
		found(ruleChartForm, "name", c.file.at("name"))
	}
	if c.file.at("type").word() == "library" {
		return
	}
	if c.file.at("appVersion").word() == "" && len(f.templates) > 0 {
		found(ruleChartDescribe, "app-version", nil)
	}
	l.named(c, name)
	if f.values != nil && len(c.values.keys) > 0 {
		l.to.Looked(ruleChartSchema)
		if _, has := l.r.Find(path.Join(c.folder, "values.schema.json")); !has {
			l.add(check.Finding{Rule: ruleChartSchema, Path: f.values.path})
		}
	}
}

// generic are names of folders that say what is in them, and not of what.
var generic = []string{"helm", "chart", "charts", "deploy", "deployment", "k8s", "kubernetes", "infra", "src", "helm-chart", "helmchart", "."}

// named compares the name of a chart with that of its folder.
func (l *look) named(c *chart, file string) {
	folder := path.Base(c.folder)
	for _, one := range generic {
		if strings.EqualFold(folder, one) {
			return
		}
	}
	at := c.file.at("name")
	l.to.Looked(ruleChartName)
	if name := at.word(); name != "" && !strings.EqualFold(name, folder) && !strings.EqualFold(name, l.r.Name) {
		l.add(check.Finding{Rule: ruleChartName, Path: file, Line: at.line, Args: []string{name, folder}})
	}
}

// defaults looks for passwords in values.yaml that work without anybody choosing them.
func (l *look) defaults(c *chart) {
	l.to.Looked(ruleChartSecret)
	var walk func(n *node, depth int)
	walk = func(n *node, depth int) {
		if n == nil || depth > maxDepth {
			return
		}
		for _, k := range n.keys {
			if k.value.isMap || k.value.isSeq {
				walk(k.value, depth+1)
				continue
			}
			if isSecretName(k.name) && isRealValue(k.value.text) && !isNameOfSecret(k.name, k.value.text) {
				l.add(check.Finding{Rule: ruleChartSecret, Path: k.value.path, Line: k.value.line, Args: []string{k.name}})
			}
		}
		for _, item := range n.items {
			walk(item, depth+1)
		}
	}
	walk(c.values, 0)
}

// isNameOfSecret says whether a value in values.yaml is where the secret is: the name of
// a Secret, or of a key in it.
func isNameOfSecret(name, value string) bool {
	name, value = strings.ToLower(name), strings.ToLower(value)
	switch {
	case strings.Contains(value, " "):
		return true // a sentence
	case strings.HasSuffix(name, "secret"):
		return name != "clientsecret" && name != "client_secret" && name != "sharedsecret" && name != "jwtsecret" && name != "appsecret"
	case strings.HasSuffix(name, "key"):
		return strings.Contains(value, "password") || strings.Contains(value, "secret") || strings.Contains(value, "key") || strings.Contains(value, "token")
	}
	return false
}
