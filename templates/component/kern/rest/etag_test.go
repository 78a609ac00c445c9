package rest

import (
	"net/http/httptest"
	"testing"
)

// TestAVersionHasOneTag: layers above compare tags as text.
func TestAVersionHasOneTag(t *testing.T) {
	for tag, want := range map[string]int64{`"7"`: 7, `"07"`: 0, `"+7"`: 0, `7`: 0, `"7`: 0, `"-7"`: 0, `"7.1"`: 0, `W/"7"`: 0, `" 7"`: 0, `*`: 0, `"0"`: 0} {
		r := httptest.NewRequest("PUT", "/", nil)
		r.Header.Set("If-Match", tag)
		if got, err := IfMatch(r); got != want || (err == nil) != (want != 0) {
			t.Errorf("If-Match %s is version %d, %v", tag, got, err)
		}
	}
}
