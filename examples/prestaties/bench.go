package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// result is a line of go test -bench.
type result struct {
	name    string
	metrics map[string]float64
}

var benchLine = regexp.MustCompile(`^(Benchmark\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

// results reads what go test -bench prints.
func results(out string) (all []result) {
	for line := range strings.Lines(out) {
		found := benchLine.FindStringSubmatch(strings.TrimSpace(line))
		if found == nil {
			continue
		}
		r := result{name: found[1], metrics: map[string]float64{}}
		fields := strings.Fields(found[2])
		for i := 0; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				r.metrics[fields[i+1]] = value
			}
		}
		all = append(all, r)
	}
	return all
}

// handwritten are benchmarks of layer 2 against handlers as one would write them.
var handwritten = map[string]string{
	"BenchmarkPersonalAgainstHandwritten/read": "read with a BSN, one caller",
	"BenchmarkPersonalAgainstHandwritten/list": "list with a BSN, one caller",
	"BenchmarkPersonalTogether":                "read with a BSN, 16 at a time",
	"BenchmarkAgainstHandwritten/read":         "read without a person",
	"BenchmarkAgainstHandwritten/list":         "list without a person",
}

// reading measures layer 2 against handlers that somebody wrote by hand, which write the
// same lines in the log: with the benchmarks that stand beside it.
func (m *measuring) reading(ctx context.Context) error {
	long := "2s"
	if m.options.short {
		long = "500ms"
	}
	out, err := command(ctx, m.repository, "go", "test", "-run", "^$", "-bench", "^Benchmark(Personal)?(AgainstHandwritten|Together)$", "-benchtime", long, "./templates/component/kern/register")
	if err != nil {
		return err
	}
	for _, r := range results(out) {
		times := r.metrics["x-handwritten"]
		what, ok := handwritten[r.name]
		if !ok || times == 0 {
			continue
		}
		one := row{Group: "reading", What: what, On: "SQLite", Value: times, Unit: "x as fast", Against: "a hand-written handler that writes the same lines", Aim: ">= 0.9"}
		if us := r.metrics["us-ours"]; us > 0 {
			one.Against += fmt.Sprintf(" (%s, and %s µs)", number(us), number(r.metrics["us-handwritten"]))
		}
		m.add(one)
	}
	return nil
}
