// Package listen is what the commands have in common that offer something to the
// room: opening a port, and saying at which addresses the others find it.
package listen

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// Address makes of what somebody typed where to listen: 8090, :8090 or
// 127.0.0.1:8090.
func Address(d evolve.Deps, typed, help string) (string, error) {
	host, port, err := net.SplitHostPort(typed)
	if err != nil {
		host, port = "", typed
	}
	number, err := strconv.Atoi(port)
	bad := err != nil || number < 0 || number > 65535 || strings.TrimLeft(port, "0123456789") != ""
	if _, err := netip.ParseAddr(host); host != "" && host != "localhost" && err != nil {
		bad = true // a name can be an address of more than one laptop
	}
	if bad {
		return "", failure.Usage{Text: d.Text.T("board.address", terminal.Safe(typed)), Hint: help}
	}
	return net.JoinHostPort(host, port), nil
}

// Open listens.
func Open(ctx context.Context, d evolve.Deps, address, command string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		return l, nil
	}
	why := err.Error()
	var call *os.SyscallError
	if errors.As(err, &call) {
		why = call.Err.Error()
	}
	_, port, _ := net.SplitHostPort(address)
	other, _ := strconv.Atoi(port)
	return nil, failure.Shortfall{
		Text: d.Text.T("board.cannot-listen", address, terminal.Safe(why)),
		Hint: fmt.Sprintf("%s --address :%d", command, min(other+1, 65535)),
	}
}

// Reach gives the addresses, each host:port, at which others reach a listener, and
// the one for this laptop itself.
func Reach(l net.Listener) (others []serve.Address, here string, port uint16) {
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return nil, l.Addr().String(), 0
	}
	here = net.JoinHostPort("localhost", strconv.Itoa(int(at.Port())))
	switch ip := at.Addr().Unmap(); {
	case ip.IsLoopback():
		return nil, at.String(), at.Port()
	case ip.IsUnspecified():
		return serve.Addresses(), here, at.Port()
	default:
		return []serve.Address{{IP: ip}}, at.String(), at.Port()
	}
}

// Tell says at which addresses others reach it. line is the key of the text of one,
// with the address in it.
func Tell(d evolve.Deps, others []serve.Address, port uint16, line string) {
	for _, a := range others {
		words := d.Text.T(line, net.JoinHostPort(a.IP.String(), strconv.Itoa(int(port))))
		switch {
		case a.Virtual:
			words += "  " + d.IO.Faint(d.Text.T("board.virtual", terminal.Safe(a.Network)))
		case a.Network != "" && len(others) > 1:
			words += "  " + d.IO.Faint("("+terminal.Safe(a.Network)+")")
		}
		fmt.Fprintln(d.IO.Out, "  "+words)
	}
	if len(others) == 0 {
		fmt.Fprintln(d.IO.Out, "  "+d.Text.T("board.nobody"))
	}
}
