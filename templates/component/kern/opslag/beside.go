package opslag

import (
	"regexp"
	"slices"
	"strings"
)

// A migration says in its first line whether an earlier version of the component
// can go on beside it, for on a cluster the new version migrates while the earlier
// one still serves:
//
//	-- naast: elke vorige versie
//	-- naast: versies met 0004_telefoon
//	-- stilstand: telefoon is nu een getal, en de vorige versie leest een tekst
//
// One that says nothing is taken for the third, unless all it does is to add what
// nobody has to fill.
var firstLine = regexp.MustCompile(`^-- (naast: elke vorige versie|naast: versies met ([^\n]+)|stilstand: ([^\n]+))(?:\r?\n|$)`)

// beside is what an earlier version must have to go on beside a migration.
type beside struct {
	needs  []string // migrations that it must know; none is any version
	reason string   // why the migration itself is among them: for people
}

// beside reads what a migration says, or finds it out.
func (m migration) beside() beside {
	itself := strings.TrimSuffix(m.name, ".sql")
	if found := firstLine.FindStringSubmatch(m.text); found != nil {
		switch {
		case found[3] != "":
			return beside{[]string{itself}, strings.TrimSpace(found[3])}
		case found[2] != "":
			var needs []string
			for name := range strings.SplitSeq(found[2], ",") {
				needs = append(needs, strings.TrimSuffix(strings.TrimSpace(name), ".sql"))
			}
			return beside{needs: needs}
		}
		return beside{}
	}
	if found := breaking(m.text); len(found) > 0 {
		return beside{[]string{itself}, "de eerste regel zegt niet dat een vorige versie ernaast kan draaien, en dit is meer dan iets toevoegen: " + found[0]}
	}
	return beside{}
}

var (
	sqlComment  = regexp.MustCompile(`(?ms)--[^\n]*$|/\*.*?\*/`)
	sqlSpace    = regexp.MustCompile(`\s+`)
	makesTable  = regexp.MustCompile(`(?i)^CREATE TABLE (?:IF NOT EXISTS )?("?\w+"?) ?\(`)
	makesIndex  = regexp.MustCompile(`(?i)^CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?(?:"?\w+"? )?ON ("?\w+"?) ?\(`)
	makesColumn = regexp.MustCompile(`(?i)^ALTER TABLE ("?\w+"?) ADD COLUMN (?:IF NOT EXISTS )?("?\w+"? .*)$`)
	manyActions = regexp.MustCompile(`(?i), ?(ADD|DROP|ALTER|RENAME|VALIDATE|SET|DISABLE|ENABLE) `)
	asksMore    = regexp.MustCompile(`(?i)\b(UNIQUE|PRIMARY KEY|GENERATED|EXCLUDE)\b`)
	mustFill    = regexp.MustCompile(`(?i)\bNOT NULL\b`)
	hasDefault  = regexp.MustCompile(`(?i)\bDEFAULT (?:[^\s]+)`)
	changesRows = regexp.MustCompile(`(?i)^(INSERT INTO|UPDATE|COMMENT ON) `)
	// Where a text may end elsewhere than at its next quote, a statement can hide in it.
	oddQuotes = regexp.MustCompile(`(?i)\b(?:E|U&)'|\$[a-z_]\w*\$|"[^"\n]*'[^"\n]*"`)
)

// breaking gives the statements that may be in the way of an earlier version: all
// but those that add something which nobody has to fill, or change rows.
func breaking(text string) (all []string) {
	if odd := oddQuotes.FindString(withoutComments(text)); odd != "" {
		return []string{"wat na " + shortened(odd) + " komt, is niet te lezen"}
	}
	var fresh []string // tables of this migration: no earlier version knows them
	for _, statement := range sqlStatements(text) {
		bare := withoutQuoted(statement)
		made, index, column := makesTable.FindStringSubmatch(bare), makesIndex.FindStringSubmatch(bare), makesColumn.FindStringSubmatch(bare)
		switch {
		case made != nil:
			fresh = append(fresh, made[1])
		case index != nil && (index[1] == "" || slices.Contains(fresh, index[2])):
		case column != nil && slices.Contains(fresh, column[1]):
		case column != nil && !manyActions.MatchString(column[2]) && !asksMore.MatchString(column[2]) && (!mustFill.MatchString(column[2]) || hasDefault.MatchString(column[2])):
		case changesRows.MatchString(bare):
		default:
			all = append(all, shortened(bare))
		}
	}
	return all
}

func shortened(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// sqlStatements cuts a text at the semicolons that end a statement: not at those in
// a text between quotes, or in a block between dollars.
func sqlStatements(text string) (all []string) {
	from, quoted, dollars := 0, false, false
	text = withoutComments(text)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\'' && !dollars:
			quoted = !quoted
		case quoted:
		case strings.HasPrefix(text[i:], "$$"):
			dollars = !dollars
			i++
		case text[i] == ';' && !dollars:
			all, from = append(all, text[from:i]), i+1
		}
	}
	all = append(all, text[from:])
	for i := range all {
		all[i] = strings.TrimSpace(sqlSpace.ReplaceAllString(all[i], " "))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

var quotedText = regexp.MustCompile(`'(?:[^']|'')*'`)

// withoutComments takes comments out. A text between quotes can hold what begins one.
func withoutComments(text string) string {
	var b strings.Builder
	for at := 0; at < len(text); {
		quote, comment := quotedText.FindStringIndex(text[at:]), sqlComment.FindStringIndex(text[at:])
		switch {
		case comment == nil:
			b.WriteString(text[at:])
			return b.String()
		case quote != nil && quote[0] < comment[0]:
			b.WriteString(text[at : at+quote[1]])
			at += quote[1]
		default:
			b.WriteString(text[at : at+comment[0]])
			at += comment[1]
		}
	}
	return b.String()
}

// withoutQuoted empties the texts between quotes: what is in them does nothing.
func withoutQuoted(text string) string { return quotedText.ReplaceAllString(text, "''") }
