package source

import (
	"bytes"
	"context"
)

var (
	consumerMail = once(`(?i)\b[a-z][a-z0-9._-]{2,40}@(?:gmail\.com|googlemail\.com|hotmail\.(?:com|nl)|outlook\.(?:com|nl)|live\.(?:com|nl)|msn\.com|yahoo\.(?:com|nl)|icloud\.com|ziggo\.nl|kpnmail\.nl|kpnplanet\.nl|planet\.nl|xs4all\.nl|home\.nl|chello\.nl|upcmail\.nl|casema\.nl|hetnet\.nl|quicknet\.nl|zonnet\.nl|tele2\.nl)\b`)
	nameKey      = once(`(?i)["'\s,;_](?:achternaam|geslachtsnaam|last_?name|surname|voornaam|voornamen|first_?name)\b`)
	birthKey     = once(`(?i)["'\s,;_](?:geboortedatum|birth_?date|date_?of_?birth|bsn|burgerservicenummer)\b`)
)

// mailHosts are in every address that consumerMail knows.
var mailHosts = []string{"@gmail", "@googlemail", "@hotmail", "@outlook", "@live", "@msn", "@yahoo", "@icloud", "@ziggo", "@kpn", "@planet", "@xs4all", "@home.nl", "@chello", "@upcmail", "@casema", "@hetnet", "@quicknet", "@zonnet", "@tele2"}

// persons looks in data for people who may exist: with their name, their date of birth
// or number, and an address at a provider of mail that everybody uses.
func (l *look) persons(ctx context.Context, t *text) {
	if ctx.Err() != nil || !containsAny(t.body, mailHosts...) {
		return
	}
	if t.kind&code != 0 && !t.file.Test && !isSample(t.file.Path) || isOpenAPI(t) {
		return
	}
	if !nameKey().Match(t.body) || !birthKey().Match(t.body) {
		return
	}
	l.to.Looked("privacy-test-data")
	all := consumerMail().FindAllIndex(t.body, 1000)
	different := map[string]bool{}
	for _, m := range all {
		different[string(bytes.ToLower(t.body[m[0]:m[1]]))] = true
	}
	if len(different) > 2 { // one or two are often made up for one test
		l.add("privacy-test-data", "", t, all[0][0], number(len(different)))
	}
}
