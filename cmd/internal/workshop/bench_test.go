package workshop_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// The promise of BenchmarkHundred.
const (
	hundredTurns = 3
	hundredRatio = 0.25
)

// BenchmarkHundred measures `fieldlab workshop new` for a hundred teams, with all that
// a workshop adds, against copying one of these components and committing it with git
// a hundred times: by turns on the same disk. Both the processor time and the time on
// the clock are at most a quarter.
func BenchmarkHundred(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("there is no cp here")
	}
	parent := b.TempDir()
	command := filepath.Join(parent, "fieldlab")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", command, "../../fieldlab").CombinedOutput(); err != nil {
		b.Skipf("cmd/fieldlab does not build: %s", out)
	}
	one := filepath.Join(parent, "one")
	spent(b, command, "workshop", "new", one, "--number", "1")
	source := filepath.Join(one, "teams", "01-team-1")
	if err := os.RemoveAll(filepath.Join(source, ".git")); err != nil {
		b.Fatal(err)
	}
	const copyAndCommit = `mkdir "$1"; for i in $(seq 100); do cp -r "$0" "$1/$i" && cd "$1/$i" && git init -q -b main && git add -A && git commit -q -m "Eerste versie" || exit 1; done`
	var cpu, wall []float64
	for turn := range hundredTurns {
		ours, theirs := filepath.Join(parent, "ours"), filepath.Join(parent, "theirs")
		ourCPU, ourWall := spent(b, command, "workshop", "new", ours, "--number", "100")
		theirCPU, theirWall := spent(b, "sh", "-c", copyAndCommit, source, theirs)
		b.Logf("turn %d: cpu %v of %v, clock %v of %v", turn+1, ourCPU, theirCPU, ourWall, theirWall)
		cpu, wall = append(cpu, float64(ourCPU)/float64(theirCPU)), append(wall, float64(ourWall)/float64(theirWall))
		for _, dir := range []string{ours, theirs} {
			if err := os.RemoveAll(dir); err != nil {
				b.Fatal(err)
			}
		}
		time.Sleep(6 * time.Second) // ext4 passes over what was deleted just now; see BenchmarkMany
	}
	slices.Sort(cpu)
	slices.Sort(wall)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(cpu[len(cpu)/2], "cpu-ratio")
	b.ReportMetric(wall[len(wall)/2], "wall-ratio")
	if cpu[len(cpu)/2] > hundredRatio || wall[len(wall)/2] > hundredRatio {
		b.Errorf("%.2f times the processor time and %.2f times the time of cp+git; at most %.2f is promised", cpu[len(cpu)/2], wall[len(wall)/2], hundredRatio)
	}
}

// spent runs a command and gives its processor time, children included, and how long
// it took.
func spent(b *testing.B, name string, args ...string) (cpu, wall time.Duration) {
	b.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	started := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, out)
	}
	return command.ProcessState.SystemTime() + command.ProcessState.UserTime(), time.Since(started)
}
