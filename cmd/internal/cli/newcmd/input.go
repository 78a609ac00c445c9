package newcmd

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// source is the answers, wherever they come from.
type source struct {
	file     *answersfile.File
	retry    string             // the command that shows the mistakes again
	progress *wizard.Unfinished // what the questions left; nil without questions
	own      *pack.Pack         // laid over the templates; nil for none
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// input gets the answers in the way that the options ask for.
func input(ctx context.Context, d Deps, o *Options, own *pack.Pack) (*source, error) {
	s := &source{retry: "fieldlab new --help", own: own}
	var err error
	switch {
	case o.Answers != "":
		err = s.read(ctx, d, o)
	case o.Defaults:
		err = s.standard(d, o)
	default:
		err = s.ask(ctx, d, o)
	}
	if err != nil {
		s.close()
		return nil, wrong(d, o, s, err)
	}
	return s, nil
}

// read reads a file or standard input.
func (s *source) read(ctx context.Context, d Deps, o *Options) (err error) {
	if o.Answers != answersfile.Stdin {
		s.retry = "fieldlab answers validate " + quoted(o.Answers)
	}
	if s.file, err = answersfile.Open(ctx, d.IO.In, d.Text, o.Answers); err != nil {
		return err
	}
	return s.set(o.Set)
}

// standard takes the default of every answer.
func (s *source) standard(d Deps, o *Options) error {
	begin, err := start(o)
	if err != nil {
		return err
	}
	if s.file, err = answersfile.In("."); err != nil {
		return err
	}
	a, err := wizard.Standard(begin, func(a answers.Answers) problem.List { return s.judge(d, a) })
	if err != nil {
		return err
	}
	s.take(a)
	return s.set(o.Set)
}

// start gives the answers that the folder name and --set already say.
func start(o *Options) (answers.Answers, error) {
	a := answers.Answers{Version: answers.Version}
	if o.Dir != "" {
		if absolute, err := filepath.Abs(o.Dir); err == nil {
			a = wizard.Titled(filepath.Base(absolute))
		}
	}
	data, _ := answers.Marshal(a) // not complete yet, which is fine
	document, _ := answers.Parse("", data)
	for _, argument := range o.Set {
		key, value, err := answers.SplitSet(argument)
		if err == nil && !listed(key) {
			err = document.Set(key, value)
		}
		if err != nil {
			return a, err
		}
	}
	return document.Answers, nil
}

// listed says whether a key is about an item of a list: such a --set changes
// the standard list instead of replacing it.
func listed(key string) bool { return strings.Contains(key, "[") }

// take makes a document of answers, so that they go the same way as a file. A
// mistake of form comes back from Document.Problems.
func (s *source) take(a answers.Answers) {
	data, _ := answers.Marshal(a)
	s.file.Document, _ = answers.Parse("", data)
}

// set applies --set.
func (s *source) set(arguments []string) error {
	for _, argument := range arguments {
		key, value, err := answers.SplitSet(argument)
		if err == nil {
			err = s.file.Document.Set(key, value)
		}
		if err != nil {
			return err
		}
	}
	return s.file.Document.Problems().Err()
}

// wrong turns problems into a failure, or into JSON for a machine.
func wrong(d Deps, o *Options, s *source, err error) error {
	var list problem.List
	var one problem.Problem
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = problem.List{one}
	default:
		return err
	}
	if o.JSON {
		if err := d.IO.WriteJSON(map[string]any{"problems": list.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	return failure.Answers{Problems: list, Hint: s.retry, Reported: o.JSON}
}

// request is what the generator wants to know.
func request(d Deps, o *Options, s *source) generator.Request {
	return generator.Request{
		Document: s.file.Document, Files: s.file.Files(), Pack: d.Pack, Own: s.own, Version: d.Version,
		Dir: o.Dir, Into: o.Into, NoGit: o.NoGit, Durable: true, Env: d.Env, Now: d.Now,
	}
}

// quoted writes an argument as a person would type it in a shell.
func quoted(argument string) string { return arguments.Quoted(argument) }
