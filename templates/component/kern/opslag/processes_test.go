package opslag

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

const processOfTests = "iets-regelen"

// definedAs stores a process with a sum and some steps.
func definedAs(t *testing.T, zaken *Zaken, sum string, steps ...string) int64 {
	t.Helper()
	version, err := zaken.Define(t.Context(), processOfTests, Definition{Sum: sum, BPMN: "<" + sum + "/>"}, steps)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// TestEachZaakKnowsUnderWhichProcessItBegan, and several replicas that start at the
// same moment agree on its number.
func TestEachZaakKnowsUnderWhichProcessItBegan(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		before, gone := open(t, zaken, NewZaak{CurrentStep: "begin"}), open(t, zaken, NewZaak{CurrentStep: "weg"})
		if before.Began != 0 {
			t.Errorf("without a process a zaak begins under %d", before.Began)
		}
		errs := together(8, func(i int) error {
			version, err := zaken.Define(t.Context(), processOfTests, Definition{Sum: "een", BPMN: "<een/>"}, []string{"begin", "eind"})
			if err == nil && version != 1 {
				err = errors.New("another version than 1")
			}
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if z, _ := zaken.Read(t.Context(), before.ID); z.Began != 1 || z.Version != 1 {
			t.Errorf("a zaak from before, at a step of the process, is %+v", z)
		}
		if z, _ := zaken.Read(t.Context(), gone.ID); z.Began != 0 {
			t.Errorf("a zaak from before, at another step, began under %d", z.Began)
		}
		if version := definedAs(t, zaken, "twee", "weg"); version != 2 {
			t.Errorf("the second process is %d", version)
		}
		if version := definedAs(t, zaken, "een"); version != 1 {
			t.Errorf("the first process became %d", version)
		}
		for said, want := range map[int64]int64{0: 2, 1: 1, 2: 2} {
			if z := open(t, zaken, NewZaak{Process: said}); z.Began != want {
				t.Errorf("a zaak that is said to be of %d began under %d", said, z.Began)
			}
		}
		if _, _, err := zaken.Create(t.Context(), NewZaak{Omschrijving: "x", Zaaktype: processOfTests, CurrentStep: "a", Process: 9}, Key{}); !errors.Is(err, ErrNoProcess) {
			t.Errorf("under a process that is not there: %v", err)
		}
		if z, _ := zaken.Read(t.Context(), gone.ID); z.Began != 0 {
			t.Errorf("only the first process takes zaken from before: %d", z.Began)
		}
		all, err := zaken.Definitions(t.Context(), processOfTests)
		if err != nil || len(all) != 2 || all[0].Sum != "een" || all[1].BPMN != "" || all[0].Seen.IsZero() {
			t.Errorf("%+v %v", all, err)
		}
		if d, err := zaken.Definition(t.Context(), processOfTests, 2); err != nil || d.BPMN != "<twee/>" || d.Sum != "twee" {
			t.Errorf("%+v %v", d, err)
		}
		if _, err := zaken.Definition(t.Context(), processOfTests, 3); !errors.Is(err, ErrNotFound) {
			t.Errorf("a version that is not there: %v", err)
		}
		others, err := zaken.OtherTypes(t.Context(), "anders")
		if err != nil || len(others) != 1 || others[0] != (OtherType{processOfTests, 5, true}) {
			t.Errorf("%+v %v", others, err)
		}
		list, count, err := zaken.List(t.Context(), ZakenQuery{Query: Query{Limit: 2, Sort: "-identificatie"}})
		if err != nil || count != 5 || len(list) != 2 || list[0].Began == 0 {
			t.Errorf("%+v %d %v", list, count, err)
		}
	})
}

func transitionLine(m Moved) logboek.Verwerking {
	l := line(logboek.NewTrace(), "overgang")
	l.Zaak, l.End, l.Status = m.ID, l.Begin, logboek.Ok
	return l
}

// TestZakenAreCarriedOnce: by several replicas, in batches, with a status and a
// line for each; a zaak that stands still waits, and one that is closed stays.
func TestZakenAreCarriedOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken, log := NewZaken(db, ""), NewLogboek(db)
		definedAs(t, zaken, "een", "oud")
		var all []*Zaak
		for range 25 {
			all = append(all, open(t, zaken, NewZaak{CurrentStep: "oud", Initiator: "p-1"}))
		}
		still, closed, elsewhere := all[0], all[1], open(t, zaken, NewZaak{CurrentStep: "nieuw"})
		if _, err := zaken.SetMark(t.Context(), still.ID, NewMark{Kind: MarkRestriction, Reason: "x", SetBy: "p-2"}); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := zaken.Move(t.Context(), closed.ID, 1, NewStatus{Statustype: "oud", Resultaat: "klaar"}, Key{}); err != nil {
			t.Fatal(err)
		}
		tr := Transition{Zaaktype: processOfTests, From: "oud", To: "nieuw", Text: "De stap Oud bestaat niet meer"}
		errs := together(4, func(int) error {
			for {
				moved, err := zaken.Carry(t.Context(), tr, 4, transitionLine)
				if err != nil || len(moved) == 0 {
					return err
				}
			}
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for i, z := range all[2:] {
			now, _ := zaken.Read(t.Context(), z.ID)
			statuses, err := zaken.Statuses(t.Context(), z.ID)
			if err != nil || now.CurrentStep != "nieuw" || now.Version != 2 || len(statuses) != 2 || statuses[1].Kind != StatusTransition ||
				statuses[1].Statustoelichting != tr.Text || statuses[1].Statustype != "nieuw" || statuses[0].Kind != "" {
				t.Fatalf("zaak %d is %+v with %+v (%v)", i, now, statuses, err)
			}
			if _, count, err := log.List(t.Context(), z.ID, 10, 0); err != nil || count != 1 {
				t.Fatalf("the log has %d lines (%v)", count, err)
			}
		}
		for name, z := range map[string]*Zaak{"that stands still": still, "that is closed": closed} {
			if now, _ := zaken.Read(t.Context(), z.ID); now.CurrentStep != "oud" {
				t.Errorf("a zaak %s went to %s", name, now.CurrentStep)
			}
		}
		if now, _ := zaken.Read(t.Context(), elsewhere.ID); now.Version != 1 {
			t.Errorf("a zaak at another step is %+v", now)
		}
		if err := zaken.LiftMark(t.Context(), still.ID, MarkRestriction, "p-2"); err != nil {
			t.Fatal(err)
		}
		if moved, err := zaken.Carry(t.Context(), tr, 4, transitionLine); err != nil || len(moved) != 1 || moved[0] != (Moved{still.ID, "p-1"}) {
			t.Errorf("after the mark was lifted: %+v %v", moved, err)
		}
	})
}

// TestALineThatCannotBeWrittenCarriesNothing: what is not in the log is not done.
func TestALineThatCannotBeWrittenCarriesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		z := open(t, zaken, NewZaak{CurrentStep: "oud"})
		_, err := zaken.Carry(t.Context(), Transition{Zaaktype: processOfTests, From: "oud", To: "nieuw"}, 4, func(Moved) logboek.Verwerking { return line(logboek.NewTrace(), "") })
		if now, _ := zaken.Read(t.Context(), z.ID); err == nil || now.CurrentStep != "oud" || now.Version != 1 {
			t.Errorf("%v, and the zaak is %+v", err, now)
		}
	})
}

func TestZakenStayOnTheirProcess(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		first := open(t, zaken, NewZaak{CurrentStep: "elders"})
		definedAs(t, zaken, "een", "oud", "wegen")
		z := open(t, zaken, NewZaak{CurrentStep: "oud", Process: 1})
		definedAs(t, zaken, "twee")
		other := open(t, zaken, NewZaak{CurrentStep: "oud", Process: 2})
		stay := Transition{Zaaktype: processOfTests, From: "oud", Stays: 1, Began: 1}
		for _, want := range []int{1, 0} {
			if moved, err := zaken.Carry(t.Context(), stay, 10, transitionLine); err != nil || len(moved) != want {
				t.Fatalf("%+v %v", moved, err)
			}
		}
		if now, _ := zaken.Read(t.Context(), z.ID); now.Stays != 1 || now.Version != 1 || now.CurrentStep != "oud" || !now.ChangedAt.Equal(z.ChangedAt.Time) {
			t.Errorf("the zaak is %+v", now)
		}
		if now, _ := zaken.Read(t.Context(), other.ID); now.Stays != 0 {
			t.Errorf("a zaak of another process stays on %d", now.Stays)
		}
		if _, _, _, err := zaken.Move(t.Context(), z.ID, 1, NewStatus{Statustype: "wegen"}, Key{}); err != nil {
			t.Fatal(err)
		}
		at, err := zaken.OpenSteps(t.Context(), processOfTests)
		want := []OpenAt{{"elders", 0, 0, 1}, {"oud", 2, 0, 1}, {"wegen", 1, 1, 1}}
		if err != nil || !slices.Equal(at, want) {
			t.Errorf("%+v %v", at, err)
		}
		// Who says later that they move after all lets go of the old process too.
		if moved, err := zaken.Carry(t.Context(), Transition{Zaaktype: processOfTests, From: "wegen", To: "nieuw"}, 10, transitionLine); err != nil || len(moved) != 1 {
			t.Fatalf("%+v %v", moved, err)
		}
		if now, _ := zaken.Read(t.Context(), z.ID); now.Stays != 0 || now.Began != 1 || now.CurrentStep != "nieuw" {
			t.Errorf("the zaak is %+v", now)
		}
		if now, _ := zaken.Read(t.Context(), first.ID); now.Began != 0 || now.Stays != 0 {
			t.Errorf("a zaak of an unknown process is %+v", now)
		}
	})
}

// TestAChangedProcessDecidesNothing: a zaak that went out of a step in which somebody
// decides because the step is gone was not decided, so its term does not begin then.
func TestAChangedProcessDecidesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		s := newShelf(t, db, Retention{Period: "P1Y", From: FromDecision})
		z := open(t, s.zaken, NewZaak{CurrentStep: "beslissen"})
		if _, err := s.zaken.Carry(t.Context(), Transition{Zaaktype: processOfTests, From: "beslissen", To: "afronden", Text: "x"}, 1, transitionLine); err != nil {
			t.Fatal(err)
		}
		if day, err := s.archive.decided(t.Context(), z.ID); err != nil || day != "" {
			t.Errorf("decided on %q (%v)", day, err)
		}
		if _, _, _, err := s.zaken.Move(t.Context(), z.ID, 2, NewStatus{Statustype: "beslissen"}, Key{}); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := s.zaken.Move(t.Context(), z.ID, 3, NewStatus{Statustype: "klaar", Resultaat: "klaar"}, Key{}); err != nil {
			t.Fatal(err)
		}
		if day, err := s.archive.decided(t.Context(), z.ID); err != nil || day == "" {
			t.Errorf("somebody decided, and it is not known when (%v)", err)
		}
	})
}

// TestZakenFromBeforeProcessesWereKept: the migration runs on a filled database.
func TestZakenFromBeforeProcessesWereKept(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		db := open()
		const old = "0198f7a0-0000-7000-8000-000000000001"
		for _, text := range []string{
			"DROP TABLE procesdefinities", "ALTER TABLE zaken DROP COLUMN procesversie", "ALTER TABLE zaken DROP COLUMN blijft_op_versie", "ALTER TABLE statussen DROP COLUMN soort",
			"DELETE FROM migraties_kern WHERE naam = '0009_processen.sql'",
			"INSERT INTO zaken (id, aangemaakt_op, gewijzigd_op, versie, identificatie, omschrijving, zaaktype, startdatum, huidige_stap) VALUES ('" + old +
				"', '2025-01-02T03:04:05Z', '2025-01-02T03:04:05Z', 1, 'ZAAK-1', 'x', '" + processOfTests + "', '2025-01-02', 'oud')",
			"INSERT INTO statussen (id, zaak, volgnummer, statustype, datum_status_gezet) VALUES ('s', '" + old + "', 1, 'oud', '2025-01-02T03:04:05Z')",
		} {
			if _, err := db.exec(t.Context(), text); err != nil {
				t.Fatal(text, err)
			}
		}
		if err := db.Migrate(t.Context(), migrations(t)); err != nil {
			t.Fatal(err)
		}
		zaken := NewZaken(db, "")
		if z, err := zaken.Read(t.Context(), old); err != nil || z.Began != 0 || z.Stays != 0 {
			t.Fatalf("%+v %v", z, err)
		}
		definedAs(t, zaken, "een", "oud")
		statuses, err := zaken.Statuses(t.Context(), old)
		if z, _ := zaken.Read(t.Context(), old); z.Began != 1 || err != nil || len(statuses) != 1 || statuses[0].Kind != "" {
			t.Errorf("%+v %+v %v", z, statuses, err)
		}
	})
}

// TestMigrationOfProcessesIsTheSameOnBoth but for the kinds of columns.
func TestMigrationOfProcessesIsTheSameOnBoth(t *testing.T) {
	var texts []string
	for _, d := range []string{"sqlite", "postgres"} {
		raw, err := fs.ReadFile(own, "migraties/"+d+"/0009_processen.sql")
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, strings.ReplaceAll(string(raw), "TIMESTAMPTZ", "TIMESTAMP"))
	}
	if texts[0] != texts[1] {
		t.Error("they differ")
	}
}
