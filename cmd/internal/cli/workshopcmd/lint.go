package workshopcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// lintOptions are the arguments and flags of lint.
type lintOptions struct {
	Dir   string
	Case  string // an example or an answers file; "" is what the course says
	Build bool
	JSON  bool
}

func newLint(d Deps) *cobra.Command { return newLintWith(d, nil) }

// newLintWith builds the command. A test gives runF to see the options.
func newLintWith(d Deps, runF func(*lintOptions) error) *cobra.Command {
	o := &lintOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("course.lint.use"),
		Short:   d.Text.T("course.lint.short"),
		Long:    d.Text.T("course.lint.long"),
		Example: d.Text.T("course.lint.example"),
		Args:    arguments.Between(d.Text, 1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			if runF != nil {
				return runF(o)
			}
			return lint(cmd.Context(), d, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Case, "case", "", d.Text.T("course.lint.flag.case"))
	flags.BoolVar(&o.Build, "build", false, d.Text.T("course.lint.flag.build"))
	flags.BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func lint(ctx context.Context, d Deps, o *lintOptions) error {
	info, err := os.Stat(o.Dir)
	if err != nil || !info.IsDir() {
		return failure.Usage{Text: d.Text.T("course.lint.no-folder", short(o.Dir)), Hint: "fieldlab workshop lint --help"}
	}
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return failure.Shortfall{Text: d.Text.T("course.unreadable", short(o.Dir), answersfile.Reason(d.Text, err))}
	}
	defer func() { _ = root.Close() }()
	c, err := course.Read(root.FS())
	var found problem.List
	if err != nil && !errors.As(err, &found) {
		return err
	}
	if c != nil {
		if found, err = o.rehearse(ctx, d, c); err != nil {
			return err
		}
	}
	if o.JSON {
		data := struct {
			Course   string              `json:"course"`
			Steps    int                 `json:"steps"`
			Problems []problem.Localised `json:"problems"`
		}{Problems: found.In(string(d.Text.Language()))}
		if c != nil {
			data.Course, data.Steps = c.Name, len(c.Steps)
		}
		if err := d.IO.WriteJSON(data); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return failure.Answers{Problems: found, Reported: o.JSON}
	}
	if !o.JSON {
		fmt.Fprintln(d.IO.Err, d.Text.T("course.lint.good", terminal.Safe(c.Title), len(c.Steps), len(c.Plans)))
	}
	return nil
}

// rehearse tries all steps in a component that was made for it, and then for each
// plan those that it chooses.
func (o *lintOptions) rehearse(ctx context.Context, d Deps, c *course.Course) (problem.List, error) {
	document, files, release, err := o.answers(ctx, d, c)
	var found problem.List
	if errors.As(err, &found) {
		return found, nil
	}
	if err != nil {
		return nil, err
	}
	defer release()
	var doing atomic.Value
	doing.Store(terminal.Safe(c.Title))
	err = d.IO.Following(ctx, func() string { return d.Text.T("course.lint.working", doing.Load()) }, func(ctx context.Context) error {
		for i, days := range append([]int{0}, c.Days()...) {
			steps := c.For(days)
			if i > 0 && len(steps) == len(c.Steps) {
				continue
			}
			mistakes, err := tryIn(ctx, d, document, files, steps, course.Rehearsal{
				Fieldlab: d.Fieldlab, Build: o.Build && i == 0,
				Doing: func(s *course.Step) { doing.Store(terminal.Safe(s.Title)) },
			})
			for _, p := range mistakes {
				if !slices.ContainsFunc(found, func(q problem.Problem) bool { return q.File == p.File && q.Line == p.Line && q.Code == p.Code }) {
					found = append(found, p)
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, context.Canceled):
		return nil, failure.Interrupted{Text: d.Text.T("course.lint.interrupted")}
	case err != nil && fromSystem(err):
		return nil, failure.Shortfall{Text: d.Text.T("course.lint.failed", answersfile.Reason(d.Text, err))}
	}
	return found.Sorted(), err
}

// tryIn makes a component in a folder of its own, in which nothing of Git, and
// tries the steps there.
func tryIn(ctx context.Context, d Deps, document *answers.Document, files fs.FS, steps []*course.Step, r course.Rehearsal) (problem.List, error) {
	dir, err := os.MkdirTemp("", "fieldlab-cursus-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r.Dir = filepath.Join(dir, "component")
	_, err = generator.Generate(ctx, generator.Request{
		Document: document, Files: files, Pack: d.Pack, Version: d.Version,
		Dir: r.Dir, NoGit: true, Env: d.Env, Now: d.Now,
	})
	var found problem.List
	if errors.As(err, &found) {
		return found, nil // the answers of the case
	}
	if err != nil {
		return nil, err
	}
	return course.Rehearse(ctx, steps, r)
}

// answers are those of the case of the course.
func (o *lintOptions) answers(ctx context.Context, d Deps, c *course.Course) (document *answers.Document, files fs.FS, release func(), err error) {
	release = func() {}
	name := o.Case
	if name == "" {
		name = c.Case
	}
	if body, known := examples.Answers(name); known && slices.Contains(examples.Names(), name) {
		document, found := answers.Parse(name, body)
		return document, nil, release, found.Err()
	}
	if o.Case == "" {
		return nil, nil, release, problem.List{problem.New(problem.CourseNoCase, "case", name, examples.Names()).At(course.Main, 0, 0)}
	}
	file, err := answersfile.Open(ctx, d.IO.In, d.Text, o.Case)
	if err != nil {
		return nil, nil, release, err
	}
	if found := file.Document.Problems(); len(found) > 0 {
		file.Close()
		return nil, nil, release, found
	}
	return file.Document, file.Files(), file.Close, nil
}
