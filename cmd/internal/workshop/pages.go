package workshop

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

//go:embed pages
var pageFiles embed.FS

// bodies are what is on the pages. Everything of a team, a case or a course goes
// through html/template.
var bodies = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// ownStyle is the rules that only these pages need.
var ownStyle = func() template.CSS {
	body, err := pageFiles.ReadFile("pages/eigen.css")
	if err != nil {
		panic(err) // it is embedded
	}
	return template.CSS(body) // #nosec G203 -- Our own file.
}()

// write makes a page of a template.
func write(p page.Page, name string, data any) ([]byte, error) {
	body, err := fragment(name, data)
	if err != nil {
		return nil, err
	}
	return framed(p, body)
}

// fragment is what a template makes: the body of a page.
func fragment(name string, data any) (string, error) {
	var body strings.Builder
	err := bodies.ExecuteTemplate(&body, name, data)
	return body.String(), err
}

// framed is the page with this body, which is HTML.
func framed(p page.Page, body string) ([]byte, error) {
	var whole bytes.Buffer
	p.Body, p.Style = template.HTML(body), ownStyle // #nosec G203 -- Of templates, which escape.
	err := page.Write(&whole, p)
	return whole.Bytes(), err
}

// day is a day of the plan of a course, as a page shows it.
type day struct {
	Day   int
	Parts []part
}

// part is a part of a day.
type part struct {
	Part  string
	Steps []shownStep
}

// shownStep is a step as a page shows it.
type shownStep struct {
	ID, Title, Goal, Href string
	Number, Minutes       int
	Do, Hint              template.HTML
	Checks                []string
	Deep                  bool // on a page with others: its headings are lower
}

// daysOf is the plan of so many days. With in, its steps are links to pages there.
func daysOf(from *course.Course, days int, in string) []day {
	if from == nil {
		return nil
	}
	var all []day
	for _, slot := range from.Plans[days] {
		if len(all) == 0 || all[len(all)-1].Day != slot.Day {
			all = append(all, day{Day: slot.Day})
		}
		p := part{Part: slot.Part}
		for _, id := range slot.Steps {
			if step := from.Step(id); step != nil {
				one := shownStep{ID: step.ID, Title: step.Title, Number: step.Number, Minutes: step.Minutes}
				if in != "" {
					one.Href = strings.TrimPrefix(in+"/", "./") + stepPage(step)
				}
				p.Steps = append(p.Steps, one)
			}
		}
		last := &all[len(all)-1]
		last.Parts = append(last.Parts, p)
	}
	return all
}

// stepPage is the file of the page of a step.
func stepPage(step *course.Step) string { return fmt.Sprintf("%02d-%s.html", step.Number, step.ID) }

// sheetFolder has the sheets of the teams.
const sheetFolder = "bladen"

// pages are those of the trainer and the sheets of the teams.
func (m *maker) pages() (plan.Plan, error) {
	w := m.workshop
	var files plan.Plan
	sheetPlan := daysOf(m.course, m.Days, "")
	for _, team := range w.Teams {
		body, err := write(page.Page{Title: m.base.Title, Site: "Fieldlab", Colour: team.Colour, Print: true}, "blad.html", struct {
			Team   Team
			Roles  []people
			Course bool
			Plan   []day
		}{team, peopleOf(m.base, team.Variant), m.course != nil, sheetPlan})
		if err != nil {
			return nil, err
		}
		files = append(files, plan.File{Path: sheetFolder + "/" + team.Folder + ".html", Body: body})
	}
	body, err := write(page.Page{Title: "Workshop " + m.base.Title, Wide: true}, "index.html", struct {
		Workshop
		Plan []day
	}{w, daysOf(m.course, m.Days, courseFolder)})
	if err != nil {
		return nil, err
	}
	files = append(files, plan.File{Path: "index.html", Body: body})
	return append(files, m.folder(courseFolder, m.pagesOfCourse)...), nil
}

// pagesOf makes the pages of a course with the plan of so many days: one per step
// and one about them all.
func pagesOf(from *course.Course, days int) (files plan.Plan, err error) {
	var shown []shownStep
	for i := range from.Steps {
		step, err := showStep(course.Words{}.In(&from.Steps[i]), 1) // for every team
		if err != nil {
			return nil, err
		}
		shown = append(shown, step)
	}
	index, err := write(page.Page{Title: from.Title}, "cursus.html", struct {
		Steps []shownStep
		Plan  []day
	}{shown, daysOf(from, days, ".")})
	if err != nil {
		return nil, err
	}
	files = plan.Plan{{Path: "index.html", Body: index}}
	for i, step := range shown {
		data := struct{ Step, Previous, Next *shownStep }{Step: &shown[i]}
		if i > 0 {
			data.Previous = &shown[i-1]
		}
		if i+1 < len(shown) {
			data.Next = &shown[i+1]
		}
		body, err := write(page.Page{
			Title: fmt.Sprintf("%d. %s", step.Number, step.Title), Site: from.Title,
			Crumbs: []page.Link{{Href: "index.html", Text: from.Title}},
		}, "een.html", data)
		if err != nil {
			return nil, err
		}
		files = append(files, plan.File{Path: step.Href, Body: body})
	}
	return files, nil
}

// showStep turns the texts of a step into HTML, with its own headings from a level on.
func showStep(step *course.Step, shift int) (shownStep, error) {
	s := shownStep{
		ID: step.ID, Title: step.Title, Goal: step.Goal, Href: stepPage(step),
		Number: step.Number, Minutes: step.Minutes, Deep: shift > 1,
	}
	o := page.Options{Shift: shift, Prefix: step.ID + "-"}
	var err error
	if s.Do, err = page.MarkdownWith(step.Do, o); err != nil {
		return s, err
	}
	if s.Hint, err = page.MarkdownWith(step.Hint, o); err != nil {
		return s, err
	}
	for _, check := range step.Checks {
		s.Checks = append(s.Checks, check.Name)
	}
	return s, nil
}
