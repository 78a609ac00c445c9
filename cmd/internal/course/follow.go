package course

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Fieldlab runs a command of fieldlab on a component, as if somebody typed it in
// dir, and gives what it said.
type Fieldlab func(ctx context.Context, dir string, args []string) (said string, err error)

// FollowError says which operation of a recipe could not be done, and why.
type FollowError struct {
	Step *Step
	Line int    // in the file of the step
	Said string // by fieldlab, when it was a command of it
	Err  error
}

func (e *FollowError) Error() string {
	return fmt.Sprintf("cursus/%s:%d: %v", e.Step.File, e.Line, e.Err)
}

// Unwrap gives the reason.
func (e *FollowError) Unwrap() error { return e.Err }

// Follow does what the recipes of steps say, one after the other, in the component
// in dir. It stops at the first that does not work; what was done stays.
func Follow(ctx context.Context, dir string, steps []*Step, fieldlab Fieldlab) error {
	for _, s := range steps {
		for _, op := range s.Recipe {
			if err := ctx.Err(); err != nil {
				return err
			}
			if said, err := op.do(ctx, dir, fieldlab); err != nil {
				return &FollowError{Step: s, Line: op.Line, Said: said, Err: err}
			}
		}
	}
	return nil
}

func (op Operation) do(ctx context.Context, dir string, fieldlab Fieldlab) (said string, err error) {
	if op.Fieldlab != nil {
		// What an operation before it did is in no commit yet.
		return fieldlab(ctx, dir, append(slices.Clone(op.Fieldlab), "--uncommitted"))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }()
	if op.Edit != nil {
		return "", op.Edit.do(root)
	}
	return "", put(root, op.Write.Path, []byte(op.Write.Text), 0o666)
}

// EditError says how often the text is in a file that must be there exactly once.
type EditError struct {
	File  string
	Count int
}

func (e EditError) Error() string {
	if e.Count == 0 {
		return fmt.Sprintf("%s heeft de tekst niet die vervangen moet worden", e.File)
	}
	return fmt.Sprintf("%s heeft de tekst die vervangen moet worden %d keer, en dat moet één keer zijn", e.File, e.Count)
}

// do replaces the text in the file, with the line ends that it has.
func (e *Edit) do(root *os.Root) error {
	info, err := root.Lstat(e.File)
	if err != nil {
		return err
	}
	body, err := readIn(root, e.File, maxRead)
	if err != nil {
		return fmt.Errorf("%s: %w", e.File, err)
	}
	from, to := unix(e.From), unix(e.To)
	if n := strings.Count(body, from); n != 1 {
		return EditError{e.File, n}
	}
	body = strings.Replace(body, from, to, 1)
	raw, err := root.ReadFile(e.File)
	if err != nil {
		return err
	}
	if strings.Contains(string(raw), "\r\n") {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	return put(root, e.File, []byte(body), info.Mode().Perm())
}

// PutPlant puts the mistake of the step in the component in dir. It says false when
// it is there already. Without exactly one place for it nothing is touched.
func (s *Step) PutPlant(dir string) (bool, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false, err
	}
	defer func() { _ = root.Close() }()
	err = s.Plant.do(root)
	if errors.As(err, new(EditError)) && s.planted(root) {
		return false, nil
	}
	return err == nil, err
}

// Planted says whether the mistake of the step is in the component in dir.
func (s *Step) Planted(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }()
	return s.planted(root)
}

func (s *Step) planted(root *os.Root) bool {
	body, err := readIn(root, s.Plant.File, maxRead)
	return err == nil && strings.Contains(body, unix(s.Plant.To))
}

// put writes a file all or nothing, in a folder that is not reached by a link.
func put(root *os.Root, name string, body []byte, mode fs.FileMode) error {
	folder := path.Dir(name)
	for at := folder; at != "."; at = path.Dir(at) {
		if info, err := root.Lstat(at); err == nil && !info.IsDir() {
			return fmt.Errorf("%s: %w", at, errLink)
		}
	}
	if err := root.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", name, errLink)
	}
	return check.Replace(root, name, body, mode)
}
