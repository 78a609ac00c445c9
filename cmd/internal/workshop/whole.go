package workshop

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// whole makes the page of a course for each team. Its texts become HTML once, with a
// name and a port that no course has; those of a team come in their place. Both are
// of letters, digits and hyphens, which mean the same wherever they stand.
type whole struct {
	title        string
	steps        string // HTML
	name         string
	port, outway int
}

// errSpare says that a course has every word that could stand for another.
var errSpare = errors.New("workshop: the course leaves no word that can stand for the name of a component")

// newWhole prepares the page of the steps that teams of so many days take. Files are
// those of the course.
func newWhole(from *course.Course, days int, files plan.Plan) (*whole, error) {
	w := &whole{title: from.Title}
	if err := w.spare(files); err != nil {
		return nil, err
	}
	words := course.Words{Name: w.name, Port: w.port}
	var steps []shownStep
	for _, step := range from.For(days) {
		shown, err := showStep(words.In(step), 2)
		if err != nil {
			return nil, err
		}
		steps = append(steps, shown)
	}
	var err error
	w.steps, err = fragment("heel.html", steps)
	return w, err
}

// spare chooses a name and a port that the course does not have.
func (w *whole) spare(files plan.Plan) error {
	has := func(text string) bool {
		for _, file := range files {
			if bytes.Contains(bytes.ToLower(file.Body), []byte(text)) {
				return true
			}
		}
		return false
	}
	for try := range 1000 {
		w.port = math.MaxInt32 - 7*try - 100
		w.outway = course.Words{Port: w.port}.Outway()
		w.name = fmt.Sprintf("naam-van-component-%d-ervan", try)
		if !has(w.name) && !has(strconv.Itoa(w.port)) && !has(strconv.Itoa(w.outway)) {
			return nil
		}
	}
	return errSpare
}

// of is the page of a team, in its colour and with its own addresses.
func (w *whole) of(team Team, component string) ([]byte, error) {
	own := strings.NewReplacer(
		w.name, component, strconv.Itoa(w.port), strconv.Itoa(team.Port),
		strconv.Itoa(w.outway), strconv.Itoa(course.Words{Port: team.Port}.Outway()),
	)
	return framed(page.Page{Title: w.title, Site: team.Name, Colour: team.Colour}, own.Replace(w.steps))
}
