package start

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// TestConnectionsToALayerAreKept: who calls a layer with more than two at a time does
// not make a connection for each call.
func TestConnectionsToALayerAreKept(t *testing.T) {
	const people, calls = 16, 10
	var made atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := &http.Client{Transport: plainWay()}
	for range calls { // all at once, and then again
		var work sync.WaitGroup
		for range people {
			work.Go(func() {
				resp, err := client.Get(server.URL)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			})
		}
		work.Wait()
	}
	// A call that finds none free may make one and then take one that came free.
	if n := made.Load(); n > 2*people {
		t.Errorf("%d calls by %d people made %d connections", people*calls, people, n)
	}
}
