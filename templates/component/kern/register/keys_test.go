package register

import (
	"net/http/httptest"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// TestAKeyIsOfWhoChoseIt: who repeats with the same key gets the same answer, and
// nobody else does.
func TestAKeyIsOfWhoChoseIt(t *testing.T) {
	key, err := logboek.ReadKey(func(string) string { return "" }, false)
	if err != nil {
		t.Fatal(err)
	}
	of := func(name string) opslag.Key {
		r := httptest.NewRequest("POST", "/v1/zaken", nil)
		r.Header.Set("Idempotency-Key", "0198f7a0-0000-7000-8000-00000000abcd")
		if name != "" {
			r = r.WithContext(toegang.NewContext(r.Context(), &toegang.Afnemer{Name: name}))
		}
		r.Header.Set("Content-Disposition", `attachment; filename="a.pdf"`)
		r.Header.Set("Content-Type", "application/pdf")
		k, err := keyOf(r, key, "hetzelfde")
		if u, wrong := (Files{}).upload(r); wrong != nil || u.Key != k.ID {
			t.Errorf("a file has the key %q, not %q: %v", u.Key, k.ID, wrong)
		}
		if err != nil || k.ID == "" {
			t.Fatalf("%+v %v", k, err)
		}
		return k
	}
	seen := map[string]string{}
	for _, name := range []string{"", "zaaksysteem", "klantportaal"} {
		k := of(name)
		if again := of(name); again != k {
			t.Errorf("%q: %+v, not %+v", name, again, k)
		}
		if other, twice := seen[k.ID]; twice {
			t.Errorf("%q has the key of %q", name, other)
		}
		seen[k.ID] = name
	}
	if k := of(""); k.ID != "0198f7a0-0000-7000-8000-00000000abcd" {
		t.Errorf("a key of this component itself is kept as %q", k.ID)
	}
}
