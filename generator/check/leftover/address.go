package leftover

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

var (
	exampleHost = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:https?|wss?)://(?:[\w-]+\.)*?(?:example\.(?:com|org|net|nl|edu)|example-[\w-]+\.(?:com|org|net|nl)|voorbeeld\.nl|yourdomain\.\w+|your-domain\.\w+|your-[\w-]+\.(?:com|nl|org)|mydomain\.\w+|domain\.tld|foo\.bar)(?:[:/?#]|$)`)
	})
	localHost = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:https?|wss?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?:[:/?#]|$)`)
	})
	// ofCase are attributes in which a case holds the address of something else.
	ofCase = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)["']?\b(zaaktype|zaak|eigenschap|statustype|resultaattype|roltype|informatieobjecttype|informatieobject|besluittype|objecttype|object|type)["']?\s*(?::|=>|=|:=)\s*["'` + "`" + `](https?://[^"'` + "`" + `\s]*)`)
	})
	literal = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("\"([a-z]+://[^\"\\s]+)\"|'([a-z]+://[^'\\s]+)'|`([a-z]+://[^`\\s]+)`")
	})
	scalar = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[\s-]*["']?([\w.\-/]+)["']?\s*[:=]\s*["']?([a-z]+://[^"'\s#,]+)`)
	})
)

// guards are words on a line by which a fixed address is not the only one: it comes from
// the environment first, or the line compares with it, tells of it, or is for development.
var guards = []string{"env", "||", "??", ":-", "config(", "config.get", "default", "fallback", "getopt", "flag.", "option", "arg", "==", "!=", "startswith", "hasprefix", "includes(",
	"contains(", "indexof", "match(", "replace(", "in_array", "isdev", "debug", "develop", "is_dev", "allowed", "cors", "origin", "whitelist", "trusted", "test", "mock", "listen", "proxy", "cypress", "swagger", "lint", "health", "laptop"}

func guarded(lower string) bool {
	return slices.ContainsFunc(guards, func(word string) bool { return strings.Contains(lower, word) })
}

// exampleWords stand in every example address.
var exampleWords = []string{"://localhost", "://127.0.0.1", "://0.0.0.0", "host.docker.internal", "example.", "example-", "voorbeeld.nl", "yourdomain", "your-", "mydomain", "domain.tld", "foo.bar"}

// addresses looks for addresses that were an example, and for those of the machine of who
// wrote it.
func (p *page) addresses(ctx context.Context) {
	if p.f.Ext() == ".xml" || p.kind == scan.Page && p.f.Ext() != ".html" && !strings.HasSuffix(p.f.Path, ".blade.php") {
		return
	}
	p.to.Looked(address, localhost)
	local, first, at := 0, scan.Line{}, 0
	p.text.Lines(ctx, exampleWords, func(line scan.Line) bool {
		if p.kind == scan.Code && p.caseAddress(line) {
			return true
		}
		for _, found := range p.values(line) {
			value := line.Text[found.from:found.to]
			switch {
			case strings.ContainsAny(value, "`,"): // a text with more than one
			case p.comment(line, found.from) || explaining(strings.ReplaceAll(line.Lower, strings.ToLower(value), "")):
			case exampleHost().MatchString(value):
				if p.meant(found.key) && !(p.kind == scan.Code && p.fallsBack(line)) && !guarded(strings.ReplaceAll(line.Lower, strings.ToLower(value), "")) {
					p.tell(address, "example", line, found.from, cut(value))
				}
			case localHost().MatchString(value) && p.fixed(line, value):
				if local++; local == 1 {
					first, at = line, found.from
				}
			}
		}
		return true
	})
	if local > 0 {
		value := first.Text[at:]
		if end := strings.IndexAny(value, "\"'` "); end >= 0 {
			value = value[:end]
		}
		p.tell(localhost, "", first, at, cut(value), strconv.Itoa(local))
	}
}

// place is a value on a line, and the key before it in settings.
type place struct {
	from, to int
	key      string
}

// values are the texts of a line that are an address as a whole.
func (p *page) values(line scan.Line) []place {
	if p.kind == scan.Config {
		at := scalar().FindStringSubmatchIndex(line.Text)
		if at == nil {
			return nil
		}
		return []place{{at[4], at[5], strings.ToLower(line.Text[at[2]:at[3]])}}
	}
	var all []place
	for _, at := range literal().FindAllStringSubmatchIndex(line.Text, 8) {
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 {
				all = append(all, place{at[i], at[i+1], ""})
			}
		}
	}
	return all
}

// caseAddress tells of a case, a status or a document that gets an address that is
// nowhere: a case system refuses it, or keeps it for ever.
func (p *page) caseAddress(line scan.Line) bool {
	at := ofCase().FindStringSubmatchIndex(line.Text)
	if at == nil || p.comment(line, at[2]) || explaining(line.Lower[:at[4]]) && !strings.Contains(line.Lower[:at[4]], "example") {
		return false
	}
	key, value := strings.ToLower(line.Text[at[2]:at[3]]), line.Text[at[4]:at[5]]
	if !localHost().MatchString(value) && !exampleHost().MatchString(value) {
		return false
	}
	if (key == "object" || key == "type") && !strings.Contains(strings.ToLower(value), "/zaak") && !strings.Contains(strings.ToLower(value), "zaken/api") {
		return false
	}
	p.tell(address, "case", line, at[4], line.Text[at[2]:at[3]], cut(value))
	return true
}

// notMeant are keys in settings of which the value names something and is not called.
var notMeant = []string{"$id", "$schema", "@context", "id", "namespace", "xmlns", "example", "default", "docs", "documentation", "homepage", "url-example", "format"}

func (p *page) meant(key string) bool {
	if key == "" {
		return true
	}
	base := strings.ToLower(p.f.Name())
	chart := strings.HasPrefix(base, "values") && scan.Within(p.f.Path, "helm", "chart", "charts")
	return !slices.Contains(notMeant, key) && !chart && !strings.HasPrefix(base, ".env.") && base != "package.json"
}

// fixed says whether an address of the own machine is the only one there is.
func (p *page) fixed(line scan.Line, value string) bool {
	if guarded(strings.NewReplacer(strings.ToLower(value), "", "export default", "").Replace(line.Lower)) || p.kind == scan.Code && (strings.Contains(value, "%") || strings.HasSuffix(value, ":") || strings.Contains(value, "health")) {
		return false // with a port of its own it is not fixed, and a program may ask itself how it is
	}
	base := strings.ToLower(p.f.Name())
	if p.kind == scan.Config {
		return p.f.Ext() != ".sh" && !strings.HasPrefix(base, ".env") && base != "package.json" && p.production()
	}
	return !p.fallsBack(line)
}

// fallsBack says whether the lines around an address say that another one goes first.
func (p *page) fallsBack(line scan.Line) bool {
	around := strings.ReplaceAll(p.text.Around(line.Number, 3), "export default", "")
	for _, word := range []string{"env.", "env[", "getenv", "environ", "env(", "isdev", "development", "debug", "default", "laptop", "example:", "example ", "else:", "else {", "if not ", "if (!"} {
		if strings.Contains(strings.ReplaceAll(around, "://example", ""), word) {
			return true
		}
	}
	return p.shownToConsumers(line)
}

// shownToConsumers says whether a line stands in an example that the code gives for the
// description of its API.
func (p *page) shownToConsumers(line scan.Line) bool {
	around := p.text.Around(line.Number, 25)
	return strings.Contains(around, "openapiexample") || strings.Contains(around, "examples=[") || strings.Contains(around, "@example")
}

// production says whether settings are of what runs for real.
func (p *page) production() bool {
	lower := strings.ToLower(p.f.Path)
	for _, word := range []string{"prod", "gateway", "accept"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

var (
	servers = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:https?://|\bhost(?:name)?["']?:\s*["']?)((?:[\w-]+\.)+(?:test|invalid))(?:[:/"'\s]|$)`)
	})
)

// standIns looks for addresses that are agreed never to exist, in what goes to
// production.
func (p *page) standIns(ctx context.Context, lower string) {
	values := strings.HasPrefix(lower, "values") && p.f.Ext() == ".yaml" && scan.Within(p.f.Path, "helm", "chart", "charts")
	if p.f.Test || p.sham || !values && !(p.api && p.ownAPI(lower)) {
		return
	}
	p.to.Looked(standIn)
	count, first, at, host := 0, scan.Line{}, 0, ""
	p.text.Lines(ctx, standInWords, func(line scan.Line) bool {
		m := servers().FindStringSubmatchIndex(line.Text)
		if m == nil || p.comment(line, m[0]) || strings.Contains(line.Lower, "nabootsing") || explaining(line.Lower[:m[0]]) || p.api && !strings.Contains(line.Lower, "url:") && !strings.Contains(line.Lower, `"url"`) {
			return true
		}
		if count++; count == 1 {
			first, at, host = line, m[2], line.Text[m[2]:m[3]]
		}
		return true
	})
	if count > 0 {
		p.held = append(p.held, check.Finding{Rule: standIn, Path: p.f.Path, Line: first.Number, Column: at + 1, Args: []string{cut(host), strconv.Itoa(count)}})
	}
}
