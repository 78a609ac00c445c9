// Package serve is what a trainer's laptop offers to the others in the room: the
// board of a workshop and the files of a bundle. It only takes in how far a team
// is, and trusts nothing of it.
package serve

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// The limits of a server in a room of at most some hundreds of laptops.
const (
	mostConnections = 512
	mostOfAddress   = 48 // a browser takes six, and a room may sit behind one address
	mostOfNetwork   = mostConnections / 2
)

// Job is something that a server does beside answering, every so often and once
// more when it stops: keeping its state.
type Job struct {
	Every time.Duration
	Do    func() error
}

// Run serves until the context ends, and then lets what is under way come to its
// end. long says that an answer may take as long as it moves on.
func Run(ctx context.Context, l net.Listener, h http.Handler, long bool, job *Job) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 20 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // what others do wrong is no news for the trainer
	}
	if long { // the handler itself sees to it that an answer moves on
		s.ReadTimeout, s.WriteTimeout = 0, 0
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(&limited{Listener: l, of: map[netip.Addr]int{}, net: map[netip.Addr]int{}}) }()
	var tick <-chan time.Time
	if job != nil {
		ticker := time.NewTicker(job.Every)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case err := <-ended:
			return err
		case <-tick:
			if err := job.Do(); err != nil {
				s.Close()
				return err
			}
		case <-ctx.Done():
			soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
			defer cancel()
			if s.Shutdown(soon) != nil {
				s.Close() // who is still reading has had his time
			}
			if job != nil {
				return job.Do()
			}
			return nil
		}
	}
}

// limited is a listener that keeps one address, and all of them together, from
// taking every connection. One too many is closed at once.
type limited struct {
	net.Listener

	mu  sync.Mutex
	all int
	of  map[netip.Addr]int
	net map[netip.Addr]int // of a network of IPv6
}

// Accept gives the next connection that fits.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := addressOf(c.RemoteAddr().String())
		if l.take(from) {
			return &counted{Conn: c, gone: sync.OnceFunc(func() { l.give(from) })}, nil
		}
		_ = c.Close()
	}
}

func (l *limited) take(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := networkOf(from)
	if l.all >= mostConnections || l.of[from] >= mostOfAddress || from.Is6() && l.net[of] >= mostOfNetwork {
		return false
	}
	l.all++
	l.of[from]++
	if from.Is6() {
		l.net[of]++
	}
	return true
}

func (l *limited) give(from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.of[from]--; l.of[from] == 0 {
		delete(l.of, from)
	}
	if of := networkOf(from); from.Is6() {
		if l.net[of]--; l.net[of] == 0 {
			delete(l.net, of)
		}
	}
}

type counted struct {
	net.Conn
	gone func()
}

func (c *counted) Close() error {
	c.gone()
	return c.Conn.Close()
}

// addressOf is the address in host:port, such as http gives it.
func addressOf(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}

// networkOf is what an address counts as where one laptop must not count as many: of
// IPv6 it can take any address in its network.
func networkOf(at netip.Addr) netip.Addr {
	if !at.Is6() {
		return at
	}
	network, err := at.Prefix(64)
	if err != nil {
		return at
	}
	return network.Addr()
}

// guard is what every answer has, and every request must: no other site may read
// along or write by way of the browser of somebody in the room. policy is what a
// page may do that brings none of its own.
func guard(own func(host string) bool, policy string, next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		if !own(r.Host) {
			tell(w, http.StatusMisdirectedRequest, "Dit adres is niet van deze laptop. Typ het adres zoals de trainer het geeft.")
			return
		}
		if err := cross.Check(r); err != nil {
			tell(w, http.StatusForbidden, "Een andere site stuurde dit; dat mag niet.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
