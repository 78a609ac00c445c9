package growcmd

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// Change is a change of the answers that package grow made.
type Change struct {
	Answers answers.Answers
	Notes   []grow.Note
	Renames []grow.Rename
	Steps   map[string]string // where zaken go that are at a step that goes
	Drop    []string          // what goes out of the database as well

	Did    string // key of the sentence that says what was done
	Values []any  // of that sentence

	// Flags are the flags that give an answer, by the last part of its key.
	Flags map[string]string
}

// Apply judges the new answers, writes them as a person would, and brings the
// component up to date with them.
func (c *Component) Apply(ctx context.Context, o *Options, change Change) error {
	r := update.Request{
		Dir: c.Dir, Title: text.Load(text.Dutch).T(change.Did, change.Values...), // the changelog is Dutch, as all of a component
	}
	if err := o.Into(c.d.Text, o.Command, &r); err != nil {
		return err
	}
	if found := c.Judge(change.Answers); len(found) > 0 {
		return c.refuse(o, change, found)
	}
	body, err := c.Document.Rewrite(change.Answers)
	if err != nil {
		return c.Refused(o, change, err)
	}
	r.Answers, r.Renames = body, append(change.Renames, r.Renames...)
	for old, to := range change.Steps {
		if r.Steps == nil {
			r.Steps = map[string]string{}
		}
		r.Steps[old] = to
	}
	r.Decided.Drop = append(r.Decided.Drop, change.Drop...)
	o.Did, o.Message = c.d.Text.T(change.Did, change.Values...), r.Title
	o.Notes = c.notes(change)
	return evolve.Run(ctx, c.d, o.Options, r)
}

// refuse says what would be wrong with the answers, in the words of the command.
func (c *Component) refuse(o *Options, change Change, found problem.List) error {
	if o.JSON {
		if err := c.d.IO.WriteJSON(map[string]any{"problems": found.In(string(c.d.Text.Language()))}); err != nil {
			return err
		}
		return failure.Answers{Problems: found, Hint: help(o), Reported: true}
	}
	lines, hint := []string{c.d.Text.T("grow.refused")}, ""
	words := wizard.Spell(wizard.Growth{IO: c.d.IO, Text: c.d.Text, Answers: change.Answers, Check: c.Judge}, found)
	for i, p := range found {
		line := once(words[i])
		if flag := change.Flags[p.Key[strings.LastIndexByte(p.Key, '.')+1:]]; flag != "" {
			line, hint = flag+": "+line, help(o)
		}
		lines = append(lines, "  - "+line)
	}
	lines = append(lines, c.d.Text.T("update.nothing-done"))
	return failure.Usage{Text: strings.Join(lines, "\n"), Hint: hint}
}

// once takes off what a problem is about when its own words begin with that. A
// title can hold a colon too.
func once(words string) string {
	for at := 0; ; at++ {
		next := strings.Index(words[at:], ": ")
		if next < 0 {
			return words
		}
		at += next
		where, rest := words[:at], words[at+2:]
		if strings.HasPrefix(strings.ToLower(rest), strings.ToLower(where)) {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
}

func help(o *Options) string { return o.Command + " --help" }

// Refused says why package grow did not do it. The change has the answers to
// which the keys belong, when those are other than of the component.
func (c *Component) Refused(o *Options, change Change, err error) error {
	var list problem.List
	var one problem.Problem
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = problem.List{one}
	default:
		return err
	}
	if change.Answers.Version == 0 {
		change.Answers = c.Answers
	}
	found := slices.Clone(list)
	for i, p := range found {
		found[i].Key = keyIn(change.Answers, p)
	}
	return c.refuse(o, change, found)
}

// stepKey is a key about a step, by its place.
var stepKey = regexp.MustCompile(`^process\.steps\[\d+\]`)

// keyIn is the key of a problem in some answers: package grow counts steps with
// those that came, and without those that went.
func keyIn(a answers.Answers, p problem.Problem) string {
	if !stepKey.MatchString(p.Key) {
		return p.Key
	}
	for _, arg := range p.Args {
		at := slices.IndexFunc(a.Process.Steps, func(st answers.Step) bool { return st.Name == arg })
		if at >= 0 {
			return stepKey.ReplaceAllString(p.Key, fmt.Sprintf("process.steps[%d]", at))
		}
	}
	return p.Key
}
