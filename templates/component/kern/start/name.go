package start

import (
	"net"
	"net/http"
	"strings"
)

// ownName refuses, in development, a request under a name that is not of this
// machine. A website can give its own name the address 127.0.0.1 (DNS
// rebinding): then its scripts would read everything here, because development
// asks for no token, and reach real sources when the outway does. Whoever
// listens on another address (HOST) has other names, which are not known here.
func ownName(s Settings, next http.Handler) http.Handler {
	if s.Production || !isLocal(s.Host) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !isLocal(host) {
			http.Error(w, "In ontwikkeling antwoordt dit component alleen op localhost. Gebruik dat adres, of kies met HOST op welk adres het luistert.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocal says whether a name or an address always means this machine
// (RFC 6761, section 6.3). HTTP/1.0 has requests without one.
func isLocal(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
