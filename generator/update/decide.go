package update

import (
	"bytes"
	"cmp"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// besideSuffix ends the name of a new version beside a file: no pattern of the
// component reads a file with it.
const besideSuffix = ".nieuw"

// isKern says whether a path lies in kern.
func isKern(name string) bool { return strings.HasPrefix(name, plan.KernFolder+"/") }

// isOwn says whether a file is of fieldlab alone.
func isOwn(name string) bool { return strings.HasPrefix(name, base.Folder+"/") }

// decide says what happens to a path outside kern.
func (f *finder) decide(name string) error {
	fresh := f.fresh.Find(name)
	was, had := f.was[name]
	switch {
	case name == plan.AnswersPath:
		return f.answersFile()
	case name == changelogPath && had, isOwn(name), f.gone[name]:
		return nil // elsewhere
	case fresh == nil && (was.Owner == plan.Team || isKern(name) && plan.PackageOf(f.packages, name) == ""):
		return nil // it stays
	case isKern(name) && !had: // taken just now
		known := f.base.Kern[name]
		return f.three(three{path: name, fresh: fresh, sum: known.SHA256, lines: known.Lines})
	case fresh != nil && fresh.Owner == plan.Team:
		if from := f.from[name]; from != "" {
			return f.three(three{path: name, from: from, fresh: fresh, team: true})
		}
		return f.addOnce(fresh, had)
	}
	return f.three(three{path: name, from: f.from[name], fresh: fresh})
}

// addOnce adds a file of the team that it never had.
func (f *finder) addOnce(fresh *plan.File, had bool) error {
	if had {
		return nil
	}
	in, err := f.disk.look(fresh.Path)
	if err != nil || in.kind == file || in.kind == other {
		return err
	}
	return f.add(fresh, in)
}

// answersFile writes the new answers, when they are not on disk already.
func (f *finder) answersFile() error {
	if f.r.Answers == nil {
		return nil
	}
	in, err := f.disk.look(plan.AnswersPath)
	if err != nil {
		return err
	}
	change := Change{Path: plan.AnswersPath, Action: Add, After: f.text, Mode: 0o644}
	switch in.kind {
	case file:
		before, err := f.disk.read(plan.AnswersPath, in.info)
		if err != nil || bytes.Equal(before, f.text) {
			return err
		}
		change.Action, change.Before, change.Mode, change.seen = Replace, before, in.info.Mode().Perm(), in.info
	case absent:
	default:
		return base.Fault{Code: base.Link, Path: plan.AnswersPath}
	}
	f.report(change)
	return nil
}

// three is one file with its three sides.
type three struct {
	path  string
	from  string      // its path in the base, when fieldlab renamed it
	fresh *plan.File  // nil: fieldlab has it no more
	team  bool        // it only moves along
	lines merge.Lines // of the base, when that has no text
	sum   string      // of the base; "" to look it up
}

func (t three) old() string { return cmp.Or(t.from, t.path) }

// three decides on a file that fieldlab merges.
func (f *finder) three(t three) error {
	if t.sum == "" {
		t.sum = f.was[t.old()].SHA256
	}
	unchanged := t.fresh != nil && t.from == "" && t.sum != "" && t.sum == f.sumOf(t.fresh)
	in, err := f.disk.look(t.old())
	if err != nil {
		return err
	}
	switch {
	case in.kind == file:
		if f.removed[t.old()] {
			return nil
		}
		body, err := f.disk.read(t.old(), in.info)
		if err != nil {
			return err
		}
		return f.both(t, unchanged, body, in.info)
	case unchanged, t.fresh == nil, in.kind == absent && t.from != "" && t.sum == f.sumOf(t.fresh):
		return nil // whatever the team made of it
	case in.kind == absent && t.sum != "":
		return f.deleted(t)
	}
	if t.from != "" { // what the team has in the old place is not what has another name
		if in, err = f.disk.look(t.path); err != nil {
			return err
		}
		if in.kind == file {
			in.at = t.path
		}
	}
	return f.add(t.fresh, in)
}

// sumOf is the sum of a file of the plan.
func (f *finder) sumOf(fresh *plan.File) string {
	if fresh.SHA256 == "" {
		fresh.SHA256 = plan.SumOf(fresh.Body)
	}
	return fresh.SHA256
}

// both decides where the team has the file. A file that the team only gave
// other ends of lines counts as untouched.
func (f *finder) both(t three, unchanged bool, body []byte, seen fs.FileInfo) error {
	change := Change{Path: t.path, From: t.from, Before: body, Mode: seen.Mode().Perm(), seen: seen}
	if change.From != "" {
		change.Action = Move
	}
	untouched, windows := plan.SumOf(body) == t.sum, false
	unix := body
	if !untouched && base.IsText(body) && bytes.Contains(body, []byte("\r\n")) {
		unix = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
		windows = plan.SumOf(unix) == t.sum
		untouched = windows
	}
	switch {
	case t.fresh == nil && untouched:
		f.removed[t.path] = true
		change.Action = Remove
	case t.fresh == nil:
		if t.sum == "" {
			return nil
		}
		change.Action, change.Why, change.After = Keep, WhyGone, body
	case unchanged:
		return nil
	case t.team:
		change.After = body
	case bytes.Equal(unix, t.fresh.Body) && t.from == "":
		return nil
	case untouched:
		change.Action = cmp.Or(change.Action, Replace)
		change.After = t.fresh.Body
		if windows {
			change.After = bytes.ReplaceAll(t.fresh.Body, []byte("\n"), []byte("\r\n"))
		}
		change.Mode |= t.fresh.Mode & 0o111
	default:
		if f.merge(&change, t, body); change.Action == Merge && !change.Conflict() && bytes.Equal(change.After, body) {
			return nil
		}
	}
	if change.From != "" {
		return f.move(change)
	}
	f.report(change)
	return nil
}

// move gives a file its new path. What the team has there stays, and the file
// comes beside it: its old path is nobody's any more.
func (f *finder) move(change Change) error {
	f.removed[change.From] = true
	in, err := f.disk.look(change.Path)
	if err != nil {
		return err
	}
	free := in.kind == absent
	if !free {
		if free, err = f.frees(in); err != nil {
			return err
		}
	}
	if free {
		f.report(change)
		return nil
	}
	aside := f.asideOf(change.Path, cmp.Or(in.at, change.Path))
	if change.Beside != "" { // of the kind that holds no markers: both versions come beside
		f.report(Change{Path: change.Path, Action: Keep, Why: WhyForm, Mode: change.Mode, Beside: f.besideOf(aside + besideSuffix), fresh: change.fresh})
	}
	change.Why, change.Beside, change.Conflicts = WhyInTheWay, aside, 0
	change.After, change.fresh = nil, change.After
	f.report(change)
	return nil
}

// merge brings the two sides of a file together.
func (f *finder) merge(change *Change, t three, body []byte) {
	text, known := f.base.Files[t.old()]
	fresh := t.fresh.Body
	text, ours := f.words.in(t.path, text, fresh), f.words.in(t.path, body, fresh)
	var result merge.Result
	switch {
	case t.lines != nil:
		result = merge.Hashed(t.path, t.lines, ours, fresh, f.labels())
	case !known && t.sum != "": // a base without text: no lines to merge by
		result = merge.Result{Body: ours, Conflicts: 1, Beside: true}
	default:
		result = merge.Files(t.path, text, ours, fresh, f.labels())
	}
	change.Action = cmp.Or(change.Action, Merge)
	change.After = result.Body
	if t.sum == "" {
		change.Why = WhyBoth
	}
	switch {
	case result.Beside:
		f.lay(change, t.path, fresh)
		change.Why = cmp.Or(change.Why, WhyForm)
	default:
		change.Conflicts = result.Conflicts
	}
}

// lay puts the new version beside a file of the team.
func (f *finder) lay(change *Change, name string, fresh []byte) {
	change.Beside, change.fresh = f.besideOf(name), fresh
	if change.Action == Merge && bytes.Equal(change.After, change.Before) {
		change.Action = Keep
	}
}

// besideOf is a free name beside a file.
func (f *finder) besideOf(name string) string {
	for beside := name + besideSuffix; ; beside += besideSuffix {
		if in, err := f.disk.look(beside); err != nil || in.kind == absent || in.kind == blocked {
			return beside
		}
	}
}

// deleted decides on a file that the team deleted or moved, and that fieldlab
// changed.
func (f *finder) deleted(t three) error {
	moved, err := f.movedTo(t)
	if err != nil {
		return err
	}
	if moved == "" {
		f.report(Change{Path: t.path, Action: Keep, Why: WhyDeleted, Mode: t.fresh.Mode})
		return nil
	}
	in, err := f.disk.look(moved)
	if err != nil {
		return err
	}
	body, err := f.disk.read(moved, in.info)
	if err != nil {
		return err
	}
	change := Change{Path: moved, Action: Replace, Why: WhyMoved, Before: body, Mode: in.info.Mode().Perm(), seen: in.info}
	if plan.SumOf(body) == t.sum {
		change.After = t.fresh.Body
	} else {
		change.Action = ""
		t.from, t.path = t.old(), moved
		f.merge(&change, t, body)
		if change.Why == "" {
			change.Why = WhyMoved
		}
	}
	if bytes.Equal(change.After, body) && !change.Conflict() {
		return nil
	}
	f.report(change)
	return nil
}

// add adds a file. What is in its place stays, and the new one comes beside it.
func (f *finder) add(fresh *plan.File, in entry) error {
	change := Change{Path: fresh.Path, Action: Add, After: fresh.Body, Mode: fresh.Mode}
	clash := ""
	var err error
	if in.kind == absent {
		if clash, err = f.disk.clash(fresh.Path); err != nil {
			return err
		}
		if f.removed[clash] {
			clash = ""
		}
	}
	switch {
	case clash != "":
		change = Change{Path: fresh.Path, Action: Keep, Why: WhyCase, Mode: fresh.Mode, Beside: f.besideOf(fresh.Path), fresh: fresh.Body}
	case in.kind != absent:
		free, err := f.frees(in)
		if err != nil {
			return err
		}
		if !free {
			change = Change{Path: fresh.Path, Action: Keep, Why: WhyInTheWay, Mode: fresh.Mode, Beside: f.asideOf(fresh.Path, in.at), fresh: fresh.Body}
		}
	}
	f.report(change)
	return nil
}

// asideOf is a free name where at, a part of the path, is something else.
func (f *finder) asideOf(name, at string) string {
	if name == at {
		return f.besideOf(name)
	}
	return f.besideOf(at + besideSuffix + strings.TrimPrefix(name, at))
}

// frees says whether what lies in the way goes in this same update.
func (f *finder) frees(in entry) (bool, error) { return f.disk.freed(in, f.removed) }
