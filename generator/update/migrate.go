package update

import (
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// migrations is the folder of the migrations of the register, with one folder
// for each database.
const migrations = "1-gegevens/migraties"

var databases = []string{"sqlite", "postgres"}

// NoteProcess says that the process has another name, under which no zaak of before
// is found. Its arguments: the new name and the old one.
const NoteProcess = "process"

// migrate compares the tables of before and now.
func (f *finder) migrate() error {
	f.kept = f.base.Manifest.Kept
	before, after := f.old.Answers, f.now.Answers
	f.u.Guesses = Renames(before, after, f.r.Renames, f.r.Decided.New)
	f.gonesteps()
	if was, is := before.Process.Name, after.Process.Name; was != "" && is != "" && was != is {
		f.u.Notes = append(f.u.Notes, grow.Note{Code: NoteProcess, Args: []any{is, was}})
	}
	if reflect.DeepEqual(before.Register, after.Register) && len(f.r.Decided.Drop) == 0 {
		return nil
	}
	was, err := f.modelOf(before)
	if err != nil {
		return err
	}
	decided := f.r.Decided
	decided.New = slices.Clone(decided.New)
	for _, key := range f.r.Decided.New {
		if name, found := strings.CutPrefix(key, string(grow.Entity)+":"); found {
			decided.New = append(decided.New, name)
		}
	}
	made, questions, err := migration.Of(was, f.model, f.r.Renames, f.kept, decided)
	if err != nil {
		return err
	}
	f.u.Questions = questions // what is a guess for the files is no field and no entity
	if made == nil || len(questions) > 0 {
		return nil
	}
	f.kept = made.Kept
	if err := f.leaveOut(made); err != nil {
		return err
	}
	if made.SQLite == "" && made.Postgres == "" {
		return nil
	}
	return f.numbered(made)
}

// modelOf makes the component of the answers in the base. What the sources need
// beside the answers may be gone or changed since: for the tables they do not
// matter.
func (f *finder) modelOf(a answers.Answers) (*model.Component, error) {
	env := model.Env{Version: f.r.Version}
	was, found := model.New(a, f.disk.root.FS(), env)
	if len(found) == 0 {
		return was, nil
	}
	a.Sources, a.Process, a.FSC = nil, answers.Process{}, answers.FSC{}
	a.Register = slices.Clone(a.Register)
	for i := range a.Register {
		fields := slices.Clone(a.Register[i].Fields)
		for j := range fields {
			if fields[j].Person != "" {
				fields[j].Person = "other" // roles are gone with the process
			}
		}
		a.Register[i].Fields = fields
		a.Register[i].Retention = answers.Retention{Period: "P1Y"}
	}
	was, again := model.New(a, f.disk.root.FS(), env)
	if len(again) > 0 {
		return nil, OldAnswers{found.Err()}
	}
	return was, nil
}

var regexNumber = regexp.MustCompile(`^([0-9]{4})_`)

// numbered puts the migration after all that are there, in either folder.
func (f *finder) numbered(made *migration.Migration) error {
	last := 0
	for _, database := range databases {
		folder, _, err := f.disk.enter(migrations + "/" + database)
		if err != nil {
			return err
		}
		if folder == nil {
			continue
		}
		entries, err := fs.ReadDir(folder.FS(), ".")
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if found := regexNumber.FindStringSubmatch(entry.Name()); found != nil {
				number, _ := strconv.Atoi(found[1])
				last = max(last, number)
			}
		}
	}
	f.u.Migration = fmt.Sprintf("%04d_%s", last+1, made.Name)
	f.u.Stop, f.u.Rewrites, f.u.Bridged = made.Stop, made.Rewrites, made.Bridged
	f.kept = migration.Since(f.kept, f.u.Migration)
	for _, database := range databases {
		body := made.SQLite
		if database == "postgres" {
			body = made.Postgres
		}
		file := plan.File{Path: migrations + "/" + database + "/" + f.u.Migration + ".sql", Mode: 0o644, Body: []byte(body), Owner: plan.Team}
		if err := plan.CheckPath(file.Path); err != nil {
			return err
		}
		in, err := f.disk.look(file.Path)
		if err != nil {
			return err
		}
		if err := f.add(&file, in); err != nil {
			return err
		}
		f.added = append(f.added, file)
	}
	return nil
}

// gonesteps finds the steps of which nothing says where their zaken go.
func (f *finder) gonesteps() {
	for _, step := range f.now.Answers.Process.Steps {
		f.u.Steps = append(f.u.Steps, step.Name)
	}
	said := f.transitions()
	for _, step := range Gone(f.old.Answers, f.now.Answers, f.r.Renames) {
		if f.r.Steps[step] == "" && !said[step] {
			f.u.Gone = append(f.u.Gone, step)
		}
	}
	// The file with transitions says it already, as after a merge of two branches.
	f.u.Guesses = slices.DeleteFunc(f.u.Guesses, func(g Guess) bool { return g.Kind == grow.Step && said[g.Old] })
}
