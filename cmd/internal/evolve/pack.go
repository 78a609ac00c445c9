package evolve

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// ReadPack reads the own pack in a folder, which is to lie over the built-in one.
// Mistakes are a pack.Faulty.
func ReadPack(t *text.Catalogue, dir string, built fs.FS) (*pack.Pack, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, failure.Shortfall{Text: t.T("pack.no-folder", terminal.Safe(dir)), Hint: "fieldlab pack new " + arguments.Quoted(dir)}
		}
		return nil, failure.Shortfall{Text: t.T("pack.unreadable", terminal.Safe(dir), answersfile.Reason(t, err))}
	}
	defer root.Close()
	p, err := pack.Read(root.FS())
	var found problem.List
	if errors.As(err, &found) {
		return nil, pack.Faulty{Problems: found}
	}
	if err != nil {
		return nil, err
	}
	if found := p.Against(built); len(found) > 0 {
		return nil, pack.Faulty{Problems: found}
	}
	return p, nil
}

// PackFailed says why an own pack is not used; nil when that is not what went
// wrong. Dir is the folder of the pack, component that of the component.
func PackFailed(t *text.Catalogue, dir, component string, err error) error {
	var faulty pack.Faulty
	var refused pack.Refused
	switch {
	case errors.As(err, &faulty):
		hint := "fieldlab update --pack MAP"
		if dir != "" {
			hint = "fieldlab pack check " + arguments.Quoted(dir)
		}
		return failure.Shortfall{Text: t.T("pack.faulty", terminal.Safe(dirOrStored(dir))) + "\n" + PackProblems(t, dir, faulty.Problems), Hint: hint}
	case errors.As(err, &refused):
		declared, given := terminal.Safe(refused.Declared.String()), terminal.Safe(refused.Given.String())
		hint := "fieldlab update --pack MAP"
		if component != "" && component != "." {
			hint = "fieldlab update " + arguments.Quoted(component) + " --pack MAP"
		}
		if refused.Why == pack.NotGiven {
			hint = "fieldlab new --help"
		}
		return failure.Shortfall{Text: t.T("pack.refused."+string(refused.Why), declared, given), Hint: hint}
	}
	return nil
}

func dirOrStored(dir string) string {
	if dir == "" {
		return pack.Folder
	}
	return dir
}

// PackRefused is PackFailed, with the mistakes as data where a machine reads.
func PackRefused(d Deps, o Options, component string, err error) error {
	refused := PackFailed(d.Text, o.PackDir, component, err)
	var faulty pack.Faulty
	if refused != nil && o.JSON && errors.As(err, &faulty) {
		if err := d.IO.WriteJSON(map[string]any{"problems": faulty.Problems.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	return refused
}

// PackProblems gives a line for each mistake in a pack.
func PackProblems(t *text.Catalogue, dir string, found problem.List) string {
	var lines []string
	for _, p := range found.Sorted() {
		where := p.File
		if where != "" && dir != "" {
			where = filepath.Join(dir, filepath.FromSlash(where))
		}
		if p.Line > 0 {
			where += fmt.Sprintf(":%d", p.Line)
		}
		line := p.Text(string(t.Language()))
		if p.Key != "" {
			line = p.Key + ": " + line
		}
		lines = append(lines, terminal.Safe("  "+where+": "+line))
	}
	return strings.Join(lines, "\n")
}
