package start

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// kept is a row that is kept for a year.
type kept struct {
	opslag.Meta
	BSN string `json:"bsn"`
}

var keptSchema = opslag.Schema[kept]{
	Name:      "dingen",
	Columns:   []opslag.Column{{SQL: "bsn", JSON: "bsn", Personal: true, BSN: true}},
	Retention: []opslag.Retention{{Result: "toegekend", Period: "P1Y", From: opslag.FromClosing, Source: "Selectielijst 7.7"}},
	Meta:      func(row *kept) *opslag.Meta { return &row.Meta },
	Fields:    func(row *kept) []any { return []any{&row.BSN} },
}

// attic is a component with zaken of which the term has passed.
type attic struct {
	*testing.T
	parts  *Parts
	folder string
	s      Settings
	env    map[string]string
}

func newAttic(t *testing.T, results ...string) (*attic, []string) {
	t.Helper()
	const table = "CREATE TABLE dingen (id TEXT PRIMARY KEY, aangemaakt_op TIMESTAMP NOT NULL, gewijzigd_op TIMESTAMP NOT NULL, versie BIGINT NOT NULL, bsn TEXT NOT NULL);"
	rooms := moving(t)
	rooms.Files = instead{rooms.Files, fstest.MapFS{"1-gegevens/migraties/sqlite/0001_register.sql": {Data: []byte(table)}}}
	rooms.API = func(db *opslag.Database, log register.Log) register.API {
		return register.API{Collections: []register.Collection{register.NewCollection("dingen", "Ding", opslag.NewTable(db, keptSchema), log)}}
	}
	of := rooms.Process
	rooms.Process = func(o *outway.Outway) proces.Course {
		c := of(o)
		c.Subject, c.Activity = "dingen", c.Activities[0]
		return c
	}
	parts, err := rooms.Read()
	if err != nil {
		t.Fatal(err)
	}
	a := &attic{T: t, parts: parts, folder: t.TempDir(), env: map[string]string{}}
	a.s = Settings{Data: filepath.Join(t.TempDir(), "gegevens.db"), Env: func(name string) string { return a.env[name] }, Log: slog.New(slog.DiscardHandler)}
	db, err := parts.open(t.Context(), a.s, (*opslag.Database).Migrate)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	zaken, things := opslag.NewZaken(db, ""), opslag.NewTable(db, keptSchema)
	var ids []string
	for _, result := range results {
		row := &kept{BSN: "999993653"}
		if _, err := things.Create(t.Context(), row, opslag.Key{}); err != nil {
			t.Fatal(err)
		}
		z, _, err := zaken.Create(t.Context(), opslag.NewZaak{Omschrijving: "x", Zaaktype: parts.Model.Name, CurrentStep: "a", Subject: row.ID, Initiator: "p-iemand"}, opslag.Key{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := zaken.Move(t.Context(), z.ID, 1, opslag.NewStatus{Statustype: "b", Resultaat: result}, opslag.Key{}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, z.ID)
	}
	return a, ids
}

// age makes a zaak one that ended long ago.
func (a *attic) age(zaak string) {
	a.Helper()
	a.query("UPDATE zaken SET startdatum = '2020-01-01', einddatum = '2020-02-03' WHERE id = ?", zaak)
}

func (a *attic) query(text string, args ...any) {
	a.Helper()
	db, err := sql.Open("sqlite", a.s.Data)
	if err != nil {
		a.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(a.Context(), text, args...); err != nil {
		a.Fatal(err)
	}
}

func (a *attic) count(table string) (n int) {
	a.Helper()
	db, err := sql.Open("sqlite", a.s.Data)
	if err != nil {
		a.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(a.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		a.Fatal(err)
	}
	return n
}

func (a *attic) run(args ...string) (string, error) {
	a.Helper()
	var out bytes.Buffer
	err := a.parts.cleanUp(a.Context(), a.s, append([]string{"--naar", a.folder}, args...), strings.NewReader(""), &out)
	return out.String(), err
}

func (a *attic) files(pattern string) []string {
	a.Helper()
	all, err := filepath.Glob(filepath.Join(a.folder, pattern))
	if err != nil {
		a.Fatal(err)
	}
	return all
}

// TestCleaningUp proposes, waits for an approval, destroys exactly what is on the
// list and still due, and leaves a declaration without a person in it.
func TestCleaningUp(t *testing.T) {
	a, zaken := newAttic(t, "toegekend", "toegekend", "toegekend", "afgewezen")
	out, err := a.run()
	if err != nil || !strings.Contains(out, "0 aan de beurt") || !strings.Contains(out, "3 keer de termijn loopt nog") || !strings.Contains(out, "1 keer zonder bewaartermijn") || len(a.files("*")) > 0 {
		t.Fatalf("%s %v", out, err)
	}
	a.age(zaken[0])
	a.age(zaken[1])
	if out, err = a.run(); err != nil || !strings.Contains(out, "2 aan de beurt") || !strings.Contains(out, "1 jaar na het sluiten van de zaak") || !strings.Contains(out, "3 februari 2021") {
		t.Fatalf("%s %v", out, err)
	}
	if a.count("zaken") != 4 || a.count("vernietigingen") != 0 {
		t.Error("a proposal destroys")
	}
	lists := a.files("vernietigingslijst-*.json")
	if len(lists) != 1 {
		t.Fatal(lists)
	}
	if _, err = a.run("--akkoord", lists[0], "--door", "A. Archivaris", "--naar", filepath.Join(a.folder, "weg")); err == nil || a.count("zaken") != 4 {
		t.Errorf("without a folder for the declaration %d zaken are left: %v", a.count("zaken"), err)
	}
	a.age(zaken[2]) // not on the list
	a.query("UPDATE zaken SET markeringen = 'bewaren' WHERE id = ?", zaken[1])
	out, err = a.run("--akkoord", lists[0], "--door", "A. Archivaris")
	if err != nil || !strings.Contains(out, "Niet vernietigd: zaak ZAAK-") || !strings.Contains(out, "Totaal: 1") {
		t.Fatalf("%s %v", out, err)
	}
	if a.count("zaken") != 3 || a.count("dingen") != 3 || a.count("statussen") != 6 {
		t.Errorf("%d zaken, %d records, %d statuses are left", a.count("zaken"), a.count("dingen"), a.count("statussen"))
	}
	for _, name := range append(a.files("verklaring-*.json"), a.files("verklaring-*.txt")...) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"A. Archivaris", "de lijst van ", "ZAAK-", "Selectielijst 7.7", "secure_delete", "toegekend"} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s does not say %s:\n%s", name, want, raw)
			}
		}
		if strings.Contains(string(raw), "999993653") || strings.Contains(string(raw), "p-iemand") {
			t.Errorf("%s is about a person:\n%s", name, raw)
		}
	}
	if n := len(a.files("verklaring-*")); n != 2 {
		t.Errorf("%d files of the declaration", n)
	}
	if out, err = a.run("--akkoord", lists[0], "--door", "A. Archivaris"); err != nil || !strings.Contains(out, "Er is niets vernietigd") || a.count("vernietigingen") != 1 {
		t.Errorf("the same list again: %s %v", out, err)
	}
	if _, err := a.run(); err != nil || len(a.files("vernietigingslijst-*.json")) != 2 {
		t.Errorf("a second list takes the place of the first: %v", err)
	}
}

func TestCleaningUpWithAnApprovalInAdvance(t *testing.T) {
	a, zaken := newAttic(t, "toegekend", "toegekend")
	a.age(zaken[0])
	for _, bad := range []string{"", "A. Archivaris", "A. Archivaris, tot morgen", "A. Archivaris, tot 2027-02-31", ", tot 2099-01-01", "A. Archivaris, tot 2020-01-01"} {
		a.env["OPSCHONEN_AKKOORD"] = bad
		if out, err := a.run("--vooraf"); err == nil || a.count("zaken") != 2 {
			t.Errorf("%q: %s %v", bad, out, err)
		}
	}
	a.env["OPSCHONEN_AKKOORD"] = "A. Archivaris, tot 2099-12-31"
	if out, err := a.run(); err != nil || a.count("zaken") != 2 {
		t.Errorf("without --vooraf it destroys: %s %v", out, err)
	}
	out, err := a.run("--vooraf")
	if err != nil || a.count("zaken") != 1 || !strings.Contains(out, "akkoord vooraf, geldig tot en met 31 december 2099") {
		t.Errorf("%s %v", out, err)
	}
	if out, err := a.run("--vooraf"); err != nil || !strings.Contains(out, "niets vernietigd") {
		t.Errorf("the second time: %s %v", out, err)
	}
}

func TestAnApprovalIsUntilADay(t *testing.T) {
	until := func(day string) time.Time {
		at, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if _, err := inAdvance("A, tot 2027-06-30", until("2027-06-30T21:59:00Z")); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	if _, err := inAdvance("A, tot 2027-06-30", until("2027-06-30T22:01:00Z")); err == nil || !strings.Contains(err.Error(), "30 juni 2027") {
		t.Errorf("a day later, in the Netherlands: %v", err)
	}
}

func TestCleaningUpSaysWhatIsWrong(t *testing.T) {
	a, zaken := newAttic(t, "toegekend")
	a.age(zaken[0])
	write := func(content any) string {
		name := filepath.Join(t.TempDir(), "lijst.json")
		raw, err := json.Marshal(content)
		if err == nil {
			err = os.WriteFile(name, raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	item := []map[string]string{{"soort": "zaak", "id": zaken[0]}}
	other := write(map[string]any{"component": "anders", "opgemaaktOp": "2026-01-01", "teVernietigen": item})
	for name, c := range map[string]struct {
		args  []string
		want  string
		usage bool
	}{
		"an unknown flag":     {[]string{"--forceer"}, "kent deze optie niet", true},
		"a bare word":         {[]string{"nu"}, "neemt alleen opties", true},
		"nobody":              {[]string{"--akkoord", "x.json"}, "--door", true},
		"a name of two lines": {[]string{"--akkoord", "x.json", "--door", "A\nB"}, "--door", true},
		"no list":             {[]string{"--door", "A"}, "--akkoord", true},
		"both":                {[]string{"--akkoord", "x.json", "--vooraf", "--door", "A"}, "niet samen", true},
		"no such file":        {[]string{"--akkoord", "weg.json", "--door", "A"}, "niet te lezen", false},
		"no list in it":       {[]string{"--akkoord", write("tekst"), "--door", "A"}, "geen vernietigingslijst", false},
		"of another":          {[]string{"--akkoord", other, "--door", "A"}, `"anders"`, false},
	} {
		out, err := a.run(c.args...)
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, errUsage) != c.usage {
			t.Errorf("%s: %s %v", name, out, err)
		}
	}
	made := write(map[string]any{"component": "verhuizing", "opgemaaktOp": "2026-01-01", "teVernietigen": []map[string]string{
		{"soort": "zaak", "id": uuid.NewString()}, {"soort": "statussen", "id": zaken[0]}, {"soort": "zaken WHERE 1=1 --", "id": zaken[0]}}})
	if out, err := a.run("--akkoord", made, "--door", "A"); err != nil || strings.Count(out, "Niet vernietigd:") != 3 || a.count("zaken") != 1 {
		t.Errorf("a list that somebody made up: %s %v", out, err)
	}
	if out, err := a.run("--help"); err != nil || !strings.Contains(out, "OPSCHONEN_AKKOORD") {
		t.Errorf("%s %v", out, err)
	}
}

// TestATermForAResultThatIsNotThere stops the component with the name of the file.
func TestATermForAResultThatIsNotThere(t *testing.T) {
	a, _ := newAttic(t)
	before := keptSchema.Retention
	defer func() { keptSchema.Retention = before }()
	keptSchema.Retention = []opslag.Retention{{Result: "vergeten", Period: "P1Y", From: opslag.FromClosing}}
	if _, err := a.run(); err == nil || !strings.Contains(err.Error(), `1-gegevens: Retention noemt resultaat "vergeten"`) {
		t.Error(err)
	}
}

func TestTheCommandIsInTheUsage(t *testing.T) {
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, environment(), &out, io.Discard, parts.Component()); code != exitDone || !strings.Contains(out.String(), "go run . opschonen") {
		t.Errorf("%d %s", code, out.String())
	}
}
