package checkcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

func isDay(value string) bool {
	_, err := time.Parse(time.DateOnly, value)
	return err == nil
}

// say tells the person something beside the results.
func say(d evolve.Deps, words string) { fmt.Fprintln(d.IO.Err, words) }

func about(d evolve.Deps, o *Options, results []*check.Result) verdict.About {
	a := verdict.About{Version: d.Version, Now: d.Now(), FailOn: check.Severity(o.FailOn), URL: o.URL}
	for _, r := range results {
		c := verdict.Checkout{Commit: r.Commit}
		if score, met, open := governance.CommonGround(r); met+len(open) > 0 {
			c.Yardstick = &verdict.Yardstick{Score: score, Met: met, Of: met + len(open)}
		}
		a.Checkouts = append(a.Checkouts, c)
	}
	return a
}

// show writes the results where they were asked.
func show(d evolve.Deps, o *Options, results []*check.Result) error {
	a := about(d, o, results)
	for _, report := range o.Reports {
		format, file, _ := strings.Cut(report, "=")
		dir, name := filepath.Dir(file), filepath.Base(file)
		if filepath.IsLocal(file) {
			dir, name = ".", file // mostly below what is looked at: a folder there may be a link
		}
		if err := write(d, a, verdict.Format(format), dir, name, results); err != nil {
			return err
		}
	}
	if o.Proof {
		for i, dir := range o.Dirs {
			one := results[i : i+1]
			if err := write(d, about(d, o, one), verdict.Proof, dir, filepath.FromSlash(ProofName), one); err != nil {
				return err
			}
		}
	}
	if o.Format != textFormat {
		return verdict.Write(d.IO.Out, verdict.Format(o.Format), d.Text, a, results)
	}
	return verdict.Text(d.IO, d.Text, a, results, verdict.Options{All: o.All})
}

// write writes a report to a file below a folder, which no link in that folder leads out
// of: whole, or not at all.
func write(d evolve.Deps, a verdict.About, format verdict.Format, dir, file string, results []*check.Result) error {
	failed := func(err error) error {
		return failure.Shortfall{Text: d.Text.T("check.not-written", terminal.Safe(filepath.Join(dir, file)), answersfile.Reason(d.Text, err))}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return failed(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed(err)
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return failed(err)
	}
	if format == verdict.Proof {
		before, err := check.ReadCalm(root, filepath.ToSlash(file), check.MaxText)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed(err)
		}
		a.Previous = string(before)
	}
	var body bytes.Buffer
	if err := verdict.Write(&body, format, d.Text, a, results); err != nil {
		return err
	}
	if err := check.Replace(root, filepath.ToSlash(file), body.Bytes(), 0o644); err != nil {
		return failed(err)
	}
	return nil
}

// mend makes the changes that can be made without a person, and looks again.
func mend(ctx context.Context, d evolve.Deps, o *Options, results []*check.Result) ([]*check.Result, error) {
	for i, dir := range o.Dirs {
		fixed, err := check.Mend(dir, results[i])
		for _, f := range fixed {
			say(d, d.Text.T("check.mended", terminal.Safe(filepath.Join(dir, f.Path)), strings.Join(f.Rules, ", ")))
		}
		if err != nil {
			return nil, failure.Shortfall{Text: d.Text.T("check.not-mended", terminal.Safe(dir), terminal.Safe(err.Error()))}
		}
		if len(fixed) == 0 {
			say(d, d.Text.T("check.nothing-to-mend", terminal.Safe(dir)))
		}
	}
	return look(ctx, d, o)
}

// accept writes what fails now into fieldlab-check.yaml, with a reason and a last day.
func accept(ctx context.Context, d evolve.Deps, o *Options, results []*check.Result) error {
	for i, dir := range o.Dirs {
		file := filepath.Join(dir, check.ConfigName)
		written, err := acceptAll(ctx, d, o, dir, results[i])
		if err != nil {
			if wrong := (*check.ConfigError)(nil); errors.As(err, &wrong) {
				return failure.Shortfall{Text: d.Text.T("check.config-wrong", terminal.Safe(file))}
			}
			if shown := (failure.Shortfall{}); errors.As(err, &shown) || ctx.Err() != nil {
				return err
			}
			return failure.Shortfall{Text: d.Text.T("check.not-written", terminal.Safe(file), answersfile.Reason(d.Text, err))}
		}
		switch written {
		case 0:
			say(d, d.Text.T("check.nothing-to-accept", terminal.Safe(dir)))
		case 1:
			say(d, d.Text.T("check.accepted.one", terminal.Safe(file), o.Until))
		default:
			say(d, d.Text.T("check.accepted.more", written, terminal.Safe(file), o.Until))
		}
	}
	return nil
}

// acceptAll accepts what fails in one folder. Of a rule not all findings are kept, so that
// it looks again until none is left.
func acceptAll(ctx context.Context, d evolve.Deps, o *Options, dir string, r *check.Result) (written int, err error) {
	for {
		more := exceptions(o, r)
		if len(more) == 0 {
			return written, nil
		}
		if err := acceptIn(dir, more); errors.Is(err, check.ErrByHand) {
			file := filepath.Join(dir, check.ConfigName)
			return 0, failure.Shortfall{Text: d.Text.T("check.by-hand", terminal.Safe(file)) + "\n\n" + terminal.SafeLines(check.Lines(more))}
		} else if err != nil {
			return 0, err
		}
		written += len(more)
		if !slices.ContainsFunc(r.Verdicts, func(v check.Verdict) bool { return v.More > 0 }) {
			return written, nil
		}
		if r, err = rules.Look(ctx, dir, d.Version, d.Now()); err != nil {
			return 0, err
		}
		r.Only(o.Rules)
	}
}

// exceptions are one for each rule and file that falls short; for rules that were named,
// also where nothing fails.
func exceptions(o *Options, r *check.Result) []check.Exception {
	var all []check.Exception
	for _, v := range r.Verdicts {
		if v.Outcome != check.Broken || len(o.Rules) == 0 && !v.Rule.Severity.AtLeast(r.FailsFrom(check.Severity(o.FailOn))) {
			continue
		}
		seen := map[string]bool{}
		for _, f := range v.Findings {
			if f.Accepted == "" && !seen[f.Path] {
				seen[f.Path] = true
				all = append(all, check.Exception{Rule: f.Rule, Path: f.Path, Reason: o.Accept, Until: o.Until})
			}
		}
	}
	return all
}

func acceptIn(dir string, more []check.Exception) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	body, err := check.ReadCalm(root, check.ConfigName, check.MaxText)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if body, err = check.Accept(body, more); err != nil {
		return err
	}
	return check.Replace(root, check.ConfigName, body, 0o644)
}
