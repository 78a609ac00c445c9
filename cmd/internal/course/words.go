package course

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Words fill in what differs per team in the texts of a course.
type Words struct {
	Name string // of the component
	Port int    // base
}

// words are what stands in a text for something of the team. There are few: who
// reads a course on paper understands it as well.
var words = map[string]func(Words) string{
	"{naam}":       func(w Words) string { return w.Name },
	"{poort}":      func(w Words) string { return strconv.Itoa(w.Port) },
	"{adres}":      func(w Words) string { return "http://localhost:" + strconv.Itoa(w.Port) },
	"{nabootsing}": func(w Words) string { return "http://localhost:" + strconv.Itoa(w.Outway()) },
}

// Outway is the port of the stand-in of the outway.
func (w Words) Outway() int { return w.Port + layers["integratie"] }

var regexWord = regexp.MustCompile(`\{[a-z]+\}`)

// anyone is what stands there where no team is meant, as on a page for all.
var anyone = map[string]string{
	"{naam}":       "uw component",
	"{poort}":      "zie uw blad",
	"{adres}":      "het adres van uw component",
	"{nabootsing}": "het adres van uw outway (uw poort plus 2)",
}

// Fill fills in the words of a text: Markdown, or a line of it. What is not known
// stays as it stands. Words without a port are those of no team in particular.
func (w Words) Fill(text string) string {
	if w.Port == 0 {
		return regexWord.ReplaceAllStringFunc(text, func(word string) string { return cmp.Or(anyone[word], word) })
	}
	return regexWord.ReplaceAllStringFunc(text, func(word string) string {
		if value, known := words[word]; known {
			return value(w)
		}
		return word
	})
}

// In is a step with the words filled in, in everything that people read.
func (w Words) In(s *Step) *Step {
	filled := *s
	filled.Goal, filled.Do, filled.Hint = w.Fill(s.Goal), []byte(w.Fill(string(s.Do))), []byte(w.Fill(string(s.Hint)))
	filled.Checks = slices.Clone(s.Checks)
	for i := range filled.Checks {
		filled.Checks[i].Name, filled.Checks[i].Question = w.Fill(s.Checks[i].Name), w.Fill(s.Checks[i].Question)
	}
	return &filled
}

// misspelt finds what looks like one of the words and is not: braces have other
// uses, in a path of an API for one.
func misspelt(text string) []string {
	var found []string
	for _, word := range regexWord.FindAllString(text, -1) {
		if _, known := words[word]; known {
			continue
		}
		for candidate := range words {
			if problem.Distance(word, candidate) <= 2 {
				found = append(found, word)
				break
			}
		}
	}
	return found
}

// hasText says whether something is left of a text without white space.
func hasText(s string) bool { return strings.TrimSpace(s) != "" }
