// Package problem describes what is wrong with the input of a generation: one
// Problem per mistake, all of them at once, each with its place in the file
// and what to do about it. Texts exist in Dutch and English.
//
// To add a kind of mistake: add a constant to codes.go and a line to
// problem_nl.go and problem_en.go (codes_model.go, model_nl.go and model_en.go
// for what package model judges). A test names the one that was forgotten.
package problem

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// The catalogues: form of the file, meaning of the answers, and changing them.
var (
	nl      = merged(nlForm, nlModel, nlGrow, nlCourse, nlPack)
	en      = merged(enForm, enModel, enGrow, enCourse, enPack)
	nlTerms = merged(nlFormTerms, nlModelTerms, nlGrowTerms)
	enTerms = merged(enFormTerms, enModelTerms, enGrowTerms)
)

func merged[K comparable](parts ...map[K]string) map[K]string {
	all := map[K]string{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// Code names a kind of mistake; it is the key of its text in the catalogues.
type Code string

// Problem is one mistake.
type Problem struct {
	Code       Code
	Key        string // path in the answers: register[0].fields[2].type
	File       string // "" when the answers came from standard input or the wizard
	Line       int    // 1-based; 0 when unknown
	Column     int    // 1-based, in characters; 0 when unknown
	Args       []any  // values for the text, in the order of the catalogue
	Suggestion string // "bedoelde u …" candidate, "" when none
}

// List is every mistake that was found, in the order of the file.
type List []Problem

// New returns the problem code at key. The args fill {1}, {2} … of its text.
func New(code Code, key string, args ...any) Problem {
	return Problem{Code: code, Key: key, Args: args}
}

// Suggest returns p with a suggestion; an empty one changes nothing.
func (p Problem) Suggest(candidate string) Problem {
	p.Suggestion = candidate
	return p
}

// At returns p with its place in file.
func (p Problem) At(file string, line, column int) Problem {
	p.File, p.Line, p.Column = file, line, column
	return p
}

// Text says in lang ("nl" or "en"; anything else is Dutch) what was wrong and
// what to do about it.
func (p Problem) Text(lang string) string {
	catalogue, suggest := nl, ` Bedoelde u "%s"?`
	if lang == "en" {
		catalogue, suggest = en, ` Did you mean "%s"?`
	}
	pattern, ok := catalogue[p.Code]
	if !ok {
		pattern = string(p.Code)
	}
	text := fill(pattern, p.Args, lang)
	if p.Suggestion != "" {
		text += fmt.Sprintf(suggest, clean(p.Suggestion))
	}
	return text
}

// Error makes a Problem an error of its own; the text is Dutch.
func (p Problem) Error() string { return p.line("nl") }

// line is the problem as one line: file:line:column: key: text.
func (p Problem) line(lang string) string {
	var b strings.Builder
	switch {
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d:%d: ", printable(p.File), p.Line, p.Column)
	case p.File != "":
		b.WriteString(printable(p.File) + ": ")
	case p.Line > 0:
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	if p.Key != "" {
		b.WriteString(clean(p.Key) + ": ")
	}
	b.WriteString(p.Text(lang))
	return b.String()
}

// Add appends the problem code at key.
func (l *List) Add(code Code, key string, args ...any) {
	*l = append(*l, New(code, key, args...))
}

// Err returns the list as an error, and nil when there are no problems.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error gives one line per problem, in Dutch.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.line("nl")
	}
	return strings.Join(lines, "\n")
}

// Sorted returns the problems in the order of the file: by file, line, column,
// key and code. Problems without a place come last.
func (l List) Sorted() List {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(lineOrLast(a), lineOrLast(b)),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Key, b.Key),
			strings.Compare(string(a.Code), string(b.Code)),
		)
	})
	return sorted
}

func lineOrLast(p Problem) int {
	if p.Line == 0 {
		return int(^uint(0) >> 1)
	}
	return p.Line
}

// Format writes one line per problem, sorted, and the count at the end.
func (l List) Format(w io.Writer, lang string) error {
	var b strings.Builder
	for _, p := range l.Sorted() {
		b.WriteString(p.line(lang) + "\n")
	}
	b.WriteString(count(len(l), lang) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int, lang string) string {
	switch {
	case lang == "en" && n == 1:
		return "1 problem"
	case lang == "en":
		return fmt.Sprintf("%d problems", n)
	case n == 1:
		return "1 probleem"
	}
	return fmt.Sprintf("%d problemen", n)
}

// Localised is a problem as data for other programs, with its text.
type Localised struct {
	Code       Code   `json:"code"`
	Key        string `json:"key,omitempty"`
	File       string `json:"file,omitempty"`
	Line       int    `json:"line,omitempty"`
	Column     int    `json:"column,omitempty"`
	Text       string `json:"text"`
	Suggestion string `json:"suggestion,omitempty"`
}

// In returns the problems, sorted, as data with their text in lang.
func (l List) In(lang string) []Localised {
	out := make([]Localised, len(l))
	for i, p := range l.Sorted() {
		out[i] = p.in(lang)
	}
	return out
}

func (p Problem) in(lang string) Localised {
	return Localised{p.Code, p.Key, p.File, p.Line, p.Column, p.Text(lang), p.Suggestion}
}

// MarshalJSON gives the problem as data with its Dutch text.
func (p Problem) MarshalJSON() ([]byte, error) { return json.Marshal(p.in("nl")) }

// fill replaces {1}, {2} … by args. A list becomes "a, b of c".
func fill(pattern string, args []any, lang string) string {
	if len(args) == 0 {
		return pattern
	}
	pairs := make([]string, 0, 2*len(args))
	for i, arg := range args {
		pairs = append(pairs, fmt.Sprintf("{%d}", i+1), show(arg, lang))
	}
	return strings.NewReplacer(pairs...).Replace(pattern)
}

func show(arg any, lang string) string {
	switch v := arg.(type) {
	case string:
		return clean(v)
	case Term:
		return v.in(lang)
	case Words:
		return v.in(lang)
	case []string:
		return choice(v, lang)
	}
	return clean(fmt.Sprint(arg))
}

// Words are part of a text that no catalogue has: another package owns what they
// are about.
type Words struct{ NL, EN string }

func (w Words) in(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.NL
}

func choice(values []string, lang string) string {
	or := " of "
	if lang == "en" {
		or = " or "
	}
	shown := make([]string, len(values))
	for i, v := range values {
		shown[i] = clean(v)
	}
	if len(shown) < 2 {
		return strings.Join(shown, "")
	}
	return strings.Join(shown[:len(shown)-1], ", ") + or + shown[len(shown)-1]
}

// printable makes a name of a file safe to print in a terminal, whatever its length.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

// maxShown keeps one line readable when somebody pastes a page into a value.
const maxShown = 80

// clean makes a value of the team safe to print in a terminal: one line, no
// control or direction characters, not too long.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxShown {
			b.WriteString("…")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
