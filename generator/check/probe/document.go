package probe

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/adr"
)

var majorPath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/v([0-9]+)$`) })

// document reads the description of the API as everybody can.
func (p *prober) document() *answer {
	a := p.ask(request{path: "/openapi.json", open: true, limit: maxDocument})
	if a.err != nil {
		return a
	}
	switch {
	case a.status != http.StatusOK:
		p.add(rulePublish, "status", a.what, a.says())
	case a.cut:
		p.miss(rulePublish, a.what, "answer-too-large")
	case json.Unmarshal(a.body, &p.api) != nil || p.api.OpenAPI == "" || p.api.Paths == nil:
		p.add(rulePublish, "content", a.what)
	default:
		p.published(a)
	}
	p.version()
	return a
}

// published looks at a description that can be read.
func (p *prober) published(a *answer) {
	p.looked(rulePublish)
	if kind := a.mediatype(); kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		p.add(rulePublish, "media", a.what, kind)
	}
	// To answer with the origin that asks is to let everybody in, too.
	if allow := a.header.Get("Access-Control-Allow-Origin"); allow != "*" && allow != foreign {
		p.add(rulePublish, "cors", a.what, foreign)
	}
	p.asYAML()
	p.judge(a.body)
}

// version compares the base path with the version of the API.
func (p *prober) version() {
	match := majorPath().FindStringSubmatch(p.base.Path)
	if match == nil {
		p.add(ruleBase, "none", p.base.Path)
		return
	}
	major, _, _ := strings.Cut(p.api.Info.Version, ".")
	switch {
	case p.api.Info.Version == "":
		p.miss(ruleBase, "", "no-live-document")
	case major != match[1]:
		p.add(ruleBase, "other", p.base.Path, p.api.Info.Version)
	default:
		p.looked(ruleBase)
	}
}

// asYAML compares the description in YAML, when there is one, with the one in JSON: the
// version and the operations.
func (p *prober) asYAML() {
	a := p.ask(request{path: "/openapi.yaml", open: true, limit: maxDocument})
	switch {
	case a.err != nil:
		p.miss(ruleYAML, a.what, "no-answer")
		return
	case a.status != http.StatusOK:
		return // it may be there
	case a.cut:
		p.miss(ruleYAML, a.what, "answer-too-large")
		return
	}
	var other struct {
		Info  struct{ Version string }
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal(a.body, &other); err != nil {
		p.add(ruleYAML, "content", a.what)
		return
	}
	p.looked(ruleYAML)
	if other.Info.Version != p.api.Info.Version {
		p.add(ruleYAML, "version", a.what, other.Info.Version, p.api.Info.Version)
	}
	one, two := keys(p.api.Paths), keys(other.Paths)
	for _, name := range slices.Concat(one, two) {
		if slices.Contains(one, name) != slices.Contains(two, name) {
			p.add(ruleYAML, "operations", a.what, name)
			return
		}
	}
}

func keys[V any](paths map[string]map[string]V) []string {
	var all []string
	for path, item := range paths {
		for key := range item {
			all = append(all, key+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// judge holds the description that is published against the rules for descriptions, as
// if it were a file. What they find, one finding names: in the repository each has its
// place.
func (p *prober) judge(body []byte) {
	result, err := p.lint(body)
	if err != nil {
		p.miss(ruleDocument, "GET "+p.base.Path+"/openapi.json", "slow")
		return
	}
	count := map[string]int{}
	for _, v := range result.Verdicts {
		switch {
		case v.Rule.Group != check.API:
		case v.Outcome == check.Met:
			p.looked(ruleDocument)
		case v.Outcome == check.Broken && v.Rule.Severity == check.Error:
			count[v.Rule.ID] = len(v.Findings) + v.More
		}
	}
	if len(count) == 0 {
		if !p.of(ruleDocument).looked {
			p.miss(ruleDocument, "", "no-live-document")
		}
		return
	}
	var names []string
	for _, id := range slices.Sorted(maps.Keys(count)) {
		names = append(names, fmt.Sprintf("%s (%d)", id, count[id]))
	}
	p.add(ruleDocument, "", "GET "+p.base.Path+"/openapi.json", strings.Join(names, ", "))
}

// lint runs the rules for descriptions on a repository that holds this one file.
func (p *prober) lint(body []byte) (*check.Result, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "openapi.json", Method: zip.Store})
	if err == nil {
		_, err = f.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return nil, err
	}
	repo, err := check.OpenFS(files, check.Options{Name: "api"})
	if err != nil {
		return nil, err
	}
	return check.Run(p.ctx, repo, []check.Checker{adr.Checker()})
}

// transport looks at TLS, and at what the same address without it does.
func (p *prober) transport(clear *url.URL) {
	switch {
	case p.base.Scheme == "https":
		p.looked(ruleTLS)
	case loopback(p.base.Hostname()):
		p.miss(ruleTLS, "", "loopback")
	default:
		p.add(ruleTLS, "clear", p.base.Scheme+"://"+p.base.Host)
	}
	if clear == nil {
		why := "other-port"
		if p.base.Scheme == "http" {
			why = "no-tls"
		}
		p.miss(ruleRedirect, "", why)
		return
	}
	a := p.get(clear, request{open: true})
	p.looked(ruleRedirect)
	switch {
	case a.err != nil: // nobody is at home, as it should be
	case a.redirects():
		p.add(ruleRedirect, "", clear.Scheme+"://"+clear.Host)
	case a.status < 300:
		p.add(ruleTLS, "clear", clear.Scheme+"://"+clear.Host)
	}
}
