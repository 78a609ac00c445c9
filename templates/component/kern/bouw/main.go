// Command bouw checks and delivers the component: what CI does, on a laptop with
// the same line.
//
//	go run ./kern/bouw            says which jobs there are
//	go run ./kern/bouw JOB...     does them, in this order
//
// It uses the standard library alone, so that it adds nothing to the component.
// The programs of others that it needs stand in deploy/gereedschap.txt, each at a
// fixed version.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // a job that does not exist
)

// place is where a job works, and with what.
type place struct {
	Root     string // of the component
	Out, Err io.Writer
	Env      func(string) string
	Args     []string // what stands after the name of the job
	dir      string   // in which programs run, when that is not Root
	extra    []string // what programs get on top of the environment
}

func (p place) say(format string, args ...any) { _, _ = fmt.Fprintf(p.Out, format+"\n", args...) }

// note says what is no result, so that a result can go into a file.
func (p place) note(format string, args ...any) { _, _ = fmt.Fprintf(p.Err, format+"\n", args...) }

// path is the place of a file of the component, named with slashes.
func (p place) path(name string) string { return filepath.Join(p.Root, filepath.FromSlash(name)) }

// job is one thing that CI does.
type job struct {
	Name string
	Args string // what may stand after the name; "" is nothing
	What string // one line, in Dutch
	Run  func(context.Context, place) error
}

// jobs stand in the order in which CI does them.
func jobs() []job { return append(slices.Clone(checks), deliveries...) }

// step is a job with what was said after its name.
type step struct {
	job
	args []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], place{Root: ".", Out: os.Stdout, Err: os.Stderr, Env: os.Getenv})
	stop()
	os.Exit(code)
}

// run does the jobs that args name and returns the exit code.
func run(ctx context.Context, args []string, p place) int {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		help(p.Out)
		return exitOK
	}
	steps, err := parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(p.Err, "%v\n\n", err)
		help(p.Err)
		return exitUsage
	}
	if _, err := os.Stat(p.path("go.mod")); err != nil {
		_, _ = fmt.Fprintln(p.Err, "Hier staat geen go.mod. Ga naar de hoofdmap van het component en probeer het opnieuw.")
		return exitUsage
	}
	return do(ctx, steps, p)
}

// do does the steps. After one that failed the other checks still go on, so that
// all that is wrong is known at once; nothing is delivered then.
func do(ctx context.Context, steps []step, p place) int {
	code := exitOK
	var results []string
	for _, s := range steps {
		if code != exitOK && delivers(s.Name) {
			results = append(results, fmt.Sprintf("%-18s overgeslagen: eerst moet het vorige goed zijn", s.Name))
			continue
		}
		p.note("==> %s: %s", s.Name, s.What)
		begin := time.Now()
		p.Args = s.args
		err := s.Run(ctx, p)
		if ctx.Err() != nil {
			err = fmt.Errorf("onderbroken")
		}
		result := "goed"
		if err != nil {
			_, _ = fmt.Fprintf(p.Err, "%s: %v\n", s.Name, err)
			code, result = exitFailed, "FOUT"
		}
		results = append(results, fmt.Sprintf("%-18s %-5s %6.1f s", s.Name, result, time.Since(begin).Seconds()))
		if ctx.Err() != nil {
			break
		}
	}
	if len(steps) > 1 {
		p.note("\n==> samen")
		for _, line := range results {
			p.note("%s", line)
		}
	}
	return code
}

func delivers(name string) bool {
	return slices.ContainsFunc(deliveries, func(j job) bool { return j.Name == name })
}

// parse reads jobs and, behind each, what is for that job.
func parse(args []string) ([]step, error) {
	var steps []step
	for _, arg := range args {
		all := jobs()
		i := slices.IndexFunc(all, func(j job) bool { return j.Name == arg })
		switch last := len(steps) - 1; {
		case i >= 0:
			steps = append(steps, step{job: all[i]})
		case last >= 0 && steps[last].Args != "":
			steps[last].args = append(steps[last].args, arg)
		case last >= 0:
			return nil, fmt.Errorf("%q: zo'n taak is er niet, en achter %s komt niets", arg, steps[last].Name)
		default:
			return nil, fmt.Errorf("%q: zo'n taak is er niet", arg)
		}
	}
	return steps, nil
}

func help(w io.Writer) {
	_, _ = fmt.Fprint(w, "Controleert en levert het component, hier en in CI met dezelfde regel:\n\n  go run ./kern/bouw TAAK...\n\nTaken:\n")
	for _, j := range jobs() {
		name := j.Name
		if j.Args != "" {
			name += " " + j.Args
		}
		_, _ = fmt.Fprintf(w, "  %-24s %s\n", name, j.What)
	}
}
