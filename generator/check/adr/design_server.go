package adr

import (
	"context"
	"net/url"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var (
	majorLoose = pattern(`/v[\d+]`)
	majorPath  = pattern(`(?:^|/)v(\d+)(?:/|$)`)
)

// designServer are about where the API is.
func designServer() []rule {
	https := both("servers-use-https")
	return []rule{
		{
			Rule:     core("version-in-server", check.Error, "uri-version", both("include-major-version-in-uri")...),
			official: map[string]string{"only-host": ""},
			run:      versionInServer,
		},
		{
			Rule: core("version-major", check.Error, "uri-version"),
			run:  versionMajor,
		},
		{
			Rule: core("version-last", check.Warning, "uri-version"),
			run:  versionLast,
		},
		{
			Rule: core("server-https", check.Error, "transport/tls", https...),
			run:  func(_ context.Context, d *Document, found finder) { serverHTTP(d, found, false) },
		},
		{
			// What runs on the laptop of a developer does not belong in what is published.
			Rule: core("server-local", check.Warning, "transport/tls", https...),
			run:  func(_ context.Context, d *Document, found finder) { serverHTTP(d, found, true) },
		},
		{
			Rule: core("server-absolute", check.Note, "transport/tls", "servers-use-https"),
			run:  serverAbsolute,
		},
	}
}

// serverURLs are the addresses of the API as a whole, and of a path or an operation.
func (d *Document) serverURLs(all bool) []used {
	servers := d.members(d.at(d.root, "servers"))
	if all {
		servers = append(servers, d.facts().servers...)
	}
	var urls []used
	for _, s := range servers {
		if u, ok := d.child(s, "url"); ok && u.node.is(isText) {
			urls = append(urls, u)
		}
	}
	return urls
}

// majorOf is the version in the path of an address, without v; "" when there is none.
func majorOf(address string) string {
	if i := strings.Index(address, "://"); i >= 0 {
		address = address[i+3:]
		if i = strings.IndexByte(address, '/'); i < 0 {
			return ""
		}
		address = address[i:]
	}
	if m := majorPath().FindStringSubmatch(address); m != nil {
		return m[1]
	}
	return ""
}

func versionInServer(_ context.Context, d *Document, found finder) {
	for _, u := range d.serverURLs(false) {
		switch {
		case !majorLoose().MatchString(u.node.text):
			found(u.at, "", u.node.text)
		case !strings.Contains(u.node.text, "{") && !majorLoose().MatchString(afterHost(u.node.text)):
			found(u.at, "only-host", u.node.text)
		}
	}
}

// afterHost is what comes after the name of the machine, with its slash.
func afterHost(address string) string {
	if i := strings.Index(address, "://"); i >= 0 {
		_, path, _ := strings.Cut(address[i+3:], "/")
		return "/" + path
	}
	return address
}

// versionMajor wants the major of info.version in at least one of the addresses. What is
// below 1.0.0 is under way, and has /v0 with some and /v1 with others.
func versionMajor(_ context.Context, d *Document, found finder) {
	version, ok := d.child(used{node: d.at(d.root, "info")}, "version")
	if !ok || !semver().MatchString(version.node.str()) {
		return
	}
	major, _, _ := strings.Cut(version.node.text, ".")
	var seen []string
	for _, u := range d.serverURLs(false) {
		switch m := majorOf(u.node.text); {
		case m == major:
			return
		case m != "":
			seen = append(seen, "v"+m)
		}
	}
	if len(seen) > 0 && major != "0" {
		found(version.at, "", version.node.text, seen[0])
	}
}

func versionLast(_ context.Context, d *Document, found finder) {
	for _, u := range d.serverURLs(false) {
		major := majorOf(u.node.text)
		if major == "" || strings.Contains(u.node.text, "{") {
			continue
		}
		if path := strings.TrimSuffix(afterHost(u.node.text), "/"); !strings.HasSuffix(path, "/v"+major) {
			found(u.at, "", u.node.text)
		}
	}
}

func serverHTTP(d *Document, found finder, local bool) {
	for _, u := range d.serverURLs(true) {
		if strings.HasPrefix(u.node.text, "http://") && isLocal(u.node.text) == local {
			found(u.at, "", u.node.text)
		}
	}
}

// isLocal says whether an address is of the machine itself.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "localhost" || host == "::1" || host == "0.0.0.0" || strings.HasPrefix(host, "127.") || strings.HasSuffix(host, ".localhost")
}

func serverAbsolute(_ context.Context, d *Document, found finder) {
	for _, u := range d.serverURLs(true) {
		if !strings.HasPrefix(u.node.text, "http://") && !strings.HasPrefix(u.node.text, "https://") {
			found(u.at, "", u.node.text)
		}
	}
}
