package update

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// Limits on what is looked through for a file that the team moved.
const (
	maxStrays = 20_000
	maxStray  = 1 << 20
)

// passedOver are folders in which nobody keeps what fieldlab made.
var passedOver = []string{".git", base.Folder, plan.KernFolder, "node_modules", "vendor", ".go", ".data", ".idea", ".vscode", "bin"}

// strays are the files of the team that fieldlab knows nothing of.
type strays struct {
	paths []string
	infos map[string]fs.FileInfo
	sums  map[string]string
	lines map[string]merge.Lines
	taken map[string]bool // that a file of fieldlab was found to be
}

var errEnough = errors.New("update: enough files")

// findStrays looks through the component, once.
func (f *finder) findStrays() (*strays, error) {
	if f.strays != nil {
		return f.strays, nil
	}
	s := &strays{infos: map[string]fs.FileInfo{}, sums: map[string]string{}, lines: map[string]merge.Lines{}, taken: map[string]bool{}}
	if err := f.stray(s, f.disk.root, "."); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	f.strays = s
	return s, nil
}

func (f *finder) stray(s *strays, folder *os.Root, name string) error {
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		at := path.Join(name, entry.Name())
		switch {
		case entry.IsDir() && !slices.Contains(passedOver, entry.Name()):
			below, _, err := f.disk.enter(at)
			if err == nil && below != nil {
				err = f.stray(s, below, at)
			}
			if err != nil && !errors.Is(err, fs.ErrPermission) { // the data of a server that runs as somebody else
				return err
			}
		case entry.Type().IsRegular() && f.isStray(at):
			info, err := entry.Info()
			if err != nil || info.Size() > maxStray {
				continue
			}
			s.infos[at] = info
			if s.paths = append(s.paths, at); len(s.paths) == maxStrays {
				return errEnough
			}
		}
	}
	return nil
}

func (f *finder) isStray(name string) bool {
	_, was := f.was[name]
	_, is := f.is[name]
	// A journal cannot hold a name that is no text.
	return !was && !is && path.Ext(name) != besideSuffix && utf8.ValidString(name)
}

// movedTo finds where the team moved a file: to one with the same content, or
// with most of its lines. "" is nowhere.
func (f *finder) movedTo(t three) (string, error) {
	if isKern(t.path) {
		return "", nil
	}
	s, err := f.findStrays()
	if err != nil {
		return "", err
	}
	before := merge.LinesOf(f.base.Files[t.old()])
	best, likest := "", 0.0
	for _, name := range s.paths {
		if path.Ext(name) != path.Ext(t.old()) || s.taken[name] {
			continue
		}
		if found, err := f.readStray(s, name); err != nil {
			return "", err
		} else if !found {
			continue
		}
		likeness := like(before, s.lines[name])
		if s.sums[name] == t.sum {
			likeness = 2
		}
		if likeness >= enough && likeness > likest {
			best, likest = name, likeness
		}
	}
	if best != "" {
		s.taken[best] = true
	}
	return best, nil
}

// readStray reads a file once; one that is not for us to read is not found.
func (f *finder) readStray(s *strays, name string) (found bool, err error) {
	if s.sums[name] != "" {
		return true, nil
	}
	body, err := f.disk.read(name, s.infos[name])
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.sums[name] = plan.SumOf(body)
	if base.IsText(body) {
		s.lines[name] = merge.LinesOf(body)
	}
	return true, nil
}

// enough is how much of two files has to be the same for one to be the other.
const enough = 0.6

// fewLines are too few to know a file by.
const fewLines = 3

// like says how much of two texts is the same, from 0 to 1.
func like(a, b merge.Lines) float64 {
	if len(a) < fewLines || len(b) < fewLines {
		return 0
	}
	count := make(map[uint64]int, len(a))
	for _, line := range a {
		count[line]++
	}
	same := 0
	for _, line := range b {
		if count[line] > 0 {
			count[line]--
			same++
		}
	}
	return 2 * float64(same) / float64(len(a)+len(b))
}

// follow pairs the paths of before with those of now, where fieldlab gave a file
// another one.
func (f *finder) follow() error {
	if err := f.learnWords(); err != nil {
		return err
	}
	pair := func(old, now string) {
		f.from[now], f.gone[old] = old, true
	}
	var left []*plan.File // that are new, and for nobody in particular
	for i := range f.fresh {
		fresh := &f.fresh[i]
		if _, had := f.was[fresh.Path]; had || isOwn(fresh.Path) || fresh.Owner == plan.Kern {
			continue
		}
		if old := f.words.before(fresh); old != "" && f.isGone(old) {
			pair(old, fresh.Path)
		} else if fresh.Item == "" && fresh.Owner == plan.Merged && !isKern(fresh.Path) {
			left = append(left, fresh)
		}
	}
	var going []string
	for _, name := range f.paths() {
		if f.isGone(name) && f.was[name].Owner == plan.Merged && !isKern(name) {
			going = append(going, name)
		}
	}
	if len(left)*len(going) > 10_000 {
		return nil
	}
	for _, fresh := range left {
		best, likest := "", 0.0
		for _, old := range going {
			likeness := 0.0
			if f.was[old].SHA256 == f.sumOf(fresh) {
				likeness = 2
			} else if path.Ext(old) == path.Ext(fresh.Path) && !bytes.Contains(fresh.Body, []byte{0}) {
				likeness = like(merge.LinesOf(f.base.Files[old]), merge.LinesOf(fresh.Body))
			}
			if likeness >= enough && likeness > likest && !f.gone[old] {
				best, likest = old, likeness
			}
		}
		if best != "" {
			pair(best, fresh.Path)
		}
	}
	return nil
}

// isGone says whether fieldlab had a file and has it no more, and nothing took
// its place yet.
func (f *finder) isGone(name string) bool {
	_, had := f.was[name]
	_, still := f.is[name]
	return had && !still && !f.gone[name]
}
