package gowork

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAroundAsGo builds a module in each folder: go fails where Around says so.
func TestAroundAsGo(t *testing.T) {
	if testing.Short() {
		t.Skip("asks go")
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, body string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	module := func(name string) {
		put(name+"/go.mod", "module m"+strings.ToLower(strings.NewReplacer("/", "", " ", "").Replace(name))+"\n\ngo 1.24\n")
		put(name+"/main.go", "package main\n\nfunc main() {}\n")
	}
	for _, name := range []string{"free", "not/a", "not/x", "used/a", "used/x", "block/a", "block/b c", "broken/a", "empty/a", "deep/a/b/c", "folder/a", "absolute/a"} {
		module(name)
	}
	put("not/go.work", "go 1.24\n\nuse ./x // ./a\n")
	put("used/go.work", "go 1.24\nuse ./a/\nuse ./x\n")
	put("block/go.work", "go 1.24\n\nuse (\n\t// ./x\n\t./a // c\n\t\"./b c\"\n)\n")
	put("broken/go.work", "hallo\n")
	put("empty/go.work", "")
	put("deep/go.work", "go 1.24\n")
	put("folder/go.work/x", "")
	put("absolute/go.work", "go 1.24\nuse "+filepath.ToSlash(filepath.Join(root, "absolute/a"))+"\n")
	put("env/go/env", "GOWORK=off\n")
	links := os.Symlink(filepath.Join(root, "free"), filepath.Join(root, "not/link")) == nil &&
		os.Symlink(filepath.Join(root, "used/a"), filepath.Join(root, "link")) == nil

	for _, c := range []struct {
		dir, gowork, config string
		found, usable       bool
	}{
		{"free", "", "", false, false},
		{"not/a", "", "", true, true},
		{"not/x", "", "", false, false},
		{"not/a", "off", "", false, false},
		{"not/a", "auto", "", true, true},
		{"not/a", "", "env", false, false},
		{"not/a", "auto", "env", true, true},
		{"not/a", filepath.Join(root, "used/go.work"), "", true, true},
		{"used/a", filepath.Join(root, "used/go.work"), "", false, false},
		{"free", filepath.Join(root, "absent.work"), "", true, false},
		{"free", "relative.work", "", true, false},
		{"used/a", "", "", false, false},
		{"block/a", "", "", false, false},
		{"block/b c", "", "", false, false},
		{"broken/a", "", "", true, false},
		{"empty/a", "", "", true, false},
		{"deep/a/b/c", "", "", true, true},
		{"folder/a", "", "", false, false},
		{"absolute/a", "", "", false, false},
		{"not/link", "", "", true, true},
		{"link", "", "", false, false},
	} {
		if strings.HasSuffix(c.dir, "link") && !links {
			continue
		}
		config := filepath.Join(root, "config")
		if c.config != "" {
			config = filepath.Join(root, c.config)
		}
		getenv := func(key string) string { return map[string]string{"GOWORK": c.gowork}[key] }
		dir := filepath.Join(root, c.dir)
		w, found := Around(dir, getenv, func() (string, error) { return config, nil })
		if found != c.found || w.Usable != c.usable {
			t.Errorf("%s with %q gives %+v, %v", c.dir, c.gowork, w, found)
		}
		command := exec.Command("go", "list", ".")
		command.Dir = dir
		command.Env = append(os.Environ(), "GOWORK="+c.gowork, "PWD="+dir, "GOFLAGS=", "GOENV="+filepath.Join(config, "go", "env"))
		if out, err := command.CombinedOutput(); (err != nil) != found {
			t.Errorf("%s with %q: we say %v, go says %v: %s", c.dir, c.gowork, found, err, out)
		}
	}
}

// TestAroundTheRealFolder: what a link leads to may lie in a workspace too.
func TestAroundTheRealFolder(t *testing.T) {
	root := t.TempDir()
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "werk", "a"), 0o755),
		os.WriteFile(filepath.Join(root, "werk", "go.work"), []byte("go 1.24\n"), 0o644),
		os.Mkdir(filepath.Join(root, "elders"), 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(root, "elders", "link")
	if os.Symlink(filepath.Join(root, "werk", "a"), link) != nil {
		t.Skip("no symbolic links here")
	}
	none := func() (string, error) { return "", errors.New("none") }
	if w, found := Around(link, func(string) string { return "" }, none); !found || w.Usable || filepath.Base(w.File) != "go.work" {
		t.Errorf("got %+v, %v", w, found)
	}
}

func TestNoFolderOfSettings(t *testing.T) {
	none := func() (string, error) { return "", errors.New("none") }
	if _, found := Around(t.TempDir(), func(string) string { return "off" }, none); found {
		t.Error("found a workspace that is off")
	}
	if _, found := Around(filepath.Join(t.TempDir(), "absent"), func(string) string { return "" }, none); found {
		t.Error("found a workspace around a temporary folder")
	}
}
