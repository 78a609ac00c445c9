package source

import (
	"net/url"
	"strings"
)

// host is an address at which a source is offered. Where each is published stands in
// the catalogue of sources that fieldlab knows, under feiten; the others are named here.
type host struct {
	name   string // of the host, or the end of it when it begins with a dot
	path   string // what its path begins with; "" is any
	source string
	trial  bool // for trials: nothing of production is there
}

var hosts = []host{
	{name: "api.bag.acceptatie.kadaster.nl", source: "BAG", trial: true},
	{name: "api.bag.kadaster.nl", source: "BAG"},
	{name: "bag.basisregistraties.overheid.nl", path: "/api/", source: "BAG"}, // until version 2
	{name: "api.brk.kadaster.nl", path: "/esd-eto", source: "BRK", trial: true},
	{name: "api.brk.kadaster.nl", source: "BRK"},
	{name: "api.kadaster.nl", path: "/lvwoz-eto", source: "WOZ", trial: true},
	{name: "api.kadaster.nl", path: "/lvwoz", source: "WOZ"},
	{name: "api.kadaster.nl", source: "Kadaster"},
	{name: "apigw.npr.idm.diginetwerk.net", source: "BRP", trial: true},
	{name: "auth.npr.idm.diginetwerk.net", source: "BRP", trial: true},
	{name: "apigw.idm.diginetwerk.net", source: "BRP"},
	{name: "auth.idm.diginetwerk.net", source: "BRP"},
	{name: "proefomgeving.haalcentraal.nl", source: "BRP", trial: true}, // BRP-API/Haal-Centraal-BRP-bevragen
	{name: "www.haalcentraal.nl", path: "/haalcentraal", source: "BRP", trial: true},
	{name: "api.kvk.nl", path: "/test", source: "HR", trial: true}, // developers.kvk.nl
	{name: "api.kvk.nl", source: "HR"},
	{name: ".diginetwerk.net", source: "Diginetwerk"},
}

// labels of hosts that name a source or a register of zaken at whoever offers it:
// brp.gemeente.nl.
var labels = map[string]string{
	"brp": "BRP", "bag": "BAG", "brk": "BRK", "woz": "WOZ", "haalcentraal": "Haal Centraal", "haal-centraal": "Haal Centraal",
	"openzaak": "ZGW", "open-zaak": "ZGW", "zrc": "ZGW", "ztc": "ZGW", "drc": "ZGW", "brc": "ZGW",
}

// paths of which the API is known, at whatever host.
var paths = []struct{ part, source string }{
	{"/haalcentraal/api/", "Haal Centraal"},
	{"/lvbag/individuelebevragingen", "BAG"},
	{"/zaken/api/v1", "ZGW"},
	{"/catalogi/api/v1", "ZGW"},
	{"/documenten/api/v1", "ZGW"},
	{"/besluiten/api/v1", "ZGW"},
}

// address is an absolute address of somebody's API.
type address struct {
	host, source string
	trial        bool
}

// knownAddress tells whose API an address is, if it is one of a source. A page or a
// description of the API, a name of a namespace and an address of an example are none.
func knownAddress(raw string) (address, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return address{}, false
	}
	name, where := strings.ToLower(u.Hostname()), strings.ToLower(u.Path)
	if describes(where) {
		return address{}, false
	}
	for _, h := range hosts {
		if (h.name == name || h.name[0] == '.' && strings.HasSuffix(name, h.name)) && strings.HasPrefix(where, h.path) {
			return address{name, h.source, h.trial}, true
		}
	}
	if isExample(name) || strings.Contains(where, "/id/") || strings.Contains(where, "/def/") || strings.Contains(where, "/doc/") {
		return address{}, false
	}
	for _, p := range paths {
		if strings.Contains(where, p.part) {
			return address{host: name, source: p.source}, true
		}
	}
	for _, end := range []string{".readthedocs.io", ".github.io", ".gitlab.io", ".gitbook.io", ".slack.com"} {
		if strings.HasSuffix(name, end) {
			return address{}, false
		}
	}
	parts := strings.Split(name, ".")
	for _, label := range parts[:max(0, len(parts)-2)] {
		if source := labels[label]; source != "" {
			return address{host: name, source: source}, true
		}
	}
	return address{}, false
}

// describes says whether a path leads to a text about an API.
func describes(where string) bool {
	for _, end := range []string{".yaml", ".yml", ".json", ".html", ".md", ".xsd", ".wsdl", ".png", ".svg", "/docs", "/docs/", "/redoc", "/swagger"} {
		if strings.HasSuffix(where, end) {
			return true
		}
	}
	return strings.Contains(where, "/schema/") || strings.Contains(where, "/docs/") || strings.Contains(where, "swagger")
}

// isExample says whether a host is that of an example or of the own machine.
func isExample(name string) bool {
	if !strings.Contains(name, ".") {
		return true // localhost, or a name within a cluster
	}
	for _, end := range []string{".test", ".example", ".invalid", ".localhost", ".local", ".internal", "example.com", "example.org", "example.net", "example.nl", "voorbeeld.nl"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	for _, begin := range []string{"example.", "voorbeeld.", "test.", "127.", "10.", "192.168.", "0."} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}
