package openfsc

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Vorm is the language in which a setting is written. A grant hash begins with
// $1$3$, and each language reads a $ in its own way.
type Vorm string

// The forms: a POSIX shell, PowerShell, an env file that docker compose reads,
// and one that nothing interprets (docker run --env-file, systemd, Kubernetes).
const (
	Shell      Vorm = "sh"
	PowerShell Vorm = "powershell"
	Compose    Vorm = "compose"
	Letterlijk Vorm = "letterlijk"
)

// Regel writes one setting in the form. Value has no quotes or line ends
// (grantHash sees to that).
func (v Vorm) Regel(name, value string) (string, error) {
	switch v {
	case Shell:
		return "export " + name + "='" + value + "'", nil
	case PowerShell:
		return "$env:" + name + " = '" + value + "'", nil
	case Compose:
		return name + "=" + strings.ReplaceAll(value, "$", "$$"), nil
	case Letterlijk:
		return name + "=" + value, nil
	}
	return "", fmt.Errorf("vorm %q is er niet; kies %s, %s, %s of %s", v, Shell, PowerShell, Compose, Letterlijk)
}

// SchrijfRegel puts the setting in a file, on the line where it was or at the
// end; other lines stay as they are. The file is never half written.
func SchrijfRegel(file string, v Vorm, name, value string) error {
	line, err := v.Regel(name, value)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	start, _, _ := strings.Cut(line, name)
	lines := strings.Split(strings.TrimRight(string(raw), "\r\n"), "\n")
	found := false
	for i, old := range lines {
		rest, ours := strings.CutPrefix(old, start+name)
		if rest = strings.TrimSpace(rest); ours && strings.HasPrefix(rest, "=") {
			lines[i], found = line, true
		}
	}
	if !found {
		lines = append(lines, line)
	}
	text := strings.TrimLeft(strings.Join(lines, "\n"), "\n") + "\n"
	return schrijf(file, []byte(text), 0o600)
}

// schrijf replaces a file at once, and leaves it alone when nothing changes.
func schrijf(file string, body []byte, mode fs.FileMode) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, body) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".nieuw-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone after a good rename
	_, err = temporary.Write(body)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}
