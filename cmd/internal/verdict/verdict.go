package verdict

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Format is a form in which results are written for something else than the screen.
type Format string

// The formats.
const (
	JSON        Format = "json"        // everything, for programs: see Document
	SARIF       Format = "sarif"       // what GitHub and editors show at the line
	CodeQuality Format = "codequality" // what GitLab shows in a merge request
	JUnit       Format = "junit"       // what systems for continuous integration show as tests
	HTML        Format = "html"        // a page for people who decide
	Proof       Format = "proof"       // docs/conformiteit.md
)

// Formats lists them all.
func Formats() []Format { return []Format{JSON, SARIF, CodeQuality, JUnit, HTML, Proof} }

// ParseFormat reads a value of --format.
func ParseFormat(value string) (Format, bool) {
	f := Format(value)
	return f, slices.Contains(Formats(), f)
}

// About is what the caller knows and a result does not say.
type About struct {
	Version string         // of fieldlab
	Now     time.Time      // when it was looked at
	FailOn  check.Severity // of --fail-on; "" is what each repository says itself
	URL     string         // the running API that was asked; "" when none was

	// Checkouts says more of each repository, in the order of the results. It may be
	// shorter.
	Checkouts []Checkout

	// Previous is the proof as it lies there: the names and dates that people wrote in it
	// are kept.
	Previous string
}

// Checkout is what is known of a repository beside what is in its files.
type Checkout struct {
	Commit    string     // that is checked out; "" when unknown
	Yardstick *Yardstick // what CommonGroundChecker would say; nil when unknown
}

// Yardstick is the verdict of CommonGroundChecker, as far as files decide it.
type Yardstick struct {
	Score   int // from 0 to 100
	Met, Of int // criteria
}

func (a About) checkout(i int) Checkout {
	if i < len(a.Checkouts) {
		return a.Checkouts[i]
	}
	return Checkout{}
}

// day is when it was looked at, as people and diffs read it.
func (a About) day() string { return a.Now.Format(time.DateOnly) }

// fails says whether a rule that is not met fails the check. A severity that is none,
// such as "never", fails nothing.
func (a About) fails(r *check.Result, severity check.Severity) bool {
	from := r.FailsFrom(a.FailOn)
	return slices.Contains(severities(), from) && severity.AtLeast(from)
}

// Write writes results in a format. The same results, words and About give the same
// bytes.
func Write(w io.Writer, format Format, t *text.Catalogue, about About, results []*check.Result) error {
	switch format {
	case JSON:
		return writeDocument(w, t, about, results)
	case SARIF:
		return writeSARIF(w, t, about, results)
	case CodeQuality:
		return writeCodeQuality(w, t, results)
	case JUnit:
		return writeJUnit(w, t, about, results)
	case HTML:
		return writeHTML(w, t, about, results)
	case Proof:
		return writeProof(w, t, about, results)
	}
	return fmt.Errorf("no such format: %q", string(format))
}
