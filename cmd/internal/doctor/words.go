package doctor

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Said is a finding in the words of a language; also how --json gives it.
type Said struct {
	ID    string `json:"id"`
	Part  Part   `json:"part"`
	State State  `json:"state"`
	Case  string `json:"case"`
	What  string `json:"what"`
	Why   string `json:"why,omitempty"`
	Do    string `json:"do,omitempty"`
	Line  string `json:"line,omitempty"`

	Name string `json:"-"` // what it is about, in a word or two
}

// Say puts a finding in words.
func (f Finding) Say(t *text.Catalogue) Said {
	s := Said{
		ID: f.ID, Part: f.Part, State: f.State, Case: f.Case, Line: f.Line,
		Name: t.T("doctor.name." + f.ID),
		What: fill(t, f.what(t), f.localised(t)),
	}
	if f.State == Wrong || f.State == Mind {
		s.Why = t.T("doctor.why." + f.ID)
	}
	if f.Do != "" {
		s.Do = fill(t, "doctor.do."+f.Do, f.DoArgs)
	}
	if key := "doctor.ok." + f.ID + "." + f.Case; t.Has(key) {
		s.Name = fill(t, key, f.localised(t))
	}
	return s
}

// fill is a text with its values, of which it need not show all.
func fill(t *text.Catalogue, key string, values []any) string {
	if !strings.Contains(t.T(key), "%[") {
		return t.T(key)
	}
	return t.T(key, values...)
}

// what is the key of what was found: some cases are the same for every check.
func (f Finding) what(t *text.Catalogue) string {
	if key := "doctor.what." + f.ID + "." + f.Case; t.Has(key) {
		return key
	}
	return "doctor.unseen." + f.Case
}

// localised are the values, with a mistake in the answers said in the language.
func (f Finding) localised(t *text.Catalogue) []any {
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		if p, is := arg.(problem.Problem); is {
			arg = firstProblem(p, string(t.Language()))
		}
		args[i] = arg
	}
	return args
}
