package serve

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ownHosts says of which names and addresses in a request this laptop is. A name
// of the internet never is: it can be made to lead here by whoever has that name,
// and then its pages may read what is here. An address, and a name that only exists
// in this network, cannot.
func ownHosts(name string) func(host string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return func(host string) bool {
		host, ok := hostName(host)
		if !ok {
			return false
		}
		if _, err := netip.ParseAddr(host); err == nil || host == "localhost" || name != "" && host == name {
			return true
		}
		for _, local := range []string{".local", ".localhost", ".lan", ".home", ".home.arpa", ".internal"} {
			if strings.HasSuffix(host, local) {
				return true
			}
		}
		return !strings.Contains(host, ".")
	}
}

// hostName is the name in a Host header, in small letters and without its port. It
// may hold nothing that means something in a shell or in HTML: it is shown as part of
// a command to type.
func hostName(host string) (name string, ok bool) {
	name = host
	if h, port, err := net.SplitHostPort(host); err == nil {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || strings.TrimLeft(port, "0123456789") != "" {
			return "", false
		}
		name = h
	} else if inner, is := strings.CutPrefix(host, "["); is {
		name = strings.TrimSuffix(inner, "]")
	}
	if at, err := netip.ParseAddr(name); err == nil {
		return at.String(), at.Zone() == ""
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	odd := func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.') }
	if name == "" || len(name) > 253 || strings.HasPrefix(name, "-") || strings.Contains("."+name+".", "..") || strings.ContainsFunc(name, odd) {
		return "", false
	}
	return name, true
}

// isLoopback says whether a request was made on this laptop itself, to an address
// that only exists there.
func isLoopback(remote, host string) bool {
	name, ok := hostName(host)
	if at, err := netip.ParseAddr(name); err == nil {
		ok = ok && at.Unmap().IsLoopback()
	} else {
		ok = ok && name == "localhost"
	}
	return ok && addressOf(remote).IsLoopback()
}

// HostName is the name of this laptop; "" when it has none.
func HostName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// Address is one of this laptop on a network.
type Address struct {
	IP      netip.Addr
	Network string // name of the interface
	Virtual bool   // of a program on this laptop, most likely: others cannot reach it
}

// Addresses are those at which others in the room may reach this laptop, the most
// likely ones first.
func Addresses() []Address {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var found []Address
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if err != nil {
				continue
			}
			if ip := prefix.Addr().Unmap(); ip.Is4() && ip.IsGlobalUnicast() {
				found = append(found, Address{IP: ip, Network: i.Name, Virtual: virtual(i.Name)})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Address) int {
		switch {
		case a.Virtual == b.Virtual:
			return 0
		case a.Virtual:
			return 1
		}
		return -1
	})
	return found
}

// virtual says whether a network has a name that programs give to theirs.
func virtual(name string) bool {
	name = strings.ToLower(name)
	for _, of := range []string{"docker", "br-", "veth", "virbr", "vbox", "vmnet", "vmware", "virtualbox", "vethernet", "wsl", "podman", "cni", "tun", "utun", "tap", "tailscale", "zt", "bridge"} {
		if strings.HasPrefix(name, of) {
			return true
		}
	}
	return false
}
