package merge

import (
	"strings"
	"testing"
)

// row is the file that a team changes most.
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

// TestGo: what else a team and fieldlab do to one file of Go.
func TestGo(t *testing.T) {
	t.Parallel()
	const file = "package a\n\nimport \"fmt\"\n\nconst (\n\ta = 1\n)\n\ntype T struct {\n\tID   string // het nummer\n\tNaam string\n}\n\nvar m = map[string]int{\n\t\"een\": 1,\n}\n\nfunc f() {\n\tfmt.Println(m, a)\n}\n"
	with := func(pairs ...string) string { return replacedIn(t, file, pairs...) }
	runCases(t, []sideCase{
		{"columns moved by one and a type changed by the other", "a.go", file, with("\tID   string // het nummer\n\tNaam string\n", "\tID        string // het nummer\n\tNaam      string\n\tOmschrijf string\n"), with("Naam string", "Naam []byte"),
			with("\tID   string // het nummer\n\tNaam string\n", "\tID        string // het nummer\n\tNaam      []byte\n\tOmschrijf string\n"), 0, false},
		{"imports", "a.go", file, with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n)", "Println(m", "Println(os.Args, m"), with("import \"fmt\"", "import (\n\t\"example.test/a/kern/value\"\n\t\"fmt\"\n)", "\ta = 1", "\ta = value.One"),
			with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n\n\t\"example.test/a/kern/value\"\n)", "Println(m", "Println(os.Args, m", "\ta = 1", "\ta = value.One"), 0, false},
		{"an import that fieldlab no longer needs", "a.go", with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"io\"\n)"), with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"io\"\n\t\"os\"\n)"), file,
			with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n)"), 0, false},
		{"constants", "a.go", file, with("\ta = 1\n", "\ta = 1\n\tb = 2\n"), with("\ta = 1\n", "\ta = 1\n\tlang = 3\n"), with("\ta = 1\n", "\ta    = 1\n\tb    = 2\n\tlang = 3\n"), 0, false},
		{"entries of a map", "a.go", file, with("\t\"een\": 1,\n", "\t\"een\":  1,\n\t\"twee\": 2,\n"), with("\t\"een\": 1,\n", "\t\"een\":  1,\n\t\"drie\": 3,\n"), with("\t\"een\": 1,\n", "\t\"een\":  1,\n\t\"twee\": 2,\n\t\"drie\": 3,\n"), 0, false},
		{"a key of two kinds", "a.go", file, with("\t\"een\": 1,\n", "\t\"een\": 1,\n\t\"twee\": 2,\n"), with("\t\"een\": 1,\n", "\t\"een\": 1,\n\t\"twee\": 22,\n"), with("\t\"een\": 1,\n", "\t\"een\": 1,\n"+conflict("\t\"twee\": 2,\n", "\t\"twee\": 22,\n")), 1, false},
		{"functions at the end", "a.go", file, file + "\n// g is ours.\nfunc g() {\n}\n", file + "\n// h is theirs.\nfunc h() {\n}\n", file + "\n// g is ours.\nfunc g() {\n}\n\n// h is theirs.\nfunc h() {\n}\n", 0, false},
		{"statements", "a.go", file, with("(m, a)\n", "(m, a)\n\tf()\n"), with("(m, a)\n", "(m, a)\n\tpanic(1)\n"), with("(m, a)\n", "(m, a)\n"+conflict("\tf()\n", "\tpanic(1)\n")), 1, false},
		{"an entry changed and one added after it", "a.go", file, with("\"een\": 1", "\"een\": 11"), with("\t\"een\": 1,\n", "\t\"een\":  1,\n\t\"drie\": 3,\n"), with("\t\"een\": 1,\n", "\t\"een\":  11,\n\t\"drie\": 3,\n"), 0, false},
		{"spaces in a text are text", "a.go", file, with("fmt.Println(m, a)", "fmt.Println(`a  b`)"), with("fmt.Println(m, a)", "fmt.Println(`a b`)"), with("\tfmt.Println(m, a)\n", conflict("\tfmt.Println(`a  b`)\n", "\tfmt.Println(`a b`)\n")), 1, false},
		{"the same function in two places", "a.go", file, with("const (", "func g() {}\n\nconst ("), file + "\nfunc g() {}\n", "", 0, true},
		{"an import that only the team still uses", "a.go", with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n)", "\ta = 1", "\ta = os.O_RDONLY"), with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n)", "\ta = 1", "\ta = os.O_RDONLY", "(m, a)", "(m, a, os.Args)"), file,
			with("import \"fmt\"", "import (\n\t\"fmt\"\n\t\"os\"\n)", "(m, a)", "(m, a, os.Args)"), 0, false},
		{"a key in two places", "a.go", with("\t\"een\": 1,\n", "\t\"een\": 1,\n\t\"max\": 1,\n\t\"min\": 1,\n"), with("\t\"een\": 1,\n", "\t\"tel\": 2,\n\t\"een\": 1,\n\t\"max\": 1,\n\t\"min\": 1,\n"), with("\t\"een\": 1,\n", "\t\"een\": 1,\n\t\"max\": 1,\n\t\"min\": 1,\n\t\"tel\": 3,\n"), "", 0, true},
		{"a field in two places", "a.go", file, with("\tID   string", "\tTel  string\n\tID   string"), with("\tNaam string\n", "\tNaam string\n\tTel  string\n"), "", 0, true},
		{"the same field in other columns, and one more", "a.go", file, with("\tID   string // het nummer\n\tNaam string\n", "\tID   string // het nummer\n\tNaam string\n\tTel  string\n"), with("\tID   string // het nummer\n\tNaam string\n", "\tID     string // het nummer\n\tNaam   string\n\tTel    string\n\tMobiel string\n"),
			with("\tID   string // het nummer\n\tNaam string\n", "\tID     string // het nummer\n\tNaam   string\n\tTel    string\n\tMobiel string\n"), 0, false},
		{"columns of the team's own", "a.go", with("\tID   string", "\tID string"), with("\tID   string", "\tID string", "\ta = 1\n", "\ta = 1\n\tb = 2\n"), with("\tID   string", "\tID string", "\ta = 1\n", "\ta = 1\n\tlang = 3\n"), with("\tID   string", "\tID string", "\ta = 1\n", "\ta = 1\n\tb = 2\n\tlang = 3\n"), 0, false},
		{"in the middle of an edit", "a.go", file, with("func f() {\n\tfmt", "func f() {\n\tif {\n\tfmt"), with("\ta = 1\n", "\ta = 2\n"), with("func f() {\n\tfmt", "func f() {\n\tif {\n\tfmt", "\ta = 1\n", "\ta = 2\n"), 0, false},
		{"two places, one for a person", "a.go", file, with("\ta = 1\n", "\ta = 1\n\tb = 2\n", "(m, a)", "(m)"), with("\ta = 1\n", "\ta = 1\n\tc = 3\n", "(m, a)", "(a)"), with("\ta = 1\n", "\ta = 1\n\tb = 2\n\tc = 3\n", "\tfmt.Println(m, a)\n", conflict("\tfmt.Println(m)\n", "\tfmt.Println(a)\n")), 1, false},
	})
}

// TestGoElements: elements that end alike are found whole.
func TestGoElements(t *testing.T) {
	t.Parallel()
	const file = "package a\n\nvar l = []T{\n\t{\n\t\tA: 1,\n\t},\n}\n"
	ours := "package a\n\nvar l = []T{\n\t{\n\t\tA: 1,\n\t},\n\t{\n\t\tA: 2,\n\t},\n}\n"
	theirs := "package a\n\nvar l = []T{\n\t{\n\t\tA: 1,\n\t},\n\t{\n\t\tA: 3,\n\t},\n\t{\n\t\tA: 4,\n\t},\n}\n"
	got := Files("a.go", []byte(file), []byte(ours), []byte(theirs), labels)
	want := "package a\n\nvar l = []T{\n\t{\n\t\tA: 1,\n\t},\n\t{\n\t\tA: 2,\n\t},\n\t{\n\t\tA: 3,\n\t},\n\t{\n\t\tA: 4,\n\t},\n}\n"
	if string(got.Body) != want || got.Conflicts > 0 {
		t.Errorf("%d clashes:\n%s", got.Conflicts, got.Body)
	}
}
