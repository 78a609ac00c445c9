package opslag

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// shownLines are some days of a component: actions of an employee, lists of zaken, lists
// of a register with persons, and work for one zaak. Sometimes a list shows a person
// twice, or nobody is known.
func shownLines(r *rand.Rand, zaken, persons []string) (all []logboek.Verwerking) {
	at := begun
	next := func(tr logboek.Trace, name string) logboek.Verwerking {
		at = at.Add(time.Second)
		v := line(tr, name)
		v.Begin, v.End = at, at
		v.Fields, v.Role, v.User, v.UserName = []string{"naam", "bsn"}, "balie", "p-0a1b2c", "Robin \"Testloket\""
		return v
	}
	one := func(from []string) string { return from[r.IntN(len(from))] }
	for i := range 40 {
		action := next(logboek.NewTrace(), fmt.Sprint("handeling ", i))
		within := logboek.Trace{TraceID: action.TraceID, SpanID: action.SpanID}
		if r.IntN(3) == 0 {
			action.Zaak = one(zaken)
		}
		all = append(all, action)
		for range r.IntN(3) {
			of := next(within, "register")
			of.User, of.UserName = "", ""
			all = append(all, of)
			several := next(logboek.Trace{TraceID: of.TraceID, SpanID: of.SpanID}, "register")
			for range r.IntN(5) {
				several.Shown = append(several.Shown, logboek.Shown{DataSubject: one(persons), DataSubjectKind: logboek.BSN})
			}
			all = append(all, several)
		}
		if r.IntN(2) == 0 { // beside the list, in the same action
			beside := next(within, "naast")
			beside.Shown = []logboek.Shown{{DataSubject: one(persons), DataSubjectKind: logboek.BSN}, {DataSubject: one(persons), DataSubjectKind: logboek.BSN}}
			all = append(all, beside)
		}
		list := next(within, "getoond")
		for range r.IntN(20) {
			of := logboek.Shown{Zaak: one(zaken)}
			if r.IntN(4) > 0 {
				of.DataSubject, of.DataSubjectKind = one(persons), logboek.User
			}
			list.Shown = append(list.Shown, of)
		}
		all = append(all, list)
	}
	return all
}

// seen is all that anybody can see of a log.
type seen struct {
	OfZaak, OfPerson map[string][]logboek.Verwerking
	Counts           map[string]int
	Delivered        []logboek.Verwerking
	Waiting          int
	Since            time.Time
}

func look(t *testing.T, l *Logboek, zaken, persons []string) seen {
	t.Helper()
	all := seen{OfZaak: map[string][]logboek.Verwerking{}, OfPerson: map[string][]logboek.Verwerking{}, Counts: map[string]int{}}
	for _, z := range zaken {
		for offset := 0; ; offset += 7 {
			lines, n, err := l.List(t.Context(), z, 7, offset)
			if err != nil {
				t.Fatal(err)
			}
			all.Counts[z] = n
			if len(lines) == 0 {
				break
			}
			all.OfZaak[z] = append(all.OfZaak[z], lines...)
		}
	}
	for i, p := range persons {
		for offset := 0; ; offset += 7 {
			lines, n, err := l.OfPerson(t.Context(), []string{p, "p-" + p}, zaken[:i%3], 7, offset)
			if err != nil {
				t.Fatal(err)
			}
			all.Counts[p] = n
			if len(lines) == 0 {
				break
			}
			all.OfPerson[p] = append(all.OfPerson[p], lines...)
		}
	}
	var err error
	if all.Waiting, all.Since, err = l.Waiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	for taken := true; taken; {
		lines, err := l.Take(t.Context(), "test", time.Minute, 10)
		if err != nil {
			t.Fatal(err)
		}
		for i := range lines {
			all.Delivered = append(all.Delivered, lines[i].Expand()...)
		}
		if err := l.Delivered(t.Context(), lines); err != nil {
			t.Fatal(err)
		}
		taken = len(lines) > 0
	}
	slices.SortFunc(all.Delivered, func(a, b logboek.Verwerking) int {
		return strings.Compare(a.TraceID+a.SpanID, b.TraceID+b.SpanID)
	})
	return all
}

// Whoever reads the log or takes delivery sees the same of lines that stand together
// as of the same lines each by itself, before and after they are delivered.
func TestLinesTogetherAreSeenAsTheSameLinesApart(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l, r := NewLogboek(db), rand.New(rand.NewPCG(1, 2))
		var zaken, persons []string
		for i := range 9 {
			zaken, persons = append(zaken, uuid.NewString()), append(persons, fmt.Sprintf("v1-0a1b2c3d.persoon%d", i))
		}
		together := shownLines(r, zaken, persons)
		var apart []logboek.Verwerking
		for i := range together {
			apart = append(apart, together[i].Expand()...)
		}
		write(t, l, together...)
		write(t, l, together...) // a repeat adds nothing
		rows := count(t, db, "verwerkingen") + count(t, db, "getoonde_verwerkingen")
		ours, again := look(t, l, zaken, persons), look(t, l, zaken, persons)
		if n, err := l.Purge(t.Context(), -time.Hour, 0); err != nil || n != int64(rows) {
			t.Errorf("%d of %d rows were removed: %v", n, rows, err)
		}
		for _, table := range []string{"verwerkingen", "getoonde_verwerkingen", "getoonde_sleutels"} {
			if n := count(t, db, table); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
		write(t, l, apart...)
		theirs, theirsAgain := look(t, l, zaken, persons), look(t, l, zaken, persons)
		if rows == len(apart) || len(ours.Delivered) != len(apart) {
			t.Errorf("%d rows for %d lines, of which %d were delivered", rows, len(apart), len(ours.Delivered))
		}
		for _, both := range [][2]seen{{ours, theirs}, {again, theirsAgain}} {
			a, b := reflect.ValueOf(both[0]), reflect.ValueOf(both[1])
			for i := range a.NumField() {
				if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
					t.Errorf("%s differs:\n%v\n%v", a.Type().Field(i).Name, a.Field(i), b.Field(i))
				}
			}
		}
	})
}

// A logbook that refuses one of the lines that stand together gets the others, and
// all of them again later.
func TestOneOfTheLinesTogetherIsRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		several := line(logboek.NewTrace(), "getoond")
		for range 10 {
			several.Shown = append(several.Shown, logboek.Shown{Zaak: uuid.NewString()})
		}
		write(t, l, several)
		cured, refused := false, 0
		logbook := newRegister(t, func(_ int, names []string, w http.ResponseWriter) bool {
			// Ten together are refused, and of the first five by themselves nothing is.
			if !cured && (len(names) > 5 || refused < 6) {
				refused++
				w.WriteHeader(http.StatusBadRequest)
				return false
			}
			return true
		})
		stop := deliver(t, l, logbook.URL)
		eventually(t, func() bool { return count(t, db, "getoonde_verwerkingen WHERE geweigerd > 0") == 1 })
		if n := len(logbook.got()); n == 0 {
			t.Error("the others were held up")
		}
		logbook.mu.Lock()
		cured = true
		logbook.mu.Unlock()
		eventually(t, func() bool { return count(t, db, "getoonde_verwerkingen WHERE geleverd_op IS NOT NULL") == 1 })
		stop()
	})
}

func eventually(t *testing.T, f func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !f(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it never came")
		}
	}
}

// A disk that fills while the log grows: what does not fit is refused as a whole, what
// was stored is there and is given, and it goes on when there is room.
func TestTheLogOnADiskThatFills(t *testing.T) {
	db := bare(t, "", filepath.Join(t.TempDir(), "vol.db"))
	if err := db.Migrate(t.Context(), migrations(t)); err != nil {
		t.Fatal(err)
	}
	l, zaak, stored := NewLogboek(db), uuid.NewString(), 0
	room := func(pages string) {
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	both := func() []logboek.Verwerking {
		one := line(logboek.NewTrace(), "een")
		several := line(logboek.Trace{TraceID: one.TraceID, SpanID: one.SpanID}, "samen")
		several.Shown = []logboek.Shown{{Zaak: zaak}, {Zaak: uuid.NewString(), DataSubject: "p-x", DataSubjectKind: logboek.User}}
		return []logboek.Verwerking{one, several}
	}
	room("200")
	refusals := 0
	for range 3 {
		for {
			err := l.Write(t.Context(), both()...)
			if outage, ok := errors.AsType[*Outage](err); ok && outage.Kind == Full {
				refusals++
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if stored++; stored > 10_000 {
				t.Fatal("the disk never fills")
			}
		}
	}
	one, shown, keys := count(t, db, "verwerkingen"), count(t, db, "getoonde_verwerkingen"), count(t, db, "getoonde_sleutels")
	if one != stored || shown != stored || keys != 3*stored || refusals != 3 {
		t.Errorf("of %d that were taken there are %d, %d and %d", stored, one, shown, keys)
	}
	if lines, n, err := l.List(t.Context(), zaak, 10, 0); err != nil || n != stored || len(lines) != 10 {
		t.Errorf("%d of %d are found: %v", n, stored, err)
	}
	if db.Ready(t.Context()) == nil {
		t.Error("it says that it is ready")
	}
	room("100000")
	write(t, l, both()...)
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if lines := waitingLines(t, l); len(lines) == 0 || l.Delivered(t.Context(), lines) != nil {
		t.Error("nothing is delivered any more")
	}
}
