package secret

import (
	"context"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

var addressWords = []string{"://"}

var withPassword = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]{1,20})://([^\s:/@"'<>` + "`" + `]{0,60}):([^\s/@"'<>` + "`" + `]{2,100})@([^\s/"'<>:?@,` + "`" + `)]+)`)
})

// addresses looks for addresses with a user name and a password in them.
func (p *page) addresses(ctx context.Context) {
	if p.f.Test {
		return
	}
	p.text.Lines(ctx, addressWords, func(line scan.Line) bool {
		p.inQuery(line)
		if !strings.Contains(line.Text, "@") {
			return true
		}
		for _, at := range withPassword().FindAllStringSubmatchIndex(line.Text, 5) {
			value, host := line.Text[at[6]:at[7]], strings.ToLower(line.Text[at[8]:at[9]])
			user := line.Text[at[4]:at[5]]
			if p.seen(line.Start+at[6], line.Start+at[7]) || refers(value) || refers(user) || strings.ContainsAny(value+user+host, "{}$*") || strings.Contains(value, "%s") || strings.Contains(value, "%v") || sampled(value) || notReal(host) {
				continue
			}
			if p.opens(line, user, value, host, at[6]) {
				p.tell(inAddress, "", line, at[6], host, value)
			}
		}
		return true
	})
}

var withQuery = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)://([^\s:/@?"'<>` + "`" + `]+)[^\s"'<>` + "`" + `]*[?&](?:client_secret|access_token|api[_-]?key|subscription-key|password|wachtwoord)=([\w.~-]{16,200})`)
})

// inQuery looks for a secret behind the question mark of an address in code or a setting.
// What a page shows to everybody, such as the key of a map, has another name.
func (p *page) inQuery(line scan.Line) {
	if p.aside || p.kind != scan.Code && p.kind != scan.Config || !strings.Contains(line.Text, "?") {
		return
	}
	for _, at := range withQuery().FindAllStringSubmatchIndex(line.Text, 5) {
		host, value := strings.ToLower(line.Text[at[2]:at[3]]), line.Text[at[4]:at[5]]
		if random(value) && !sampled(value) && !notReal(host) && !here(host) && !p.text.Comment(line, line.Start+at[4]) && !p.seen(line.Start+at[4], line.Start+at[5]) {
			p.tell(inAddress, "", line, at[4], host, value)
		}
	}
}

// opens says whether the password in an address opens something that others can reach.
func (p *page) opens(line scan.Line, user, value, host string, at int) bool {
	aside := p.aside || p.text.Comment(line, line.Start+at)
	switch {
	case random(value):
		return true
	case aside || here(host):
		return false
	case strings.EqualFold(user, value) || known(value):
		// "user:password" is somebody's way to say "put yours here".
		return strings.Contains(host, ".") && !slices.Contains([]string{"", "user", "username", "usr", "gebruiker", "login"}, strings.ToLower(user))
	}
	return true
}

// here says whether a host is the machine itself.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// notReal says whether a host is one that never exists.
func notReal(host string) bool {
	for _, end := range []string{"example.com", "example.org", "example.net", "example.nl", ".example", ".test", ".invalid", "host", "hostname", "server"} {
		if host == strings.TrimPrefix(end, ".") || strings.HasSuffix(host, end) && (end[0] == '.' || strings.HasSuffix(host, "."+end)) {
			return true
		}
	}
	return false
}
