package check

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// Fixed is a file that Mend changed.
type Fixed struct {
	Path  string
	Rules []string // of which a finding was mended in it
}

// Mend makes the mechanical changes of findings that nobody accepted, in the folder that
// was looked at. Each file is written beside itself and moved into its place, so that
// none is ever half-written.
func Mend(dir string, result *Result) ([]Fixed, error) {
	byFile := map[string][]Finding{}
	for _, v := range result.Verdicts {
		for _, f := range v.Findings {
			if f.Fix != nil && f.Accepted == "" {
				byFile[f.Fix.Path] = append(byFile[f.Fix.Path], f)
			}
		}
	}
	if len(byFile) == 0 {
		return nil, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	names := make([]string, 0, len(byFile))
	for name := range byFile {
		names = append(names, name)
	}
	slices.Sort(names)
	var all []Fixed
	for _, name := range names {
		fixed, err := mendFile(root, name, byFile[name])
		if err != nil {
			return all, fmt.Errorf("%s: %w", name, err)
		}
		if len(fixed.Rules) > 0 {
			all = append(all, fixed)
		}
	}
	return all, nil
}

// mendFile makes the changes in one file, from its end to its beginning. A change that
// overlaps another one waits for the next time.
func mendFile(root *os.Root, name string, findings []Finding) (Fixed, error) {
	fixed := Fixed{Path: name}
	var body []byte
	mode := fs.FileMode(0o644)
	if !findings[0].Fix.Create {
		info, err := root.Lstat(name)
		if err != nil {
			return fixed, err
		}
		if !info.Mode().IsRegular() || info.Size() > MaxText {
			return fixed, fs.ErrInvalid
		}
		mode = info.Mode().Perm()
		if body, err = ReadCalm(root, name, MaxText); err != nil {
			return fixed, err
		}
	} else if _, err := root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return fixed, fs.ErrExist
	}
	slices.SortFunc(findings, func(a, b Finding) int { return cmp.Compare(b.Fix.Start, a.Fix.Start) })
	end := len(body)
	for _, f := range findings {
		if f.Fix.Start < 0 || f.Fix.Start > f.Fix.End || f.Fix.End > end || string(body[f.Fix.Start:f.Fix.End]) != f.Fix.Was {
			continue
		}
		body = slices.Concat(body[:f.Fix.Start], []byte(f.Fix.Text), body[f.Fix.End:])
		end = f.Fix.Start
		fixed.Rules = append(fixed.Rules, f.Rule)
		if f.Fix.Create {
			break
		}
	}
	slices.Sort(fixed.Rules)
	fixed.Rules = slices.Compact(fixed.Rules)
	if len(fixed.Rules) == 0 {
		return fixed, nil
	}
	return fixed, Replace(root, name, body, mode)
}

// Replace writes a file beside its place and moves it there.
func Replace(root *os.Root, name string, body []byte, mode fs.FileMode) error {
	beside := path.Join(path.Dir(name), ".fieldlab-check-"+path.Base(name))
	_ = root.Remove(beside) // of a run that was killed
	f, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(beside, name)
	}
	if err != nil {
		_ = root.Remove(beside)
	}
	return err
}
