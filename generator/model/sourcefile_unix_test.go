//go:build unix

package model

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestReadFileOfTheTeamOnly: the folder of the answers can come from anybody.
func TestReadFileOfTheTeamOnly(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	secret := filepath.Join(outside, "sleutel.json")
	check(os.WriteFile(secret, []byte(`{"geheim":1}`), 0o600))
	check(os.Mkdir(filepath.Join(dir, "bronnen"), 0o700))
	check(os.WriteFile(filepath.Join(dir, "wachtwoord.json"), []byte(`{"geheim":2}`), 0o600))
	check(os.WriteFile(filepath.Join(dir, "bronnen", "goed.json"), []byte(`{}`), 0o600))
	check(os.Symlink(secret, filepath.Join(dir, "bronnen", "buiten.json")))
	check(os.Symlink("../wachtwoord.json", filepath.Join(dir, "bronnen", "binnen.json")))
	check(os.Symlink("bronnen", filepath.Join(dir, "omweg")))
	check(os.Symlink("/dev/zero", filepath.Join(dir, "bronnen", "nul.json")))
	check(syscall.Mkfifo(filepath.Join(dir, "bronnen", "pijp.json"), 0o600))
	check(os.Mkdir(filepath.Join(dir, "bronnen", "map.json"), 0o700))
	root, err := os.OpenRoot(dir)
	check(err)
	defer root.Close()
	for _, name := range []string{"buiten", "binnen", "nul", "pijp", "map"} {
		if body, err := readFile(root.FS(), "bronnen/"+name+".json", 1<<10); !errors.Is(err, errNotRegular) {
			t.Errorf("%s: %q, %v", name, body, err)
		}
	}
	if body, err := readFile(root.FS(), "omweg/goed.json", 1<<10); !errors.Is(err, errNotRegular) {
		t.Errorf("through a folder that is a link: %q, %v", body, err)
	}
	if body, err := readFile(root.FS(), "bronnen/goed.json", 1<<10); err != nil || string(body) != "{}" {
		t.Errorf("a file of the team: %q, %v", body, err)
	}
}
