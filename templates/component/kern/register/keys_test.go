package register

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// TestAKeyWithSomethingElse is refused and names the first, in every collection,
// for zaken and for statussen; another way to write the same is the same.
func TestAKeyWithSomethingElse(t *testing.T) {
	a := newAPI(t)
	key := "Idempotency-Key: " + uuid.NewString()
	reused := func(target, body, location string, headers ...string) {
		t.Helper()
		refused, h := a.call(409, "POST", target, body, append(headers, key)...)
		faults, _ := refused["errors"].([]any)
		if h.Get("Location") != location || len(faults) != 1 || faults[0].(map[string]any)["code"] != rest.CodeReused {
			t.Errorf("%s: Location %s, want %s: %v", target, h.Get("Location"), location, refused)
		}
	}
	thing, _ := a.call(201, "POST", "/dingen", `{"naam":"een","aantal":2}`, key)
	a.call(200, "POST", "/dingen", ` {"aantal": 2, "naam": "\u0065en"}`, key)
	reused("/dingen", `{"naam":"een","aantal":3}`, "/v1/dingen/"+thing["id"].(string))
	reused("/dingen", `{"naam":"een"}`, "/v1/dingen/"+thing["id"].(string))

	zaak, _ := a.call(201, "POST", "/zaken", `{"omschrijving":"x","zaaktype":"x","huidigeStap":"een"}`, key)
	a.call(200, "POST", "/zaken", `{"huidigeStap":"een","omschrijving":"x","zaaktype":"x"}`, key)
	at := "/zaken/" + zaak["id"].(string)
	reused("/zaken", `{"omschrijving":"y","zaaktype":"x","huidigeStap":"een"}`, "/v1"+at)

	a.call(201, "POST", at+"/statussen", `{"statustype":"twee","uitkomst":"ja"}`, `If-Match: "1"`, key)
	a.call(200, "POST", at+"/statussen", `{"statustype":"twee","uitkomst":"ja"}`, `If-Match: "1"`, key)
	reused(at+"/statussen", `{"statustype":"twee","uitkomst":"nee"}`, "/v1"+at+"/statussen", `If-Match: "1"`)
	reused(at+"/statussen", `{"statustype":"drie"}`, "/v1"+at+"/statussen", `If-Match: "2"`) // also when it could be done now

	// A layer above says what it was asked: then the body may differ.
	key = "Idempotency-Key: " + uuid.NewString()
	const form = "Idempotency-Fingerprint: formulier-1"
	thing, _ = a.call(201, "POST", "/dingen", `{"naam":"twee"}`, key, form)
	a.call(200, "POST", "/dingen", `{"naam":"drie"}`, key, form)
	reused("/dingen", `{"naam":"twee"}`, "/v1/dingen/"+thing["id"].(string), "Idempotency-Fingerprint: formulier-2")
}

// TestWhatIsAskedIsNotStored: of the content only a fingerprint is kept that
// nobody can make without the key.
func TestWhatIsAskedIsNotStored(t *testing.T) {
	content := []byte(`{"bsn":"` + firstBSN + `"}`)
	print := testKey.Fingerprint(content)
	if print == logboek.Key("een andere sleutel").Fingerprint(content) || print != testKey.Fingerprint(content) || strings.Contains(print, firstBSN) || len(print) != 43 {
		t.Error(print)
	}
}

// TestAnyVersionIsTriedAgain, and one that was seen is not.
func TestAnyVersionIsTriedAgain(t *testing.T) {
	for header, want := range map[string]int{"*": 3, `"1"`: 1} {
		tries, r := 0, httptest.NewRequest("PUT", "/", nil)
		r.Header.Set("If-Match", header)
		seen, err := rest.IfMatch(r)
		if err != nil {
			t.Fatal(err)
		}
		err = unseen(seen, func() error {
			if tries++; tries < 3 {
				return opslag.ErrStale
			}
			return nil
		})
		if tries != want || (err == nil) != (want == 3) {
			t.Errorf("If-Match %s: %d tries, %v", header, tries, err)
		}
		tries = 0
		var late *rest.Problem
		if err := unseen(seen, func() error { tries++; return opslag.ErrStale }); !errors.As(err, &late) || late.Status != 412 || tries > maxTries {
			t.Errorf("If-Match %s: %d tries, %v", header, tries, err)
		}
	}
}
