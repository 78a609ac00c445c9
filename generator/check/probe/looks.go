package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	unknownPath  = "/fieldlab-dit-adres-bestaat-niet"
	unknownMedia = "application/vnd.fieldlab.onbekend"
	// unknownMethod changes nothing (RFC 4918, 9.1), every server knows the word, and no
	// description can have it.
	unknownMethod = "PROPFIND"
	maxRead       = 3 // operations that are read
)

// judged asks something and gives the answer when it says something about the rule.
func (p *prober) judged(rule string, r request) (*answer, bool) {
	a := p.ask(r)
	if a.err != nil {
		p.miss(rule, a.what, "no-answer")
		return a, false
	}
	if why, is := a.undecided(); is {
		p.miss(rule, a.what, why)
		return a, false
	}
	p.looked(rule)
	return a, true
}

// paths looks at addresses that there are not.
func (p *prober) paths() {
	if a, ok := p.judged(ruleUnknown, request{path: unknownPath}); ok && a.status != http.StatusNotFound {
		p.add(ruleUnknown, "", a.what, a.says())
	}
	slashes := []request{{path: "/openapi.json/", open: true}}
	if gets := p.reads(); len(gets) > 0 {
		slashes = append(slashes, request{path: gets[0].path + "/"})
	}
	for _, r := range slashes {
		switch a, ok := p.judged(ruleSlash, r); {
		case !ok || a.status == http.StatusNotFound:
		case a.redirects():
			p.add(ruleSlash, "redirect", a.what, a.says())
		default:
			p.add(ruleSlash, "status", a.what, a.says())
		}
	}
}

// reads lists the operations that can be read without knowing anything.
func (p *prober) reads() []operation {
	return slices.DeleteFunc(p.api.operations(http.MethodGet), func(o operation) bool { return o.required })
}

// reading looks at answers to questions that are right, and to those that are not.
func (p *prober) reading() {
	gets := p.reads()
	if len(gets) == 0 {
		for _, rule := range []string{ruleAccept, ruleDateTime, ruleCORS} {
			p.miss(rule, "", "no-operation")
		}
	}
	for i, o := range gets[:min(len(gets), maxRead)] {
		a := p.ask(request{path: o.path, accept: "application/json, */*;q=0.1"})
		if a.err != nil || a.status != http.StatusOK {
			p.miss(ruleDateTime, a.what, missing(a))
			p.miss(ruleCORS, a.what, missing(a))
			if i == 0 {
				p.miss(ruleAccept, a.what, missing(a))
			}
			continue
		}
		p.dateTimes(a)
		p.crossOrigin(o, a)
		if i == 0 {
			p.notAcceptable(o)
		}
	}
	p.wrongQuery(gets)
	where := "/openapi.json"
	if len(gets) > 0 {
		where = gets[0].path
	}
	p.otherMethod(where)
}

// missing says why an operation gave nothing to look at.
func missing(a *answer) string {
	if a.err != nil {
		return "no-answer"
	}
	if why, is := a.undecided(); is {
		return why
	}
	return "no-operation"
}

func (p *prober) notAcceptable(o operation) {
	if a, ok := p.judged(ruleAccept, request{path: o.path, accept: unknownMedia}); ok && a.status != http.StatusNotAcceptable {
		p.add(ruleAccept, "", a.what, a.says())
	}
}

func (p *prober) otherMethod(path string) {
	a := p.ask(request{method: unknownMethod, path: path})
	if a.err != nil {
		p.miss(ruleMethod, a.what, "no-answer")
		return
	}
	switch a.status {
	case http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		p.looked(ruleMethod)
	default:
		if why, is := a.undecided(); is {
			p.miss(ruleMethod, a.what, why)
			return
		}
		p.add(ruleMethod, "", a.what, a.says())
	}
}

// wrongQuery asks with values that the description does not allow: two at once, so that
// it shows whether all that is wrong is said.
func (p *prober) wrongQuery(gets []operation) {
	best := operation{}
	for _, o := range gets {
		if len(o.judged) > len(best.judged) {
			best = o
		}
	}
	if len(best.judged) < 2 {
		p.miss(ruleAllErrors, "", "no-operation")
	}
	if len(best.judged) == 0 {
		return
	}
	names := best.judged[:min(len(best.judged), 2)]
	query := url.Values{}
	for i, name := range names {
		query.Set(name, best.wrong[i])
	}
	a, ok := p.judged(ruleInput, request{path: best.path, query: query.Encode()})
	if !ok {
		p.miss(ruleAllErrors, a.what, missing(a))
		return
	}
	if a.status != http.StatusBadRequest {
		p.add(ruleInput, "query", a.what, a.says(), strings.Join(names, ", "))
		p.miss(ruleAllErrors, a.what, "no-operation")
		return
	}
	if len(names) < 2 {
		return
	}
	p.looked(ruleAllErrors)
	said := string(a.body)
	for _, name := range names {
		if !strings.Contains(said, name) {
			p.add(ruleAllErrors, "", a.what, strings.Join(names, ", "), name)
			return
		}
	}
}

// refusing sends what no API may take: another media type, and JSON that is cut off.
func (p *prober) refusing() {
	all := slices.DeleteFunc(p.api.operations(http.MethodPost), func(o operation) bool { return !o.json || o.required })
	if len(all) == 0 {
		p.miss(ruleMedia, "", "no-operation")
		if !p.of(ruleInput).looked {
			p.miss(ruleInput, "", "no-operation")
		}
		return
	}
	path := all[0].path
	a, ok := p.judged(ruleMedia, request{method: http.MethodPost, path: path, media: "text/plain", body: "geen JSON"})
	switch {
	case !ok || a.status == http.StatusUnsupportedMediaType || a.status == http.StatusNotAcceptable:
	case a.status == http.StatusNotFound:
		p.miss(ruleMedia, a.what, "no-operation")
	default:
		p.add(ruleMedia, "", a.what, a.says())
	}
	if ok && a.status < 300 {
		p.miss(ruleInput, a.what, "takes-anything") // what it would do with more, nobody asks
		return
	}
	a, ok = p.judged(ruleInput, request{method: http.MethodPost, path: path, media: "application/json", body: `{"fieldlab": `})
	switch {
	case !ok || a.status == http.StatusBadRequest:
	case a.status == http.StatusNotFound || a.status == http.StatusUnsupportedMediaType:
		p.miss(ruleInput, a.what, "no-operation")
	default:
		p.add(ruleInput, "json", a.what, a.says())
	}
}

// crossOrigin looks whether scripts of any website may read what is not for everybody.
func (p *prober) crossOrigin(o operation, a *answer) {
	allow := a.header.Get("Access-Control-Allow-Origin")
	switch {
	case allow == foreign && strings.EqualFold(a.header.Get("Access-Control-Allow-Credentials"), "true"):
		p.add(ruleCORS, "credentials", a.what)
	case o.secured && (allow == foreign || allow == "*"):
		p.add(ruleCORS, "", a.what, allow)
	default:
		p.looked(ruleCORS)
	}
}
