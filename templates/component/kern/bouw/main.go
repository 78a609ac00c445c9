// Command bouw checks and delivers the component: what CI does, on a laptop with
// the same line.
//
//	go run ./kern/bouw            says which jobs there are
//	go run ./kern/bouw JOB...     does them, in this order
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// place is where a job works: the root of the component.
type place struct {
	Root        string
	Out, Err    io.Writer
	Env         func(string) string
	Args        []string // what stands after the name of the job
	gereedschap map[string]tool
}

// job is one thing that CI does.
type job struct {
	Name string
	What string // one line, in Dutch
	Run  func(context.Context, place) error
}

// jobs stand in the order in which CI does them.
var jobs = append(checks, deliveries...)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], place{Root: ".", Out: os.Stdout, Err: os.Stderr, Env: os.Getenv}))
}

// run does the job of the first argument and returns the exit code.
func run(ctx context.Context, args []string, p place) int {
	if len(args) == 0 {
		for _, j := range jobs {
			_, _ = fmt.Fprintf(p.Out, "  %-20s %s\n", j.Name, j.What)
		}
		return 0
	}
	for _, j := range jobs {
		if j.Name != args[0] {
			continue
		}
		p.Args = args[1:]
		if err := j.Run(ctx, p); err != nil {
			_, _ = fmt.Fprintf(p.Err, "%s: %v\n", j.Name, err)
			return 1
		}
		return 0
	}
	_, _ = fmt.Fprintf(p.Err, "onbekende taak %q\n", args[0])
	return 2
}
