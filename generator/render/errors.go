package render

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
)

// Error is a mistake in a file of the pack, or in what it produced.
type Error struct {
	Name string // file in the pack
	Line int    // in that file, or in its output when Output is set; 0 when unknown
	What string
	// Output is the offending line of what the template produced, when the
	// template ran but its output is not valid.
	Output string

	Kind Kind  // for who says it in another language; "" when What is all there is
	Args []any // of the kind
}

// Error says where the mistake is and what it is.
func (e *Error) Error() string {
	where := e.Name
	switch {
	case e.Output != "":
		where += fmt.Sprintf(" (line %d of its output: %q)", e.Line, e.Output)
	case e.Line > 0:
		where += fmt.Sprintf(":%d", e.Line)
	}
	return where + ": " + e.What
}

var (
	// text/template writes: template: NAME:LINE[:COLUMN]: [executing "NAME" at <ACTION>: ]WHAT
	position  = regexp.MustCompile(`^template: (.*?):(\d+):(?:\d+:)? `)
	executing = regexp.MustCompile(`^executing ".*?" at (<.*?>): `)
	inType    = regexp.MustCompile(` in type \S+$`)
)

// templateError turns an error of text/template into an Error without the
// words that only mean something to who knows that package.
func templateError(name string, err error) *Error {
	text := err.Error()
	var exec template.ExecError
	if errors.As(err, &exec) && !position.MatchString(text) {
		return &Error{Name: name, What: exec.Unwrap().Error()}
	}
	line := 0
	if match := position.FindStringSubmatch(text); match != nil {
		line, _ = strconv.Atoi(match[2])
		text = text[len(match[0]):]
	}
	if match := executing.FindStringSubmatch(text); match != nil {
		text = strings.Trim(match[1], "<>") + ": " + text[len(match[0]):]
	}
	return &Error{Name: name, Line: line, What: inType.ReplaceAllString(text, "")}
}
