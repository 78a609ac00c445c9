package start

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// TestLateSince: a task is late on the day after its term, as the page says.
func TestLateSince(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		term, came string
		late       bool
	}{
		{"P5D", "2026-02-24T12:00:00Z", false}, // until 1 March
		{"P5D", "2026-02-23T23:30:00Z", false}, // in the Netherlands that is the 24th
		{"P5D", "2026-02-23T22:30:00Z", true},
		{"P1M", "2026-02-01T00:00:00Z", false},
		{"P1M", "2026-01-31T12:00:00Z", true}, // until 28 February
		{"P1Y", "2025-02-28T12:00:00Z", true},
		{"P1Y", "2025-03-01T12:00:00Z", false},
		{"PT1H", "2026-02-28T20:00:00Z", true},
		{"P90Y", "2026-02-28T20:00:00Z", false},
	} {
		before, possible := lateSince(c.term, now)
		came, err := time.Parse(time.RFC3339, c.came)
		if err != nil {
			t.Fatal(err)
		}
		if got := came.Before(before); !possible || got != c.late {
			t.Errorf("%s since %s: late is %v, want %v (before %s)", c.term, c.came, got, c.late, before)
		}
	}
	for _, never := range []string{"", "x", "P200Y", "P9999Y"} {
		if before, possible := lateSince(never, now); possible {
			t.Errorf("%q: late before %s", never, before)
		}
	}
}

// TestOverdueTasksAreCounted: by the term of the process that a zaak follows, which may
// be an earlier one.
func TestOverdueTasksAreCounted(t *testing.T) {
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "zaken.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
		t.Fatal(err)
	}
	zaken, zaaktype := opslag.NewZaken(db, ""), parts.Model.Name
	longer := strings.ReplaceAll(string(parts.BPMN), "P5D", "P20D")
	for sum, text := range map[string]string{"eerst": longer, "stuk": "<geen bpmn"} {
		if _, err := zaken.Define(t.Context(), zaaktype, opslag.Definition{Sum: sum, BPMN: text}, nil); err != nil {
			t.Fatal(err)
		}
	}
	definitions, err := zaken.Definitions(t.Context(), zaaktype)
	if err != nil {
		t.Fatal(err)
	}
	old := definitions[slices.IndexFunc(definitions, func(d opslag.Definition) bool { return d.Sum == "eerst" })].Version
	for _, step := range []string{"beoordelen", "beoordelen", "beoordelen", "aanvullen"} {
		if _, _, err := zaken.Create(t.Context(), opslag.NewZaak{Omschrijving: "Iets", Zaaktype: zaaktype, CurrentStep: step, SetBy: "p-1", Process: old}, opslag.Key{}); err != nil {
			t.Fatal(err)
		}
	}
	stays := opslag.Transition{Zaaktype: zaaktype, From: "beoordelen", Stays: old, Began: old}
	if moved, err := zaken.Carry(t.Context(), stays, 1, func(opslag.Moved) logboek.Verwerking {
		trace := logboek.NewTrace()
		return logboek.Verwerking{TraceID: trace.TraceID, SpanID: trace.Child().SpanID, Name: "zaak overzetten", Kind: logboek.Register, Status: logboek.Ok, Begin: time.Now(), End: time.Now(), Activity: "Iets", ActivityURI: logboek.NotYetRecorded.URI}
	}); err != nil || len(moved) != 1 {
		t.Fatal(moved, err)
	}
	terms := &terms{parts: parts, zaken: zaken}
	for days, want := range map[int]float64{0: 0, 5: 0, 6: 2, 20: 2, 21: 3} {
		got := terms.overdue(t.Context(), time.Now().AddDate(0, 0, days))
		if len(got) != 1 || got[0].Value != want || fmt.Sprint(got[0].Labels) != "[step beoordelen]" {
			t.Errorf("after %d days: %v, want %v", days, got, want)
		}
	}
	_ = db.Close()
	source := parts.measuresOfDatabase(db, zaken, opslag.NewLogboek(db))
	if got := source(t.Context()); len(got) != 1 || got[0].Metric != databaseUp || got[0].Value != 0 {
		t.Errorf("without a database: %v", got)
	}
}
