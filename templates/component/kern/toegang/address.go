package toegang

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of which X-Forwarded-For is believed.
type Proxies []netip.Prefix

// nobody says that there is no proxy before a component.
const nobody = "geen"

// ReadProxies reads PROXIES: networks and addresses with commas in between, or
// that there are none. The error names everything that is wrong.
func ReadProxies(text string) (Proxies, error) {
	if strings.TrimSpace(text) == nobody {
		return Proxies{}, nil
	}
	var all Proxies
	var wrong []string
	for given := range strings.SplitSeq(text, ",") {
		given = strings.TrimSpace(given)
		if given == "" {
			continue
		}
		network, err := netip.ParsePrefix(given)
		if address, not := netip.ParseAddr(given); not == nil {
			network, err = netip.PrefixFrom(address.WithZone(""), address.BitLen()), nil
		}
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("%q is geen netwerk of adres", given))
		case network.Addr().Is4In6():
			wrong = append(wrong, fmt.Sprintf("schrijf %q als adres van IPv4", given))
		case network.Bits() == 0:
			wrong = append(wrong, fmt.Sprintf("%q is iedereen; dan kiest elke bezoeker zelf zijn adres", given))
		default:
			all = append(all, network.Masked())
		}
	}
	if wrong != nil {
		return nil, fmt.Errorf("%s; kies netwerken zoals 10.0.0.0/8 of 2001:db8::/32 met komma's ertussen, of %s", strings.Join(wrong, "; "), nobody)
	}
	return all, nil
}

func (p Proxies) has(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// maxHops is more proxies than stand in a row.
const maxHops = 16

// Sender is who sends a request: the end of the connection or, as long as that is
// one of ours, who was before it. What stands further to the left in
// X-Forwarded-For anybody can have written there.
func (p Proxies) Sender(r *http.Request) netip.Prefix {
	at := address(r.RemoteAddr)
	if len(p) == 0 || !p.has(at) {
		return network(at)
	}
	lines := r.Header["X-Forwarded-For"]
	hops := 0
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var hop string
			rest, hop, more = cutLast(rest)
			before := address(hop)
			if !before.IsValid() || hops == maxHops {
				return network(at) // who wrote this did not know it
			}
			if at = before; !p.has(at) {
				return network(at)
			}
			hops++
		}
	}
	return network(at)
}

// cutLast takes the last of the addresses off a line.
func cutLast(line string) (before, last string, more bool) {
	if i := strings.LastIndexByte(line, ','); i >= 0 {
		return line[:i], strings.TrimSpace(line[i+1:]), true
	}
	return "", strings.TrimSpace(line), false
}

// address reads an address with or without a port; the zero one when it is none.
func address(text string) netip.Addr {
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Addr().Unmap().WithZone("")
	}
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// network is the sender that an address stands for: whoever has an address of
// IPv6 has a whole network of them. Who has none is one sender together.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	prefix, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
