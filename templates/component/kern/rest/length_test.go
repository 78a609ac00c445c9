package rest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestEveryAnswerSaysHowLongItIs, whether we say it or net/http does, and to HEAD too.
func TestEveryAnswerSaysHowLongItIs(t *testing.T) {
	for _, size := range []int{0, 10, smallAnswer - 1, smallAnswer, smallAnswer + 1, 3 * smallAnswer} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			send(&recorder{ResponseWriter: w, head: r.Method == http.MethodHead}, http.StatusOK, "application/json", bytes.Repeat([]byte("1"), size))
		}))
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			req, err := http.NewRequestWithContext(t.Context(), method, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.ContentLength != int64(size) || len(resp.TransferEncoding) > 0 {
				t.Errorf("%s of %d bytes: Content-Length %d, %v", method, size, resp.ContentLength, resp.TransferEncoding)
			}
		}
		server.Close()
	}
}
