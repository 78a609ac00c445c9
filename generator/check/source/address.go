package source

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// addresses looks for absolute addresses of APIs in strings of code: of a source, which
// belongs in the integration layer or its configuration, and of others.
func (l *look) addresses(ctx context.Context, t *text) {
	if t.file.Test || isMigration(t.file.Path) || isStandIn(t.file.Path) {
		return
	}
	if t.layer == scaffolding {
		l.municipalities(ctx, t)
		return
	}
	l.to.Looked("layer-source-address", "layer-point-to-point")
	t.each("://", func(offset int) bool {
		if raw, at, ok := t.addressAt(offset); ok {
			l.address(t, raw, at)
		}
		return ctx.Err() == nil
	})
}

func (l *look) address(t *text, raw string, at int) {
	a, known := knownAddress(raw)
	switch {
	case known && t.layer == integratie:
	case known && !t.fromEnvironment(at):
		which := "layer"
		if t.layer == unknown {
			which = "code"
		}
		if l.once("address " + a.host) {
			l.add("layer-source-address", which, t, at, a.host, a.source, t.layer.String())
		}
	case !known && t.kind != page && t.layer != integratie:
		if name := apiHost(raw); name != "" && !t.fromEnvironment(at) && l.once("address "+name) {
			l.add("layer-point-to-point", "", t, at, name)
		}
	}
}

// mapping is a file of settings that names who is where, in code: whoever joins has to
// change it.
var mapping = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)municipalit|gemeente|bronnen|endpoints|gateways|outway`)
})

// municipalities looks for fixed addresses in a table of who is where.
func (l *look) municipalities(ctx context.Context, t *text) {
	if t.kind&code == 0 || !mapping().MatchString(t.file.Name()) {
		return
	}
	l.to.Looked("layer-point-to-point")
	t.each("://", func(offset int) bool {
		raw, at, ok := t.addressAt(offset)
		if u, err := url.Parse(raw); ok && err == nil && !isExample(u.Hostname()) && !describes(u.Path) && !strings.HasPrefix(u.Hostname(), "www.") && !t.fromEnvironment(at) && t.isPlace(at) {
			l.add("layer-point-to-point", "", t, at, u.Hostname())
		}
		return ctx.Err() == nil
	})
}

var (
	keyed   = once(`['"]?([\w-]+)['"]?\s*(?:=>|:)\s*['"]$`)
	forRead = once(`(?i)site|logo|contact|link|privacy|cookie|toegankelijk|help|docs?$|repo|theme|font|style|image|login`)
)

// isPlace says whether an address is the value of a key that names who is there, and not
// a page for a reader.
func (t *text) isPlace(at int) bool {
	start, _ := t.around(at)
	m := keyed().FindSubmatch(t.body[start:at])
	return m != nil && !forRead().Match(m[1])
}

// addressAt gives the address around "://", when it is what a string begins with: in the
// middle of a sentence it is a help text.
func (t *text) addressAt(offset int) (raw string, at int, ok bool) {
	at = offset
	for at > 0 && offset-at < 6 && t.body[at-1] >= 'a' && t.body[at-1] <= 'z' {
		at--
	}
	if scheme := string(t.body[at:offset]); scheme != "http" && scheme != "https" {
		return "", 0, false
	}
	if at == 0 || t.mark(at-1) != quote || isLink(t.body[:at-1]) {
		return "", 0, false
	}
	end := offset + 3
	for end < len(t.body) && end-at < 300 && bytes.IndexByte([]byte("\"'`<> \t\r\n\\"), t.body[end]) < 0 {
		end++
	}
	raw = string(t.body[at:end])
	if i := strings.IndexAny(raw, "${"); i >= 0 { // what is filled in is not part of what is known
		raw = raw[:i]
	}
	if end < len(t.body) && t.body[end] == ' ' {
		return "", 0, false // a sentence that begins with an address
	}
	return raw, at, true
}

// isLink says whether what comes is where a reader can go, or the name of a namespace.
func isLink(before []byte) bool {
	before = bytes.TrimRight(before[max(0, len(before)-20):], " ")
	return bytes.HasSuffix(before, []byte("href=")) || bytes.HasSuffix(before, []byte("href:")) || bytes.HasSuffix(before, []byte("to=")) || bytes.Contains(before, []byte("xmlns"))
}

var environment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)process\.env|import\.meta\.env|\benv\(|getenv|os\.environ|\$_env|lookupenv|\bconfig\(|%env\(|@value\(|_env\b|envdefault|configproperty`)
})

// fromEnvironment says whether the line takes its value from the environment, so that an
// address in it is what holds when nothing is set.
func (t *text) fromEnvironment(offset int) bool {
	start, end := t.around(offset)
	return environment().Match(t.body[start:end])
}

// isStandIn says whether a file only plays another one.
func isStandIn(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "mock") || strings.Contains(lower, "fixture") || strings.Contains(lower, "stub") || strings.Contains(lower, "nabootsing")
}

// isMigration says whether a file is a step in the history of a database: what it says
// held once.
func isMigration(name string) bool {
	lower := "/" + strings.ToLower(name)
	return strings.Contains(lower, "/migrations/") || strings.Contains(lower, "/migraties/") || strings.Contains(lower, "/versions/")
}

// apiHost gives the host of an address, when that is called as an API is. PDOK has maps
// and places for everybody: a screen may ask it, and nothing of a person is there.
func apiHost(raw string) string {
	_, rest, _ := strings.Cut(raw, "://")
	name, where, _ := strings.Cut(rest, "/")
	name = strings.ToLower(name)
	if name, _, _ = strings.Cut(name, ":"); isExample(name) || describes("/"+where) || !strings.HasSuffix(name, ".nl") || strings.HasSuffix(name, ".pdok.nl") {
		return ""
	}
	first, _, _ := strings.Cut(name, ".")
	for _, part := range strings.Split(first, "-") {
		if part == "api" || part == "apis" || part == "gateway" || part == "apigw" {
			return name
		}
	}
	return ""
}
