package course

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Main is the file that makes a folder a course.
const Main = "cursus.yaml"

// Limits of a course. Ours has eleven steps.
const (
	maxSteps    = 50
	maxChecks   = 20
	maxRecipe   = 50
	maxFiles    = 200
	maxFileSize = 256 << 10
	maxShown    = 200
)

var (
	regexStep = regexp.MustCompile(`^([0-9]{2})-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.md$`)
	regexName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// answersTree reads YAML as an answers file is read.
func answersTree(text []byte) (*yaml.Node, problem.List) { return answers.Tree(text) }

// Read reads a course. The error holds all that is wrong with it, with file and
// line, as a problem.List.
func Read(files fs.FS) (*Course, error) {
	var all problem.List
	c := &Course{Plans: map[int][]Slot{}}
	names, err := stepFiles(files, &all)
	if err != nil {
		return nil, problem.List{problem.New(problem.CourseUnreadable, "", err.Error()).At(Main, 0, 0)}
	}
	byID := map[string]string{}
	for _, name := range names {
		text, ok := readFile(files, name, &all)
		if !ok {
			continue
		}
		s, found := readStep(name, text)
		s.Number = len(c.Steps) + 1
		all = append(all, found...)
		parts := regexStep.FindStringSubmatch(name)
		if want := fmt.Sprintf("%02d", s.Number); parts[1] != want {
			all = append(all, problem.New(problem.CourseNumber, "", parts[1], want).At(name, 1, 1))
		}
		if other, twice := byID[s.ID]; twice {
			all = append(all, problem.New(problem.CourseStepTwice, "", s.ID, other).At(name, 1, 1))
		}
		byID[s.ID] = name
		c.Steps = append(c.Steps, s)
	}
	none := len(c.Steps) == 0 && len(all) == 0
	if text, ok := readFile(files, Main, &all); ok {
		if none {
			all = append(all, problem.New(problem.CourseNoSteps, "").At(Main, 0, 0))
		}
		all = append(all, c.readMain(text)...)
	}
	if len(all) > 0 {
		return nil, shown(all)
	}
	return c, nil
}

// shown puts mistakes in order, and cuts a list that nobody would read.
func shown(all problem.List) problem.List {
	all = all.Sorted()
	if more := len(all) - maxShown; more > 0 {
		all = append(all[:maxShown:maxShown], problem.New(problem.MoreProblems, "", more).At(Main, 0, 0))
	}
	return all
}

// stepFiles lists the files of the steps in the order of their numbers. Pages and
// pictures may lie beside them; what looks like a step must be one.
func stepFiles(files fs.FS, all *problem.List) ([]string, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	if len(entries) > maxFiles {
		*all = append(*all, problem.New(problem.CourseTooMany, "", problem.Words{NL: "bestanden", EN: "files"}, maxFiles).At(Main, 0, 0))
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !strings.HasSuffix(strings.ToLower(name), ".md"), strings.EqualFold(name, "README.md"), strings.EqualFold(name, "LEESMIJ.md"):
		case !regexStep.MatchString(name):
			*all = append(*all, problem.New(problem.CourseFileName, "", name).At(name, 1, 1))
		default:
			names = append(names, name)
		}
	}
	if len(names) > maxSteps {
		*all = append(*all, problem.New(problem.CourseTooMany, "", problem.Words{NL: "stappen", EN: "steps"}, maxSteps).At(Main, 0, 0))
		return nil, nil
	}
	slices.Sort(names)
	return names, nil
}

// readFile reads a regular file of at most maxFileSize.
func readFile(files fs.FS, name string, all *problem.List) (text []byte, ok bool) {
	fail := func(p problem.Problem) ([]byte, bool) {
		*all = append(*all, p.At(name, 0, 0))
		return nil, false
	}
	info, err := lstat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == Main:
		return fail(problem.New(problem.CourseNoFile, ""))
	case err != nil:
		return fail(problem.New(problem.CourseUnreadable, "", reason(err)))
	case !info.Mode().IsRegular():
		return fail(problem.New(problem.CourseUnreadable, "", problem.Words{NL: "geen gewoon bestand", EN: "no regular file"}))
	}
	f, err := files.Open(name)
	if err != nil {
		return fail(problem.New(problem.CourseUnreadable, "", reason(err)))
	}
	defer func() { _ = f.Close() }()
	text, err = io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return fail(problem.New(problem.CourseUnreadable, "", reason(err)))
	}
	if len(text) > maxFileSize {
		return fail(problem.New(problem.FileTooLarge, "", "256 KiB"))
	}
	return text, true
}

// lstat looks at a file without following a link, where the files can tell.
func lstat(files fs.FS, name string) (fs.FileInfo, error) {
	if links, can := files.(fs.ReadLinkFS); can {
		return links.Lstat(name)
	}
	return fs.Stat(files, name)
}

// reason is an error of the system without its path.
func reason(err error) string {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err.Error()
	}
	return err.Error()
}

// readMain reads what is said about the whole.
func (c *Course) readMain(text []byte) problem.List {
	r := &reader{file: Main}
	tree := r.tree(text)
	if tree == nil {
		return r.found
	}
	o, ok := r.object(tree, "", "version", "name", "title", "case", "plans")
	if !ok {
		return r.found
	}
	if n := o.need("version"); n != nil {
		switch version, err := strconv.Atoi(n.Value); {
		case err == nil && version > 1:
			r.add(n, "version", problem.VersionNewer, n.Value, 1)
		case err != nil || version != 1:
			r.add(n, "version", problem.VersionUnknown, n.Value)
		}
	}
	c.Name, c.Title, c.Case = o.must("name", line), o.must("title", line), o.text("case", line)
	for key, name := range map[string]string{"name": c.Name, "case": c.Case} {
		if name != "" && !regexName.MatchString(name) {
			r.add(o.values[key], key, problem.CourseName, name)
		}
	}
	if n := o.values["plans"]; n != nil {
		c.readPlans(r, n)
	}
	return r.found
}

func (c *Course) readPlans(r *reader, n *yaml.Node) {
	plans, ok := r.object(n, "plans")
	if !ok {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if plans.values[name.Value] != n.Content[i+1] {
			continue // twice
		}
		if !slices.Contains(planDays, name.Value) {
			r.add(name, plans.at(name.Value), problem.CourseDays, name.Value)
			continue
		}
		days, _ := strconv.Atoi(name.Value)
		c.Plans[days] = c.readPlan(r, plans, name.Value, days)
	}
}

func (c *Course) readPlan(r *reader, plans object, name string, days int) []Slot {
	var slots []Slot
	last, when := 0, 0
	for i, n := range plans.list(name, 3*days) {
		key := item(plans.at(name), i)
		o, ok := r.object(n, key, "day", "part", "steps")
		if !ok {
			continue
		}
		o.need("day")
		o.need("steps")
		slot := Slot{Day: o.integer("day", 1, 5), Part: o.must("part", line)}
		if slot.Day > days {
			r.add(o.values["day"], o.at("day"), problem.CourseDay, slot.Day, days)
		}
		part := slices.Index(parts, slot.Part)
		if part < 0 && slot.Part != "" {
			r.add(o.values["part"], o.at("part"), problem.ValueUnknown, slot.Part, parts)
		}
		moment := slot.Day*len(parts) + part
		if part >= 0 && slot.Day > 0 && moment <= when {
			r.add(n, key, problem.CoursePlanOrder, slot.Part)
		}
		when = max(when, moment)
		for j, step := range o.list("steps", maxSteps) {
			at := item(o.at("steps"), j)
			id := r.text(step, at, line)
			switch s := c.Step(id); {
			case id == "":
			case s == nil || s.ID != id:
				r.note(step, problem.New(problem.CoursePlanStep, at, id).Suggest(near(id, c.ids())))
			case s.Number <= last:
				r.add(step, at, problem.CoursePlanOrder, id)
			default:
				last = s.Number
				slot.Steps = append(slot.Steps, id)
			}
		}
		slots = append(slots, slot)
	}
	return slots
}

func (c *Course) ids() []string {
	ids := make([]string, len(c.Steps))
	for i, s := range c.Steps {
		ids[i] = s.ID
	}
	return ids
}
