package workshop_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// TestGoBackDies: a run that ends before any change is finished by the next one, and
// what the team had is on one branch, whole.
func TestGoBackDies(t *testing.T) {
	t.Parallel()
	want := component(t)
	if _, err := workshop.GoBack(t.Context(), back(want, "tekst")); err != nil {
		t.Fatal(err)
	}
	good := lying(t, want)
	work := func(t *testing.T, dir string) {
		nasty["edits"](t, dir)
		nasty["a file where a folder was"](t, dir)
		put(t, dir, ".data/zaken.db", "database")
	}
	died := errors.New("killed")
	for at := 0; ; at++ {
		if at > 5 && os.Getenv("FIELDLAB_E2E") != "all" {
			at += 8 // each is a component of its own
		}
		dir := component(t)
		work(t, dir)
		before := lying(t, dir)
		count := 0
		r := back(dir, "tekst")
		r.DieBefore(func(string) error {
			if count++; count > at {
				return died
			}
			return nil
		})
		first, err := workshop.GoBack(t.Context(), r)
		if err == nil {
			if at < 10 {
				t.Fatalf("only %d changes were seen", at)
			}
			return
		}
		if !errors.Is(err, died) {
			t.Fatalf("%d: %v", at, err)
		}
		// As git leaves it when it is killed at the last moment.
		if first.Branch != "" && strings.Contains(jot(dir), `"locked": true`) {
			put(t, dir, ".git/index.lock", "")
		}
		second := back(dir, "tekst")
		second.Now = clock()
		got, err := workshop.GoBack(t.Context(), second)
		if err != nil {
			t.Fatalf("%d: the next run: %v", at, err)
		}
		if first.Branch != "" && got.Branch != first.Branch && jotted(first) {
			t.Errorf("%d: the work is on %s, and then on %s", at, first.Branch, got.Branch)
		}
		judge(t, dir, good, before, got)
		if get(t, dir, got.Folder+"/gegevens/zaken.db") != "database" {
			t.Errorf("%d: the database is gone", at)
		}
	}
}

// TestGoBackDiesAtTheCommit: git's lock of a run that died is taken away, and only that.
func TestGoBackDiesAtTheCommit(t *testing.T) {
	t.Parallel()
	dir := component(t)
	nasty["edits"](t, dir)
	r := back(dir, "tekst")
	r.DieBefore(func(what string) error {
		if what == "commit" {
			return errors.New("killed")
		}
		return nil
	})
	first, err := workshop.GoBack(t.Context(), r)
	if err == nil || !strings.Contains(jot(dir), `"locked": true`) {
		t.Fatalf("got %+v, %v", first, err)
	}
	put(t, dir, ".git/index.lock", "half")
	got, err := workshop.GoBack(t.Context(), back(dir, "tekst"))
	if err != nil || got.Branch != first.Branch || git(t, dir, "status", "--porcelain") != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func jot(dir string) string {
	body, _ := os.ReadFile(filepath.Join(dir, workshop.Folder, "inhalen.json"))
	return string(body)
}

// jotted says whether the run came as far as writing down what it had kept.
func jotted(b workshop.Back) bool { return b.Files > 0 || b.Data }

// TestGoBackTwiceAtOnce: of two at the same time one waits for nobody and says so.
func TestGoBackTwiceAtOnce(t *testing.T) {
	t.Parallel()
	dir := component(t)
	nasty["edits"](t, dir)
	r := back(dir, "tekst")
	var second error
	r.DieBefore(func(what string) error {
		if what == "keep" {
			_, second = workshop.GoBack(t.Context(), back(dir, "veld"))
		}
		return nil
	})
	if _, err := workshop.GoBack(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(second, tree.ErrLocked) && runtime.GOOS != "windows" {
		t.Errorf("got %v", second)
	}
}

// TestGoBackElsewhereAfterDying: who asks for another state then hears of both branches.
func TestGoBackElsewhereAfterDying(t *testing.T) {
	t.Parallel()
	dir := component(t)
	nasty["edits"](t, dir)
	r, writes := back(dir, "tekst"), 0
	r.DieBefore(func(what string) error {
		if strings.HasPrefix(what, "write") {
			if writes++; writes > 2 {
				return errors.New("killed")
			}
		}
		return nil
	})
	first, err := workshop.GoBack(t.Context(), r)
	if err == nil {
		t.Fatal("it lived")
	}
	got, err := workshop.GoBack(t.Context(), back(dir, ""))
	if err != nil || got.Before != first.Branch || got.Branch == first.Branch {
		t.Errorf("got %+v, %v", got, err)
	}
	if git(t, dir, "show", first.Branch+":README.md") != "eigen tekst\n" || git(t, dir, "status", "--porcelain") != "" {
		t.Error("the own work is not what it was")
	}
}
