package newcmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// ask asks the questions.
func (s *source) ask(ctx context.Context, d Deps, o *Options) error {
	begin, err := start(o)
	if err != nil {
		return err
	}
	if s.file, err = answersfile.In("."); err != nil {
		return err
	}
	target, err := filepath.Abs(o.Dir)
	if err != nil {
		return err
	}
	if o.Dir == "" {
		target += string(filepath.Separator) // not this folder, but one to be made in it
	}
	s.progress = wizard.Keep(d.ConfigDir, target, d.Now)
	prompter, err := wizard.NewPrompter(ctx, d.IO, d.Text)
	if err == nil {
		var a answers.Answers
		a, err = wizard.Run(wizard.Conversation{
			IO: d.IO, Text: d.Text, Prompter: prompter, Start: begin, Unfinished: s.progress,
			Check:   func(a answers.Answers) problem.List { return s.judge(d, a) },
			Preview: func(a answers.Answers) (string, error) { return s.preview(d, o, a) },
			Taken:   func(name string) bool { return o.Dir == "" && generator.Check(name, o.Into) != nil },
		})
		if err == nil {
			s.take(a)
			return s.file.Document.Problems().Err()
		}
	}
	var stopped wizard.Stopped
	switch {
	case errors.As(err, &stopped) && stopped.Kept:
		return failure.Interrupted{Text: d.Text.T("new.kept", again(o))}
	case errors.As(err, &stopped), errors.Is(err, wizard.Interrupt):
		return failure.Interrupted{}
	}
	return err
}

// again is the command with which the person goes on later.
func again(o *Options) string {
	if o.Dir == "" {
		return "fieldlab new"
	}
	command := "fieldlab new " + quoted(o.Dir)
	if o.Into {
		command += " --into"
	}
	if o.Pack != "" {
		command += " --pack " + quoted(o.Pack)
	}
	return command
}

// judge applies the rules to answers that may not be complete yet.
func (s *source) judge(d Deps, a answers.Answers) problem.List {
	_, found := model.New(a, s.file.Files(), model.Env{Version: d.Version})
	return found
}

// preview shows the tree that would be made.
func (s *source) preview(d Deps, o *Options, a answers.Answers) (string, error) {
	s.take(a)
	files, component, err := generator.Plan(request(d, o, s))
	if err != nil {
		return "", err
	}
	dir := o.Dir
	if dir == "" {
		dir = component.Name.Path
	}
	if o.Dir == "." {
		if here, err := os.Getwd(); err == nil {
			dir = filepath.Base(here)
		}
	}
	count := func(n int) string {
		if n == 1 {
			return d.Text.T("new.one-file")
		}
		return d.Text.T("new.files", n)
	}
	folders, loose := overview(files, count)
	return strings.TrimRight(terminal.Safe(dir), "/") + "/\n" + folders + d.IO.Wrap(loose, "  "), nil
}
