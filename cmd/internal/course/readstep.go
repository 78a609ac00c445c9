package course

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// readStep reads the file of a step: its keys between two lines "---", and below
// them the headings Doen and Hint.
func readStep(name string, text []byte) (Step, problem.List) {
	s := Step{File: name, ID: regexStep.FindStringSubmatch(name)[2]}
	text = bytes.TrimPrefix(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\ufeff"))
	keys, body, ok := bytes.Cut(bytes.TrimPrefix(text, []byte("---\n")), []byte("\n---\n"))
	if !ok || !bytes.HasPrefix(text, []byte("---\n")) {
		return s, problem.List{problem.New(problem.CourseFront, "").At(name, 1, 1)}
	}
	r := &reader{file: name, above: 1}
	if tree := r.tree(append(keys, '\n')); tree != nil {
		s.readKeys(r, tree)
	}
	s.readBody(r, string(body), bytes.Count(keys, []byte("\n"))+4)
	return s, r.found
}

func (s *Step) readKeys(r *reader, tree *yaml.Node) {
	o, ok := r.object(tree, "", "title", "goal", "minutes", "checks", "recipe", "plant")
	if !ok {
		return
	}
	s.Title, s.Goal = o.must("title", line), o.must("goal", 2*line)
	s.Minutes = o.integer("minutes", 1, 240)
	if s.Minutes == 0 {
		s.Minutes = 15
	}
	if n := o.values["plant"]; n != nil {
		if s.Plant = r.edit(n, "plant"); s.Plant != nil && s.Plant.From != s.Plant.To && strings.Contains(s.Plant.From, s.Plant.To) {
			r.add(n, "plant", problem.CoursePlantInside)
		}
	}
	o.need("checks")
	lines, questions := map[string]int{}, 0
	for i, n := range o.list("checks", maxChecks) {
		key := item("checks", i)
		c, ok := r.check(n, key, s)
		if !ok {
			continue
		}
		if first, twice := lines[c.Name]; twice {
			r.add(n, key, problem.CourseNameTwice, c.Name, first)
		}
		lines[c.Name] = c.Line
		if c.Kind == asked {
			if questions++; questions == 2 {
				r.add(n, key, problem.CourseOneQuestion)
			}
		}
		s.Checks = append(s.Checks, c)
	}
	if o.has("checks") && len(s.Checks) == 0 && len(r.found) == 0 {
		r.add(o.values["checks"], "checks", problem.ValueEmpty)
	}
	for i, n := range o.list("recipe", maxRecipe) {
		if op, ok := r.operation(n, item("recipe", i)); ok {
			s.Recipe = append(s.Recipe, op)
		}
	}
}

// readBody takes the two sections from the text below the keys, of which the
// first line is the one given.
func (s *Step) readBody(r *reader, body string, first int) {
	at := func(n int, code problem.Code, args ...any) {
		r.found = append(r.found, problem.New(code, "", args...).At(r.file, n, 1))
	}
	sections := map[string]*strings.Builder{}
	seen := map[string]int{}
	var current *strings.Builder
	fence, stray := "", false
	for i, text := range strings.SplitAfter(body, "\n") {
		number := first + i
		if isFence(text, &fence); fence == "" && strings.HasPrefix(text, "## ") || fence == "" && strings.HasPrefix(text, "# ") {
			heading := strings.TrimSpace(text)
			name, known := strings.CutPrefix(heading, "## ")
			if !known || name != "Doen" && name != "Hint" {
				at(number, problem.CourseSection, heading)
				current = &strings.Builder{}
				continue
			}
			if seen[name]++; seen[name] > 1 {
				at(number, problem.CourseNoSection, name)
			}
			current = &strings.Builder{}
			sections[name] = current
			continue
		}
		for _, word := range misspelt(text) {
			at(number, problem.CourseWord, word, wordNames())
		}
		switch {
		case current != nil:
			current.WriteString(text)
		case hasText(text) && !stray:
			stray = true
			at(number, problem.CourseSection, strings.TrimSpace(text))
		}
	}
	for _, name := range []string{"Doen", "Hint"} {
		section := sections[name]
		if section == nil || !hasText(section.String()) {
			at(first, problem.CourseNoSection, name)
			continue
		}
		text := []byte(strings.TrimSpace(section.String()) + "\n")
		if name == "Doen" {
			s.Do = text
		} else {
			s.Hint = text
		}
	}
}

// isFence follows where a block of code begins and ends: in it no line is a heading.
func isFence(text string, fence *string) {
	trimmed := strings.TrimLeft(text, " ")
	for _, mark := range []string{"```", "~~~"} {
		if !strings.HasPrefix(trimmed, mark) {
			continue
		}
		switch *fence {
		case "":
			*fence = mark
		case mark:
			*fence = ""
		}
	}
}
