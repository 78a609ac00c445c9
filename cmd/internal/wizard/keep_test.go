package wizard

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

func keepIn(t *testing.T, target string) *Unfinished {
	t.Helper()
	dir := t.TempDir()
	return Keep(func() (string, error) { return dir, nil }, target, clock)
}

func someProgress() Progress {
	return Progress{Answers: answers.Answers{Version: 1, Component: answers.Component{Title: "Verhuizing"}}, Answered: []string{"title"}}
}

func TestKeepAndForget(t *testing.T) {
	u := keepIn(t, "/projecten/verhuizing")
	if _, _, ok := u.Load(); ok {
		t.Fatal("something was kept before anything was said")
	}
	if err := u.Save(someProgress()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(u.path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v", info.Mode())
	}
	p, when, ok := u.Load()
	if !ok || p.Answers.Component.Title != "Verhuizing" || !when.Equal(clock()) {
		t.Errorf("got %+v, %v, %v", p, when, ok)
	}
	entries, err := os.ReadDir(filepath.Dir(u.path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	u.Forget()
	u.Forget()
	if _, _, ok := u.Load(); ok {
		t.Error("not forgotten")
	}
}

func TestOtherTargetsDoNotMeet(t *testing.T) {
	dir := t.TempDir()
	place := func() (string, error) { return dir, nil }
	if err := Keep(place, "/projecten/a", clock).Save(someProgress()); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := Keep(place, "/projecten/b", clock).Load(); ok {
		t.Error("the answers of another folder were offered")
	}
}

func TestHostileFilesAreNoProgress(t *testing.T) {
	u := keepIn(t, "/projecten/verhuizing")
	if err := u.Save(someProgress()); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(u.path)
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) string { return strings.Replace(string(good), old, new, 1) }
	for name, content := range map[string]string{
		"empty":          "",
		"not json":       "\x00\xff{",
		"half":           string(good[:len(good)/2]),
		"two documents":  string(good) + "{}",
		"other target":   replace("/projecten/verhuizing", "/projecten/iets"),
		"newer":          replace(`"format": 1`, `"format": 2`),
		"unknown key":    replace(`"format": 1`, `"format": 1, "x": 1`),
		"wrong type":     replace(`"Answered": [`, `"Answered": {`),
		"nothing said":   replace(`"title"`, ``),
		"steers":         replace("Verhuizing", `\u001b]0;weg\u0007`),
		"steers with c1": replace("Verhuizing", `\u009b2J`),
		"deep":           strings.Repeat("[", 100_000),
		"large":          replace("Verhuizing", strings.Repeat("x", maxSaved)),
	} {
		if err := os.WriteFile(u.path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := u.Load(); ok {
			t.Errorf("%s was offered as progress", name)
		}
		if err := u.Save(someProgress()); err != nil {
			t.Errorf("%s stands in the way of keeping: %v", name, err)
		}
	}
	if err := os.Remove(u.path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(u.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := u.Load(); ok {
		t.Error("a folder was offered as progress")
	}
	u.Forget()
}

func TestALinkIsNotFollowed(t *testing.T) {
	u := keepIn(t, "/projecten/verhuizing")
	if err := u.Save(someProgress()); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere.json")
	if err := os.Rename(u.path, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, u.path); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if _, _, ok := u.Load(); ok {
		t.Error("a link was followed")
	}
	if err := u.Save(someProgress()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(u.path); err != nil || !info.Mode().IsRegular() {
		t.Errorf("saving wrote through the link: %v, %v", info, err)
	}
}

// TestHostileProgressGoesOn: a file of the right form with odd content must
// not make the conversation fall over.
func TestHostileProgressGoesOn(t *testing.T) {
	odd := Progress{
		Answered: []string{"title", "stores", "register", "own-steps", "nonsense"},
		Process:  "bestaat niet",
		Answers: answers.Answers{
			Component: answers.Component{Title: strings.Repeat("lang ", 1000)},
			Register:  []answers.Entity{{}, {Name: "", Fields: []answers.Field{{}}}},
			Sources:   []answers.Source{{}, {Catalogue: "niets"}},
			Process:   answers.Process{Steps: []answers.Step{{}, {Kind: "form", Fields: []answers.StepField{{}}}, {Kind: "decide", Outcomes: []answers.Outcome{{}}}}},
		},
	}
	c := talk(t, "verhuizing", newFake(t, join([]turn{
		{"wizard.resume.ask", enter},
		{"summary", enter}, {"summary", "Kort"}, {"organisation", enter}, {"oin", enter}, {"email", enter}, // the title makes too long a proposal
		{"goal", "Kort"}, {"days", enter}, {"purpose", "Kort"}, {"basis", enter}, {"law", enter},
		{"stores", enter}, {"register", enter}, {"entity.title", Interrupt}, // it is wrong, and leads to what is
	})...))
	if err := c.Unfinished.Save(odd); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(c); !errors.As(err, new(Stopped)) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAPlaceNothingIsKept(t *testing.T) {
	u := Keep(func() (string, error) { return "", errors.New("no home") }, "/x", clock)
	if _, _, ok := u.Load(); ok || u.Save(someProgress()) == nil {
		t.Error("kept in no place")
	}
	u.Forget()
}
