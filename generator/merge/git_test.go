package merge

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gitOrSkip gives the path of git. In CI git has to be there.
func gitOrSkip(t testing.TB) string {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("git is not on the path, and in CI it has to be: ", err)
	}
	if err != nil {
		t.Skip("git is not on the path: nothing to compare with")
	}
	return git
}

// gitMerge is what `git merge-file` makes of three files.
func gitMerge(t testing.TB, git, dir, base, ours, theirs string) (string, bool) {
	t.Helper()
	args := []string{"merge-file", "-p", "-q", "-L", "ours", "-L", "base", "-L", "theirs"}
	for i, body := range []string{ours, base, theirs} {
		name := filepath.Join(dir, fmt.Sprint("f", i))
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command(git, args...).Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 127) {
		t.Fatal(err)
	}
	return string(out), err == nil
}

// randomText has many equal lines, as code has, so that what belongs to what is
// open to dispute.
func randomText(r *rand.Rand, lines, words int) []string {
	text := make([]string, lines)
	for i := range text {
		switch r.IntN(4) {
		case 0:
			text[i] = []string{"", "}", "{", "\t},", ")"}[r.IntN(5)]
		default:
			text[i] = fmt.Sprint("line ", r.IntN(words))
		}
	}
	return text
}

func edited(r *rand.Rand, lines []string, edits, words int) []string {
	out := append([]string(nil), lines...)
	for range edits {
		at := r.IntN(len(out) + 1)
		switch r.IntN(3) {
		case 0:
			out = append(out[:at:at], append(randomText(r, 1+r.IntN(3), words), out[at:]...)...)
		case 1:
			out = append(out[:at:at], out[min(len(out), at+1+r.IntN(3)):]...)
		case 2:
			if at < len(out) {
				out[at] = fmt.Sprint("line ", r.IntN(words))
			}
		}
	}
	return out
}

func closedText(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestLikeGit holds the merge of lines against `git merge-file` for random files:
// what both merge is the same to the byte, and what clashes for one clashes for
// the other.
func TestLikeGit(t *testing.T) {
	t.Parallel()
	git, dir, r := gitOrSkip(t), t.TempDir(), rand.New(rand.NewPCG(10, 5))
	labels := Labels{"ours", "theirs"}
	const rounds = 1000
	clean, clashes, sameText, apart := 0, 0, 0, 0
	for i := range rounds {
		words := 5 + r.IntN(60)
		lines := randomText(r, r.IntN(60), words)
		edits := 1 + r.IntN(6)
		base, ours, theirs := closedText(lines), closedText(edited(r, lines, edits, words)), closedText(edited(r, lines, edits, words))
		want, fits := gitMerge(t, git, dir, base, ours, theirs)
		got := Files("notes.txt", []byte(base), []byte(ours), []byte(theirs), labels)
		if fits != (got.Conflicts == 0) {
			apart++
			t.Logf("round %d: git fits: %v, we have %d clashes\n%s\n--- ours\n%s--- theirs\n%s--- git\n%s--- got\n%s", i, fits, got.Conflicts, base, ours, theirs, want, got.Body)
			continue
		}
		if fits {
			clean++
			if want != string(got.Body) {
				t.Errorf("round %d: git has\n%s\nwe have\n%s", i, want, got.Body)
			}
			continue
		}
		clashes++
		if bytes.Equal([]byte(want), got.Body) {
			sameText++
		}
	}
	t.Logf("%d clean, %d clash, %d of those to the byte", clean, clashes, sameText)
	// Where equal lines leave it open what belongs to what, versions of git differ too.
	if apart > rounds/500 {
		t.Errorf("%d of %d clash for one and not for the other", apart, rounds)
	}
	if sameText < clashes*95/100 {
		t.Error("the markers stand elsewhere than those of git")
	}
	if clean < rounds/5 || clashes < rounds/5 {
		t.Error("the rounds no longer hold both kinds")
	}
}

// BenchmarkFiles and BenchmarkGit merge the same file of 300 lines.
func BenchmarkFiles(b *testing.B) {
	base, ours, theirs := benchmarkSides()
	b.ReportAllocs()
	for b.Loop() {
		if Files("notes.txt", base, ours, theirs, Labels{}).Conflicts > 0 {
			b.Fatal("clash")
		}
	}
}

func BenchmarkGit(b *testing.B) {
	git, dir := gitOrSkip(b), b.TempDir()
	base, ours, theirs := benchmarkSides()
	for b.Loop() {
		gitMerge(b, git, dir, string(base), string(ours), string(theirs))
	}
}

func benchmarkSides() (base, ours, theirs []byte) {
	lines := make([]string, 300)
	for i := range lines {
		lines[i] = fmt.Sprintf("\tline %d of a file that somebody wrote", i)
	}
	base = []byte(closedText(lines))
	ours = []byte(strings.Replace(string(base), "line 20 ", "ours 20 ", 1))
	theirs = []byte(strings.Replace(string(base), "line 220 of", "line 219b\n\tline 220 of", 1))
	return base, ours, theirs
}
