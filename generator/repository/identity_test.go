package repository

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// laptop is a home folder with settings in every way that git has, and a
// repository in ~/werk/zaak, on branch main.
func laptop(t *testing.T) (home, dir string) {
	t.Helper()
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	person := func(name string) string {
		return "[user]\n\tname = " + name + "\n\temail = " + name + "@gemeente.test\n"
	}
	for name, body := range map[string]string{
		"names":         person("Ans"),
		"name only":     "[user]\n name = Jan Proef\n",
		"email only":    "[user]\n email = jan@gemeente.test\n",
		"empty":         "",
		"broken":        "[user\nname=",
		"only":          "[user]\nuseConfigOnly = yes\n",
		"included":      person("Ina"),
		"including":     "[include]\n\tpath = included\n",
		"nothing there": person("Ans") + "[include]\n\tpath = absent\n",
		"itself":        person("Ans") + strings.Repeat("[include]\npath = itself\n", 40),
		"before":        "[include]\npath = work\n" + person("Ans"),
		"after":         person("Ans") + "[include]\npath = work\n",
		"between":       person("Ans") + "[include]\npath = work\n[user]\nname = Later\n",
		"home":          "[include]\npath = ~/work\n",
		"roles":         "[user]\nname=U\nemail=u@x.test\n[author]\nname=A\n[committer]\nemail=c@x.test\n",
		"notation":      "# c\n[User] ; c\nNAME = \"Ans  \\\"de\\\" Vries\"  # c\n\temail = a\\\n@x.test \t; c\n[core]\nbare\n[alias \"a.B\"]\nx = \"!f() { : \\\\; }\"\n",
		"old":           "[user]\nname=U\nemail=u@x.test\n[user.sub]\nname = S\n[user \"Sub\"]\nname = T\n",
		"cr":            "[user]\r\n\tname = Ans\r\n\temail = ans@x.test\r\n",
		"work":          person("Work"),
	} {
		put(t, home, name, body)
	}
	for i, condition := range conditions {
		put(t, home, fmt.Sprint("if", i), person("Ans")+"[includeIf \""+strings.ReplaceAll(condition, "HOME", filepath.ToSlash(home))+"\"]\n\tpath = work\n[remote \"x\"]\nurl = https://git.example.test/team/zaak.git\n")
	}
	dir = filepath.Join(home, "werk", "zaak")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	symlink(t, filepath.Join(home, "werk"), filepath.Join(home, "link"))
	return home, dir
}

var conditions = []string{
	"gitdir:~/werk/", "gitdir:~/werk", "gitdir:~/werk/**", "gitdir:~/werk/zaak/", "gitdir:~/werk/zaak/.git", "gitdir:HOME/werk/",
	"gitdir:HOME/wer[jk]/", "gitdir:HOME/w*/", "gitdir:HOME/w?rk/*/.git", "gitdir:werk/", "gitdir:zaak/.git", "gitdir:rk/", "gitdir:./werk/",
	"gitdir:~/WERK/", "gitdir/i:~/WERK/", "gitdir/i:HOME/WERK/", "gitdir:~/ander/", "gitdir:HOME/*/.git", "gitdir:HOME/**/.git", "gitdir:HOME/**/zaak/**",
	"gitdir:HOME/w**k/", "gitdir:HOME/wer[!a]/", "gitdir:~/link/", "gitdir:HOME/link/zaak/", "gitdir:", "gitdir:/",
	"onbranch:main", "onbranch:ma*", "onbranch:trunk", "onbranch:main/", "onbranch:*", "onbranch:**",
	"hasconfig:remote.*.url:https://git.example.test/**", "hasconfig:remote.*.url:https://git.example.test/*", "hasconfig:remote.*.url:**/team/**",
	"hasconfig:remote.*.url:https://elders.test/**", "unheard:of", "nothing",
}

// TestIdentifyAsGit asks git the same.
func TestIdentifyAsGit(t *testing.T) {
	home, dir := laptop(t)
	native(t, dir, "init", "--quiet", "--initial-branch=main")
	var tries []map[string]string
	for _, global := range []string{"names", "including", "nothing there", "before", "after", "between", "home", "roles", "notation", "old", "cr"} {
		tries = append(tries, map[string]string{"GIT_CONFIG_GLOBAL": global})
	}
	for i := range conditions {
		tries = append(tries, map[string]string{"GIT_CONFIG_GLOBAL": fmt.Sprint("if", i)})
	}
	tries = append(tries,
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "GIT_AUTHOR_NAME": "Bo", "GIT_COMMITTER_EMAIL": "bo@x.test"},
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "EMAIL": "e@x.test"},
		map[string]string{"GIT_CONFIG_GLOBAL": "name only", "EMAIL": "e@x.test"},
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "GIT_CONFIG_SYSTEM": "roles"},
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "User.Name", "GIT_CONFIG_VALUE_0": "Env", "GIT_CONFIG_KEY_1": "committer.email", "GIT_CONFIG_VALUE_1": "c@x.test"},
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "include.path", "GIT_CONFIG_VALUE_0": filepath.Join(home, "work")},
		map[string]string{"GIT_CONFIG_GLOBAL": "names", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "includeIf.gitdir:~/werk/.path", "GIT_CONFIG_VALUE_0": filepath.Join(home, "work")},
	)
	for _, env := range tries {
		sameAsGit(t, home, dir, env)
	}
	native(t, dir, "config", "user.name", "Local")
	sameAsGit(t, home, dir, map[string]string{"GIT_CONFIG_GLOBAL": "names"})
	put(t, dir, ".git/config.worktree", "[user]\nname = Tree\n")
	sameAsGit(t, home, dir, map[string]string{"GIT_CONFIG_GLOBAL": "names"})
	native(t, dir, "config", "extensions.worktreeConfig", "true")
	sameAsGit(t, home, dir, map[string]string{"GIT_CONFIG_GLOBAL": "names"})
	put(t, home, ".gitconfig", "[user]\nname = Dot\n")
	put(t, home, ".config/git/config", "[user]\nname = Xdg\nemail = xdg@x.test\n")
	put(t, home, "xdg/git/config", "[user]\nemail = other@x.test\n")
	native(t, dir, "config", "--unset", "user.name")
	native(t, dir, "config", "--unset", "extensions.worktreeConfig")
	sameAsGit(t, home, dir, map[string]string{})
	sameAsGit(t, home, dir, map[string]string{"XDG_CONFIG_HOME": filepath.Join(home, "xdg")})
}

// sameAsGit compares who commits with what git var says.
func sameAsGit(t *testing.T, home, dir string, env map[string]string) {
	t.Helper()
	full := map[string]string{"HOME": home, "GIT_CONFIG_NOSYSTEM": "1"}
	for key, value := range env {
		if key == "GIT_CONFIG_GLOBAL" || key == "GIT_CONFIG_SYSTEM" {
			value = filepath.Join(home, value)
		}
		if key == "GIT_CONFIG_SYSTEM" {
			full["GIT_CONFIG_NOSYSTEM"] = ""
		}
		full[key] = value
	}
	p := Identify(func(key string) string { return full[key] }, Place{GitDir: filepath.Join(dir, ".git"), Branch: "main"})
	for kind, who := range map[string]Identity{"GIT_AUTHOR_IDENT": p.Author, "GIT_COMMITTER_IDENT": p.Committer} {
		command := exec.Command("git", "var", kind)
		command.Dir = dir
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
		for key, value := range full {
			command.Env = append(command.Env, key+"="+value)
		}
		out, err := command.CombinedOutput()
		said := strings.Join(strings.Fields(string(out)), " ")
		want := fmt.Sprintf("%s <%s> ", strings.Join(strings.Fields(who.Name), " "), who.Email)
		if err != nil || !strings.HasPrefix(said, want) || len(p.Missing) > 0 {
			body, _ := os.ReadFile(full["GIT_CONFIG_GLOBAL"])
			t.Errorf("%v: %s: git says %q (%v), we %q, missing %v\n%s", env, kind, said, err, want, p.Missing, body)
		}
	}
}

// TestMissing: what is missing is named, and what is not read too.
func TestMissing(t *testing.T) {
	home, dir := laptop(t)
	pipe := filepath.Join(home, "dir")
	if err := os.Mkdir(pipe, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		global          string
		env             map[string]string
		author          string
		missing, unread string
	}{
		{"name only", nil, "Jan Proef <fieldlab@localhost>", "user.email", ""},
		{"email only", nil, "fieldlab <jan@gemeente.test>", "user.name", ""},
		{"empty", nil, "fieldlab <fieldlab@localhost>", "user.name user.email", ""},
		{"absent", nil, "fieldlab <fieldlab@localhost>", "user.name user.email", ""},
		{"absent", map[string]string{"EMAIL": "e@x"}, "fieldlab <e@x>", "user.name", ""},
		{"only", map[string]string{"EMAIL": "e@x"}, "fieldlab <fieldlab@localhost>", "user.name user.email", ""},
		{"names", map[string]string{"GIT_CONFIG_COUNT": "x"}, "Ans <Ans@gemeente.test>", "", "GIT_CONFIG_COUNT"},
		{"names", map[string]string{"GIT_CONFIG_PARAMETERS": "'user.name=X'"}, "Ans <Ans@gemeente.test>", "", "GIT_CONFIG_PARAMETERS"},
		{"null", nil, "fieldlab <fieldlab@localhost>", "user.name user.email", ""},
		{"broken", nil, "fieldlab <fieldlab@localhost>", "user.name user.email", filepath.Join(home, "broken")},
		{"dir", nil, "fieldlab <fieldlab@localhost>", "user.name user.email", pipe},
		{fmt.Sprint("if", slices.Index(conditions, "unheard:of")), nil, "Ans <Ans@gemeente.test>", "", "includeIf unheard:of"},
	} {
		getenv := func(key string) string {
			switch key {
			case "HOME":
				return home
			case "GIT_CONFIG_NOSYSTEM":
				return "1"
			case "GIT_CONFIG_GLOBAL":
				if c.global == "null" {
					return os.DevNull
				}
				return filepath.Join(home, c.global)
			}
			return c.env[key]
		}
		p := Identify(getenv, Place{GitDir: filepath.Join(dir, ".git"), Branch: "main"})
		if got := fmt.Sprintf("%s <%s>", p.Author.Name, p.Author.Email); got != c.author || strings.Join(p.Missing, " ") != c.missing || strings.Join(p.Unread, " ") != c.unread {
			t.Errorf("%s, %v gives %s, missing %v, unread %v", c.global, c.env, got, p.Missing, p.Unread)
		}
	}
}

// TestIncludesEnd: settings that include themselves are read in no time.
func TestIncludesEnd(t *testing.T) {
	home, dir := laptop(t)
	begin := time.Now()
	p := Identify(func(key string) string {
		return map[string]string{"HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": filepath.Join(home, "itself")}[key]
	}, Place{GitDir: filepath.Join(dir, ".git")})
	if took := time.Since(begin); took > 2*time.Second || p.Author.Name != "Ans" || len(p.Unread) == 0 {
		t.Errorf("took %s, gives %+v", took, p)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("[user]\nname = \"x\\\"\" ; c\n[a \"b\\\"\"]\nc\n")
	f.Fuzz(func(t *testing.T, body string) {
		lines, _ := parseConfig(body)
		for _, line := range lines {
			if line.section == "" || line.key == "" {
				t.Errorf("%q gives %+v", body, line)
			}
			matches(line.value, line.sub, true)
		}
	})
}
