package opslag

import (
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

func TestWaitingLinesAreCounted(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		l := NewLogboek(open())
		if n, since, err := l.Waiting(t.Context()); n != 0 || !since.IsZero() || err != nil {
			t.Fatal(n, since, err)
		}
		tr := logboek.NewTrace()
		if err := l.Write(t.Context(), line(tr, "een"), line(tr, "twee")); err != nil {
			t.Fatal(err)
		}
		if n, since, err := l.Waiting(t.Context()); n != 2 || !since.Equal(begun) || err != nil {
			t.Error(n, since, err)
		}
		if err := l.Delivered(t.Context(), waitingLines(t, l)); err != nil {
			t.Fatal(err)
		}
		if n, _, err := l.Waiting(t.Context()); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
}

// TestZakenThatStandTooLong: open ones of this zaaktype at this step, of which the
// processing goes on, by the version on which they stay.
func TestZakenThatStandTooLong(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		zaken := NewZaken(open(), "")
		make := func(zaaktype, step string) *Zaak {
			z, _, err := zaken.Create(t.Context(), NewZaak{Omschrijving: "Iets", Zaaktype: zaaktype, CurrentStep: step, SetBy: "p-1"}, Key{})
			if err != nil {
				t.Fatal(err)
			}
			return z
		}
		for range 3 {
			make("soort", "beoordelen")
		}
		make("ander", "beoordelen")
		make("soort", "aanvullen")
		for _, kind := range []string{MarkHold, MarkObjection} {
			if _, err := zaken.SetMark(t.Context(), make("soort", "beoordelen").ID, NewMark{Kind: kind, Reason: "r", SetBy: "p-2"}); err != nil {
				t.Fatal(err)
			}
		}
		closed := make("soort", "beoordelen")
		if _, _, _, err := zaken.Move(t.Context(), closed.ID, closed.Version, NewStatus{Statustype: "klaar", Resultaat: "toegekend", SetBy: "p-2"}, Key{}); err != nil {
			t.Fatal(err)
		}
		count := func(before time.Time) map[int64]int {
			found, err := zaken.StandingSince(t.Context(), "soort", "beoordelen", before)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if got := count(time.Now().Add(time.Hour)); len(got) != 1 || got[0] != 4 {
			t.Errorf("standing: %v", got)
		}
		if got := count(time.Now().Add(-time.Hour)); len(got) != 0 {
			t.Errorf("before they came: %v", got)
		}
		if _, err := zaken.db.write.ExecContext(t.Context(), "UPDATE zaken SET blijft_op_versie = 2 WHERE identificatie LIKE '%1'"); err != nil {
			t.Fatal(err)
		}
		if got := count(time.Now().Add(time.Hour)); got[0] != 3 || got[2] != 1 {
			t.Errorf("with one that stays: %v", got)
		}
	})
}

// TestCountingUsesIndexes: a scrape must not read every zaak and every line.
func TestCountingUsesIndexes(t *testing.T) {
	db := opened(t, "", t.TempDir()+"/gegevens.db")
	if err := NewZaken(db, "").Arrange(t.Context()); err != nil {
		t.Fatal(err)
	}
	for query, index := range map[string]string{
		"SELECT count(*) FROM zaken WHERE huidige_stap = 'a' AND zaaktype = 'b' AND einddatum IS NULL AND gewijzigd_op < 1 AND " + goesOn + " GROUP BY blijft_op_versie": "zaken_taken",
		"SELECT count(*) FROM (SELECT 1 FROM verwerkingen WHERE geleverd_op IS NULL LIMIT 10) AS wachtend":                                                               "verwerkingen_te_bezorgen",
	} {
		rows, err := db.write.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		_ = rows.Close()
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(plan, "\n"), index) {
			t.Errorf("%s does not use %s: %q", query, index, plan)
		}
	}
}
