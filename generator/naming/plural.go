package naming

import (
	"strings"
	"unicode"
)

// Plural returns the Dutch plural of raw: verhuizing becomes verhuizingen,
// "aanvraag om bijstand" becomes "aanvragen om bijstand". It knows the rules
// and the common exceptions, not every word; a team can answer better.
func Plural(raw string) string {
	start, end := head(raw)
	if start == end {
		return raw
	}
	word := raw[start:end]
	if len(word) > 1 && word == strings.ToUpper(word) {
		return raw[:end] + "'s" + raw[end:] // BSN's
	}
	lower := strings.ToLower(word)
	plural := pluralOf(lower)
	same := commonPrefix(lower, plural)
	if len(lower) != len(word) { // a letter that changes size; do not cut in it
		return raw[:start] + plural + raw[end:]
	}
	return raw[:start] + word[:same] + plural[same:] + raw[end:]
}

// head finds the word that takes the plural: the one before a preposition,
// else the last one.
func head(raw string) (start, end int) {
	lower := strings.ToLower(raw)
	if len(lower) == len(raw) {
		for _, preposition := range []string{" van ", " voor ", " om ", " op ", " in ", " met ", " over ", " uit ", " bij ", " aan ", " tot ", " ("} {
			if i := strings.Index(lower, preposition); i > 0 {
				raw = raw[:i]
				lower = lower[:i]
			}
		}
	}
	end = strings.LastIndexFunc(raw, unicode.IsLetter)
	if end < 0 {
		return 0, 0
	}
	for end++; end < len(raw) && raw[end]&0xC0 == 0x80; end++ { // the rest of that letter
	}
	start = strings.LastIndexFunc(raw[:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if start < 0 {
		return 0, end
	}
	for start++; start < end && raw[start]&0xC0 == 0x80; start++ {
	}
	return start, end
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && a[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// exceptions are whole words or last parts of compounds; the longest that fits
// wins.
var exceptions = map[string]string{
	"stad": "steden", "schip": "schepen", "kind": "kinderen", "blad": "bladen", "lid": "leden",
	"dag": "dagen", "weg": "wegen", "adres": "adressen", "datum": "datums", "museum": "musea",
	"centrum": "centra", "medium": "media", "gemeente": "gemeenten", "artikel": "artikelen",
	"middel": "middelen", "model": "modellen", "tabel": "tabellen", "engel": "engelen", "wortel": "wortelen",
	"dossier": "dossiers", "atelier": "ateliers", "kassier": "kassiers", "hotel": "hotels",
	"categorie": "categorieën", "strategie": "strategieën", "theorie": "theorieën", "industrie": "industrieën",
	"energie": "energieën", "technologie": "technologieën", "knie": "knieën", "melodie": "melodieën",
	"koe": "koeien", "eis": "eisen", "kruis": "kruisen", "paus": "pausen", "grens": "grenzen", "gans": "ganzen",
	"paragraaf": "paragrafen", "fotograaf": "fotografen", "team": "teams", "app": "apps", "event": "events",
	"ticket": "tickets", "tag": "tags", "link": "links", "account": "accounts", "mail": "mails", "club": "clubs",
	"film": "films", "tram": "trams", "shop": "shops", "flat": "flats", "label": "labels", "level": "levels",
	"bureau": "bureaus", "niveau": "niveaus", "kado": "kado's", "gat": "gaten", "dak": "daken", "bad": "baden",
	"slag": "slagen", "verslag": "verslagen", "bedrag": "bedragen", "verdrag": "verdragen", "contract": "contracten",
	"oorlog": "oorlogen", "god": "goden", "hof": "hoven", "slot": "sloten", "schot": "schoten", "lot": "loten",
	"spel": "spelen", "gebed": "gebeden", "gebrek": "gebreken", "tred": "treden", "smid": "smeden", "vat": "vaten",
	"pad": "paden", "glas": "glazen", "graf": "graven", "staf": "staven", "bevel": "bevelen", "ambt": "ambten",
	"monnik": "monniken", "havik": "haviken", "perzik": "perziken", "leeuwerik": "leeuweriken", "gegeven": "gegevens",
	"rem": "remmen", "bijlage": "bijlagen", "oorzaak": "oorzaken", "ziekenhuis": "ziekenhuizen", "ei": "eieren", "rund": "runderen", "lam": "lammeren",
	"hoofd": "hoofden", "data": "data", "media": "media", "kosten": "kosten", "hersenen": "hersenen",
	"gegevens": "gegevens", "personen": "personen", "leden": "leden", "inwoners": "inwoners", "adressen": "adressen",
}

// exactOnly are exceptions that can also be the end of unrelated words.
var exactOnly = set(`ei rem app lot tag god lam vat`)

func pluralOf(word string) string {
	if plural, ok := exceptional(word); ok {
		return plural
	}
	switch {
	case hasAnySuffix(word, "ingen", "heden", "teiten", "ens", "ers", "els") && len(word) > 5:
		return word // is a plural already
	case strings.HasSuffix(word, "heid"):
		return word[:len(word)-len("heid")] + "heden"
	case hasAnySuffix(word, "é", "ie", "eau", "ion"):
		return word + "s"
	case strings.HasSuffix(word, "ee"):
		return word + "ën"
	case strings.HasSuffix(word, "ij"):
		return word + "en"
	case hasAnySuffix(word, "ui", "ei", "ou", "au", "oe"):
		return word + "en"
	case hasAnySuffix(word, "a", "i", "o", "u", "y"):
		return word + "'s"
	case strings.HasSuffix(word, "e"), unstressed(word):
		return word + "s"
	}
	return stem(word) + "en"
}

func exceptional(word string) (string, bool) {
	for i := range word {
		plural, ok := exceptions[word[i:]]
		if !ok || i > 0 && exactOnly[word[i:]] {
			continue
		}
		return word[:i] + plural, true
	}
	return "", false
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}

// unstressed says whether word ends in a syllable that takes an s: kamer,
// titel, bodem, wagen, huisje; not weg, boer, systeem.
func unstressed(word string) bool {
	if len(word) < 5 || !hasAnySuffix(word, "el", "er", "em", "en", "erd", "aard") {
		return false
	}
	if strings.HasSuffix(word, "aard") {
		return false // standaarden, waarden
	}
	before := strings.TrimSuffix(word, "d")
	before = before[:len(before)-2]
	last := before[len(before)-1]
	return !isVowel(last) && strings.ContainsAny(before, "aeiouy") || strings.HasSuffix(before, "ij") || strings.HasSuffix(before, "ui")
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// stem changes the end of word for the ending -en: zaak zak-, brief briev-,
// bus buss-.
func stem(word string) string {
	n := len(word)
	if n < 3 {
		return word
	}
	last, before := word[n-1], word[n-2]
	switch {
	case isVowel(last) || last >= 0x80 || last == 'w' || last == 'x' || last == 'j':
		return word
	case before == word[n-3] && isVowel(before) && before != 'i': // zaak, factuur
		return word[:n-2] + voiced(last)
	case isVowel(before) && isDiphthong(word[:n-1]): // huis, brief, bewijs
		return word[:n-1] + voiced(last)
	case before == 'j' && word[n-3] == 'i': // wijk, bedrijf
		return word[:n-1] + voiced(last)
	case (last == 'f') && (before == 'l' || before == 'r'): // wolf, erf
		return word[:n-1] + "v"
	case isVowel(before) && !hasAnySuffix(word, "ig", "or", "ik", "um"): // bus, plan, besluit is a diphthong
		return word + string(last)
	}
	return word
}

func voiced(c byte) string {
	switch c {
	case 's':
		return "z"
	case 'f':
		return "v"
	}
	return string(c)
}

func isDiphthong(s string) bool { return hasAnySuffix(s, "ie", "ei", "ui", "eu", "oe", "ou", "au") }
