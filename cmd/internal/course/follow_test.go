package course

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

func sumOf(text string) string { return plan.SumOf([]byte(text)) }

func read(t *testing.T, dir, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestFollow does the three operations, in their order.
func TestFollow(t *testing.T) {
	dir := component(t, nil)
	s := one(t, "kind: tests", `recipe:
  - edit: {file: 5-interactie/schermen.go, from: "oud\nregel", to: "nieuw\nen meer"}
  - fieldlab: add field verhuizing telefoon --title "Uw nummer"
  - write: {path: docs/map/nieuw.md, text: "een\n"}
`)
	var typed []string
	err := Follow(t.Context(), dir, []*Step{s}, func(_ context.Context, at string, args []string) (string, error) {
		typed = args
		if at != dir || !strings.Contains(read(t, dir, "5-interactie/schermen.go"), "nieuw") {
			t.Errorf("in %s, before the edit", at)
		}
		return "", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(typed, "|"); got != "add|field|verhuizing|telefoon|--title|Uw nummer|--uncommitted" {
		t.Error(got)
	}
	if got := read(t, dir, "5-interactie/schermen.go"); got != "nieuw\r\nen meer\r\n" {
		t.Errorf("the line ends did not stay: %q", got)
	}
	if got := read(t, dir, "docs/map/nieuw.md"); got != "een\n" {
		t.Error(got)
	}
	err = Follow(t.Context(), dir, []*Step{s}, nil)
	follow, is := errors.AsType[*FollowError](err)
	if !is || follow.Line != 7 || !errors.As(err, new(EditError)) {
		t.Errorf("the text is not there any more: %v", err)
	}
}

// TestPlant: the mistake needs exactly one place, and what has none stays as it is.
func TestPlant(t *testing.T) {
	s := one(t, "kind: planted", "plant: {file: docs/a.md, from: goed, to: fout}\n")
	for text, want := range map[string]string{"een goed ding": "een fout ding", "goed en goed": "", "niets": "", "al fout": "there"} {
		dir := component(t, map[string]string{"docs/a.md": text})
		planted, err := s.PutPlant(dir)
		got := read(t, dir, "docs/a.md")
		switch want {
		case "":
			if planted || err == nil || got != text || s.Planted(dir) {
				t.Errorf("%q: %v, %v, %q", text, planted, err, got)
			}
		case "there":
			if planted || err != nil || got != text || !s.Planted(dir) {
				t.Errorf("%q: %v, %v, %q", text, planted, err, got)
			}
		default:
			if !planted || err != nil || got != want {
				t.Errorf("%q: %v, %v, %q", text, planted, err, got)
			}
			if err := s.mend(dir); err != nil || read(t, dir, "docs/a.md") != text {
				t.Errorf("mended: %v", err)
			}
		}
	}
}

// TestFollowWritesInside: no link leads a recipe out of the component.
func TestFollowWritesInside(t *testing.T) {
	elsewhere := t.TempDir()
	if err := os.WriteFile(filepath.Join(elsewhere, "a.md"), []byte("goed"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := component(t, nil)
	for name, to := range map[string]string{"tests": elsewhere, "docs/link.md": filepath.Join(elsewhere, "a.md"), "2-diensten": "docs"} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for _, op := range []string{
		"write: {path: tests/b.md, text: x}", "write: {path: docs/link.md, text: x}", "write: {path: 2-diensten/b.md, text: x}",
		"edit: {file: tests/a.md, from: goed, to: x}", "edit: {file: docs/link.md, from: goed, to: x}", "edit: {file: 2-diensten/b.md, from: b, to: x}",
	} {
		s := one(t, "kind: tests", "recipe:\n  - "+op+"\n")
		if err := Follow(t.Context(), dir, []*Step{s}, nil); err == nil {
			t.Errorf("%s was done", op)
		}
	}
	if entries, _ := os.ReadDir(elsewhere); len(entries) != 1 || read(t, elsewhere, "a.md") != "goed" {
		t.Error("something was written outside the component")
	}
	if read(t, dir, "docs/b.md") != "b" {
		t.Error("something was written through a link")
	}
}

func TestSplit(t *testing.T) {
	for typed, want := range map[string]string{
		`add step "Tweede lezer" --kind=decide`: "add|step|Tweede lezer|--kind=decide", `a 'b "c"' ""`: `a|b "c"|`,
		"  a\t b\n": "a|b", `a"b c"d`: "ab cd", `a "b`: "!", "": "",
	} {
		args, closed := Split(typed)
		got := strings.Join(args, "|")
		if !closed {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
