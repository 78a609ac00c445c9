package newcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// source is the answers with the folder of the files that they name.
type source struct {
	document *answers.Document
	folder   *os.Root
	retry    string             // the command that shows the mistakes again
	progress *wizard.Unfinished // what the questions left; nil without questions
}

func (s *source) close() {
	if s.folder != nil {
		_ = s.folder.Close()
	}
}

func (s *source) files() fs.FS {
	if s.folder == nil {
		return nil
	}
	return s.folder.FS()
}

// maxAnswers is one byte more than the largest file that answers.Parse reads.
const maxAnswers = 1<<20 + 1

// input gets the answers in the way that the options ask for.
func input(ctx context.Context, d Deps, o *Options) (*source, error) {
	s := &source{}
	var err error
	switch {
	case o.Answers != "":
		err = s.read(d, o)
	case o.Defaults:
		err = s.standard(d, o)
	default:
		err = s.ask(ctx, d, o)
	}
	if err == nil {
		err = s.set(o.Set)
	}
	if err != nil {
		s.close()
		return nil, wrong(d, o, s, err)
	}
	return s, nil
}

// read reads a file or standard input.
func (s *source) read(d Deps, o *Options) error {
	name, folder := o.Answers, "."
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(d.IO.In, maxAnswers))
	} else {
		folder = filepath.Dir(name)
		data, err = readFile(name)
		s.retry = "fieldlab answers validate " + quoted(name)
	}
	if err != nil {
		return failure.Usage{Text: d.Text.T("answers.unreadable", name, reason(err)), Hint: "fieldlab answers example"}
	}
	var found problem.List
	if s.document, found = answers.Parse(name, data); len(found) > 0 && len(o.Set) == 0 {
		return found
	}
	return s.open(folder)
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxAnswers))
}

// reason is the cause of an error without the name of the file, which is in
// the sentence around it already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func (s *source) open(folder string) error {
	var err error
	s.folder, err = os.OpenRoot(folder)
	return err
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

// standard takes the default of every answer.
func (s *source) standard(d Deps, o *Options) error {
	begin, err := start(o)
	if err != nil {
		return err
	}
	a, err := wizard.Standard(begin)
	if err != nil {
		return err
	}
	s.retry = "fieldlab new --help"
	return s.take(a)
}

// take makes a document of answers, so that they go the same way as a file.
func (s *source) take(a answers.Answers) error {
	data, _ := answers.Marshal(a) // a mistake of form comes back from Parse
	s.document, _ = answers.Parse("", data)
	return s.open(".")
}

// set applies --set.
func (s *source) set(arguments []string) error {
	for _, argument := range arguments {
		key, value, err := answers.SplitSet(argument)
		if err == nil {
			err = s.document.Set(key, value)
		}
		if err != nil {
			return err
		}
	}
	return s.document.Problems().Err()
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
	hint := s.retry
	if hint == "" {
		hint = "fieldlab new --help"
	}
	f := failure.Answers{Problems: list, Hint: hint}
	if o.JSON {
		f.Reported = true
		if err := writeJSON(d.IO.Out, map[string]any{"problems": list.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	return f
}

// request is what the generator wants to know.
func request(d Deps, o *Options, s *source) generator.Request {
	return generator.Request{
		Document: s.document, Files: s.files(), Pack: d.Pack, Version: d.Version,
		Dir: o.Dir, NoGit: o.NoGit, Env: d.Env, Now: d.Now,
	}
}

// quoted writes an argument as a person would type it in a shell.
func quoted(argument string) string {
	safe := func(r rune) bool {
		return r == '/' || r == '.' || r == '-' || r == '_' || r == '\\' || r == ':' ||
			'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	if argument != "" && strings.IndexFunc(argument, func(r rune) bool { return !safe(r) }) < 0 {
		return argument
	}
	return fmt.Sprintf("'%s'", strings.ReplaceAll(argument, "'", `'\''`))
}
