// Package checkcmd is `fieldlab check`.
package checkcmd

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// Options are the arguments and flags.
type Options struct {
	Dirs    []string
	Format  string
	Reports []string // FORMAT=FILE
	Proof   bool     // writes docs/conformiteit.md in each folder
	FailOn  string
	Rules   []string // only these
	All     bool     // every place on the screen

	Fix    bool
	Accept string // the reason
	Until  string

	URL     string
	List    bool
	Explain string
}

// ProofName is the document that --proof writes.
const ProofName = "docs/conformiteit.md"

// text is the format of the screen.
const textFormat = "text"

// New builds the command. A test gives runF to see the options.
func New(d evolve.Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     d.Text.T("check.use"),
		Short:   d.Text.T("check.short"),
		Long:    d.Text.T("check.long"),
		Example: d.Text.T("check.example"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dirs = args
			if err := o.judge(d); err != nil {
				return err
			}
			if runF != nil {
				return runF(o)
			}
			return run(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Format, "format", textFormat, d.Text.T("check.flag.format"))
	flags.StringArrayVar(&o.Reports, "report", nil, d.Text.T("check.flag.report"))
	flags.BoolVar(&o.Proof, "proof", false, d.Text.T("check.flag.proof"))
	flags.StringVar(&o.FailOn, "fail-on", "", d.Text.T("check.flag.fail-on"))
	flags.StringArrayVar(&o.Rules, "rule", nil, d.Text.T("check.flag.rule"))
	flags.BoolVar(&o.All, "all", false, d.Text.T("check.flag.all"))
	flags.BoolVar(&o.Fix, "fix", false, d.Text.T("check.flag.fix"))
	flags.StringVar(&o.Accept, "accept", "", d.Text.T("check.flag.accept"))
	flags.StringVar(&o.Until, "until", "", d.Text.T("check.flag.until"))
	flags.StringVar(&o.URL, "url", "", d.Text.T("check.flag.url"))
	flags.BoolVar(&o.List, "list", false, d.Text.T("check.flag.list"))
	flags.StringVar(&o.Explain, "explain", "", d.Text.T("check.flag.explain"))
	for name, values := range map[string]func() []string{
		"format": formats, "fail-on": failOns, "rule": ids, "explain": ids,
	} {
		// The flags are there, so this cannot fail.
		_ = cmd.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values(), cobra.ShellCompDirectiveNoFileComp
		})
	}
	return cmd
}

func formats() []string {
	all := []string{textFormat}
	for _, f := range verdict.Formats() {
		all = append(all, string(f))
	}
	return all
}

func failOns() []string {
	return []string{string(check.Error), string(check.Warning), string(check.Note), string(check.Never)}
}

func ids() []string {
	var all []string
	for _, r := range rules.List() {
		all = append(all, r.ID)
	}
	return all
}

// judge says what is wrong with the arguments.
func (o *Options) judge(d evolve.Deps) error {
	usage := func(key string, values ...any) error {
		return failure.Usage{Text: d.Text.T(key, values...), Hint: "fieldlab check --help"}
	}
	if slices.Contains(o.Dirs, "") {
		return usage("new.dir-empty")
	}
	if !slices.Contains(formats(), o.Format) {
		return usage("check.no-format", terminal.Safe(o.Format), strings.Join(formats(), ", "))
	}
	for _, report := range o.Reports {
		format, file, _ := strings.Cut(report, "=")
		if _, known := verdict.ParseFormat(format); !known || file == "" {
			return usage("check.no-report", terminal.Safe(report), strings.Join(formats()[1:], ", "))
		}
	}
	if o.FailOn != "" && !slices.Contains(failOns(), o.FailOn) {
		return usage("check.no-fail-on", terminal.Safe(o.FailOn), strings.Join(failOns(), ", "))
	}
	named := o.Rules
	if o.Explain != "" {
		named = append(slices.Clone(named), o.Explain)
	}
	for _, id := range named {
		switch _, nearest, found := verdict.FindRule(rules.List(), id); {
		case !found && nearest == "":
			return usage("check.no-such-rule", terminal.Safe(id))
		case !found:
			return usage("check.no-rule", terminal.Safe(id), nearest)
		}
	}
	switch {
	case (o.Accept == "") != (o.Until == ""):
		return usage("check.accept-until")
	case o.Accept != "" && o.Fix:
		return usage("check.accept-fix")
	case len(o.Dirs) == 0 && o.URL != "" && (o.Accept != "" || o.Fix || o.Proof):
		return usage("check.only-url")
	}
	if o.Until != "" && !isDay(o.Until) {
		return usage("check.no-day", terminal.Safe(o.Until))
	}
	if o.Until != "" && o.Until < d.Now().Format(time.DateOnly) {
		return usage("check.past-day", o.Until)
	}
	return nil
}

func run(ctx context.Context, d evolve.Deps, o *Options) error {
	switch {
	case o.List && o.Format == string(verdict.JSON):
		return verdict.ListJSON(d.IO.Out, d.Text, rules.List())
	case o.List:
		return verdict.List(d.IO, d.Text, rules.List())
	case o.Explain != "":
		rule, _, _ := verdict.FindRule(rules.List(), o.Explain)
		return verdict.ExplainRule(d.IO, d.Text, rule)
	}
	if len(o.Dirs) == 0 && o.URL == "" {
		o.Dirs = []string{"."}
	}
	results, err := look(ctx, d, o)
	if err != nil {
		return err
	}
	if o.Accept != "" {
		return accept(ctx, d, o, results)
	}
	if o.Fix {
		if results, err = mend(ctx, d, o, results); err != nil {
			return err
		}
	}
	if err := show(d, o, results); err != nil {
		return err
	}
	for _, r := range results {
		if from := r.FailsFrom(check.Severity(o.FailOn)); r.Fails(from) {
			return failure.Shortfall{Text: d.Text.T("check.falls-short", d.Text.T("check.report.severity."+string(from)))}
		}
	}
	return nil
}

// look looks at each folder, and at the running API.
func look(ctx context.Context, d evolve.Deps, o *Options) ([]*check.Result, error) {
	var results []*check.Result
	err := d.IO.Working(ctx, d.Text.T("check.looking"), func(ctx context.Context) error {
		for _, dir := range o.Dirs {
			result, err := rules.Look(ctx, dir, d.Version, d.Now())
			if err != nil {
				return refused(ctx, d, dir, err)
			}
			results = append(results, result)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if o.URL != "" {
		if results, err = ask(ctx, d, o, results); err != nil {
			return nil, err
		}
	}
	for _, r := range results {
		r.Only(o.Rules)
	}
	return results, nil
}

// ask asks the running API. What it shows goes with the one repository that was looked
// at; without one, or with several, it stands by itself.
func ask(ctx context.Context, d evolve.Deps, o *Options, results []*check.Result) ([]*check.Result, error) {
	verdicts, err := live(ctx, d, o.URL)
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		results = append(results, &check.Result{Name: o.URL})
	}
	results[len(results)-1].With(verdicts, d.Now().Format(time.DateOnly))
	return results, nil
}

// refused says why a folder cannot be looked at.
func refused(ctx context.Context, d evolve.Deps, dir string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return failure.Usage{Text: d.Text.T("check.no-folder", terminal.Safe(dir), answersfile.Reason(d.Text, err)), Hint: "fieldlab check --help"}
}
