package workshop

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// dataFolder is what a running component writes in; Git does not have it.
const dataFolder = ".data"

// keptFolder is the form of a folder with what was moved aside.
var keptFolder = regexp.MustCompile(`^\.data/bewaard-[0-9]{8}-[0-9]{6}(-[0-9]+)?$`)

// The folders in it.
const (
	keptFiles = "bestanden"
	keptData  = "gegevens"
)

// moveData moves the database aside: its tables may differ from what the known-good
// state makes of it.
func (b *backer) moveData() error {
	entries, err := fs.ReadDir(b.root.FS(), dataFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "bewaard-") {
			continue
		}
		if err := b.aside(dataFolder+"/"+entry.Name(), keptData+"/"+entry.Name()); err != nil {
			return err
		}
		b.back.Data = true
	}
	return nil
}

// moveUpdate moves an update aside that waits for somebody: what it would go back to
// is of another state.
func (b *backer) moveUpdate() error {
	entries, err := fs.ReadDir(b.root.FS(), base.Folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := base.Folder + "/" + entry.Name(); update.OnItsWay(name) != "" {
			if err := b.file(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// aside moves something out of the way, to a place where nothing is yet.
func (b *backer) aside(name, to string) error {
	target := path.Join(b.back.Folder, to)
	for try := 2; ; try++ {
		if _, err := b.root.Lstat(target); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		target = fmt.Sprintf("%s-%d", path.Join(b.back.Folder, to), try)
	}
	if err := b.step("aside " + name); err != nil {
		return err
	}
	if err := b.folder(path.Dir(target)); err != nil {
		return err
	}
	if err := b.root.Rename(name, target); err != nil {
		return err
	}
	return nil
}

// folder makes a folder in the place where things are kept. What is no folder there
// gets out of the way by another name, as a file can have the name that a folder had.
func (b *backer) folder(name string) error {
	for _, at := range append(parents(name), name) {
		info, err := b.root.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if err := b.root.Mkdir(at, 0o777); err != nil {
				return err
			}
		case err != nil:
			return err
		case !info.IsDir():
			if err := b.root.Rename(at, at+".bestand"); err != nil {
				return err
			}
			if err := b.root.Mkdir(at, 0o777); err != nil {
				return err
			}
		}
	}
	return nil
}

// replaceFiles lets the disk hold the known-good files. What is in their way, and what
// they do not have, is moved aside; files that Git ignores stay.
func (b *backer) replaceFiles() error {
	good := map[string]repository.File{}
	for _, file := range b.good {
		good[file.Path] = file
	}
	var emptied []string
	for _, file := range b.lay.Files {
		if _, stays := good[file.Path]; stays || inWorkshop(file.Path) || update.OnItsWay(file.Path) != "" {
			continue
		}
		if err := b.file(file.Path); err != nil {
			return err
		}
		emptied = append(emptied, parents(file.Path)...)
	}
	// The deepest first; one that still holds something stays.
	slices.Sort(emptied)
	for _, folder := range slices.Backward(slices.Compact(emptied)) {
		if info, err := b.root.Lstat(folder); err == nil && info.IsDir() {
			_ = b.root.Remove(folder)
		}
	}
	for _, file := range b.good {
		if err := b.put(file); err != nil {
			return err
		}
	}
	return nil
}

// file moves a file aside.
func (b *backer) file(name string) error {
	err := b.aside(name, keptFiles+"/"+name)
	if err == nil {
		b.back.Files++
	}
	return err
}

// put puts a known-good file in its place.
func (b *backer) put(file repository.File) error {
	for _, folder := range parents(file.Path) {
		info, err := b.root.Lstat(folder)
		if err == nil && info.IsDir() {
			continue
		}
		if err == nil {
			err = b.file(folder) // a file or a link in the place of a folder
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := b.root.Mkdir(folder, 0o777); err != nil {
			return err
		}
	}
	info, err := b.root.Lstat(file.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Mode().IsRegular() && b.same(file, info):
		return nil
	default:
		if info.IsDir() && b.root.Remove(file.Path) == nil {
			break // an empty folder
		}
		if err := b.file(file.Path); err != nil {
			return err
		}
	}
	return b.write(file)
}

// same says whether a file is what it should be.
func (b *backer) same(file repository.File, info fs.FileInfo) bool {
	if info.Size() != int64(len(file.Body)) || !inWorkshop(file.Path) && (info.Mode()&0o111 != 0) != file.Executable {
		return false
	}
	body, err := readLimited(b.root, file.Path, info.Size())
	return err == nil && bytes.Equal(body, file.Body)
}

// write writes a file beside its place and moves it there, so that a run that is
// killed leaves no half of it.
func (b *backer) write(file repository.File) error {
	if err := b.step("write " + file.Path); err != nil {
		return err
	}
	mode := fs.FileMode(0o666)
	if file.Executable {
		mode = 0o777
	}
	beside := path.Join(b.back.Folder, "nieuw")
	if err := b.folder(b.back.Folder); err != nil {
		return err
	}
	if err := b.root.RemoveAll(beside); err != nil {
		return err
	}
	f, err := b.root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(file.Body)
	if err = errors.Join(err, f.Close()); err == nil {
		err = b.root.Rename(beside, file.Path)
	}
	if err != nil {
		return errors.Join(err, b.root.Remove(beside))
	}
	return nil
}
