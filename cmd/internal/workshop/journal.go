package workshop

import (
	"errors"
	"io/fs"
	"os"
)

// journalFile says that somebody is catching up, or was when that was killed.
const journalFile = "inhalen.json"

// journal is what a run that was killed leaves to the next one.
type journal struct {
	Version int    `json:"version"`
	Step    string `json:"step"`   // "" for the beginning
	Branch  string `json:"branch"` // has the team's own work
	Folder  string `json:"folder"` // in the component: what was moved aside
	Locked  bool   `json:"locked"` // the index of Git may have been left locked
}

// readJournal reads what a run before left; nil when it left nothing, or nothing that
// can be used: then the own work is kept once more.
func readJournal(root *os.Root) *journal {
	var j journal
	if readJSON(root, Folder+"/"+journalFile, &j) != nil || !keptFolder.MatchString(j.Folder) {
		return nil
	}
	return &j
}

func (j journal) write(root *os.Root) error {
	j.Version = version
	body, err := encoded(j)
	if err != nil {
		return err
	}
	return replace(root, Folder+"/"+journalFile, body)
}

// endJournal says that all is done.
func endJournal(root *os.Root) error {
	if err := root.Remove(Folder + "/" + journalFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
