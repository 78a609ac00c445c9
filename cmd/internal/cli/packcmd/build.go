package packcmd

import (
	"bytes"
	"context"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// steps are what go does with the component, until one fails.
var steps = [][]string{{"build", "-buildvcs=false", "./..."}, {"vet", "./..."}, {"test", "./..."}}

// build writes the component in a folder of its own, builds it and runs its tests.
// That runs Go of the pack: help says so.
func build(ctx context.Context, d evolve.Deps, name string, files plan.Plan, trace *pack.Trace) (problem.List, error) {
	around, err := os.MkdirTemp("", "fieldlab-pack-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(around)
	dir := filepath.Join(around, name)
	if _, err := tree.Write(ctx, dir, files, nil); err != nil {
		return nil, err
	}
	tool, err := gotool.Find(ctx, dir)
	if err != nil {
		return nil, failure.Shortfall{Text: d.Text.T("pack.check.no-go"), Hint: "fieldlab doctor"}
	}
	for _, arguments := range steps {
		command := tool.Command(ctx, dir, arguments...)
		command.Env = append(command.Environ(), "GOWORK=off", "GOTOOLCHAIN=local")
		output, err := command.CombinedOutput()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return placed(output, arguments, trace), nil
		}
	}
	return nil, nil
}

// place is how go names a line: ./a.go:1:2: words, or vet: a.go:1:2: words.
var place = regexp.MustCompile(`^(?:vet: )?(?:\.[/\\])?([^\s:]+\.go):([0-9]+):(?:[0-9]+:)? (.*)$`)

// inPackage is how go test begins what it says of a package that does not compile.
var inPackage = regexp.MustCompile(`^# (\S+)`)

// placed says of each line of go to which line of the pack it belongs. What
// belongs to none is said as it is, once: the pack changed what ours rely on.
func placed(output []byte, arguments []string, trace *pack.Trace) (found problem.List) {
	rest := []string{}
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(line)
		if match := place.FindStringSubmatch(line); match != nil {
			number, _ := strconv.Atoi(match[2])
			if file, at := trace.Of(path.Clean(filepath.ToSlash(match[1])), number); file != "" {
				found = append(found, problem.New(problem.PackBuild, "", match[3]).At(file, at, 0))
				continue
			}
		}
		if said(line) {
			rest = append(rest, line)
		}
	}
	if len(found) == 0 {
		words := "go " + strings.Join(arguments, " ") + ": " + strings.Join(rest[:min(len(rest), maxLines)], "; ")
		found = append(found, problem.New(problem.PackBuild, "", problem.Words{NL: words, EN: words}).At(pack.FilesFolder, 0, 0))
	}
	return found
}

// maxLines is how much of what go said is repeated.
const maxLines = 10

// said says whether a line of go tells what is wrong.
func said(line string) bool {
	return line != "" && !strings.HasPrefix(line, "ok ") && !strings.HasPrefix(line, "? ") && !inPackage.MatchString(line) &&
		!bytes.HasPrefix([]byte(line), []byte("go: downloading"))
}
