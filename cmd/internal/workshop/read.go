package workshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// The largest of each that is read. A component or workshop may come from anybody.
const (
	maxJSON        = 2 << 20
	maxCourseFile  = 512 << 10
	maxCourseFiles = 200
	maxCourse      = 8 << 20
)

// Open reads what the component in dir keeps of its workshop; fs.ErrNotExist when
// it has nothing. A file that cannot be used is Damaged, a course with mistakes a
// problem.List.
func Open(dir string) (*Component, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	c := &Component{Dir: dir}
	if err := c.Mine.read(root); err != nil {
		return nil, err
	}
	if err := c.Progress.read(root); err != nil {
		return nil, err
	}
	files, err := courseFiles(root)
	if files == nil || err != nil {
		return c, err
	}
	if c.Course, err = course.Read(files); err != nil {
		return nil, err
	}
	return c, nil
}

// read reads whose the component is.
func (m *Mine) read(root *os.Root) error {
	name := Folder + "/" + mineFile
	if err := readJSON(root, name, m); err != nil {
		return err
	}
	if m.Team.Code != "" { // it opens the board: not in what is pushed
		return Damaged{File: name, Why: Value, What: "team.code"}
	}
	if !daysOK(m.Days) {
		return Damaged{File: name, Why: Value, What: "days"}
	}
	if key := m.Team.wrong(); key != "" {
		return Damaged{File: name, Why: Value, What: "team." + key}
	}
	return nil
}

// read reads how far the team is; a team that did nothing yet has no file.
func (p *Progress) read(root *os.Root) error {
	name := Folder + "/" + ProgressFile
	err := readJSON(root, name, p)
	if errors.Is(err, fs.ErrNotExist) {
		*p = Progress{Version: version}
		err = nil
	}
	if err != nil {
		return err
	}
	if len(p.Steps) > maxCourseFiles || len(p.Answers) > maxCourseFiles {
		return Damaged{File: name, Why: Value, What: "steps"}
	}
	if p.Steps == nil {
		p.Steps = map[string]Done{}
	}
	return nil
}

// Read reads the workshop in a folder; fs.ErrNotExist when it is none, Damaged
// when its file cannot be used.
func Read(dir string) (*Workshop, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	w := &Workshop{}
	if err := readJSON(root, File, w); err != nil {
		return nil, err
	}
	if why, what := w.wrong(); why != "" {
		return nil, Damaged{File: File, Why: why, What: what}
	}
	return w, nil
}

// readJSON reads a file of ours strictly: what it says more than this fieldlab
// knows would be lost when it is written again.
func readJSON(root *os.Root, name string, into any) error {
	body, err := readFile(root, name, maxJSON)
	if err != nil {
		return err
	}
	var of struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(body, &of); err != nil {
		return Damaged{File: name, Why: Syntax, What: where(body, err)}
	}
	switch {
	case of.Version > version:
		return Damaged{File: name, Why: Newer}
	case of.Version < version:
		return Damaged{File: name, Why: Value, What: "version"}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return Damaged{File: name, Why: Syntax, What: where(body, err)}
	}
	return nil
}

// where says in which line JSON is wrong, or which key it does not know.
func where(body []byte, err error) string {
	var (
		at     int64
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	default:
		_, key, _ := strings.Cut(err.Error(), "unknown field ")
		return key
	}
	line := 1 + bytes.Count(body[:min(max(at, 0), int64(len(body)))], []byte("\n"))
	return fmt.Sprint(line)
}

// readFile reads a regular file to which no link leads.
func readFile(root *os.Root, name string, most int64) ([]byte, error) {
	if err := noLinks(root, path.Dir(name)); err != nil {
		return nil, err
	}
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, Damaged{File: name, Why: Link}
	case info.Size() > most:
		return nil, Damaged{File: name, Why: Large}
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(body)) > most {
		err = Damaged{File: name, Why: Large}
	}
	return body, err
}

// noLinks refuses a way to a folder that goes through something else than folders.
func noLinks(root *os.Root, folder string) error {
	if folder == "." {
		return nil
	}
	at := ""
	for part := range strings.SplitSeq(folder, "/") {
		at = path.Join(at, part)
		info, err := root.Lstat(at)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return Damaged{File: at, Why: Link}
		}
	}
	return nil
}

// courseFiles reads the course of a component; nil when it has none.
func courseFiles(root *os.Root) (fs.FS, error) {
	const folder = Folder + "/" + courseFolder
	if err := noLinks(root, folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	below, err := fs.Sub(root.FS(), folder)
	if err != nil {
		return nil, err
	}
	files, err := courseOf(below)
	if err != nil {
		return nil, err
	}
	return tree.Memory(files), nil
}

// courseOf reads the files of a course, and nothing else that lies there.
func courseOf(files fs.FS) (plan.Plan, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	if len(entries) > maxCourseFiles {
		return nil, Damaged{File: courseFolder, Why: Large}
	}
	var found plan.Plan
	total := 0
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || name != courseIndex && path.Ext(name) != ".md" {
			continue
		}
		if !entry.Type().IsRegular() {
			return nil, Damaged{File: courseFolder + "/" + name, Why: Link}
		}
		file, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(file, maxCourseFile+1))
		file.Close()
		if err != nil {
			return nil, err
		}
		if total += len(body); len(body) > maxCourseFile || total > maxCourse {
			return nil, Damaged{File: courseFolder + "/" + name, Why: Large}
		}
		found = found.With(plan.File{Path: name, Mode: 0o644, Body: body})
	}
	if found.Find(courseIndex) == nil {
		return nil, Damaged{File: courseFolder + "/" + courseIndex, Why: Missing}
	}
	return found, nil
}
