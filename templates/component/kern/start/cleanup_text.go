package start

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// sayProposal shows what is due, and how much is not.
func sayProposal(out io.Writer, p *opslag.Proposal) {
	say(out, "Vernietigingslijst van %s: %d aan de beurt\n", p.Day, len(p.Items))
	if len(p.Items) > 0 {
		table(out, "Wat\tResultaat\tTermijn\tVervallen op\tWaar dat staat", func(w io.Writer) {
			for _, d := range p.Items {
				say(w, "%s\t%s\t%s\t%s\t%s\n", d.Kind+" "+d.Identificatie, d.Resultaat, period(d), d.Expired, d.Source)
			}
		})
	}
	for _, h := range p.Held {
		say(out, "Tegengehouden (%s): zaak %s, vervallen op %s\n", strings.Join(h.Marks, ", "), h.Identificatie, h.Expired)
	}
	for _, rest := range []struct {
		n    int
		what string
	}{
		{p.Running, "de termijn loopt nog"}, {p.Kept, "blijvend bewaren"},
		{p.NoTerm, "zonder bewaartermijn; die staan dus nooit op de lijst"},
		{p.NoDay, "de datum waarmee de termijn begint is niet ingevuld; die staan dus nog niet op de lijst"},
	} {
		if rest.n > 0 {
			say(out, "Niet op de lijst: %d keer %s\n", rest.n, rest.what)
		}
	}
}

// period is the term of something in words.
func period(d opslag.Due) string {
	text := d.Term
	if term, err := value.ParseTerm(d.Term); err == nil {
		text = term.String()
	}
	return text + " na " + string(d.From)
}

// sayDeclaration writes a declaration of destruction for people.
func (p *Parts) sayDeclaration(out io.Writer, d *opslag.Declaration) {
	say(out, "Verklaring van vernietiging\n\nComponent:    %s (%s)\nOrganisatie:  %s\nKenmerk:      %s\nBesloten op:  %s\nDoor:         %s\nGoedkeuring:  %s\nHoe:          %s\n",
		p.Pages.Title, p.Pages.Name, p.Pages.Organisation, d.ID, d.DecidedAt, d.By, d.Approval, d.How)
	say(out, "\nReservekopieën vallen hier niet onder; die verlopen volgens hun eigen termijn.\n\n")
	table(out, "Wat\tResultaat\tLooptijd\tGrond\tVervallen op\tVernietigd op\tBestond uit", func(w io.Writer) {
		for _, l := range d.Lines {
			ground := period(l.Due)
			if l.Source != "" {
				ground += " (" + l.Source + ")"
			}
			say(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Kind+" "+l.Identificatie, l.Resultaat, span(l.Due), ground, l.Expired, l.At, counted(l.Counts))
		}
	})
	say(out, "\nTotaal: %d\n", len(d.Lines))
}

func span(d opslag.Due) string {
	if d.End == "" {
		return "vanaf " + d.Begin.String()
	}
	return d.Begin.String() + " tot en met " + d.End.String()
}

// counted says of how many rows something was made.
func counted(counts map[string]int64) string {
	var all []string
	for what, n := range counts {
		if n > 0 {
			all = append(all, fmt.Sprintf("%s: %d", what, n))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func table(out io.Writer, head string, rows func(io.Writer)) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say(w, "%s\n", head)
	rows(w)
	_ = w.Flush() // as with say
}
