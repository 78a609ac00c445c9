package doctor

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strconv"
	"sync"
	"syscall"
)

// The ports of a component: four in a row, by default from 8080.
const (
	usualPort  = 8080
	lastPort   = 65532
	portSeries = 4
	seriesStep = 10
)

// windowsAccess is what Windows says of a port that it keeps for itself.
const windowsAccess = syscall.Errno(10013)

// port is the first port on which the component will listen: PORT wins, as when it
// starts.
func (w *World) port() (port int, sound bool) {
	if given := w.Env("PORT"); given != "" {
		n, err := strconv.Atoi(given)
		return n, err == nil && n >= 1 && n <= lastPort
	}
	if own := w.answered().Delivery.Port; own >= 1024 && own <= lastPort {
		return own, true
	}
	return usualPort, true
}

// checkPorts looks whether the component can listen, and who is there when not.
func checkPorts(ctx context.Context, w *World) Finding {
	base, sound := w.port()
	if !sound {
		return wrong("no-number", w.Env("PORT")).line(w.unset("PORT"))
	}
	states := w.series(ctx, base)
	if ctx.Err() != nil {
		return unseen(caseSlow)
	}
	for offset, state := range states {
		if state == portFree {
			continue
		}
		port := base + offset
		start := w.startElsewhere(ctx, base)
		switch who, layer := w.who(ctx, port); {
		case state == portDenied && w.OS == windows:
			return wrong("kept", port).line(start).do("kept-ports")
		case state == portDenied:
			return wrong("denied", port).line(start)
		case who != "" && who == w.answered().Component.Name:
			return good("own", base, base+portSeries-1)
		case who != "":
			return wrong("component", port, who, layer).line(start).do("or-stop")
		}
		return wrong("taken", port).line(start).do("who", w.lookLine(port))
	}
	return good("free", base, base+portSeries-1)
}

// portState is whether a port can be had.
type portState int

const (
	portFree portState = iota
	portTaken
	portDenied
)

// series looks at the four ports from base, all at once: Windows takes half a second
// to say that nobody answers.
func (w *World) series(ctx context.Context, base int) (states [portSeries]portState) {
	var all sync.WaitGroup
	for offset := range states {
		all.Go(func() { states[offset] = w.portState(ctx, base+offset) })
	}
	all.Wait()
	return states
}

// portState tries a port. On Windows a second program may listen on an address of
// which another has all; so somebody who answers counts as well, also by the other
// address of localhost, to which a browser goes first.
func (w *World) portState(ctx context.Context, port int) portState {
	number := strconv.Itoa(port)
	switch err := w.Listen(ctx, net.JoinHostPort("127.0.0.1", number)); {
	case errors.Is(err, syscall.EACCES), errors.Is(err, windowsAccess):
		return portDenied
	case err != nil:
		return portTaken
	}
	answers := make(chan error, len(hosts))
	for _, host := range hosts {
		go func() { answers <- w.Dial(ctx, net.JoinHostPort(host, number)) }()
	}
	state := portFree
	for range hosts {
		if <-answers == nil {
			state = portTaken
		}
	}
	return state
}

// hosts are the addresses of localhost.
var hosts = []string{"127.0.0.1", "::1"}

// introduced is what a component says of itself in development; see package start
// of kern.
var introduced = regexp.MustCompile(`^([a-z0-9-]{1,60}) ([a-z]{1,20})$`)

// who is the component that listens on a port, and its layer; "" for another
// program.
func (w *World) who(ctx context.Context, port int) (component, layer string) {
	for _, host := range hosts {
		said := introduced.FindStringSubmatch(w.Who(ctx, net.JoinHostPort(host, strconv.Itoa(port))))
		if said != nil {
			return said[1], said[2]
		}
	}
	return "", ""
}

// startElsewhere is what to type to start on ports that are free now.
func (w *World) startElsewhere(ctx context.Context, from int) string {
	for base := from + seriesStep; base <= lastPort && base <= from+20*seriesStep; base += seriesStep {
		if w.series(ctx, base) == [portSeries]portState{} {
			return w.with("PORT", strconv.Itoa(base), "go run .")
		}
	}
	return ""
}

// lookLine is how somebody finds the program that listens on a port.
func (w *World) lookLine(port int) string {
	number := strconv.Itoa(port)
	switch {
	case w.OS == windows && w.shell() == powershell:
		return "Get-Process -Id (Get-NetTCPConnection -LocalPort " + number + ").OwningProcess"
	case w.OS == windows:
		return "netstat -ano | findstr :" + number
	case w.OS == darwin || !w.has("ss"):
		return "lsof -nP -iTCP:" + number + " -sTCP:LISTEN"
	}
	return "ss -ltnp 'sport = :" + number + "'"
}
