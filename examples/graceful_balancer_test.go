package examples_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// probe is how often the balancer looks whether a process is ready. Kubernetes takes
// seconds for it; what counts is that it is slower than the process.
const probe = 100 * time.Millisecond

// balancer is what a Service of Kubernetes does: it gives a new connection to the
// next process that said that it was ready when it was last asked, and leaves it
// there. It knows nothing of HTTP.
type balancer struct {
	net.Listener
	mu      sync.Mutex
	ready   map[string]string // by address; where it says that it is ready
	serving []string
	next    int
	open    map[net.Conn]bool
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{Listener: l, ready: map[string]string{}, open: map[net.Conn]bool{}}
	var work sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	work.Go(func() { b.look(ctx) })
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { b.pass(conn) })
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = l.Close()
		b.mu.Lock()
		for conn := range b.open {
			_ = conn.Close()
		}
		b.mu.Unlock()
		work.Wait()
	})
	return b
}

func (b *balancer) url() string { return "http://" + b.Addr().String() }

// add has a process serve once it says that it is ready.
func (b *balancer) add(address, ready string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready[address] = ready
}

// look asks every process whether it is ready, as the kubelet does.
func (b *balancer) look(ctx context.Context) {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		b.mu.Lock()
		asked := map[string]string{}
		for address, ready := range b.ready {
			asked[address] = ready
		}
		b.mu.Unlock()
		var serving []string
		for address, ready := range asked {
			resp, err := client.Get(ready)
			if err != nil {
				continue
			}
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				serving = append(serving, address)
			}
		}
		b.mu.Lock()
		b.serving = serving
		b.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-time.After(probe):
		}
	}
}

// serves says whether exactly so many processes serve.
func (b *balancer) serves(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.serving) == n
}

// pass copies both ways until both have had enough.
func (b *balancer) pass(from net.Conn) {
	b.mu.Lock()
	address := ""
	if len(b.serving) > 0 {
		b.next++
		address = b.serving[b.next%len(b.serving)]
	}
	b.open[from] = true
	b.mu.Unlock()
	defer func() {
		_ = from.Close()
		b.mu.Lock()
		delete(b.open, from)
		b.mu.Unlock()
	}()
	to, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return // the caller notices that nobody is there
	}
	defer func() { _ = to.Close() }()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		both.Go(func() {
			_, _ = io.Copy(way[1], way[0])
			_ = way[1].(*net.TCPConn).CloseWrite()
		})
	}
	both.Wait()
}
