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
	case p.grid(p.across(groups, results, false, maxName)), p.gridOf(p.across(groups, results, false, maxName/2), 1):
		p.gap()
		p.wrap(p.t.T("check.report.matrix.legend-short"), "")
	case p.grid(p.counts(results)):
		return
	default:
		for _, r := range results {
			p.wrap(oneLine(r.Name)+": "+headline(p.t, r, tallyOf(r, "")), "")
		}
		return
	}
	var meanings []string
	for _, g := range groups {
		if short, full := shortGroup(p.t, g), sayGroup(p.t, g); !strings.EqualFold(short, full) {
			meanings = append(meanings, short+" = "+full)
		}
	}
	p.wrap(join(meanings), "")
}

// upright has a row for each group.
func (p *paper) upright(groups []check.Group, results []*check.Result) [][]string {
	rows := [][]string{{""}}
	for _, g := range groups {
		rows = append(rows, []string{sayGroup(p.t, g)})
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

// counts has a row for each repository with the score and the numbers of what was found,
// for a screen that is too narrow for the groups.
func (p *paper) counts(results []*check.Result) [][]string {
	const shown = 4 // without what was accepted and what was not checked
	rows := [][]string{append([]string{""}, narrowNames(p.t)[:shown]...)}
	for _, r := range results {
		rows = append(rows, append([]string{terminal.Cut(oneLine(r.Name), maxName)}, columns(tallyOf(r, ""))[:shown]...))
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

// warnings is up to how many lines a repository among several has when the lines are of
// warnings as well.
const warnings = 5

// briefly says of one repository among several what its errors are, each rule on a line,
// and what its warnings are when that does not make it long; strict is with notes.
func (p *paper) briefly(r *check.Result, strict bool) {
	c := tallyOf(r, "")
	p.line(p.io.Bold(oneLine(r.Name)))
	p.wrap(headline(p.t, r, c), "  ")
	for i, v := range broken(r) { // the errors come first
		if v.Rule.Severity == check.Note && !strict || v.Rule.Severity != check.Error && i >= warnings {
			continue
		}
		words := p.t.T("check.report.mark."+string(v.Rule.Severity)) + " "
		if all := open(v); len(all) > 0 {
			words += place(p.t, all[0])
			if n := len(all) - 1 + v.More; n > 0 {
				words += ", " + p.t.T("check.report.and-more", n)
			}
			words += " (" + v.Rule.ID + "): " + said(p.t, all[0])
		} else {
			words += p.t.T("check.report.rule", Explain(p.t, v.Rule).Name) + " (" + v.Rule.ID + ")"
		}
		p.line("  " + p.cut(words))
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
