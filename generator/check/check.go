// Package check looks at a repository and says where it falls short of what a Common
// Ground component has to be: a set of rules in, findings out. It knows no words: what
// people read of a rule stands in the catalogue of package text, under its name.
//
// A repository is hostile input. Nothing in it is executed, nothing outside it is read,
// every file is read once and up to a limit, and a rule that takes too long is cut off
// and said to be not checked.
package check

import (
	"cmp"
	"context"
	"slices"
)

// Group is a part of the report, with a score of its own.
type Group string

// The groups, in the order of the report.
const (
	API         Group = "api"         // design rules of REST APIs
	Repository  Group = "repository"  // files, governance, criteria of CommonGroundChecker
	Publiccode  Group = "publiccode"  // publiccode.yml
	Delivery    Group = "delivery"    // image, chart, CI, SBOM
	Layers      Group = "layers"      // who may reach whom
	Privacy     Group = "privacy"     // data of persons
	Leftovers   Group = "leftovers"   // what a skeleton left behind
	Secrets     Group = "secrets"     // keys and passwords
	Integration Group = "integration" // sources of others
	Component   Group = "component"   // what fieldlab generated: kern, manifest, base
)

// Groups lists them all.
func Groups() []Group {
	return []Group{API, Repository, Publiccode, Delivery, Layers, Privacy, Leftovers, Secrets, Integration, Component}
}

// Severity says how bad it is when a rule is not met.
type Severity string

// The severities, the worst first.
const (
	Error   Severity = "error"   // breaks a MUST of a standard, leaks something, or does not work
	Warning Severity = "warning" // breaks a SHOULD, or is right in some cases only
	Note    Severity = "note"    // worth knowing; never lowers a score
)

// AtLeast says whether a severity is as bad as another one, or worse.
func (s Severity) AtLeast(other Severity) bool { return s.weight() >= other.weight() }

func (s Severity) weight() int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 1
	default:
		return 0
	}
}

// By says who can tell whether a rule is met.
type By string

// What a rule needs to be judged.
const (
	Files   By = ""        // files show it
	Running By = "running" // only a running API shows it: --url
	Person  By = "person"  // only a person can say
)

// Rule is one thing that a repository must hold to.
type Rule struct {
	ID       string // kebab-case with its group's prefix, such as "adr-semver"; never reused
	Group    Group
	Severity Severity
	By       By
	Source   string   // standard, version and section that asks it
	URL      string   // where that can be read; "" when nowhere public
	Official []string // names under which an official checker knows it
	Yields   []string // rules that say more of the same line: where one of them speaks, this one is silent
}

// Finding is a place where a rule is not met.
type Finding struct {
	Rule   string
	Case   string   // which text of the rule says it: check.found.RULE.CASE; "" for check.found.RULE
	Path   string   // in the repository, with slashes; "" when it is about the whole
	Line   int      // from 1; 0 when it is about the file
	Column int      // from 1, in characters; 0 when unknown
	Args   []string // values of the text; a value that may be secret is masked before it gets here
	Fix    *Fix     // nil when only a person can mend it

	// Accepted is why somebody accepted it, and Until up to when; "" when nobody did.
	Accepted, Until string
}

// Fix is a mechanical change that mends a finding and cannot break anything.
type Fix struct {
	Path       string
	Start, End int    // bytes of the file that are replaced
	Was        string // what stands there now; when it is something else, the file is left alone
	Text       string // what stands there afterwards
	Create     bool   // the file is not there yet; Text is all of it
}

// Outcome is what became of a rule in one repository.
type Outcome string

// The outcomes.
const (
	Met        Outcome = "met"         // looked at, nothing found
	Broken     Outcome = "broken"      // at least one finding that nobody accepted
	Excepted   Outcome = "accepted"    // findings, all of them accepted
	Idle       Outcome = "idle"        // there was nothing to look at
	NotChecked Outcome = "not-checked" // could not be judged: see the reasons
)

// Checker is a set of rules that look at a repository together.
type Checker interface {
	// Rules lists what it judges, in the order of the report.
	Rules() []Rule
	// Start begins a look at one repository. It may read small files of it; nil when
	// none of its rules can say anything there.
	Start(r *Repo, to *Report) Look
}

// Look is a Checker at work in one repository. The engine calls its methods from one
// goroutine at a time, File in the order of paths; other checkers run beside it.
type Look interface {
	// Wants says whether it wants to see what is in a file.
	Wants(f File) bool
	// File looks at a text file. The body is shared: it may be kept in part, never
	// changed. A loop that can take long looks at the context.
	File(ctx context.Context, f File, body []byte)
	// End comes after the last file.
	End(ctx context.Context)
}

// sortFindings brings findings in the order of the report: of the rules, then of the
// place.
func sortFindings(all []Finding, order map[string]int) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(order[a.Rule], order[b.Rule]),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Case, b.Case),
			slices.Compare(a.Args, b.Args),
		)
	})
}
