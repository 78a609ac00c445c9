package workshop

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// Fault says what is wrong with the name of a team.
type Fault string

// What can be wrong in a file with teams.
const (
	NotText  Fault = "not-text" // no UTF-8
	Empty    Fault = "empty"    // nothing to see
	Long     Fault = "long"
	Hidden   Fault = "hidden" // a character that nobody sees
	Same     Fault = "same"   // as another, apart from capitals, accents written differently and spaces
	SameSlug Fault = "slug"   // as another, in the name of its folder
	TooMany  Fault = "many"
	None     Fault = "none" // not one team
)

// Mistake is one thing that is wrong in a file with teams.
type Mistake struct {
	Line  int // from 1; 0 for the file as a whole
	Fault Fault
	Name  string
	Other int // line of the team that has the name already
}

// Mistakes is all that is wrong in a file with teams, as an error.
type Mistakes []Mistake

// Error is part of error; a command has the words for people.
func (m Mistakes) Error() string {
	var b strings.Builder
	for _, one := range m {
		fmt.Fprintf(&b, "%d: %s %q\n", one.Line, one.Fault, one.Name)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// nameFault says what is wrong with a name by itself; "" when nothing is.
func nameFault(name string) Fault {
	switch {
	case !utf8.ValidString(name):
		return NotText
	case strings.TrimSpace(name) == "":
		return Empty
	case hidden(name):
		return Hidden
	case utf8.RuneCountInString(name) > MaxTeamName:
		return Long
	}
	return ""
}

// MaxTeamsFile is the largest file with teams that is read.
const MaxTeamsFile = 1 << 20

// ReadTeams reads the names of teams: one a line, # begins a remark, empty lines
// are nothing. The error is Mistakes: all of them.
func ReadTeams(body []byte) ([]string, error) {
	var names []string
	var wrong Mistakes
	known, slugs := map[string]int{}, map[string]int{}
	lines := strings.Split(string(bytes.TrimPrefix(body, []byte("\ufeff"))), "\n")
	for i, line := range lines {
		number := i + 1
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		// As package model writes a title: one space between words, in normal form.
		name := norm.NFC.String(strings.Join(strings.Fields(line), " "))
		mistake := Mistake{Line: number, Fault: nameFault(name), Name: line}
		folded, slug := fold(name), slugOf(name)
		switch {
		case mistake.Fault != "":
		case known[folded] > 0:
			mistake.Fault, mistake.Other = Same, known[folded]
		case slug != "" && slugs[slug] > 0:
			mistake.Fault, mistake.Other = SameSlug, slugs[slug]
		case len(names) == MaxTeams:
			return nil, append(wrong, Mistake{Line: number, Fault: TooMany})
		default:
			known[folded], slugs[slug] = number, number
			names = append(names, name)
		}
		if mistake.Fault != "" {
			wrong = append(wrong, mistake)
		}
		if len(wrong) == MaxTeams { // this is no file with teams
			return nil, wrong
		}
	}
	if len(names) == 0 && len(wrong) == 0 {
		wrong = Mistakes{{Fault: None}}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return names, nil
}

// NumberedTeams gives names to teams of which only the number is known.
func NumberedTeams(number int) []string {
	names := make([]string, number)
	for i := range names {
		names[i] = fmt.Sprintf("Team %d", i+1)
	}
	return names
}

// fold is what two names share that people take for the same.
func fold(name string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// slugOf is the name of a team in paths and addresses; "" when nothing is left of
// it, as of a name of signs only.
func slugOf(name string) string {
	names, err := naming.Of(name)
	if err != nil {
		return ""
	}
	return names.Path
}
