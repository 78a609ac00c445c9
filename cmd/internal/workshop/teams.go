package workshop

import (
	"strings"
	"unicode/utf8"
)

// Fault says what is wrong with the name of a team.
type Fault string

// What can be wrong with a line of a file with teams.
const (
	NotText  Fault = "not-text" // no UTF-8
	Empty    Fault = "empty"
	Long     Fault = "long"
	Hidden   Fault = "hidden" // a character that nobody sees
	Same     Fault = "same"   // as another, apart from capitals and spaces
	SameSlug Fault = "slug"   // as another, in the name of its folder
	TooMany  Fault = "many"
	None     Fault = "none"
)

// nameFault says what is wrong with a name by itself; "" when nothing is.
func nameFault(name string) Fault {
	switch {
	case !utf8.ValidString(name):
		return NotText
	case strings.TrimSpace(name) == "":
		return Empty
	case utf8.RuneCountInString(name) > maxTeamName:
		return Long
	case strings.ContainsFunc(name, hidden):
		return Hidden
	}
	return ""
}
