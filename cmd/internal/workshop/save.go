package workshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path"
)

// Save writes the progress, all or nothing.
func (c *Component) Save() error {
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	c.Progress.Version = version
	body, err := encoded(c.Progress)
	if err != nil {
		return err
	}
	return replace(root, Folder+"/"+ProgressFile, body)
}

// encoded is how JSON is written here: for people as well.
func encoded(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return b.Bytes(), err
}

// replace writes a file beside its place and moves it there.
func replace(root *os.Root, name string, body []byte) error {
	if err := noLinks(root, path.Dir(name)); err != nil {
		return err
	}
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return Damaged{File: name, Why: Link}
	}
	beside := path.Join(path.Dir(name), "."+path.Base(name)+".nieuw")
	if err := root.RemoveAll(beside); err != nil { // of a run that was killed
		return err
	}
	file, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = root.Rename(beside, name)
	}
	if err != nil {
		return errors.Join(err, root.Remove(beside))
	}
	return nil
}
