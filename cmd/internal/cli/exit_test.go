package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/versioncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{failure.Shortfall{Text: "vol"}, 1},
		{fmt.Errorf("around: %w", failure.Shortfall{}), 1},
		{&fs.PathError{Op: "write", Path: "x", Err: errors.New("disk full")}, 1},
		{failure.Usage{Text: "fout"}, 2},
		{failure.Answers{}, 2},
		{problem.List{problem.New(problem.FileEmpty, "")}, 2},
		{problem.New(problem.FileEmpty, ""), 2},
		{failure.Interrupted{}, 130},
		{context.Canceled, 130},
		{fmt.Errorf("around: %w", context.Canceled), 130},
		{errors.New("something else"), 70},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%#v gives %d, want %d", c.err, got, c.want)
		}
	}
}

// TestHelpNamesEveryExitCode holds the documentation to the code.
func TestHelpNamesEveryExitCode(t *testing.T) {
	for _, l := range text.Languages() {
		list := text.Load(l).T("help.exit-code-list")
		for _, code := range []int{exitDone, exitShortfall, exitUsage, exitInternal, exitInterrupted} {
			if !strings.Contains("\n"+list, fmt.Sprintf("\n%-3d  ", code)) {
				t.Errorf("%s: the help does not name %d", l, code)
			}
		}
	}
}

// testSystem is a System without a person.
func testSystem() (System, *bytes.Buffer, *bytes.Buffer) {
	var out, err bytes.Buffer
	return System{
		IO:        &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &err},
		Env:       func(string) string { return "" },
		Now:       time.Now,
		ConfigDir: func() (string, error) { return "", errors.New("none") },
		Version:   versioncmd.Version{Version: "1.2.3"},
		Signals:   func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
	}, &out, &err
}

func TestAPanicIsABugToReport(t *testing.T) {
	sys, _, words := testSystem()
	sys.Signals = func() (context.Context, context.CancelFunc) { panic("kapot") }
	if code := Main(sys, []string{"version"}); code != 70 {
		t.Errorf("ended with %d", code)
	}
	if !strings.Contains(words.String(), "kapot") || !strings.Contains(words.String(), "Meld die") || strings.Contains(words.String(), "goroutine") {
		t.Errorf("said %q", words)
	}
	words.Reset()
	Main(sys, []string{"version", "--debug", "--lang", "en"})
	if !strings.Contains(words.String(), "Please report") || !strings.Contains(words.String(), "goroutine") {
		t.Errorf("with --debug said %q", words)
	}
}

func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"usage":       {failure.Usage{Text: "Dat kan niet.", Hint: "fieldlab new --help"}, "Fout: Dat kan niet.\nProbeer: fieldlab new --help\n"},
		"shortfall":   {failure.Shortfall{Text: "Vol."}, "Fout: Vol.\n"},
		"interrupted": {failure.Interrupted{Text: "Bewaard."}, "Onderbroken. Bewaard.\n"},
		"canceled":    {context.Canceled, "Onderbroken.\n"},
		"reported":    {failure.Answers{Reported: true, Problems: problem.List{problem.New(problem.FileEmpty, "")}}, ""},
		"system":      {&fs.PathError{Op: "open", Path: "a\x1b[2Jb", Err: errors.New("no")}, "Fout: open a[2Jb: no\n"},
	} {
		sys, _, words := testSystem()
		report(sys.IO, text.Load(text.Dutch), "1", c.err)
		if words.String() != c.want {
			t.Errorf("%s: said %q, want %q", name, words, c.want)
		}
	}
	sys, _, words := testSystem()
	report(sys.IO, text.Load(text.English), "1.2.3", errors.New("odd"))
	if !strings.Contains(words.String(), "odd") || !strings.Contains(words.String(), "1.2.3") {
		t.Errorf("an error of our own says %q", words)
	}
}

// TestEveryCommandHasHelp walks the tree in both languages: each command has
// a line, an explanation and an example, and nothing of cobra's English.
func TestEveryCommandHasHelp(t *testing.T) {
	sys, _, _ := testSystem()
	for _, l := range text.Languages() {
		catalogue := text.Load(l)
		var walk func(cmd *cobra.Command)
		walk = func(cmd *cobra.Command) {
			path := string(l) + " " + cmd.CommandPath()
			if cmd.Short == "" || cmd.Long == "" && cmd.Name() != "help" {
				t.Errorf("%s has no short or long help", path)
			}
			if cmd.Example == "" && !strings.Contains(path, "completion ") && cmd.Name() != "help" {
				t.Errorf("%s has no example", path)
			}
			var help bytes.Buffer
			printHelp(&help, catalogue, cmd)
			for _, word := range []string{"[new.", "[flag.", "[help.", "[answers.", "Available Commands", "help for", "%!"} {
				if strings.Contains(help.String(), word) {
					t.Errorf("%s: the help holds %q", path, word)
				}
			}
			if l == text.Dutch && strings.Contains(help.String(), "(default") {
				t.Errorf("%s: the help holds English", path)
			}
			for line := range strings.SplitSeq(help.String(), "\n") {
				if !strings.Contains(line, " --") && len([]rune(line)) > 100 {
					t.Errorf("%s: a line of %d characters: %s", path, len([]rune(line)), line)
				}
			}
			for _, sub := range cmd.Commands() {
				walk(sub)
			}
		}
		walk(newRoot(sys, catalogue))
	}
}

func TestLanguage(t *testing.T) {
	english := func(name string) string { return map[string]string{"LANG": "en_GB.UTF-8"}[name] }
	for _, c := range []struct {
		args []string
		want text.Language
	}{
		{nil, text.English},
		{[]string{"--lang", "nl"}, text.Dutch},
		{[]string{"new", "--lang=nl"}, text.Dutch},
		{[]string{"--lang=nl", "--lang", "en"}, text.English},
		{[]string{"--lang"}, text.English},
		{[]string{"--", "--lang", "nl"}, text.English},
	} {
		if got := language(c.args, english); got != c.want {
			t.Errorf("%v gives %s", c.args, got)
		}
	}
}
