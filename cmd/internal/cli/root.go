package cli

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/addcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/answerscmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/bundlecmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/checkcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/doctorcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/explaincmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/kerncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/newcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/packcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/removecmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/renamecmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/sourcescmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/updatecmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/versioncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/workshopcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// newRoot builds the command with everything below it.
func newRoot(sys System, t *text.Catalogue) *cobra.Command {
	root := &cobra.Command{
		Use:           "fieldlab",
		Short:         t.T("root.short"),
		Long:          t.T("root.long"),
		Example:       t.T("root.example"),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          arguments.Subcommand(t),
	}
	version := root.Flags().Bool("version", false, t.T("flag.version")) // what people try first
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *version {
			command, _, err := cmd.Find([]string{"version"})
			if err != nil {
				return err
			}
			return command.RunE(command, nil)
		}
		return cmd.Help()
	}
	var plain bool
	flags := root.PersistentFlags()
	flags.String("lang", "", t.T("flag.lang"))
	flags.BoolVar(&plain, "plain", false, t.T("flag.plain"))
	flags.Bool("debug", false, t.T("flag.debug"))
	root.PersistentPreRun = func(*cobra.Command, []string) {
		if plain {
			sys.IO.MakePlain()
		}
	}
	root.AddCommand(commands(sys, t)...)
	localise(root, t)
	return root
}

// commands lists every command; a new one is one line here.
func commands(sys System, t *text.Catalogue) []*cobra.Command {
	growing := evolve.Deps{IO: sys.IO, Text: t, Pack: templates.Component(), Version: sys.Version.Version, Env: sys.Env, Now: sys.Now}
	return []*cobra.Command{
		newcmd.New(newcmd.Deps{
			IO: sys.IO, Text: t, Pack: templates.Component(), Version: sys.Version.Version,
			Env: sys.Env, Now: sys.Now, ConfigDir: sys.ConfigDir,
		}, nil),
		addcmd.New(growing),
		renamecmd.New(growing),
		removecmd.New(growing),
		updatecmd.New(growing, nil),
		kerncmd.New(growing),
		checkcmd.New(growing, nil),
		doctorcmd.New(doctorcmd.Deps{Deps: growing, Released: sys.Version.Date}, nil),
		bundlecmd.New(growing),
		workshopcmd.New(workshopcmd.Deps{Deps: growing, Fieldlab: within(sys)}),
		packcmd.New(growing),
		answerscmd.New(answerscmd.Deps{
			IO: sys.IO, Text: t, Version: sys.Version.Version,
			Examples: answerscmd.Examples{Names: examples.Names, Answers: examples.Answers},
		}),
		sourcescmd.New(sourcescmd.Deps{IO: sys.IO, Text: t}),
		explaincmd.New(explaincmd.Deps{IO: sys.IO, Text: t}, nil),
		versioncmd.New(versioncmd.Deps{IO: sys.IO, Text: t, Version: sys.Version}, nil),
	}
}

// localise replaces what cobra says by itself, which is English.
func localise(root *cobra.Command, t *text.Catalogue) {
	root.SetFlagErrorFunc(arguments.Flag(t))
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { printHelp(cmd.OutOrStdout(), t, cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		printUsage(cmd.ErrOrStderr(), t, cmd)
		return nil
	})
	root.SetHelpCommand(helpCommand(root, t))
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			localiseCompletion(cmd, t)
		}
	}
	helpFlags(root, t)
}

func localiseCompletion(cmd *cobra.Command, t *text.Catalogue) {
	cmd.Short, cmd.Long, cmd.Example = t.T("completion.short"), t.T("completion.long"), t.T("completion.example")
	cmd.Args = arguments.Subcommand(t)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range cmd.Commands() {
		shell.Short = t.T("completion.shell", shell.Name())
		shell.Long = t.T("completion.shell-long", shell.Name()) + "\n\n" + t.T("completion."+shell.Name())
		shell.Args = arguments.Between(t, 0, 0)
		if flag := shell.Flags().Lookup("no-descriptions"); flag != nil {
			flag.Usage = t.T("completion.no-descriptions")
		}
	}
}

// helpCommand is `fieldlab help [COMMAND]`.
func helpCommand(root *cobra.Command, t *text.Catalogue) *cobra.Command {
	return &cobra.Command{
		Use:   "help [" + t.T("help.command-argument") + "]",
		Short: t.T("help.short"),
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || cmd == nil || len(rest) > 0 {
				return arguments.Subcommand(t)(root, args)
			}
			return cmd.Help()
		},
	}
}

// helpFlags gives every command its --help, in the language.
func helpFlags(cmd *cobra.Command, t *text.Catalogue) {
	cmd.InitDefaultHelpFlag()
	if flag := cmd.Flags().Lookup("help"); flag != nil {
		flag.Usage = t.T("flag.help")
	}
	for _, sub := range cmd.Commands() {
		helpFlags(sub, t)
	}
}

// within runs a command of fieldlab on a component, as if somebody typed it there
// without a terminal.
func within(sys System) func(ctx context.Context, dir string, args []string) (string, error) {
	return func(ctx context.Context, dir string, args []string) (string, error) {
		var said bytes.Buffer
		inner := sys
		inner.IO = &terminal.IO{In: strings.NewReader(""), Out: &said, Err: &said, Plain: true}
		root := newRoot(inner, text.Load(text.Dutch))
		root.SetArgs(append(slices.Clone(args), "--dir", dir))
		root.SetIn(inner.IO.In)
		root.SetOut(&said)
		root.SetErr(&said)
		err := root.ExecuteContext(ctx)
		return said.String(), err
	}
}
