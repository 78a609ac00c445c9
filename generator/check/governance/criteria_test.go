package governance_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
)

// official is the folder with the official programs to ask again; their answers of before
// stand in testdata/facts. It holds publiccode-parser, lizard, and run.cjs of
// CommonGroundChecker, as far as one has them.
const official = "FIELDLAB_OFFICIAL"

// openCriteria are the criteria that did not pass, with what the checker says of them.
func openCriteria(result *check.Result) (score int, open []string) {
	score, _, open = governance.CommonGround(result)
	slices.Sort(open)
	return score, open
}

// facts are the repositories and what the real checker said of them.
func facts(t *testing.T) (trees map[string]map[string]string, said map[string][]string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "facts", "commonground.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	trees, said = map[string]map[string]string{}, map[string][]string{}
	for _, f := range archive.Files {
		tree, name, _ := strings.Cut(f.Name, "/")
		if trees[tree] == nil {
			trees[tree] = map[string]string{}
		}
		trees[tree][name] = string(f.Data)
	}
	for line := range strings.Lines(string(archive.Comment)) {
		if words := strings.Fields(line); len(words) > 1 && regexp.MustCompile(`^\d+$`).MatchString(words[1]) {
			said[words[0]] = words[1:]
		}
	}
	trees["component"] = folder(t, filepath.Join("..", "..", "..", "examples", "verhuizing", "component"))
	return trees, said
}

func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var body []byte
			body, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			files[name] = string(body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// compare holds our answers against lines such as "65 docker=warn semver=fail".
func compare(t *testing.T, name string, result *check.Result, said []string) {
	t.Helper()
	score, open := openCriteria(result)
	var want []string
	for _, word := range said[1:] {
		id, _, _ := strings.Cut(word, "=")
		want = append(want, id)
	}
	if slices.Sort(want); !slices.Equal(open, want) {
		t.Errorf("%s: open are %q, the checker says %q", name, open, want)
	}
	// the score tells warn and fail apart
	if strconv.Itoa(score) != said[0] {
		t.Errorf("%s: score %d, the checker gives %s", name, score, said[0])
	}
}

func TestCommonGroundCheckerSaysTheSame(t *testing.T) {
	t.Parallel()
	trees, said := facts(t)
	if len(said) < 7 {
		t.Fatalf("only %d repositories", len(said))
	}
	for name, words := range said {
		compare(t, name, checktest.Run(t, trees[name], governance.Checker()), words)
	}
}

// TestComponentReachesWhatFilesCan names what is open in a component, and why.
func TestComponentReachesWhatFilesCan(t *testing.T) {
	t.Parallel()
	trees, _ := facts(t)
	score, open := openCriteria(checktest.Run(t, trees["component"], governance.Checker()))
	// dockerimage is an address that people give; publiccode lacks the key nl, for which the
	// official parser would refuse the file
	if score != 100 || !slices.Equal(open, []string{"dockerimage", "publiccode"}) {
		t.Errorf("score %d, open %q", score, open)
	}
}

// TestCommonGroundCheckerStillSaysSo asks the checker itself.
func TestCommonGroundCheckerStillSaysSo(t *testing.T) {
	run := filepath.Join(os.Getenv(official), "run.cjs")
	if _, err := os.Stat(run); os.Getenv(official) == "" || err != nil {
		t.Skip(official + " has no run.cjs of CommonGroundChecker: what it said stands in testdata/facts")
	}
	trees, _ := facts(t)
	for name, files := range trees {
		dir := t.TempDir()
		for path, body := range files {
			file := filepath.Join(dir, filepath.FromSlash(path))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "-A", "-f"}, {"-c", "user.name=a", "-c", "user.email=a@voorbeeld.nl", "commit", "-q", "-m", "a"}} {
			if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
				t.Fatalf("git %v: %v\n%s", args, err, out)
			}
		}
		compare(t, name, checktest.Run(t, files, governance.Checker()), askChecker(t, run, dir))
	}
}

func askChecker(t *testing.T, run, dir string) []string {
	t.Helper()
	out, err := exec.CommandContext(context.Background(), "node", run, dir).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := []string{""}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 2 && words[0] == "score":
			said[0] = words[1]
		case len(words) > 1 && (words[0] == "warn" || words[0] == "fail" || words[0] == "info"):
			said = append(said, words[1]+"="+words[0])
		}
	}
	return said
}
