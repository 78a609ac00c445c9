// Package rules is the list of every checker. It is a package of its own because each of
// them imports package check.
package rules

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/adr"
	"github.com/commonground-fieldlab/fieldlab/generator/check/deliver"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
	"github.com/commonground-fieldlab/fieldlab/generator/check/leftover"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/check/probe"
	"github.com/commonground-fieldlab/fieldlab/generator/check/secret"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// All lists every checker; a new one is one line here. version is that of this fieldlab,
// or "" when nobody knows.
func All(version string) []check.Checker {
	return []check.Checker{
		adr.Checker(),
		governance.Checker(),
		deliver.Checker(),
		source.Checker(),
		leftover.Checker(),
		secret.Checker(),
		own.For(version),
	}
}

// List lists every rule, of the checkers and of the engine, in the order of the groups.
func List() []check.Rule {
	var all []check.Rule
	for _, c := range All("") {
		all = append(all, c.Rules()...)
	}
	all = append(all, probe.Rules()...)
	all = append(all, check.ItselfRules()...)
	groups := check.Groups()
	slices.SortStableFunc(all, func(a, b check.Rule) int {
		return slices.Index(groups, a.Group) - slices.Index(groups, b.Group)
	})
	return all
}

// Knows says whether there is a rule of that name.
func Knows(id string) bool {
	return slices.ContainsFunc(List(), func(r check.Rule) bool { return r.ID == id })
}

// running is the checker of what only a running API shows: in files there is nothing of it.
type running struct{}

func (running) Rules() []check.Rule { return probe.Rules() }

func (running) Start(*check.Repo, *check.Report) check.Look { return nil }

// Look looks at a folder with every checker, as it lies there: what Git leaves alone is
// left alone.
func Look(ctx context.Context, dir, version string, today time.Time) (*check.Result, error) {
	o := check.Options{Name: nameOf(dir), Today: today.Format(time.DateOnly), Knows: Knows}
	head := ""
	work, err := repository.Open(dir)
	if err == nil {
		defer work.Close()
		alone, err := work.Alone()
		if err != nil {
			return nil, err
		}
		defer func() { _ = alone.Close() }()
		o.Ignored, head = alone.Match, work.Head()
	} else if obstacle := (repository.Obstacle{}); !errors.Is(err, repository.ErrNone) && !errors.As(err, &obstacle) {
		return nil, err
	}
	r, err := check.Open(dir, o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	r.SetKern(own.Pristine(r))
	result, err := check.Run(ctx, r, append(All(version), running{}))
	if err == nil {
		result.Commit, result.Title = head, titleOf(r)
	}
	return result, err
}

// titleOf is the name in publiccode.yml: the same on every machine, whatever the folder
// there is called.
func titleOf(r *check.Repo) string {
	body, err := r.Read("publiccode.yml", 1<<16)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(body)) {
		name, found := strings.CutPrefix(line, "name:")
		if name = strings.Trim(strings.TrimSpace(name), `"'`); found && name != "" && !strings.ContainsAny(name, `#>|&*!{[\"`) {
			return name
		}
	}
	return ""
}

// nameOf is what a folder is called.
func nameOf(dir string) string {
	if at, err := filepath.Abs(dir); err == nil {
		dir = at
	}
	return filepath.Base(dir)
}
