package kerncmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// StatusOptions are the flags of status.
type StatusOptions struct {
	Dir  string
	JSON bool
}

func newStatus(d evolve.Deps, runF func(*StatusOptions) error) *cobra.Command {
	o := &StatusOptions{}
	cmd := &cobra.Command{
		Use:     "status",
		Short:   d.Text.T("kern.status.short"),
		Long:    d.Text.T("kern.status.long"),
		Example: d.Text.T("kern.status.example"),
		Args:    arguments.Between(d.Text, 0, 0),
		RunE: func(*cobra.Command, []string) error {
			if runF != nil {
				return runF(o)
			}
			return status(d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	cmd.Flags().StringVar(&o.Dir, "dir", ".", d.Text.T("update.flag.dir"))
	evolve.Complete(cmd)
	return cmd
}

// status says what the team did with kern. That something was edited without
// being taken falls short: it works, but every update has to merge it.
func status(d evolve.Deps, o *StatusOptions) error {
	state, err := look(d, o.Dir)
	if err != nil {
		return err
	}
	if o.JSON {
		if err := d.IO.WriteJSON(state); err != nil {
			return err
		}
	} else {
		tell(d, state)
	}
	if !state.edited() {
		return nil
	}
	hint := ""
	if packages := state.packages(); len(packages) > 0 {
		hint = evolve.Command("fieldlab kern take", "", strings.TrimSpace(strings.Join(packages, " ")+" "+dirFlag(o.Dir)))
	}
	return failure.Shortfall{Text: d.Text.T("kern.status.edited"), Hint: hint}
}

// tell says it in words.
func tell(d evolve.Deps, s *Status) {
	say := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	if s.Fieldlab == d.Version {
		say(d.Text.T("kern.status.from", terminal.Safe(s.Fieldlab)))
	} else {
		say(d.Text.T("kern.status.from-other", terminal.Safe(s.Fieldlab), d.Version))
	}
	list := func(key string, names []string) {
		if len(names) == 0 {
			return
		}
		say("\n" + d.Text.T(key, len(names)))
		for _, name := range names {
			say("  " + terminal.Safe(name))
		}
	}
	list("kern.status.taken", s.Taken)
	list("kern.status.changed", s.Changed)
	list("kern.status.added", s.Added)
	list("kern.status.missing", s.Missing)
	switch {
	case s.Unnamed && s.Differs:
		say(d.Text.T("kern.status.differs"))
	case s.edited():
	case len(s.Taken) > 0:
		say("\n" + d.Text.T("kern.status.rest-clean"))
	default:
		say(d.Text.T("kern.status.clean"))
	}
}
