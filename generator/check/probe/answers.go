package probe

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// wanted is a header that every answer carries.
type wanted struct {
	name, value string
	holds       func(value string) bool
}

func contains(part string) func(string) bool {
	return func(value string) bool { return strings.Contains(strings.ToLower(value), part) }
}

// The security headers of /core/transport/security-headers.
var securityHeaders = []wanted{
	{"Cache-Control", "no-store", contains("no-store")},
	{"Content-Security-Policy", "frame-ancestors 'none'", contains("frame-ancestors 'none'")},
	{"X-Content-Type-Options", "nosniff", contains("nosniff")},
	{"X-Frame-Options", "DENY", contains("deny")},
}

// onPages are those of an answer that a browser shows as a page.
var onPages = []wanted{
	{"Content-Security-Policy", "default-src 'none'", contains("default-src 'none'")},
	{"Referrer-Policy", "no-referrer", contains("no-referrer")},
}

// everyAnswer looks at what has to hold for all answers, those with errors included.
func (p *prober) everyAnswer() {
	p.problems()
	p.versionHeader()
	for _, h := range securityHeaders {
		p.header(ruleHeaders, h, func(*answer) bool { return true })
	}
	for _, h := range onPages {
		p.header(ruleHeaders, h, func(a *answer) bool { return a.mediatype() == "text/html" })
	}
	p.header(ruleHeaders, wanted{"Content-Type", "", func(value string) bool { return value != "" }}, func(a *answer) bool { return len(a.body) > 0 })
	lasts := wanted{"Strict-Transport-Security", "max-age=31536000", stays}
	if p.base.Scheme == "https" || !slices.ContainsFunc(p.answers, func(a *answer) bool { return !stays(a.header.Get(lasts.name)) }) {
		p.header(ruleHSTS, lasts, func(*answer) bool { return true })
	} else {
		p.miss(ruleHSTS, "", "no-tls")
	}
}

// header looks at one header of the answers that it is for, and names those without it.
func (p *prober) header(rule string, h wanted, of func(*answer) bool) {
	var without []string
	for _, a := range p.answers {
		if !of(a) {
			continue
		}
		p.looked(rule)
		if !h.holds(strings.Join(a.header.Values(h.name), ", ")) {
			without = append(without, a.what+" ("+a.says()+")")
		}
	}
	if len(without) > 0 {
		p.add(rule, "", h.name, h.value, some(without))
	}
}

// some names the first of a list, and how many more there are.
func some(list []string) string {
	const most = 3
	if len(list) > most {
		list = append(slices.Clone(list[:most]), "+"+strconv.Itoa(len(list)-most))
	}
	return strings.Join(list, ", ")
}

// stays says whether Strict-Transport-Security holds for a while.
func stays(value string) bool {
	for part := range strings.SplitSeq(strings.ToLower(value), ";") {
		if age, is := strings.CutPrefix(strings.TrimSpace(part), "max-age="); is {
			seconds, err := strconv.ParseInt(strings.Trim(age, `"`), 10, 64)
			return err == nil && seconds > 0
		}
	}
	return false
}

// versionHeader leaves out what a proxy before the API may answer: it need not know the
// version.
func (p *prober) versionHeader() {
	byAPI := func(a *answer) bool {
		_, before := a.undecided()
		return !before
	}
	version := p.api.Info.Version
	p.header(ruleVersion, wanted{"API-Version", version, func(value string) bool {
		return value != "" && (version == "" || value == version)
	}}, byAPI)
}

// problems looks whether every error is told as RFC 9457 wants.
func (p *prober) problems() {
	for _, a := range p.answers {
		if a.status < 400 {
			continue
		}
		kind := a.mediatype()
		if kind != "application/problem+json" && kind != "application/problem+xml" {
			p.add(ruleProblem, "media", a.what, a.says(), kind)
			continue
		}
		p.looked(ruleProblem)
		if kind == "application/problem+json" {
			p.problem(a)
		}
	}
}

func (p *prober) problem(a *answer) {
	var problem struct {
		Status        json.Number
		Title, Detail string
	}
	if err := json.Unmarshal(a.body, &problem); err != nil {
		p.add(ruleProblem, "content", a.what, a.says())
		return
	}
	var without []string
	for _, member := range [][2]string{{"status", problem.Status.String()}, {"title", problem.Title}, {"detail", problem.Detail}} {
		if member[1] == "" {
			without = append(without, member[0])
		}
	}
	switch {
	case len(without) > 0:
		p.add(ruleProblem, "members", a.what, a.says(), strings.Join(without, ", "))
	case problem.Status.String() != a.says():
		p.add(ruleProblem, "status", a.what, a.says(), problem.Status.String())
	}
}

var (
	momentLike = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?$`)
	})
	moment = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	})
)

// dateTimes looks at the moments in an answer. It says in which member one is wrong, not
// what it is.
func (p *prober) dateTimes(a *answer) {
	if !strings.HasSuffix(a.mediatype(), "json") {
		return
	}
	if a.cut {
		p.miss(ruleDateTime, a.what, "answer-too-large")
		return
	}
	named := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(a.body))
	var inside []json.Delim // what is open
	key, isKey := "", false // of the member at hand; whether a key comes next
	for p.ctx.Err() == nil {
		token, err := d.Token()
		if err != nil {
			if err != io.EOF {
				p.miss(ruleDateTime, a.what, "no-answer")
			}
			return
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				inside = append(inside, token)
			} else if len(inside) > 0 {
				inside = inside[:len(inside)-1]
			}
			isKey = len(inside) > 0 && inside[len(inside)-1] == '{'
			continue
		case string:
			if isKey {
				key, isKey = token, false
				continue
			}
			if len(token) < 40 && momentLike().MatchString(token) {
				p.looked(ruleDateTime)
				if (!moment().MatchString(token) || strings.HasSuffix(token, "-00:00")) && !named[key] {
					named[key] = true
					p.add(ruleDateTime, "", a.what, masked(key))
				}
			}
		}
		isKey = len(inside) > 0 && inside[len(inside)-1] == '{'
	}
}

// masked hides digits: the name of a member may be a number of somebody.
func masked(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return '#'
		}
		return c
	}, name)
}

// securityTxt looks where somebody finds to whom a weakness is to be told. On a laptop
// there is nobody.
func (p *prober) securityTxt(now time.Time) {
	if p.base.Scheme != "https" {
		p.miss(ruleSecurityTxt, "", "no-tls")
		return
	}
	a := p.get(&url.URL{Scheme: p.base.Scheme, Host: p.base.Host, Path: "/.well-known/security.txt"}, request{open: true})
	if a.err != nil {
		p.miss(ruleSecurityTxt, a.what, "no-answer")
		return
	}
	p.looked(ruleSecurityTxt)
	if a.redirects() {
		return // to where the organisation has one for all; RFC 9116 allows that
	}
	if a.status != http.StatusOK {
		p.add(ruleSecurityTxt, "status", a.what, a.says())
		return
	}
	contact, expires := false, time.Time{}
	for line := range strings.Lines(string(a.body)) {
		name, value, _ := strings.Cut(line, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "contact":
			contact = true
		case "expires":
			expires, _ = time.Parse(time.RFC3339, strings.ToUpper(strings.TrimSpace(value)))
		}
	}
	switch {
	case !contact:
		p.add(ruleSecurityTxt, "contact", a.what)
	case expires.Before(now):
		p.add(ruleSecurityTxt, "expires", a.what)
	}
}
