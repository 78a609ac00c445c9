package course

import (
	"maps"
	"slices"
)

// The kinds of check. There are no others: what a course can see is decided
// here, not by who writes one.
const (
	running   = "running"   // the component answers on its port, and it is this one
	page      = "page"      // what a page or an API answers
	file      = "file"      // what is in a file
	inAnswers = "answers"   // what is in fieldlab.yaml
	logged    = "log"       // a line in the log of processing
	tests     = "tests"     // go test ./... is green
	committed = "committed" // everything is in git
	asked     = "answer"    // a question to which somebody types the answer
	planted   = "planted"   // the mistake that the step planted is gone
	checked   = "check"     // fieldlab check has nothing against it
)

// spec is what the kinds need, each its own part.
type spec struct {
	path     string // page, file
	layer    string // page
	status   int    // page
	contains string // page, file
	lacks    string // page, file
	changed  bool   // file

	subject string // answers: which of subjects
	name    string // answers: of the subject; for a key the key
	kind    string // answers: type of the field, kind of the step
	within  string // answers: entity of the field, source of the operation
	is, not string // answers: value of a key
	keeps   string // answers: a field that is kept of a source
	drops   string // answers: a field that is not

	line   string // log: in the name of a line
	role   string // log
	source string // log: in the title of the source
	failed bool   // log
	count  int    // log

	hashes []string // answer
	plant  *Edit    // planted

	rule  string // check: that has no finding
	group string // check: that has no error
}

// kindKeys are the keys of each kind, next to name and kind.
var kindKeys = map[string][]string{
	running:   {},
	page:      {"path", "layer", "status", "contains", "lacks"},
	file:      {"path", "contains", "lacks", "changed"},
	inAnswers: {"entity", "field", "type", "step", "of", "role", "source", "operation", "keeps", "drops", "activity", "key", "is", "not"},
	logged:    {"line", "role", "source", "failed", "count"},
	tests:     {},
	committed: {},
	asked:     {"question", "hash", "answer"},
	planted:   {},
	checked:   {"rule", "group"},
}

// Kinds lists the kinds of check, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kindKeys)) }

// layers are the ports of a component, from its base.
var layers = map[string]int{"interactie": 0, "proces": 1, "integratie": 2, "diensten": 3}

// parts are the parts of a day in the day plan of a component.
var parts = []string{"ochtend", "middag", "einde"}

// planDays are the numbers of days that the day plan of a component knows.
var planDays = []string{"2", "3", "5"}
