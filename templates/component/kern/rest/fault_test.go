package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestAnAnswerIsNotLargerThanItsQuestion: whoever sends a thousand mistakes
// does not get a page for each.
func TestAnAnswerIsNotLargerThanItsQuestion(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	h, _ := newServer(t, nil)
	w := call(h, http.MethodPost, "/v1/dingen", "{"+b.String()[1:]+"}", jsonType)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusBadRequest {
		t.Fatalf("status %d, %v", w.Code, err)
	}
	if n := len(p.Errors); n != maxFaults {
		t.Errorf("%d faults, want %d", n, maxFaults)
	}
}
