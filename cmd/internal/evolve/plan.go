package evolve

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// named is how many files of one kind are named; of more, the rest is counted.
const named = 6

// show says what would happen, in plain words, and with --diff in every line.
func show(d Deps, o Options, r update.Request, u *update.Update) error {
	if !u.Waiting() {
		fmt.Fprintln(d.IO.Err, d.Text.T("update.up-to-date", terminal.Safe(Name(r.Dir))))
	} else {
		fmt.Fprintln(d.IO.Err, Plan(d, o, r.Dir, u))
	}
	if !o.Diff {
		return nil
	}
	return writeDiff(d, u)
}

// Plan is what would happen, in plain words.
func Plan(d Deps, o Options, dir string, u *update.Update) string {
	p := &page{d: d}
	p.head(o, dir, u)
	p.answers(u.Changes)
	for _, action := range []update.Action{update.Add, update.Replace, update.Merge, update.Move, update.Remove, update.Keep} {
		p.files(string(action), rows(d, u.Changes, func(c update.Change) bool { return c.Action == action && !c.Conflict() && !aside(c.Path) }))
	}
	p.database(u)
	p.kern(u.Kern)
	var gone []string
	if o.DryRun || o.Check {
		gone = u.Gone // whoever goes on reads it at the end, or was asked
	}
	p.notes(append(slices.Clone(o.Notes), u.Notes...), gone)
	p.commit(o, u)
	p.conflicts(u.Conflicts())
	return strings.TrimRight(p.out.String(), "\n")
}

// page is the plan while it is written.
type page struct {
	d   Deps
	out strings.Builder
}

// section begins a part with its title.
func (p *page) section(title string) { fmt.Fprintf(&p.out, "\n%s\n", p.d.IO.Bold(title)) }

// line adds words, broken to the width of the screen.
func (p *page) line(words string) { fmt.Fprintln(&p.out, p.d.IO.Wrap(words, "  ")) }

// head says what is brought up to date. Versions are named only when they differ.
func (p *page) head(o Options, dir string, u *update.Update) {
	switch {
	case o.Did != "":
		fmt.Fprintln(&p.out, p.d.IO.Bold(terminal.Safe(o.Did)))
	default:
		fmt.Fprintln(&p.out, p.d.Text.T("update.head", terminal.Safe(Name(dir))))
	}
	if o.About != "" {
		p.line(terminal.SafeLines(o.About))
	}
	if u.From != u.To && u.From != "" && u.To != "" {
		fmt.Fprintln(&p.out, p.d.Text.T("update.versions", terminal.Safe(u.From), terminal.Safe(u.To)))
	}
}

// answers shows the lines of the answers that a command changed.
func (p *page) answers(changes []update.Change) {
	for _, c := range changes {
		if c.Path == answers.FileName && c.Before != nil {
			if shown := lines(p.d, c.Before, c.After); shown != "" {
				p.section(p.d.Text.T("update.answers"))
				fmt.Fprintln(&p.out, shown)
			}
		}
	}
}

// files names the files to which the same happens, the first of them.
func (p *page) files(action string, shown []string) {
	if len(shown) == 0 {
		return
	}
	p.section(p.d.Text.T("update.action."+action, len(shown)))
	if p.d.Text.Has("update.about." + action) {
		p.line(p.d.IO.Faint(p.d.Text.T("update.about." + action)))
	}
	rest := 0
	if len(shown) > named+1 { // one more is no longer than saying so
		shown, rest = shown[:named], len(shown)-named
	}
	for _, line := range shown {
		fmt.Fprintln(&p.out, "  "+line)
	}
	if rest > 0 {
		fmt.Fprintln(&p.out, "  "+p.d.Text.T("update.more", rest))
	}
}

// rows are the lines of some changes, those of the rooms first.
func rows(d Deps, changes []update.Change, want func(update.Change) bool) []string {
	var chosen []update.Change
	for _, c := range changes {
		if want(c) && c.Path != answers.FileName {
			chosen = append(chosen, c)
		}
	}
	slices.SortStableFunc(chosen, func(a, b update.Change) int { return cmp.Compare(rank(a.Path), rank(b.Path)) })
	var shown []string
	for _, c := range chosen {
		shown = append(shown, row(d, c))
	}
	return shown
}

// rank puts what people look for first: the rooms, then their tests, then the rest.
func rank(path string) int {
	switch first, _, _ := strings.Cut(path, "/"); {
	case len(first) > 1 && first[0] >= '1' && first[0] <= '5' && first[1] == '-':
		return 0
	case first == "main.go" || first == "tests":
		return 1
	case first == plan.KernFolder:
		return 3
	}
	return 2
}

// changelog gets a line for each update.
const changelog = "CHANGELOG.md"

// row is one file: its path, where it came from, and why.
func row(d Deps, c update.Change) string {
	line := terminal.Safe(c.Path)
	if c.From != "" && c.From != c.Path {
		line = d.Text.T("update.moved", terminal.Safe(c.From), line)
	}
	if c.Path == changelog && c.Action == update.Merge {
		return line + d.IO.Faint(": "+d.Text.T("update.changelog"))
	}
	if why := "update.why." + c.Why; c.Why != "" && d.Text.Has(why) {
		line += d.IO.Faint(": " + d.Text.T(why))
	}
	return line
}

// aside says whether a file is the memory of fieldlab itself: nothing that
// people look for in a plan.
func aside(path string) bool { return strings.HasPrefix(path, ".fieldlab/") }

// notes are what people should know; of steps that went, that zaken can stand
// there still.
func (p *page) notes(notes []grow.Note, gone []string) {
	if len(notes)+len(gone) == 0 {
		return
	}
	p.section(p.d.Text.T("update.notes"))
	for i, note := range notes {
		if i == most {
			p.item(p.d.Text.T("update.more-notes", len(notes)-most))
			break
		}
		p.item(noteText(p.d, note))
	}
	for _, step := range gone {
		p.item(p.d.Text.T("update.gone.left", terminal.Safe(step)))
	}
}

// item is a line with a dash before it; what does not fit comes below its words.
func (p *page) item(words string) {
	wrapped := strings.TrimPrefix(p.d.IO.Wrap(words, "    "), "    ")
	fmt.Fprintln(&p.out, "  - "+wrapped)
}

// noteText is a note in words. The parts of a note come from the component.
func noteText(d Deps, note grow.Note) string {
	return terminal.SafeLines(d.Text.T("grow.note."+note.Code, note.Args...))
}

// commit says that Git gets it as well.
func (p *page) commit(o Options, u *update.Update) {
	if !o.commits() || len(u.Conflicts()) > 0 {
		return
	}
	p.section("Git")
	if o.Branch != "" {
		p.line(p.d.Text.T("update.commit-on", terminal.Safe(o.Branch)))
	} else {
		p.line(p.d.Text.T("update.commit-here"))
	}
}

// conflicts are the files in which a person has to choose; all of them.
func (p *page) conflicts(conflicts []update.Change) {
	if len(conflicts) == 0 {
		return
	}
	fmt.Fprintf(&p.out, "\n%s\n", p.d.IO.Warn(p.d.Text.T("update.action.conflict", len(conflicts))))
	p.line(p.d.IO.Faint(p.d.Text.T("update.about.conflict")))
	for _, c := range conflicts {
		fmt.Fprintln(&p.out, "  "+conflict(p.d, c))
	}
}

// conflict is one of them, with what to do.
func conflict(d Deps, c update.Change) string {
	path := terminal.Safe(c.Path)
	switch {
	case c.Beside != "":
		return d.Text.T("update.conflict.beside", path, terminal.Safe(c.Beside))
	case c.Conflicts == 1:
		return d.Text.T("update.conflict.one", path)
	}
	return d.Text.T("update.conflict.many", path, c.Conflicts)
}

// count is a number of files in words.
func count(d Deps, n int) string {
	if n == 1 {
		return d.Text.T("new.one-file")
	}
	return d.Text.T("new.files", n)
}

// Name is what people call the folder of a component.
func Name(dir string) string {
	if absolute, err := filepath.Abs(dir); err == nil {
		return filepath.Base(absolute)
	}
	return dir
}
