package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The files in which a board keeps its state, in the folder of the workshop.
const (
	stateFile  = "bord.json"
	brokenFile = "bord-beschadigd.json"
	mostState  = 8 << 20
)

type state struct {
	Version int    `json:"version"` // 1
	Teams   []kept `json:"teams"`
}

// load takes the state of before. What of it does not fit the workshop is left out;
// a file that cannot be read is set aside, for a trainer wants a board.
func (b *Board) load() (notice string, err error) {
	body, err := readSmall(b.root, stateFile, mostState)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	var old state
	if err == nil {
		err = json.Unmarshal(body, &old)
	}
	if err != nil || old.Version != 1 {
		if err := b.root.Rename(stateFile, brokenFile); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s was niet te lezen en heet nu %s; het bord begint leeg.", stateFile, brokenFile), nil
	}
	byNumber := map[int]kept{}
	for _, k := range old.Teams {
		byNumber[k.Number] = k
	}
	for _, s := range b.teams {
		k, known := byNumber[s.team.Number]
		if !known || k.Name != s.team.Name || !(Report{Step: k.Step, Checks: k.Checks}).fits(b.o.Course) {
			continue
		}
		k.Checks = inOrder(stepOf(b.o.Course, k.Step), k.Checks)
		s.kept = k
	}
	return "", nil
}

// Save keeps the state when there is something new: all of it, or what was there.
func (b *Board) Save() error {
	b.mu.Lock()
	now := state{Version: 1}
	for _, s := range b.teams {
		if !s.Heard.IsZero() {
			now.Teams = append(now.Teams, s.kept)
		}
	}
	dirty := b.dirty
	b.dirty = false
	b.mu.Unlock()
	if !dirty {
		return nil
	}
	body, err := json.MarshalIndent(now, "", "  ")
	if err == nil {
		err = replace(b.root, stateFile, append(body, '\n'), 0o600)
	}
	if err != nil {
		b.mu.Lock()
		b.dirty = true
		b.mu.Unlock()
	}
	return err
}

// readSmall reads a regular file that is not larger than it can be.
func readSmall(root *os.Root, name string, most int64) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%s: geen gewoon bestand van hooguit %d bytes", name, most)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// replace writes a file beside the one that it takes the place of.
func replace(root *os.Root, name string, body []byte, mode fs.FileMode) (err error) {
	beside := name + ".nieuw"
	_ = root.Remove(beside) // of a write that was cut off
	f, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(beside, name)
	}
	if err != nil {
		_ = root.Remove(beside)
	}
	return err
}
