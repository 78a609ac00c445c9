package register

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// What the layers of a component say to each other is for no other organisation:
// none of it gets as far as a store.
func TestInternalRoutesAreForOurselvesOnly(t *testing.T) {
	a, f, z := &Archive{}, Files{}, &Inzage{}
	for _, route := range slices.Concat(Internal(nil, nil, nil), Marks(nil), a.Internal(), a.zaken(), z.Routes(), f.Internal()) {
		t.Run(route.Method+" "+route.Pattern, func(t *testing.T) {
			defer func() {
				if recover() != nil {
					t.Error("another organisation gets in")
				}
			}()
			r, w := httptest.NewRequest(route.Method, "/", nil), httptest.NewRecorder()
			r.Header.Set("Fsc-Authorization", "Bearer onzin")
			route.Handler.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}

// Visitors without a name cannot fill the store with forms that they do not send;
// who logged in does not notice.
func TestVisitorsKeepSoMuchTogether(t *testing.T) {
	a := apiWith(t, "naam")
	until := time.Now().Add(time.Hour)
	keep := func(want, n int, owner string) {
		t.Helper()
		a.internal(want, "PUT", fmt.Sprintf("/tijdelijk/concept/id-%d", n), fmt.Sprintf(`{"eigenaar":%q,"inhoud":"eA==","verlooptOp":%q}`, owner, until.Format(time.RFC3339)))
	}
	keep(204, 1, "anoniem-1")
	a.change(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO tijdelijk (soort, id, eigenaar, inhoud, verloopt_op) SELECT 'concept', 'id-' || i, 'anoniem-' || i, x'00', ? FROM n`, mostVisitors, until.UnixMicro())
	keep(409, mostVisitors+1, "anoniem-x")
	keep(204, mostVisitors+2, "p-een")
	a.change("DELETE FROM tijdelijk WHERE id = 'id-2'")
	keep(204, mostVisitors+1, "anoniem-x")
}

// For whom a file is held, and whether it counts as sent without a login, is not
// for whoever calls the API to say.
func TestACallerOfTheAPISendsAFileForNobody(t *testing.T) {
	var f Files
	fileAPI(t, func(made *Files) { f = *made })
	for range 5 { // more than may come without a login in an hour
		r, w := httptest.NewRequest(http.MethodPost, "/v1/bestanden", strings.NewReader("inhoud")), httptest.NewRecorder()
		for name, value := range map[string]string{headerOwner: "p-iemand", headerAnonymous: "ja", "Content-Disposition": `attachment; filename="a.txt"`} {
			r.Header.Set(name, value)
		}
		f.Routes()[0].Handler.ServeHTTP(w, r)
		_, id, _ := strings.Cut(w.Header().Get("Location"), "/v1/bestanden/")
		if stored, err := f.Store.Read(t.Context(), id); w.Code != http.StatusCreated || err != nil || stored.Owner != "" {
			t.Errorf("status %d, held for %q: %v", w.Code, stored.Owner, err)
		}
	}
}

// What is asked with a key is remembered as a fingerprint, of which nobody reads
// the number of a person back: not as it is, and not by trying all numbers.
func TestAKeyTellsNothingOfWhatWasAsked(t *testing.T) {
	a := apiWith(t, "naam", "uitleg")
	a.call(201, "POST", "/dingen", `{"naam":"999993653","uitleg":"999990408"}`, "Idempotency-Key: "+uuid.NewString())
	a.call(201, "POST", "/zaken", `{"omschrijving":"999993653","zaaktype":"dingen","huidigeStap":"begin"}`, "Idempotency-Key: "+uuid.NewString())
	db, err := sql.Open("sqlite", a.file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "SELECT bereik || ' ' || sleutel || ' ' || resultaat, vingerafdruk FROM idempotentiesleutels")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for ; rows.Next(); n++ {
		var rest, print string
		if err := rows.Scan(&rest, &print); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(rest+print, "99999") || len(print) != 43 { // 32 bytes in base64
			t.Errorf("%s: %s", rest, print)
		}
	}
	if rows.Err() != nil || n != 2 {
		t.Errorf("%d keys: %v", n, rows.Err())
	}
	if one := testKey.Fingerprint([]byte("x")); one == logboek.Key("een andere sleutel").Fingerprint([]byte("x")) {
		t.Error("whoever has no key can make the fingerprint")
	}
}

// Only the ids of people who log in change: never that of a visitor, and nothing
// that is none.
func TestAPersonGetsALaterID(t *testing.T) {
	a := apiWith(t, "naam")
	const before, after = "p-0123456789abcdef01234567", "p-89abcdef0123456789abcdef"
	z, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"x","zaaktype":"dingen","huidigeStap":"begin","initiator":"`+before+`"}`)
	for _, bad := range []string{`{}`, `7`, `{"van":"` + before + `","naar":"999993653"}`, `{"van":"anoniem-1","naar":"` + after + `"}`, `{"van":"` + before + `x","naar":"` + after + `"}`} {
		a.internal(400, "POST", "/personen", bad)
	}
	a.internal(204, "POST", "/personen", `{"van":"`+before+`","naar":"`+after+`"}`)
	if got, _ := a.call(200, "GET", "/zaken/"+z["id"].(string), ""); got["initiator"] != after {
		t.Errorf("the zaak is of %v", got["initiator"])
	}
}
