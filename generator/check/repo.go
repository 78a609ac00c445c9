package check

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Limits on what is looked at. A component has some 400 files and 3 MiB.
const (
	maxFiles = 200_000 // in the index; the rest is said to be not looked at
	MaxText  = 4 << 20 // of a file that is read; what is larger is said
	maxDepth = 64      // folders in folders
)

// File is a file of the repository.
type File struct {
	Path string // from the root, with slashes
	Size int64
	Kern bool // part of kern of a component, and exactly as fieldlab wrote it
	Test bool // a test or a fixture by its name or folder: see isTest
}

// Name is the last part of the path.
func (f File) Name() string { return path.Base(f.Path) }

// Ext is the extension of the path in lower case, with its dot.
func (f File) Ext() string { return strings.ToLower(path.Ext(f.Path)) }

// Repo is the index of a repository: which files there are. What is in them is read
// once, by the engine.
type Repo struct {
	Name  string // of its folder
	files []File
	byKey map[string]int // lower-case path
	root  fs.FS
	close func() error

	// Today is the day on which exceptions are judged, as 2006-01-02.
	Today string

	// Config is what the team said in fieldlab-check.yaml.
	Config Config

	unread []Unread // while the index was made
	late   []Unread // when a file was to be read; of the engine
	passed []string
	left   []left // of each of Config.Ignore; nil when nothing is left out
	faults []ConfigFault
}

// Unread is what could not be indexed or read, and why.
type Unread struct {
	Path string
	Why  string // the case of the text of rule check-unread
}

// Files lists all files in the order of their paths.
func (r *Repo) Files() []File { return r.files }

// Unread lists what could not be indexed.
func (r *Repo) Unread() []Unread { return r.unread }

// PassedOver lists the folders that are not looked into because of their name, such as
// node_modules, although Git does not leave them alone: somebody keeps them on purpose.
func (r *Repo) PassedOver() []string { return r.passed }

// SetKern marks files of kern as exactly what fieldlab wrote.
func (r *Repo) SetKern(pristine map[string]bool) {
	for i := range r.files {
		r.files[i].Kern = pristine[r.files[i].Path]
	}
}

// Has says whether there is a file at exactly this path.
func (r *Repo) Has(name string) bool {
	_, found := slices.BinarySearchFunc(r.files, name, func(f File, name string) int { return cmp.Compare(f.Path, name) })
	return found
}

// Find gives the file at a path, whatever the case of its letters.
func (r *Repo) Find(name string) (File, bool) {
	if i, ok := r.byKey[strings.ToLower(name)]; ok {
		return r.files[i], true
	}
	return File{}, false
}

// IsComponent says whether fieldlab generated the repository.
func (r *Repo) IsComponent() bool { return r.Has(".fieldlab/manifest.json") }

// FS gives the files to what reads them itself, such as package base. It cannot leave
// the repository.
func (r *Repo) FS() fs.FS { return r.root }

// ErrTooLarge is said of a file that is larger than the limit.
var ErrTooLarge = errors.New("file is too large")

// Read reads a file of at most limit bytes. It is for the few files that a checker needs
// before or after its turn.
func (r *Repo) Read(name string, limit int64) ([]byte, error) {
	f, err := r.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fs.ErrInvalid
	case info.Size() > limit:
		return nil, ErrTooLarge
	}
	// One byte more than it should be: what grows in the meantime is seen.
	body := make([]byte, info.Size()+1)
	n, err := io.ReadFull(f, body)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return body[:n], nil
	case err == nil:
		return nil, ErrTooLarge
	}
	return nil, err
}

// Close ends the look.
func (r *Repo) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

// passedOver are folders of which the content is not this project's: what tools put
// there. They are left out even when somebody committed them; that they are committed
// is for a rule of its own.
var passedOver = []string{"node_modules", "bower_components", "vendor", ".venv", "venv", "__pycache__", ".tox", ".idea", ".gradle", ".next", ".nuxt"}

// IsTest says by its path whether a file is a test, or data of one.
func IsTest(name string) bool {
	lower := strings.ToLower(name)
	for part := range strings.SplitSeq(path.Dir(lower), "/") {
		switch part {
		case "test", "tests", "__tests__", "testdata", "test-data", "test_data", "spec", "fixtures", "__fixtures__", "__mocks__", "e2e", "cypress", "cassettes", "step_definitions":
			return true
		}
		if strings.HasSuffix(part, "-tests") || strings.HasSuffix(part, "_tests") {
			return true
		}
	}
	base := path.Base(lower)
	stem := strings.TrimSuffix(base, path.Ext(base))
	return strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, ".test") || strings.HasSuffix(stem, ".spec") ||
		strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "test.php")
}

// IsText says whether the beginning of a file is text.
func IsText(body []byte) bool {
	return !bytes.Contains(body[:min(len(body), 8000)], []byte{0})
}

// LineAt is the number, from 1, of the line in which an offset of a text stands.
func LineAt[T []byte | string](body T, offset int) int {
	line := 1
	for i := range min(offset, len(body)) {
		if body[i] == '\n' {
			line++
		}
	}
	return line
}

// Options are what somebody else knows about a folder that is looked at.
type Options struct {
	Name    string                              // of the repository
	Today   string                              // as 2006-01-02: which exceptions are over; "" is before all of them
	Ignored func(name string, folder bool) bool // what Git leaves alone; nil when there is no Git
	Knows   func(rule string) bool              // which rules there are; nil knows all
}

// Open makes the index of a folder. Only one that cannot be read at all is an error; a
// mistake in its fieldlab-check.yaml becomes a finding.
func Open(dir string, o Options) (*Repo, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	r := &Repo{Name: o.Name, Today: o.Today, root: calmFS{root}, close: root.Close}
	if err := r.open(o); err != nil {
		_ = root.Close()
		return nil, err
	}
	return r, nil
}

// OpenFS is Open for files that are not on disk.
func OpenFS(files fs.FS, o Options) (*Repo, error) {
	r := &Repo{Name: o.Name, Today: o.Today, root: files}
	return r, r.open(o)
}

func (r *Repo) open(o Options) error {
	if o.Knows == nil {
		o.Knows = func(string) bool { return true }
	}
	body, err := r.Read(ConfigName, maxConfig)
	if err == nil {
		// What is half understood is not followed.
		if r.Config, r.faults = ParseConfig(body, o.Knows); len(r.faults) > 0 {
			r.Config = Config{}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		r.faults = []ConfigFault{{Code: "unreadable"}}
	}
	return r.index(o.Ignored)
}
