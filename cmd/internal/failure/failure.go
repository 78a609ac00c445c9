// Package failure names the ways in which a command can fail, so that one
// place (package cli) can choose the exit code and the words around it.
package failure

import "github.com/commonground-fieldlab/fieldlab/generator/problem"

// Usage says that the command line is wrong: exit code 2.
type Usage struct {
	Text string // what is wrong
	Hint string // the next command, or ""
}

func (u Usage) Error() string { return u.Text }

// Shortfall says that the thing at hand falls short or conflicts, such as a
// folder that already holds something: exit code 1.
type Shortfall struct {
	Text string
	Hint string
}

func (s Shortfall) Error() string { return s.Text }

// Answers says that answers are wrong: exit code 2. It carries everything
// that is wrong, not the first mistake.
type Answers struct {
	Problems problem.List
	Hint     string // the next command
	Reported bool   // the command itself has already shown them, as JSON
}

func (a Answers) Error() string { return "wrong answers" }

// Interrupted says that the person stopped: exit code 130. Text says what was
// kept; "" when there is nothing to say.
type Interrupted struct{ Text string }

func (i Interrupted) Error() string { return "interrupted" }

// Exit says that a program which was started for the person ended with an exit
// code. That program said why; nothing is added to it.
type Exit struct{ Code int }

func (e Exit) Error() string { return "the program ended with an exit code" }
