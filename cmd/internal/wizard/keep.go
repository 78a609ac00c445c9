package wizard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// Unfinished is where the answers to a conversation that was not finished are
// kept: one file per target folder, in the configuration folder of the user.
type Unfinished struct {
	path   string // "" when there is no place to keep anything
	target string
	now    func() time.Time
}

// saved is the content of the file.
type saved struct {
	Format   int       `json:"format"`
	Target   string    `json:"target"`
	Saved    time.Time `json:"saved"`
	Progress Progress  `json:"progress"`
}

const savedFormat = 1

// maxSaved is more than any conversation gives.
const maxSaved = 1 << 20

// Keep prepares the place for a target, which is an absolute path.
func Keep(configDir func() (string, error), target string, now func() time.Time) *Unfinished {
	u := &Unfinished{target: target, now: now}
	if dir, err := configDir(); err == nil {
		sum := sha256.Sum256([]byte(target))
		u.path = filepath.Join(dir, "fieldlab", "progress", hex.EncodeToString(sum[:16])+".json")
	}
	return u
}

// Load gives what was kept and when. A file that is not ours, too large or
// damaged is as good as none: it must not stand in the way of a new start.
func (u *Unfinished) Load() (Progress, time.Time, bool) {
	if u.path == "" {
		return Progress{}, time.Time{}, false
	}
	info, err := os.Lstat(u.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSaved {
		return Progress{}, time.Time{}, false
	}
	data, err := os.ReadFile(u.path)
	if err != nil {
		return Progress{}, time.Time{}, false
	}
	var s saved
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&s) != nil || decoder.Decode(&struct{}{}) != io.EOF {
		return Progress{}, time.Time{}, false
	}
	if s.Format != savedFormat || s.Target != u.target || len(s.Progress.Answered) == 0 || !printable(reflect.ValueOf(s.Progress)) {
		return Progress{}, time.Time{}, false
	}
	return s.Progress, s.Saved, true
}

// printable says whether no text in the value can steer a terminal: the file
// lies where others may have written.
func printable(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		text := strings.NewReplacer("\n", "", "\t", "").Replace(v.String())
		return terminal.Safe(text) == text
	case reflect.Pointer:
		return v.IsNil() || printable(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !printable(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !printable(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for item := v.MapRange(); item.Next(); {
			if !printable(item.Key()) || !printable(item.Value()) {
				return false
			}
		}
	}
	return true
}

// Save keeps progress: whole or not at all, for the user's eyes only.
func (u *Unfinished) Save(p Progress) error {
	if u.path == "" {
		return errors.New("there is no configuration folder")
	}
	data, err := json.MarshalIndent(saved{savedFormat, u.target, u.now().UTC(), p}, "", " ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(u.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "new-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), u.path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// Forget removes what was kept.
func (u *Unfinished) Forget() {
	if u.path == "" {
		return
	}
	if err := os.Remove(u.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		// Left behind: the next run for this folder offers to go on with it,
		// which does no harm.
		return
	}
}
