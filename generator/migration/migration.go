// Package migration writes the next migration of a register: the statements
// that bring filled tables from what the answers said to what they say now, for
// SQLite and for PostgreSQL. A migration that exists is never changed.
package migration

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Decisions are the answers to questions. Keys are "entity.field", in the names
// of the new answers (those of the old for what is gone), in any spelling.
type Decisions struct {
	// Defaults is the value, in form notation, that rows get which have none, or
	// one that no longer fits.
	Defaults map[string]string
	Replace  map[string]string // "entity.field.value": the choice that takes the place of one that is gone
	Empty    []string          // a value that cannot be converted is left out
	Drop     []string          // columns, and tables ("entity"), that go with all that is in them; also those kept earlier, and DropBridges
	New      []string          // not a rename, although it looks like one: "entity.field" or "entity"
}

// The codes of questions.
const (
	AskDefault = "default"  // a new field must be filled: what do the rows of before get? Decisions.Defaults
	AskFilled  = "filled"   // a field must be filled from now on: what do rows without it get? Decisions.Defaults
	AskNoValue = "no-value" // the same, for a type of which nobody can write a value: make the field optional
	AskValue   = "value"    // a choice is gone: which takes its place? Decisions.Replace
	AskBounds  = "bounds"   // numbers may be outside the new bounds: what instead? Decisions.Defaults
	AskType    = "type"     // not every value can be converted: what instead? Decisions.Defaults, or another name
	AskRename  = "rename"   // one is gone and one like it is new: a rename of one of Options, or Decisions.New
	AskKept    = "kept"     // a column or table with that name was kept, and cannot be used: Decisions.Drop, or another name
)

// Question is something that nobody but a person can say.
type Question struct {
	Code    string // one of the Ask constants; text of the command line: migration.ask.<code>
	Key     string // of the decision
	Entity  *model.Entity
	Field   *model.Field // nil when it is about the whole entity
	Options []string     // values that can be chosen, when they are few; with AskRename the old names
	Empty   bool         // leaving it out (Decisions.Empty) is an answer as well
}

// Migration is one file per database, and what is remembered of it.
type Migration struct {
	Name             string // without number and extension: "telefoon_bij_verhuizing"
	SQLite, Postgres string
	// Kept is what stays although no answer names it: "verhuizingen.telefoon (phone)",
	// a column with its type, or "verhuizingen", a table, or "overgang …", what is there
	// for a version of before; all of it, also of before. See Since.
	Kept []string
	// Stop is why no version of before can serve while the migration runs and after
	// it; "" when one can.
	Stop string
	// Rewrites are the tables of which every row is written anew: that takes a while.
	Rewrites []string
	// Bridged says that it leaves something for a version of before: see DropBridges.
	Bridged bool
}

// Since writes behind what a migration left which one that was: from then on no
// version uses it.
func Since(kept []string, name string) []string {
	var all []string
	for _, line := range kept {
		switch {
		case strings.HasPrefix(line, bridgeWord+" "):
			if strings.Count(line, " ") == 5 {
				line += " " + name
			}
		case readKept([]string{line}) != nil && readKept([]string{line})[0].since == "":
			line += sinceWord + name
		}
		all = append(all, line)
	}
	return all
}

// Mistake is a decision that cannot be.
type Mistake struct {
	Code  string // "value": Value does not fit; "unknown": Key names nothing. Text: migration.mistake.<code>
	Key   string
	Value string
	Why   problem.Problem // of Value: what it should be
}

// Error says what is wrong, for whoever has no texts.
func (m *Mistake) Error() string {
	if m.Code == "unknown" {
		return "migration: " + m.Key + " is not the name of a field or an entity"
	}
	return "migration: " + m.Key + " cannot be " + m.Value
}

// Of compares two components. It gives nil when the tables stay as they are, and
// questions instead of a migration when a decision is missing. Kept are the
// columns and tables that earlier migrations left standing. A decision that
// cannot be is a *Mistake.
func Of(before, after *model.Component, renames []grow.Rename, kept []string, decided Decisions) (*Migration, []Question, error) {
	p := plan(before, after, renames, kept, decided, false)
	if len(p.stops) > 0 { // then nothing has to be made for a version that is not there
		stops := p.stops
		p = plan(before, after, renames, kept, decided, true)
		p.stops = stops
	}
	if err := p.decided.mistake(); err != nil {
		return nil, nil, err
	}
	if len(p.questions) > 0 {
		return nil, p.questions, nil
	}
	if len(p.said) == 0 {
		return nil, nil, nil
	}
	return p.migration(), nil, nil
}

func plan(before, after *model.Component, renames []grow.Rename, kept []string, decided Decisions, alone bool) *planner {
	p := &planner{decided: decisions{Decisions: decided}, renames: renames, kept: readKept(kept), bridges: readBridges(kept), alone: alone}
	p.decided.check(before, after, p.kept)
	p.compare(before, after)
	return p
}
