package wizard

import (
	"regexp"
	"strconv"
	"strings"
)

// How people say how long something takes, and what colour it has. In the file
// these are written in another way; nobody has to know that.

// inNumbers are the numbers that people write as a word.
func inNumbers() map[string]int {
	numbers := map[string]int{"a": 1, "an": 1}
	for _, list := range []string{
		"een twee drie vier vijf zes zeven acht negen tien elf twaalf",
		"one two three four five six seven eight nine ten eleven twelve",
	} {
		for i, word := range strings.Fields(list) {
			numbers[word] = i + 1
		}
	}
	numbers["twintig"], numbers["twenty"], numbers["dertig"], numbers["thirty"], numbers["vijftien"], numbers["veertien"] = 20, 20, 30, 30, 15, 14
	return numbers
}

// inUnits are the words for each unit, as the file writes it; the place in the
// string is the order in which they come.
const unitOrder = "YMWDH"

func inUnits() map[string]string {
	units := map[string]string{}
	for unit, words := range map[string]string{
		"Y": "jaar jaren year years", "M": "maand maanden month months", "W": "week weken weeks",
		"D": "dag dagen day days", "H": "uur uren hour hours",
	} {
		for word := range strings.FieldsSeq(words) {
			units[word] = unit
		}
	}
	return units
}

var (
	spelledApart  = regexp.MustCompile(`([0-9])([a-z])`)
	writtenPeriod = regexp.MustCompile(`^P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T([0-9]+)H)?$`)
)

// period writes "5 jaar" or "een jaar en zes maanden" as the file has it. What
// is not understood gives "".
func period(said string) string {
	if written := strings.ToUpper(strings.TrimSpace(said)); len(written) > 2 && writtenPeriod.MatchString(written) {
		return written
	}
	plain := strings.NewReplacer(
		"anderhalf jaar", "18 maanden", "een half jaar", "6 maanden", "half jaar", "6 maanden", "halfjaar", "6 maanden",
		"half a year", "6 months", "een kwartaal", "3 maanden", "kwartaal", "3 maanden",
	).Replace(strings.Join(strings.Fields(plainWords(said)), " "))
	numbers, units := inNumbers(), inUnits()
	date, clock, n, last := "", "", 0, -1
	for word := range strings.FieldsSeq(spelledApart.ReplaceAllString(plain, "$1 $2")) {
		value, err := strconv.Atoi(word)
		if err != nil {
			value = numbers[word]
		}
		unit := units[word]
		switch at := strings.Index(unitOrder, unit); {
		case word == "en" || word == "and":
		case n == 0 && value > 0 && value < 10000:
			n = value
		case n == 0 || unit == "" || at <= last:
			return ""
		case unit == "H":
			clock, n, last = "T"+strconv.Itoa(n)+unit, 0, at
		default:
			date, n, last = date+strconv.Itoa(n)+unit, 0, at
		}
	}
	if date+clock == "" || n > 0 {
		return ""
	}
	return "P" + date + clock
}

// spoken is how people read a period of the file.
func (s *session) spoken(period string) string {
	m := writtenPeriod.FindStringSubmatch(period)
	if m == nil {
		return period
	}
	var parts []string
	for i, n := range m[1:] {
		if n == "" {
			continue
		}
		one, more, _ := strings.Cut(s.text.T("wizard.unit."+strings.ToLower(unitOrder[i:i+1])), "|")
		if n == "1" {
			more = one
		}
		parts = append(parts, n+" "+more)
	}
	return strings.Join(parts, " "+s.text.T("wizard.and")+" ")
}

// periodStep is a question for a period.
func periodStep(id, key string, when func(*session) bool, place func(*session) *string) step {
	return textStep{id: id, keys: []string{key}, optional: true, when: when,
		refuse: func(s *session, v string) string {
			if v != "" && period(v) == "" {
				return s.text.T("wizard.no-period", v)
			}
			return ""
		},
		get: func(s *session) string { return s.spoken(*place(s)) },
		set: func(s *session, v string) { *place(s) = period(v) }}.step()
}

// colours are those to choose from; white text is readable on each of them.
func colours() []string {
	return []string{"#154273", "#00626f", "#275937", "#a3172e", "#42145f", "#673327", "#4c4c4c"}
}

// ownColour is the choice for another colour.
const ownColour = "eigen"

// colourSteps ask for a colour by its name, and for the code of another one.
func colourSteps() []step {
	known := func(s *session) bool { return strings.Contains(strings.Join(colours(), " "), s.a.Interaction.Colour) }
	return []step{
		choiceStep{id: "colour", part: partInteraction, standard: standardColour,
			get: func(s *session) string {
				if s.ownColour || !known(s) {
					return ownColour
				}
				return s.a.Interaction.Colour
			},
			set: func(s *session, v string) {
				if s.ownColour = v == ownColour; !s.ownColour {
					s.a.Interaction.Colour = v
				}
			},
			values: func(*session) []string { return append(colours(), ownColour) },
			label:  func(s *session, v string) string { return s.text.T("wizard.colour." + strings.TrimPrefix(v, "#")) }}.step(),
		textStep{id: "colour-own", part: partInteraction, keys: []string{"interaction.colour"},
			when: func(s *session) bool { return s.ownColour || s.a.Interaction.Colour != "" && !known(s) },
			get:  func(s *session) string { return s.a.Interaction.Colour },
			set:  func(s *session, v string) { s.a.Interaction.Colour = colour(v) }}.step(),
	}
}

// bareColour is a colour without the sign that a file cannot do without.
var bareColour = regexp.MustCompile(`^#?([0-9A-Fa-f]{6})$`)

// colour takes the quotes off that a file needs and this question does not.
func colour(v string) string {
	if m := bareColour.FindStringSubmatch(strings.Trim(v, `"'`)); m != nil {
		return "#" + m[1]
	}
	return v
}
