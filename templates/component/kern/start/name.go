package start

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
)

// ownName refuses, in development, a request under a name that is not of this
// machine. A website can give its own name the address of this machine (DNS
// rebinding): then its scripts would read everything here, because development
// asks for no token, and reach real sources when the outway does. Whoever
// listens on more addresses (HOST) is reached under those, under the names of
// the machine and under those in NAMEN.
func ownName(s Settings, next http.Handler) http.Handler {
	if s.Production {
		return next
	}
	names := s.names()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := plainHost(r.Host)
		// A name can be made to point here; an address is what it is.
		known := isLocal(host) || slices.Contains(names, host) || !isLocal(s.Host) && net.ParseIP(host) != nil
		if !known {
			http.Error(w, "In ontwikkeling antwoordt dit component alleen onder een naam van deze machine, zoals localhost. "+
				"Opent u het onder een andere naam, zet die dan in de instelling NAMEN. Luistert het nog niet op een ander adres, kies dat dan met HOST.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// names are the names under which this machine is reached, beside localhost.
func (s Settings) names() []string {
	all := slices.Clone(s.Names)
	if isLocal(s.Host) {
		return all
	}
	if s.Host != "" {
		all = append(all, plainHost(s.Host))
	}
	if own, err := os.Hostname(); err == nil && own != "" {
		own = plainHost(own)
		short, _, _ := strings.Cut(own, ".")
		all = append(all, own, short, short+".local") // the last one is what mDNS makes of it
	}
	return all
}

// hostname is how a name of a computer is written, with or without a domain.
var hostname = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// readNames reads NAMEN: names with commas in between.
func readNames(text string) (names []string, err error) {
	for given := range strings.SplitSeq(text, ",") {
		given = strings.TrimSpace(given)
		name := plainHost(given)
		switch _, _, err := net.SplitHostPort(given); {
		case given == "":
		case err == nil || net.ParseIP(name) == nil && !hostname.MatchString(name):
			return nil, fmt.Errorf("NAMEN is %q; kies namen met komma's ertussen, zonder http:// en zonder poort, bijvoorbeeld laptop.gemeente.nl,proef", text)
		default:
			names = append(names, name)
		}
	}
	return names, nil
}

// plainHost is a host in small letters, without a port and without what changes
// nothing.
func plainHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// isLocal says whether a name or an address always means this machine
// (RFC 6761, section 6.3). HTTP/1.0 has requests without one.
func isLocal(host string) bool {
	host = plainHost(host)
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
