package rest

import (
	"encoding/json"
	"testing"
)

// A number that cannot be kept as it is sent is refused, and not rounded.
func TestNumbersAreKeptExactlyOrRefused(t *testing.T) {
	for given, kept := range map[string]bool{
		"0.1": true, "0.30000000000000004": true, "5.3045678901234": true, "1e3": true, "1.50": true, "-0.000": true, "100000000000000000000": true,
		"123456789012345678": false, "0.1234567890123456789": false, "9007199254740993.5": false,
	} {
		var wrong []violation
		(&shape{}).figure(json.Number(given), "/x", &wrong)
		if (len(wrong) == 0) != kept {
			t.Errorf("%s: %v", given, wrong)
		}
	}
}
