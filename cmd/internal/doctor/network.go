package doctor

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
)

// checkProxy: where everything goes through a proxy, what is on the laptop itself
// must not.
func checkProxy(_ context.Context, w *World) Finding {
	name, value := "", ""
	for _, candidate := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		given := w.Env(candidate)
		if given == "" {
			continue
		}
		if name == "" {
			name, value = candidate, given
		}
		if !isProxy(given) {
			return wrong("no-address", candidate).line(w.unset(candidate))
		}
	}
	if name == "" {
		return good("none")
	}
	direct := w.Env("NO_PROXY")
	if direct == "" {
		direct = w.Env("no_proxy")
	}
	if !exempt(direct) {
		more := "localhost,127.0.0.1,::1"
		if direct != "" {
			more = direct + "," + more
		}
		return mind("not-local", name, withoutPassword(value)).line(w.set("NO_PROXY", more))
	}
	return good("fine", name, withoutPassword(value))
}

// isProxy says whether a value can be the address of a proxy, which may lack its
// scheme.
func isProxy(value string) bool {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	return err == nil && u.Host != "" && !strings.ContainsAny(value, " \t")
}

// exempt says whether NO_PROXY lets the laptop itself be reached directly.
func exempt(list string) bool {
	name, address := false, false
	for entry := range strings.SplitSeq(list, ",") {
		switch entry = strings.ToLower(strings.TrimSpace(entry)); entry {
		case "*":
			return true
		case "localhost", ".localhost":
			name = true
		case "127.0.0.1", "127.0.0.0/8":
			address = true
		}
	}
	return name && address
}

// withoutPassword is an address that can be shown.
func withoutPassword(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		scheme, _, found := strings.Cut(address, "://")
		if !found {
			return "…" + address[at:]
		}
		return scheme + "://…" + address[at:]
	}
	return address
}

// hosts is the file that gives names their address before any server does.
func (w *World) hosts() string {
	if w.OS != windows {
		return "/etc/hosts"
	}
	root := w.Env("SystemRoot")
	if root == "" {
		root = `C:\Windows`
	}
	return root + `\System32\drivers\etc\hosts`
}

// checkLocalhost: a component listens on 127.0.0.1 and calls itself localhost.
func checkLocalhost(ctx context.Context, w *World) Finding {
	if number, address := w.misled(); number > 0 {
		return wrong("hosts", w.hosts(), number, address).line(w.openHosts()).do("hosts-line", number)
	}
	addresses, err := w.Resolve(ctx, "localhost")
	switch {
	case ctx.Err() != nil:
		return unseen(caseSlow)
	case err != nil, len(addresses) == 0:
		return wrong("unknown").line(w.openHosts()).do("hosts-add")
	}
	four, six := false, false
	for _, address := range addresses {
		if !address.Unmap().IsLoopback() {
			return wrong("elsewhere", address.String()).line(w.openHosts()).do("hosts-add")
		}
		four, six = four || address.Unmap().Is4(), six || address.Is6() && !address.Is4In6()
	}
	switch err := w.Loopback(ctx); {
	case ctx.Err() != nil:
		return unseen(caseSlow)
	case !four:
		return wrong("only-six").line(w.openHosts()).do("hosts-add")
	case err != nil:
		return wrong("blocked", err.Error()).do("firewall")
	case six:
		return good("both")
	}
	return good("only-four")
}

// misled finds the first line of the hosts file that sends localhost elsewhere.
func (w *World) misled() (number int, address string) {
	body, err := w.Read(w.hosts())
	if err != nil {
		return 0, ""
	}
	for line := range strings.Lines(string(body)) {
		number++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		for _, name := range words[1:] {
			if !strings.EqualFold(name, "localhost") {
				continue
			}
			if to, err := netip.ParseAddr(words[0]); err == nil && !to.IsLoopback() {
				return number, words[0]
			}
		}
	}
	return 0, ""
}

// openHosts opens the hosts file, which takes an administrator everywhere.
func (w *World) openHosts() string {
	switch w.shell() {
	case powershell:
		return "Start-Process notepad '" + w.hosts() + "' -Verb RunAs"
	case cmd:
		return `powershell Start-Process notepad '` + w.hosts() + `' -Verb RunAs`
	}
	if w.OS == windows {
		return "notepad " + w.quote(w.hosts())
	}
	return "sudo nano /etc/hosts"
}
