package adr

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// wholeCore are all rules of the core of NL API Design Rules 2.2, by their official ids.
var wholeCore = []string{
	"/core/naming-resources", "/core/naming-collections", "/core/interface-language", "/core/no-trailing-slash",
	"/core/path-segments-kebab-case", "/core/query-keys-camel-case", "/core/hide-implementation", "/core/date-time/format",
	"/core/date-time/timezone", "/core/date-time/date-omit-time-portion", "/core/http-methods", "/core/http-safety",
	"/core/http-response-code", "/core/stateless", "/core/nested-child", "/core/resource-operations",
	"/core/error-handling/problem-details", "/core/error-handling/invalid-input", "/core/error-handling/all-errors",
	"/core/doc-openapi", "/core/doc-openapi-contact", "/core/doc-language", "/core/publish-openapi",
	"/core/deprecation-schedule", "/core/transition-period", "/core/uri-version", "/core/changelog", "/core/semver",
	"/core/version-header", "/core/transport/tls", "/core/transport/no-sensitive-uris", "/core/transport/security-headers",
	"/core/transport/cors", "/core/modules/geospatial", "/core/modules/signing", "/core/modules/encryption",
}

// running are those of which descriptions show nothing at all: package probe asks them of
// a running API, and package governance looks for a changelog.
var running = []string{"/core/transport/security-headers", "/core/error-handling/all-errors", "/core/changelog"}

// TestEveryRuleOfTheStandard: what the standard asks is judged by a rule of files, wholeCore
// of a running API, or named as something for a person, so that the proof lists it all.
func TestEveryRuleOfTheStandard(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, r := range Checker().Rules() {
		for part := range strings.FieldsSeq(r.Source) {
			covered[strings.TrimSuffix(part, ",")] = true
		}
		if strings.Contains(r.Source, "module Geospatial") {
			covered["/core/modules/geospatial"] = true
		}
	}
	// Rules of Spectral are of 2.2 as a whole; these two hold what a section asks.
	for section, id := range map[string]string{"/core/no-trailing-slash": "adr-trailing-slash", "/core/doc-openapi-contact": "adr-info-contact"} {
		covered[section] = covered[section] || slices.ContainsFunc(Checker().Rules(), func(r check.Rule) bool { return r.ID == id })
	}
	for _, id := range running {
		covered[id] = true
	}
	for _, id := range wholeCore {
		if !covered[id] {
			t.Errorf("nothing judges %s, and nobody is wholeCore to", id)
		}
	}
}

// TestEveryOfficialRule: each rule that an official ruleset adds to those of Spectral is
// one of ours too.
func TestEveryOfficialRule(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields(`nlgov:openapi3 nlgov:openapi-root-exists nlgov:missing-version-header nlgov:missing-header
		nlgov:include-major-version-in-uri nlgov:paths-no-trailing-slash info-contact nlgov:info-contact-fields-exist nlgov:http-methods
		nlgov:paths-kebab-case nlgov:query-keys-camel-case nlgov:schema-camel-case nlgov:servers-use-https nlgov:use-problem-schema
		nlgov:problem-schema-members nlgov:problem-invalid-input nlgov:property-casing nlgov:date-time-ensure-timezone
		nlgov:time-without-timezone nlgov:specify-format-for-date-and-time nlgov:use-date-instead-of-datetime nlgov:semver
		oas3-schema operation-operationId-unique path-params openapi-tags-uniqueness oas3-valid-media-example oas3-valid-schema-example
		oas3-server-variables oas3-api-servers path-keys-no-trailing-slash
		openapi3 missing-version-header missing-header include-major-version-in-uri paths-no-trailing-slash info-contact-fields-exist
		http-methods paths-kebab-case schema-camel-case servers-use-https use-problem-schema property-casing
		paths-open-api-json-resource-exists paths-open-api-json-resource-has-get paths-open-api-json-specify-cors-header`) {
		if _, known := slices.BinarySearch(compared(), name); !known {
			t.Errorf("no rule of ours is %s", name)
		}
	}
}

// TestOfficialNames: a case says of no official rule what the rule does not own to.
func TestOfficialNames(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		for kase, names := range r.official {
			for name := range strings.FieldsSeq(names) {
				if !slices.Contains(r.Official, name) {
					t.Errorf("%s, case %q: %s is not in Official", r.ID, kase, name)
				}
			}
		}
	}
}

// TestDifferencesAreExplained: where a rule deliberately says something else than the
// official one, --explain tells why, in both languages.
func TestDifferencesAreExplained(t *testing.T) {
	t.Parallel()
	differs := []string{
		"adr-openapi-field", // of Swagger only that it is Swagger
		"adr-openapi-30",    // 2.1 calls it an error
		"adr-server-https",  // an error here: TLS is a MUST
		"adr-server-local",  // the same official rule, for what only a laptop reaches
		"adr-openapi-json",  // 2.1 calls it an error
		"adr-openapi-json-cors",
		"adr-linter", // what the official rules find wrongly is a note
	}
	for _, r := range rules() {
		more := slices.ContainsFunc(slices.Collect(values(r.official)), func(names string) bool { return names == "" })
		if (more || slices.Contains(differs, r.ID)) && strings.HasPrefix(r.Source, "NL API Design Rules 2.2") && r.ID != "adr-openapi-json-get" {
			for _, language := range []string{"nl", "en"} {
				if !strings.Contains(word(t, language, "check.why."+r.ID), "linter") {
					t.Errorf("check.why.%s (%s) does not say how it differs from the official linter", r.ID, language)
				}
			}
		}
	}
}

func values(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestWords: all that a rule says over all mutations has words for it, with as many
// values as it gives.
func TestWords(t *testing.T) {
	t.Parallel()
	value := regexp.MustCompile(`%\[(\d)\]s`)
	for _, r := range rules() {
		for _, language := range []string{"nl", "en"} {
			for _, kind := range []string{"name", "why", "mend"} {
				if word(t, language, "check."+kind+"."+r.ID) == "" {
					t.Errorf("%s: no check.%s.%s", language, kind, r.ID)
				}
			}
		}
	}
	for _, s := range said(t) {
		for _, j := range s.judged {
			key := "check.found." + j.rule.ID
			if j.kase != "" {
				key += "." + j.kase
			}
			for _, language := range []string{"nl", "en"} {
				text := word(t, language, key)
				if text == "" {
					t.Fatalf("%s: no %s", language, key)
				}
				for _, m := range value.FindAllStringSubmatch(text, -1) {
					if int(m[1][0]-'0') > len(j.args) {
						t.Fatalf("%s: %s asks for value %s of %q", language, key, m[1], j.args)
					}
				}
			}
		}
	}
}

// word is a text of the catalogue of the command, which this package may not import.
func word(t *testing.T, language, key string) string {
	t.Helper()
	for _, name := range []string{"check_adr.txt", "check_adrdesign.txt"} {
		body, err := os.ReadFile("../../../cmd/internal/text/" + language + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, rest, ok := strings.Cut("\n"+string(body), "\n["+key+"]\n"); ok {
			text, _, _ := strings.Cut(rest, "\n[")
			return strings.TrimSpace(text)
		}
	}
	return ""
}
