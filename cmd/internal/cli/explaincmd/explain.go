// Package explaincmd is `fieldlab explain`: the five layers and the words of
// Common Ground in plain language.
package explaincmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// Deps is what the command needs.
type Deps struct {
	IO   *terminal.IO
	Text *text.Catalogue
}

// Options are the arguments and flags.
type Options struct {
	Topic string // "" lists all topics
	JSON  bool
}

// New builds the command. A test gives runF to see the options.
func New(d Deps, runF func(*Options) error) *cobra.Command {
	o := &Options{}
	cmd := &cobra.Command{
		Use:     d.Text.T("explain.use"),
		Short:   d.Text.T("explain.short"),
		Long:    d.Text.T("explain.long"),
		Example: d.Text.T("explain.example"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return order(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			o.Topic = strings.Join(args, " ")
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
	all := topics(d.Text.Language())
	if o.Topic == "" {
		return list(d, o, all)
	}
	found, ok := find(all, o.Topic)
	if !ok {
		said := d.Text.T("explain.unknown", terminal.Safe(o.Topic))
		if near := arguments.Nearest(o.Topic, words(all)); near != "" {
			said += " " + d.Text.T("usage.did-you-mean", near)
		}
		return failure.Usage{Text: said, Hint: "fieldlab explain"}
	}
	if o.JSON {
		return d.IO.WriteJSON(found)
	}
	_, err := fmt.Fprintf(d.IO.Out, "%s\n%s\n\n%s\n", bold(d.IO, capital(found.Title)), capital(found.Short)+".", found.Text)
	return err
}

// list shows every topic with one line.
func list(d Deps, o *Options, all []topic) error {
	if o.JSON {
		short := make([]topic, len(all))
		for i, t := range all {
			short[i] = t
			short[i].Text = ""
		}
		return d.IO.WriteJSON(short)
	}
	width := 0
	for _, t := range all {
		width = max(width, len(t.Name))
	}
	for _, t := range all {
		if _, err := fmt.Fprintf(d.IO.Out, "  %-*s  %s\n", width, t.Name, t.Short); err != nil {
			return err
		}
	}
	fmt.Fprintf(d.IO.Err, "\n%s\n", d.Text.T("explain.more"))
	return nil
}

// bold is for a screen only: the text itself may go to a file.
func bold(io *terminal.IO, words string) string {
	if !io.OutTerminal {
		return words
	}
	return io.Bold(words)
}

func capital(words string) string {
	runes := []rune(words)
	return strings.ToUpper(string(runes[:1])) + string(runes[1:])
}
