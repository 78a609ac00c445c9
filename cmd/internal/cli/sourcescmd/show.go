package sourcescmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
)

// ShowOptions are the argument and the flag of show.
type ShowOptions struct {
	Name string
	JSON bool
}

func newShow(d Deps, runF func(*ShowOptions) error) *cobra.Command {
	o := &ShowOptions{}
	cmd := &cobra.Command{
		Use:     d.Text.T("sources.show.use"),
		Short:   d.Text.T("sources.show.short"),
		Long:    d.Text.T("sources.show.long"),
		Example: d.Text.T("sources.show.example"),
		Args:    arguments.Between(d.Text, 1, 1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return catalogue.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			o.Name = args[0]
			if runF != nil {
				return runF(o)
			}
			return show(d, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, d.Text.T("flag.json"))
	return cmd
}

// shown is an entry with what is made of it.
type shown struct {
	catalogue.Entry
	Snippet string `json:"snippet"` // for fieldlab.yaml
}

func show(d Deps, o *ShowOptions) error {
	e, ok := catalogue.Find(o.Name)
	if !ok {
		said := d.Text.T("sources.unknown", terminal.Safe(o.Name), strings.Join(catalogue.Names(), ", "))
		if near := arguments.Nearest(o.Name, catalogue.Names()); near != "" {
			said += " " + d.Text.T("usage.did-you-mean", near)
		}
		return failure.Usage{Text: said, Hint: "fieldlab sources list"}
	}
	if o.JSON {
		return d.IO.WriteJSON(shown{e, snippet(e)})
	}
	p := page{d: d}
	p.top(e)
	p.questions(e)
	p.access(e)
	p.rest(e)
	_, err := fmt.Fprint(d.IO.Out, p.out.String())
	return err
}

// page collects what is shown of one source. What fieldlab knows of a source
// is Dutch in every language, as the sources are; the words around it are not.
type page struct {
	d   Deps
	out strings.Builder
}

func (p *page) heading(words string) {
	if p.d.IO.OutTerminal {
		words = p.d.IO.Bold(words)
	}
	p.out.WriteString("\n" + words + "\n")
}

// item shows words after a lead of two spaces and more, in lines below each other.
func (p *page) item(lead, words string) {
	indent := strings.Repeat(" ", len([]rune(lead)))
	p.out.WriteString(lead + strings.TrimPrefix(p.d.IO.Wrap(words, indent), indent) + "\n")
}

// widest is the widest first column that leaves room for a second.
const widest = 24

// pairs shows two columns, or pairs of lines when the first is too wide.
func (p *page) pairs(rows [][2]string) {
	width := 0
	for _, row := range rows {
		width = max(width, len([]rune(row[0])))
	}
	for _, row := range rows {
		if width > widest {
			p.item("  ", row[0])
			p.item("      ", row[1])
			continue
		}
		p.item("  "+row[0]+strings.Repeat(" ", width-len([]rune(row[0])))+"  ", row[1])
	}
}

func (p *page) top(e catalogue.Entry) {
	title := e.Title
	if p.d.IO.OutTerminal {
		title = p.d.IO.Bold(title)
	}
	p.out.WriteString(title + "\n" + p.d.IO.Wrap(e.About, "") + "\n\n")
	provider := e.Provider.Name
	if e.Provider.OIN != "" {
		provider += ", OIN " + e.Provider.OIN
	}
	rows := [][2]string{{p.d.Text.T("sources.provider"), provider}, {p.d.Text.T("sources.service"), e.Service}}
	for _, b := range e.BaseURLs {
		rows = append(rows, [2]string{b.Environment, b.URL})
	}
	auth := p.auth(e.Auth.Kind)
	if e.Auth.Header != "" {
		auth += ": " + e.Auth.Header
	}
	rows = append(rows, [2]string{p.d.Text.T("sources.auth"), auth})
	for _, h := range e.Headers {
		rows = append(rows, [2]string{"header", h.Name + ": " + h.Value})
	}
	p.pairs(rows)
	if e.Auth.About != "" {
		p.item("  ", e.Auth.About)
	}
}

// auth names a way to prove who asks.
func (p *page) auth(kind string) string {
	switch kind {
	case "apikey":
		return p.d.Text.T("sources.auth.apikey")
	case "zgw-jwt":
		return p.d.Text.T("sources.auth.zgw-jwt")
	}
	return p.d.Text.T("sources.auth.oauth2")
}

func (p *page) questions(e catalogue.Entry) {
	p.heading(p.d.Text.T("sources.operations"))
	for _, op := range e.Operations {
		name := op.Name
		if op.Default {
			name += " (" + p.d.Text.T("sources.default") + ")"
		}
		p.item("  ", name+": "+op.About)
		var asked []string
		for _, parameter := range op.Parameters {
			if parameter.Required {
				asked = append(asked, parameter.Name)
			} else {
				asked = append(asked, parameter.Name+"?")
			}
		}
		p.item("      ", p.d.Text.T("sources.parameters", strings.Join(asked, ", ")))
		for _, name := range slices.Sorted(maps.Keys(op.Constants)) {
			p.item("      ", name+": "+op.Constants[name])
			for _, c := range op.Choices {
				p.item("      ", p.d.Text.T("sources.or", name+": "+c.Name, c.About))
			}
		}
	}
	p.heading(p.d.Text.T("sources.fields"))
	rows := make([][2]string, len(e.Fields))
	for i, f := range e.Fields {
		rows[i] = [2]string{f.Name, f.About}
	}
	p.pairs(rows)
	p.heading(p.d.Text.T("sources.warnings"))
	for _, w := range e.Warnings {
		p.item("  - ", w.Text)
	}
}

func (p *page) access(e catalogue.Entry) {
	p.heading(p.d.Text.T("sources.access"))
	p.pairs([][2]string{{p.d.Text.T("sources.whom"), e.Access.With}, {p.d.Text.T("sources.where"), e.Access.Where}, {p.d.Text.T("sources.duration"), e.Access.Duration}})
	p.item("  ", e.Access.How)
	p.item("  ", p.d.Text.T("sources.asked"))
	for _, q := range e.Access.Questions {
		p.item("  - ", q)
	}
}

func (p *page) rest(e catalogue.Entry) {
	p.heading(p.d.Text.T("sources.personas"))
	rows := make([][2]string, len(e.Personas))
	for i, x := range e.Personas {
		rows[i] = [2]string{x.Key, x.About}
	}
	p.pairs(rows)
	if e.Checked == "ja" {
		p.heading(p.d.Text.T("sources.checked.ja"))
	} else {
		p.heading(p.d.Text.T("sources.checked.deels"))
	}
	if e.Caveat != "" {
		p.item("  ", e.Caveat)
	}
	for _, fact := range e.Facts {
		p.item("  ", fact)
	}
	p.heading(p.d.Text.T("sources.snippet"))
	p.out.WriteString("\n" + snippet(e))
}

// snippet is what a team puts into fieldlab.yaml. The activity is theirs.
func snippet(e catalogue.Entry) string {
	op := e.Standard()
	return fmt.Sprintf(`sources:
  - name: %s
    catalogue: %s
    operations: [%s]
    purpose:
      activity: behandelen   # een naam uit privacy.activities
      fields: [%s]
`, e.Name, e.Name, op.Name, strings.Join(op.Fields, ", "))
}
