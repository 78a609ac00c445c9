package source

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"sync"
)

// bsnName is how code names the number of a citizen, at the end of a name.
const bsnName = `\w*?(?:bsn|burgerservicenummer)`

var (
	// inRoute is a place of a path that the number fills.
	inRoute = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)/(?:\$?\{\{?\s*|:|<(?:[a-z]+:)?|\(\?P<)(?:[\w$]*[?!]*(?:\.|->))*\$?` + bsnName + `\b`)
	})
	// inQuery is the number as a parameter of an address.
	inQuery = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[?&](?:\w+_)?(?:bsn|burgerservicenummer)=`)
	})
	// joined is an address to which the number is added.
	joined = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)/["'` + "`" + `]\s*(?:\+|\.|~)\s*\$?(?:[\w$]+(?:\.|->))*` + bsnName + `(?:\(\))?(?:\W|$)` +
			`|/%[sdv][^"'` + "`" + `\s]{0,40}["'` + "`" + `]\s*[,%]\s*\(?\s*(?:[\w$]+\.)*` + bsnName + `\b` +
			`|/(?:bsn|burgerservicenummer)/["'` + "`" + `]\s*(?:\+|\.|~)\s*[$\w]`)
	})
	// asked is how a server reads it from an address.
	asked = sync.OnceValue(func() *regexp.Regexp {
		word := `(?:bsn|burgerservicenummer)\b`
		return regexp.MustCompile(`(?i)\breq(?:uest)?\.(?:params|query)(?:\.|\[['"])` + word +
			`|\$_GET\[['"]` + word +
			`|->query(?:->get)?\(['"]` + word +
			`|\brequest\.(?:args|GET|query_params)(?:\.get\(|\[)['"]` + word +
			`|\.Query\(\)\.Get\("` + word +
			`|\.PathValue\("` + word +
			`|\bURLParam\(\w+,\s*"` + word +
			`|\bVars\(\w+\)\["` + word +
			`|\bc\.(?:Param|Query|Params)\("` + word +
			`|@(?:RequestParam|PathVariable|QueryParam|PathParam)\((?:(?:value|name)\s*=\s*)?"` + word +
			`|@(?:RequestParam|PathVariable)\s+(?:final\s+)?\w+\s+` + word +
			`|'query'\s*=>\s*\[\s*'` + word)
	})
	// parameters are those of an address when a call is near, and of a query of a database
	// otherwise.
	parameters = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\bparams\s*[=:]\s*\{\s*['"]?(?:bsn|burgerservicenummer)\b`)
	})
	overHTTP = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\.get\(|requests\.|axios|\bhttpx?\b|\bfetch\(|\burl\b`)
	})
	// annotated is a route that stands in what PHP calls a comment.
	annotated = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@Route\(|"path"\s*=|\bpath="`) })
)

// addressesOfCitizens looks for numbers of citizens in addresses: those end up in the
// logs of every server on the way, and in the history of a browser.
func (l *look) addressesOfCitizens(ctx context.Context, t *text) {
	if t.file.Test || isSample(t.file.Path) {
		return
	}
	if containsAny(t.body, "://", "fetch(", "oute", "http", "@Path") {
		l.to.Looked("privacy-url")
	}
	if containsAny(t.body, "geboorte") {
		l.names(ctx, t)
	}
	if !namesBSN(t.body) {
		return
	}
	last, route, n := -1, -width, 0
	eachBSN(t.body, func(at, _ int) bool {
		start, end := t.around(at)
		if n++; start == last || n > often {
			return ctx.Err() == nil && n <= often
		}
		last = start
		line := t.body[start:end]
		if t.mark(at) == comment && (t.kind != php || !annotated().Match(line)) {
			last = -1
			return true
		}
		which, from, to := inAddress(line)
		if m := parameters().FindIndex(line); which == "" && m != nil && overHTTP().Match(t.before(at, 4)) {
			which, from, to = "read", m[0], m[1]
		}
		if which == "" || which == "read" && start-route < width || t.mark(at) != comment && isLog(line) {
			return ctx.Err() == nil // a parameter that is read right below its route is no second finding
		}
		if which == "path" {
			route = start
		}
		for to < len(line) && (line[to] == '}' || line[to] == '>') {
			to++ // shown whole
		}
		l.add("privacy-url", which, t, start+from, strings.Trim(string(line[from:to]), " \t\"'`(,"))
		return ctx.Err() == nil
	})
}

// inAddress says how a line puts the number in an address, and where in the line.
func inAddress(line []byte) (which string, from, to int) {
	for _, p := range []struct {
		which   string
		pattern *regexp.Regexp
	}{{"query", inQuery()}, {"path", inRoute()}, {"path", joined()}, {"read", asked()}} {
		m := p.pattern.FindIndex(line)
		if m == nil {
			continue
		}
		if p.which == "path" && inSentence(line, m[0]) {
			continue
		}
		return p.which, m[0], m[1]
	}
	return "", 0, 0
}

// inSentence says whether the word before a place is preceded by a blank in the same
// string: "naam/{bsn} ontbreekt" is a message, "/personen/{bsn}" an address.
func inSentence(line []byte, place int) bool {
	word := line[:place]
	if i := bytes.LastIndexAny(word, " \t"); i > 0 {
		before := bytes.TrimRight(word[:i], " \t")
		inner := word[i+1:]
		return len(before) > 0 && (isLetter(before[len(before)-1]) || before[len(before)-1] == '.') && !bytes.ContainsAny(inner, "\"'`") && len(inner) > 0
	}
	return false
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

var nameAndBirth = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[?&](?:geslachtsnaam|achternaam|naam__geslachtsnaam)=[^\n]{0,80}&(?:geboortedatum|geboorte__datum)=|[?&](?:geboortedatum|geboorte__datum)=[^\n]{0,80}&(?:geslachtsnaam|achternaam|naam__geslachtsnaam)=`)
})

// names looks for a name with a date of birth in the query of an address.
func (l *look) names(ctx context.Context, t *text) {
	for _, word := range []string{"geboortedatum=", "geboorte__datum="} {
		t.each(word, func(at int) bool {
			start, end := t.around(at)
			if m := nameAndBirth().FindIndex(t.body[start:end]); m != nil && l.once("name and birth") {
				l.add("privacy-url", "name", t, start+m[0])
			}
			return ctx.Err() == nil
		})
	}
}

// logCall is where something is written to the log of an application.
var logCall = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\bconsole\.(?:log|info|warn|error|debug|table)|(?i:\b(?:\w*log(?:ger|ging)?|slog|logrus|zap))(?:\.|->|::)(?i:print(?:f|ln)?|debugf?|infof?|infow|warn(?:ing)?f?|errorf?|critical|exception|fatalf?|trace|notice|log(?:information|warning|error|debug|critical|trace)?|msgf?)|\berror_log|\bfmt\.F?[Pp]rint(?:f|ln)?|\bSystem\.(?:out|err)\.print(?:ln|f)?|\bprintln?|\bprint)\s*[({]`)
})

func isLog(line []byte) bool { return logCall().Match(line) }

// reach is how far before a name the call is looked for.
const reach = 400

// logs looks for data of persons in what is logged.
func (l *look) logs(ctx context.Context, t *text) {
	if t.file.Test || isSample(t.file.Path) || !containsAny(t.body, "log", "Log", "LOG", "print", "Print") {
		return
	}
	l.to.Looked("privacy-log")
	if !namesBSN(t.body) && !containsAny(t.body, "geboortedatum", "eboorteDatum") {
		return
	}
	said, n := -1, 0
	check := func(at, end int) bool {
		if n++; n > often || t.mark(at) == comment {
			return n <= often
		}
		name, start, stop := t.name(at, end)
		if !isPersonal(name) || t.reduced(start, stop) || !t.isExpression(start, stop) {
			return true
		}
		if call := t.call(start); call >= 0 && call != said {
			said = call
			l.add("privacy-log", "", t, start, name)
		}
		return ctx.Err() == nil
	}
	eachBSN(t.body, check)
	for _, word := range []string{"geboortedatum", "eboorteDatum"} {
		t.each(word, func(at int) bool { return check(at, at+len(word)) })
	}
}

// name gives the whole name of which a word is a part.
func (t *text) name(at, end int) (name string, start, stop int) {
	part := func(b byte) bool { return isLetter(b) || b >= '0' && b <= '9' || b == '_' }
	start, stop = at, end
	for start > 0 && at-start < 60 && part(t.body[start-1]) {
		start--
	}
	for stop < len(t.body) && stop-end < 60 && part(t.body[stop]) {
		stop++
	}
	return string(t.body[start:stop]), start, stop
}

// isPersonal says whether a name is that of the value itself: "hasBsn", "bsnLength" and
// "BSN_LENGTH" are about it.
func isPersonal(name string) bool {
	lower := strings.ToLower(name)
	for _, about := range []string{"has", "is", "no", "in", "valid", "check", "mask", "hash", "encr", "missing", "find", "search", "by", "with", "zonder", "geen", "pseudo", "anon", "use", "show", "toon", "verify", "zoek", "on", "require"} {
		if strings.HasPrefix(lower, about) && len(about) < len(lower) {
			rest := name[len(about):]
			if rest[0] == '_' || rest[0] >= 'A' && rest[0] <= 'Z' || len(about) > 3 {
				return false
			}
		}
	}
	for _, end := range []string{"bsn", "burgerservicenummer", "bsnnummer", "bsn_nummer", "bsnnumber", "geboortedatum"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return false
}
