package serve

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// Joined is what .fieldlab/workshop/bord.json holds.
type Joined struct {
	Address string `json:"address"`
	Code    string `json:"code"`
}

// joinedFile is where a component keeps it; it is never committed.
const joinedFile = "bord.json"

// ReadJoined reads it in a component; false when the team joined no board. What is
// in it counts as typed: it goes nowhere that a person could not have sent it.
func ReadJoined(dir string) (Joined, bool) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Joined{}, false
	}
	defer root.Close()
	body, err := readSmall(root, path.Join(workshop.Folder, joinedFile), 4<<10)
	var j Joined
	if err != nil || json.Unmarshal(body, &j) != nil {
		return Joined{}, false
	}
	address, err1 := ParseAddress(j.Address)
	code, err2 := ParseCode(j.Code)
	return Joined{address, code}, err1 == nil && err2 == nil
}

// WriteJoined keeps it in a component, for its owner only, and sees to it that Git
// leaves it out.
func WriteJoined(dir string, j Joined) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(workshop.Folder, 0o755); err != nil {
		return err
	}
	if err := ignore(root, path.Join(workshop.Folder, ".gitignore")); err != nil {
		return err
	}
	body, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	return replace(root, path.Join(workshop.Folder, joinedFile), append(body, '\n'), 0o600)
}

// ignore adds the file to a .gitignore that does not name it.
func ignore(root *os.Root, name string) error {
	body, err := readSmall(root, name, 64<<10)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := string(body)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == joinedFile || line == "/"+joinedFile {
			return nil
		}
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return replace(root, name, []byte(text+joinedFile+"\n"), 0o644)
}
