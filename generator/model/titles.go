package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// hollow are names that say nothing without what they stand in.
var hollow = []string{"langformaat", "waarde", "omschrijving", "code", "value", "label", "datum", "reden", "nummer", "naam", "type", "soort"}

// plain are names of what a field stands in that say nothing of it.
var plain = []string{"data", "record", "gegevens", "attributes", "attributen", "properties", "item", "object", "result", "resultaat"}

// void are those of them that say no more with it.
var void = []string{"langformaat", "waarde", "value", "label"}

// dutch are the words that nearly every API has in English.
var dutch = map[string]string{
	"startat": "Begint op", "endat": "Eindigt op", "registrationat": "Geregistreerd op", "createdat": "Gemaakt op", "updatedat": "Gewijzigd op",
	"name": "Naam", "description": "Omschrijving", "title": "Titel", "status": "Status", "count": "Aantal", "date": "Datum", "startdate": "Begindatum", "enddate": "Einddatum",
	"city": "Plaats", "street": "Straat", "postalcode": "Postcode", "housenumber": "Huisnummer", "country": "Land", "email": "E-mailadres", "phone": "Telefoonnummer",
	"geometry": "Geometrie", "domain": "Domein", "version": "Versie", "id": "Identificatie", "type": "Type", "language": "Taal", "publishedat": "Gepubliceerd op",
	"firstname": "Voornaam", "lastname": "Achternaam", "birthdate": "Geboortedatum", "amount": "Bedrag", "number": "Nummer", "address": "Adres", "subject": "Onderwerp",
}

// titles gives each kept field what people read before its value: of the
// catalogue, of the specification, or the last words of its path. What it belongs
// to is said only where two would read the same.
func (s *source) titles() {
	same := map[string][]*FieldNote{}
	for i := range s.Kept {
		note := &s.Kept[i]
		note.Title = s.titleOf(*note)
		if s.entry == nil || s.entry.Titles[note.Name] == "" { // that of the catalogue stays
			key := strings.ToLower(note.Title)
			same[key] = append(same[key], note)
		}
	}
	for _, notes := range same {
		if len(notes) < 2 {
			continue
		}
		slices.SortFunc(notes, func(a, b *FieldNote) int { return strings.Count(a.Name, ".") - strings.Count(b.Name, ".") })
		if strings.Count(notes[0].Name, ".") < strings.Count(notes[1].Name, ".") {
			notes = notes[1:] // that of the thing itself
		}
		said := map[string]bool{}
		for _, note := range notes {
			first, _, deeper := strings.Cut(note.Name, ".")
			title := note.Title + " (" + strings.ToLower(phrase(first)) + ")"
			if said[title] || !deeper {
				title = naming.Title(phrase(note.Name))
			}
			said[title] = true
			note.Title = title
		}
	}
}

// titleOf is what people read of a field.
func (s *source) titleOf(note FieldNote) string {
	if s.entry != nil && s.entry.Titles[note.Name] != "" {
		return s.entry.Titles[note.Name]
	}
	if title := theirs(note.Title, 60); strings.Contains(title, " ") {
		return naming.Title(title)
	}
	parts := strings.Split(note.Name, ".")
	for len(parts) > 1 && slices.Contains(void, bare(parts[len(parts)-1])) {
		parts = parts[:len(parts)-1]
	}
	if n := len(parts); n > 1 && slices.Contains([]string{"omschrijving", "code"}, parts[n-1]) && s.coded(note.Name) {
		parts = parts[:n-1] // soort is a code with its omschrijving
	}
	last := parts[len(parts)-1]
	if n := len(parts); n > 1 && slices.Contains(hollow, bare(last)) && !strings.HasSuffix(bare(parts[n-2]), bare(last)) && !slices.Contains(plain, bare(parts[n-2])) {
		return naming.Title(phrase(parts[n-2] + "." + last))
	}
	return naming.Title(phrase(last))
}

// coded says whether a field is one of a code and its omschrijving.
func (s *source) coded(field string) bool {
	parent, _, _ := cutLast(field)
	for _, f := range s.forms {
		if f.full.Place(f.list, parent+".code").Path == parent+".code" && f.full.Place(f.list, parent+".omschrijving").Path == parent+".omschrijving" {
			return true
		}
	}
	return false
}

// phrase writes a path as words, none twice in a row.
func phrase(path string) string {
	var words []string
	for part := range strings.SplitSeq(path, ".") {
		title := naming.Title(part)
		if known := dutch[bare(part)]; known != "" {
			title = known
		}
		for word := range strings.FieldsSeq(title) {
			if len(words) > 0 && strings.EqualFold(words[len(words)-1], word) {
				continue
			}
			if len(words) > 0 && word != strings.ToUpper(word) {
				word = strings.ToLower(word)
			}
			words = append(words, word)
		}
	}
	if len(words) > 1 && strings.EqualFold(words[0], "indicatie") {
		words = words[1:]
	}
	return strings.Join(words, " ")
}
