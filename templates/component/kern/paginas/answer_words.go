package paginas

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// oneLine is an object that people read as one value: a date of which perhaps only
// the year is known, or a code with its meaning. member is the one that is shown.
func oneLine(object map[string]any, codeNamed bool) (text, member string) {
	only := func(names ...string) bool {
		for name := range object {
			if !slices.Contains(names, name) {
				return false
			}
		}
		return len(object) > 0
	}
	get := func(name string) string { return plain(name, object[name]) }
	dated := only("type", "datum", "langFormaat", "jaar", "maand", "onbekend") && get("type")+get("langFormaat") != ""
	switch {
	case only("code", "omschrijving", "soort") && get("omschrijving") != "":
		return get("omschrijving"), "omschrijving"
	case only("code", "waarde") && get("waarde") != "":
		return get("waarde"), "waarde"
	case only("code", "omschrijving") && get("code") != "":
		if codeNamed {
			return get("code"), "code"
		}
		return "(" + get("code") + ")", "code"
	case only("type", "coordinates", "crs", "bbox") && shape(object) != "":
		return shape(object), "coordinates"
	case dated && get("langFormaat") != "":
		return get("langFormaat"), "langFormaat"
	case dated && get("datum") != "":
		return get("datum"), "datum"
	case dated && get("jaar") != "":
		month, _ := strconv.Atoi(get("maand"))
		return value.MonthOf(get("jaar"), month), "jaar"
	case dated && object["onbekend"] == true:
		return "onbekend", "onbekend"
	}
	return "", ""
}

// shape is a place on the map of GeoJSON in words: where a point is, and of what is
// larger how many points it has.
func shape(object map[string]any) string {
	kind, _ := object["type"].(string)
	name := map[string]string{"Point": "punt", "MultiPoint": "punten", "LineString": "lijn", "MultiLineString": "lijnen", "Polygon": "vlak", "MultiPolygon": "vlakken"}[kind]
	list, _ := object["coordinates"].([]any)
	if name == "" || len(list) == 0 {
		return ""
	}
	if kind == "Point" {
		var numbers []string
		for _, n := range list {
			numbers = append(numbers, plain("", n))
		}
		return strings.Join(numbers, "; ")
	}
	return fmt.Sprintf("%s met %s punten", name, dotted(points(list)))
}

// points counts the lists that hold no list.
func points(list []any) int {
	n := 0
	for _, inner := range list {
		if below, ok := inner.([]any); ok {
			n += points(below)
		}
	}
	return max(n, 1)
}

// labelOf names a value that stands for an object: by the member that is shown
// when a field names that.
func (s *shower) labelOf(path, member, from string) string {
	if title := s.titles[strings.TrimPrefix(path+"."+member, ".")]; title != "" {
		return title
	}
	if path == "" {
		return spaced(member)
	}
	return s.label(path, from)
}

// label names a value. What no title names gets words of its own name, after those
// of what it stands in: Geboorte: datum. from is the path of the thing that it is in.
func (s *shower) label(path, from string) string {
	if title := s.title(path); title != "" {
		return title
	}
	words := spaced(lastName(path))
	var around []string
	for at := path; ; {
		at = at[:max(strings.LastIndexByte(at, '.'), 0)]
		if len(at) <= len(from) {
			break
		}
		title := s.titles[at]
		name := title
		if name == "" {
			name = spaced(lastName(at))
		}
		inner := words
		if len(around) > 0 {
			inner = around[0]
		}
		if name != "" && !strings.Contains(squeezed(inner), squeezed(name)) {
			around = append([]string{name}, around...)
		}
		if title != "" {
			break
		}
	}
	if len(around) == 0 {
		return cmp.Or(words, "Waarde")
	}
	for i := range around[1:] {
		around[i+1] = lowerFirst(around[i+1])
	}
	if words == "" {
		return strings.Join(around, ", ")
	}
	return strings.Join(around, ", ") + ": " + lowerFirst(words)
}

func squeezed(words string) string { return strings.ToLower(strings.ReplaceAll(words, " ", "")) }

func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// abbreviations are written in capitals.
var abbreviations = []string{"bag", "bic", "brk", "brp", "bsn", "btw", "iban", "kvk", "oin", "rsin", "sbi", "url", "uuid", "woz"}

// spaced makes words of a name: openbareRuimteNaam becomes Openbare ruimte naam.
// The name of an envelope says nothing.
func spaced(name string) string {
	if name == "_embedded" || name == "_links" {
		return ""
	}
	var b strings.Builder
	before := ' '
	for _, r := range value.Shown(name) {
		if r == '_' || r == '-' || r == '.' {
			r = ' '
		}
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	words := strings.Fields(b.String())
	for i, word := range words {
		if slices.Contains(abbreviations, word) {
			words[i] = strings.ToUpper(word)
		}
	}
	return ucfirst(strings.Join(words, " "))
}

// inWords is a whole path in words.
func inWords(path string) string {
	var words []string
	for name := range strings.SplitSeq(path, ".") {
		words = append(words, spaced(name))
	}
	return strings.Join(words, " ")
}

// lowerFirst begins a text with a small letter, unless it begins with capitals: BSN.
func lowerFirst(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[n:])
	if n == 0 || unicode.IsUpper(second) {
		return text
	}
	return string(unicode.ToLower(first)) + text[n:]
}
