package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// newOptions are the arguments and flags of workshop new.
type newOptions struct {
	Dir    string
	Teams  string // a file
	Number int
	Case   string // an example or an answers file
	Course string // a folder; "" is that of the example
	Days   int    // 0 is what the case says
	Port   int
	Pack   string // folder of an own pack
	JSON   bool
}

const newHelp = "fieldlab workshop new --help"

func newNew(d Deps) *cobra.Command { return newNewWith(d, nil) }

// newNewWith builds the command. A test gives runF to see the options.
func newNewWith(d Deps, runF func(*newOptions) error) *cobra.Command {
	o := &newOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("workshop.new.use"),
		Short:   d.Text.T("workshop.new.short"),
		Long:    d.Text.T("workshop.new.long"),
		Example: d.Text.T("workshop.new.example"),
		Args:    arguments.Between(d.Text, 1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			if cmd.Flags().Changed("pack") && o.Pack == "" {
				return failure.Usage{Text: d.Text.T("pack.empty"), Hint: newHelp}
			}
			if err := o.check(d, cmd.Flags().Changed("number"), cmd.Flags().Changed("days")); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return runNew(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Teams, "teams", "", d.Text.T("workshop.new.flag.teams"))
	flags.IntVar(&o.Number, "number", 0, d.Text.T("workshop.new.flag.number"))
	flags.StringVar(&o.Case, "case", "verhuizing", d.Text.T("workshop.new.flag.case"))
	flags.StringVar(&o.Course, "course", "", d.Text.T("workshop.new.flag.course"))
	flags.IntVar(&o.Days, "days", 0, d.Text.T("workshop.new.flag.days"))
	flags.IntVar(&o.Port, "port", workshop.BasePort, d.Text.T("workshop.new.flag.port"))
	flags.StringVar(&o.Pack, "pack", "", d.Text.T("workshop.new.flag.pack"))
	flags.BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// check refuses what cannot be, before anything is read.
func (o *newOptions) check(d Deps, numberGiven, daysGiven bool) error {
	usage := func(key string, values ...any) error {
		return failure.Usage{Text: d.Text.T(key, values...), Hint: newHelp}
	}
	switch {
	case (o.Teams == "") == !numberGiven:
		return usage("workshop.new.which")
	case numberGiven && (o.Number < 1 || o.Number > workshop.MaxTeams):
		return usage("workshop.new.number", workshop.MaxTeams)
	case daysGiven && !slices.Contains(workshop.Days(), o.Days):
		return usage("workshop.new.days")
	case o.Dir == "" || terminal.Safe(o.Dir) != o.Dir:
		return usage("workshop.new.dir")
	}
	return nil
}

func runNew(ctx context.Context, d Deps, o *newOptions) error {
	names, err := o.names(ctx, d)
	if err != nil {
		return err
	}
	if !workshop.PortsOK(o.Port, len(names)) {
		return failure.Usage{Text: d.Text.T("workshop.new.ports", o.Port, len(names), workshop.LastPort(o.Port, len(names))), Hint: newHelp}
	}
	if err := workshop.Check(o.Dir); err != nil {
		return notMade(d, o, err)
	}
	r := workshop.Request{
		Dir: o.Dir, Names: names, Case: o.Case, Days: o.Days, Port: o.Port,
		Pack: d.Pack, Version: d.Version, Env: d.Env, Now: d.Now,
	}
	release, err := o.read(ctx, d, &r)
	if err != nil {
		return err
	}
	defer release()
	if o.Pack != "" {
		if r.Own, err = evolve.ReadPack(d.Text, o.Pack, d.Pack); err != nil {
			return notMade(d, o, err)
		}
	}
	var done atomic.Int64
	r.Made = func(n int) { done.Store(int64(n)) }
	var made workshop.Made
	saying := func() string { return d.Text.T("workshop.new.working", done.Load(), len(names)) }
	err = d.IO.Following(ctx, saying, func(ctx context.Context) (err error) {
		made, err = workshop.Make(ctx, r)
		return err
	})
	if err != nil {
		return notMade(d, o, err)
	}
	if o.JSON {
		return d.IO.WriteJSON(struct {
			Directory    string `json:"directory"`
			Milliseconds int64  `json:"milliseconds"`
			*workshop.Workshop
		}{made.Dir, made.Elapsed.Milliseconds(), made.Workshop})
	}
	tellMade(d, o, made)
	return nil
}

// names are those of the teams.
func (o *newOptions) names(ctx context.Context, d Deps) ([]string, error) {
	if o.Teams == "" {
		return workshop.NumberedTeams(o.Number), nil
	}
	file, err := os.Open(o.Teams)
	if err != nil {
		return nil, failure.Usage{Text: d.Text.T("workshop.new.teams-unreadable", terminal.Safe(o.Teams), answersfile.Reason(d.Text, err)), Hint: newHelp}
	}
	defer file.Close()
	body, err := terminal.ReadAll(ctx, io.LimitReader(file, workshop.MaxTeamsFile+1)) // may be a pipe that says nothing
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err != nil {
		return nil, failure.Usage{Text: d.Text.T("workshop.new.teams-unreadable", terminal.Safe(o.Teams), answersfile.Reason(d.Text, err)), Hint: newHelp}
	}
	if len(body) > workshop.MaxTeamsFile {
		return nil, failure.Usage{Text: d.Text.T("workshop.new.teams-large", terminal.Safe(o.Teams)), Hint: newHelp}
	}
	names, err := workshop.ReadTeams(body)
	var mistakes workshop.Mistakes
	if errors.As(err, &mistakes) {
		return nil, failure.Usage{Text: wrongTeams(d, o.Teams, mistakes), Hint: newHelp}
	}
	return names, err
}

// mistakes are the texts of what can be wrong with the name of a team.
var mistakes = map[workshop.Fault]string{
	workshop.NotText: "workshop.team.not-text", workshop.Empty: "workshop.team.empty", workshop.Long: "workshop.team.long",
	workshop.Hidden: "workshop.team.hidden", workshop.Same: "workshop.team.same", workshop.SameSlug: "workshop.team.slug",
	workshop.TooMany: "workshop.team.many", workshop.None: "workshop.team.none",
}

// wrongTeams says all that is wrong in a file with teams, a line for each.
func wrongTeams(d Deps, file string, found workshop.Mistakes) string {
	const most = 20
	lines := []string{d.Text.T("workshop.new.teams-wrong", terminal.Safe(file))}
	for i, one := range found {
		if i == most {
			lines = append(lines, d.Text.T("workshop.new.teams-more", len(found)-most))
			break
		}
		text := d.Text.T(mistakes[one.Fault])
		switch one.Fault {
		case workshop.Long:
			text = d.Text.T(mistakes[one.Fault], short(one.Name), workshop.MaxTeamName)
		case workshop.TooMany:
			text = d.Text.T(mistakes[one.Fault], workshop.MaxTeams)
		case workshop.Same, workshop.SameSlug:
			text = d.Text.T(mistakes[one.Fault], short(one.Name), one.Other)
		case workshop.Hidden:
			text = d.Text.T(mistakes[one.Fault], short(one.Name))
		}
		if one.Line > 0 {
			text = fmt.Sprintf("%s:%d: %s", terminal.Safe(filepath.Base(file)), one.Line, text)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// short keeps a line readable, whatever somebody typed.
func short(name string) string {
	const longest = 80
	runes := []rune(strings.ToValidUTF8(terminal.Safe(name), "�"))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest]) + "…"
}

// read reads the case and the course.
func (o *newOptions) read(ctx context.Context, d Deps, r *workshop.Request) (release func(), err error) {
	var open []io.Closer
	release = func() {
		for _, one := range open {
			_ = one.Close()
		}
	}
	if body, known := examples.Answers(o.Case); known && slices.Contains(examples.Names(), o.Case) {
		r.Answer, _ = answers.Parse(o.Case, body)
		if course, found := examples.Course(o.Case); found {
			r.Course = course
		}
	} else {
		if _, err := os.Stat(o.Case); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(o.Case, `/\.`) {
			return release, failure.Usage{Text: d.Text.T("workshop.new.no-case", short(o.Case), strings.Join(examples.Names(), ", ")), Hint: newHelp}
		}
		file, err := answersfile.Open(ctx, d.IO.In, d.Text, o.Case)
		if err != nil {
			return release, err
		}
		r.Case = filepath.Base(o.Case)
		r.Answer, r.Files = file.Document, file.Files()
		open = append(open, closer(file.Close))
	}
	if o.Course == "" {
		return release, nil
	}
	root, err := os.OpenRoot(o.Course)
	if err != nil {
		release()
		return func() {}, failure.Usage{Text: d.Text.T("workshop.new.no-course", short(o.Course), answersfile.Reason(d.Text, err)), Hint: "fieldlab workshop lint --help"}
	}
	r.Course = root.FS()
	open = append(open, root)
	return release, nil
}

// closer makes a function something that can be closed.
type closer func()

// Close is part of io.Closer.
func (c closer) Close() error { c(); return nil }

// tellMade says what there is now and what to do next.
func tellMade(d Deps, o *newOptions, made workshop.Made) {
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	dir := terminal.Safe(o.Dir)
	w := made.Workshop
	say(d.Text.T("workshop.new.made", len(w.Teams), dir, fmt.Sprintf("%.1f", made.Elapsed.Seconds())))
	say(d.Text.T("workshop.new.ports-used", w.Teams[0].Port, w.Teams[len(w.Teams)-1].Port+3))
	if made.Course == nil {
		say(d.Text.T("workshop.new.without-course"))
	}
	say("")
	quoted := arguments.Quoted(o.Dir)
	say(d.Text.T("workshop.new.next", terminal.Safe(filepath.Join(o.Dir, "index.html")), terminal.Safe(filepath.Join(o.Dir, "bladen")), terminal.Safe(quoted)))
}
