package generator_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// BenchmarkCheck measures the promise of `fieldlab check`: all rules over a component
// take at most three times the processor time of making it, and 64 MiB.
func BenchmarkCheck(b *testing.B) {
	parent := b.TempDir()
	command := builtCommand(b, parent)
	sheet, err := filepath.Abs(filepath.Join(benchExample, answers.FileName))
	if err != nil {
		b.Fatal(err)
	}
	source := filepath.Join(parent, "source")
	measure(b, command, "new", source, "--answers", sheet)
	b.ReportMetric(float64(countFiles(b, source)), "files")
	sideBySide(b, pairs, 3, "generation", func(int) []string {
		return []string{command, "check", source, "--fail-on", "never", "--format", "json"}
	}, func(i int) []string {
		return []string{command, "new", filepath.Join(parent, fmt.Sprint("new", i)), "--answers", sheet}
	})
}

// BenchmarkCheckMany holds the check of 100 000 files against that of 10 000: at most
// eleven times the processor time, and a bounded memory.
func BenchmarkCheckMany(b *testing.B) {
	parent := b.TempDir()
	command := builtCommand(b, parent)
	var usage [2]struct {
		seconds float64
		peak    int64
	}
	for i, n := range []int{10_000, 100_000} {
		dir := filepath.Join(parent, fmt.Sprint(n))
		for j := range n {
			folder := filepath.Join(dir, fmt.Sprintf("map%03d", j/500))
			if j%500 == 0 {
				if err := os.MkdirAll(folder, 0o755); err != nil {
					b.Fatal(err)
				}
			}
			name := filepath.Join(folder, fmt.Sprintf("f%d%s", j, []string{".go", ".ts", ".py", ".php", ".yaml", ".md"}[j%6]))
			if err := os.WriteFile(name, []byte(strings.Repeat(fmt.Sprintf("regel %d van een bestand\n", j), 20)), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		check := exec.Command(command, "check", dir, "--fail-on", "never", "--format", "json")
		if out, err := check.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		usage[i].seconds = (check.ProcessState.UserTime() + check.ProcessState.SystemTime()).Seconds()
		usage[i].peak = peakMemory(check.ProcessState)
	}
	ratio := usage[1].seconds / usage[0].seconds
	b.ReportMetric(ratio, "x-ten-times-the-files")
	b.ReportMetric(float64(usage[1].peak)/(1<<20), "MiB")
	b.ReportMetric(0, "ns/op")
	if ratio > 11 || usage[1].peak > 256<<20 {
		b.Errorf("100 000 files take %.1f times as long as 10 000, and %d MiB", ratio, usage[1].peak>>20)
	}
}

func builtCommand(b *testing.B, dir string) string {
	b.Helper()
	command := filepath.Join(dir, "fieldlab")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", command, "../cmd/fieldlab").CombinedOutput(); err != nil {
		b.Skipf("cmd/fieldlab does not build: %s", out)
	}
	return command
}
