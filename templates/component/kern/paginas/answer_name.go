package paginas

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// headingOf is what tells a thing from the others: its address, and when there are
// others also its name or number. "" when it has none of those.
func headingOf(v any, s *shower, others bool) string {
	object, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	if line := addressOf(object); line != "" {
		return line
	}
	name := nameOf(object)
	if !others {
		if name != "" {
			return ""
		}
		return addressWithin(object, 3)
	}
	return cmp.Or(name, addressWithin(object, 3), s.numberOf(object))
}

// The names that sources have for the parts of an address, in small letters.
var (
	streetNames = []string{"openbareruimtenaam", "officielestraatnaam", "straatnaam", "kortestraatnaam", "straat"}
	placeNames  = []string{"woonplaatsnaam", "woonplaats", "plaats", "plaatsnaam"}
)

// member is the first of the names that an object has with a plain value, in words.
func member(object map[string]any, names ...string) string {
	for _, name := range names {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if strings.ToLower(key) != name {
				continue
			}
			switch object[key].(type) {
			case map[string]any, []any, bool:
				continue
			}
			if text := plain(key, object[key]); text != "" {
				return strings.Join(strings.Fields(text), " ") // a heading is one line
			}
		}
	}
	return ""
}

// addressOf is the address of which the parts stand in an object, on one line:
// Dorpsstraat 36 A, 1028 BC Holysloot. Without a number it is none.
func addressOf(object map[string]any) string {
	street, number := member(object, streetNames...), member(object, "huisnummer")
	postcode, town := member(object, "postcode"), member(object, placeNames...)
	if number == "" || street == "" && postcode == "" {
		return ""
	}
	if letter := member(object, "huisletter"); letter != "" {
		number += " " + letter
	}
	if addition := member(object, "huisnummertoevoeging"); addition != "" {
		number += "-" + addition
	}
	if beside, ok := object["aanduidingBijHuisnummer"].(map[string]any); ok { // opposite the house with this number
		if text, _ := oneLine(beside, true); text != "" {
			number = text + " " + number
		}
	}
	line := cmp.Or(street, "Huisnummer") + " " + number
	if town = strings.TrimSpace(postcode + " " + town); town != "" {
		line += ", " + town
	}
	return line
}

// addressWithin is the address somewhere in an object, when there is one.
func addressWithin(object map[string]any, deep int) string {
	found := ""
	for _, name := range slices.Sorted(maps.Keys(object)) {
		inner, ok := object[name].(map[string]any)
		if !ok || deep == 0 {
			continue
		}
		line := cmp.Or(addressOf(inner), addressWithin(inner, deep-1))
		if line != "" && found != "" && line != found {
			return "" // which of the two it is, is not ours to say
		}
		found = cmp.Or(line, found)
	}
	return found
}

// nameOf is what somebody or something is called.
func nameOf(object map[string]any) string {
	name := member(object, "volledigenaam", "naam", "handelsnaam", "eerstehandelsnaam", "statutairenaam", "bedrijfsnaam")
	if name != "" {
		return name
	}
	parts := object
	if inner, ok := object["naam"].(map[string]any); ok {
		parts = inner
	}
	if name = member(parts, "volledigenaam"); name != "" {
		return name
	}
	if last := member(parts, "geslachtsnaam"); last != "" {
		return strings.Join(strings.Fields(member(parts, "voornamen", "voorletters")+" "+member(parts, "voorvoegsel")+" "+last), " ")
	}
	return member(object, "titel", "title", "onderwerp", "omschrijving", "sbiomschrijving")
}

// numberOf is the number of a thing with what it is called.
func (s *shower) numberOf(object map[string]any) string {
	for _, ends := range []string{"identificatie", "nummer", "uuid", "code"} {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			small := strings.ToLower(name)
			if !strings.HasSuffix(small, ends) || slices.Contains([]string{"huisnummer", "telefoonnummer", "volgnummer"}, small) {
				continue
			}
			if number := member(object, small); number != "" {
				return cmp.Or(s.titles[name], spaced(name)) + " " + number
			}
		}
	}
	return ""
}
