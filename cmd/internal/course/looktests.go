package course

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// testTime is how long the tests may take: the first time everything is built.
const testTime = 10 * time.Minute

// tests runs the tests of the component: all that a course ever runs.
func (l *looker) tests(ctx context.Context) string {
	ctx, stop := context.WithTimeout(ctx, testTime)
	defer stop()
	g, err := gotool.Find(ctx, l.at.Dir)
	if errors.Is(err, gotool.ErrNone) {
		return "Er is geen Go op deze laptop. Kijk met: fieldlab doctor"
	}
	if err != nil && g.Path == "" {
		return "Go is niet te gebruiken. Kijk met: fieldlab doctor"
	}
	said := &tail{}
	command := g.Command(ctx, l.at.Dir, "test", "./...")
	// A workspace above the component is about something else.
	command.Env = append(os.Environ(), "GOWORK=off")
	command.Stdout, command.Stderr = said, said
	err = command.Run()
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "De tests waren na tien minuten nog niet klaar."
	case ctx.Err() != nil:
		return "De tests zijn gestopt."
	case err != nil:
		return "De tests zijn niet groen. Kijk met: go test ./...\n" + failures(said.String())
	}
	return ""
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

const maxTail = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if more := len(t.kept) - maxTail; more > 0 {
		t.kept = append(t.kept[:0:0], t.kept[more:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(bytes.ToValidUTF8(t.kept, []byte("?"))) }

// telling are the lines of a failing test run that say what is wrong: tests,
// places in files, and packages that do not build.
var telling = regexp.MustCompile(`^\s*(--- FAIL: |FAIL\t|\S+\.go:\d+:|panic: |# )`)

// failures shortens the output to what matters.
func failures(said string) string {
	const most = 8
	var lines []string
	for line := range strings.Lines(said) {
		if telling.MatchString(line) {
			lines = append(lines, "  "+short(line))
		}
	}
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("  … en nog %d regels", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}
