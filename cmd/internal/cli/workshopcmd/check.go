package workshopcmd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// checkOptions are the flags of check.
type checkOptions struct {
	Dir    string
	Answer string
	Watch  bool
	JSON   bool

	Every time.Duration // between two looks with Watch
}

func newCheck(d Deps) *cobra.Command { return newCheckWith(d, nil) }

// newCheckWith builds the command. A test gives runF to see the options.
func newCheckWith(d Deps, runF func(*checkOptions, []string) error) *cobra.Command {
	o := &checkOptions{Every: 3 * time.Second}
	cmd := &cobra.Command{
		Use:     d.Text.T("course.check.use"),
		Short:   d.Text.T("course.check.short"),
		Long:    d.Text.T("course.check.long"),
		Example: d.Text.T("course.check.example"),
		Args:    arguments.Between(d.Text, 0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if runF != nil {
				return runF(o, args)
			}
			return check(cmd.Context(), d, o, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Answer, "answer", "", d.Text.T("course.check.flag.answer"))
	flags.BoolVar(&o.Watch, "watch", false, d.Text.T("course.check.flag.watch"))
	flags.BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	atFlags(cmd, d, &o.Dir)
	return cmd
}

func check(ctx context.Context, d Deps, o *checkOptions, args []string) error {
	f, s, err := followStep(d, o.Dir, args)
	if err != nil {
		return err
	}
	if s == nil {
		s = f.path[len(f.path)-1] // all are done: look at the last one again
	}
	if o.Answer != "" && !slices.ContainsFunc(s.Checks, course.Check.Asks) {
		return failure.Usage{Text: d.Text.T("course.check.no-question", s.Number, terminal.Safe(s.Title)), Hint: "fieldlab workshop step " + s.ID}
	}
	l := &looking{d: d, o: o, f: f, s: s}
	return l.run(ctx)
}

// looking is one run of the command, which with --watch looks more than once.
type looking struct {
	d    Deps
	o    *checkOptions
	f    *following
	s    *course.Step
	last string // what was said and sent before
}

func (l *looking) run(ctx context.Context) error {
	for {
		results := l.look(ctx)
		if ctx.Err() != nil {
			return failure.Interrupted{}
		}
		if err := l.note(results); err != nil {
			return err
		}
		green := !slices.ContainsFunc(results, func(r course.Result) bool { return !r.OK })
		again := l.o.Watch && !green
		if seen := fmt.Sprint(results); seen != l.last {
			l.last = seen
			l.send(ctx, results)
			if !l.o.JSON {
				l.tell(results)
			}
			if again && !l.o.JSON {
				fmt.Fprintln(l.d.IO.Err, l.d.Text.T("course.check.watching"))
			}
		}
		if !again {
			return l.end(results, green)
		}
		select {
		case <-ctx.Done():
			return failure.Interrupted{}
		case <-time.After(l.o.Every):
		}
	}
}

// look looks at all checks; at the slow ones only when the others are done, so that
// nobody waits for tests to hear that a file was not saved.
func (l *looking) look(ctx context.Context) (results []course.Result) {
	at := l.f.place(l.s, l.o.Answer)
	at.Now = l.d.Now()
	results = l.s.Look(ctx, at)
	slow := false
	for i, r := range results {
		if !r.OK && !l.s.Checks[i].Slow {
			return results
		}
		slow = slow || l.s.Checks[i].Slow
	}
	if !slow {
		return results
	}
	at.Slow = true
	_ = l.d.IO.Working(ctx, l.d.Text.T("course.check.working"), func(ctx context.Context) error {
		results = l.s.Look(ctx, at)
		return nil
	})
	return results
}

// note keeps what was seen; a file that would be the same is not written.
func (l *looking) note(results []course.Result) error {
	p := &l.f.Progress
	done, known := p.Steps[l.s.ID]
	now := l.d.Now().UTC().Truncate(time.Second)
	changed, green := !known, true
	seen := map[string]time.Time{}
	for i, r := range results {
		before, had := done.Checks[r.Check]
		switch {
		case r.OK && had, r.Skipped && had:
			seen[r.Check] = before
		case r.OK:
			seen[r.Check], changed = now, true
		case had:
			changed = true
		}
		green = green && r.OK
		if r.OK && l.s.Checks[i].Asks() && l.o.Answer != "" && p.Answers[l.s.ID] != l.o.Answer {
			if p.Answers == nil {
				p.Answers = map[string]string{}
			}
			p.Answers[l.s.ID], changed = l.o.Answer, true
		}
	}
	if green && (done.At.IsZero() || done.CaughtUp) {
		done.At, done.CaughtUp, changed = now, false, true
	}
	if !changed || !known && len(seen) == 0 {
		return nil // nothing seen yet: a step is begun by doing something
	}
	done.Checks = seen
	p.Steps[l.s.ID] = done
	if err := l.f.Save(); err != nil {
		return notSaved(l.d, err)
	}
	return nil
}

// send tells the board. That it cannot be reached is said, and is no reason to
// fail: the course works without it.
func (l *looking) send(ctx context.Context, results []course.Result) {
	joined, is := serve.ReadJoined(l.f.Dir)
	if !is {
		return
	}
	if err := serve.Send(ctx, joined.Address, l.f.report(ctx, joined, l.s, results)); err != nil && ctx.Err() == nil {
		fmt.Fprintln(l.d.IO.Err, l.d.Text.T("course.check.not-sent", refusalText(l.d, err)))
	}
}

// tell says what was seen.
func (l *looking) tell(results []course.Result) {
	say := func(words string) { fmt.Fprintln(l.d.IO.Out, words) }
	words := l.f.words()
	say(l.d.Text.T("course.step.title", l.s.Number, terminal.Safe(l.s.Title)))
	for _, r := range results {
		name := terminal.Safe(words.Fill(r.Check))
		switch {
		case r.OK:
			say("  " + l.d.IO.Good("[x]") + " " + name)
		case r.Skipped:
			say("  [ ] " + name + " " + l.d.Text.T("course.check.skipped"))
		default:
			say("  " + l.d.IO.Warn("[ ]") + " " + name)
			first, rest, more := strings.Cut(words.Fill(r.Why), "\n")
			say(l.d.IO.Wrap(terminal.Safe(first), "      "))
			if more {
				say("      " + strings.ReplaceAll(terminal.SafeLines(rest), "\n", "\n      "))
			}
		}
	}
}

// end says what comes next.
func (l *looking) end(results []course.Result, green bool) error {
	next := l.f.after(l.s)
	if l.o.JSON {
		if err := l.d.IO.WriteJSON(l.asData(results, green, next)); err != nil {
			return err
		}
	}
	red := 0
	for _, r := range results {
		if !r.OK {
			red++
		}
	}
	switch {
	case red == 1:
		return failure.Shortfall{Text: l.d.Text.T("course.check.red-one"), Hint: "fieldlab workshop hint " + l.s.ID}
	case red > 0:
		return failure.Shortfall{Text: l.d.Text.T("course.check.red", red, len(results)), Hint: "fieldlab workshop hint " + l.s.ID}
	case l.o.JSON:
	case next == nil:
		fmt.Fprintln(l.d.IO.Err, "\n"+l.d.Text.T("course.check.all-done", workshop.Folder))
	default:
		fmt.Fprintln(l.d.IO.Err, "\n"+l.d.Text.T("course.check.next", l.s.Number, next.Number, terminal.Safe(next.Title)))
		fmt.Fprintln(l.d.IO.Err, "\n  fieldlab workshop step "+next.ID)
	}
	return nil
}

type checkData struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Skipped bool   `json:"skipped,omitempty"`
	Why     string `json:"why,omitempty"`
}

func (l *looking) asData(results []course.Result, green bool, next *course.Step) any {
	data := struct {
		Step   string      `json:"step"`
		Done   bool        `json:"done"`
		Checks []checkData `json:"checks"`
		Next   string      `json:"next,omitempty"`
	}{Step: l.s.ID, Done: green, Checks: []checkData{}}
	words := l.f.words()
	for _, r := range results {
		data.Checks = append(data.Checks, checkData{r.Check, r.OK, r.Skipped, words.Fill(r.Why)})
	}
	if green && next != nil {
		data.Next = next.ID
	}
	return data
}
