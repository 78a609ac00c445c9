package verdict

import (
	"fmt"
	"io"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// proofPlaces is how many places of a rule stand in the proof.
const proofPlaces = 10

// writeProof writes docs/conformiteit.md: what was checked by whom, what held, what was
// accepted, what falls short, what only a person can say and what nobody looked at. It
// claims no more than that.
func writeProof(w io.Writer, t *text.Catalogue, about About, results []*check.Result) error {
	var b strings.Builder
	for i, r := range results {
		if i > 0 {
			b.WriteString("\n---\n\n")
		}
		p := proofWriter{b: &b, t: t, r: r, signed: signatures(about.Previous)}
		p.head(about, about.checkout(i))
		p.broken()
		p.accepted()
		p.persons()
		p.unjudged()
		p.met()
		p.idle()
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type proofWriter struct {
	b      *strings.Builder
	t      *text.Catalogue
	r      *check.Result
	signed map[string]string
}

func (p *proofWriter) line(words string) { p.b.WriteString(words + "\n") }

// part begins a chapter.
func (p *proofWriter) part(title, words string) {
	p.line("\n## " + title + "\n")
	if words != "" {
		p.line(words)
	}
}

// table writes a table of cells that are Markdown already.
func (p *proofWriter) table(head []string, rows [][]string) {
	p.line("\n| " + strings.Join(head, " | ") + " |")
	p.line(strings.Repeat("| --- ", len(head)) + "|")
	for _, row := range rows {
		p.line("| " + strings.Join(row, " | ") + " |")
	}
}

func (p *proofWriter) head(about About, c Checkout) {
	t := p.t
	p.line("# " + t.T("check.report.proof.title", quote.MD(titleOf(p.r))) + "\n")
	p.line(t.T("check.report.proof.intro") + "\n")
	p.line("- " + t.T("check.report.proof.made", quote.MDCode(about.Version), about.day()))
	if c.Commit != "" {
		p.line("- " + t.T("check.report.proof.commit", quote.MDCode(c.Commit)))
	}
	if about.URL != "" {
		p.line("- " + t.T("check.report.url", quote.MDCode(about.URL)))
	}
	p.line("- " + t.T("check.report.proof.files", p.r.Files))
	if y := c.Yardstick; y != nil {
		p.line("- " + t.T("check.report.yardstick", y.Met, y.Of, y.Score))
	}
	var rows [][]string
	for _, g := range groupsOf(p.r) {
		n := tallyOf(p.r, g)
		rows = append(rows, []string{
			sayGroup(t, g), columns(n)[0], fmt.Sprint(n.Met), fmt.Sprint(n.Broken), fmt.Sprint(n.Excepted), fmt.Sprint(n.NotChecked), fmt.Sprint(n.Idle), fmt.Sprint(n.Person),
		})
	}
	p.table([]string{
		t.T("check.report.html.column.part"), t.T("check.report.column.score"), t.T("check.report.proof.column.met"), t.T("check.report.proof.column.broken"),
		t.T("check.report.column.accepted"), t.T("check.report.column.unjudged"), t.T("check.report.proof.column.idle"), t.T("check.report.proof.column.person"),
	}, rows)
	p.line("\n" + t.T("check.report.proof.counts"))
}

// broken lists what falls short.
func (p *proofWriter) broken() {
	all := broken(p.r)
	if len(all) == 0 {
		p.part(p.t.T("check.report.html.broken"), p.t.T("check.report.proof.broken.none"))
		return
	}
	p.part(p.t.T("check.report.html.broken"), p.t.T("check.report.proof.broken.words"))
	for _, v := range all {
		e := Explain(p.t, v.Rule)
		p.line("\n### " + p.words(p.t.T("check.report.rule", e.Name)) + "\n")
		p.line(quote.MDCode(v.Rule.ID) + ", " + saySeverity(p.t, v.Rule.Severity) + ". " + p.standard(v.Rule) + "\n")
		more := v.More
		for i, f := range distinct(p.t, open(v)) {
			switch {
			case i >= proofPlaces:
				more += f.times
			case f.whole:
				p.line("- " + f.at + ": " + quote.MD(f.words))
			default:
				p.line("- " + quote.MDCode(f.at) + ": " + quote.MD(f.words))
			}
		}
		if more > 0 {
			p.line("- " + counted(p.t, more, "check.report.more.one", "check.report.more.more"))
		}
		p.line("\n" + p.t.T("check.report.label.mend") + ": " + p.words(e.Mend))
	}
}

// words are words of the catalogue.
func (p *proofWriter) words(s string) string { return mdWords(s) }

// mdWords are words of the catalogue as Markdown: what stands between back quotes there
// is code.
func mdWords(s string) string {
	parts := strings.Split(oneLine(s), "`")
	if len(parts)%2 == 0 {
		return quote.MD(oneLine(s))
	}
	for i, part := range parts {
		begin := part[:len(part)-len(strings.TrimLeft(part, " "))]
		end := part[len(strings.TrimRight(part, " ")):]
		switch words := strings.TrimSpace(part); {
		case words == "":
			parts[i] = begin
		case i%2 == 1:
			parts[i] = quote.MDCode(words)
		case i == 0:
			parts[i] = quote.MD(words) + end
		default:
			parts[i] = begin + quote.MDCell(words) + end
		}
	}
	return strings.Join(parts, "")
}

func (p *proofWriter) place(f check.Finding) string {
	if f.Path == "" {
		return place(p.t, f)
	}
	return quote.MDCode(place(p.t, f))
}

// standard is where a rule comes from, as a link when there is one.
func (p *proofWriter) standard(r check.Rule) string {
	words := quote.MDCell(oneLine(r.Source))
	if r.URL == "" || strings.ContainsAny(r.URL, " <>()|\\\n") {
		return words
	}
	return "[" + words + "](" + r.URL + ")"
}

func (p *proofWriter) accepted() {
	var rows [][]string
	for _, v := range p.r.Verdicts {
		for _, f := range accepted(v) {
			rows = append(rows, []string{
				quote.MDCode(v.Rule.ID), p.place(f), quote.MDCell(said(p.t, f)), quote.MDCell(oneLine(f.Accepted)), quote.MDCell(oneLine(f.Until)),
			})
		}
	}
	if len(rows) == 0 {
		return
	}
	p.part(p.t.T("check.report.html.accepted"), p.t.T("check.report.html.accepted.words"))
	p.table([]string{
		p.t.T("check.report.proof.column.rule"), p.t.T("check.report.proof.column.where"), p.t.T("check.report.proof.column.what"),
		p.t.T("check.report.label.why"), p.t.T("check.report.proof.column.until"),
	}, rows)
}

// persons lists what only a person can say, with a place to say it: what stood there
// before stays.
func (p *proofWriter) persons() {
	if len(persons(p.r)) == 0 {
		return
	}
	p.part(p.t.T("check.report.html.people"), p.t.T("check.report.proof.people.words"))
	for _, g := range groupsOf(p.r) { // somebody else judges each of them
		var rows [][]string
		for _, r := range persons(p.r) {
			if r.Group == g {
				rows = append(rows, []string{quote.MDCode(r.ID), p.words(Explain(p.t, r).Name), p.standard(r), p.signed[r.ID]})
			}
		}
		if len(rows) > 0 {
			p.line("\n### " + sayGroup(p.t, g))
			p.table([]string{
				p.t.T("check.report.proof.column.rule"), p.t.T("check.report.proof.column.must"),
				p.t.T("check.report.label.source"), p.t.T("check.report.proof.column.signed"),
			}, rows)
		}
	}
}

// maxSigned is how much a person may say in the table.
const maxSigned = 400

// signatures reads from a proof what people wrote in its table: in the last cell of a
// row of four that begins with a rule.
func signatures(previous string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(previous) {
		line = strings.TrimSpace(line)
		rest, isRow := strings.CutPrefix(line, "| `")
		id, rest, named := strings.Cut(rest, "` | ")
		if !isRow || !named || !strings.HasSuffix(rest, "|") {
			continue
		}
		cells := cellsOf(strings.TrimSuffix(rest, "|"))
		if len(cells) == 3 {
			all[id] = clip(oneLine(cells[2]), maxSigned)
		}
	}
	return all
}

// cellsOf cuts a row of a table where a bar is no part of a cell.
func cellsOf(row string) []string {
	var cells []string
	begin := 0
	for i := range len(row) {
		if row[i] == '|' && (i == 0 || row[i-1] != '\\') {
			cells = append(cells, strings.TrimSpace(row[begin:i]))
			begin = i + 1
		}
	}
	return append(cells, strings.TrimSpace(row[begin:]))
}

// unjudged lists what nobody checked, and why.
func (p *proofWriter) unjudged() {
	all := gaps(p.t, p.r)
	p.part(p.t.T("check.report.proof.unjudged"), "")
	if len(all) == 0 {
		p.line(p.t.T("check.report.proof.unjudged.none"))
		return
	}
	p.line(p.t.T("check.report.proof.unjudged.words"))
	for _, g := range all {
		p.line("\n" + p.words(p.t.T("check.report.html.because", g.Reason)) + "\n")
		for _, r := range g.Rules {
			p.line("- " + quote.MDCode(r.ID) + ": " + p.words(Explain(p.t, r).Name))
		}
		if len(g.Paths) == 0 {
			continue
		}
		p.line("\n" + p.t.T("check.report.proof.where") + "\n")
		for _, path := range g.Paths[:min(len(g.Paths), proofPlaces)] {
			p.line("- " + quote.MDCode(where(p.t, path)))
		}
		if more := len(g.Paths) - proofPlaces; more > 0 {
			p.line("- " + p.t.T("check.report.and-more", more))
		}
	}
}

// met lists per group what held, with the standard that asks it.
func (p *proofWriter) met() {
	if tallyOf(p.r, "").Met == 0 {
		p.part(p.t.T("check.report.html.met"), p.t.T("check.report.proof.met.none"))
		return
	}
	p.part(p.t.T("check.report.html.met"), p.t.T("check.report.proof.met.words"))
	for _, g := range groupsOf(p.r) {
		var rows [][]string
		for _, v := range p.r.Verdicts {
			if v.Rule.Group == g && v.Outcome == check.Met && v.Rule.By != check.Person {
				rows = append(rows, []string{quote.MDCode(v.Rule.ID), p.words(Explain(p.t, v.Rule).Name), p.standard(v.Rule)})
			}
		}
		if len(rows) > 0 {
			p.line("\n### " + sayGroup(p.t, g))
			p.table([]string{p.t.T("check.report.proof.column.rule"), p.t.T("check.report.proof.column.must"), p.t.T("check.report.label.source")}, rows)
		}
	}
}

// idle lists what there was nothing to look at for.
func (p *proofWriter) idle() {
	var lines []string
	for _, v := range p.r.Verdicts {
		if v.Outcome == check.Idle && v.Rule.By != check.Person {
			lines = append(lines, "- "+quote.MDCode(v.Rule.ID)+": "+p.words(Explain(p.t, v.Rule).Name))
		}
	}
	if len(lines) > 0 {
		p.part(p.t.T("check.report.html.idle"), p.t.T("check.report.html.idle.words")+"\n")
		p.line(strings.Join(lines, "\n"))
	}
}
