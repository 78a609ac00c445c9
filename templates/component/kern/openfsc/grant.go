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

// Format is the language in which a setting is written. A grant hash begins with
// $1$3$, and each language reads a $ in its own way.
type Format string

// The formats: a POSIX shell, PowerShell, an env file that docker compose reads,
// and one that nothing interprets (docker run --env-file, systemd, Kubernetes).
const (
	Shell      Format = "sh"
	PowerShell Format = "powershell"
	Compose    Format = "compose"
	Literal    Format = "letterlijk"
)

// Line writes one setting in the format. Value has no quotes or line ends
// (grantHash sees to that).
func (f Format) Line(name, value string) (string, error) {
	switch f {
	case Shell:
		return "export " + name + "='" + value + "'", nil
	case PowerShell:
		return "$env:" + name + " = '" + value + "'", nil
	case Compose:
		return name + "=" + strings.ReplaceAll(value, "$", "$$"), nil
	case Literal:
		return name + "=" + value, nil
	}
	return "", fmt.Errorf("vorm %q is er niet; kies %s, %s, %s of %s", f, Shell, PowerShell, Compose, Literal)
}

// WriteLine puts the setting in a file, on the line where it was or at the
// end; other lines stay as they are. The file is never half written.
func WriteLine(file string, f Format, name, value string) error {
	line, err := f.Line(name, value)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(file) // #nosec G304 -- A flag names the file.
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
	return write(file, []byte(text), 0o600)
}

// write replaces a file at once, and leaves it alone when nothing changes.
func write(file string, body []byte, mode fs.FileMode) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, body) { // #nosec G304 -- A flag names the file.
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
