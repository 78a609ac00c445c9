package generator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// teams are requests for components of a workshop, as many as asked for.
func teams(t testing.TB, n int, parent string) []generator.Request {
	t.Helper()
	sheet := read(t, filepath.Join(benchExample, answers.FileName))
	all := make([]generator.Request, n)
	for i := range all {
		team := fmt.Sprint(i + 1)
		text := strings.NewReplacer(
			"  name: verhuizing\n  title", "  name: verhuizing-"+team+"\n  title",
			"burgerzaken/verhuizing\n", "burgerzaken/verhuizing-"+team+"\n",
			"delivery: {", fmt.Sprintf("delivery: {port: %d, ", 8100+10*i),
			"fieldlab: {", "fieldlab: {variant: "+team+", ",
			"team: Duinstad", "team: Team "+team,
		).Replace(sheet)
		document, found := answers.Parse(answers.FileName, []byte(text))
		if len(found) > 0 || document.Answers.Fieldlab.Variant != i+1 || document.Answers.Component.Name != "verhuizing-"+team {
			t.Fatalf("%v %+v", found, document.Answers.Component)
		}
		all[i] = request(t, benchExample)
		all[i].Document, all[i].Dir = document, filepath.Join(parent, team)
	}
	return all
}

// contents are all files below a folder, the repository included, but for the index
// of git, which holds the times of the files.
func contents(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == ".git/index" {
			return err
		}
		all[name], err = os.ReadFile(filepath.Join(dir, name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// forgetful is a pack that nobody remembers anything of.
type forgetful struct{ fs.FS }

// TestManyAreAsOneByOne: twenty components made beside each other are, to the byte
// and with their repository, those that are made one by one without anything being
// kept of the one before.
func TestManyAreAsOneByOne(t *testing.T) {
	const n = 20
	parent := t.TempDir()
	together := teams(t, n, filepath.Join(parent, "together"))
	results, errs := generator.Many(t.Context(), together)
	for i, r := range teams(t, n, filepath.Join(parent, "alone")) {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		r.Pack = forgetful{r.Pack}
		alone, err := generator.Generate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if alone.Commit != results[i].Commit {
			t.Errorf("component %d has another commit", i+1)
		}
		want, got := contents(t, r.Dir), contents(t, together[i].Dir)
		for name := range want {
			if !bytes.Equal(want[name], got[name]) {
				t.Errorf("component %d: %s differs", i+1, name)
			}
		}
		if len(want) != len(got) {
			t.Errorf("component %d has %d files, alone %d", i+1, len(got), len(want))
		}
		if i%7 == 0 {
			if out := git(t, together[i].Dir, "status", "--porcelain"); out != "" {
				t.Errorf("git says of component %d: %s", i+1, out)
			}
			git(t, together[i].Dir, "fsck", "--strict")
		}
	}
}

// TestManyOfOtherPacks: what is kept of one pack never reaches a component of
// another, nor what is kept for some answers those of others.
func TestManyOfOtherPacks(t *testing.T) {
	built := templates.Component()
	examples := []string{"verhuizing", "adresonderzoek", "melding-openbare-ruimte"}
	for round := range 3 {
		for _, example := range examples {
			r := request(t, "../examples/"+example)
			if round == 2 {
				r.Taken = []string{"outway"}
			}
			got, _, err := generator.Plan(r)
			if err != nil {
				t.Fatal(err)
			}
			r.Pack = forgetful{built}
			want, _, err := generator.Plan(r)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				if want[i].Path != got[i].Path || !bytes.Equal(want[i].Body, got[i].Body) || want[i].SHA256 != got[i].SHA256 || want[i].Owner != got[i].Owner {
					t.Errorf("round %d, %s: %s differs", round, example, want[i].Path)
				}
			}
		}
	}
	changing := fstest.MapFS{"README.md": {Data: []byte("een")}, "kern/a.go": {Data: []byte("package a\n")}}
	for _, text := range []string{"een", "twee"} {
		changing["README.md"].Data = []byte(text)
		r := request(t, benchExample)
		r.Pack = changing
		files, _, err := generator.Plan(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(files.Find("README.md").Body); got != text {
			t.Errorf("a pack that changed is remembered as %s", got)
		}
	}
}

// TestManyTellsEach: one that cannot be made does not keep the others back, and
// after the end nothing begins.
func TestManyTellsEach(t *testing.T) {
	parent := t.TempDir()
	requests := teams(t, 4, parent)
	if err := os.WriteFile(requests[1].Dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	results, errs := generator.Many(t.Context(), requests)
	for i := range requests {
		if (errs[i] != nil) != (i == 1) || (results[i].Commit != "") != (i != 1) {
			t.Errorf("component %d: %q, %v", i+1, results[i].Commit, errs[i])
		}
	}
	over, end := context.WithCancel(t.Context())
	end()
	requests = teams(t, 3, filepath.Join(parent, "later"))
	if _, errs := generator.Many(over, requests); !errors.Is(errs[0], context.Canceled) || !errors.Is(errs[2], context.Canceled) {
		t.Errorf("after the end: %v", errs)
	}
	if entries, _ := os.ReadDir(filepath.Join(parent, "later")); len(entries) > 0 {
		t.Errorf("%v is left", entries)
	}
}

// Where and how many components TestMakeMany makes, for BenchmarkMany.
const manyDir, manyCount = "FIELDLAB_MANY_DIR", "FIELDLAB_MANY_COUNT"

// TestMakeMany is the process that BenchmarkMany measures.
func TestMakeMany(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv(manyCount))
	if n == 0 {
		t.Skip("BenchmarkMany runs this")
	}
	_, errs := generator.Many(t.Context(), teams(t, n, os.Getenv(manyDir)))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// The promise of BenchmarkMany.
const (
	manyTurns  = 5
	manyTeams  = 100
	manyRatio  = 0.25
	manyMemory = 192 << 20
)

// BenchmarkMany measures a hundred components with their first commit, made in one
// process, against copying the same component and committing it with git a hundred
// times: by turns on the same disk, and where there is one in memory, so that no disk
// hides what the work itself takes. Both the processor time and the time on the clock
// are at most a quarter.
func BenchmarkMany(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("there is no cp here")
	}
	b.Run("Disk", func(b *testing.B) { many(b, b.TempDir()) })
	b.Run("Memory", func(b *testing.B) { many(b, inMemory(b)) })
}

// inMemory is a folder that is on no disk.
func inMemory(b *testing.B) string {
	b.Helper()
	parent, err := os.MkdirTemp("/dev/shm", "fieldlab-bench-")
	if err != nil {
		b.Skip("no file system in memory here")
	}
	b.Cleanup(func() { _ = os.RemoveAll(parent) })
	return parent
}

func many(b *testing.B, parent string) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	first := teams(b, 1, parent)[0]
	first.Dir, first.NoGit = filepath.Join(parent, "source"), true
	if _, err := generator.Generate(b.Context(), first); err != nil {
		b.Fatal(err)
	}
	const copyAndCommit = `mkdir "$1"; for i in $(seq $2); do cp -r "$0" "$1/$i" && cd "$1/$i" && git init -q -b main && git add -A && git commit -q -m "Eerste versie" || exit 1; done`
	var cpu, wall, ours, theirs, clock []float64
	var peak int64
	for turn := range manyTurns {
		mine, other := filepath.Join(parent, "ours"), filepath.Join(parent, "theirs")
		var usCPU, usWall, themCPU, themWall float64
		run := []func(){func() {
			b.Setenv(manyDir, mine)
			b.Setenv(manyCount, strconv.Itoa(manyTeams))
			var rss int64
			usCPU, usWall, rss = measure(b, self, "-test.run=^TestMakeMany$")
			peak = max(peak, rss)
			b.Setenv(manyCount, "")
		}, func() {
			themCPU, themWall, _ = measure(b, "sh", "-c", copyAndCommit, first.Dir, other, strconv.Itoa(manyTeams))
		}}
		run[turn%2]()
		run[1-turn%2]()
		cpu, wall = append(cpu, usCPU/themCPU), append(wall, usWall/themWall)
		ours, theirs, clock = append(ours, usCPU), append(theirs, themCPU), append(clock, usWall)
		b.Logf("turn %d: cpu %.0f of %.0f ms, clock %.0f of %.0f ms", turn+1, usCPU, themCPU, usWall, themWall)
		if made := countFiles(b, mine); made < manyTeams*countFiles(b, first.Dir) {
			b.Fatalf("only %d files were made", made)
		}
		for _, dir := range []string{mine, other} {
			if err := os.RemoveAll(dir); err != nil {
				b.Fatal(err)
			}
		}
		// ext4 passes over what was deleted in the last five seconds, and to look for
		// an inode then takes longer than all the rest, of both.
		time.Sleep(6 * time.Second)
	}
	for unit, value := range map[string]float64{
		"ns/op": 0, "cpu-ms": median(ours), "cp+git-cpu-ms": median(theirs), "wall-ms": median(clock),
		"cpu-ratio": median(cpu), "wall-ratio": median(wall), "peak-MiB": float64(peak) / (1 << 20),
	} {
		b.ReportMetric(value, unit)
	}
	if median(cpu) > manyRatio || median(wall) > manyRatio {
		b.Errorf("%.2f times the processor time and %.2f times the time of cp+git; at most %.2f is promised", median(cpu), median(wall), manyRatio)
	}
	if peak > manyMemory {
		b.Errorf("%d MiB of memory", peak>>20)
	}
}
