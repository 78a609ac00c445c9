package rest

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestTransactionOfFSCTiesAnswerAndLog: whoever writes the line of a request asks
// for its transaction too, before or after it is answered.
func TestTransactionOfFSCTiesAnswerAndLog(t *testing.T) {
	h, _ := newServer(t, nil)
	ask := func(transaction string) (instance, known string) {
		r := httptest.NewRequest(http.MethodGet, "/v1/anders", nil)
		r.Header.Set("Fsc-Transaction-Id", transaction)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return problemOf(t, w, 404).Instance, Transaction(r)
	}
	if instance, known := ask(id); instance != "urn:uuid:"+id || known != id {
		t.Error(instance, known)
	}
	if instance, known := ask("niet \"goed\""); instance != "urn:uuid:"+known || len(known) != len(id) {
		t.Error(instance, known)
	}
}
