package verdict

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

//go:embed rapport.html
var reportHTML string

//go:embed rapport.css
var reportCSS string

var reportTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Parse(reportHTML))
})

// htmlPlaces is how many places of a rule a steering group sees.
const htmlPlaces = 20

type (
	htmlReport struct {
		Intro, Made  string
		Overview     htmlTable
		Repositories []htmlRepository
	}
	htmlTable struct {
		Title, Caption string
		Head           []string
		Rows           []htmlRow
	}
	htmlRow struct {
		Name  string
		Cells []string
	}
	htmlRepository struct {
		ID, Name, Head string
		Facts          []string
		SummaryTitle   string
		Summary        []htmlPart
		Table          htmlTable
		BrokenTitle    string
		Broken         []htmlRule
		Lists          []htmlList
	}
	htmlPart struct {
		Class, Title string
		Lines        []string
	}
	htmlRule struct {
		Class, Severity, ID, URL, More string
		Name, Why, Mend                template.HTML
		MendTitle, SourceTitle, Source string
		Places                         []htmlPlace
	}
	htmlPlace struct{ At, Words string }
	htmlList  struct {
		Title, Words string
		Items        []htmlItem
	}
	htmlItem struct {
		Name  template.HTML
		ID    string
		Lines []template.HTML
	}
)

// writeHTML writes one page for people who decide: what is in order, what is not and
// what only they can do, in plain words, before anything else.
func writeHTML(w io.Writer, t *text.Catalogue, about About, results []*check.Result) error {
	title := t.T("check.report.html.title.more", len(results))
	if len(results) == 1 {
		title = t.T("check.report.html.title", titleOf(results[0]))
	}
	report := htmlReport{Intro: t.T("check.report.html.intro"), Made: t.T("check.report.html.made", oneLine(about.Version), about.day())}
	if about.URL != "" {
		report.Made += " " + t.T("check.report.url", oneLine(about.URL))
	}
	if len(results) > 1 {
		report.Overview = htmlOverview(t, results)
	}
	for i, r := range results {
		h := htmlWriter{t, r, oneLine(r.Name)}
		if len(results) == 1 {
			h.name = titleOf(r)
		}
		report.Repositories = append(report.Repositories, h.repository(i, about.checkout(i)))
	}
	var body bytes.Buffer
	if err := reportTemplate().ExecuteTemplate(&body, "report", report); err != nil {
		return err
	}
	return page.Write(w, page.Page{
		Title: title, Lang: string(t.Language()), Site: t.T("check.report.html.site"),
		Style: template.CSS(reportCSS),      // #nosec G203 -- Our own.
		Body:  template.HTML(body.String()), // #nosec G203 -- Of html/template.
	})
}

func htmlOverview(t *text.Catalogue, results []*check.Result) htmlTable {
	table := htmlTable{
		Title: t.T("check.report.html.overview"), Caption: t.T("check.report.html.overview.caption"),
		Head: append([]string{t.T("check.report.html.column.repository")}, columnNames(t)...),
	}
	for _, r := range results {
		table.Rows = append(table.Rows, htmlRow{oneLine(r.Name), columns(tallyOf(r, ""))})
	}
	return table
}

type htmlWriter struct {
	t    *text.Catalogue
	r    *check.Result
	name string // beside others that of its folder: the teams of a trainer make the same
}

func (h htmlWriter) repository(i int, c Checkout) htmlRepository {
	t := h.t
	d := htmlRepository{
		ID: "repository-" + strconv.Itoa(i+1), Name: h.name, Head: headline(t, h.r, tallyOf(h.r, "")),
		SummaryTitle: t.T("check.report.html.summary"), Summary: h.summary(), Table: h.table(),
		BrokenTitle: t.T("check.report.html.broken"),
	}
	if c.Commit != "" {
		d.Facts = append(d.Facts, t.T("check.report.commit", oneLine(c.Commit)))
	}
	if y := c.Yardstick; y != nil {
		d.Facts = append(d.Facts, t.T("check.report.yardstick", y.Met, y.Of, y.Score))
	}
	for _, v := range broken(h.r) {
		d.Broken = append(d.Broken, h.rule(v))
	}
	for _, list := range []htmlList{h.accepted(), h.persons(), h.unjudged(), h.idle(), h.met()} {
		if len(list.Items) > 0 {
			d.Lists = append(d.Lists, list)
		}
	}
	return d
}

// htmlText is text of others.
func htmlText(s string) template.HTML {
	return template.HTML(template.HTMLEscapeString(s)) // #nosec G203 -- Escaped here.
}

// htmlWords are words of the catalogue: what stands between back quotes there is code.
func htmlWords(s string) template.HTML {
	parts := strings.Split(template.HTMLEscapeString(oneLine(s)), "`")
	if len(parts)%2 == 0 {
		return template.HTML(strings.Join(parts, "`")) // #nosec G203 -- Escaped above.
	}
	var b strings.Builder
	for i, part := range parts {
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) // #nosec G203 -- Escaped above.
}

// summary says in sentences what is in order, what is not, what only people can say and
// what nobody looked at.
func (h htmlWriter) summary() []htmlPart {
	t := h.t
	var good, bad []string
	for _, g := range groupsOf(h.r) {
		c := tallyOf(h.r, g)
		name := sayGroup(t, g)
		if c.Notes = 0; c.findings() > 0 {
			bad = append(bad, name+": "+sayCounts(t, c))
		} else if c.judged() > 0 {
			good = append(good, name)
		}
	}
	part := func(class, title, none string, lines []string, more ...string) htmlPart {
		if len(lines) == 0 {
			lines = []string{none}
		}
		return htmlPart{class, title, append(lines, more...)}
	}
	c := tallyOf(h.r, "")
	var besides, people, unseen []string
	if c.Notes > 0 {
		besides = append(besides, counted(t, c.Notes, "check.report.html.notes.one", "check.report.html.notes.more"))
	}
	if c.Accepted > 0 {
		besides = append(besides, counted(t, c.Accepted, "check.report.html.accepted.one", "check.report.html.accepted.more"))
	}
	if c.Person > 0 {
		people = append(people, counted(t, c.Person, "check.report.html.people.one", "check.report.html.people.more"))
	}
	if c.NotChecked > 0 {
		unseen = append(unseen, counted(t, c.NotChecked, "check.report.unjudged.one", "check.report.unjudged.more"))
	}
	if len(good) > 0 {
		good = []string{join(good) + "."}
	}
	return []htmlPart{
		part("goed", t.T("check.report.html.good"), t.T("check.report.html.good.none"), good),
		part("slecht", t.T("check.report.html.bad"), t.T("check.report.html.bad.none"), bad, besides...),
		part("mensen", t.T("check.report.html.people"), t.T("check.report.html.people.none"), people),
		part("ongezien", t.T("check.report.html.unseen"), t.T("check.report.html.unseen.none"), unseen),
	}
}

func (h htmlWriter) table() htmlTable {
	table := htmlTable{
		Title: h.t.T("check.report.html.table"), Caption: h.t.T("check.report.html.caption", h.name),
		Head: append([]string{h.t.T("check.report.html.column.part")}, columnNames(h.t)...),
	}
	for _, g := range groupsOf(h.r) {
		table.Rows = append(table.Rows, htmlRow{sayGroup(h.t, g), columns(tallyOf(h.r, g))})
	}
	return table
}

func (h htmlWriter) rule(v check.Verdict) htmlRule {
	e := Explain(h.t, v.Rule)
	d := htmlRule{
		Class: "opmerking", Severity: saySeverity(h.t, v.Rule.Severity), ID: v.Rule.ID,
		Name: htmlWords(h.t.T("check.report.rule", e.Name)), Why: htmlWords(e.Why),
		MendTitle: h.t.T("check.report.label.mend"), Mend: htmlWords(e.Mend),
		SourceTitle: h.t.T("check.report.label.source"), Source: saySource(h.t, v.Rule),
	}
	switch v.Rule.Severity {
	case check.Error:
		d.Class = "fout"
	case check.Warning:
		d.Class = "waarschuwing"
	}
	if strings.HasPrefix(v.Rule.URL, "https://") || strings.HasPrefix(v.Rule.URL, "http://") {
		d.URL = v.Rule.URL
	}
	more := v.More
	for i, f := range distinct(h.t, open(v)) {
		if i >= htmlPlaces {
			more += f.times
			continue
		}
		if f.whole {
			f.at = ""
		}
		d.Places = append(d.Places, htmlPlace{f.at, f.words})
	}
	if more > 0 {
		d.More = counted(h.t, more, "check.report.more.one", "check.report.more.more")
	}
	return d
}

func (h htmlWriter) accepted() htmlList {
	list := htmlList{Title: h.t.T("check.report.html.accepted"), Words: h.t.T("check.report.html.accepted.words")}
	for _, v := range h.r.Verdicts {
		item := htmlItem{Name: htmlWords(Explain(h.t, v.Rule).Name), ID: v.Rule.ID}
		for _, f := range accepted(v) {
			item.Lines = append(item.Lines, htmlText(place(h.t, f)+": "+said(h.t, f)+" - "+
				sayAccepted(h.t, f)))
		}
		if len(item.Lines) > 0 {
			list.Items = append(list.Items, item)
		}
	}
	return list
}

func (h htmlWriter) persons() htmlList {
	list := htmlList{Title: h.t.T("check.report.html.people"), Words: h.t.T("check.report.html.people.words")}
	for _, r := range persons(h.r) {
		list.Items = append(list.Items, htmlItem{Name: htmlWords(Explain(h.t, r).Name), ID: r.ID, Lines: []template.HTML{htmlWords(Explain(h.t, r).Mend)}})
	}
	return list
}

func (h htmlWriter) unjudged() htmlList {
	list := htmlList{Title: h.t.T("check.report.html.unseen"), Words: h.t.T("check.report.html.unseen.words")}
	for _, g := range gaps(h.t, h.r) {
		item := htmlItem{Name: htmlWords(h.t.T("check.report.html.because", g.Reason))}
		for _, r := range g.Rules {
			item.Lines = append(item.Lines, htmlWords(Explain(h.t, r).Name+" ("+r.ID+")"))
		}
		if len(g.Paths) > 0 {
			paths := make([]string, 0, htmlPlaces)
			for _, path := range g.Paths[:min(len(g.Paths), htmlPlaces)] {
				paths = append(paths, where(h.t, path))
			}
			words := h.t.T("check.report.gap.where", join(paths))
			if more := len(g.Paths) - len(paths); more > 0 {
				words = h.t.T("check.report.gap.where", join(paths)+" "+h.t.T("check.report.and-more", more))
			}
			item.Lines = append(item.Lines, htmlText(words))
		}
		list.Items = append(list.Items, item)
	}
	return list
}

func (h htmlWriter) idle() htmlList {
	return h.outcome(check.Idle, "check.report.html.idle", "check.report.html.idle.words")
}

func (h htmlWriter) met() htmlList {
	return h.outcome(check.Met, "check.report.html.met", "check.report.html.met.words")
}

// outcome lists the rules with an outcome, by group.
func (h htmlWriter) outcome(o check.Outcome, title, words string) htmlList {
	list := htmlList{Title: h.t.T(title), Words: h.t.T(words)}
	for _, g := range groupsOf(h.r) {
		item := htmlItem{Name: htmlWords(sayGroup(h.t, g))}
		for _, v := range h.r.Verdicts {
			if v.Rule.Group == g && v.Outcome == o && v.Rule.By != check.Person {
				item.Lines = append(item.Lines, htmlWords(Explain(h.t, v.Rule).Name+" ("+v.Rule.ID+", "+v.Rule.Source+")"))
			}
		}
		if len(item.Lines) > 0 {
			list.Items = append(list.Items, item)
		}
	}
	return list
}
