package source

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
)

// Names of columns by what they tell, in lower case and without anything between their
// words. "naam" alone can be the name of anything.
var (
	keyOfPerson  = []string{"bsn", "burgerservicenummer"}
	nameOfPerson = []string{"voornaam", "voornamen", "voorvoegsel", "voorvoegsels", "geslachtsnaam", "achternaam", "volledigenaam", "firstname", "firstnames", "lastname", "surname", "fullname", "familyname", "givenname"}
	birth        = []string{"geboortedatum", "geboorteplaats", "geboorteland", "birthdate", "dateofbirth", "birthday", "birthplace", "dob"}
	keyOfAddress = []string{"nummeraanduiding", "nummeraanduidingid", "nummeraanduidingidentificatie", "adresseerbaarobject", "adresseerbaarobjectid", "adresseerbaarobjectidentificatie", "verblijfsobjectid", "bagid", "bagidentificatie"}
	partsAddress = []string{"straat", "straatnaam", "openbareruimtenaam", "huisnummer", "postcode", "woonplaats", "woonplaatsnaam", "street", "streetname", "housenumber", "postalcode", "zipcode", "residence"}
	keyOfCompany = []string{"kvk", "kvknummer", "kvknumber", "kvknr"}
	nameCompany  = []string{"handelsnaam", "handelsnamen", "statutairenaam", "bedrijfsnaam", "companyname", "tradename"}
	partsCompany = []string{"rechtsvorm", "sbicode", "sbiactiviteit", "sbiactiviteiten", "vestigingsadres", "bezoekadres", "legalform", "postcode", "straat", "straatnaam", "huisnummer", "woonplaats"}
)

// has gives the columns of a table that are in a list, as they stand there.
func (t table) has(names []string) []string {
	var all []string
	for _, c := range t.columns {
		if slices.Contains(names, c.name) || slices.ContainsFunc(names, func(n string) bool {
			return len(n) > 4 && strings.HasSuffix(c.name, n) && !strings.HasPrefix(c.name, "nieuw")
		}) {
			all = append(all, c.said)
		}
	}
	return all
}

// copied says of which source a table holds a copy, and in which columns.
func (t table) copied() (source string, columns []string) {
	address := t.has(partsAddress)
	if key, name, born := t.has(keyOfPerson), t.has(nameOfPerson), t.has(birth); len(key) > 0 && len(name) > 0 && (len(born) > 0 || len(address) > 1) {
		return "BRP", slices.Concat(key, name, born, address)
	}
	if key := t.has(keyOfAddress); len(key) > 0 && len(address) > 2 {
		return "BAG", slices.Concat(key, address)
	}
	if key, name, parts := t.has(keyOfCompany), t.has(nameCompany), t.has(partsCompany); len(key) > 0 && len(name) > 0 && len(parts) > 0 {
		return "HR", slices.Concat(key, name, parts)
	}
	return "", nil
}

// Columns that take whatever was filled in, and the tables of which "properties" does.
var (
	dumps    = []string{"formdata", "formulierdata", "formuliergegevens", "formulierinhoud", "ingevuldegegevens", "submissiondata"}
	requests = []string{"request", "verzoek", "aanvraag", "aangifte", "melding", "inschrijving", "registratie"}
)

func (t table) dumped() string {
	name := strings.ToLower(t.name)
	for _, c := range t.columns {
		if c.json && (slices.Contains(dumps, c.name) || (c.name == "properties" || c.name == "eigenschappen") && slices.ContainsFunc(requests, func(r string) bool { return strings.HasPrefix(name, r) })) {
			return c.said
		}
	}
	return ""
}

// tables looks at what is kept in a database.
func (l *look) tables(ctx context.Context, t *text) {
	if t.file.Test || isSample(t.file.Path) || l.fromAnswers(t) {
		return // what fieldlab wrote keeps what the answers say, and those are judged
	}
	if t.kind == python && isMigration(t.file.Path) {
		return // the models say the same
	}
	t.eachTable(ctx, func(found table) {
		l.to.Looked("source-copy", "privacy-form-dump")
		l.table(t, found)
	})
	if t.kind&code != 0 && containsAny(t.body, "eigenschap", "properties") {
		t.each("JSON.stringify(", func(at int) bool { l.dump(t, at); return ctx.Err() == nil })
		t.each("json_encode(", func(at int) bool { l.dump(t, at); return ctx.Err() == nil })
		t.each("json.dumps(", func(at int) bool { l.dump(t, at); return ctx.Err() == nil })
	}
}

func (l *look) table(t *text, found table) {
	name := path.Base(t.file.Path) + " " + found.name
	if source, columns := found.copied(); source != "" && !(l.component && l.copies[name]) && l.once("copy "+found.name) {
		l.copies[name] = true
		l.add("source-copy", "", t, found.at, found.name, source, strings.Join(columns[:min(len(columns), 8)], ", "))
	}
	if name := found.dumped(); name != "" {
		l.add("privacy-form-dump", "column", t, found.at, found.name, name)
	}
	if l.facts.personal.path == "" && (len(found.has(keyOfPerson)) > 0 || len(found.has(birth)) > 0) {
		l.facts.personal = t.place(found.at, found.name)
	}
}

var attribute = once(`(?i)\bwaarde['"]?\s*(?:=>|[:=])\s*(?:JSON\.stringify|json_encode|json\.dumps)\(\s*(\$?(?:form\w*|values|submission\w*|aanvraag|verzoek))\s*[,)]`)

var dumping = once(`(?i)\b(?:zaak)?(?:eigenschappen|properties)['"]?\s*(?:=>|[:=])\s*(?:JSON\.stringify|json_encode|json\.dumps)\(\s*(\$?(?:form\w*|values|formulier\w*|submission\w*|getValues\(\)|data))\s*[,)]`)

// dump looks for a form that goes into one field as it is.
func (l *look) dump(t *text, at int) {
	start, end := t.around(at)
	m := dumping().FindSubmatchIndex(t.body[start:end])
	if m == nil && bytes.Contains(t.before(at, 5), []byte("eigenschap")) {
		m = attribute().FindSubmatchIndex(t.body[start:end]) // an attribute of a zaak holds one value
	}
	if m != nil && l.once("dump") {
		l.to.Looked("privacy-form-dump")
		l.add("privacy-form-dump", "call", t, start+m[0], string(t.body[start+m[2]:start+m[3]]))
	}
}
