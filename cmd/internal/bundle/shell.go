package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Shell is how a shell of this person is started with an environment that survives
// what the person's own settings do to PATH.
type Shell struct {
	Args []string
	Env  []string // besides
}

// ShellOf finds the shell that somebody uses, by the environment, and prepares what
// it reads first. Its files come in a folder of this person.
func ShellOf(env func(string) string, cache string, s System, path []string) (Shell, error) {
	if s.OS == "windows" {
		shell := env("COMSPEC")
		if shell == "" {
			shell = "cmd.exe"
		}
		return Shell{Args: []string{shell, "/K", "prompt", "(fieldlab)", "$P$G"}}, nil
	}
	shell := env("SHELL")
	if info, err := os.Stat(shell); err != nil || info.IsDir() || !filepath.IsAbs(shell) {
		shell = "/bin/sh"
	}
	dir := filepath.Join(cache, "start")
	switch filepath.Base(shell) {
	case "bash":
		file := filepath.Join(dir, "bashrc")
		return Shell{Args: []string{shell, "--rcfile", file, "-i"}}, put(file, bashrc(path))
	case "zsh":
		folder := filepath.Join(dir, "zsh")
		home := env("ZDOTDIR")
		if home == "" {
			home = env("HOME")
		}
		return Shell{Args: []string{shell, "-i"}, Env: []string{"ZDOTDIR=" + folder}},
			errors.Join(put(filepath.Join(folder, ".zshenv"), "[ ! -f "+quoted(home+"/.zshenv")+" ] || . "+quoted(home+"/.zshenv")+"\nZDOTDIR="+quoted(folder)+"\n"),
				put(filepath.Join(folder, ".zshrc"), zshrc(home, path)))
	case "fish":
		return Shell{Args: []string{shell, "-i", "-C", "set -gx PATH " + quotedList(path) + " $PATH; set -e GOROOT"}}, nil
	}
	return Shell{Args: []string{shell, "-i"}, Env: []string{"PS1=(fieldlab) $ "}}, nil
}

// bashrc reads the person's own settings first. They may put another Go in front;
// then ours comes before it.
func bashrc(path []string) string {
	return "[ ! -f ~/.bashrc ] || . ~/.bashrc\n" + after(path) + "PS1=\"(fieldlab) ${PS1-\\$ }\"\n"
}

func zshrc(home string, path []string) string {
	return "ZDOTDIR=" + quoted(home) + "\n[ ! -f " + quoted(home+"/.zshrc") + " ] || . " + quoted(home+"/.zshrc") + "\n" + after(path) + "PROMPT=\"(fieldlab) ${PROMPT}\"\n"
}

func after(path []string) string {
	return "export PATH=" + quoted(strings.Join(path, ":")) + ":\"$PATH\"\nunset GOROOT\nhash -r 2>/dev/null\n"
}

// quoted is a text as a shell of POSIX takes it literally.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// quotedList is for fish, in which a backslash within quotes means something.
func quotedList(all []string) string {
	list := make([]string, len(all))
	for i, one := range all {
		list[i] = "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(one) + "'"
	}
	return strings.Join(list, " ")
}

// put writes a file at once: another window may be starting with it.
func put(file, body string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".nieuw-*")
	if err != nil {
		return err
	}
	_, err = temporary.WriteString(body)
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		os.Remove(temporary.Name())
	}
	return err
}
