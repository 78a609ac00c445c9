package verdict_test

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// hostile are texts that want to be more than text, somewhere.
var hostile = []string{
	"\x1b[31mrood\x1b[0m", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "]]>", "<!--", "a\x00b\x08c\x7fd\u0085e",
	"\u202egnp.exe", "twee\nregels\r\nen\ttabs\u2028x", "| cel ` code ` [x](javascript:alert(1)) ![y](http://z) **z** $m$", "\xff\xfe\xc3", "%s %[9]d %!x",
	"{{.}} ${x} $(x) `x`", "::error file=x::y", "##[error]x", "+1 = -1", strings.Repeat("lang ", 3000), "naam\u200bmet\ufeffniets", "\ufffe\uffff", "𝔘🙂", "\\", "a\\|b",
}

// rules are made up: the words of the real ones are tested elsewhere.
func rules() []check.Rule {
	return []check.Rule{
		{ID: "adr-versie", Group: check.API, Severity: check.Error, Source: "NL API Design Rules 2.2, /core/semver", URL: "https://gitdocumentatie.logius.nl/publicatie/api/adr/2.2/#/core/semver", Official: []string{"nlgov:semver"}},
		{ID: "adr-slash", Group: check.API, Severity: check.Warning, Source: "NL API Design Rules 2.2, /core/no-trailing-slash", URL: "https://gitdocumentatie.logius.nl/publicatie/api/adr/2.2/"},
		{ID: "adr-header", Group: check.API, Severity: check.Error, By: check.Running, Source: "NL API Design Rules 2.2, /core/version-header"},
		{ID: "adr-geheel", Group: check.API, Severity: check.Error, Source: "OpenAPI 3.0.3"},
		{ID: "repo-licentie", Group: check.Repository, Severity: check.Error, Source: "Standard for Public Code 0.8.0, 13", URL: "https://standard.publiccode.net/"},
		{ID: "repo-besluit", Group: check.Repository, Severity: check.Warning, By: check.Person, Source: "Standard for Public Code 0.8.0, 2"},
		{ID: "publiccode-naam", Group: check.Publiccode, Severity: check.Error, Source: "publiccode.yml 0.4"},
		{ID: "deploy-grens", Group: check.Delivery, Severity: check.Warning, Source: "Haven"},
		{ID: "privacy-log", Group: check.Privacy, Severity: check.Error, Source: "AVG, artikel 5"},
		{ID: "leftover-naam", Group: check.Leftovers, Severity: check.Note, Source: "fieldlab"},
		{ID: "secret-sleutel", Group: check.Secrets, Severity: check.Error, Source: "BIO2"},
	}
}

// catalogue has words for them.
func catalogue(language text.Language) *text.Catalogue { return catalogues()[language] }

var catalogues = sync.OnceValue(func() map[text.Language]*text.Catalogue {
	all := map[text.Language]*text.Catalogue{}
	for _, language := range text.Languages() {
		all[language] = madeUp(language)
	}
	return all
})

func madeUp(language text.Language) *text.Catalogue {
	words := map[string]string{}
	for _, r := range rules() {
		if language == text.Dutch {
			words["check.name."+r.ID] = "De regel " + r.ID + " geldt voor <naam> & co"
			words["check.why."+r.ID] = "Wie " + r.ID + " vergeet, verrast wie erop bouwt."
			words["check.mend."+r.ID] = "Zet " + r.ID + " recht in `bestand.yaml`."
			words["check.found."+r.ID] = "Hier staat \"%[1]s\"."
		} else {
			words["check.name."+r.ID] = "The rule " + r.ID + " holds for <name> & co"
			words["check.why."+r.ID] = "Who forgets " + r.ID + " surprises who builds on it."
			words["check.mend."+r.ID] = "Put " + r.ID + " right in `file.yaml`."
			words["check.found."+r.ID] = "This says \"%[1]s\"."
		}
	}
	if language == text.Dutch {
		words["check.differs.adr-versie"] = "De officiële controle ziet ook 1.0 als goed."
		words["check.found.adr-geheel.leeg"] = "Er is geen beschrijving van de API."
		words["check.missed.te-diep"] = "verwijzingen gaan te diep"
	} else {
		words["check.differs.adr-versie"] = "The official checker takes 1.0 too."
		words["check.found.adr-geheel.leeg"] = "There is no description of the API."
		words["check.missed.te-diep"] = "references go too deep"
	}
	return text.Load(language).With(words)
}

// results are two repositories with everything in them that can be.
func results() []*check.Result {
	rules := rules()
	many := make([]check.Finding, 12)
	for i := range many {
		many[i] = check.Finding{Rule: "adr-slash", Path: "2-diensten/openapi.yaml", Line: 10 * (i + 1), Column: 3, Args: []string{fmt.Sprintf("/pad%d/", i%3)},
			Fix: &check.Fix{Path: "2-diensten/openapi.yaml", Start: i, End: i + 1}}
	}
	first := &check.Result{Name: "verhuizing", Component: true, Files: 312, Verdicts: []check.Verdict{
		{Rule: rules[0], Outcome: check.Broken, Findings: []check.Finding{
			{Rule: "adr-versie", Path: "2-diensten/openapi.yaml", Line: 4, Column: 12, Args: []string{"1.0"}},
			{Rule: "adr-versie", Path: "oud/spec #1 (kopie)é%.yaml", Line: 7, Args: []string{"v1"}, Accepted: "Wordt uitgezet", Until: "2027-01-31"},
		}, Missed: []check.Missed{{Rule: "adr-versie", Path: "groot.json", Why: "te-diep"}}},
		{Rule: rules[1], Outcome: check.Broken, Findings: many, More: 7},
		{Rule: rules[2], Outcome: check.NotChecked},
		{Rule: rules[3], Outcome: check.Broken, Findings: []check.Finding{{Rule: "adr-geheel", Case: "leeg"}}},
		{Rule: rules[4], Outcome: check.Met},
		{Rule: rules[5], Outcome: check.NotChecked},
		{Rule: rules[6], Outcome: check.Idle},
		{Rule: rules[7], Outcome: check.Excepted, Findings: []check.Finding{{Rule: "deploy-grens", Path: "deploy/chart/values.yaml", Args: []string{"resources"}, Accepted: "Het cluster <regelt> dit | zelf", Until: "2026-12-31"}}},
		{Rule: rules[8], Outcome: check.NotChecked, Missed: []check.Missed{{Rule: "privacy-log", Path: "a.go", Why: "slow"}, {Rule: "privacy-log", Path: "b.go", Why: "slow"}}},
		{Rule: rules[9], Outcome: check.Broken, Findings: hostileFindings("leftover-naam")},
		{Rule: rules[10], Outcome: check.Met},
	}}
	second := &check.Result{Name: "team <2>", Files: 3, Config: check.Config{FailOn: check.Warning}, Verdicts: []check.Verdict{
		{Rule: rules[0], Outcome: check.Idle}, {Rule: rules[4], Outcome: check.Met}, {Rule: rules[10], Outcome: check.Broken, Findings: []check.Finding{
			{Rule: "secret-sleutel", Path: "config.php", Line: 3, Column: 1, Args: []string{"ghp_…"}}}},
	}}
	return []*check.Result{first, second}
}

func hostileFindings(rule string) []check.Finding {
	var all []check.Finding
	for i, words := range hostile {
		all = append(all, check.Finding{Rule: rule, Path: "map/" + clip(words, 60), Line: i, Args: []string{words}})
	}
	return all
}

func clip(s string, most int) string { return s[:min(len(s), most)] }

func about() verdict.About {
	return verdict.About{
		Version: "1.3.0", Now: time.Date(2026, 11, 30, 9, 30, 0, 0, time.UTC),
		Checkouts: []verdict.Checkout{{Commit: "0123456789abcdef0123456789abcdef01234567", Yardstick: &verdict.Yardstick{Score: 100, Met: 16, Of: 17}}},
		Previous:  "| `repo-besluit` | Oude tekst | Oude bron | J. Jansen, 12 november 2026: akkoord |\n",
	}
}

// clean is a repository in which nothing falls short.
func clean() *check.Result {
	r := &check.Result{Name: "schoon", Files: 12}
	for _, rule := range rules() {
		v := check.Verdict{Rule: rule, Outcome: check.Met}
		if rule.By != check.Files {
			v.Outcome = check.NotChecked
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	return r
}
