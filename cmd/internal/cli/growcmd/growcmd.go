// Package growcmd is what `fieldlab add`, `rename` and `remove` have in common:
// they read the answers of a component, change them as a person would, and
// bring the component up to date with them.
package growcmd

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Deps is what the commands need.
type Deps = evolve.Deps

// Options are the flags that the commands have in common.
type Options struct {
	Dir string
	evolve.Options
	evolve.Decisions
}

// Flags gives a command those flags. Help shows of those that answer a question
// only what is asked often; the question names the others.
func (o *Options) Flags(d Deps, cmd *cobra.Command, shown ...string) {
	flags := cmd.Flags()
	flags.StringVar(&o.Dir, "dir", ".", d.Text.T("update.flag.dir"))
	evolve.Flags(flags, d.Text, &o.Options)
	answers := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Decisions.Flags(answers, d.Text)
	answers.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden = !slices.Contains(shown, flag.Name); flags.Lookup(flag.Name) == nil {
			flags.AddFlag(flag)
		}
	})
	_ = cmd.RegisterFlagCompletionFunc("dir", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
}

// Typed is the command as the person typed it, for a hint that adds to it.
func Typed(cmd *cobra.Command, args []string) string {
	words := []string{cmd.CommandPath()}
	for _, argument := range args {
		words = append(words, arguments.Quoted(argument))
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		list, more := flag.Value.(pflag.SliceValue)
		switch {
		case more:
			for _, value := range list.GetSlice() {
				words = append(words, "--"+flag.Name, arguments.Quoted(value))
			}
		case flag.Value.Type() == "bool":
			words = append(words, "--"+flag.Name)
		default:
			words = append(words, "--"+flag.Name, arguments.Quoted(flag.Value.String()))
		}
	})
	return strings.Join(words, " ")
}

// Component is a component of which the answers change.
type Component struct {
	Dir      string
	Document *answers.Document
	Answers  answers.Answers

	d    Deps
	file *answersfile.File
}

// maxAnswers is one more than the largest file that answers.Parse reads.
const maxAnswers = 1<<20 + 1

// Open reads the answers of the component in a folder. Answers that are wrong
// already are not for a command to change: all mistakes are said.
func Open(ctx context.Context, d Deps, o *Options) (*Component, error) {
	if err := evolve.Recover(d, o.Dir); err != nil { // the answers may be half of those of a command that was killed
		return nil, err
	}
	c, err := read(d, o.Dir)
	if err != nil {
		return nil, err
	}
	found := c.Document.Problems()
	if len(found) == 0 {
		found = c.Document.Place(c.Judge(c.Answers)).Sorted()
	}
	if len(found) == 0 && ctx.Err() == nil {
		return c, nil
	}
	c.Close()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.JSON {
		if err := d.IO.WriteJSON(map[string]any{"problems": found.In(string(d.Text.Language()))}); err != nil {
			return nil, err
		}
	}
	return nil, failure.Answers{Problems: found, Hint: "fieldlab answers validate " + arguments.Quoted(c.Document.File), Reported: o.JSON}
}

// read reads the file, which has to lie in the folder itself.
func read(d Deps, dir string) (*Component, error) {
	name := filepath.Join(dir, answers.FileName)
	refuse := func(err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return failure.Shortfall{Text: d.Text.T("grow.no-component", terminal.Safe(shownDir(dir))), Hint: d.Text.T("grow.no-component-hint")}
		}
		return failure.Shortfall{Text: d.Text.T("answers.unreadable", terminal.Safe(name), answersfile.Reason(d.Text, err))}
	}
	file, err := answersfile.In(dir)
	if err != nil {
		return nil, refuse(err)
	}
	data, err := content(file.Files())
	if err != nil {
		file.Close()
		return nil, refuse(err)
	}
	file.Document, _ = answers.Parse(name, data)
	return &Component{Dir: dir, Document: file.Document, Answers: file.Document.Answers, d: d, file: file}, nil
}

func content(folder fs.FS) ([]byte, error) {
	info, err := fs.Lstat(folder, answers.FileName)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for, and a link leads to somebody else's file
		return nil, &fs.PathError{Op: "open", Path: answers.FileName, Err: fs.ErrInvalid}
	}
	f, err := folder.Open(answers.FileName)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxAnswers))
}

func shownDir(dir string) string {
	if absolute, err := filepath.Abs(dir); err == nil {
		return absolute
	}
	return dir
}

// Close lets go of the folder.
func (c *Component) Close() { c.file.Close() }

// Judge applies the rules to answers of this component.
func (c *Component) Judge(a answers.Answers) problem.List {
	_, found := model.New(a, c.file.Files(), model.Env{Version: c.d.Version})
	return found
}

// Ask begins a conversation about these answers, or says that nobody is there
// to have it with.
func (c *Component) Ask(ctx context.Context, given []string) (wizard.Growth, error) {
	// Nobody should answer questions and hear only then that it cannot be done.
	if _, err := evolve.Waiting(ctx, c.d, evolve.Options{}, update.Request{Dir: c.Dir}); err != nil {
		return wizard.Growth{}, err
	}
	prompter, err := wizard.NewPrompter(ctx, c.d.IO, c.d.Text)
	if err != nil {
		return wizard.Growth{}, Stopped(c.d, err)
	}
	prompter.Say(c.d.IO.Faint(c.d.IO.Wrap(c.d.Text.T("grow.welcome"), "")))
	return wizard.Growth{IO: c.d.IO, Text: c.d.Text, Prompter: prompter, Answers: c.Answers, Check: c.Judge, Given: given}, nil
}

// Stopped says that the person stopped, and that nothing was done.
func Stopped(d Deps, err error) error {
	if errors.Is(err, wizard.Interrupt) {
		return failure.Interrupted{Text: d.Text.T("update.nothing-done")}
	}
	return err
}
