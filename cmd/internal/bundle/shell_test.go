package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestShell: settings of the person that put another Go in front do not win.
func TestShell(t *testing.T) {
	for _, name := range []string{"bash", "zsh", "fish", "dash", "sh"} {
		t.Run(name, func(t *testing.T) {
			path, err := exec.LookPath(name)
			if err != nil {
				t.Skip("no " + name) // none of them is needed
			}
			home, odd := t.TempDir(), filepath.Join(t.TempDir(), "l'été & co")
			ours := put0(t, odd, "bin/go", []byte("#!/bin/sh\necho ours\n"))
			theirs := put0(t, home, "other/go", []byte("#!/bin/sh\necho theirs\n"))
			fatal(t, os.Chmod(ours, 0o755))
			fatal(t, os.Chmod(theirs, 0o755))
			settings := "export PATH=" + quoted(filepath.Dir(theirs)) + ":$PATH GOROOT=/x\n"
			for _, file := range []string{".bashrc", ".zshrc"} {
				put0(t, home, file, []byte(settings))
			}
			env := map[string]string{"SHELL": path, "HOME": home}
			shell, err := ShellOf(func(key string) string { return env[key] }, filepath.Join(odd, "cache"), System{"linux", "amd64"}, []string{filepath.Dir(ours)})
			fatal(t, err)
			command := exec.CommandContext(t.Context(), shell.Args[0], shell.Args[1:]...)
			command.Env = append([]string{"HOME=" + home, "PATH=" + filepath.Dir(ours) + ":/usr/bin:/bin", "TERM=dumb", "GOROOT="}, shell.Env...)
			command.Stdin = strings.NewReader("go\necho \"root=$GOROOT\"\nexit\n")
			out, err := command.Output()
			if err != nil || !strings.Contains(string(out), "ours\n") || !strings.Contains(string(out), "root=\n") {
				t.Errorf("%s, %v", out, err)
			}
		})
	}
}

func TestShellOfWindows(t *testing.T) {
	shell, err := ShellOf(func(string) string { return "" }, t.TempDir(), System{"windows", "amd64"}, nil)
	if err != nil || strings.Join(shell.Args, " ") != "cmd.exe /K prompt (fieldlab) $P$G" {
		t.Errorf("%+v, %v", shell, err)
	}
}

// TestScriptOfWindows: what cmd.exe stumbles over, as far as reading tells; it runs
// on no machine of ours.
func TestScriptOfWindows(t *testing.T) {
	items, err := starts(Systems())
	if err != nil || len(items) != 3 {
		t.Fatal(items, err)
	}
	for _, i := range items {
		from, err := i.open()
		fatal(t, err)
		var body bytes.Buffer
		_, err = body.ReadFrom(from)
		fatal(t, err)
		text := body.String()
		if i.name != "start-windows.cmd" {
			if strings.Contains(text, "\r") || !i.exec || !strings.HasPrefix(text, "#!/bin/sh\n") || !utf8.ValidString(text) {
				t.Errorf("%s does not start with sh", i.name)
			}
			continue
		}
		if strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.ContainsFunc(text, func(r rune) bool { return r > 126 }) {
			t.Error("not all lines end as cmd.exe wants, or a letter differs per code page")
		}
		for line := range strings.SplitSeq(text, "\r\n") {
			if strings.Contains(line, "(") && !strings.HasPrefix(line, "echo ") && !strings.HasPrefix(line, "rem ") {
				t.Errorf("a block, in which variables have their value of before: %s", line)
			}
			if name, is := strings.CutPrefix(line, "set "); is && !strings.HasPrefix(name, `"`) {
				t.Errorf("a & in a path ends this: %s", line)
			}
			if to, jumps := strings.CutPrefix(line[strings.Index(line, "goto ")+1:], "oto "); jumps && !strings.Contains(text, "\r\n:"+to+"\r\n") {
				t.Errorf("no label %s", to)
			}
		}
	}
}

// TestStart runs the start scripts in every shell that is there: from a folder with
// any name, once, and again.
func TestStart(t *testing.T) {
	if runtime.GOOS != "linux" {
		lackingOnlyHere(t)
	}
	odd := filepath.Join(t.TempDir(), "Zoë's stick & (co); $HOME `x` \"y\"")
	r := aRequest(t, odd)
	r.Systems = append(r.Systems, System{"darwin", runtime.GOARCH})
	r.Release = aRelease(t, "1.2.3", r.Systems...)
	if _, err := Make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"sh", "dash", "bash"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		for _, script := range []string{"start-linux.sh", "start-macos.command"} {
			home := filepath.Join(t.TempDir(), "thuis é")
			fatal(t, os.Mkdir(home, 0o755))
			for range 2 {
				command := exec.CommandContext(t.Context(), path, script, "--", "echo", "a b", "'c'")
				command.Dir, command.Env = odd, []string{"HOME=" + home, "PATH=/usr/bin:/bin"}
				out, err := command.CombinedOutput()
				if want := "ik ben fieldlab bundle use " + odd + " -- echo a b 'c'\n"; err != nil || string(out) != want {
					t.Errorf("%s %s: %s, %v", shell, script, out, err)
				}
			}
			if left := tree(t, home); len(left) != 1 {
				t.Errorf("left %v", left)
			}
		}
	}
	// A program that is damaged is not started.
	fatal(t, flip(filepath.Join(odd, System{"linux", runtime.GOARCH}.Program())))
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(odd, "start-linux.sh"))
	command.Env = []string{"HOME=" + t.TempDir(), "PATH=/usr/bin:/bin"}
	if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "beschadigd") {
		t.Errorf("%s, %v", out, err)
	}
	fatal(t, os.Remove(filepath.Join(odd, System{"linux", runtime.GOARCH}.Program())))
	command = exec.CommandContext(t.Context(), "sh", filepath.Join(odd, "start-linux.sh"))
	command.Env = []string{"HOME=" + t.TempDir(), "PATH=/usr/bin:/bin"}
	if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "ontbreekt fieldlab/linux-") {
		t.Errorf("%s, %v", out, err)
	}
}

func lackingOnlyHere(t *testing.T) {
	t.Helper()
	t.Skip("the scripts look at uname; on this system one of them is somebody else's")
}
