package doctor

import (
	"context"
	"strings"
)

// checkGit: everything of fieldlab works without it, but a team cannot share what
// it makes.
func checkGit(ctx context.Context, w *World) Finding {
	if !w.has("git") {
		return mind("none").line(w.installer("git", "Git.Git"))
	}
	if w.hollowGit(ctx) {
		return mind("tools").line("xcode-select --install")
	}
	out, err := w.Run(ctx, w.Dir, "git", "--version")
	switch {
	case ctx.Err() != nil:
		return unseen(caseSlow)
	case err != nil:
		return mind("broken", lastLine(out, err)).line(w.installer("git", "Git.Git"))
	}
	_, version, _ := strings.Cut(strings.TrimSpace(out), "version ")
	return good("found", version)
}

// hollowGit says whether the git of macOS is only a window that offers to install
// it. Running that git would open the window.
func (w *World) hollowGit(ctx context.Context) bool {
	if path, err := w.LookPath("git"); w.OS != darwin || err != nil || path != "/usr/bin/git" {
		return false
	}
	_, err := w.Run(ctx, w.Dir, "xcode-select", "-p")
	return err != nil && ctx.Err() == nil
}

// checkIdentity: a commit needs a name and an address.
func checkIdentity(ctx context.Context, w *World) Finding {
	if !w.has("git") || w.hollowGit(ctx) {
		return unseen("no-git")
	}
	ask := func(env, key string) string {
		if value := w.Env(env); value != "" {
			return value
		}
		out, _ := w.Run(ctx, w.Dir, "git", "config", "--get", key)
		return strings.TrimSpace(out)
	}
	name, email := ask("GIT_AUTHOR_NAME", "user.name"), ask("GIT_AUTHOR_EMAIL", "user.email")
	switch {
	case ctx.Err() != nil:
		return unseen(caseSlow)
	case name == "" && email == "":
		return mind("none").line(w.both(`git config --global user.name "Jan Jansen"`, "git config --global user.email jan.jansen@example.org"))
	case name == "":
		return mind("no-name").line(`git config --global user.name "Jan Jansen"`)
	case email == "":
		return mind("no-email").line("git config --global user.email jan.jansen@example.org")
	}
	return good("known", name, email)
}

// both is two commands on a line.
func (w *World) both(first, second string) string {
	if w.shell() == powershell {
		return first + "; " + second // && only since PowerShell 7
	}
	return first + " && " + second
}

// installer is the line that installs a program, where there is one.
func (w *World) installer(name, winget string) string {
	switch {
	case w.OS == windows:
		return "winget install --exact --id " + winget
	case w.OS == darwin && w.has("brew"):
		return "brew install " + name
	case w.OS == darwin && name == "git":
		return "xcode-select --install"
	case w.has("apt-get"):
		return "sudo apt-get install " + name
	case w.has("dnf"):
		return "sudo dnf install " + name
	case w.has("zypper"):
		return "sudo zypper install " + name
	case w.has("pacman"):
		return "sudo pacman -S " + name
	case w.has("apk"):
		return "sudo apk add " + name
	}
	return ""
}

// lastLine is what a command said last, or why it did not run.
func lastLine(out string, err error) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return err.Error()
}
