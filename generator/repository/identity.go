package repository

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/config"
)

// Identity is who made a commit.
type Identity struct {
	Name  string
	Email string
}

// Fallback is who makes a commit on a laptop where Git does not know its user.
var Fallback = Identity{Name: "fieldlab", Email: "fieldlab@localhost"}

// Identify says who commits here: what the environment says, else what Git's
// configuration says, as git itself does. It reports false when either lacks a
// name or an address, and then gives Fallback for what is missing.
func Identify(getenv func(string) string) (author, committer Identity, known bool) {
	author = Identity{Name: getenv("GIT_AUTHOR_NAME"), Email: getenv("GIT_AUTHOR_EMAIL")}
	committer = Identity{Name: getenv("GIT_COMMITTER_NAME"), Email: getenv("GIT_COMMITTER_EMAIL")}
	if !author.complete() || !committer.complete() {
		found := configured(getenv)
		user := Identity{Name: found["user.name"], Email: cmp.Or(found["user.email"], getenv("EMAIL"))}
		author = author.or(Identity{Name: found["author.name"], Email: found["author.email"]}).or(user)
		committer = committer.or(Identity{Name: found["committer.name"], Email: found["committer.email"]}).or(user)
	}
	known = author.complete() && committer.complete()
	return author.or(Fallback), committer.or(Fallback), known
}

func (i Identity) complete() bool { return i.Name != "" && i.Email != "" }

func (i Identity) or(other Identity) Identity {
	return Identity{Name: cmp.Or(i.Name, other.Name), Email: cmp.Or(i.Email, other.Email)}
}

// configured reads names and addresses from Git's configuration files. A file
// that cannot be read or understood is passed over: the commit is more useful
// with the fallback than not made.
func configured(getenv func(string) string) map[string]string {
	found := map[string]string{}
	for _, path := range configFiles(getenv) {
		readConfig(path, found, 0)
	}
	return found
}

// maxInclude is how deep files may include each other; git allows 10.
const maxInclude = 10

func readConfig(path string, found map[string]string, depth int) {
	file, err := os.Open(path)
	if err != nil {
		return
	}
	defer file.Close()
	cfg, err := config.ReadConfig(file)
	if err != nil {
		return
	}
	for _, section := range []string{"user", "author", "committer"} {
		for _, key := range []string{"name", "email"} {
			if value := cfg.Raw.Section(section).Option(key); value != "" {
				found[section+"."+key] = value
			}
		}
	}
	if depth == maxInclude {
		return
	}
	for _, include := range cfg.Raw.Section("include").OptionAll("path") {
		if rest, home := strings.CutPrefix(include, "~/"); home {
			directory, err := os.UserHomeDir()
			if err != nil {
				continue
			}
			include = filepath.Join(directory, rest)
		} else if !filepath.IsAbs(include) {
			include = filepath.Join(filepath.Dir(path), include)
		}
		readConfig(include, found, depth+1)
	}
}

// configFiles lists the files in the order in which a later one wins.
func configFiles(getenv func(string) string) []string {
	var files []string
	if noSystem := getenv("GIT_CONFIG_NOSYSTEM"); noSystem == "" || noSystem == "0" || noSystem == "false" {
		if system := getenv("GIT_CONFIG_SYSTEM"); system != "" {
			files = append(files, system)
		} else if paths, err := config.Paths(config.SystemScope); err == nil {
			files = append(files, paths...)
		}
	}
	if global := getenv("GIT_CONFIG_GLOBAL"); global != "" {
		return append(files, global)
	}
	home := cmp.Or(getenv("HOME"), getenv("USERPROFILE"))
	if xdg := getenv("XDG_CONFIG_HOME"); xdg != "" {
		files = append(files, filepath.Join(xdg, "git", "config"))
	} else if home != "" {
		files = append(files, filepath.Join(home, ".config", "git", "config"))
	}
	if home != "" {
		files = append(files, filepath.Join(home, ".gitconfig"))
	}
	return files
}
