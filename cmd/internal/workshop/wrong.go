package workshop

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// MaxTeams is how many teams a workshop has at most.
const MaxTeams = 1000

// MaxTeamName is how long the name of a team is at most, in characters: it stands
// in the title of every page.
const MaxTeamName = 60

// minPort and maxPort are the lowest and highest port of a component: it takes four.
const minPort, maxPort = 1024, 65532

var (
	regexFolder = regexp.MustCompile(`^[0-9]{2,4}-[a-z0-9]+(-[a-z0-9]+)*$`)
	regexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	regexOIN    = regexp.MustCompile(`^[0-9]{20}$`)
	regexCode   = regexp.MustCompile(`^[` + codeLetters + `]{6}$`)
)

// Days lists the lengths of a workshop, in days.
func Days() []int { return []int{2, 3, 5} }

func daysOK(days int) bool { return slices.Contains(Days(), days) }

// wrong says why a workshop cannot be, and of which key.
func (w *Workshop) wrong() (why Why, what string) {
	switch {
	case !daysOK(w.Days):
		return Value, "days"
	case len(w.Teams) == 0 || len(w.Teams) > MaxTeams:
		return Value, "teams"
	case !lineOK(w.Case, 200) || w.Course != "" && !lineOK(w.Course, 200):
		return Value, "case"
	}
	seen := map[string]bool{}
	for _, team := range w.Teams {
		if key := team.wrong(); key != "" {
			return Value, "teams." + key
		}
		if !regexCode.MatchString(team.Code) {
			return Value, "teams.code"
		}
		for key, value := range map[string]string{"folder": team.Folder, "code": team.Code} {
			if seen[key+value] {
				return Twice, "teams." + key
			}
			seen[key+value] = true
		}
	}
	return "", ""
}

// wrong is the key of what cannot be; "" when all is well.
func (t Team) wrong() string {
	switch {
	case t.Number < 1 || t.Number > MaxTeams:
		return "number"
	case nameFault(t.Name) != "":
		return "name"
	case len(t.Folder) > 100 || !regexFolder.MatchString(t.Folder):
		return "folder"
	case t.Port < minPort || t.Port > maxPort:
		return "port"
	case !regexColour.MatchString(t.Colour):
		return "colour"
	case !regexOIN.MatchString(t.OIN):
		return "oin"
	case t.Variant < 0 || t.Variant > 9999:
		return "variant"
	}
	return ""
}

// lineOK says whether a text is one line for people, of at most so many characters.
func lineOK(s string, most int) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !hidden(s)
}

// hidden says whether a text has characters that nobody sees, or that turn others
// around: what package model refuses in a title.
func hidden(s string) bool {
	_, found := fieldtype.Unprintable(s, false)
	return found
}
