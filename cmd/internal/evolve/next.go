package evolve

import (
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// next says in a few lines what changed, and what to do now.
func next(d Deps, r update.Request, u *update.Update, made *update.Committed) {
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	n := u.Kern.Files
	for _, changes := range [][]update.Change{u.Changes, u.Kern.Changes} {
		for _, c := range changes {
			if c.Action != update.Keep && !aside(c.Path) {
				n++
			}
		}
	}
	say("\n" + d.Text.T("update.done", terminal.Safe(Name(r.Dir)), count(d, n)))
	for _, step := range u.Gone {
		say(d.IO.Wrap(d.Text.T("update.gone.left", terminal.Safe(step)), ""))
	}
	if made != nil {
		say(d.Text.T("update.committed", terminal.Safe(made.Branch)))
		if unknown(made.Persons) {
			say(d.IO.Wrap(d.Text.T("update.git.unknown-person", terminal.Safe(made.Persons.Author.Name)), ""))
		}
		say("\n" + d.Text.T("update.next-committed") + "\n")
	} else {
		say("\n" + d.Text.T("update.next") + "\n")
	}
	in := ""
	if dir := orHere(r.Dir); dir != "." {
		in = "cd " + arguments.Quoted(dir) + " && "
	}
	say("  " + d.IO.Bold(terminal.Safe(in+"go test ./...")))
	if made == nil {
		say("  " + d.IO.Bold("git add --all && git commit"))
	}
}

// choose says of each conflict what a person has to do, and how to go on.
func choose(d Deps, o Options, r update.Request, conflicts []update.Change) {
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	say("\n" + d.IO.Bold(d.Text.T("update.choose")))
	marked, beside := false, false
	for _, c := range conflicts {
		line := conflict(d, c)
		if c.Beside != "" {
			line = d.Text.T("update.choose.lies-beside", terminal.Safe(c.Path), terminal.Safe(c.Beside))
		}
		say("  " + line)
		marked, beside = marked || c.Beside == "", beside || c.Beside != ""
	}
	say("")
	if marked {
		say(d.IO.Wrap(d.Text.T("update.choose.marked"), ""))
	}
	if beside {
		say(d.IO.Wrap(d.Text.T("update.choose.beside"), ""))
	}
	if o.commits() {
		say(d.IO.Wrap(d.Text.T("update.choose.no-commit"), ""))
	}
	say("\n" + d.Text.T("update.choose.then") + "\n  " + d.IO.Bold(terminal.Safe(Command("fieldlab update", r.Dir, "--continue"))))
	say(d.Text.T("update.choose.not") + "\n  " + d.IO.Bold(terminal.Safe(Command("fieldlab update", r.Dir, "--abort"))) + "\n")
}
