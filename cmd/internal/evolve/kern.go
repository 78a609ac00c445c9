package evolve

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// most is how many lines of a migration are shown.
const most = 20

// database says what happens to the tables.
func (p *page) database(u *update.Update) {
	if u.Migration == "" {
		return
	}
	p.section(p.d.Text.T("update.database"))
	p.line(p.d.Text.T("update.migration", terminal.Safe(u.Migration)))
	switch {
	case u.Stop != "":
		p.line(p.d.Text.T("update.stop", terminal.Safe(u.Stop)))
	case u.Bridged:
		p.line(p.d.Text.T("update.beside"))
	}
	for i, words := range said(u) {
		if i == most {
			p.item("…")
			break
		}
		p.item(terminal.Safe(words))
	}
}

// said is what the migration says of itself: the lines of comment at its head
// that begin with the name of a table.
func said(u *update.Update) (all []string) {
	for _, c := range u.Changes {
		if path.Base(c.Path) != u.Migration+".sql" || path.Base(path.Dir(c.Path)) != "sqlite" {
			continue
		}
		for line := range strings.Lines(string(c.After)) {
			words, ok := strings.CutPrefix(strings.TrimSpace(line), "-- ")
			if !ok {
				break
			}
			if table, _, _ := strings.Cut(words, " "); strings.HasSuffix(table, ":") {
				all = append(all, words)
			}
		}
	}
	return all
}

// kern says what happens to the machinery: how much of it is new, and what
// becomes of the files that the team took or changed.
func (p *page) kern(k update.KernChange) {
	if k.Files == 0 && len(k.Changes) == 0 {
		return
	}
	p.section(plan.KernFolder)
	if k.Files > 0 {
		p.line(p.d.Text.T("update.kern.files", count(p.d, k.Files)))
	}
	taken, edited := map[string][]update.Change{}, []update.Change{}
	for _, c := range k.Changes {
		if folder := plan.PackageOf(k.Taken, c.Path); folder != "" {
			taken[folder] = append(taken[folder], c)
		} else if !c.Conflict() { // those are named below
			edited = append(edited, c)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(taken)) {
		p.line(p.taken(terminal.Safe(folder), taken[folder]))
	}
	for i, c := range edited {
		if i == named && len(edited) > named+1 {
			p.line(p.d.Text.T("update.more", len(edited)-named))
			break
		}
		key := "update.kern." + string(c.Action)
		if !p.d.Text.Has(key) {
			key = "update.kern.merge"
		}
		p.line(p.d.Text.T(key, terminal.Safe(c.Path)))
	}
}

// taken says what happens to a package that is the team's.
func (p *page) taken(folder string, changes []update.Change) string {
	added := 0
	for _, c := range changes {
		if c.Action == update.Add {
			added++
		}
	}
	if added == len(changes) {
		return p.d.Text.T("update.kern.taken-added", folder, count(p.d, added))
	}
	return p.d.Text.T("update.kern.taken", folder)
}
