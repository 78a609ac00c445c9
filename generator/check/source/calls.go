package source

import (
	"bytes"
	"context"
	"strings"
)

var (
	brpQuestion = once(`["']?\btype["']?\s*(?:=>|[:=])\s*["'](?:RaadpleegMetBurgerservicenummer|ZoekMet\w+)["']`)
	brpGroups   = once(`["'\s,](naam|geboorte|verblijfplaats|nationaliteiten|ouders|partners|kinderen|overlijden|verblijfstitel|gezag|immigratie|kiesrecht|adressering)["'\s,\]]`)
	brpFields   = once(`(?i)\bfields\b`)
	expandAll   = once(`[?&]expand=true\b|["']?\bexpand["']?\s*(?:=>|[:,=])\s*["']?true\b`)
)

// allGroups is from how many whole groups on a question asks for everything.
const allGroups = 7

// questions looks at what is asked of sources.
func (l *look) questions(ctx context.Context, t *text) {
	if t.file.Test || isSample(t.file.Path) {
		return
	}
	l.askBRP(ctx, t)
	if containsAny(t.body, "expand") && containsAny(t.body, "BAG", "lvbag", "bag.kadaster", "bevraagAdressen", "adresseerbaarObject", "nummeraanduiding", "/bag/", "bagClient", "bag_client") {
		l.to.Looked("source-minimal")
		t.each("expand", func(at int) bool {
			start, end := t.around(at)
			if m := expandAll().FindIndex(t.body[start:end]); m != nil && l.once("expand") {
				l.add("source-minimal", "expand", t, start+m[0])
			}
			return ctx.Err() == nil
		})
	}
}

// askBRP looks at questions to the BRP: each says which fields it wants.
func (l *look) askBRP(ctx context.Context, t *text) {
	for _, word := range []string{"RaadpleegMetBurgerservicenummer", "ZoekMet"} {
		t.each(word, func(at int) bool {
			if word == "ZoekMet" && !containsAny(t.body[at:min(len(t.body), at+60)], "Geslachtsnaam", "Naam", "Postcode", "Straat", "Nummeraanduiding", "AdresseerbaarObject") {
				return ctx.Err() == nil
			}
			l.facts.asksBRP(t.place(at, ""))
			start, _ := t.around(at)
			if !brpQuestion().Match(t.body[start:min(len(t.body), at+60)]) {
				return ctx.Err() == nil
			}
			l.to.Looked("source-minimal")
			near := t.body[max(0, at-4*width):min(len(t.body), at+3*width)]
			m := brpFields().FindIndex(near)
			switch {
			case m == nil:
				l.add("source-minimal", "fields", t, at)
			case countGroups(near[m[1]:]) >= allGroups:
				l.add("source-minimal", "groups", t, at)
			}
			return ctx.Err() == nil
		})
	}
	if t.layer != interactie && containsAny(t.body, "ingeschrevenpersonen", "/api/brp") {
		for _, word := range []string{"ingeschrevenpersonen", "/api/brp"} {
			t.each(word, func(at int) bool {
				if _, _, ok := t.quoted(at); ok && !importing(t, at) {
					l.facts.asksBRP(t.place(at, ""))
				}
				return ctx.Err() == nil
			})
		}
	}
}

// countGroups counts the whole groups in the list that begins here.
func countGroups(list []byte) int {
	if i := bytes.IndexByte(list, ']'); i >= 0 {
		list = list[:i+1]
	}
	found := map[string]bool{}
	for i := 0; i < len(list); {
		m := brpGroups().FindSubmatchIndex(list[i:])
		if m == nil {
			break
		}
		found[string(list[i+m[2]:i+m[3]])] = true
		i += m[3]
	}
	return len(found)
}

// places that do not set anything for production, though they are settings.
var notSettings = once(`(?i)(?:^|/)(?:docs?|\.github|\.fieldlab|\.gitlab|tests?|fixtures|examples?|api-specs|schemas?)/|(?:^|/)(?:fieldlab\.ya?ml|publiccode\.ya?ml|mkdocs\.yml|[^/]*(?:openapi|swagger|sbom|antwoorden|schema|package|renovate)[^/]*)$`)

// environments looks at addresses in settings: of a source that is reached directly, and
// of an environment for trials in the settings of production.
func (l *look) environments(ctx context.Context, t *text) {
	inProduction := production().MatchString(t.file.Path)
	if t.file.Test || notSettings().MatchString(t.file.Path) || isOpenAPI(t) || t.kind&code != 0 && !inProduction {
		return
	}
	if inProduction {
		l.to.Looked("source-test-host")
	}
	if !l.facts.outway && containsAny(t.body, "OUTWAY", "outway") && outwaySetting().Match(t.code()) {
		l.facts.outway = true
	}
	t.each("://", func(at int) bool {
		start, end := t.around(at)
		raw := addressIn(t.body[start:end], at-start)
		known, ok := knownAddress(raw)
		switch {
		case !ok:
		case inProduction && (known.trial || trialHost().MatchString(raw)):
			l.add("source-test-host", "", t, at, known.host, known.source)
		case !known.trial && isNational(known.host) && t.kind == settings && len(l.facts.direct) < 50:
			l.facts.direct = append(l.facts.direct, t.place(at, known.host))
		}
		return ctx.Err() == nil
	})
}

var (
	outwaySetting = once(`(?i)\b\w*outway\w*(?:url|address|adres|host)\w*['"]?\s*[:=]`)
	trialHost     = once(`(?i)[./-](?:acc|acceptatie|eto|test|tst|proef|lap|sandbox|preprod)[./-]`)
	notInAddress  = `"'<> ` + "`\t\r\n\\,;)]}"
)

// addressIn gives the whole address around "://" in a line.
func addressIn(line []byte, at int) string {
	start, end := at, at
	for start > 0 && isLetter(line[start-1]) {
		start--
	}
	for end < len(line) && strings.IndexByte(notInAddress, line[end]) < 0 {
		end++
	}
	return string(line[start:end])
}

// isNational says whether a host is one of the table, and not somebody's own.
func isNational(name string) bool {
	for _, h := range hosts {
		if h.name == name || h.name[0] == '.' && strings.HasSuffix(name, h.name) {
			return true
		}
	}
	return false
}

// what shows that processing is logged, or that a call says what it is for.
var (
	logging  = []string{"dpl.core", "erwerkingenlog", "erwerkingsactie", "processing_activity", "processingActivity", "erwerkingsactiviteit", "X-NLX-Request-", "x-nlx-request-", "x-verwerking", "X-Verwerking", "ogboek"}
	purposes = []string{"oelbinding", "DOELBINDING", "purpose", "Purpose", "activiteit", "Activiteit", "Fsc-Transaction-Id", "X-NLX-Request-Process"}
	terms    = []string{"ewaartermijn", "etention", "erwerkingsactiviteit", "erwerkingsregister", "ewaarbeleid", "rchiefnominatie", "rchiefactiedatum", "electielijst", "erwerkingenregister", "anonymi", "anonimis"}
)

// notes takes down what the repository as a whole shows.
func (l *look) notes(_ context.Context, t *text) {
	f := &l.facts
	f.terms = f.terms || containsAny(t.body, terms...)
	if t.kind&(document|data) != 0 || t.file.Test {
		return
	}
	f.logged = f.logged || containsAny(t.body, logging...)
	f.purpose = f.purpose || containsAny(t.body, purposes...)
	if f.fsc.path == "" && t.kind&code != 0 && containsAny(t.body, "Fsc-Grant-Hash", "fsc-grant-hash") {
		t.each("sc-", func(at int) bool {
			if grantHash().Match(t.body[max(0, at-1):min(len(t.body), at+20)]) {
				f.fsc = t.place(at-1, "")
			}
			return f.fsc.path == ""
		})
	}
}

var grantHash = once(`^[Ff]sc-[Gg]rant-[Hh]ash`)
