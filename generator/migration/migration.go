// Package migration writes the next migration of a register: the statements
// that bring filled tables from what the answers said to what they say now, for
// SQLite and for PostgreSQL. A migration that exists is never changed.
package migration

import (
	"errors"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// Decisions are the answers to questions. Keys are "entity.field", in the names
// of the new answers (those of the old for what is gone).
type Decisions struct {
	Defaults map[string]string // the value that rows of before get
	Replace  map[string]string // "entity.field.value": the choice that takes the place of one that is gone
	Empty    []string          // a value that cannot be converted is left out
	Drop     []string          // columns that go with all that is in them; also those kept earlier
	New      []string          // not a rename, although it looks like one
}

// Question is something that nobody but a person can say.
type Question struct {
	Code    string // text of the command line: migration.ask.<code>
	Key     string // of the decision
	Entity  *model.Entity
	Field   *model.Field
	Options []string
}

// Migration is one file per database, and what is remembered of it.
type Migration struct {
	Name             string // without number and extension: "telefoon_bij_verhuizing"
	SQLite, Postgres string
	Kept             []string // columns that stay although no answer names them: "verhuizingen.telefoon"; all of them, also of before
}

// ErrNotBuilt is what the stub gives.
var ErrNotBuilt = errors.New("migration: not built")

// Of compares two components. It gives nil when the tables stay as they are, and
// questions instead of a migration when a decision is missing. Kept are the
// columns and tables that earlier migrations left standing.
func Of(before, after *model.Component, renames []grow.Rename, kept []string, decided Decisions) (*Migration, []Question, error) {
	return nil, nil, ErrNotBuilt
}
