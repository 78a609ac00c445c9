package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Options say how much is shown on the screen.
type Options struct {
	All bool // every place of every finding, of every repository
}

// indent is where the words of a rule begin.
const indent = "        "

// few is how many places are shown of a rule, and of what could not be judged.
const few = 5

// Text shows results on the screen: of one repository everything, of several first all
// of them beside each other.
func Text(s *terminal.IO, t *text.Catalogue, about About, results []*check.Result, o Options) error {
	p := newPaper(s, t)
	p.all = o.All
	if len(results) > 1 {
		p.matrix(results)
	}
	for i, r := range results {
		if c := tallyOf(r, ""); len(results) > 1 && !o.All && c.Errors+c.Warnings == 0 && (c.Notes == 0 || !about.fails(r, check.Note)) {
			continue // the table says it all
		}
		if i > 0 || len(results) > 1 {
			p.gap()
		}
		if len(results) > 1 && !o.All {
			p.briefly(r, about.fails(r, check.Note))
			continue
		}
		p.repository(about.checkout(i), r, about.fails(r, check.Note))
	}
	if len(results) > 1 && !o.All {
		p.gap()
		p.wrap(t.T("check.report.all"), "")
	}
	return p.err
}

// paper is what is written on.
type paper struct {
	io  *terminal.IO
	t   *text.Catalogue
	all bool
	err error // the first one
}

// newPaper takes the colours away where the output does not go to a screen.
func newPaper(s *terminal.IO, t *text.Catalogue) *paper {
	if !s.OutTerminal {
		plain := *s
		plain.MakePlain()
		s = &plain
	}
	return &paper{io: s, t: t}
}

func (p *paper) line(words string) {
	if _, err := fmt.Fprintln(p.io.Out, noCommand(words)); err != nil && p.err == nil {
		p.err = err
	}
}

// noCommand breaks what GitHub and Azure take for a command when it stands in the output
// of a job: a name of a file must not silence the rest of the output.
func noCommand(words string) string {
	if !strings.Contains(words, "::") && !strings.Contains(words, "##") {
		return words
	}
	lines := strings.Split(strings.ReplaceAll(words, "##", "# #"), "\n")
	for i, line := range lines {
		if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, "::") {
			lines[i] = line[:len(line)-len(rest)] + `\` + rest
		}
	}
	return strings.Join(lines, "\n")
}

func (p *paper) gap() { p.line("") }

func (p *paper) wrap(words, indent string) { p.line(p.io.Wrap(words, indent)) }

// repository says everything of one. Notes are a line, unless they fail the check.
func (p *paper) repository(c Checkout, r *check.Result, strict bool) {
	whole := tallyOf(r, "")
	p.line(p.io.Bold(oneLine(r.Name)))
	p.wrap(headline(p.t, r, whole), "")
	p.gap()
	p.table(r)
	if c.Yardstick != nil {
		p.gap()
		p.wrap(p.t.T("check.report.yardstick", c.Yardstick.Met, c.Yardstick.Of, c.Yardstick.Score), "")
	}
	var notes []string
	for _, v := range broken(r) {
		if v.Rule.Severity == check.Note && v.Rule.ID != check.LeftOutRule && !p.all && !strict {
			notes = append(notes, v.Rule.ID)
			continue
		}
		p.gap()
		p.broken(v)
	}
	if len(notes) > 0 {
		p.gap()
		p.wrap(p.t.T("check.report.notes", strings.Join(notes, ", ")), "")
	}
	if n := fixable(r); n > 0 {
		p.gap()
		p.wrap(counted(p.t, n, "check.report.fix.one", "check.report.fix.more"), "")
	}
	p.accepted(r)
	p.unjudged(r)
}

// headline is the outcome in a sentence or two.
func headline(t *text.Catalogue, r *check.Result, c tally) string {
	found := sayCounts(t, c)
	switch {
	case !c.Known && found == "":
		return t.T("check.report.head.nothing", r.Files)
	case found == "":
		return capital(t.T("check.report.head.fine", sayScore(t, c), r.Files))
	}
	return capital(t.T("check.report.head.found", sayScore(t, c), found, r.Files))
}

// columns are the numbers of a tally, as they stand in a table.
func columns(c tally) []string {
	cells := []string{"-"}
	if c.Known {
		cells[0] = fmt.Sprint(c.Score)
	}
	for _, n := range []int{c.Errors, c.Warnings, c.Notes, c.Accepted, c.NotChecked} {
		cells = append(cells, fmt.Sprint(n))
	}
	return cells
}

// columnNames are above those.
func columnNames(t *text.Catalogue) []string {
	return []string{
		t.T("check.report.column.score"), t.T("check.report.column.errors"), t.T("check.report.column.warnings"),
		t.T("check.report.column.notes"), t.T("check.report.column.accepted"), t.T("check.report.column.unjudged"),
	}
}

// narrowNames are shorter ones, for a screen of 80 columns.
func narrowNames(t *text.Catalogue) []string {
	return []string{
		t.T("check.report.narrow.score"), t.T("check.report.narrow.errors"), t.T("check.report.narrow.warnings"),
		t.T("check.report.narrow.notes"), t.T("check.report.narrow.accepted"), t.T("check.report.narrow.unjudged"),
	}
}

// table is a line for each group. A screen that is too narrow gets sentences.
func (p *paper) table(r *check.Result) {
	rows := [][]string{append([]string{""}, narrowNames(p.t)...)}
	var sentences []string
	for _, g := range groupsOf(r) {
		c := tallyOf(r, g)
		rows = append(rows, append([]string{sayGroup(p.t, g)}, columns(c)...))
		words := sayGroup(p.t, g) + ": " + sayScore(p.t, c)
		if counts := sayCounts(p.t, c); counts != "" {
			words += ", " + counts
		}
		sentences = append(sentences, words)
	}
	if p.grid(rows) {
		return
	}
	for _, words := range sentences {
		p.wrap(words, "")
	}
}

// grid shows rows as a table, the first one as its head, unless the screen is too
// narrow.
func (p *paper) grid(rows [][]string) bool { return p.gridOf(rows, 2) }

// gridOf has so many spaces between its columns.
func (p *paper) gridOf(rows [][]string, between int) bool {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], terminal.Cells(cell))
		}
	}
	total := 0
	for _, w := range widths {
		total += w + between
	}
	if full, _ := p.io.Size(); total-between > full {
		return false
	}
	for n, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-terminal.Cells(cell))
			if i == 0 {
				b.WriteString(cell + space)
			} else {
				b.WriteString(strings.Repeat(" ", between) + space + cell)
			}
		}
		words := strings.TrimRight(b.String(), " ")
		if n == 0 {
			words = p.io.Faint(words)
		}
		p.line(words)
	}
	return true
}

// mark is a severity at the beginning of a line: a word, so that colour is never alone.
func (p *paper) mark(s check.Severity) (shown string, width int) {
	switch s {
	case check.Error:
		words := p.t.T("check.report.mark.error")
		return p.io.Warn(words), terminal.Cells(words)
	case check.Warning:
		words := p.t.T("check.report.mark.warning")
		return p.io.Bold(words), terminal.Cells(words)
	}
	words := p.t.T("check.report.mark.note")
	return words, terminal.Cells(words)
}

// broken is a rule that is not met, with its places and what to do.
func (p *paper) broken(v check.Verdict) {
	e := Explain(p.t, v.Rule)
	mark, width := p.mark(v.Rule.Severity)
	head := p.io.Wrap(p.t.T("check.report.rule", oneLine(e.Name))+" ("+v.Rule.ID+")", indent)
	p.line(mark + strings.Repeat(" ", max(1, len(indent)-width)) + strings.TrimPrefix(head, indent))
	all := distinct(p.t, open(v))
	hidden := v.More
	for i, f := range all {
		if i >= few && !p.all {
			hidden += f.times
			continue
		}
		p.finding(f)
	}
	if hidden > 0 {
		p.wrap(counted(p.t, hidden, "check.report.more.one", "check.report.more.more"), indent)
	}
	p.wrap(p.t.T("check.report.label.mend")+": "+oneLine(e.Mend), indent)
	p.line(indent + p.io.Good("> ") + "fieldlab check --explain " + v.Rule.ID)
}

// finding is one place. Where is on a line of its own when the words do not fit beside
// it, and is never broken: editors and terminals open it.
func (p *paper) finding(f shown) {
	at, words := f.at, f.words
	if len([]rune(indent+at+": "+words)) <= p.io.Width() {
		p.line(indent + p.io.Bold(at+":") + " " + words)
		return
	}
	p.line(indent + p.io.Bold(at+":"))
	p.wrap(words, indent+"  ")
}

// accepted says how much somebody accepted; the proof says what and why.
func (p *paper) accepted(r *check.Result) {
	n := tallyOf(r, "").Accepted
	if n == 0 {
		return
	}
	p.gap()
	p.wrap(counted(p.t, n, "check.report.accepted.one", "check.report.accepted.more"), "")
	if !p.all {
		return
	}
	for _, v := range r.Verdicts {
		for _, f := range accepted(v) {
			p.wrap(place(p.t, f)+": "+said(p.t, f)+" ("+v.Rule.ID+") - "+
				sayAccepted(p.t, f), "  ")
		}
	}
}

// unjudged says what was not checked, and why.
func (p *paper) unjudged(r *check.Result) {
	all := gaps(p.t, r)
	if !p.all { // the rule that says it already is on this screen
		all = slices.DeleteFunc(all, func(g gap) bool { return g.Reason == oneLine(p.t.T("check.missed.said")) })
	}
	if len(all) > 0 {
		p.gap()
		p.line(p.io.Bold(p.t.T("check.report.unjudged")))
	}
	for _, g := range all {
		p.wrap(p.sayGap(g), "  ")
	}
	if n := len(persons(r)); n > 0 {
		p.gap()
		p.wrap(counted(p.t, n, "check.report.persons.one", "check.report.persons.more"), "")
	}
}

// sayGap says in a sentence which rules could not be judged where, and why.
func (p *paper) sayGap(g gap) string {
	ids := make([]string, len(g.Rules))
	for i, r := range g.Rules {
		ids[i] = r.ID
	}
	words := p.t.T("check.report.gap", p.some(ids), g.Reason)
	if len(g.Paths) == 0 {
		return words
	}
	paths := make([]string, len(g.Paths))
	for i, path := range g.Paths {
		paths[i] = where(p.t, path)
	}
	return words + " " + p.t.T("check.report.gap.where", p.some(paths))
}

// some lists the first few.
func (p *paper) some(all []string) string {
	if p.all || len(all) <= few {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:few], ", ") + " " + p.t.T("check.report.and-more", len(all)-few)
}
