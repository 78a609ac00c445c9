package update_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// pairs is how often both sides of the ratio are measured.
const pairs = 7

// earlierPack is the real pack as an earlier fieldlab may have had it: a line more
// in every file of Markdown and in a part of kern.
func earlierPack(t testing.TB) fs.FS {
	t.Helper()
	earlier := fstest.MapFS{}
	count := 0
	err := fs.WalkDir(templates.Component(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(templates.Component(), name)
		if err != nil {
			return err
		}
		count++
		switch {
		case strings.HasSuffix(name, ".md.tmpl"):
			body = append(body, "\nEen regel van vroeger.\n"...)
		case strings.HasPrefix(name, "kern/") && strings.HasSuffix(name, ".go") && count%8 == 0:
			body = append(body, "\n// Of before.\n"...)
		}
		earlier[name] = &fstest.MapFile{Data: body}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return earlier
}

// editThirty edits thirty files: those of Markdown at their first line, and kern.
func editThirty(t testing.TB, dir string) {
	t.Helper()
	count := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || count == 30 {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if ext := filepath.Ext(name); ext != ".md" && (ext != ".go" || strings.HasPrefix(name, "kern")) {
			return nil
		}
		count++
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		comment := "<!-- Van het team. -->\n\n"
		if filepath.Ext(name) == ".go" {
			comment = "// Van het team.\n\n"
		}
		return os.WriteFile(path, append([]byte(comment), body...), 0o644)
	})
	if err != nil || count < 20 {
		t.Fatal(count, err)
	}
}

// BenchmarkRatio measures the promise of the design: an update takes no more
// processor time than git itself for the same three trees, merged and written
// out. Both run by turns, on the same disk, each in a process of its own,
// children included.
func BenchmarkRatio(b *testing.B) {
	for _, edits := range []bool{false, true} {
		name := "untouched"
		if edits {
			name = "edited"
		}
		b.Run(name, func(b *testing.B) { ratio(b, edits) })
	}
}

// benchDir tells a copy of this test binary to update a real component.
const benchDir = "FIELDLAB_BENCH_UPDATE"

func ratio(b *testing.B, edits bool) {
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("there is no git here")
	}
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		b.Fatal(err)
	}
	was, is := made(b, earlierPack(b), string(data)), made(b, templates.Component(), string(data))
	team := filepath.Join(b.TempDir(), "team")
	if err := os.CopyFS(team, os.DirFS(was)); err != nil {
		b.Fatal(err)
	}
	if edits {
		editThirty(b, team)
	}
	var ours, theirs, ratios []float64
	var peak int64
	for i := range pairs {
		mine := filepath.Join(b.TempDir(), fmt.Sprint(i))
		if err := os.CopyFS(mine, os.DirFS(team)); err != nil {
			b.Fatal(err)
		}
		update := func() {
			command := exec.Command(os.Args[0])
			command.Env = append(os.Environ(), benchDir+"="+mine)
			cpu, rss := measured(b, command)
			ours, peak = append(ours, cpu), max(peak, rss)
		}
		plumbing := func() {
			command := exec.Command("sh", "-c", gitScript, was, team, is, filepath.Join(b.TempDir(), "git"))
			command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
				"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
			cpu, _ := measured(b, command)
			theirs = append(theirs, cpu)
		}
		if i%2 == 0 {
			update()
			plumbing()
		} else {
			plumbing()
			update()
		}
		ratios = append(ratios, ours[i]/theirs[i])
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(ours), "cpu-ms")
	b.ReportMetric(middle(theirs), "git-cpu-ms")
	b.ReportMetric(middle(ratios), "cpu-ratio")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	if middle(ratios) > 1 {
		b.Errorf("an update takes %.2f times the processor time of git", middle(ratios))
	}
	if peak >= 64<<20 {
		b.Errorf("an update takes %d MiB of memory", peak>>20)
	}
}

// gitScript makes a tree of what was, of what the team has and of what comes,
// merges the last two, and writes the result out. Git before 2.40 wants commits
// to know what both come from.
const gitScript = `set -e
mkdir "$3" && cd "$3" && git init -q .
tree() { GIT_WORK_TREE="$1" GIT_INDEX_FILE="$PWD/index-$2" git add -A -f . && GIT_INDEX_FILE="$PWD/index-$2" git write-tree; }
was=$(git commit-tree -m was "$(tree "$0" was)")
team=$(git commit-tree -m team -p "$was" "$(tree "$1" team)")
is=$(git commit-tree -m is -p "$was" "$(tree "$2" is)")
merged=$(git merge-tree --write-tree "$team" "$is" | head -1) || true
mkdir out && git archive "$merged" | tar -x -C out
`

func measured(b *testing.B, command *exec.Cmd) (cpu float64, rss int64) {
	b.Helper()
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	state := command.ProcessState
	return float64(state.SystemTime()+state.UserTime()) / float64(time.Millisecond), peakMemory(state)
}

func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// benchmarked is the update that is measured.
func benchmarked(dir string) error {
	u, err := update.Find(context.Background(), update.Request{Dir: dir, Pack: templates.Component(), Version: "2.0.0"})
	if err != nil {
		return err
	}
	return u.Apply(context.Background())
}
