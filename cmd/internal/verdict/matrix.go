package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// maxName is how much of the name of a repository stands in a table.
const maxName = 24

// matrix shows repositories beside each other: a column for each, or a row when there
// are too many for the screen.
func (p *paper) matrix(results []*check.Result) {
	groups := groupsOf(results...)
	if len(results) <= 4 && p.grid(p.upright(groups, results)) {
		p.gap()
		p.wrap(p.t.T("check.report.matrix.legend"), "")
		return
	}
	groups = slices.DeleteFunc(groups, func(g check.Group) bool {
		return !slices.ContainsFunc(results, func(r *check.Result) bool { c := tallyOf(r, g); return c.Known || c.findings() > 0 })
	})
	switch {
	case p.grid(p.across(groups, results, true, maxName)):
		p.gap()
		p.wrap(p.t.T("check.report.matrix.legend"), "")
	case p.grid(p.across(groups, results, false, maxName)), p.grid(p.across(groups, results, false, maxName/2)):
		p.gap()
		p.wrap(p.t.T("check.report.matrix.legend-short"), "")
	default:
		for _, r := range results {
			p.wrap(oneLine(r.Name)+": "+headline(p.t, r, tallyOf(r, "")), "")
		}
		return
	}
	var meanings []string
	for _, g := range groups {
		if short, full := shortGroup(p.t, g), SayGroup(p.t, g); !strings.EqualFold(short, full) {
			meanings = append(meanings, short+" = "+full)
		}
	}
	p.wrap(join(meanings), "")
}

// upright has a row for each group.
func (p *paper) upright(groups []check.Group, results []*check.Result) [][]string {
	rows := [][]string{{""}}
	for _, g := range groups {
		rows = append(rows, []string{SayGroup(p.t, g)})
	}
	rows = append(rows, []string{p.t.T("check.report.matrix.whole")})
	for _, r := range results {
		rows[0] = append(rows[0], terminal.Cut(oneLine(r.Name), maxName))
		for i, g := range append(slices.Clone(groups), "") {
			rows[i+1] = append(rows[i+1], cellOf(tallyOf(r, g)))
		}
	}
	return rows
}

// across has a row for each repository, with the errors behind each score or in a column
// of their own.
func (p *paper) across(groups []check.Group, results []*check.Result, wide bool, name int) [][]string {
	rows := [][]string{{""}}
	for _, g := range groups {
		rows[0] = append(rows[0], shortGroup(p.t, g))
	}
	rows[0] = append(rows[0], p.t.T("check.report.matrix.whole-short"))
	if !wide {
		rows[0] = append(rows[0], p.t.T("check.report.narrow.errors"))
	}
	for _, r := range results {
		row := []string{terminal.Cut(oneLine(r.Name), name)}
		for _, g := range append(slices.Clone(groups), "") {
			c := tallyOf(r, g)
			if wide {
				row = append(row, cellOf(c))
			} else {
				row = append(row, columns(c)[0])
			}
		}
		if !wide {
			row = append(row, fmt.Sprint(tallyOf(r, "").Errors))
		}
		rows = append(rows, row)
	}
	return rows
}

// cellOf is a score, with the number of errors in parentheses.
func cellOf(c tally) string {
	switch {
	case !c.Known && c.findings() == 0:
		return "-"
	case c.Errors > 0:
		return fmt.Sprintf("%d (%d)", c.Score, c.Errors)
	case !c.Known:
		return "-"
	}
	return fmt.Sprint(c.Score)
}

// shortGroup is a name of a group that fits above a narrow column.
func shortGroup(t *text.Catalogue, g check.Group) string {
	keys := map[check.Group]string{
		check.API: "check.report.short.api", check.Repository: "check.report.short.repository", check.Publiccode: "check.report.short.publiccode",
		check.Delivery: "check.report.short.delivery", check.Layers: "check.report.short.layers", check.Privacy: "check.report.short.privacy",
		check.Leftovers: "check.report.short.leftovers", check.Secrets: "check.report.short.secrets",
		check.Integration: "check.report.short.integration", check.Component: "check.report.short.component",
	}
	return t.T(keys[g])
}

// briefly says of one repository among several what its errors are, each rule on a line.
func (p *paper) briefly(r *check.Result) {
	c := tallyOf(r, "")
	p.line(p.io.Bold(oneLine(r.Name)))
	p.wrap(headline(p.t, r, c), "  ")
	for _, v := range broken(r) {
		if v.Rule.Severity != check.Error {
			continue
		}
		words := p.t.T("check.report.mark.error") + " "
		if all := open(v); len(all) > 0 {
			words += place(p.t, all[0]) + ": " + strings.TrimSuffix(said(p.t, all[0]), ".")
			if n := len(all) - 1 + v.More; n > 0 {
				words += ", " + p.t.T("check.report.and-more", n)
			}
		} else {
			words += p.t.T("check.report.rule", Explain(p.t, v.Rule).Name)
		}
		p.line("  " + p.cut(words+" ("+v.Rule.ID+")"))
	}
	if c.NotChecked > 0 {
		p.wrap(counted(p.t, c.NotChecked, "check.report.unjudged.one", "check.report.unjudged.more"), "  ")
	}
}

// cut makes one line of words on a screen; a file gets all of them.
func (p *paper) cut(words string) string {
	if !p.io.OutTerminal {
		return words
	}
	width, _ := p.io.Size()
	return terminal.Cut(words, max(width-2, 20))
}

// join lists names as people do.
func join(all []string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), ", ")
}
