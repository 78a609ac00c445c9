package bundle

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

var teamName = regexp.MustCompile(`^\d{2,4}-[a-z0-9]+(-[a-z0-9]+)*$`)

// teams packs the component of every team of a workshop, each with its Git, in an
// archive of its own.
func teams(workshop, tmp string) ([]item, error) {
	root, err := os.OpenRoot(filepath.Join(workshop, teamsFolder))
	if err != nil {
		return nil, &Error{Key: "bundle.no-workshop", Args: []any{workshop}, Err: err, Usage: true}
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var items []item
	for _, entry := range entries {
		if !entry.IsDir() || !teamName.MatchString(entry.Name()) {
			continue
		}
		file := filepath.Join(tmp, entry.Name()+".zip")
		if err := zipTeam(root.FS(), entry.Name(), file); err != nil {
			return nil, err
		}
		one, err := fileItem(teamsFolder+"/"+entry.Name()+".zip", file)
		if err != nil {
			return nil, err
		}
		items = append(items, one)
	}
	if len(items) == 0 {
		return nil, &Error{Key: "bundle.no-workshop", Args: []any{workshop}, Usage: true}
	}
	return items, nil
}

// stays says what does not travel: the rows of a component that ran, and the code
// with which a team talks to the board.
func stays(name string) bool {
	_, within, _ := strings.Cut(name, "/")
	return within == ".data" || within == ".fieldlab/workshop/bord.json"
}

// epoch is the time of every file in an archive: the same teams give the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func zipTeam(files fs.FS, team, to string) error {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	writer := zip.NewWriter(out)
	writer.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	err = fs.WalkDir(files, team, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case stays(name):
			return skip(entry)
		}
		return zipOne(writer, files, name, entry)
	})
	return errors.Join(err, writer.Close(), out.Close())
}

// zipOne adds a file or a folder: Git does not know its own without the empty ones.
func zipOne(writer *zip.Writer, files fs.FS, name string, entry fs.DirEntry) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
	if entry.IsDir() {
		header.Name, header.Method = name+"/", zip.Store
		header.SetMode(fs.ModeDir | 0o755)
		_, err := writer.CreateHeader(header)
		return err
	}
	info, err := entry.Info()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return refuse("bundle.link", path.Join(teamsFolder, name))
	}
	header.SetMode(0o644)
	if info.Mode()&0o111 != 0 {
		header.SetMode(0o755)
	}
	in, err := files.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	body, err := writer.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(body, in)
	return err
}
