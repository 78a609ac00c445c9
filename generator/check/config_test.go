package check_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

func TestConfig(t *testing.T) {
	knows := func(rule string) bool { return rule == "known" }
	for _, c := range []struct {
		name, body string
		faults     []string // "LINE CODE ARGS"
	}{
		{"empty", "", nil},
		{"all", "version: 1\nfailOn: warning\napi: [openapi.yaml]\nignore: ['legacy/', '*.min.js']\nlayers: {interactie: [web]}\nexceptions:\n  - rule: known\n    path: a/b.go\n    reason: omdat\n    until: 2027-01-31\n", nil},
		{"everything wrong at once", "version: 2\nfailOn: hard\nlayer: {}\nlayers: {ui: [a]}\nignore: '*.go'\nignore: []\nexceptions:\n  - rule: knwon\n    reason: x\n    until: 31-01-2027\n  - {rule: known, reason: x}\n  - {rule: known, reason: '', until: 2027-01-01}\n  - [a]\n", []string{
			"1 version 2", "2 fail-on hard", "3 unknown-key layer", "4 layer ui", "5 want-list", "6 twice ignore", "8 unknown-rule knwon", "10 date 31-01-2027", "11 missing until", "12 want-text", "13 want-mapping"}},
		{"a list of the wrong kind", "ignore: [[a], '[', '']\n", []string{"1 want-text", "1 pattern [", "1 want-text"}},
		{"not a mapping", "- a\n", []string{"1 want-mapping"}},
		{"not yaml", "version: 1\na: 'b\n", []string{"2 not-yaml"}},
		{"not yaml at once", "a: b: c\n", []string{"1 not-yaml"}},
		{"too large", strings.Repeat("# a\n", 100_000), []string{"0 too-large"}},
		{"a text without end", "ignore: [" + strings.Repeat("a", 1001) + "]\nfailOn: note\n", []string{"1 want-text"}},
		{"a bomb", "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n", []string{"1 unknown-key a", "2 unknown-key b", "3 unknown-key c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := check.ParseConfig([]byte(c.body), knows)
			var got []string
			for _, f := range faults {
				got = append(got, strings.TrimSpace(strconv.Itoa(f.Line)+" "+f.Code+" "+strings.Join(f.Args, " ")))
			}
			if !slices.Equal(got, c.faults) {
				t.Errorf("%q, want %q", got, c.faults)
			}
		})
	}
}

// TestConfigIsBounded: a list without end is refused, so that no file is held against all
// of it.
func TestConfigIsBounded(t *testing.T) {
	config, faults := check.ParseConfig([]byte("ignore:\n"+strings.Repeat("- a\n", 3000)), nil)
	if len(config.Ignore) != 0 || len(faults) != 1 || faults[0].Code != "too-large" || faults[0].Line != 2 {
		t.Errorf("%d patterns, %v", len(config.Ignore), faults)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte("version: 1\nexceptions:\n  - rule: a\n    reason: b\n    until: 2027-01-01\n"))
	f.Add([]byte("exceptions: []\nignore: [a]"))
	f.Add([]byte("{exceptions: [{rule: a, reason: b, until: 2027-01-01}]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		all := func(string) bool { return true }
		before, faults := check.ParseConfig(body, all)
		more := []check.Exception{{Rule: "a-b", Path: "x: #y", Reason: "om \"dat\"\n- zo", Until: "2027-01-01"}}
		after, err := check.Accept(body, more)
		if err != nil {
			return
		}
		if len(faults) > 0 {
			t.Fatalf("wrote into a file with mistakes: %v", faults)
		}
		got, faults := check.ParseConfig(after, all)
		if len(faults) > 0 || len(got.Exceptions) != len(before.Exceptions)+1 {
			t.Fatalf("%d exceptions became %d: %v\n%s", len(before.Exceptions), len(got.Exceptions), faults, after)
		}
		for _, e := range got.Exceptions {
			if e.Rule == "a-b" && e.Reason != more[0].Reason {
				t.Fatalf("reason %q became %q", more[0].Reason, e.Reason)
			}
		}
	})
}

func TestAccept(t *testing.T) {
	more := []check.Exception{{Rule: "r", Path: "a b.go", Reason: "omdat: ja", Until: "2027-01-31"}}
	const one = "- rule: r\n    path: a b.go\n    reason: \"omdat: ja\"\n    until: \"2027-01-31\"\n"
	for name, c := range map[string]struct{ body, want string }{
		"none yet":      {"", "exceptions:\n  " + one},
		"no exceptions": {"# ons besluit\nfailOn: warning", "# ons besluit\nfailOn: warning\nexceptions:\n  " + one},
		"some": {"exceptions:\n  # van de bron\n  - rule: q # ja\n    reason: x\n    until: 2027-01-01\n\nfailOn: note # streng\n",
			"exceptions:\n  # van de bron\n  " + one + "  - rule: q # ja\n    reason: x\n    until: 2027-01-01\n\nfailOn: note # streng\n"},
	} {
		got, err := check.Accept([]byte(c.body), more)
		if err != nil || !strings.HasSuffix(string(got), c.want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, c.want)
		}
	}
	for name, body := range map[string]string{"flow": "{version: 1}", "empty list": "exceptions: []", "flow list": "exceptions: [{rule: a, reason: b, until: 2027-01-01}]"} {
		if got, err := check.Accept([]byte(body), more); !errors.Is(err, check.ErrByHand) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	if got, err := check.Accept(nil, []check.Exception{{Rule: "r", Reason: "x", Until: "2027-01-31"}}); err != nil || strings.Contains(string(got), "path:") {
		t.Errorf("about the whole: %v\n%s", err, got)
	}
	if _, err := check.Accept([]byte("failOn: hard"), more); err == nil {
		t.Error("wrote into a file with a mistake")
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a/b.go", "a/b.go", true},
		{"a", "a/b.go", true},
		{"a/", "a/b/c.go", true},
		{"./a/**", "a/b/c.go", true},
		{"*.go", "a/b.go", true},
		{"a/*.go", "a/b.go", true},
		{"a/*.go", "a/b/c.go", false},
		{"a", "ab/c.go", false},
		{"b.go", "a/b.go", true},
	} {
		if got := check.Matches(c.pattern, c.name); got != c.want {
			t.Errorf("%q matches %q: %t", c.pattern, c.name, got)
		}
	}
}

func TestMend(t *testing.T) {
	dir := t.TempDir()
	body := "een http://a.nl/ en http://b.nl/\n"
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "there"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	finding := func(f check.Fix) check.Finding { return check.Finding{Rule: "r", Path: f.Path, Fix: &f} }
	accepted := finding(check.Fix{Path: "a.txt", Start: 0, End: 3, Was: "een", Text: "nee"})
	accepted.Accepted = "mag"
	result := &check.Result{Verdicts: []check.Verdict{{Findings: []check.Finding{
		finding(check.Fix{Path: "a.txt", Start: 15, End: 16, Was: "/", Text: ""}),
		finding(check.Fix{Path: "a.txt", Start: 31, End: 32, Was: "/", Text: ""}),
		finding(check.Fix{Path: "a.txt", Start: 4, End: 8, Was: "niet", Text: "weg"}),
		accepted,
		finding(check.Fix{Path: "a.txt", Start: 20, End: 32, Was: " http://b.nl", Text: "overlapt"}),
		finding(check.Fix{Path: "nieuw", Create: true, Text: "hier\n"}),
	}}}}
	fixed, err := check.Mend(dir, result)
	if err != nil || len(fixed) != 2 {
		t.Fatalf("%v %v", fixed, err)
	}
	for name, want := range map[string]string{"a.txt": "een http://a.nl en http://b.nl\n", "nieuw": "hier\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "a.txt")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a.txt is %v, %v", info.Mode(), err)
	}
	links := os.Symlink("a.txt", filepath.Join(dir, "link")) == nil
	for _, hostile := range []check.Fix{{Path: "../out", Create: true}, {Path: "there", Create: true}, {Path: "/etc/x", Create: true}, {Path: "gone", Start: 0}, {Path: "link", Text: "x"}} {
		if hostile.Path == "link" && !links {
			continue
		}
		if _, err := check.Mend(dir, &check.Result{Verdicts: []check.Verdict{{Findings: []check.Finding{finding(hostile)}}}}); err == nil {
			t.Errorf("%v was written", hostile)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) > 4 {
		t.Errorf("something is left behind: %v", entries)
	}
}

// TestReplace: what a killed run left is no obstacle, and what fails leaves nothing.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := root.Mkdir("map", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(".fieldlab-check-a", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := check.Replace(root, "a", []byte("heel"), 0o644); err != nil {
		t.Error(err)
	}
	if err := check.Replace(root, "map", nil, 0o644); err == nil {
		t.Error("a folder was replaced")
	}
	entries, _ := os.ReadDir(dir)
	if body, _ := root.ReadFile("a"); string(body) != "heel" || len(entries) != 2 {
		t.Errorf("%q, %v", body, entries)
	}
}
