// Package problem describes what is wrong with the input of a generation: one
// Problem per mistake, all of them at once, each with its place in the file
// and what to do about it. Texts exist in Dutch and English.
package problem

// Code names a kind of mistake; it is the key of its text in the catalogues.
type Code string

// Problem is one mistake.
type Problem struct {
	Code       Code
	Key        string // path in the answers: register[0].fields[2].type
	File       string // "" when the answers came from standard input or the wizard
	Line       int    // 1-based; 0 when unknown
	Column     int
	Args       []any  // values for the text, in the order of the catalogue
	Suggestion string // "bedoelde u …" candidate, "" when none
}

// List is every mistake that was found, in the order of the file.
type List []Problem
