// Package sourcescmd is `fieldlab sources`: the sources that fieldlab knows by
// itself, and what a team must do to use them.
package sourcescmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
)

// Deps is what the commands need.
type Deps struct {
	IO   *terminal.IO
	Text *text.Catalogue
}

// New builds the group with its commands.
func New(d Deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sources",
		Short:   d.Text.T("sources.short"),
		Long:    d.Text.T("sources.long"),
		Example: d.Text.T("sources.example"),
		Args:    arguments.Subcommand(d.Text),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newList(d, nil), newShow(d, nil))
	return cmd
}

// ListOptions are the flags of list.
type ListOptions struct {
	JSON bool
}

func newList(d Deps, runF func(*ListOptions) error) *cobra.Command {
	o := &ListOptions{}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   d.Text.T("sources.list.short"),
		Long:    d.Text.T("sources.list.long"),
		Example: d.Text.T("sources.list.example"),
		Args:    arguments.Between(d.Text, 0, 0),
		RunE: func(*cobra.Command, []string) error {
			if runF != nil {
				return runF(o)
			}
			return list(d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// line is a source in the list.
type line struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Provider string `json:"provider"`
	About    string `json:"about"`
}

// list shows every source with what it is.
func list(d Deps, o *ListOptions) error {
	all := []line{}
	width := 0
	for _, e := range catalogue.Entries() {
		all = append(all, line{Name: e.Name, Title: e.Title, Provider: e.Provider.Name, About: e.About})
		width = max(width, len(e.Name))
	}
	if o.JSON {
		return d.IO.WriteJSON(all)
	}
	for _, l := range all {
		if _, err := fmt.Fprintf(d.IO.Out, "  %-*s  %s\n", width, l.Name, l.Title); err != nil {
			return err
		}
	}
	fmt.Fprintf(d.IO.Err, "\n%s\n", d.Text.T("sources.more"))
	return nil
}
