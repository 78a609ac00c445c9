package update

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// maxMigration is the largest migration that is looked into.
const maxMigration = 1 << 20

// elsewhere are the migrations that lie in the component and that the base does
// not know: a branch that was merged brought them, or the team wrote them. What
// they do is done already. The next base knows them.
func (f *finder) elsewhere(database string) (files []plan.File, err error) {
	folder, _, err := f.disk.enter(migrations + "/" + database)
	if err != nil || folder == nil {
		return nil, err
	}
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := migrations + "/" + database + "/" + entry.Name()
		if _, known := f.was[name]; known || !regexNumber.MatchString(entry.Name()) || !strings.HasSuffix(name, ".sql") || plan.CheckPath(name) != nil {
			continue
		}
		in, err := f.disk.look(name)
		if err != nil {
			return nil, err
		}
		if in.kind != file || in.info.Size() > maxMigration {
			continue
		}
		body, err := f.disk.read(name, in.info)
		if err != nil {
			return nil, err
		}
		files = append(files, plan.File{Path: name, Body: body, Owner: plan.Team})
	}
	return files, nil
}

// leaveOut leaves out of a migration what those from elsewhere do already: each of
// them that does nothing else.
func (f *finder) leaveOut(made *migration.Migration) error {
	for _, database := range databases {
		files, err := f.elsewhere(database)
		if err != nil {
			return err
		}
		f.known = append(f.known, files...)
		text := &made.SQLite
		if database == "postgres" {
			text = &made.Postgres
		}
		for _, one := range files {
			*text = subtract(*text, string(one.Body))
		}
	}
	return nil
}

// subtract takes the statements of done out of a migration when it has all of
// them, and gives "" when none is left.
func subtract(text, done string) string {
	left, gone := statements(text), statements(done)
	for _, statement := range gone {
		at := slices.Index(left, statement)
		if at < 0 {
			return text
		}
		left = slices.Delete(left, at, at+1)
	}
	switch {
	case len(gone) == 0:
		return text
	case len(left) == 0:
		return ""
	}
	var said []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "--") {
			said = append(said, line)
		}
	}
	return strings.Join(said, "") + "\n" + strings.Join(left, ";\n") + ";\n"
}

// statements are those of a migration, without remarks.
func statements(text string) []string {
	var bare strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			bare.WriteString(line)
		}
	}
	var all []string
	open := "" // the beginning of a block between dollars, which has statements in it
	for part := range strings.SplitSeq(bare.String(), ";\n") {
		if part = open + part; strings.Count(part, "$$")%2 == 1 {
			open = part + ";\n"
			continue
		}
		open = ""
		if part = strings.TrimSuffix(strings.TrimSpace(part), ";"); part != "" {
			all = append(all, part)
		}
	}
	return all
}
