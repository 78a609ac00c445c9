package workshop

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// maxKnown is how much a component that was just made can be.
const maxKnown = 128 << 20

// knownGood makes the files of the component as they are when these steps are done:
// what the answers of the begin give, and then the recipes. It happens in a folder
// of its own; the component itself is only read.
func (r BackRequest) knownGood(ctx context.Context, root *os.Root, steps []*course.Step) ([]repository.File, error) {
	document, files, err := begin(root)
	if err != nil {
		return nil, err
	}
	own, err := beginPack(files, document)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "fieldlab-inhalen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	dir = filepath.Join(dir, "component")
	_, err = generator.Generate(ctx, generator.Request{
		Document: document, Files: files, Pack: r.Pack, Own: own, Version: r.Version, Dir: dir, NoGit: true, Env: r.Env, Now: r.Now,
	})
	if err != nil {
		return nil, err
	}
	if err := course.Follow(ctx, dir, steps, r.Fieldlab); err != nil {
		return nil, err
	}
	return filesIn(ctx, dir)
}

// begin reads the answers that the component began with, and where the files are that
// they name.
func begin(root *os.Root) (*answers.Document, fs.FS, error) {
	const folder = Folder + "/" + beginFolder
	name := folder + "/" + plan.AnswersPath
	body, err := readFile(root, name, 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, Damaged{File: name, Why: Missing}
	}
	if err != nil {
		return nil, nil, err
	}
	document, problems := answers.Parse(name, body)
	if len(problems) > 0 {
		return nil, nil, problems
	}
	files, err := fs.Sub(root.FS(), folder)
	return document, files, err
}

// beginPack reads the own pack that the component began with; nil for none.
func beginPack(files fs.FS, document *answers.Document) (*pack.Pack, error) {
	declared := generator.Declared(document.Answers)
	if declared.IsZero() {
		return nil, nil
	}
	return pack.Stored(files, declared)
}

// filesIn reads a component that was just made, without what is no part of it.
func filesIn(ctx context.Context, dir string) ([]repository.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var files []repository.File
	left := int64(maxKnown)
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir():
			if name == ".git" || name == dataFolder || update.OnItsWay(name) != "" {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		body, err := readLimited(root, name, left)
		if left -= int64(len(body)); err != nil {
			return err
		}
		files = append(files, repository.File{Path: name, Body: body, Executable: info.Mode()&0o111 != 0})
		return nil
	})
	return files, err
}

func readLimited(root *os.Root, name string, most int64) ([]byte, error) {
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

// inWorkshop says whether a file is of the workshop, and not of the component.
func inWorkshop(name string) bool { return strings.HasPrefix(name, Folder+"/") }

// parents are the folders above a file, the highest first.
func parents(name string) []string {
	var all []string
	for at := path.Dir(name); at != "."; at = path.Dir(at) {
		all = append([]string{at}, all...)
	}
	return all
}
