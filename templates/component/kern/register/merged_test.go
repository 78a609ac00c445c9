package register

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// TestAnAddressIsReplacedWhole: the house letter of the house before is not that
// of the new one.
func TestAnAddressIsReplacedWhole(t *testing.T) {
	type row struct {
		Name    string         `json:"naam"`
		Address *value.Address `json:"adres,omitempty"`
	}
	old := &row{"a", &value.Address{Straat: "Dorpsstraat", Huisnummer: 12, Huisletter: "a", Postcode: "1234 AB", Woonplaats: "Utrecht"}}
	got, err := merged(old, map[string]any{"adres": map[string]any{"straat": "Kerkstraat", "huisnummer": 14, "postcode": "1234 AB", "woonplaats": "Utrecht"}})
	if err != nil || got.Name != "a" || got.Address.String() != "Kerkstraat 14, 1234 AB Utrecht" {
		t.Errorf("%+v %v (%v)", got, got.Address, err)
	}
	if got, err = merged(old, map[string]any{"adres": nil, "naam": "b"}); err != nil || got.Address != nil || got.Name != "b" {
		t.Errorf("%+v (%v)", got, err)
	}
}
