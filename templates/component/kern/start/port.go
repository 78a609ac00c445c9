package start

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// wsaeaddrinuse is what Windows says instead of EADDRINUSE.
const wsaeaddrinuse = syscall.Errno(10048)

// portError says which port cannot be had, what is there as far as it tells,
// and a series that is free now.
func portError(ctx context.Context, err error, s Settings, srv server, wanted int) error {
	if taken(err) {
		return fmt.Errorf("poort %d (laag %s) is al in gebruik%s.\n%s", wanted, srv.name, s.occupant(ctx, wanted), s.advice(ctx, s.Port+seriesStep))
	}
	if errors.Is(err, syscall.EACCES) {
		return fmt.Errorf("poort %d (laag %s) mag niet gebruikt worden door deze gebruiker.\n%s", wanted, srv.name, s.advice(ctx, s.first()))
	}
	return fmt.Errorf("laag %s kan niet luisteren op poort %d: %w", srv.name, wanted, err)
}

// taken says whether somebody else has the port.
func taken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaeaddrinuse)
}

const (
	firstPort  = 8080 // without PORT; on a laptop a component can have another
	lastBase   = 65532
	seriesStep = 10 // a series is easier to remember when its base ends as usual
	maxSeries  = 200
)

// base is the base port without PORT. That of the component is for laptops on
// which there are more: a container listens where everybody expects it.
func (c Component) base(production bool) int {
	if production || c.Port == 0 {
		return firstPort
	}
	return c.Port
}

// first is the base port at which looking for a free series begins.
func (s Settings) first() int {
	if s.Base == 0 {
		return firstPort
	}
	return s.Base
}

// advice is what to type to start on other ports.
func (s Settings) advice(ctx context.Context, from int) string {
	base, found := s.freeSeries(ctx, from)
	if !found {
		return "Kies met PORT een andere reeks van vier poorten die vrij zijn."
	}
	return fmt.Sprintf("Kies een andere reeks poorten, bijvoorbeeld: PORT=%d go run .", base)
}

// freeSeries is the base of a series of which every port is free at this moment.
func (s Settings) freeSeries(ctx context.Context, from int) (base int, found bool) {
	base = from
	for range maxSeries {
		if base > lastBase {
			base = s.first()
		}
		if base != s.Port && s.isFree(ctx, base) {
			return base, true
		}
		base += seriesStep
	}
	return 0, false
}

// isFree says whether a whole series can be had, also by the layers that run in
// another process: they look for each other in one series.
func (s Settings) isFree(ctx context.Context, base int) bool {
	for _, srv := range servers {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(base+srv.offset)))
		if err != nil {
			return false
		}
		_ = l.Close()
	}
	return true
}

// introducing is the header by which a component says, in development, who it
// is to another one that finds its port taken.
const introducing = "Component"

// introduce lets a layer say who it is, where it says that it lives.
func introduce(s Settings, name, layer string, next http.Handler) http.Handler {
	if s.Production {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz/live" {
			w.Header().Set(introducing, name+" "+layer)
		}
		next.ServeHTTP(w, r)
	})
}

// introduced is what introduce says. What another program sends is not printed.
var introduced = regexp.MustCompile(`^([a-z0-9-]{1,60}) ([a-z]{1,20})$`)

// occupant says what listens on a port, as far as that tells.
func (s Settings) occupant(ctx context.Context, wanted int) string {
	client := &http.Client{
		Timeout:       500 * time.Millisecond,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true}, // nothing between: no proxy
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(s.localHost(), strconv.Itoa(wanted))+"/healthz/live", nil)
	if err != nil {
		return ""
	}
	resp, err := client.Do(req)
	if err != nil {
		return " door een ander programma"
	}
	_ = resp.Body.Close()
	who := introduced.FindStringSubmatch(resp.Header.Get(introducing))
	if who == nil {
		return " door een ander programma"
	}
	return fmt.Sprintf(": daar draait al het component %s (laag %s)", who[1], who[2])
}
