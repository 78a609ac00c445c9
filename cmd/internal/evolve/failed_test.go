package evolve

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// TestRefused: why nothing was done, and the way on.
func TestRefused(t *testing.T) {
	dir := t.TempDir() + "/werk/verhuizing"
	if err := errors.Join(os.MkdirAll(dir+"/.fieldlab", 0o755), os.WriteFile(dir+"/.fieldlab/manifest.json", nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir + "/../..")
	for name, c := range map[string]struct {
		err        error
		want, hint string
	}{
		"no component": {update.NoComponent{Dir: "x"}, "geen component van fieldlab", "cd MAP"},
		"too old":      {update.TooOld{Dir: "x"}, "voordat er kamers en kern waren", "fieldlab explain overzetten"},
		"no git":       {update.NoBase{Why: update.NoRepository}, "geen Git-repository", ""},
		"no commit":    {update.NoBase{Why: update.NoCommit}, "geen commit heeft", "explain overzetten"},
		"git broken":   {update.NoBase{Why: update.Unreadable}, "niet te lezen", ""},
		"newer":        {base.Fault{Code: base.Newer, Path: ".fieldlab/manifest.json"}, "nieuwere fieldlab", "fieldlab version"},
		"damaged":      {base.Fault{Code: base.Damaged, Path: ".fieldlab/basis"}, "beschadigd", "git -C werk/verhuizing checkout -- .fieldlab"},
		"sums":         {base.Fault{Code: base.WrongSum, Path: ".fieldlab/kern"}, "beschadigd", "checkout"},
		"link":         {base.Fault{Code: base.Link, Path: ".fieldlab/basis"}, "gewoon bestand", "checkout"},
		"foreign":      {base.Fault{Code: base.Foreign, Path: ".fieldlab/basis", Detail: "x.test/y"}, "ander component (x.test/y)", ""},
		"old answers":  {update.OldAnswers{Err: errors.New("a\x1b[2Jb")}, "kan deze fieldlab niet meer gebruiken: a[2Jb", ""},
		"changed":      {update.Changed{Paths: []string{"a.go", "b.go"}}, "a.go, b.go", "fieldlab update werk/verhuizing"},
		"pending":      {update.ErrPending, "nog niet af", "--continue"},
		"nothing":      {update.ErrNothingPending, "geen update om af te ronden", "fieldlab update"},
		"busy":         {update.ErrBusy, "Een andere fieldlab", ""},
		"unfinished":   {update.Unfinished{Err: syscall.ENOSPC}, "halverwege: de schijf is vol", "fieldlab update"},
		"unresolved":   {update.Unresolved{Markers: []string{"a.go"}, Beside: []string{"b.bpmn.nieuw"}}, "a.go", "--continue"},
		"full":         {&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, "de schijf is vol", ""},
	} {
		b := newBench(text.Dutch, update.Update{})
		b.err = c.err
		var got failure.Shortfall
		if err := b.run(Options{}); !errors.As(err, &got) || !strings.Contains(got.Text, c.want) || strings.Contains(got.Text, "[update.") || !strings.Contains(got.Hint, c.hint) || c.hint == "" && name != "too old" && strings.Contains(got.Hint, "[") {
			t.Errorf("%s: %v; next: %q", name, err, got.Hint)
		}
	}
	b := newBench(text.Dutch, update.Update{Changes: []update.Change{change(update.Add, "x")}})
	b.fails = context.Canceled
	var interrupted failure.Interrupted
	if err := b.run(Options{}); !errors.As(err, &interrupted) || interrupted.Text == "" {
		t.Errorf("Ctrl-C: %v", err)
	}
	b.err = problem.List{problem.New(problem.FileEmpty, "").At("fieldlab.yaml", 3, 1)}
	var answers failure.Answers
	if err := b.run(Options{}); !errors.As(err, &answers) || answers.Problems[0].File != "werk/verhuizing/fieldlab.yaml" || answers.Problems[0].Line != 3 {
		t.Errorf("wrong answers: %v", err)
	}
}
