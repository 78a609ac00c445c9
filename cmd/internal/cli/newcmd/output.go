package newcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gowork"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// dryRun shows what would be made.
func dryRun(d Deps, o *Options, s *source) error {
	files, component, err := generator.Plan(request(d, o, s))
	if err != nil {
		return failed(d, o, s, err)
	}
	if o.Dir == "" {
		o.Dir = component.Name.Path
	}
	if o.JSON {
		list := make([]jsonFile, len(files))
		for i, file := range files {
			list[i] = jsonFile{Path: file.Path, Size: int64(len(file.Body)), Mode: fmt.Sprintf("%04o", file.Mode.Perm())}
			if s.own != nil && s.own.Has(file.Template) {
				list[i].Pack = s.own.Name
			}
		}
		return d.IO.WriteJSON(list)
	}
	total := int64(0)
	for _, file := range files {
		total += int64(len(file.Body))
	}
	if _, err := io.WriteString(d.IO.Out, draw(terminal.Safe(o.Dir), files)); err != nil {
		return err
	}
	fmt.Fprintln(d.IO.Err, "\n"+d.Text.T("new.dry-run", len(files), size(total)))
	tellPack(d, s)
	return nil
}

type jsonFile struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Mode string `json:"mode,omitempty"`
	Pack string `json:"pack,omitempty"` // the own pack that it comes from
}

// generate makes the component.
func generate(ctx context.Context, d Deps, o *Options, s *source) error {
	if o.Dir == "" {
		component, found := model.New(s.file.Document.Answers, s.file.Files(), model.Env{Version: d.Version})
		if len(found) > 0 {
			return wrong(d, o, s, s.file.Document.Place(found).Sorted())
		}
		o.Dir = component.Name.Path
		if err := free(d, o); err != nil {
			return err
		}
	}
	var result generator.Result
	err := d.IO.Working(ctx, d.Text.T("new.working"), func(ctx context.Context) error {
		var err error
		result, err = generator.Generate(ctx, request(d, o, s))
		return err
	})
	if err != nil {
		return failed(d, o, s, err)
	}
	if s.progress != nil {
		s.progress.Forget()
	}
	if o.JSON {
		return d.IO.WriteJSON(report(d, o, s, result))
	}
	tellPack(d, s)
	tell(d, o, result)
	return nil
}

// failed explains why nothing was made.
func failed(d Deps, o *Options, s *source, err error) error {
	var path *fs.PathError
	var obstacle repository.Obstacle
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("new.nothing-left")}
	case errors.As(err, &obstacle):
		return blocked(d, o, obstacle)
	case errors.Is(err, tree.ErrNotEmpty):
		if err := free(d, o); err != nil {
			return err
		}
		return failure.Shortfall{Text: d.Text.T("new.not-empty", terminal.Safe(o.Dir)), Hint: d.Text.T("new.not-empty-hint")}
	case errors.As(err, &path), errors.As(err, &link), errors.As(err, &call):
		return failure.Shortfall{Text: d.Text.T("new.cannot-write", short(o.Dir), answersfile.Reason(d.Text, err))}
	default:
		return wrong(d, o, s, packFailed(d, o, err))
	}
}

// result is what --json gives.
type result struct {
	Name         string         `json:"name"`
	Directory    string         `json:"directory"`
	Files        []jsonFile     `json:"files"`
	Bytes        int64          `json:"bytes"`
	Milliseconds int64          `json:"milliseconds"`
	Commit       string         `json:"commit,omitempty"`
	Branch       string         `json:"branch,omitempty"`
	Replaced     []string       `json:"replaced,omitempty"`
	Enclosing    string         `json:"enclosingRepository,omitempty"`
	Pack         *jsonPack      `json:"pack,omitempty"`
	Warnings     []string       `json:"warnings,omitempty"` // what a person should know, in words
	OpenItems    []jsonOpenItem `json:"openItems"`
	Start        string         `json:"start"`
	Address      string         `json:"address"` // of the pages, once it runs
}

type jsonOpenItem struct {
	What  string `json:"what"`
	Where string `json:"where"`
	Who   string `json:"who"`
	Why   string `json:"why"`
}

func report(d Deps, o *Options, s *source, r generator.Result) result {
	around, _ := gowork.Around(o.Dir, d.Env, d.ConfigDir)
	out := result{
		Name: filepath.Base(r.Dir), Directory: r.Dir, Files: make([]jsonFile, len(r.Files)),
		Milliseconds: r.Elapsed.Milliseconds(), Commit: r.Commit, Enclosing: r.Enclosing,
		OpenItems: make([]jsonOpenItem, len(r.OpenItems)), Start: command(o.Dir, around), Address: pages(r), Warnings: warnings(d, o, r, around), Pack: packOf(s),
	}
	if r.Clone != nil {
		out.Branch, out.Replaced = r.Clone.Branch, r.Replaced
	}
	if name := s.file.Document.Answers.Component.Name; name != "" {
		out.Name = name
	}
	for i, file := range r.Files {
		out.Files[i] = jsonFile{Path: file.Path, Size: file.Size}
		out.Bytes += file.Size
	}
	for i, item := range r.OpenItems {
		out.OpenItems[i] = jsonOpenItem{item.What, item.Where, item.Who, item.Why}
	}
	return out
}

// tell says what was made and what to type next.
func tell(d Deps, o *Options, r generator.Result) {
	t := d.Text
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	dir := terminal.Safe(o.Dir)
	say(t.T("new.made", dir, len(r.Files), r.Elapsed.Milliseconds()))
	around, _ := gowork.Around(o.Dir, d.Env, d.ConfigDir)
	switch {
	case r.Enclosing != "":
		say(t.T("new.enclosing", terminal.Safe(r.Enclosing)))
	case o.NoGit:
		say(t.T("new.no-git"))
	case r.Clone != nil:
		tellClone(d, o, r)
	}
	for _, warning := range warnings(d, o, r, around) {
		say(warning)
	}
	if len(r.OpenItems) > 0 {
		say(t.T("new.open-items", len(r.OpenItems), filepath.Join(dir, "docs", "overdracht.md")))
	}
	say("\n" + t.T("new.start") + "\n\n  " + d.IO.Bold(command(dir, around)))
	say("\n" + t.T("new.open", pages(r)))
	if around.Usable {
		say("\n" + t.T("new.go-work-use") + "\n\n  " + d.IO.Bold(within(dir, "go work use .")))
	}
}

// warnings are what somebody should know before they go on.
func warnings(d Deps, o *Options, r generator.Result, around gowork.Workspace) (all []string) {
	if r.Commit != "" && !o.NoGit {
		all = persons(d, o, r.Persons)
	}
	if r.Clone != nil && r.Clone.Linked && !o.NoGit {
		all = append(all, d.Text.T("new.linked", terminal.Safe(quoted(o.Dir))))
	}
	if around.File != "" {
		all = append(all, d.Text.T("new.go-work", terminal.Safe(around.File)))
	}
	return all
}

// pages is where they are once the component runs on this machine.
func pages(r generator.Result) string { return fmt.Sprintf("http://localhost:%d", r.Port) }

// command is the one command that starts the component. In a workspace that does
// not know it, go is told to leave that alone.
func command(dir string, around gowork.Workspace) string {
	if around.File != "" {
		return within(dir, "GOWORK=off go run .")
	}
	return within(dir, "go run .")
}

// within is a command in the folder of the component.
func within(dir, command string) string {
	if dir == "." {
		return command
	}
	return "cd " + quoted(dir) + " && " + command
}
