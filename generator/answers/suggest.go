package answers

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// dutch are words that Dutch teams write by habit, with what the format calls
// them. One word can stand for several.
var dutch = map[string][]string{
	"naam": {"name"}, "titel": {"title"}, "omschrijving": {"summary", "doc", "help", "title"}, "velden": {"fields"},
	"veld": {"fields", "field"}, "soort": {"type", "kind"}, "verplicht": {"required"}, "waarden": {"values"},
	"keuzes": {"values"}, "rol": {"role"}, "rollen": {"roles"}, "stap": {"steps"}, "stappen": {"steps"},
	"bron": {"source"}, "bronnen": {"sources"}, "doel": {"purpose", "goal"}, "grondslag": {"basis"},
	"bewaartermijn": {"retention"}, "termijn": {"term", "period"}, "uitkomsten": {"outcomes"}, "volgende": {"next"},
	"organisatie": {"organisation"}, "organization": {"organisation"}, "licentie": {"licence"}, "license": {"licence"},
	"proces": {"process"}, "meervoud": {"plural"}, "versie": {"version"}, "uitleg": {"help", "explanation"},
	"toelichting": {"explanation", "help"}, "voorbeeld": {"example"}, "kleur": {"colour"}, "color": {"colour"},
	"dienst": {"service"}, "aanbieder": {"provider"}, "resultaat": {"result"}, "entiteit": {"entity"},
	"verwerking": {"activity"}, "activiteiten": {"activities"}, "dagen": {"days"}, "onderwerp": {"subject"},

	"tekst": {"text"}, "string": {"text"}, "getal": {"integer"}, "int": {"integer"}, "number": {"decimal"},
	"float": {"decimal"}, "bool": {"boolean"}, "ja/nee": {"boolean"}, "datum": {"date"}, "bedrag": {"money"},
	"keuze": {"enum"}, "select": {"enum"}, "telefoon": {"phone"}, "bestand": {"file"}, "address": {"adres"},
	"verwijzing": {"reference"}, "buitenlands adres": {"adres-buitenland"}, "onvolledige datum": {"onvolledige-datum"}, "mail": {"email"}, "e-mail": {"email"}, "timestamp": {"datetime"},
	"inwoner": {"citizen"}, "burger": {"citizen"}, "medewerker": {"employee"}, "ambtenaar": {"employee"},
	"formulier": {"form"}, "bevraging": {"lookup"}, "besluit": {"decide"}, "taak": {"task"}, "einde": {"end"},
}

// suggest returns the candidate that was probably meant, or "".
func suggest(wrong string, candidates []string) string {
	if len(wrong) > 60 {
		return ""
	}
	lower := strings.ToLower(strings.TrimSpace(wrong))
	for _, word := range dutch[lower] {
		if contains(candidates, word) {
			return word
		}
	}
	best, bestDistance := "", 1+max(1, len(lower)/3)
	for _, candidate := range candidates {
		if problem.SameWord(wrong, candidate) {
			continue
		}
		if d := problem.Distance(lower, strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}
