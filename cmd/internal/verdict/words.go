// Package verdict says what package check found: in words, and in the forms that
// people and machines read.
package verdict

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Explanation is a rule in words.
type Explanation struct {
	Name string // what has to hold, in a sentence
	Why  string // why it matters
	Mend string // what to do when it does not hold
}

// Explain puts a rule in words.
func Explain(t *text.Catalogue, r check.Rule) Explanation {
	return Explanation{Name: t.T("check.name." + r.ID), Why: t.T("check.why." + r.ID), Mend: t.T("check.mend." + r.ID)}
}

// Say puts a finding in words. Its values are hostile: who shows them quotes them for
// where they are shown.
func Say(t *text.Catalogue, f check.Finding) string {
	key := "check.found." + f.Rule
	if f.Case != "" {
		key += "." + f.Case
	}
	if !t.Has(key) || !strings.Contains(t.T(key), "%[") {
		return t.T(key)
	}
	values := make([]any, len(f.Args))
	for i, arg := range f.Args {
		values[i] = arg
	}
	return t.T(key, values...)
}

// SayMissed says why a rule could not be judged somewhere.
func SayMissed(t *text.Catalogue, m check.Missed) string { return t.T("check.missed." + m.Why) }

// SayGroup is the name of a group.
func SayGroup(t *text.Catalogue, g check.Group) string { return t.T("check.group." + string(g)) }
