package proces

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// TestCallsToLayer2: each goes through the outway and the inway, and is most of what a
// step costs. The calls of a source for its own lines are not among them: they are
// the beginning of a question and, when nothing follows from it, its end.
func TestCallsToLayer2(t *testing.T) {
	h := newHarness(t, "aanvraag")
	var tag, path string
	do := func(u identity.User, method, at, body string) func() {
		return func() {
			a := h.call(u, method, strings.Replace(at, "ZAAK", path, 1), body, "If-Match", tag, "Idempotency-Key", uuid.NewString())
			if a.status > 299 {
				t.Fatalf("%s %s: %d %s", method, at, a.status, a.body)
			}
			if a.ID != "" {
				tag, path = a.header.Get("ETag"), "/zaken/"+a.ID
			}
		}
	}
	other := newHarness(t, "melding")
	for _, c := range []struct {
		what  string
		calls int
		of    *harness
		do    func()
	}{
		{"a start that ends at once", 1, other, func() { other.want(201, nobody, "POST", "/zaken", `{"tekst":"Losse tegel"}`) }},
		{"a start, and after a source a status", 2, h, do(citizen, "POST", "/zaken", application)},
		{"reading, and the end of that", 2, h, do(employee, "GET", "ZAAK", "")},
		{"reading one's own", 2, h, do(citizen, "GET", "ZAAK", "")},
		{"a decision", 2, h, do(employee, "POST", "ZAAK/beoordelen", `{"uitkomst":"aanvullen"}`)},
		{"a form, and after a source a status", 3, h, do(citizen, "POST", "ZAAK/aanvullen", `{"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`)},
		{"the last step", 2, h, do(employee, "POST", "ZAAK/beoordelen", `{"uitkomst":"akkoord"}`)},
		{"a list", 2, h, do(employee, "GET", "/zaken", "")},
		{"a refusal without a look", 1, h, func() { h.want(403, employee, "POST", "/zaken", application) }},
		{"a refusal after a look", 2, h, func() { h.want(404, stranger, "GET", path, "") }},
	} {
		before := c.of.store.calls + c.of.recorder.calls
		c.do()
		if got := c.of.store.calls + c.of.recorder.calls - before; got != c.calls {
			t.Errorf("%s takes %d calls, not %d", c.what, got, c.calls)
		}
	}
}
