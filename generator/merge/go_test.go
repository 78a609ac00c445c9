package merge

import (
	"strings"
	"testing"
)

// golden is the file that a team changes most.
const row = `package gegevens

import (
	"example.test/kern/opslag"
	"example.test/kern/value"
)

// Verhuizing is a row.
type Verhuizing struct {
	opslag.Meta
	BSN         string     ` + "`json:\"bsn\"`" + `
	Datum       value.Date ` + "`json:\"datum\"`" + `
	Toelichting string     ` + "`json:\"toelichting,omitempty\"`" + `
}

var schema = opslag.Schema[Verhuizing]{
	Name: "verhuizingen",
	Columns: []opslag.Column{
		{SQL: "bsn", JSON: "bsn", Personal: true, BSN: true},
		{SQL: "datum", JSON: "datum", Filter: true, Sort: true},
		{SQL: "toelichting", JSON: "toelichting", Personal: true},
	},
	Fields: func(row *Verhuizing) []any {
		return []any{
			&row.BSN,
			&row.Datum,
			opslag.Text(&row.Toelichting),
		}
	},
}

func examples() []*Verhuizing {
	return []*Verhuizing{
		{
			BSN:         "999993653",
			Datum:       "2026-01-12",
			Toelichting: "Toelichting 1",
		},
		{
			BSN:         "999990408",
			Datum:       "2026-02-02",
			Toelichting: "Toelichting 2",
		},
	}
}
`

// withField is the row with one field more at its end, as gofmt has it.
func withField(t *testing.T, body, name, sql string) string {
	t.Helper()
	for _, r := range []string{
		"json:\"toelichting,omitempty\"`\n}", "json:\"toelichting,omitempty\"`\n\t" + name + " string `json:\"" + sql + "\"`\n}",
		"Personal: true},\n\t},\n\tFields", "Personal: true},\n\t\t{SQL: \"" + sql + "\", JSON: \"" + sql + "\"},\n\t},\n\tFields",
		"opslag.Text(&row.Toelichting),\n", "opslag.Text(&row.Toelichting),\n\t\t\topslag.Text(&row." + name + "),\n",
		"\"Toelichting 1\",\n", "\"Toelichting 1\",\n\t\t\t" + name + ": \"" + sql + " 1\",\n",
		"\"Toelichting 2\",\n", "\"Toelichting 2\",\n\t\t\t" + name + ": \"" + sql + " 2\",\n",
	} {
		_ = r
	}
	pairs := strings.NewReplacer(
		"json:\"toelichting,omitempty\"`\n}", "json:\"toelichting,omitempty\"`\n\t"+name+" string `json:\""+sql+"\"`\n}",
		"Personal: true},\n\t},\n\tFields", "Personal: true},\n\t\t{SQL: \""+sql+"\", JSON: \""+sql+"\"},\n\t},\n\tFields",
		"opslag.Text(&row.Toelichting),\n", "opslag.Text(&row.Toelichting),\n\t\t\topslag.Text(&row."+name+"),\n",
		"\"Toelichting 1\",\n", "\"Toelichting 1\",\n\t\t\t"+name+": \""+sql+" 1\",\n",
		"\"Toelichting 2\",\n", "\"Toelichting 2\",\n\t\t\t"+name+": \""+sql+" 2\",\n",
	)
	return formatted(t, pairs.Replace(body))
}

func formatted(t *testing.T, body string) string {
	t.Helper()
	lines := finishGo(sides{ours: textOf([]byte("package x\n"))}, split([]byte(body)))
	return string(joined(lines))
}

var labels = Labels{"van het team", "van fieldlab"}

// TestGoFields: both sides add a field at the end, with names of other lengths.
func TestGoFields(t *testing.T) {
	t.Parallel()
	ours, theirs := withField(t, row, "Telefoon", "telefoon"), withField(t, row, "GewensteLeverdatum", "gewenste_leverdatum")
	want := withField(t, row, "GewensteLeverdatum", "gewenste_leverdatum")
	want = strings.NewReplacer("\tGewensteLeverdatum", "\tTelefoon string `json:\"telefoon\"`\n\tGewensteLeverdatum").Replace(want)
	got := Files("1-gegevens/verhuizing.go", []byte(row), []byte(ours), []byte(theirs), labels)
	if got.Conflicts > 0 || parseGo(split(got.Body)) == nil {
		t.Fatalf("%d clashes:\n%s", got.Conflicts, got.Body)
	}
	order := []string{"Telefoon ", "GewensteLeverdatum ", `"telefoon"`, `"gewenste_leverdatum"`, "row.Telefoon", "row.GewensteLeverdatum", "Telefoon:", "GewensteLeverdatum:", "telefoon 2", "gewenste_leverdatum 2"}
	rest := string(got.Body)
	for _, word := range order {
		_, after, found := strings.Cut(rest, word)
		if !found {
			t.Errorf("%q is not there, or not in its place:\n%s", word, got.Body)
		}
		rest = after
	}
	if formatted(t, string(got.Body)) != string(got.Body) {
		t.Error("not as gofmt has it")
	}
}
