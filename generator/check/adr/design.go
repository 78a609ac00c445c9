package adr

import (
	"context"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// design are the rules of the NL API Design Rules themselves.
func design() []rule {
	return slices.Concat(designDocument(), designVersion(), designServer(), designPath(), designQuery(),
		designError(), designDate(), designOperation(), designGeo(), designPublication(), designLinter(), designPerson())
}

// wholes are the rules that look at the repository as a whole.
func wholes() []whole { return nil }

// core describes a rule that the core of the standard asks under /core/SECTION.
func core(id string, severity check.Severity, section string, official ...string) check.Rule {
	return check.Rule{
		ID: "adr-" + id, Group: check.API, Severity: severity,
		Source:   "NL API Design Rules 2.2, /core/" + section,
		URL:      "https://logius-standaarden.github.io/API-Design-Rules/#/core/" + section,
		Official: official,
	}
}

// both are the names of a rule in the official rulesets of 2.2 and of 2.1.
func both(names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, "nlgov:"+name, name)
	}
	return all
}

// designPerson are what the standard asks and only a person can say. What a running API
// shows (all-errors), and what files show in part (changelog), is asked of nobody twice.
func designPerson() []rule {
	var all []rule
	for _, section := range []string{
		"naming-resources", "interface-language", "hide-implementation", "date-time/timezone", "http-safety",
		"stateless", "nested-child", "resource-operations", "doc-language", "transition-period",
		"modules/signing", "modules/encryption",
	} {
		r := core("person-"+lastPart(section), check.Warning, section)
		r.By = check.Person
		all = append(all, rule{Rule: r, run: func(context.Context, *Document, finder) {}})
	}
	return all
}
