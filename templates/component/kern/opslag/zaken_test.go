package opslag

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
)

func open(t *testing.T, z *Zaken, n NewZaak) *Zaak {
	t.Helper()
	n.Omschrijving, n.Zaaktype = "Iets regelen", "iets-regelen"
	if n.CurrentStep == "" {
		n.CurrentStep = "begin"
	}
	zaak, created, err := z.Create(t.Context(), n, Key{})
	if err != nil || !created {
		t.Fatal(created, err)
	}
	return zaak
}

func TestZakenHaveTheirOwnNumber(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "00000099000000001000")
		var numbers sync.Map
		errs := together(20, func(int) error {
			z, _, err := zaken.Create(t.Context(), NewZaak{Omschrijving: "x", Zaaktype: "x", CurrentStep: "a"}, Key{})
			if err == nil {
				numbers.Store(z.Identificatie, true)
			}
			return err
		})
		different := 0
		numbers.Range(func(key, _ any) bool {
			if !regexp.MustCompile(`^ZAAK-20\d\d-0{8}\d\d$`).MatchString(key.(string)) {
				t.Error(key)
			}
			different++
			return true
		})
		if none, _ := countErrors(errs); none != 20 || different != 20 {
			t.Errorf("%d zaken with %d numbers: %v", none, different, errors.Join(errs...))
		}
	})
}

// A zaak knows for whom it is and who began it, and is found by both.
func TestZakenOfWhoActsForAnother(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		own := open(t, zaken, NewZaak{Initiator: "p-1"})
		acted := open(t, zaken, NewZaak{Initiator: "p-1", Representative: "p-2", SetBy: "p-2"})
		open(t, zaken, NewZaak{Initiator: "p-1", Representative: "p-3"})
		open(t, zaken, NewZaak{Initiator: "p-2"})
		if own.Representative != "" || acted.Representative != "p-2" || acted.Initiator != "p-1" {
			t.Errorf("the zaken are %+v and %+v", own, acted)
		}
		for _, c := range []struct {
			q    ZakenQuery
			want int
		}{{ZakenQuery{Initiator: "p-1"}, 3}, {ZakenQuery{Initiator: "p-1", Representative: "p-2"}, 1}, {ZakenQuery{Representative: "p-2"}, 1}, {ZakenQuery{Initiator: "p-2"}, 1}} {
			c.q.Limit = 10
			if found, count, err := zaken.List(t.Context(), c.q); err != nil || count != c.want || len(found) != c.want {
				t.Errorf("%+v: %d zaken, want %d (%v)", c.q, count, c.want, err)
			}
		}
	})
}

func TestTwoPeopleMoveOneZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		z := open(t, zaken, NewZaak{})
		errs := together(8, func(i int) error {
			_, _, _, err := zaken.Move(t.Context(), z.ID, z.Version, NewStatus{Statustype: fmt.Sprint("stap-", i)}, Key{})
			return err
		})
		if won, stale := countErrors(errs); won != 1 || stale != 7 {
			t.Errorf("%d won, %d were stale: %v", won, stale, errors.Join(errs...))
		}
		statuses, err := zaken.Statuses(t.Context(), z.ID)
		got, err2 := zaken.Read(t.Context(), z.ID)
		if err != nil || err2 != nil || len(statuses) != 2 || statuses[1].Statustype != got.CurrentStep || got.Version != 2 {
			t.Errorf("%+v %+v %v %v", statuses, got, err, err2)
		}
	})
}

func TestAResultClosesAZaak(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		z := open(t, zaken, NewZaak{Initiator: "p-1"})
		key := uuid.NewString()
		for i, created := range []bool{true, false} {
			s, version, is, err := zaken.Move(t.Context(), z.ID, 1, NewStatus{Statustype: "klaar", Outcome: "akkoord", Resultaat: "toegekend", SetBy: "p-2"}, Key{ID: key})
			if err != nil || is != created || version != 2 || s.Outcome != "akkoord" {
				t.Errorf("move %d: %+v %d %v %v", i, s, version, is, err)
			}
		}
		got, err := zaken.Read(t.Context(), z.ID)
		if err != nil || got.Einddatum == "" || got.Resultaat != "toegekend" {
			t.Errorf("%+v %v", got, err)
		}
		if _, _, _, err := zaken.Move(t.Context(), z.ID, 2, NewStatus{Statustype: "terug"}, Key{}); !errors.Is(err, ErrClosed) {
			t.Errorf("move of a closed zaak: %v", err)
		}
		if _, _, _, err := zaken.Move(t.Context(), uuid.NewString(), 1, NewStatus{Statustype: "x"}, Key{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("move of no zaak: %v", err)
		}
	})
}

func TestZakenAreFoundByWhatTheyAre(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		open(t, zaken, NewZaak{Initiator: "p-1", CurrentStep: "a"})
		open(t, zaken, NewZaak{Initiator: "p-2", CurrentStep: "b"})
		closed := open(t, zaken, NewZaak{Initiator: "p-1", CurrentStep: "c"})
		if _, _, _, err := zaken.Move(t.Context(), closed.ID, 1, NewStatus{Statustype: "eind", Resultaat: "af"}, Key{}); err != nil {
			t.Fatal(err)
		}
		for want, q := range map[int]ZakenQuery{
			3: {},
			2: {Initiator: "p-1"},
			1: {Initiator: "p-1", Open: new(true)},
			0: {Zaaktype: "anders"},
		} {
			q.Limit = 10
			got, count, err := zaken.List(t.Context(), q)
			if err != nil || len(got) != want || count != want {
				t.Errorf("%+v: %d of %d, %v", q, len(got), count, err)
			}
		}
		got, _, err := zaken.List(t.Context(), ZakenQuery{CurrentStep: []string{"b", "eind"}, Query: Query{Limit: 1, Sort: "-identificatie"}})
		if err != nil || len(got) != 1 || got[0].ID != closed.ID {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestTheSubjectOfAnOpenZaakStays(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		things, zaken := NewTable(db, thingSchema), NewZaken(db, "")
		row := full("onderwerp")
		if _, err := things.Create(t.Context(), row, Key{}); err != nil {
			t.Fatal(err)
		}
		z := open(t, zaken, NewZaak{Subject: row.ID})
		if err := things.Delete(t.Context(), row.ID, 1); !errors.Is(err, ErrInUse) {
			t.Errorf("delete: %v", err)
		}
		if _, _, _, err := zaken.Move(t.Context(), z.ID, 1, NewStatus{Statustype: "eind", Resultaat: "af"}, Key{}); err != nil {
			t.Fatal(err)
		}
		if err := things.Delete(t.Context(), row.ID, 1); err != nil {
			t.Error(err)
		}
	})
}

func TestAKeyWorksADay(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken, key, now := NewZaken(db, ""), uuid.NewString(), time.Now()
		db.now = func() time.Time { return now }
		n := NewZaak{Omschrijving: "x", Zaaktype: "x", CurrentStep: "a"}
		first, _, err := zaken.Create(t.Context(), n, Key{ID: key})
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(23 * time.Hour)
		if again, created, err := zaken.Create(t.Context(), n, Key{ID: key}); err != nil || created || again.ID != first.ID {
			t.Errorf("within a day: %+v %v %v", again, created, err)
		}
		now = now.Add(2 * time.Hour)
		if _, created, err := zaken.Create(t.Context(), n, Key{ID: key}); err != nil || !created {
			t.Errorf("after a day: %v %v", created, err)
		}
	})
}

func TestManyProcessesMigrateOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		for _, err := range together(6, func(int) error { return open().Migrate(t.Context(), migrations(t)) }) {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAChangedMigrationIsRefusedAndResetHelps(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		zaken := NewZaken(db, "")
		open(t, zaken, NewZaak{})
		changed := migrations(t).(fstest.MapFS)
		for _, name := range []string{"sqlite/0001_zaken.sql", "postgres/0001_zaken.sql"} {
			changed[name] = &fstest.MapFile{Data: append(changed[name].Data, " -- anders"...)}
		}
		var files fs.FS = changed
		if err := db.Migrate(t.Context(), files); err == nil || !strings.Contains(err.Error(), "reset") {
			t.Errorf("a changed migration: %v", err)
		}
		if err := db.Reset(t.Context(), files); err != nil {
			t.Fatal(err)
		}
		if empty, err := Empty(t.Context(), zaken, NewTable(db, thingSchema)); !empty || err != nil {
			t.Errorf("after reset: %v %v", empty, err)
		}
		open(t, zaken, NewZaak{})
		if err := db.Migrate(t.Context(), files); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAddressOfADatabaseThatIsNone(t *testing.T) {
	for _, address := range []string{"mysql://x", "postgres://gebruiker:geheim@127.0.0.1:1/x?connect_timeout=1", "postgres://gebruiker:geheim@%zz/"} {
		db, err := Open(t.Context(), address, "")
		if err == nil {
			_ = db.Close()
			t.Errorf("%s opens", address)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}
