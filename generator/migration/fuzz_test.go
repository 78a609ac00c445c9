package migration

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzOf: whatever the registers, the names and the decisions, a migration is SQL of
// which nothing breaks out of its place. It runs no database, of which the
// instrumentation of a fuzzer makes a snail: that is TestSequences.
func FuzzOf(f *testing.F) {
	for _, seed := range seeds()[:4] {
		f.Add(seed, "a'b", "x;\nDROP TABLE y; --")
	}
	f.Fuzz(func(t *testing.T, data []byte, name, text string) {
		d := &dice{data}
		now := &drawn{}
		now.change(d)
		var kept []string
		c, err := tryComponent(now.answers())
		for n := 0; err == nil && n < 12 && len(d.data) > 0; n++ {
			after := now.clone()
			renames := after.change(d)
			for i := range after.entities {
				e := &after.entities[i]
				if g := &e.fields[d.roll(len(e.fields))]; d.roll(3) == 0 {
					switch {
					case g.Type == "enum":
						g.Values = []string{text, name, "anders"}
					case g.Type == "text" || g.Type == "longtext":
						g.Default, g.Required = text, true
					default:
						g.Name = name
					}
				}
			}
			next, err := tryComponent(after.answers())
			if err != nil {
				continue
			}
			m, ok := decideAll(t, d, c, next, renames, append(kept, text, name+" ("+text+")"))
			if !ok {
				continue
			}
			if m != nil {
				sane(t, m.SQLite)
				sane(t, m.Postgres)
				kept = Since(m.Kept, "0002_stap")
			}
			now, c = after, next
		}
	})
}

var begins = regexp.MustCompile(`^(CREATE (TEMPORARY )?TABLE|CREATE INDEX|ALTER TABLE|ALTER INDEX|DROP (TABLE|INDEX)|UPDATE|DELETE FROM|INSERT INTO|PRAGMA defer_foreign_keys|DO \$\$|CREATE OR REPLACE FUNCTION overgang_\w+\(\) RETURNS trigger LANGUAGE plpgsql AS \$\$|CREATE TRIGGER overgang_|DROP FUNCTION overgang_\w+ CASCADE$|DROP VIEW) ?`)

// sane: outside texts and comments there are only statements that we write.
func sane(t *testing.T, text string) {
	t.Helper()
	var plain strings.Builder
	quoted, comment := false, false
	for i, r := range text {
		switch {
		case comment:
			comment = r != '\n'
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '-' && strings.HasPrefix(text[i:], "--"):
			comment = true
		default:
			plain.WriteRune(r)
		}
	}
	if quoted {
		t.Fatalf("a text does not end:\n%s", text)
	}
	for statement := range strings.SplitSeq(inDo.ReplaceAllStringFunc(plain.String(), func(s string) string { return strings.TrimSpace(s[:strings.Index(s, "$$")]) + " $$" }), ";") {
		if statement = strings.TrimSpace(statement); statement != "" && !begins.MatchString(statement) {
			t.Fatalf("statement %q in\n%s", statement, text)
		}
	}
}

var inDo = regexp.MustCompile(`(?s)(?:DO|LANGUAGE plpgsql AS) \$\$.*?END \$\$`)
