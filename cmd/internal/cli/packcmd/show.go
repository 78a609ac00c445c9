package packcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

// ShowOptions are the arguments of show.
type ShowOptions struct {
	Dir  string
	JSON bool
}

func newShow(d evolve.Deps, runF func(*ShowOptions) error) *cobra.Command {
	o := &ShowOptions{Dir: "."}
	cmd := &cobra.Command{
		Use:               d.Text.T("pack.show.use"),
		Short:             d.Text.T("pack.show.short"),
		Long:              d.Text.T("pack.show.long"),
		Example:           d.Text.T("pack.show.example"),
		Args:              arguments.Between(d.Text, 0, 1),
		ValidArgsFunction: folders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if runF != nil {
				return runF(o)
			}
			return show(cmd, d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// Shown is what a pack does, also as --json gives it.
type Shown struct {
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	Sum         string   `json:"sum"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Header      string   `json:"header,omitempty"`
	Component   string   `json:"component,omitempty"` // the folder of the component that keeps it
	Replaces    []string `json:"replaces"`            // paths in the component
	Adds        []string `json:"adds"`
	Runs        []string `json:"runs"` // those of them that run when somebody uses the component
}

func show(cmd *cobra.Command, d evolve.Deps, o *ShowOptions) error {
	own, component, err := open(cmd, d, o)
	if err != nil {
		return err
	}
	s := shown(d, own)
	s.Component = component
	if o.JSON {
		return d.IO.WriteJSON(s)
	}
	tell(d, s)
	return nil
}

// open reads a pack from a folder of its own, or from the component that keeps it.
func open(cmd *cobra.Command, d evolve.Deps, o *ShowOptions) (own *pack.Pack, component string, err error) {
	if _, err := os.Lstat(filepath.Join(o.Dir, pack.FileName)); err == nil || !isComponent(o.Dir) {
		own, err := evolve.ReadPack(d.Text, o.Dir, d.Pack)
		return own, "", failed(d, o.Dir, "", err)
	}
	c, err := growcmd.Open(cmd.Context(), d, &growcmd.Options{Dir: o.Dir, Options: evolve.Options{JSON: o.JSON}})
	if err != nil {
		return nil, "", err
	}
	defer c.Close()
	declared := generator.Declared(c.Answers)
	if declared.IsZero() {
		return nil, "", failure.Shortfall{Text: d.Text.T("pack.show.none", terminal.Safe(evolve.Name(o.Dir))), Hint: "fieldlab update --pack MAP"}
	}
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, "", failure.Shortfall{Text: d.Text.T("pack.unreadable", terminal.Safe(o.Dir), answersfile.Reason(d.Text, err))}
	}
	defer root.Close()
	own, err = pack.Stored(root.FS(), declared)
	return own, o.Dir, failed(d, "", o.Dir, err)
}

func isComponent(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, "fieldlab.yaml"))
	return !errors.Is(err, fs.ErrNotExist)
}

// failed puts what is wrong with a pack in words.
func failed(d evolve.Deps, dir, component string, err error) error {
	if refused := evolve.PackFailed(d.Text, dir, component, err); refused != nil {
		return refused
	}
	return err
}

func shown(d evolve.Deps, own *pack.Pack) Shown {
	s := Shown{
		Name: own.Name, Version: own.Version, Sum: own.Sum, Title: own.Title, Description: own.Description, Header: own.Header,
		Replaces: []string{}, Adds: []string{}, Runs: []string{},
	}
	for _, name := range own.Paths() {
		output := strings.TrimSuffix(name, ".tmpl")
		if pack.Replaces(d.Pack, name) != "" || strings.HasPrefix(output, "5-interactie/") && inPages(d, output) {
			s.Replaces = append(s.Replaces, output)
		} else {
			s.Adds = append(s.Adds, output)
		}
		if runs(output, own.Body(name)) {
			s.Runs = append(s.Runs, output)
		}
	}
	return s
}

// inPages says whether a page or style comes in the place of one in kern.
func inPages(d evolve.Deps, output string) bool {
	_, err := fs.Stat(d.Pack, "kern/paginas/"+strings.TrimPrefix(output, "5-interactie/"))
	return err == nil
}

// runs says whether a file runs when somebody starts, tests, builds or ships the
// component, or tells a program what to run.
func runs(output string, body []byte) bool {
	output = strings.ToLower(output)
	base := path.Base(output)
	name, _, _ := strings.Cut(base, ".")
	return slices.Contains(running, path.Ext(output)) || slices.Contains(tools, name) || bytes.HasPrefix(body, []byte("#!")) ||
		strings.HasPrefix(base, ".") || strings.HasPrefix(output, ".") || strings.HasPrefix(output, "deploy/") ||
		strings.HasPrefix(base, "docker") || strings.HasPrefix(base, "azure-pipelines") || strings.HasPrefix(base, "bitbucket-pipelines")
}

// running are the kinds of file that run, or in which a program finds what to run; a
// page is a template that the component executes, with scripts for the browser.
var running = []string{
	".go", ".sql", ".html", ".js", ".mjs", ".cjs", ".ts", ".tmpl", ".tpl", ".mk", ".tf",
	".sh", ".bash", ".zsh", ".fish", ".ksh", ".cmd", ".bat", ".ps1", ".psm1", ".command", ".py", ".rb", ".pl", ".lua", ".php", ".awk", ".groovy",
}

// tools are the names, before the first dot, of files that tell a tool what to run.
var tools = []string{
	"makefile", "gnumakefile", "bsdmakefile", "justfile", "taskfile", "rakefile", "magefile", "earthfile", "dockerfile", "containerfile", "compose",
	"jenkinsfile", "procfile", "vagrantfile", "tiltfile", "skaffold", "goreleaser", "renovate", "package", "appveyor", "cloudbuild", "buildspec", "netlify", "vercel", "fly",
	"agents", "claude", "gemini", // an assistant does what stands there
}

func tell(d evolve.Deps, s Shown) {
	say := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	say(d.IO.Bold(terminal.Safe(s.Name + " " + s.Version)))
	if s.Title != "" {
		say(terminal.Safe(s.Title))
	}
	if s.Description != "" {
		say(d.IO.Wrap(terminal.SafeLines(s.Description), ""))
	}
	say(s.Sum)
	if s.Component != "" {
		say(d.Text.T("pack.show.stored", pack.Folder))
	}
	for _, part := range []struct {
		key   string
		paths []string
	}{{"pack.show.replaces", s.Replaces}, {"pack.show.adds", s.Adds}} {
		if len(part.paths) == 0 {
			continue
		}
		say("\n" + d.Text.T(part.key, len(part.paths)))
		for _, path := range part.paths {
			say("  " + terminal.Safe(path))
		}
	}
	if s.Header != "" {
		say("\n" + d.Text.T("pack.show.header"))
		for line := range strings.SplitSeq(s.Header, "\n") {
			say("  " + terminal.Safe(line))
		}
	}
	if len(s.Runs) > 0 {
		say("\n" + d.IO.Wrap(d.Text.T("pack.show.runs", terminal.Safe(strings.Join(s.Runs, ", "))), ""))
	}
}
