package update_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// snapshot is every file of a component with its content, but for Git's own.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case entry.Name() == ".git":
			return fs.SkipDir
		case entry.IsDir():
		case entry.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			all[name] = "-> " + to
			return err
		default:
			body, err := os.ReadFile(path)
			all[name] = string(body)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameTree(t testing.TB, what string, got, want map[string]string) {
	t.Helper()
	for name := range want {
		if body, found := got[name]; !found {
			t.Errorf("%s: %s is not there", what, name)
		} else if body != want[name] {
			t.Errorf("%s: %s holds %.200q, not %.200q", what, name, body, want[name])
		}
	}
	for name := range got {
		if _, found := want[name]; !found {
			t.Errorf("%s: %s is there", what, name)
		}
	}
}

// backAndForth: with conflicts nothing else can be done, abort gives back what
// was, and continue waits until all is settled.
func (c matrixCase) backAndForth(t *testing.T, dir string, request update.Request) {
	t.Helper()
	ctx := context.Background()
	if _, err := update.Find(ctx, request); !errors.Is(err, update.ErrPending) {
		t.Errorf("with conflicts a new update gives %v", err)
	}
	var left update.Unresolved
	if err := update.Continue(ctx, dir); !errors.As(err, &left) || len(left.Markers)+len(left.Beside) == 0 {
		t.Errorf("with conflicts continue gives %v", err)
	}
	if _, err := update.Abort(ctx, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := update.Abort(ctx, dir); !errors.Is(err, update.ErrNothingPending) {
		t.Errorf("a second abort gives %v", err)
	}
	u := find(t, request)
	before := snapshot(t, dir)
	apply(t, u)
	if _, err := update.Abort(ctx, dir); err != nil {
		t.Fatal(err)
	}
	sameTree(t, "after abort", snapshot(t, dir), before)
	apply(t, find(t, request))
	for _, change := range u.Conflicts() {
		if change.Conflicts > 0 {
			write(t, dir, change.Path, "opgelost\n")
		} else {
			remove(change.Beside)(t, dir)
		}
	}
	if err := update.Continue(ctx, dir); err != nil {
		t.Fatal(err)
	}
	if again := find(t, request); again.Waiting() {
		t.Errorf("after continue a second update waits: %+v", again.Changes)
	}
}

// TestAbortKeepsWork: what somebody made of a file since is not lost either.
func TestAbortKeepsWork(t *testing.T) {
	t.Parallel()
	dir := edited(t, true)
	old := snapshot(t, dir)
	apply(t, find(t, request(dir, true)))
	write(t, dir, "docs/00.md", "van na de update\n")
	write(t, dir, "docs/edited.md", "half opgelost\n")
	write(t, dir, "docs/eigen.md", "nog iets\n")
	saved, err := update.Abort(context.Background(), dir)
	if want := []string{"docs/00.md.bewaard", "docs/edited.md.bewaard"}; err != nil || !slices.Equal(slices.Sorted(slices.Values(saved)), want) {
		t.Fatalf("saved %v, want %v: %v", saved, want, err)
	}
	old["docs/00.md.bewaard"], old["docs/edited.md.bewaard"], old["docs/eigen.md"] = "van na de update\n", "half opgelost\n", "nog iets\n"
	sameTree(t, "after abort", snapshot(t, dir), old)
}

// TestHalfSettled: one marker that is left is a conflict that is left, wherever in
// the pair it stands.
func TestHalfSettled(t *testing.T) {
	t.Parallel()
	dir := edited(t, true)
	apply(t, find(t, request(dir, true)))
	for _, mark := range []string{"<<<<<<< van het team\n", ">>>>>>> van fieldlab 2.0.0\n"} {
		write(t, dir, "docs/edited.md", "een\n"+mark+"twee\n")
		var left update.Unresolved
		if err := update.Continue(context.Background(), dir); !errors.As(err, &left) || !slices.Equal(left.Markers, []string{"docs/edited.md"}) {
			t.Errorf("with %q continue gives %v", mark, err)
		}
	}
}

// TestAbortFromDamaged: what was kept and is not what was there is not put back.
func TestAbortFromDamaged(t *testing.T) {
	t.Parallel()
	dir := edited(t, true)
	apply(t, find(t, request(dir, true)))
	kept, err := filepath.Glob(filepath.Join(dir, base.Folder, "terug", "oud", "*"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	for _, name := range kept {
		if err := os.WriteFile(name, []byte("van een ander\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := snapshot(t, dir)
	var fault base.Fault
	if _, err := update.Abort(context.Background(), dir); !errors.As(err, &fault) || fault.Code != base.Damaged {
		t.Errorf("abort gives %v", err)
	}
	sameTree(t, "refused", snapshot(t, dir), old)
}

// TestOneFileIsMovedOnce: of two files that were alike and of which one is left
// somewhere else, one was moved.
func TestOneFileIsMovedOnce(t *testing.T) {
	t.Parallel()
	dir := made(t, pack(map[string]string{"docs/a.md": ten, "docs/b.md": ten}), sheet)
	for _, name := range []string{"docs/a.md", "docs/b.md"} {
		remove(name)(t, dir)
	}
	write(t, dir, "uitleg/c.md", ten)
	u := find(t, update.Request{Dir: dir, Version: "2.0.0", Pack: pack(map[string]string{"docs/a.md": lineOf(ten, "negen", "9 van a"), "docs/b.md": lineOf(ten, "negen", "9 van b")})})
	why := map[string]string{}
	for _, c := range u.Changes {
		why[c.Path] += c.Why
	}
	if why["uitleg/c.md"] != update.WhyMoved || why["docs/b.md"] != update.WhyDeleted || why["docs/a.md"] != "" {
		t.Errorf("the changes are %v", why)
	}
}
