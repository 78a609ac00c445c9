// Package versioncmd is `fieldlab version`.
package versioncmd

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// Version says which fieldlab this is.
type Version struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"`
	Changed  bool   `json:"changed,omitempty"` // built from files that differ from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`

	// What is in it, as the linker noted: to compare with go.sum of the commit, or
	// with a list of known faults.
	Modules []Module `json:"modules,omitempty"`
}

// Module is one module in the program.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Sum     string `json:"sum,omitempty"`
}

// Of fills in what the linker left open from the build information, so that
// `go install` gives a version too.
func Of(version, commit, date string) Version {
	v := Version{
		Version: strings.TrimPrefix(version, "v"), Commit: commit, Date: date,
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if v.Version == "" && info.Main.Version != "(devel)" {
		v.Version = strings.TrimPrefix(info.Main.Version, "v")
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && v.Commit == "":
			v.Commit = s.Value
		case s.Key == "vcs.time" && v.Date == "":
			v.Date = s.Value
		case s.Key == "vcs.modified":
			v.Changed = s.Value == "true"
		}
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		v.Modules = append(v.Modules, Module{Path: m.Path, Version: m.Version, Sum: m.Sum})
	}
	if v.Version == "" {
		v.Version = "dev"
	}
	return v
}

// Deps is what the command needs.
type Deps struct {
	IO      *terminal.IO
	Text    *text.Catalogue
	Version Version
}

// Options are the flags.
type Options struct {
	JSON bool
}

// New builds the command. A test gives runF to see the options.
func New(d Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     "version",
		Short:   d.Text.T("version.short"),
		Long:    d.Text.T("version.long"),
		Example: d.Text.T("version.example"),
		Args:    arguments.Between(d.Text, 0, 0),
		RunE: func(*cobra.Command, []string) error {
			if runF != nil {
				return runF(o)
			}
			return run(d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

func run(d Deps, o *Options) error {
	if o.JSON {
		return d.IO.WriteJSON(d.Version)
	}
	line := "fieldlab " + d.Version.Version
	var about []string
	for _, s := range []string{short(d.Version.Commit), d.Version.Date, d.Version.Go, d.Version.Platform} {
		if s != "" {
			about = append(about, s)
		}
	}
	_, err := fmt.Fprintf(d.IO.Out, "%s (%s)\n", line, strings.Join(about, ", "))
	return err
}

func short(commit string) string { return commit[:min(len(commit), 12)] }
