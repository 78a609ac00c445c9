//go:build !windows

package cli_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// waiting is a component in which something is to be decided: a field got
// another name, a required one is new, and a step is gone.
func waiting(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"answers", "example", "verhuizing"}, {"new", "verhuizing", "--answers", "answers.yaml", "--no-git"}} {
		run := exec.Command(self, args...)
		run.Dir, run.Env = dir, append(os.Environ(), asProgram+"=1", "LANG=")
		out, err := run.Output()
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		if args[0] == "answers" {
			if err := os.WriteFile(filepath.Join(dir, "answers.yaml"), out, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	edit(t, filepath.Join(dir, "verhuizing", "fieldlab.yaml"),
		"{name: toelichting, type: longtext, title: Toelichting}", "{name: opmerking, type: longtext, title: Toelichting}",
		"email, toelichting]", "email, opmerking, telefoon]",
		"nieuwAdres, toelichting]", "nieuwAdres, opmerking]",
		"    retention: {period: P5Y", "      - {name: telefoon, type: phone, title: Telefoon, required: true}\n    retention: {period: P5Y",
		"akkoord: verwerken", "akkoord: verwerkt",
		"    - name: verwerken\n      kind: task\n      role: burgerzaken\n      title: Verwerken in de BRP\n      next: verwerkt\n", "",
	)
	return filepath.Join(dir, "verhuizing")
}

// edit puts texts in the place of others.
func edit(t *testing.T, file string, pairs ...string) {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(body)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s does not hold %q", file, pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// contents are all files below a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, "/.config/") {
			return err
		}
		body, err := os.ReadFile(path)
		all[path] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestUpdateAsks: the questions in words, the plan, and then whether to go on.
func TestUpdateAsks(t *testing.T) {
	t.Parallel()
	dir := waiting(t)
	s := open(t, dir, 100, always, nil, "update")
	s.expect("Er is iets dat alleen u kunt zeggen.")
	s.answer("Het veld opmerking bij Verhuizing is nieuw", "")
	s.answer("is nieuw en moet ingevuld zijn", "?")
	s.expect("In de database staan misschien al rijen")
	s.answer("is nieuw en moet ingevuld zijn", "")
	s.expect("Hier is een antwoord nodig")
	s.answer("is nieuw en moet ingevuld zijn", "nul zes")
	s.expect("Deze waarde past niet: verwacht wordt een telefoonnummer.")
	s.answer("is nieuw en moet ingevuld zijn", "<")
	s.answer("Het veld opmerking bij Verhuizing is nieuw", "opmerking is nieuw")
	s.answer("is nieuw en moet ingevuld zijn", "<")
	s.answer("Het veld opmerking bij Verhuizing is nieuw", "heette eerst")
	s.answer("is nieuw en moet ingevuld zijn", "0612345678")
	s.answer("De stap verwerken is weg", "ik schrijf het zelf")
	s.expect("Dit gaat er gebeuren in verhuizing:")
	s.answer("Doorgaan?", "<")
	s.answer("De stap verwerken is weg", "oude proces")
	s.expect("telefoon erbij. Wie er al in staat, krijgt 0612345678.")
	s.answer("Doorgaan?", "")
	s.expect("Bijgewerkt: verhuizing")
	s.expect("go test ./...")
	s.end(0)
	said, err := os.ReadFile(filepath.Join(dir, "4-proces", "overgang.yaml"))
	if err != nil || !strings.Contains(string(said), "verwerken: blijft\n") {
		t.Errorf("%s, %v", said, err)
	}
	if n := strings.Count(s.raw(), "\x1b[6n"); n != 1 {
		t.Errorf("the terminal was asked %d times what it can do; the answer to a second time may be read as one to a question", n)
	}
	if strings.Contains(s.text(), "schrijf dan in 4-proces/overgang.yaml") {
		t.Errorf("asks again for what was answered:\n%s", s.text())
	}
}

// TestUpdateStops: at a question, at the last one, and by saying no. Nothing was
// changed, and that is said.
func TestUpdateStops(t *testing.T) {
	t.Parallel()
	dir := waiting(t)
	before := contents(t, dir)
	for name, c := range map[string]struct {
		args  []string
		steps func(*screen)
	}{
		"at a question": {nil, func(s *screen) {
			s.expect("Het veld opmerking")
			s.send("\x03")
		}},
		"at the last one": {[]string{"--rename", "field:verhuizing.toelichting=opmerking", "--set-default", "verhuizing.telefoon=0612345678", "--step", "verwerken=verwerkt"}, func(s *screen) {
			s.expect("Doorgaan?")
			s.send("\x03")
		}},
		"no": {[]string{"--rename", "field:verhuizing.toelichting=opmerking", "--set-default", "verhuizing.telefoon=0612345678", "--step", "verwerken=verwerkt"}, func(s *screen) {
			s.answer("Doorgaan?", "nee")
		}},
	} {
		for _, replies := range []int{always, never} {
			s := open(t, dir, 80, replies, nil, append([]string{"update"}, c.args...)...)
			c.steps(s)
			s.expect("Er is niets veranderd.")
			s.end(130)
			after := contents(t, dir)
			for path, body := range after {
				if before[path] != body {
					t.Errorf("%s: %s was changed", name, path)
				}
			}
			if len(after) != len(before) {
				t.Errorf("%s: %d files became %d", name, len(before), len(after))
			}
		}
	}
}

// TestUpdateInEnglish asks and says nothing in Dutch.
func TestUpdateInEnglish(t *testing.T) {
	t.Parallel()
	s := open(t, waiting(t), 100, always, nil, "update", "--lang", "en")
	s.answer("The field opmerking of Verhuizing is new", "")
	s.answer("is new and must be filled in", "0612345678")
	s.answer("The step verwerken is gone", "Later")
	s.answer("Go on?", "")
	s.expect("Up to date: verhuizing")
	s.expect("The step verwerken is gone. When zaken stand at that step")
	s.end(0)
}

// TestTakeAsks: taking a package over is a decision.
func TestTakeAsks(t *testing.T) {
	t.Parallel()
	dir := waiting(t)
	restore, err := os.ReadFile(filepath.Join(dir, "..", "answers.yaml"))
	if err != nil || os.WriteFile(filepath.Join(dir, "fieldlab.yaml"), restore, 0o644) != nil {
		t.Fatal(err)
	}
	s := open(t, dir, 100, always, nil, "kern", "take", "pki")
	s.expect("Voortaan onderhoudt u kern/pki")
	s.answer("Doorgaan?", "")
	s.expect("Bijgewerkt")
	s.end(0)
}

// TestInterruptedUpdate stops an update at moments all over its run: everything
// is done or nothing, and what is said fits.
func TestInterruptedUpdate(t *testing.T) {
	t.Parallel()
	dir := waiting(t)
	args := []string{"update", "--rename", "field:verhuizing.toelichting=opmerking", "--set-default", "verhuizing.telefoon=0612345678", "--step", "verwerken=verwerkt"}
	before := contents(t, dir)
	run := func(wait time.Duration) (code int, said string) {
		self, _ := os.Executable()
		cmd := exec.Command(self, args...)
		var words strings.Builder
		cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), asProgram+"=1", "LANG="), &words
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if wait > 0 {
			time.Sleep(wait)
			_ = cmd.Process.Signal(os.Interrupt)
		}
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode(), words.String()
	}
	began := time.Now()
	if code, said := run(0); code != 0 {
		t.Fatalf("ended with %d: %s", code, said)
	}
	took, after := time.Since(began), contents(t, dir)
	stopped, finished := 0, 0
	for part := range 10 {
		restore(t, dir, before)
		code, said := run(took * time.Duration(part+1) / 10)
		now := contents(t, dir)
		switch {
		case maps.Equal(now, after):
			finished++
		case maps.Equal(now, before) && (code == -1 || code == 130 && strings.Contains(said, "Er is niets veranderd.")): // -1: it had not begun
			stopped++
		default:
			t.Errorf("ended with %d: %s", code, said)
			for path := range now {
				if now[path] != before[path] && now[path] != after[path] {
					t.Errorf("%s is neither old nor new", path)
				}
			}
		}
	}
	t.Logf("%d stopped, %d finished", stopped, finished)
	if stopped == 0 {
		t.Errorf("none of %d was stopped", finished)
	}
}

// restore puts a folder back as it was.
func restore(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for path := range contents(t, dir) {
		if _, was := files[path]; !was {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, body := range files {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(body), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}
