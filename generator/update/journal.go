package update

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// Names in .fieldlab.
const (
	// workName is the folder in which an update is prepared. With a journal in it
	// the update happens; without, it never did.
	workName = "werk"
	// backName is what is left of an update with conflicts: its journal, and the
	// files as they were.
	backName    = "terug"
	journalName = "journaal"
	newFolder   = "nieuw"
	oldFolder   = "oud"
)

// OnItsWay gives the folder of .fieldlab with an update that is on its way or that
// waits for somebody, of a path that lies in it; "" for another path.
func OnItsWay(name string) string {
	for _, folder := range []string{base.Folder + "/" + workName, base.Folder + "/" + backName} {
		if name == folder || strings.HasPrefix(name, folder+"/") {
			return folder
		}
	}
	return ""
}

// op is one change on disk.
type op struct {
	Path   string `json:"path"`
	Staged string `json:"staged,omitempty"` // name of the new content; "" for a file that goes
	Old    string `json:"old,omitempty"`    // sum of what is there; "" for nothing
	New    string `json:"new,omitempty"`    // sum of what comes
	Kept   string `json:"kept,omitempty"`   // name of the old content, to go back to
	Mode   uint32 `json:"mode,omitempty"`   // of the old one

	body, before []byte
	seen         fs.FileInfo
	precious     bool // holds work of the team
}

// journal is an update that is on its way, or that waits for somebody.
type journal struct {
	Version int      `json:"version"`
	Wait    bool     `json:"wait"`              // with conflicts: what was stays until they are settled
	Back    bool     `json:"back"`              // an update is undone
	Markers []string `json:"markers,omitempty"` // files with markers
	Beside  []string `json:"beside,omitempty"`  // new versions beside a file
	Ops     []op     `json:"ops"`
}

const journalVersion = 1

// maxJournal is the largest journal that is read, with at most so many changes.
const (
	maxJournal = 16 << 20
	maxOps     = 50_000
)

// encode writes the journal with its sum, by which a torn one is known.
func (j *journal) encode() ([]byte, error) {
	body, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	if len(body) > maxJournal-100 || bytes.Count(body, []byte("{")) > maxOps { // nobody would read it again
		return nil, base.Fault{Code: base.TooLarge, Path: base.Folder + "/" + workName + "/" + journalName}
	}
	return []byte(plan.SumOf(body) + "\n" + string(body) + "\n"), nil
}

// decode reads a journal, which a stranger may have written.
func decode(data []byte, where string) (*journal, error) {
	damaged := base.Fault{Code: base.Damaged, Path: where}
	sum, body, found := bytes.Cut(data, []byte("\n"))
	body = bytes.TrimSuffix(body, []byte("\n"))
	if !found || plan.SumOf(body) != string(sum) {
		return nil, damaged
	}
	if bytes.Count(body, []byte("{")) > maxOps { // each takes far more room than it has here
		return nil, base.Fault{Code: base.TooLarge, Path: where}
	}
	var j journal
	if err := json.Unmarshal(body, &j); err != nil {
		return nil, damaged
	}
	if j.Version != journalVersion {
		return nil, base.Fault{Code: base.Newer, Path: where, Detail: fmt.Sprint(j.Version)}
	}
	for i, one := range j.Ops {
		j.Ops[i].Mode &= uint32(fs.ModePerm)
		if !inside(one.Path) || !stagedName(one.Staged, newFolder) || !stagedName(one.Kept, oldFolder) {
			return nil, base.Fault{Code: base.BadPath, Path: where, Detail: one.Path}
		}
	}
	for _, name := range slices.Concat(j.Markers, j.Beside) {
		if !inside(name) {
			return nil, base.Fault{Code: base.BadPath, Path: where, Detail: name}
		}
	}
	return &j, nil
}

// inside says whether a path of a journal stays in the component and outside .git.
// A team may use names that no template would: plan.CheckPath asks for more.
func inside(name string) bool {
	if !fs.ValidPath(name) || name == "." || strings.ContainsRune(name, 0) || !filepath.IsLocal(filepath.FromSlash(name)) {
		return false
	}
	for segment := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '\\' || r == ':' }) {
		bare := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) { // a Mac leaves these out
				return -1
			}
			return r
		}, segment)
		bare = plan.Fold(strings.TrimRight(bare, ". ")) // and Windows these
		number, short := strings.CutPrefix(bare, "git~")
		if bare == ".git" || short && strings.Trim(number, "0123456789") == "" {
			return false
		}
	}
	return true
}

// stagedName says whether a name is one that this package gives.
func stagedName(name, folder string) bool {
	if name == "" {
		return true
	}
	number, inside := strings.CutPrefix(name, folder+"/")
	return inside && len(number) == 6 && strings.Trim(number, "0123456789") == ""
}

// own is the folder .fieldlab of a component, opened without following a link.
type own struct {
	disk *disk
	root *os.Root
	dir  string
}

// openOwn opens .fieldlab; nil when the component has none.
func openOwn(d *disk) (*own, error) {
	root, in, err := d.enter(base.Folder)
	if err != nil {
		return nil, err
	}
	if root == nil {
		if in.kind == blocked {
			return nil, base.Fault{Code: base.Link, Path: base.Folder}
		}
		return nil, nil
	}
	return &own{disk: d, root: root, dir: path.Join(d.root.Name(), base.Folder)}, nil
}

// How long another command may take: an update is done in less than a second.
const (
	patience = 40
	pause    = 50 * time.Millisecond
)

// lock takes the component for this process.
func (o *own) lock() (io.Closer, error) {
	for range patience {
		if lock, err := tree.Lock(o.dir); err == nil {
			return lock, nil
		}
		time.Sleep(pause)
	}
	return nil, ErrBusy
}

// journalIn reads the journal in a folder of .fieldlab; nil when there is none.
func (o *own) journalIn(folder string) (*journal, error) {
	where := base.Folder + "/" + folder
	info, err := o.root.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, base.Fault{Code: base.Link, Path: where}
	}
	body, err := o.readRegular(path.Join(folder, journalName), maxJournal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decode(body, where+"/"+journalName)
}

// readRegular reads a file in .fieldlab that is no link.
func (o *own) readRegular(name string, limit int64) ([]byte, error) {
	info, err := o.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, base.Fault{Code: base.Link, Path: base.Folder + "/" + name}
	}
	f, err := o.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = base.Fault{Code: base.TooLarge, Path: base.Folder + "/" + name}
	}
	return body, err
}

// isPending says whether an update waits for somebody.
func isPending(d *disk) (bool, error) {
	o, err := openOwn(d)
	if err != nil || o == nil {
		return false, err
	}
	j, err := o.journalIn(backName)
	return j != nil, err
}
