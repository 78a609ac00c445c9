package fsc

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	groupID     = regexp.MustCompile(`^[a-zA-Z0-9./_-]{1,100}$`)
	serviceName = regexp.MustCompile(`^[a-zA-Z0-9-._]{1,100}$`)
	oinPattern  = regexp.MustCompile(`^\d{20}$`)
	envName     = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	hostName    = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$`)
	chart       = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	image       = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
)

// protocols are those of FSC Core 1.1; "" is the first.
var protocols = []string{"", "PROTOCOL_TCP_HTTP_1.1", "PROTOCOL_TCP_HTTP_2"}

// maxDays keeps a contract from outliving everybody who knows it.
const maxDays = 3 * 366

// check gathers the faults of one file.
type check struct{ faults []error }

func (c *check) that(ok bool, format string, args ...any) {
	if !ok {
		c.faults = append(c.faults, fmt.Errorf("3-integratie/fsc.yaml: "+format, args...))
	}
}

// faults lists all that is wrong with the file.
func (f File) faults() []error {
	var c check
	c.that(f.Versions.Core == "" || strings.HasPrefix(f.Versions.Core, "2."), "versies.core: dit component is voor FSC Core 2, niet voor %q", f.Versions.Core)
	c.that(f.Versions.Charts == "" || chart.MatchString(f.Versions.Charts), "versies.charts: %q is geen versie als 2.4.0", f.Versions.Charts)
	c.that(f.Versions.Images == "" || image.MatchString(f.Versions.Images), "versies.images: %q is geen versie als v2.5.2", f.Versions.Images)
	c.that(f.Group == "" || groupID.MatchString(f.Group), "groep: een Group ID bestaat uit letters, cijfers en . / _ -")
	c.that(f.ContractDays >= 0 && f.ContractDays <= maxDays, "contractdagen: %d ligt niet tussen 1 en %d", f.ContractDays, maxDays)
	c.oin("eigen.oin", f.Own.OIN)
	c.oin("directory.oin", f.Directory.OIN)
	c.that(f.Names.Outway == "" || serviceName.MatchString(f.Names.Outway), "namen.outway: %q is geen naam van een outway", f.Names.Outway)
	c.that(f.Names.Inway == "" || serviceName.MatchString(f.Names.Inway), "namen.inway: %q is geen naam van een inway", f.Names.Inway)
	f.addresses(&c)
	for i, s := range f.Offered {
		where := fmt.Sprintf("aangeboden[%d]", i)
		c.service(where, s.Name, s.Protocol, s.Contract)
		u, err := url.Parse(s.Address)
		c.that(s.Address == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", "%s.adres: %q is geen webadres", where, s.Address)
	}
	seen := map[string]bool{}
	for i, s := range f.Consumed {
		where := fmt.Sprintf("afgenomen[%d]", i)
		c.service(where, s.Name, s.Protocol, s.Contract)
		c.that(!seen[s.Name], "%s.naam: %q staat er twee keer", where, s.Name)
		c.that(envName.MatchString(s.Grant), "%s.grant: %q is geen naam van een omgevingsvariabele", where, s.Grant)
		c.oin(where+".aanbieder.oin", s.Provider.OIN)
		seen[s.Name] = true
	}
	return c.faults
}

func (c *check) oin(where, s string) {
	c.that(s == "" || oinPattern.MatchString(s), "%s: een OIN heeft 20 cijfers (zet er aanhalingstekens om)", where)
}

func (c *check) service(where, name, protocol, contract string) {
	c.that(serviceName.MatchString(name), "%s.naam: %q is geen geldige dienstnaam", where, name)
	c.that(slices.Contains(protocols, protocol), "%s.protocol: %q is geen protocol van FSC; kies %s of %s", where, protocol, protocols[1], protocols[2])
	c.that(contract == "" || !path.IsAbs(contract) && path.Clean(contract) == contract && !strings.HasPrefix(contract, "../") && !strings.Contains(contract, `\`),
		"%s.contract: %q is geen bestand binnen dit component", where, contract)
}

// addresses checks the addresses. Those for other peers have port 443 or 8443
// (FSC Core 1.1). A manager and a controller each listen on two ports for
// different callers, which are easily taken for each other.
func (f File) addresses(c *check) {
	a := f.Addresses
	c.address("directory.manager", f.Directory.Manager, []string{"443", "8443"}, "")
	c.address("adressen.managerExtern", a.ManagerExternal, []string{"443", "8443"}, "")
	c.address("adressen.inway", a.Inway, []string{"443", "8443"}, "")
	c.address("adressen.manager", a.Manager, nil, "9444")
	c.address("adressen.managerVoorInway", a.ManagerForInway, nil, "9443")
	c.address("adressen.controller", a.Controller, nil, "9444")
	c.address("adressen.controllerBeheer", a.ControllerAdmin, nil, "9443")
	c.address("adressen.transactielog", a.TransactionLog, nil, "")
	u, err := url.Parse(a.Outway)
	c.that(a.Outway == "" || err == nil && (a.Outway == "http://"+u.Host || a.Outway == "https://"+u.Host) && hostName.MatchString(u.Hostname()),
		"adressen.outway: %q is geen http:// of https:// met een naam, zonder pad", a.Outway)
}

// address checks an address. With ports it has one of those; taken is the port
// that another address of the same part has.
func (c *check) address(where, s string, ports []string, taken string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || s != "https://"+u.Host || u.Port() == "" || !hostName.MatchString(u.Hostname()) {
		c.that(false, "%s: %q is geen https:// met een naam en een poort, zonder pad", where, s)
		return
	}
	c.that(len(ports) == 0 || slices.Contains(ports, u.Port()), "%s: poort %s kan niet; andere peers bereiken alleen %s", where, u.Port(), strings.Join(ports, " of "))
	c.that(taken == "" || u.Port() != taken, "%s: poort %s hoort bij het andere adres van dit onderdeel", where, taken)
}
