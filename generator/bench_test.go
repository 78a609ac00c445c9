package generator_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// benchExample is the answers file that is measured.
const benchExample = "../examples/verhuizing"

// request is a generation of an example, without anything of this machine.
func request(t testing.TB, example string) generator.Request {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(example, answers.FileName))
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(answers.FileName, data)
	return generator.Request{
		Document: document,
		Files:    os.DirFS(example),
		Pack:     templates.Component(),
		Version:  "test",
		Env:      reproducible,
		Now:      func() time.Time { return time.Unix(1_700_000_000, 0) },
	}
}

// reproducible is an environment in which every run makes the same commit.
func reproducible(key string) string {
	return map[string]string{
		"GIT_CONFIG_NOSYSTEM": "1",
		"GIT_CONFIG_GLOBAL":   os.DevNull,
		"SOURCE_DATE_EPOCH":   "1700000000",
	}[key]
}

// BenchmarkPlan measures answers to files in memory.
func BenchmarkPlan(b *testing.B) {
	r := request(b, benchExample)
	for b.Loop() {
		if _, _, err := generator.Plan(r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGenerate measures answers to files on disk with their first commit.
func BenchmarkGenerate(b *testing.B) {
	r := request(b, benchExample)
	parent := b.TempDir()
	n := 0
	for b.Loop() {
		n++
		r.Dir = filepath.Join(parent, fmt.Sprint(n))
		if _, err := generator.Generate(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}

// pairs is how often both sides of the ratio are measured.
const pairs = 21

// BenchmarkRatio measures the promise of the design: one generation with its
// first commit, by the built command, takes no more processor time than
// copying the result and having git itself commit it. Both run by turns, on
// the same disk, children included; the medians are reported. So it is for an example
// of one entity, and for components of twenty and of sixty.
func BenchmarkRatio(b *testing.B) {
	b.Run("1", func(b *testing.B) { ratio(b, filepath.Join(benchExample, answers.FileName)) })
	for _, size := range []struct{ entities, steps int }{{20, 15}, {60, 40}} {
		b.Run(fmt.Sprint(size.entities), func(b *testing.B) {
			sheet := filepath.Join(b.TempDir(), answers.FileName)
			if err := os.WriteFile(sheet, []byte(large(size.entities, size.steps)), 0o644); err != nil {
				b.Fatal(err)
			}
			ratio(b, sheet)
		})
	}
}

// BenchmarkRatioSpecifications measures the same with sources of which the
// large specifications of the base registers are read.
func BenchmarkRatioSpecifications(b *testing.B) {
	dir := b.TempDir()
	copied := map[string]string{"../examples/testdata/echt/fieldlab.yaml": answers.FileName}
	for _, name := range []string{"openapi-bag-adressenuitgebreid.yaml", "openapi-brp-bewoning.yaml", "openapi-brp-personen-bevragen.yaml"} {
		copied["../../shared/samples/"+name] = "bronnen/" + name
	}
	if err := os.Mkdir(filepath.Join(dir, "bronnen"), 0o755); err != nil {
		b.Fatal(err)
	}
	for from, to := range copied {
		data, err := os.ReadFile(from)
		if err != nil {
			b.Skip("no real specifications beside this repository")
		}
		if err := os.WriteFile(filepath.Join(dir, to), data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	ratio(b, filepath.Join(dir, answers.FileName))
}

func ratio(b *testing.B, sheet string) {
	b.Helper()
	if runtime.GOOS == "windows" {
		b.Skip("there is no cp here")
	}
	parent := b.TempDir()
	command := builtCommand(b, parent)
	sheet, err := filepath.Abs(sheet)
	if err != nil {
		b.Fatal(err)
	}
	source := filepath.Join(parent, "source")
	measure(b, command, "new", source, "--answers", sheet, "--no-git")
	files := countFiles(b, source)

	const copyAndCommit = `cp -r "$0" "$1" && cd "$1" && git init -q -b main && git add -A && git commit -q -m "Eerste versie"`
	b.ReportMetric(float64(files), "files")
	sideBySide(b, pairs, 1, "cp+git", func(i int) []string {
		return []string{command, "new", filepath.Join(parent, fmt.Sprint("ours", i)), "--answers", sheet}
	}, func(i int) []string {
		return []string{"sh", "-c", copyAndCommit, source, filepath.Join(parent, fmt.Sprint("theirs", i))}
	})
}

// sideBySide measures a command of ours next to another one, by turns, and holds
// the median of their processor times at most at a ratio, and the memory of ours
// under 64 MiB. Both are made for each turn.
func sideBySide(b *testing.B, turns int, most float64, other string, ours, theirs func(turn int) []string) {
	b.Helper()
	var us, them, ratios, wall []float64
	var peak int64
	for i := range turns {
		mine, its := ours(i), theirs(i)
		run := []func(){func() {
			cpu, elapsed, rss := measure(b, mine[0], mine[1:]...)
			us, wall, peak = append(us, cpu), append(wall, elapsed), max(peak, rss)
		}, func() {
			cpu, _, _ := measure(b, its[0], its[1:]...)
			them = append(them, cpu)
		}}
		run[i%2]()
		run[1-i%2]()
		ratios = append(ratios, us[i]/them[i])
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(us), "cpu-ms")
	b.ReportMetric(median(them), other+"-cpu-ms")
	b.ReportMetric(median(wall), "wall-ms")
	b.ReportMetric(median(ratios), "cpu-ratio")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	if ratio := median(ratios); ratio > most {
		b.Errorf("%.2f times the processor time of %s; at most %.1f is promised", ratio, other, most)
	}
	if peak >= 64<<20 {
		b.Errorf("%d MiB of memory", peak>>20)
	}
}

// measure runs a command and returns its processor time and elapsed time in
// milliseconds and its peak memory in bytes, all with its children. The peak
// is at least that of this process, from which it is started.
func measure(b *testing.B, name string, args ...string) (cpu, elapsed float64, rss int64) {
	b.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	started := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, out)
	}
	elapsed = float64(time.Since(started)) / float64(time.Millisecond)
	state := command.ProcessState
	cpu = float64(state.SystemTime()+state.UserTime()) / float64(time.Millisecond)
	return cpu, elapsed, peakMemory(state)
}

func countFiles(b *testing.B, dir string) int {
	b.Helper()
	count := 0
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			count++
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return count
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
